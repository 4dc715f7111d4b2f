//! What the nodes of the quorum ask each other: Vote, BeginQuorumEpoch, EndQuorumEpoch, Fetch of the metadata log,
//! FetchSnapshot; and DescribeQuorum.

use std::{sync::Arc, time::Duration};

use bytes::BytesMut;
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    raft::{Ballot, Input, LogEnd, ReplicaKey, VoterEndpoint},
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};
use ottla_net::{
    messages::generated::{
        begin_quorum_epoch::{BeginQuorumEpochRequest, BeginQuorumEpochResponse, response as begin},
        describe_quorum::{self as describe, DescribeQuorumRequest, DescribeQuorumResponse},
        end_quorum_epoch::{EndQuorumEpochRequest, EndQuorumEpochResponse, response as end},
        fetch::{FetchRequest, FetchResponse, request::FetchPartition, response as fetch},
        fetch_snapshot::{
            FetchSnapshotRequest, FetchSnapshotResponse, request::PartitionSnapshot, response as part,
        },
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
        // One that was lost has forgotten what it voted for: another disk of this node is not whom it asks.
        let is_mine = self.is_meant(request.voter_id, asked.voter_directory_id);
        let ballot = Ballot {
            is_pre_vote: asked.pre_vote,
            epoch: LeaderEpoch(asked.replica_epoch),
            candidate: NodeId(asked.replica_id),
            last: LogEnd { epoch: LeaderEpoch(asked.last_offset_epoch), offset: Offset(asked.last_offset) },
        };
        if !is_mine {
            answer.error_code = ErrorCode::InvalidVoterKey.code();
        } else if !(0..i32::MAX).contains(&asked.replica_epoch)
            || asked.last_offset < 0
            || asked.replica_id < 0
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

    /// Whether this node, with its disk, is the voter that a request is for.
    fn is_meant(&self, voter: i32, directory: Uuid) -> bool {
        let me = self.quorum.replica();
        (voter == -1 || voter == me.node.0) && (directory == Uuid::ZERO || directory == me.directory)
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
        if !self.is_meant(request.voter_id, told.voter_directory_id) {
            answer.error_code = ErrorCode::InvalidVoterKey.code();
        } else if told.leader_epoch < epoch.0 {
            answer.error_code = ErrorCode::FencedLeaderEpoch.code();
        } else if told.leader_epoch == i32::MAX || told.leader_id < 0 {
            answer.error_code = ErrorCode::InvalidRequest.code();
        } else {
            if let Some(endpoint) = request.leader_endpoints.first() {
                self.quorum.learn(NodeId(told.leader_id), &endpoint.host, endpoint.port);
            }
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
        let node = ReplicaKey { node, directory: asked.replica_directory_id };
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
        let leads_at = leader.and_then(|leader| Some((leader, self.quorum.endpoint_of(leader)?)));
        if let Some((leader, VoterEndpoint { host, port, .. })) = leads_at {
            let (node_id, host, port) = (leader.0, Str::from(host), port.into());
            response.node_endpoints = vec![fetch::NodeEndpoint { node_id, host, port, rack: None }];
        }
        response.responses = vec![fetch::FetchableTopicResponse {
            topic_id: METADATA_TOPIC_ID,
            partitions: vec![answer],
            ..Default::default()
        }];
        response
    }

    /// A part of a snapshot of the metadata, for a node that is too far behind.
    pub(super) fn fetch_snapshot(&self, request: &FetchSnapshotRequest) -> FetchSnapshotResponse {
        let mut response = FetchSnapshotResponse::default();
        let asked =
            request.topics.first().filter(|topic| request.topics.len() == 1 && topic.partitions.len() == 1);
        let asked = match self.of_this_cluster(asked, request.cluster_id.as_ref()) {
            Ok(asked) => asked,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let is_metadata = *asked.name == *METADATA_TOPIC;
        let asked = &asked.partitions[0];
        let id =
            part::SnapshotId { end_offset: asked.snapshot_id.end_offset, epoch: asked.snapshot_id.epoch };
        let (epoch, leader) = self.quorum.leader();
        let (leader_id, leader_epoch) = (leader.map_or(-1, |id| id.0), epoch.0);
        let mut answer = part::PartitionSnapshot {
            index: asked.partition,
            snapshot_id: id,
            current_leader: part::LeaderIdAndEpoch { leader_id, leader_epoch },
            ..Default::default()
        };
        let is_known = is_metadata && asked.partition == 0;
        let read = if is_known {
            self.read_snapshot(request, asked)
        } else {
            Err(ErrorCode::UnknownTopicOrPartition)
        };
        match read {
            Ok((size, bytes)) => {
                (answer.size, answer.position, answer.unaligned_records) = (size, asked.position, bytes);
            }
            Err(code) => answer.error_code = code.code(),
        }
        let name = request.topics[0].name.clone();
        response.topics = vec![part::TopicSnapshot { name, partitions: vec![answer] }];
        response
    }

    fn read_snapshot(
        &self,
        request: &FetchSnapshotRequest,
        asked: &PartitionSnapshot,
    ) -> Result<(i64, bytes::Bytes), ErrorCode> {
        let epoch = self.check_epoch(asked.current_leader_epoch)?;
        let id = LogEnd {
            epoch: LeaderEpoch(asked.snapshot_id.epoch),
            offset: Offset(asked.snapshot_id.end_offset),
        };
        let part = self.quorum.read_snapshot(id, asked.position, request.max_bytes)?;
        // It is there, though it has nothing of the log yet.
        let replica = ReplicaKey { node: NodeId(request.replica_id), directory: asked.replica_directory_id };
        self.quorum.fetched(replica, epoch, Offset(0));
        Ok(part)
    }

    /// Whether this node leads in the epoch that was named; the epoch.
    fn check_epoch(&self, asked: i32) -> Result<LeaderEpoch, ErrorCode> {
        let (epoch, leader) = self.quorum.leader();
        match asked {
            _ if leader != Some(self.node) => Err(ErrorCode::NotLeaderOrFollower),
            older if older < epoch.0 => Err(ErrorCode::FencedLeaderEpoch),
            newer if epoch.0 < newer => Err(ErrorCode::UnknownLeaderEpoch),
            _ => Ok(epoch),
        }
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
                replica_id: standing.replica.node.0,
                replica_directory_id: standing.replica.directory,
                log_end_offset: if standing.fetched_ago.is_some() { standing.end.0 } else { -1 },
                last_fetch_timestamp: at,
                last_caught_up_timestamp: if end <= standing.end { at } else { -1 },
            }
        };
        let members = self.quorum.members();
        let voters = &members.voters;
        let me = Standing { replica: self.quorum.replica(), end, fetched_ago: Some(Duration::ZERO) };
        let me = Some(me).filter(|me| voters.has(me.replica));
        let mut current_voters: Vec<_> = others.into_iter().chain(me).map(state).collect();
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
        response.nodes = voters.iter().map(|(id, voter)| node_of(id, &voter.endpoints)).collect();
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
        node: ReplicaKey,
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
        node: ReplicaKey,
        max_bytes: i32,
        is_first: bool,
        answer: &mut fetch::PartitionData,
    ) -> Result<(), ErrorCode> {
        let epoch = self.check_epoch(asked.current_leader_epoch)?;
        let last_epoch = LeaderEpoch(asked.last_fetched_epoch);
        if let Some(id) = self.quorum.snapshot_for(Offset(asked.fetch_offset), last_epoch) {
            (answer.snapshot_id.end_offset, answer.snapshot_id.epoch) = (id.offset.0, id.epoch.0);
            answer.high_watermark = self.quorum.ends().1.0;
            answer.log_start_offset = self.quorum.log_start().0;
            self.quorum.fetched(node, epoch, Offset(0));
            return Ok(());
        }
        let fetch = FollowerFetch {
            node: node.node,
            broker_epoch: -1,
            counts: false,
            from: Offset(asked.fetch_offset),
            last_epoch,
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

fn node_of(node: NodeId, endpoints: &[VoterEndpoint]) -> describe::response::Node {
    let listener = |e: &VoterEndpoint| describe::response::Listener {
        name: Str::from(e.listener.clone()),
        host: Str::from(e.host.clone()),
        port: e.port,
    };
    describe::response::Node { node_id: node.0, listeners: endpoints.iter().map(listener).collect() }
}

/// Whether an answer has nothing that whoever asked does not know.
fn is_empty(answer: &fetch::PartitionData, asked: &FetchPartition) -> bool {
    answer.error_code == 0
        && answer.diverging_epoch.end_offset < 0
        && answer.snapshot_id.end_offset < 0
        && answer.records.as_ref().is_none_or(|records| records.is_empty())
        && answer.high_watermark <= asked.high_watermark
}
