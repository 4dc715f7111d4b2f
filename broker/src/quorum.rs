//! The metadata log: a Raft machine over a partition's log, and the image that its replay makes.
//!
//! One command at a time: it is decided against the image, its records are appended as one batch, and once
//! they are committed the image and the replicas take them in. So every decision sees the one before it,
//! and nobody is told of what could still be lost.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, RwLock},
};

use bytes::{Bytes, BytesMut};
use ottla_core::{
    controller::{
        Image,
        records::{QuorumState, Record},
    },
    env::{
        Env,
        disk::{read_file, replace_file},
    },
    errors::ErrorCode,
    raft::{Effect, ElectionState, Input, LogEnd, Raft, Timing},
    record::{
        BatchBuilder, BatchView, Codec,
        batch::{attributes, records},
        builder::seal,
    },
    types::{LeaderEpoch, NodeId, Offset},
};

use crate::{StartError, partition::Partition, replica_manager::ReplicaManager};

/// The name of the metadata log, as a topic and in its directory's name.
pub(crate) const METADATA_TOPIC: &str = "__cluster_metadata";
/// The file of the vote, in the metadata log's directory.
const ELECTION_FILE: &str = "__cluster_metadata-0/quorum-state";

/// This node's part in the quorum.
pub(crate) struct Quorum<E: Env> {
    env: E,
    node: NodeId,
    partition: Arc<Partition<E>>,
    raft: Mutex<Raft>,
    image: RwLock<Arc<Image>>,
    /// Commands wait for their turn in the order in which they came.
    turn: tokio::sync::Mutex<()>,
}

/// Reads the vote; none was cast where there is no file.
pub(crate) fn election_state<E: Env>(disk: &E::Disk) -> Result<ElectionState, StartError> {
    let bytes =
        read_file(disk, ELECTION_FILE).map_err(|e| StartError::disk("reading the quorum's state", e))?;
    match bytes {
        None => Ok(ElectionState::default()),
        Some(bytes) => QuorumState::from_file(&bytes).ok_or_else(|| {
            StartError::Refused(format!("{ELECTION_FILE} is damaged: restore it from a backup of this node"))
        }),
    }
}

impl<E: Env> Quorum<E> {
    /// Replays the log and takes the lead in a new epoch; a single voter needs nobody else.
    ///
    /// # Errors
    /// The log cannot be read or written, or holds a record of another release.
    pub(crate) async fn start(
        env: E,
        node: NodeId,
        disk: &E::Disk,
        partition: Arc<Partition<E>>,
        state: ElectionState,
    ) -> Result<Arc<Quorum<E>>, StartError> {
        let mut image = Image::default();
        let mut refused = None;
        let read = partition.read_all(|batch| {
            if refused.is_none() {
                refused = replay_batch(&mut image, batch).err();
            }
        });
        read.map_err(|code| StartError::Refused(format!("the metadata log cannot be read: {code}")))?;
        if let Some(why) = refused {
            return Err(StartError::Refused(why));
        }
        let quorum = Arc::new(Quorum {
            env,
            node,
            partition,
            raft: Mutex::new(Raft::new(node, [node].into(), Timing::default(), state)),
            image: RwLock::new(Arc::new(image)),
            turn: tokio::sync::Mutex::new(()),
        });
        quorum.lead(disk).await?;
        Ok(quorum)
    }

    /// The epoch that the machine votes for, before it is on disk: the next one.
    async fn lead(&self, disk: &E::Disk) -> Result<(), StartError> {
        let end = self.partition.own_end().map_err(unwritable)?.end;
        let last = Offset(end.0 - 1);
        let epoch = self.partition.epoch_at(last).unwrap_or(LeaderEpoch(0));
        let mut inputs = VecDeque::from([Input::Log(LogEnd { epoch, offset: end }, end), Input::Start]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.step(input) {
                match effect {
                    Effect::Persist(state) => {
                        let file = Bytes::from(QuorumState::to_file(state));
                        let written = replace_file(disk, ELECTION_FILE, file).await;
                        written.map_err(|e| StartError::disk("writing the quorum's state", e))?;
                        inputs.push_back(Input::Persisted(state));
                    }
                    Effect::Lead(epoch) => {
                        self.partition.begin_epoch(epoch);
                        let began = self.append(leader_change(self.node, epoch, self.env.wall().0)).await;
                        let (base, end) = began.map_err(unwritable)?;
                        inputs.push_back(Input::EpochBegan(base));
                        inputs.push_back(Input::Log(LogEnd { epoch, offset: end }, end));
                    }
                    Effect::FindLeader | Effect::Commit(_) => {}
                    other => unreachable!("RAFT-1: a quorum of one has nobody for {other:?}"),
                }
            }
        }
        Ok(())
    }

    /// A step of the machine. It draws nothing: there is nobody to tie with.
    fn step(&self, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.raft.lock().expect(NO_PANIC).step(self.env.now(), 0, input, &mut effects);
        effects
    }

    /// The log is durable up to there in the epoch that this node leads; returns what that has committed.
    fn durable(&self, end: Offset) -> Vec<Effect> {
        let leads = self.raft.lock().expect(NO_PANIC).leads();
        let epoch = leads.expect("RAFT-1: a quorum of one leads from its start on");
        self.step(Input::Log(LogEnd { epoch, offset: end }, end))
    }

    /// Appends a batch and waits until it is durable here; returns where it begins and ends.
    async fn append(&self, batch: BytesMut) -> Result<(Offset, Offset), ErrorCode> {
        let appended = self.partition.append_own(batch, self.env.wall())?;
        self.partition.reached(appended.end).await?;
        Ok((appended.base, appended.end))
    }

    /// The image of what is committed by now.
    pub(crate) fn image(&self) -> Arc<Image> {
        self.image.read().expect(NO_PANIC).clone()
    }

    /// Decides against the image, commits the records, and lets image and replicas take them in.
    ///
    /// # Errors
    /// The records could not be committed; they may come into force after a restart.
    pub(crate) async fn command<T>(
        &self,
        replicas: &ReplicaManager<E>,
        decide: impl FnOnce(&Image) -> (Vec<Record>, T),
    ) -> Result<T, ErrorCode> {
        let _turn = self.turn.lock().await;
        let (records, reply) = decide(&self.image());
        if records.is_empty() {
            return Ok(reply);
        }
        let mut builder = BatchBuilder::new(Codec::None);
        let now = self.env.wall().0;
        records.iter().for_each(|record| builder.push(now, None, Some(&record.encode()), &[]));
        let (_, end) = self.append(BytesMut::from(&builder.build()[..])).await?;
        let committed = self.durable(end);
        assert_eq!(committed, [Effect::Commit(end)], "RAFT-1");
        {
            let mut image = self.image.write().expect(NO_PANIC);
            let image = Arc::make_mut(&mut image);
            records.iter().for_each(|record| image.replay(record));
        }
        replicas.apply(&records, self).await;
        Ok(reply)
    }
}

fn unwritable(code: ErrorCode) -> StartError {
    StartError::Refused(format!("the metadata log cannot be written: {code}"))
}

/// The control batch that begins an epoch: Kafka's leader change message, version 0.
fn leader_change(node: NodeId, epoch: LeaderEpoch, now: i64) -> BytesMut {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.flags = attributes::CONTROL;
    builder.leader_epoch = epoch;
    // Key: version 0, type 2. Value: version, leader, voters, voters that granted, tagged fields.
    let key = [0, 0, 0, 2];
    let voter = [&[2][..], &node.0.to_be_bytes(), &[0]].concat();
    let value = [&0i16.to_be_bytes()[..], &node.0.to_be_bytes(), &voter, &voter, &[0]].concat();
    builder.push(now, Some(&key), Some(&value), &[]);
    let mut batch = BytesMut::from(&builder.build()[..]);
    seal(&mut batch);
    batch
}

fn replay_batch(image: &mut Image, batch: &[u8]) -> Result<(), String> {
    let view = BatchView::new(batch).ok_or("a metadata batch is cut off")?;
    if view.is_control() {
        return Ok(());
    }
    for record in records(view.payload()) {
        image.replay(&Record::decode(record.value.unwrap_or_default())?);
    }
    Ok(())
}

const NO_PANIC: &str = "a panic under a lock ends the process";
