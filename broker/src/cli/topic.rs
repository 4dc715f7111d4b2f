//! `ottla topic`.

use clap::{Args, Subcommand};
use ottla_client::Client;
use ottla_net::env::TokioEnv;
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct TopicArguments {
    #[command(flatten)]
    connect: Connect,
    #[command(subcommand)]
    command: TopicCommand,
}

#[derive(Subcommand)]
enum TopicCommand {
    /// Creates a topic.
    Create {
        /// Its name.
        name: String,
        /// How many partitions; the broker's default if absent.
        #[arg(long, short, default_value_t = -1)]
        partitions: i32,
        /// How many replicas; the broker's default if absent.
        #[arg(long, short, default_value_t = -1)]
        replication_factor: i16,
        /// A setting, as name=value.
        #[arg(long = "config", short)]
        configs: Vec<String>,
    },
    /// Lists the topics.
    List,
    /// Describes a topic: partitions, leaders, offsets, settings that are not at their default.
    Describe {
        /// Its name.
        name: String,
    },
    /// Deletes a topic.
    Delete {
        /// Its name.
        name: String,
    },
}

pub(super) async fn main(env: TokioEnv, arguments: TopicArguments, output: Output) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    match arguments.command {
        TopicCommand::Create { name, partitions, replication_factor, configs } => {
            let pair = |c: &String| {
                c.split_once('=')
                    .map(|(n, v)| (n.to_owned(), v.to_owned()))
                    .ok_or(format!("--config {c}: give it as name=value"))
            };
            let configs = configs.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
            client.create_topic(&name, partitions, replication_factor, &configs).await?;
            done(output, "created", &name);
        }
        TopicCommand::Delete { name } => {
            client.delete_topic(&name).await?;
            done(output, "deleted", &name);
        }
        TopicCommand::List => list(&client, output).await?,
        TopicCommand::Describe { name } => describe(&client, &name, output).await?,
    }
    Ok(())
}

fn done(output: Output, what: &str, name: &str) {
    match output {
        Output::Text => println!("{what} {name}"),
        Output::Json => println!("{}", json!({ what: name })),
    }
}

async fn list(client: &Client<TokioEnv>, output: Output) -> Result<(), Failure> {
    let metadata = client.describe_topics(None).await?;
    let rows: Vec<(String, String, usize)> = metadata
        .topics
        .iter()
        .map(|t| {
            (t.name.as_deref().unwrap_or_default().to_owned(), t.topic_id.to_string(), t.partitions.len())
        })
        .collect();
    match output {
        Output::Json => {
            let rows: Vec<_> = rows
                .iter()
                .map(|(name, id, partitions)| json!({ "name": name, "id": id, "partitions": partitions }))
                .collect();
            println!("{}", json!(rows));
        }
        Output::Text => {
            println!("{:<40} {:>10}  ID", "TOPIC", "PARTITIONS");
            rows.iter().for_each(|(name, id, partitions)| println!("{name:<40} {partitions:>10}  {id}"));
        }
    }
    Ok(())
}

async fn describe(client: &Client<TokioEnv>, name: &str, output: Output) -> Result<(), Failure> {
    let metadata = client.describe_topics(Some(&[name])).await?;
    let topic = metadata.topics.first().ok_or("the broker did not answer for the topic")?;
    ottla_client::check(topic.error_code, topic.name.as_ref())?;
    let mut partitions = Vec::new();
    for p in &topic.partitions {
        // A partition without a leader tells nothing.
        let start = client.list_offset(name, p.partition_index, -2).await.unwrap_or(-1);
        let end = client.list_offset(name, p.partition_index, -1).await.unwrap_or(-1);
        partitions.push((p, start, end));
    }
    // 5 is a default, 4 a setting of the broker.
    let configs = client.topic_configs(name).await?.into_iter().filter(|c| c.config_source == 1);
    let configs: Vec<(String, String)> =
        configs.map(|c| (c.name.to_string(), c.value.unwrap_or_default().to_string())).collect();
    match output {
        Output::Json => {
            let partitions: Vec<_> = partitions
                .iter()
                .map(|(p, start, end)| json!({ "partition": p.partition_index, "leader": p.leader_id, "leader_epoch": p.leader_epoch, "replicas": p.replica_nodes, "in_sync": p.isr_nodes, "start": start, "end": end }))
                .collect();
            let configs: serde_json::Map<_, _> = configs.into_iter().map(|(n, v)| (n, json!(v))).collect();
            println!(
                "{}",
                json!({ "name": name, "id": topic.topic_id.to_string(), "partitions": partitions, "configs": configs })
            );
        }
        Output::Text => {
            println!("{name}  id {}", topic.topic_id);
            configs.iter().for_each(|(name, value)| println!("  {name}={value}"));
            println!(
                "{:>9} {:>6} {:>5} {:>10} {:>12} {:>12}",
                "PARTITION", "LEADER", "EPOCH", "IN SYNC", "START", "END"
            );
            for (p, start, end) in partitions {
                let in_sync = format!("{:?}", p.isr_nodes);
                println!(
                    "{:>9} {:>6} {:>5} {in_sync:>10} {start:>12} {end:>12}",
                    p.partition_index, p.leader_id, p.leader_epoch
                );
            }
        }
    }
    Ok(())
}
