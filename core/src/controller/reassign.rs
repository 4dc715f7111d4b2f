//! Reassignment: a partition moves to other nodes while it is served (KIP-455).
//!
//! While it moves, the partition is held by its new nodes and by those that it leaves; [`super::partitions`] ends the
//! move once all new ones are in sync.

use super::{Image, PartitionImage, Refusal, TopicImage, partitions::Change, records::Record, refuse};
use crate::{errors::ErrorCode, types::NodeId};

/// Where a partition stands in a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who holds it now.
    pub replicas: Vec<i32>,
    /// Who comes.
    pub adding: Vec<i32>,
    /// Who goes.
    pub removing: Vec<i32>,
}

/// The move that a partition is in, if it is in one.
pub fn current(partition: &PartitionImage) -> Option<Move> {
    let (adding, removing) = (partition.adding.clone(), partition.removing.clone());
    let is_moving = !adding.is_empty() || !removing.is_empty();
    is_moving.then(|| Move { replicas: partition.replicas.clone(), adding, removing })
}

fn find<'a>(image: &'a Image, topic: &str, index: i32) -> Result<(&'a TopicImage, usize), Refusal> {
    let Some(found) = image.topic(topic) else {
        return refuse(ErrorCode::UnknownTopicOrPartition, format!("Unable to find a topic named {topic}."));
    };
    match usize::try_from(index).ok().filter(|at| *at < found.partitions.len()) {
        Some(at) => Ok((found, at)),
        None => {
            refuse(ErrorCode::UnknownTopicOrPartition, format!("Unable to find partition {topic}:{index}."))
        }
    }
}

/// Moves a partition to `target`, or with `None` gives up the move that it is in.
///
/// # Errors
/// The partition does not exist or does not move, or it cannot be there.
pub fn reassign(
    image: &Image,
    topic: &str,
    index: i32,
    target: Option<&[i32]>,
    may_change_factor: bool,
) -> Result<Option<Record>, Refusal> {
    let (found, at) = find(image, topic, index)?;
    let partition = &found.partitions[at];
    match target {
        Some(target) => begin(image, found, at, target, may_change_factor),
        None if current(partition).is_none() => refuse(ErrorCode::NoReassignmentInProgress, ""),
        None => cancel(image, found, at),
    }
}

/// Who holds a partition when it does not move: without those that come.
fn settled(partition: &PartitionImage) -> Vec<i32> {
    partition.replicas.iter().copied().filter(|node| !partition.adding.contains(node)).collect()
}

fn begin(
    image: &Image,
    topic: &TopicImage,
    at: usize,
    target: &[i32],
    may_change_factor: bool,
) -> Result<Option<Record>, Refusal> {
    let partition = &topic.partitions[at];
    let wrong = |why: String| refuse(ErrorCode::InvalidReplicaAssignment, why);
    if target.is_empty() {
        return wrong("The manual partition assignment includes an empty replica list.".into());
    }
    let mut distinct = target.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < target.len() {
        return wrong(format!(
            "The manual partition assignment includes the broker {} more than once.",
            target.iter().find(|node| 1 < target.iter().filter(|n| n == node).count()).unwrap_or(&-1)
        ));
    }
    if let Some(node) = target.iter().find(|node| image.broker(NodeId(**node)).is_none()) {
        return wrong(format!(
            "The manual partition assignment includes broker {node}, but no such broker is registered."
        ));
    }
    let before = settled(partition);
    if !may_change_factor && before.len() != target.len() {
        return refuse(
            ErrorCode::InvalidReplicationFactor,
            format!("The replication factor is changed from {} to {}", before.len(), target.len()),
        );
    }
    let mut change = Change::of(image, topic, at);
    change.adding = target.iter().copied().filter(|node| !before.contains(node)).collect();
    change.removing = before.iter().copied().filter(|node| !target.contains(node)).collect();
    change.replicas = target.iter().chain(&change.removing).copied().collect();
    // Who was coming and comes no more is no replica any more.
    move_to_new_replicas(partition, change)
}

fn cancel(image: &Image, topic: &TopicImage, at: usize) -> Result<Option<Record>, Refusal> {
    let partition = &topic.partitions[at];
    let mut change = Change::of(image, topic, at);
    change.replicas = settled(partition);
    (change.adding, change.removing) = (Vec::new(), Vec::new());
    move_to_new_replicas(partition, change)
}

/// Decides for the replicas of a change, unless none of them has what is committed.
fn move_to_new_replicas(
    partition: &PartitionImage,
    mut change: Change<'_>,
) -> Result<Option<Record>, Refusal> {
    let replicas = change.replicas.clone();
    let mut complete = partition.in_sync.iter().chain(&partition.eligible).peekable();
    if complete.peek().is_some() && !complete.any(|node| replicas.contains(node)) {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            "None of the replicas that would be left is in sync: wait until one is.",
        );
    }
    change.in_sync.retain(|node| replicas.contains(node));
    Ok(change.decide())
}
