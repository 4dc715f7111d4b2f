//! `ottla reassign` and `ottla elect`: where partitions are, and who leads them.

use clap::{Args, Subcommand};
use ottla_client::{
    Client,
    cluster_admin::{Outcome, Place},
};
use ottla_net::env::TokioEnv;
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct ReassignArguments {
    #[command(flatten)]
    connect: Connect,
    #[command(subcommand)]
    command: ReassignCommand,
}

#[derive(Subcommand)]
enum ReassignCommand {
    /// Moves partitions: `greetings-0=2,3,1` lets broker 2 lead, with copies on 3 and 1.
    Move {
        /// The partitions and their brokers.
        #[arg(required = true, value_name = "TOPIC-PARTITION=BROKERS")]
        moves: Vec<String>,
    },
    /// Moves everything that a broker holds to the others that are up, so that it can be taken away.
    Drain {
        /// The broker.
        broker: i32,
    },
    /// Gives up moves that are under way.
    Cancel {
        /// The partitions; all that move if absent.
        #[arg(value_name = "TOPIC-PARTITION")]
        partitions: Vec<String>,
    },
    /// Lists moves that are under way.
    List,
}

#[derive(Args)]
pub(super) struct ElectArguments {
    #[command(flatten)]
    connect: Connect,
    /// Lets any replica lead where none that has everything is there: what it lacks is lost.
    #[arg(long)]
    unclean: bool,
    /// The partitions; all if absent.
    #[arg(value_name = "TOPIC-PARTITION")]
    partitions: Vec<String>,
}

fn place(text: &str) -> Result<Place, Failure> {
    let parsed =
        text.rsplit_once('-').and_then(|(topic, index)| Some((topic.to_owned(), index.parse().ok()?)));
    parsed.ok_or_else(|| format!("{text}: give it as topic-partition").into())
}

fn one_move(text: &str) -> Result<(Place, Option<Vec<i32>>), Failure> {
    let form = || format!("{text}: give it as topic-partition=broker,broker");
    let (partition, brokers) = text.split_once('=').ok_or_else(form)?;
    let brokers: Result<Vec<i32>, _> = brokers.split(',').map(|b| b.trim().parse()).collect();
    Ok((place(partition)?, Some(brokers.map_err(|_| form())?)))
}

pub(super) async fn reassign(
    env: TokioEnv,
    arguments: ReassignArguments,
    output: Output,
) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    let moves = match &arguments.command {
        ReassignCommand::Move { moves } => {
            moves.iter().map(|m| one_move(m)).collect::<Result<Vec<_>, _>>()?
        }
        ReassignCommand::Drain { broker } => drained(&client, *broker).await?,
        ReassignCommand::Cancel { partitions } if partitions.is_empty() => {
            client.reassignments().await?.into_iter().map(|(place, _)| (place, None)).collect()
        }
        ReassignCommand::Cancel { partitions } => {
            partitions.iter().map(|p| Ok((place(p)?, None))).collect::<Result<Vec<_>, Failure>>()?
        }
        ReassignCommand::List => return list(&client, output).await,
    };
    if moves.is_empty() {
        println!("{}", if output == Output::Json { "[]" } else { "nothing to do" });
        return Ok(());
    }
    tell(&client.reassign(&moves).await?, output)
}

/// Every partition that a broker holds, with another broker in its place: one that is up, does not hold it yet, and
/// has the fewest.
async fn drained(client: &Client<TokioEnv>, broker: i32) -> Result<Vec<(Place, Option<Vec<i32>>)>, Failure> {
    let cluster = client.describe_cluster().await?;
    let up = cluster.brokers.iter().filter(|b| !b.is_fenced && b.broker_id != broker).map(|b| b.broker_id);
    let metadata = client.describe_topics(None).await?;
    let mut holds: std::collections::BTreeMap<i32, usize> = up.map(|id| (id, 0)).collect();
    let partitions = || metadata.topics.iter().flat_map(|t| t.partitions.iter().map(move |p| (t, p)));
    for (_, p) in partitions() {
        p.replica_nodes.iter().for_each(|node| {
            holds.entry(*node).and_modify(|count| *count += 1);
        });
    }
    let mut moves = Vec::new();
    for (topic, p) in partitions().filter(|(_, p)| p.replica_nodes.contains(&broker)) {
        let name = topic.name.as_deref().unwrap_or_default().to_owned();
        let free =
            holds.iter().filter(|(id, _)| !p.replica_nodes.contains(id)).min_by_key(|(_, count)| **count);
        let Some(other) = free.map(|(id, _)| *id) else {
            let copies = p.replica_nodes.len();
            return Err(format!(
                "{name}-{}: no other broker that is up could hold one of its {copies} copies",
                p.partition_index
            )
            .into());
        };
        holds.entry(other).and_modify(|count| *count += 1);
        let replicas =
            p.replica_nodes.iter().map(|node| if *node == broker { other } else { *node }).collect();
        moves.push(((name, p.partition_index), Some(replicas)));
    }
    Ok(moves)
}

async fn list(client: &Client<TokioEnv>, output: Output) -> Result<(), Failure> {
    let moving = client.reassignments().await?;
    match output {
        Output::Json => {
            let one = |((topic, index), p): &(Place, _)| {
                let p: &ottla_net::messages::generated::list_partition_reassignments::response::OngoingPartitionReassignment = p;
                json!({ "topic": topic, "partition": index, "replicas": p.replicas, "adding": p.adding_replicas,
                        "removing": p.removing_replicas })
            };
            println!("{}", json!(moving.iter().map(one).collect::<Vec<_>>()));
        }
        Output::Text => {
            println!("{:<40} {:<16} {:<12} {:<12}", "PARTITION", "REPLICAS", "ADDING", "REMOVING");
            for ((topic, index), p) in moving {
                let name = format!("{topic}-{index}");
                let cells =
                    [p.replicas, p.adding_replicas, p.removing_replicas].map(|nodes| format!("{nodes:?}"));
                println!("{name:<40} {:<16} {:<12} {:<12}", cells[0], cells[1], cells[2]);
            }
        }
    }
    Ok(())
}

pub(super) async fn elect(env: TokioEnv, arguments: ElectArguments, output: Output) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    let places = arguments.partitions.iter().map(|p| place(p)).collect::<Result<Vec<_>, _>>()?;
    let places = if places.is_empty() { None } else { Some(&places[..]) };
    tell(&client.elect(places, arguments.unclean).await?, output)
}

/// Prints what became of each partition; fails if one was refused.
fn tell(outcomes: &[Outcome], output: Output) -> Result<(), Failure> {
    match output {
        Output::Json => {
            let one = |((topic, index), outcome): &Outcome| {
                let error = outcome.as_ref().err().map(ToString::to_string);
                json!({ "topic": topic, "partition": index, "error": error })
            };
            println!("{}", json!(outcomes.iter().map(one).collect::<Vec<_>>()));
        }
        Output::Text => {
            for ((topic, index), outcome) in outcomes {
                match outcome {
                    Ok(()) => println!("{topic}-{index}: done"),
                    Err(e) => println!("{topic}-{index}: {e}"),
                }
            }
        }
    }
    let refused = outcomes.iter().filter(|(_, outcome)| outcome.is_err()).count();
    if refused == 0 { Ok(()) } else { Err(format!("{refused} of {} were refused", outcomes.len()).into()) }
}
