//! `ottla quorum`: who votes about the metadata, who leads, and how far each has come; and voters that come and go.

use clap::{Args, Subcommand};
use ottla_client::Client;
use ottla_core::types::Uuid;
use ottla_net::{
    env::TokioEnv,
    messages::generated::describe_quorum::{
        DescribeQuorumResponse,
        response::{PartitionData, ReplicaState},
    },
};
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct QuorumArguments {
    #[command(flatten)]
    connect: Connect,
    #[command(subcommand)]
    command: Option<QuorumCommand>,
}

#[derive(Subcommand)]
enum QuorumCommand {
    /// Lets a running controller vote, once it has caught up
    Add {
        /// The node, and where its controller listens: id@host:port
        voter: String,
        /// The id of its log directory; else the one that it fetches with
        #[arg(long, value_parser = parse_id)]
        directory: Option<Uuid>,
        /// The name of its controller's listener
        #[arg(long, default_value = "CONTROLLER")]
        listener: String,
    },
    /// Lets a voter go
    Remove {
        /// The node
        node: i32,
        /// The id of the log directory that it votes by; else the one that the quorum knows
        #[arg(long, value_parser = parse_id)]
        directory: Option<Uuid>,
    },
}

type Env = TokioEnv;

fn parse_id(text: &str) -> Result<Uuid, String> {
    text.parse().map_err(|()| "an id has 22 characters, as ottla quorum shows it".to_owned())
}

fn partition(quorum: &DescribeQuorumResponse) -> Result<&PartitionData, Failure> {
    let told = quorum.topics.first().and_then(|t| t.partitions.first());
    Ok(told.ok_or("the broker did not answer for the quorum")?)
}

/// The directory of a node that is in a list, and in none but that one.
async fn directory(client: &Client<Env>, node: i32, is_voter: bool) -> Result<Uuid, Failure> {
    let quorum = client.describe_quorum().await?;
    let partition = partition(&quorum)?;
    let list = if is_voter { &partition.current_voters } else { &partition.observers };
    let of_node: Vec<Uuid> =
        list.iter().filter(|s| s.replica_id == node).map(|s| s.replica_directory_id).collect();
    match of_node[..] {
        [one] => Ok(one),
        [] if is_voter => Err(format!("node {node} is no voter").into()),
        [] => Err(format!(
            "node {node} does not fetch the metadata: start it with controller.quorum.bootstrap.servers, and see ottla quorum"
        )
        .into()),
        _ => Err(format!("node {node} has fetched with several directories of late: give --directory").into()),
    }
}

async fn change(client: &Client<Env>, command: QuorumCommand) -> Result<(), Failure> {
    match command {
        QuorumCommand::Add { voter, directory: given, listener } => {
            let wrong = || format!("«{voter}» is not of the form id@host:port");
            let (node, address) = voter.split_once('@').ok_or_else(wrong)?;
            let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
            let (node, port): (i32, u16) =
                (node.parse().map_err(|_| wrong())?, port.parse().map_err(|_| wrong())?);
            let directory = match given {
                Some(given) => given,
                None => directory(client, node, false).await?,
            };
            client.add_voter(node, directory, (&listener, host.trim_matches(['[', ']']), port)).await?;
            println!("node {node} votes, by its directory {directory}");
        }
        QuorumCommand::Remove { node, directory: given } => {
            let directory = match given {
                Some(given) => given,
                None => directory(client, node, true).await?,
            };
            client.remove_voter(node, directory).await?;
            println!("node {node} votes no more");
        }
    }
    Ok(())
}

pub(super) async fn main(env: TokioEnv, arguments: QuorumArguments, output: Output) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    if let Some(command) = arguments.command {
        return change(&client, command).await;
    }
    let quorum = client.describe_quorum().await?;
    let partition = partition(&quorum)?;
    let address = |node: i32| {
        let listener = quorum.nodes.iter().find(|n| n.node_id == node).and_then(|n| n.listeners.first());
        listener.map_or(String::new(), |l| format!("{}:{}", l.host, l.port))
    };
    let voters = partition.current_voters.iter().map(|state| ("voter", state));
    let all: Vec<(&str, &ReplicaState)> =
        voters.chain(partition.observers.iter().map(|state| ("observer", state))).collect();
    match output {
        Output::Json => {
            let node = |(role, state): &(&str, &ReplicaState)| {
                json!({ "node": state.replica_id, "role": role, "end": state.log_end_offset,
                        "address": address(state.replica_id),
                        "directory": state.replica_directory_id.to_string(), "last_fetch": state.last_fetch_timestamp })
            };
            println!(
                "{}",
                json!({ "leader": partition.leader_id, "epoch": partition.leader_epoch,
                        "high_watermark": partition.high_watermark,
                        "nodes": all.iter().map(node).collect::<Vec<_>>() })
            );
        }
        Output::Text => {
            println!(
                "leader {}, epoch {}, committed up to {}",
                partition.leader_id, partition.leader_epoch, partition.high_watermark
            );
            println!(
                "{:>5}  {:<9} {:<22}  {:<24} {:>12} {:>8}",
                "NODE", "ROLE", "DIRECTORY", "ADDRESS", "END", "BEHIND"
            );
            for (role, state) in all {
                let end = state.log_end_offset;
                let (end, behind) = if end < 0 {
                    ("-".to_owned(), "-".to_owned())
                } else {
                    (end.to_string(), (partition.high_watermark - end).max(0).to_string())
                };
                let (node, directory) = (state.replica_id, state.replica_directory_id);
                let at = address(node);
                println!("{node:>5}  {role:<9} {directory:<22}  {at:<24} {end:>12} {behind:>8}");
            }
        }
    }
    Ok(())
}
