//! What a node looks like from outside, for whoever judges it: simulation, tests, the operator's tools.

use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{
    controller::Image,
    env::Env,
    errors::ErrorCode,
    raft::{Membership, ReplicaKey},
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};

use crate::{Running, partition::Partition};

/// A replica at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaState {
    /// The topic's id.
    pub topic_id: Uuid,
    /// The partition's number.
    pub index: i32,
    /// The leader epoch that it knows.
    pub epoch: LeaderEpoch,
    /// Whether it leads.
    pub leads: bool,
    /// How often its log was cut since it was opened.
    pub cuts: u64,
    /// Where its log starts.
    pub log_start: Offset,
    /// Where its log ends.
    pub log_end: Offset,
    /// Where what can be read of it ends.
    pub readable_end: Offset,
    /// Where what is kept of it ends.
    pub kept_end: Offset,
    /// Its high watermark.
    pub high_watermark: Offset,
    /// Of a leader: who counts as in sync.
    pub maximal_in_sync: Vec<i32>,
}

/// A node's part in the quorum at one moment.
#[derive(Clone, Debug)]
pub struct QuorumView {
    /// The latest epoch that it knows.
    pub epoch: LeaderEpoch,
    /// Who leads that, as far as it knows.
    pub leader: Option<NodeId>,
    /// The epoch in which it is the active controller, if it is.
    pub controls: Option<LeaderEpoch>,
    /// Everything below is in its image.
    pub replayed: Offset,
    /// Its image.
    pub image: Arc<Image>,
    /// What its log says of the voters.
    pub members: Arc<Membership>,
    /// Itself, with its directory.
    pub replica: ReplicaKey,
}

impl<E: Env> Running<E> {
    /// Its replicas that are not offline.
    pub fn replicas(&self) -> Vec<ReplicaState> {
        self.broker.replicas.all().iter().filter_map(|partition| partition.state()).collect()
    }

    /// The broker epoch that it is registered in.
    pub fn broker_epoch(&self) -> i64 {
        self.broker.epoch()
    }

    /// Its part in the quorum.
    pub fn quorum(&self) -> QuorumView {
        let (epoch, leader) = self.broker.quorum.leader();
        let (replayed, image) = self.broker.quorum.replayed();
        let (controls, members) = (self.broker.quorum.controls(), self.broker.quorum.members());
        let replica = self.broker.quorum.replica();
        QuorumView { epoch, leader, controls, replayed, image, members, replica }
    }

    /// Shows `visit` the batches of a replica between two offsets that lie there.
    ///
    /// # Errors
    /// The replica is offline, or lacks them.
    pub fn read_replica(
        &self,
        topic_id: Uuid,
        index: i32,
        (from, to): (Offset, Offset),
        visit: impl FnMut(&Bytes),
    ) -> Result<(), ErrorCode> {
        let partition = self.broker.replicas.find_by_id(topic_id, index);
        let partition: Arc<Partition<E>> = partition.ok_or(ErrorCode::UnknownTopicOrPartition)?;
        partition.read_between(from, to, visit)
    }
}
