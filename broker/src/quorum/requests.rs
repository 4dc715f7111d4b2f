//! The messages of the quorum, written and read: all name one topic and one partition.

use std::time::Duration;

use ottla_core::{
    errors::ErrorCode,
    raft::{Ballot, LogEnd, ReplicaKey, Vote, VoterEndpoint},
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};
use ottla_net::{
    messages::generated::{
        begin_quorum_epoch::{self, BeginQuorumEpochRequest},
        end_quorum_epoch::{self, EndQuorumEpochRequest},
        fetch::{self, FetchRequest},
        fetch_snapshot::{self, FetchSnapshotRequest},
        vote::{self, VoteRequest, VoteResponse},
    },
    wire::Str,
};

use super::{METADATA_TOPIC, METADATA_TOPIC_ID};
use crate::partition::replication::FollowerPosition;

/// Most bytes of metadata in one answer.
pub(crate) const FETCH_MAX_BYTES: i32 = 8 * 1024 * 1024;

fn text(id: Option<Uuid>) -> Option<Str> {
    id.map(|id| Str::from(id.to_string()))
}

/// Asks for a vote.
pub(super) fn vote(
    cluster: Option<Uuid>,
    voter: ReplicaKey,
    directory: Uuid,
    ballot: &Ballot,
) -> VoteRequest {
    let partition = vote::request::PartitionData {
        partition_index: 0,
        replica_epoch: ballot.epoch.0,
        replica_id: ballot.candidate.0,
        replica_directory_id: directory,
        voter_directory_id: voter.directory,
        last_offset_epoch: ballot.last.epoch.0,
        last_offset: ballot.last.offset.0,
        pre_vote: ballot.is_pre_vote,
    };
    let topic = vote::request::TopicData {
        topic_name: Str::from_static(METADATA_TOPIC),
        partitions: vec![partition],
    };
    VoteRequest { cluster_id: text(cluster), voter_id: voter.node.0, topics: vec![topic] }
}

/// Reads an answer to it.
pub(super) fn read_vote(answer: &VoteResponse, voter: NodeId, is_pre_vote: bool) -> Option<Vote> {
    let partition = answer.topics.first()?.partitions.first()?;
    if answer.error_code != 0 || partition.error_code != 0 {
        return None;
    }
    Some(Vote {
        is_pre_vote,
        epoch: LeaderEpoch(partition.leader_epoch),
        voter,
        is_granted: partition.vote_granted,
        leader: (0 <= partition.leader_id).then_some(NodeId(partition.leader_id)),
    })
}

/// Tells a voter who leads.
pub(super) fn begin_epoch(
    cluster: Option<Uuid>,
    (leader, endpoints): (NodeId, &[VoterEndpoint]),
    voter: ReplicaKey,
    epoch: LeaderEpoch,
) -> BeginQuorumEpochRequest {
    let endpoint = |e: &VoterEndpoint| begin_quorum_epoch::request::LeaderEndpoint {
        name: Str::from(e.listener.clone()),
        host: Str::from(e.host.clone()),
        port: e.port,
    };
    let partition = begin_quorum_epoch::request::PartitionData {
        voter_directory_id: voter.directory,
        leader_id: leader.0,
        leader_epoch: epoch.0,
        ..Default::default()
    };
    let topic = begin_quorum_epoch::request::TopicData {
        topic_name: Str::from_static(METADATA_TOPIC),
        partitions: vec![partition],
    };
    BeginQuorumEpochRequest {
        cluster_id: text(cluster),
        voter_id: voter.node.0,
        topics: vec![topic],
        leader_endpoints: endpoints.iter().map(endpoint).collect(),
    }
}

/// Tells a voter that the epoch is over, and who should stand.
pub(super) fn end_epoch(
    cluster: Option<Uuid>,
    leader: NodeId,
    epoch: LeaderEpoch,
    successors: &[NodeId],
) -> EndQuorumEpochRequest {
    let candidates = successors
        .iter()
        .map(|id| end_quorum_epoch::request::ReplicaInfo { candidate_id: id.0, ..Default::default() });
    let partition = end_quorum_epoch::request::PartitionData {
        leader_id: leader.0,
        leader_epoch: epoch.0,
        preferred_successors: successors.iter().map(|id| id.0).collect(),
        preferred_candidates: candidates.collect(),
        ..Default::default()
    };
    let topic = end_quorum_epoch::request::TopicData {
        topic_name: Str::from_static(METADATA_TOPIC),
        partitions: vec![partition],
    };
    EndQuorumEpochRequest { cluster_id: text(cluster), topics: vec![topic], ..Default::default() }
}

/// Fetches what follows in the log.
pub(super) fn fetch(
    cluster: Option<Uuid>,
    replica: ReplicaKey,
    epoch: LeaderEpoch,
    at: &FollowerPosition,
    high_watermark: Offset,
    wait: Duration,
) -> FetchRequest {
    let partition = fetch::request::FetchPartition {
        partition: 0,
        current_leader_epoch: epoch.0,
        fetch_offset: at.end.0,
        last_fetched_epoch: at.last_epoch.0,
        log_start_offset: at.log_start.0,
        partition_max_bytes: FETCH_MAX_BYTES,
        replica_directory_id: replica.directory,
        high_watermark: high_watermark.0,
    };
    let topic = fetch::request::FetchTopic {
        topic_id: METADATA_TOPIC_ID,
        partitions: vec![partition],
        ..Default::default()
    };
    FetchRequest {
        cluster_id: text(cluster),
        replica_state: fetch::request::ReplicaState { replica_id: replica.node.0, replica_epoch: -1 },
        max_wait_ms: wait.as_millis() as i32,
        min_bytes: 1,
        max_bytes: FETCH_MAX_BYTES,
        topics: vec![topic],
        ..Default::default()
    }
}

/// Fetches a part of a snapshot.
pub(super) fn fetch_snapshot(
    cluster: Option<Uuid>,
    replica: ReplicaKey,
    epoch: LeaderEpoch,
    id: LogEnd,
    position: i64,
) -> FetchSnapshotRequest {
    let snapshot_id = fetch_snapshot::request::SnapshotId { end_offset: id.offset.0, epoch: id.epoch.0 };
    let partition = fetch_snapshot::request::PartitionSnapshot {
        partition: 0,
        current_leader_epoch: epoch.0,
        snapshot_id,
        position,
        replica_directory_id: replica.directory,
    };
    let topic = fetch_snapshot::request::TopicSnapshot {
        name: Str::from_static(METADATA_TOPIC),
        partitions: vec![partition],
    };
    FetchSnapshotRequest {
        cluster_id: text(cluster),
        replica_id: replica.node.0,
        max_bytes: FETCH_MAX_BYTES,
        topics: vec![topic],
    }
}

/// Whether a request's cluster is ours; who does not know one yet asks all the same.
pub(crate) fn check_cluster(asked: Option<&Str>, ours: Option<Uuid>) -> Result<(), ErrorCode> {
    match (asked, ours) {
        (Some(asked), Some(ours)) if **asked != *ours.to_string() => Err(ErrorCode::InconsistentClusterId),
        _ => Ok(()),
    }
}
