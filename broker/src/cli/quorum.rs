//! `ottla quorum`: who votes about the metadata, who leads, and how far each has come.

use clap::Args;
use ottla_net::{env::TokioEnv, messages::generated::describe_quorum::response::ReplicaState};
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct QuorumArguments {
    #[command(flatten)]
    connect: Connect,
}

pub(super) async fn main(env: TokioEnv, arguments: QuorumArguments, output: Output) -> Result<(), Failure> {
    let quorum = arguments.connect.client(&env).describe_quorum().await?;
    let told = quorum.topics.first().and_then(|t| t.partitions.first());
    let partition = told.ok_or("the broker did not answer for the quorum")?;
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
                        "address": address(state.replica_id), "last_fetch": state.last_fetch_timestamp })
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
            println!("{:>5}  {:<9} {:<24} {:>12} {:>8}", "NODE", "ROLE", "ADDRESS", "END", "BEHIND");
            for (role, state) in all {
                let end = state.log_end_offset;
                let (end, behind) = if end < 0 {
                    ("-".to_owned(), "-".to_owned())
                } else {
                    (end.to_string(), (partition.high_watermark - end).max(0).to_string())
                };
                let node = state.replica_id;
                println!("{node:>5}  {role:<9} {:<24} {end:>12} {behind:>8}", address(node));
            }
        }
    }
    Ok(())
}
