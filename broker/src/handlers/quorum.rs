//! Vote, BeginQuorumEpoch, EndQuorumEpoch, and Fetch of the metadata log: what the nodes of the quorum ask each other.

use std::{sync::Arc, time::Duration};

use bytes::BytesMut;
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    raft::{Ballot, Input, LogEnd},
    types::{LeaderEpoch, NodeId, Offset},
};
use ottla_net::{
    messages::generated::{
        begin_quorum_epoch::{BeginQuorumEpochRequest, BeginQuorumEpochResponse, response as begin},
        describe_quorum::{self as describe, DescribeQuorumRequest, DescribeQuorumResponse},
        end_quorum_epoch::{EndQuorumEpochRequest, EndQuorumEpochResponse, response as end},
        fetch::{FetchRequest, FetchResponse, request::FetchPartition, response as fetch},
        vote::{VoteRequest, VoteResponse, response as vote},
    },
    wire::Str,
};
use tokio::sync::Notify;

use super::message;
use crate::{
    Broker,
    partition::replication::{Fetched, FollowerFetch},
    quorum::{METADATA_TOPIC, METADATA_TOPIC_ID, Standing, requests::check_cluster},
};

impl<E: Env> Broker<E> {
    pub(super) async fn vote(&self, request: &VoteRequest) -> VoteResponse {
        let mut response = VoteResponse::default();
        let is_one = request.topics.len() == 1 && request.topics[0].partitions.len() == 1;
        let asked = is_one.then(|| &request.topics[0].partitions[0]);
        let asked = match self.of_this_cluster(asked, request.cluster_id.as_ref()) {
            Ok(asked) => asked,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let mut answer = vote::PartitionData::default();
        let is_mine = request.voter_id == -1 || request.voter_id == self.node.0;
        let is_voter = self.quorum.voters.contains_key(&NodeId(asked.replica_id));
        let ballot = Ballot {
            is_pre_vote: asked.pre_vote,
            epoch: LeaderEpoch(asked.replica_epoch),
            candidate: NodeId(asked.replica_id),
            last: LogEnd { epoch: LeaderEpoch(asked.last_offset_epoch), offset: Offset(asked.last_offset) },
        };
        if !is_mine || !is_voter {
            answer.error_code = ErrorCode::InvalidVoterKey.code();
        } else if !(0..i32::MAX).contains(&asked.replica_epoch)
            || asked.last_offset < 0
            || ballot.candidate == self.node
        {
            answer.error_code = ErrorCode::InvalidRequest.code();
        } else {
            match self.quorum.asked(ballot).await {
                Some(given) => {
                    answer.leader_id = given.leader.map_or(-1, |id| id.0);
                    answer.leader_epoch = given.epoch.0;
                    answer.vote_granted = given.is_granted;
                }
                None => answer.error_code = ErrorCode::RequestTimedOut.code(),
            }
        }
        response.topics =
            vec![vote::TopicData { topic_name: METADATA_TOPIC.into(), partitions: vec![answer] }];
        response
    }

    pub(super) fn begin_quorum_epoch(&self, request: &BeginQuorumEpochRequest) -> BeginQuorumEpochResponse {
        let mut response = BeginQuorumEpochResponse::default();
        let told = request.topics.first().and_then(|topic| topic.partitions.first());
        let told = match self.of_this_cluster(told, request.cluster_id.as_ref()) {
            Ok(told) => told,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let (epoch, leader) = self.quorum.leader();
        let mut answer = begin::PartitionData::default();
        if told.leader_epoch < epoch.0 {
            answer.error_code = ErrorCode::FencedLeaderEpoch.code();
        } else if told.leader_epoch == i32::MAX {
            answer.error_code = ErrorCode::InvalidRequest.code();
        } else if !self.quorum.voters.contains_key(&NodeId(told.leader_id)) {
            answer.error_code = ErrorCode::InconsistentVoterSet.code();
        } else {
            self.quorum.input(Input::Leads(LeaderEpoch(told.leader_epoch), NodeId(told.leader_id)));
        }
        (answer.leader_id, answer.leader_epoch) = (leader.map_or(-1, |id| id.0), epoch.0);
        response.topics =
            vec![begin::TopicData { topic_name: METADATA_TOPIC.into(), partitions: vec![answer] }];
        response
    }

    pub(super) fn end_quorum_epoch(&self, request: &EndQuorumEpochRequest) -> EndQuorumEpochResponse {
        let mut response = EndQuorumEpochResponse::default();
        let told = request.topics.first().and_then(|topic| topic.partitions.first());
        let told = match self.of_this_cluster(told, request.cluster_id.as_ref()) {
            Ok(told) => told,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let (epoch, leader) = self.quorum.leader();
        let mut answer = end::PartitionData::default();
        if told.leader_epoch < epoch.0 {
            answer.error_code = ErrorCode::FencedLeaderEpoch.code();
        } else {
            let by_version: Vec<NodeId> = if told.preferred_candidates.is_empty() {
                told.preferred_successors.iter().map(|id| NodeId(*id)).collect()
            } else {
                told.preferred_candidates.iter().map(|c| NodeId(c.candidate_id)).collect()
            };
            self.quorum.input(Input::Ended(LeaderEpoch(told.leader_epoch), by_version));
        }
        (answer.leader_id, answer.leader_epoch) = (leader.map_or(-1, |id| id.0), epoch.0);
        response.topics =
            vec![end::TopicData { topic_name: METADATA_TOPIC.into(), partitions: vec![answer] }];
        response
    }

    /// A node of the cluster fetches the metadata log.
    pub(super) async fn metadata_fetch(&self, request: &FetchRequest, signal: &Arc<Notify>) -> FetchResponse {
        let mut response = FetchResponse::default();
        let is_metadata = request.topics.len() == 1 && request.topics[0].topic_id == METADATA_TOPIC_ID;
        let asked = request.topics.first().filter(|_| is_metadata).and_then(|topic| topic.partitions.first());
        let asked = match self.of_this_cluster(asked, request.cluster_id.as_ref()) {
            Ok(asked) => asked,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let deadline = self.env.now() + Duration::from_millis(request.max_wait_ms.max(0) as u64);
        let node = NodeId(request.replica_state.replica_id);
        let mut answer = self.look_at_metadata(asked, node, request.max_bytes, true);
        while is_empty(&answer, asked) && self.env.now() < deadline && !self.stopping.is_cancelled() {
            let partition = self.quorum.partition();
            partition.wait_for_written(signal);
            partition.wait_for_data(signal);
            answer = self.look_at_metadata(asked, node, request.max_bytes, false);
            if !is_empty(&answer, asked) {
                break;
            }
            let stop = self.stopping.run_until_cancelled(signal.notified());
            until(self.env.sleep_until(deadline), stop).await;
            answer = self.look_at_metadata(asked, node, request.max_bytes, false);
        }
        let (epoch, leader) = self.quorum.leader();
        answer.current_leader.leader_epoch = epoch.0;
        answer.current_leader.leader_id = leader.map_or(-1, |id| id.0);
        response.responses = vec![fetch::FetchableTopicResponse {
            topic_id: METADATA_TOPIC_ID,
            partitions: vec![answer],
            ..Default::default()
        }];
        response
    }

    /// How the quorum stands, as its leader knows.
    pub(super) fn describe_quorum(&self, request: &DescribeQuorumRequest) -> DescribeQuorumResponse {
        let mut response = DescribeQuorumResponse::default();
        let is_metadata = |topic: &describe::request::TopicData| *topic.topic_name == *METADATA_TOPIC;
        let asked = request.topics.first().filter(|t| request.topics.len() == 1 && is_metadata(t));
        let is_one = asked.is_some_and(|t| t.partitions.len() == 1 && t.partitions[0].partition_index == 0);
        if !is_one {
            response.topics = request.topics.iter().map(not_a_quorum).collect();
            return response;
        }
        let (epoch, leader) = self.quorum.leader();
        if leader != Some(self.node) {
            response.error_code = ErrorCode::NotLeaderOrFollower.code();
            return response;
        }
        let (end, high_watermark) = self.quorum.ends();
        let (others, observers) = self.quorum.progress();
        let wall = self.env.wall().0;
        let state = |standing: Standing| {
            let at = standing.fetched_ago.map_or(-1, |ago| wall - ago.as_millis() as i64);
            describe::response::ReplicaState {
                replica_id: standing.node.0,
                log_end_offset: if standing.fetched_ago.is_some() { standing.end.0 } else { -1 },
                last_fetch_timestamp: at,
                last_caught_up_timestamp: if end <= standing.end { at } else { -1 },
                ..Default::default()
            }
        };
        let me = Standing { node: self.node, end, fetched_ago: Some(Duration::ZERO) };
        let mut current_voters: Vec<_> = others.into_iter().chain([me]).map(state).collect();
        current_voters.sort_by_key(|voter| voter.replica_id);
        let partition = describe::response::PartitionData {
            leader_id: self.node.0,
            leader_epoch: epoch.0,
            high_watermark: high_watermark.0,
            current_voters,
            observers: observers.into_iter().map(state).collect(),
            ..Default::default()
        };
        response.topics = vec![describe::response::TopicData {
            topic_name: METADATA_TOPIC.into(),
            partitions: vec![partition],
        }];
        response.nodes = self.quorum.voters.iter().map(|(id, address)| node_of(id.0, address)).collect();
        response
    }

    /// The partition that a request is about, if it names one, and this cluster.
    fn of_this_cluster<'a, P>(
        &self,
        named: Option<&'a P>,
        cluster: Option<&Str>,
    ) -> Result<&'a P, ErrorCode> {
        let named = named.ok_or(ErrorCode::InvalidRequest)?;
        check_cluster(cluster, self.quorum.cluster_id())?;
        Ok(named)
    }

    fn look_at_metadata(
        &self,
        asked: &FetchPartition,
        node: NodeId,
        max_bytes: i32,
        is_first: bool,
    ) -> fetch::PartitionData {
        let mut answer = fetch::PartitionData { records: Some(bytes::Bytes::new()), ..Default::default() };
        let read = self.read_metadata(asked, node, max_bytes, is_first, &mut answer);
        if let Err(code) = read {
            answer.error_code = code.code();
            (answer.high_watermark, answer.log_start_offset) = (-1, -1);
        }
        answer
    }

    fn read_metadata(
        &self,
        asked: &FetchPartition,
        node: NodeId,
        max_bytes: i32,
        is_first: bool,
        answer: &mut fetch::PartitionData,
    ) -> Result<(), ErrorCode> {
        let (epoch, leader) = self.quorum.leader();
        if leader != Some(self.node) {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        match asked.current_leader_epoch {
            older if older < epoch.0 => return Err(ErrorCode::FencedLeaderEpoch),
            newer if epoch.0 < newer => return Err(ErrorCode::UnknownLeaderEpoch),
            _ => {}
        }
        let fetch = FollowerFetch {
            node,
            broker_epoch: -1,
            from: Offset(asked.fetch_offset),
            last_epoch: LeaderEpoch(asked.last_fetched_epoch),
        };
        let limit = asked.partition_max_bytes.min(max_bytes).max(0) as u64;
        match self.quorum.partition().follower_fetch(&fetch, limit, true)? {
            Fetched::Diverges(positions, epoch, end) => {
                (answer.diverging_epoch.epoch, answer.diverging_epoch.end_offset) = (epoch.0, end.0);
                answer.high_watermark = positions.high_watermark.0;
                answer.log_start_offset = positions.log_start.0;
            }
            Fetched::Records(positions, slice) => {
                if is_first {
                    self.quorum.fetched(node, epoch, fetch.from);
                }
                answer.high_watermark = positions.high_watermark.0;
                answer.log_start_offset = positions.log_start.0;
                if let Some(slice) = slice {
                    let mut records = BytesMut::new();
                    slice.read_into(&mut records).map_err(|_| ErrorCode::KafkaStorageError)?;
                    answer.records = Some(records.freeze());
                }
            }
        }
        Ok(())
    }
}

/// What is asked for has no quorum: only the one partition of the metadata log has.
fn not_a_quorum(topic: &describe::request::TopicData) -> describe::response::TopicData {
    let answer = |asked: &describe::request::PartitionData| describe::response::PartitionData {
        partition_index: asked.partition_index,
        error_code: ErrorCode::UnknownTopicOrPartition.code(),
        error_message: message("This server does not host this topic-partition."),
        ..Default::default()
    };
    describe::response::TopicData {
        topic_name: topic.topic_name.clone(),
        partitions: topic.partitions.iter().map(answer).collect(),
    }
}

fn node_of(node_id: i32, address: &str) -> describe::response::Node {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, ""));
    let listener = describe::response::Listener {
        name: "CONTROLLER".into(),
        host: host.into(),
        port: port.parse().unwrap_or(0),
    };
    describe::response::Node { node_id, listeners: vec![listener] }
}

/// Whether an answer has nothing that whoever asked does not know.
fn is_empty(answer: &fetch::PartitionData, asked: &FetchPartition) -> bool {
    answer.error_code == 0
        && answer.diverging_epoch.end_offset < 0
        && answer.records.as_ref().is_none_or(|records| records.is_empty())
        && answer.high_watermark <= asked.high_watermark
}
