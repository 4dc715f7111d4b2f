//! `ottla group`.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use ottla_client::{Client, group_admin::Offsets};
use ottla_net::env::TokioEnv;
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct GroupArguments {
    #[command(flatten)]
    connect: Connect,
    #[command(subcommand)]
    command: GroupCommand,
}

#[derive(Subcommand)]
enum GroupCommand {
    /// Lists the groups.
    List,
    /// Describes a group: its members, what they read, and how far behind they are.
    Describe {
        /// Its name.
        name: String,
    },
    /// Deletes a group without members, and its offsets.
    Delete {
        /// Its name.
        name: String,
    },
    /// Shows where a group without members would go on, and with --execute sets it.
    ResetOffsets {
        /// Its name.
        name: String,
        /// The topic; may be given more than once. All that the group has offsets of if absent.
        #[arg(long)]
        topic: Vec<String>,
        #[command(flatten)]
        target: Target,
        /// Commits the offsets.
        #[arg(long)]
        execute: bool,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Target {
    /// To the first record.
    #[arg(long)]
    to_earliest: bool,
    /// Behind the last record.
    #[arg(long)]
    to_latest: bool,
    /// To the first record at or after a time, in milliseconds since 1970.
    #[arg(long, value_name = "MS")]
    to_time: Option<i64>,
    /// To an offset.
    #[arg(long, value_name = "OFFSET")]
    to_offset: Option<i64>,
    /// By so many records, back if negative.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    shift_by: Option<i64>,
}

pub(super) async fn main(env: TokioEnv, arguments: GroupArguments, output: Output) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    match arguments.command {
        GroupCommand::List => list(&client, output).await,
        GroupCommand::Describe { name } => describe(&client, &name, output).await,
        GroupCommand::Delete { name } => {
            client.delete_group(&name).await?;
            match output {
                Output::Text => println!("deleted {name}"),
                Output::Json => println!("{}", json!({ "deleted": name })),
            }
            Ok(())
        }
        GroupCommand::ResetOffsets { name, topic, target, execute } => {
            let group = client.describe_group(&name).await;
            if group.is_ok_and(|group| !group.members.is_empty()) {
                return Err(format!("{name} has members: stop them, and reset its offsets then").into());
            }
            let committed = client.committed(&name).await?;
            let rows = targets(&client, &committed, &topic, &target).await?;
            if rows.is_empty() {
                return Err(format!("{name} has committed nothing: name the topics with --topic").into());
            }
            if execute {
                let offsets = rows.iter().map(|row| (row.place.clone(), row.to)).collect();
                client.commit_for(&name, &offsets).await?;
            }
            print_reset(&rows, execute, output);
            Ok(())
        }
    }
}

async fn list(client: &Client<TokioEnv>, output: Output) -> Result<(), Failure> {
    let mut groups = client.list_groups().await?;
    groups.sort_by(|a, b| a.group_id.cmp(&b.group_id));
    match output {
        Output::Json => {
            let group = |g: &ottla_net::messages::generated::list_groups::response::ListedGroup| json!({ "group": &*g.group_id, "state": &*g.group_state, "type": &*g.group_type, "protocol_type": &*g.protocol_type });
            println!("{}", json!(groups.iter().map(group).collect::<Vec<_>>()));
        }
        Output::Text => {
            println!("{:<40} {:>20} {:>10}  PROTOCOL", "GROUP", "STATE", "TYPE");
            for g in &groups {
                let (state, kind) = (&*g.group_state, &*g.group_type);
                println!("{:<40} {state:>20} {kind:>10}  {}", &*g.group_id, &*g.protocol_type);
            }
        }
    }
    Ok(())
}

async fn describe(client: &Client<TokioEnv>, name: &str, output: Output) -> Result<(), Failure> {
    let group = client.describe_group(name).await?;
    let committed = client.committed(name).await?;
    // What members read counts though nothing was committed yet.
    let mut owners = std::collections::BTreeMap::new();
    for member in &group.members {
        for (topic, partitions) in &member.assigned {
            for partition in partitions {
                owners.insert((topic.clone(), *partition), member);
            }
        }
    }
    let places: BTreeSet<(String, i32)> = committed.keys().chain(owners.keys()).cloned().collect();
    let mut rows = Vec::new();
    for place in places {
        let end = client.list_offset(&place.0, place.1, -1).await?;
        let offset = committed.get(&place).copied();
        let lag = offset.map(|offset| (end - offset).max(0));
        let owner = owners.get(&place).map(|m| m.id.clone());
        rows.push((place, offset, end, lag, owner));
    }
    if output == Output::Json {
        let partitions: Vec<_> = rows
            .iter()
            .map(|((topic, partition), offset, end, lag, owner)| json!({ "topic": topic, "partition": partition, "offset": offset, "end": end, "lag": lag, "member": owner }))
            .collect();
        let members: Vec<_> = group
            .members
            .iter()
            .map(|m| json!({ "member": m.id, "instance": m.instance, "client": m.client_id, "host": m.client_host }))
            .collect();
        println!(
            "{}",
            json!({ "group": name, "type": group.kind, "state": group.state, "protocol": group.protocol, "members": members, "partitions": partitions })
        );
        return Ok(());
    }
    println!("{name}  {}  {}  {} members  {}", group.kind, group.state, group.members.len(), group.protocol);
    println!("{:<30} {:>9} {:>12} {:>12} {:>10}  MEMBER", "TOPIC", "PARTITION", "OFFSET", "END", "LAG");
    let text = |n: &Option<i64>| n.map_or("-".to_owned(), |n| n.to_string());
    for ((topic, partition), offset, end, lag, owner) in rows {
        println!(
            "{topic:<30} {partition:>9} {:>12} {end:>12} {:>10}  {}",
            text(&offset),
            text(&lag),
            owner.unwrap_or_default()
        );
    }
    Ok(())
}

/// Where a partition is, and where it goes.
struct Row {
    place: (String, i32),
    from: Option<i64>,
    to: i64,
}

async fn targets(
    client: &Client<TokioEnv>,
    committed: &Offsets,
    topics: &[String],
    target: &Target,
) -> Result<Vec<Row>, Failure> {
    let mut places: BTreeSet<(String, i32)> = BTreeSet::new();
    if topics.is_empty() {
        places.extend(committed.keys().cloned());
    }
    for topic in topics {
        let count = client.topic(topic).await?.leaders.len() as i32;
        places.extend((0..count).map(|partition| (topic.clone(), partition)));
    }
    let mut rows = Vec::new();
    for place in places {
        let (topic, partition) = (&place.0, place.1);
        let (start, end) = (
            client.list_offset(topic, partition, -2).await?,
            client.list_offset(topic, partition, -1).await?,
        );
        let from = committed.get(&place).copied();
        let wanted = if target.to_earliest {
            start
        } else if target.to_latest {
            end
        } else if let Some(time) = target.to_time {
            match client.list_offset(topic, partition, time).await? {
                -1 => end,
                offset => offset,
            }
        } else if let Some(offset) = target.to_offset {
            offset
        } else {
            // Nothing committed counts as the start.
            from.unwrap_or(start).saturating_add(target.shift_by.unwrap_or(0))
        };
        rows.push(Row { from, to: wanted.clamp(start, end), place });
    }
    Ok(rows)
}

fn print_reset(rows: &[Row], executed: bool, output: Output) {
    if output == Output::Json {
        let row = |r: &Row| json!({ "topic": r.place.0, "partition": r.place.1, "from": r.from, "to": r.to });
        let rows: Vec<_> = rows.iter().map(row).collect();
        println!("{}", json!({ "executed": executed, "offsets": rows }));
        return;
    }
    println!("{:<30} {:>9} {:>12} {:>12}", "TOPIC", "PARTITION", "FROM", "TO");
    for Row { place: (topic, partition), from, to } in rows {
        let from = from.map_or("-".to_owned(), |from| from.to_string());
        println!("{topic:<30} {partition:>9} {from:>12} {to:>12}");
    }
    if !executed {
        println!("nothing was changed: --execute commits these offsets");
    }
}
