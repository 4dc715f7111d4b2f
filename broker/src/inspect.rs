//! What a node looks like from outside, for whoever judges it: simulation, tests, the operator's tools.

use std::{collections::BTreeMap, sync::Arc};

use bytes::{Bytes, BytesMut};
use ottla_core::{
    config::BrokerConfig,
    controller::Image,
    env::{Disk, Env},
    errors::ErrorCode,
    log::Log,
    raft::{Membership, ReplicaKey},
    record::batch,
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};

use crate::{
    Running,
    partition::Partition,
    replica_manager::{Checkpoints, directory},
    start::StartError,
    sync_state::SyncState,
};

/// What recovery makes of one partition's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveredLog {
    /// Where it starts.
    pub start: Offset,
    /// Where it ends.
    pub end: Offset,
    /// Its batches.
    pub batches: Vec<Bytes>,
}

/// Recovers the logs of some partitions, by topic and number, as a start does, whatever the cluster is; those that have no
/// directory are left out. What recovery cuts is cut.
///
/// # Errors
/// The directory or a log cannot be opened: the sentence of the start that would be refused, or of the log that would be
/// offline.
pub async fn recover<E: Env>(
    env: &E,
    config: &BrokerConfig,
    partitions: &[(String, i32)],
) -> Result<BTreeMap<(String, i32), RecoveredLog>, String> {
    let failed = |doing: &str| {
        let doing = doing.to_owned();
        move |e| StartError::disk(&doing, e).to_string()
    };
    let dirs = config.log_dirs();
    let dir = dirs.first().ok_or("log.dirs is empty")?;
    let disk = env.open_disk(dir).map_err(failed("opening log.dirs"))?;
    let (_, believed) = SyncState::open(&disk).map_err(failed("opening the sync state"))?;
    let checkpoints =
        Checkpoints::read(&disk, !believed, env.boot_id()).map_err(|refused| refused.to_string())?;
    let mut recovered = BTreeMap::new();
    for (topic, index) in partitions {
        let dir = directory(topic, *index);
        if disk.list(&dir).is_err() {
            continue;
        }
        let known = checkpoints.known(topic, *index);
        let config = config.log_config(&BTreeMap::new());
        let opened = Log::open(disk.clone(), &dir, config, known, env.wall());
        let (mut log, _) = opened.map_err(|e| format!("{dir} is offline: {e}"))?;
        let set = log.sync_set().map_err(failed("opening a segment"))?;
        let dirs: Vec<&str> = set.dirs.iter().map(String::as_str).collect();
        disk.sync(&set.files, &dirs).await.map_err(failed("syncing what was recovered"))?;
        let batches = read(&log).map_err(failed("reading what was recovered"))?;
        let (start, end) = (log.log_start(), log.log_end());
        recovered.insert((topic.clone(), *index), RecoveredLog { start, end, batches });
    }
    Ok(recovered)
}

/// All batches of a log.
fn read<D: Disk>(log: &Log<D>) -> std::io::Result<Vec<Bytes>> {
    let (mut from, mut batches) = (log.log_start(), Vec::new());
    while let Some(slice) = log.read(from, 1 << 20, true, log.log_end())? {
        let mut bytes = BytesMut::new();
        slice.read_into(&mut bytes)?;
        let bytes = bytes.freeze();
        for (at, batch) in batch::batches(&bytes) {
            from = batch.last_offset() + 1;
            batches.push(bytes.slice(at..at + batch.size().expect("it is whole")));
        }
    }
    Ok(batches)
}

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
    /// Of a leader: the partition's epoch that it goes by, which may be older than what its node has replayed.
    pub partition_epoch: Option<i32>,
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
