//! Elections that somebody asks for, and the in-sync sets that leaders propose.

use super::{
    Image, Refusal, TopicImage,
    partitions::{Change, Election},
    records::Record,
    refuse,
};
use crate::{
    errors::ErrorCode,
    planted::is_planted,
    types::{NodeId, Uuid},
};

/// A leader's proposal of who is in sync (AlterPartition).
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The topic.
    pub topic: Uuid,
    /// The partition's number.
    pub index: i32,
    /// The leader epoch that it leads in.
    pub leader_epoch: i32,
    /// The partition epoch that it knows.
    pub partition_epoch: i32,
    /// Who is in sync, each with its broker epoch, -1 where that is not known.
    pub in_sync: Vec<(i32, i64)>,
}

/// Judges a proposal of the broker `from`, in Kafka's order; `None` where it changes nothing.
///
/// # Errors
/// Kafka's code.
pub fn propose(
    image: &Image,
    from: NodeId,
    p: &Proposal,
    unclean: bool,
) -> Result<Option<Record>, ErrorCode> {
    let topic = image.topic_by_id(p.topic).ok_or(ErrorCode::UnknownTopicId)?;
    let at = usize::try_from(p.index).ok().filter(|at| *at < topic.partitions.len());
    let at = at.ok_or(ErrorCode::UnknownTopicOrPartition)?;
    let partition = &topic.partitions[at];
    // Whoever knows more than this controller asks another one.
    if partition.leader_epoch.0 < p.leader_epoch || partition.partition_epoch < p.partition_epoch {
        return Err(ErrorCode::NotController);
    }
    if p.leader_epoch < partition.leader_epoch.0 {
        return Err(ErrorCode::FencedLeaderEpoch);
    }
    if partition.leader != Some(from) {
        return Err(ErrorCode::InvalidRequest);
    }
    if p.partition_epoch < partition.partition_epoch && !is_planted("controller/takes-stale-proposals") {
        return Err(ErrorCode::InvalidUpdateVersion);
    }
    let in_sync: Vec<i32> = p.in_sync.iter().map(|(node, _)| *node).collect();
    let mut distinct = in_sync.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let is_held = in_sync.iter().all(|node| partition.has_replica(*node));
    if !is_held || !in_sync.contains(&from.0) || distinct.len() < in_sync.len() {
        return Err(ErrorCode::InvalidRequest);
    }
    // A fenced broker joins no in-sync set (KIP-841), nor does what a broker was before it began anew (KIP-903).
    let is_eligible = |(node, epoch): &(i32, i64)| {
        image.broker(NodeId(*node)).is_some_and(|b| {
            let is_active = b.is_active() || is_planted("controller/adds-fenced");
            is_active && (*epoch == -1 || *epoch == b.epoch || is_planted("controller/adds-earlier-lives"))
        })
    };
    if !p.in_sync.iter().all(is_eligible) {
        return Err(ErrorCode::IneligibleReplica);
    }
    let mut change = Change::of(image, topic, at);
    change.in_sync = in_sync;
    change.is_unclean_allowed = unclean;
    Ok(change.decide())
}

/// Elects a leader for a partition because somebody asks for it.
///
/// # Errors
/// There is nothing to elect, or nobody.
pub fn elect(image: &Image, topic: &str, index: i32, election: Election) -> Result<Record, Refusal> {
    let unknown = || "No such partition as ".to_owned() + topic + "-" + &index.to_string();
    let Some(found) = image.topic(topic) else {
        return refuse(ErrorCode::UnknownTopicOrPartition, format!("No such topic as {topic}"));
    };
    let at = usize::try_from(index).ok().filter(|at| *at < found.partitions.len());
    let Some(at) = at else { return refuse(ErrorCode::UnknownTopicOrPartition, unknown()) };
    let partition = &found.partitions[at];
    let preferred = partition.replicas.first().copied();
    let is_needed = match election {
        Election::Preferred => partition.leader.map(|l| l.0) != preferred,
        Election::Unclean | Election::Online => partition.leader.is_none(),
    };
    if !is_needed {
        return refuse(ErrorCode::ElectionNotNeeded, "Leader election not needed for topic partition.");
    }
    let mut change = Change::of(image, found, at);
    change.election = election;
    let leads =
        |record: &Record| matches!(record, Record::PartitionChange(c) if c.leader.is_some_and(|l| 0 <= l));
    let is_preferred =
        |record: &Record| matches!(record, Record::PartitionChange(c) if c.leader == preferred);
    match (change.decide(), election) {
        (Some(record), Election::Preferred) if is_preferred(&record) => Ok(record),
        (Some(record), Election::Unclean | Election::Online) if leads(&record) => Ok(record),
        (_, Election::Preferred) => {
            refuse(ErrorCode::PreferredLeaderNotAvailable, "The preferred leader was not available.")
        }
        _ => refuse(ErrorCode::EligibleLeadersNotAvailable, "No eligible leaders are available."),
    }
}

/// Lets preferred leaders lead again where they can.
pub fn rebalance(image: &Image) -> Vec<Record> {
    let elect = |topic: &TopicImage, index: usize| {
        let p = &topic.partitions[index];
        let preferred = *p.replicas.first()?;
        let can = p.leader.is_some_and(|l| l.0 != preferred)
            && p.in_sync.contains(&preferred)
            && image.is_active(preferred);
        let mut change = Change::of(image, topic, index);
        change.election = Election::Preferred;
        can.then(|| change.decide())?
    };
    image
        .topics()
        .flat_map(|topic| (0..topic.partitions.len()).filter_map(move |at| elect(topic, at)))
        .collect()
}
