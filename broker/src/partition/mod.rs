//! One partition: its log behind a short lock, its part in replication, and who waits for it.
//!
//! The lock is never held across an await. Appending, reading and completing happen under it; syncs happen
//! in the directory's [`Flusher`](crate::flusher::Flusher). What a leader does for its followers, and a follower with
//! what it fetched, is in [`replication`].

pub(crate) mod replication;
mod unsynced;
mod waiters;

use std::{
    future::poll_fn,
    io,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use ottla_core::{
    env::Env,
    errors::ErrorCode,
    log::{
        Log, LogConfig, SyncSet,
        lookup::{FoundRecord, LookupError, Slice},
        producer_state::Verdict,
    },
    planted::is_planted,
    record::BatchView,
    situations::{Situation, reached},
    types::{LeaderEpoch, Offset, Timestamp, TopicName, Uuid},
};
use tokio::sync::Notify;

use self::{
    replication::Role,
    waiters::{Reached, Waiters},
};
use crate::{backlog::Mark, flusher::Flusher};

/// A partition of a topic, as this broker serves it.
pub struct Partition<E: Env> {
    /// The topic.
    pub topic: TopicName,
    /// The topic's id.
    pub topic_id: Uuid,
    /// The partition's number.
    pub index: i32,
    env: E,
    flusher: Arc<Flusher<E>>,
    /// It waits for the flusher already.
    queued: Mark,
    /// It waits for the next checkpoint already.
    touched: Mark,
    inner: Mutex<Inner<E>>,
}

struct Inner<E: Env> {
    /// The log, unless the disk failed it.
    log: Result<Log<E::Disk>, Offline>,
    epoch: LeaderEpoch,
    role: Role,
    high_watermark: Offset,
    waiters: Waiters,
    /// A task completes writes that are in flight.
    completing: bool,
    /// Its role is about to change: nothing is appended meanwhile.
    is_changing: bool,
    /// The log is being cut: its role changes only after that.
    is_cutting: bool,
    /// Where the log is about to begin anew.
    begins_at: Option<Offset>,
    /// The directory says that this partition acknowledges what no sync has covered.
    is_noted: bool,
}

/// A partition whose log cannot be used; its checkpoints keep what they said of it.
#[derive(Clone, Debug)]
pub(crate) struct Offline {
    /// What failed.
    pub(crate) why: String,
    /// The last recovery point.
    pub(crate) recovery_point: Offset,
    /// The last log start.
    pub(crate) log_start: Offset,
    /// The disk failed it while it was served, and will fail others.
    pub(crate) is_failing: bool,
}

/// A producer's batch on its way into the log.
pub(crate) struct Incoming {
    /// The batch, checked.
    pub(crate) batch: BytesMut,
    /// Which request and which of its partitions it belongs to.
    pub(crate) slot: (usize, usize),
    /// It is acknowledged once all in-sync replicas have it, not once this one has.
    pub(crate) for_all: bool,
    /// What became of it.
    pub(crate) result: Result<Appended, ErrorCode>,
}

/// Where a batch lies, or lay already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Appended {
    /// Its first offset.
    pub(crate) base: Offset,
    /// The offset that the high watermark must reach.
    pub(crate) end: Offset,
    /// The epoch it was appended in.
    pub(crate) epoch: LeaderEpoch,
    /// The log's start at that time.
    pub(crate) log_start: Offset,
    /// The time of the append where the topic stamps its records with it, otherwise -1.
    pub(crate) append_time: i64,
}

/// What a reader sees of the positions, all of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Positions {
    pub(crate) log_start: Offset,
    pub(crate) high_watermark: Offset,
    pub(crate) epoch: LeaderEpoch,
    /// The high watermark has reached the epoch in which this node leads: it is no earlier than any that was told
    /// before (KIP-207).
    pub(crate) is_current: bool,
}

impl<E: Env> Partition<E> {
    /// A partition that follows nobody yet, with its log opened and synced; `high_watermark` as far as it is known.
    pub(crate) fn new(
        env: E,
        flusher: Arc<Flusher<E>>,
        (topic, topic_id, index): (TopicName, Uuid, i32),
        log: Result<Log<E::Disk>, Offline>,
        high_watermark: Offset,
    ) -> Arc<Partition<E>> {
        let mut inner = Inner {
            log,
            epoch: LeaderEpoch(-1),
            role: Role::Follower(None),
            high_watermark: Offset(0),
            waiters: Waiters::default(),
            completing: false,
            is_changing: false,
            is_cutting: false,
            begins_at: None,
            is_noted: false,
        };
        if let Ok(log) = &inner.log {
            inner.high_watermark = high_watermark.clamp(log.log_start(), log.log_end());
        }
        let (queued, touched) = (Mark::new(), Mark::new());
        let partition = Arc::new(Partition {
            topic,
            topic_id,
            index,
            env,
            flusher,
            queued,
            touched,
            inner: Mutex::new(inner),
        });
        // What recovery read again, the next checkpoint covers.
        partition.written(&partition.lock());
        partition
    }

    fn lock(&self) -> MutexGuard<'_, Inner<E>> {
        self.inner.lock().expect("a panic under a partition's lock ends the process")
    }

    /// The topic's settings for the log; `None` while the log is offline.
    pub(crate) fn config(&self) -> Option<Arc<LogConfig>> {
        self.lock().log.as_ref().ok().map(|log| log.config().clone())
    }

    /// Appends batches in one write, and tells `signal` once what was not yet kept is. Each batch's result
    /// is left in it.
    pub(crate) fn append(self: &Arc<Self>, batches: &mut [Incoming], now: Timestamp, signal: &Arc<Notify>) {
        let mut inner = self.lock();
        let epoch = inner.epoch;
        let (mut wait_for, mut bytes) = ([None; 2], 0);
        for incoming in batches.iter_mut() {
            bytes += incoming.batch.len() as u64;
            let batch = std::mem::take(&mut incoming.batch);
            incoming.result =
                inner.may_append(incoming.for_all).and_then(|()| inner.stage(batch, epoch, now));
            if let Ok(appended) = &incoming.result {
                let wait_for = &mut wait_for[usize::from(incoming.for_all)];
                *wait_for = (*wait_for).max(Some(appended.end));
            }
        }
        self.submit(&mut inner);
        self.flusher.count(if inner.log.as_ref().is_ok_and(|log| log.config().sync_each()) {
            bytes
        } else {
            0
        });
        let kept = inner.kept();
        if let Some(at) = wait_for[0].filter(|at| kept < *at) {
            inner.waiters.wait(Reached::Kept, at, signal);
        }
        if let Some(at) = wait_for[1].filter(|at| inner.high_watermark < *at) {
            inner.waiters.wait(Reached::Committed, at, signal);
        }
    }

    /// Whether something of our own could be appended in an epoch.
    ///
    /// # Errors
    /// Another broker leads, the epoch is over, too few replicas are in sync, or the log is offline.
    pub(crate) fn check_append(&self, epoch: LeaderEpoch) -> Result<(), ErrorCode> {
        let inner = self.lock();
        if inner.epoch != epoch {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        inner.may_append(true)
    }

    /// Appends one batch of our own in an epoch that this broker leads, with offsets and checksum still to be set;
    /// returns where it ends.
    pub(crate) fn append_own(
        self: &Arc<Self>,
        batch: BytesMut,
        epoch: LeaderEpoch,
        now: Timestamp,
    ) -> Result<Appended, ErrorCode> {
        let mut inner = self.lock();
        if inner.epoch != epoch {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        inner.may_append(true)?;
        let appended = inner.stage(batch, epoch, now);
        self.submit(&mut inner);
        appended
    }

    /// Writes what was staged; completes it at once if the disk did, and tells the flusher.
    fn submit(self: &Arc<Self>, inner: &mut Inner<E>) {
        let submitted = match &mut inner.log {
            Ok(log) => log.submit(),
            Err(_) => return,
        };
        match submitted {
            Err(e) => inner.fail(&format!("writing failed: {e}")),
            Ok(()) if inner.completing => {}
            Ok(()) => match inner.complete(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(()) => self.written(inner),
                Poll::Pending => {
                    inner.completing = true;
                    let partition = self.clone();
                    self.env.spawn("complete-writes", async move { partition.complete_later().await });
                }
            },
        }
    }

    async fn complete_later(self: Arc<Self>) {
        poll_fn(|cx| {
            let mut inner = self.lock();
            let done = inner.complete(cx);
            if done.is_ready() {
                inner.completing = false;
            }
            self.written(&inner);
            done
        })
        .await;
    }

    /// Queues for the flusher and the next checkpoint if there is reason to.
    fn written(self: &Arc<Self>, inner: &Inner<E>) {
        let Ok(log) = &inner.log else { return };
        let unsynced = (log.log_end() - log.durable_end()) as u64;
        if log.config().flush_messages <= unsynced || !inner.is_noted && 0 < unsynced {
            self.flusher.enqueue(&self.queued, self);
        }
        if log.recovery_point() < log.log_end() {
            self.flusher.touch(&self.touched, self);
        }
    }

    /// What became of an append: `None` while it is not kept yet, here or, if it is `for_all`, everywhere in sync.
    pub(crate) fn outcome(&self, appended: &Appended, for_all: bool) -> Option<ErrorCode> {
        self.lock().outcome(appended, for_all)
    }

    /// Tells `signal` once the high watermark has passed where it stands now, or the partition fails.
    pub(crate) fn wait_for_data(&self, signal: &Arc<Notify>) {
        let mut inner = self.lock();
        let at = inner.high_watermark + 1;
        inner.waiters.wait(Reached::Committed, at, signal);
    }

    /// The log's end, as something of our own that is appended up to there.
    ///
    /// # Errors
    /// The log is offline.
    pub(crate) fn own_end(&self) -> Result<Appended, ErrorCode> {
        let inner = self.lock();
        let log = inner.log.as_ref().map_err(|_| ErrorCode::KafkaStorageError)?;
        let (end, log_start) = (log.log_end(), log.log_start());
        Ok(Appended { base: log_start, end, epoch: inner.epoch, log_start, append_time: -1 })
    }

    /// Waits until an append is committed.
    ///
    /// # Errors
    /// The log failed, or the epoch of the append is over.
    pub(crate) async fn committed(&self, appended: &Appended) -> Result<(), ErrorCode> {
        let signal = Arc::new(Notify::new());
        loop {
            {
                let mut inner = self.lock();
                match inner.outcome(appended, true) {
                    Some(ErrorCode::None) => return Ok(()),
                    Some(code) => return Err(code),
                    None => inner.waiters.wait(Reached::Committed, appended.end, &signal),
                }
            }
            signal.notified().await;
        }
    }

    /// The positions of this moment.
    ///
    /// # Errors
    /// The log is offline, or another broker leads.
    pub(crate) fn positions(&self) -> Result<Positions, ErrorCode> {
        self.lock().led()
    }

    /// Reads from `from` up to the high watermark, as the leader.
    ///
    /// # Errors
    /// The log is offline, another broker leads, `from` lies outside of the log, or the disk cannot read.
    #[allow(clippy::type_complexity)]
    pub(crate) fn read(
        &self,
        from: Offset,
        max_bytes: u64,
        at_least_one: bool,
    ) -> Result<(Positions, Option<Slice<E::Disk>>), ErrorCode> {
        let mut inner = self.lock();
        let positions = inner.led()?;
        let slice = inner.read_to(positions.high_watermark, from, max_bytes, at_least_one)?;
        Ok((positions, slice))
    }

    /// The first record at or after `timestamp` that consumers may see.
    ///
    /// # Errors
    /// The log is offline, or the disk cannot read.
    pub(crate) fn find_timestamp(&self, timestamp: i64) -> Result<Option<FoundRecord>, ErrorCode> {
        let mut inner = self.lock();
        let positions = inner.led()?;
        let log = inner.log.as_ref().expect("it has positions");
        let found = log.find_timestamp(timestamp, positions.high_watermark);
        inner.looked_up(found)
    }

    /// The record with the largest timestamp.
    ///
    /// # Errors
    /// The log is offline, or the disk cannot read.
    pub(crate) fn find_max_timestamp(&self) -> Result<Option<FoundRecord>, ErrorCode> {
        let mut inner = self.lock();
        inner.led()?;
        let found = inner.log.as_ref().expect("it has positions").find_max_timestamp();
        inner.looked_up(found)
    }

    /// Where the largest epoch at most `epoch` ends.
    ///
    /// # Errors
    /// The log is offline.
    pub(crate) fn end_of_epoch(
        &self,
        epoch: LeaderEpoch,
    ) -> Result<Option<(LeaderEpoch, Offset)>, ErrorCode> {
        let inner = self.lock();
        inner.led()?;
        let log = inner.log.as_ref().expect("it has positions");
        Ok(log.epochs().end_of(epoch, log.log_end()))
    }

    /// Nothing more is appended: the next checkpoint is the last.
    pub(crate) fn finish(self: &Arc<Self>) {
        if self.lock().log.as_mut().is_ok_and(Log::finish) {
            self.flusher.touch(&self.touched, self);
        }
    }

    /// The epoch of the record at `offset`.
    pub(crate) fn epoch_at(&self, offset: Offset) -> Option<LeaderEpoch> {
        self.lock().log.as_ref().ok()?.epochs().epoch_at(offset)
    }

    /// Moves the log's start to `to`, or to the high watermark where `to` is -1. The caller makes it
    /// durable. Returns the log's start.
    ///
    /// # Errors
    /// The log is offline, or `to` lies beyond the high watermark.
    pub(crate) fn delete_records(&self, to: i64) -> Result<Offset, ErrorCode> {
        let mut inner = self.lock();
        let positions = inner.led()?;
        let to = if to == -1 { positions.high_watermark } else { Offset(to) };
        if to < Offset(0) || positions.high_watermark < to {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let log = inner.log.as_mut().expect("it has positions");
        log.advance_start(to);
        Ok(log.log_start())
    }

    /// Lets retention and the expiration of producers act; returns whether the log's start moved.
    pub(crate) fn retain(&self, now: Timestamp, producer_expiration_ms: i64) -> bool {
        let mut inner = self.lock();
        let high_watermark = inner.high_watermark;
        let Ok(log) = &mut inner.log else { return false };
        log.expire_producers(now, producer_expiration_ms);
        let start = log.retention_start(high_watermark, now);
        let moved = log.log_start() < start;
        log.advance_start(start);
        moved
    }

    /// Takes segments below the durable start out of the log; returns the files to remove later.
    pub(crate) fn delete_segments(&self, durable_start: Offset, now: Timestamp) -> Vec<String> {
        let mut inner = self.lock();
        let Ok(log) = &mut inner.log else { return Vec::new() };
        let deleted = log.delete_below_start(durable_start, now);
        inner.disk_result("deleting segments", deleted).unwrap_or_default()
    }

    /// For the directory's checkpoints: recovery point and log start.
    pub(crate) fn checkpoint_offsets(&self) -> (Offset, Offset) {
        let inner = self.lock();
        match &inner.log {
            Ok(log) => (log.recovery_point(), inner.begins_at.unwrap_or(log.log_start())),
            Err(offline) => (offline.recovery_point, offline.log_start),
        }
    }

    /// For the checkpoint of high watermarks: never beyond what is durable here.
    pub(crate) fn durable_high_watermark(&self) -> Offset {
        let inner = self.lock();
        inner.log.as_ref().map_or(Offset(0), |log| inner.high_watermark.min(log.durable_end()))
    }

    /// Whether the last checkpoint covers the whole log.
    pub(crate) fn is_checkpointed(&self) -> bool {
        self.lock().log.as_ref().is_ok_and(|log| log.recovery_point() == log.log_end())
    }

    /// Begins a round of the flusher.
    pub(crate) fn sync_set(&self) -> Option<SyncSet<E::Disk>> {
        self.queued.clear();
        let mut inner = self.lock();
        let set = inner.log.as_mut().ok()?.sync_set();
        inner.disk_result("opening files to sync", set).ok()
    }

    /// Begins a checkpoint.
    pub(crate) fn checkpoint_set(&self) -> Option<SyncSet<E::Disk>> {
        self.touched.clear();
        let mut inner = self.lock();
        let set = inner.log.as_mut().ok()?.checkpoint_set();
        inner.disk_result("writing indexes and snapshots", set).ok()
    }

    /// Ends a round of the flusher or a checkpoint.
    pub(crate) fn synced(self: &Arc<Self>, set: &SyncSet<E::Disk>) {
        let mut inner = self.lock();
        let Ok(log) = &mut inner.log else { return };
        log.synced(set);
        if log.config().sync_each() && log.durable_end() == log.log_end() {
            inner.is_noted = false;
        }
        inner.advance();
        self.written(&inner);
    }

    /// Removes snapshots that the checkpoint made needless.
    pub(crate) fn drop_snapshots(&self) {
        if let Ok(log) = &mut self.lock().log {
            log.drop_snapshots();
        }
    }

    /// Takes the partition offline: its disk failed, or it was deleted.
    pub(crate) fn fail(&self, why: &str) {
        self.lock().fail(why);
    }

    /// The batches of the log up to the high watermark, one after the other. For logs of our own.
    ///
    /// # Errors
    /// The log is offline, or the disk cannot read.
    pub(crate) fn read_all(&self, visit: impl FnMut(&Bytes)) -> Result<(), ErrorCode> {
        let positions = self.lock().positions()?;
        self.read_between(positions.log_start, positions.high_watermark, visit)
    }

    /// The batches between two offsets, one after the other; they lie there, whoever leads. For logs of our own.
    ///
    /// # Errors
    /// The log is offline or lacks them, or the disk cannot read.
    pub(crate) fn read_between(
        &self,
        mut from: Offset,
        to: Offset,
        mut visit: impl FnMut(&Bytes),
    ) -> Result<(), ErrorCode> {
        loop {
            if to <= from {
                return Ok(());
            }
            let slice = self.lock().read_to(to, from, 1 << 20, true)?;
            let Some(slice) = slice else { return Err(ErrorCode::KafkaStorageError) };
            let mut bytes = BytesMut::new();
            slice.read_into(&mut bytes).map_err(|_| ErrorCode::KafkaStorageError)?;
            let bytes = bytes.freeze();
            for (at, batch) in ottla_core::record::batch::batches(&bytes) {
                from = batch.last_offset() + 1;
                visit(&bytes.slice(at..at + batch.size().expect("it is whole")));
            }
        }
    }
}

impl<E: Env> Inner<E> {
    fn outcome(&self, appended: &Appended, for_all: bool) -> Option<ErrorCode> {
        match &self.log {
            Err(_) => Some(ErrorCode::KafkaStorageError),
            Ok(_) if self.epoch != appended.epoch || !self.leads() => Some(ErrorCode::NotLeaderOrFollower),
            Ok(_) => {
                let reached = if for_all { self.high_watermark } else { self.kept() };
                (appended.end <= reached).then_some(ErrorCode::None)
            }
        }
    }

    fn positions(&self) -> Result<Positions, ErrorCode> {
        let log = self.log.as_ref().map_err(|_| ErrorCode::KafkaStorageError)?;
        let is_current = match &self.role {
            Role::Leader(leader) => leader.epoch_start() <= self.high_watermark,
            Role::Quorum { .. } | Role::Follower(_) => true,
        };
        let (log_start, high_watermark, epoch) = (log.log_start(), self.high_watermark, self.epoch);
        Ok(Positions { log_start, high_watermark, epoch, is_current })
    }

    /// The positions, if this broker leads.
    fn led(&self) -> Result<Positions, ErrorCode> {
        let positions = self.positions()?;
        if self.leads() { Ok(positions) } else { Err(ErrorCode::NotLeaderOrFollower) }
    }

    /// What is kept here: synced, where the topic wants that, or where it is not noted that the topic does not.
    fn kept(&self) -> Offset {
        match &self.log {
            Ok(log) if self.is_noted && !log.config().sync_each() => log.completed_end(),
            Ok(log) if is_planted("partition/acknowledges-before-sync") => log.completed_end(),
            Ok(log) => log.durable_end(),
            Err(_) => Offset(0),
        }
    }

    fn read_to(
        &mut self,
        limit: Offset,
        from: Offset,
        max_bytes: u64,
        at_least_one: bool,
    ) -> Result<Option<Slice<E::Disk>>, ErrorCode> {
        let log = self.log.as_ref().map_err(|_| ErrorCode::KafkaStorageError)?;
        if from < log.log_start() || log.log_end() < from {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let slice = log.read(from, max_bytes, at_least_one, limit);
        self.disk_result("reading", slice)
    }

    /// Judges a batch's sequence and reserves its offsets.
    fn stage(&mut self, batch: BytesMut, epoch: LeaderEpoch, now: Timestamp) -> Result<Appended, ErrorCode> {
        let log = self.log.as_mut().map_err(|_| ErrorCode::KafkaStorageError)?;
        let log_start = log.log_start();
        let append_time = if log.config().log_append_time { now.0 } else { -1 };
        match log.producers().judge(&BatchView::new(&batch).expect("it was checked")) {
            Verdict::Refuse(code) => Err(code),
            Verdict::Duplicate(known) => {
                // Kafka tells a duplicate's time whatever the topic's timestamps are.
                let append_time = known.timestamp;
                Ok(Appended {
                    base: known.base_offset(),
                    end: known.last_offset + 1,
                    epoch,
                    log_start,
                    append_time,
                })
            }
            Verdict::Append => {
                let staged = log.stage(batch, epoch, now);
                let end = log.log_end();
                let base = self.disk_result("making a segment", staged)?;
                Ok(Appended { base, end, epoch, log_start, append_time })
            }
        }
    }

    /// Completes writes; the high watermark follows.
    fn complete(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Ok(log) = &mut self.log else { return Poll::Ready(()) };
        let done = match log.poll_writes(cx) {
            Poll::Ready(Err(e)) => {
                self.fail(&format!("writing failed: {e}"));
                return Poll::Ready(());
            }
            Poll::Ready(Ok(())) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        };
        self.advance();
        done
    }

    /// Raises the high watermark to what is committed, and tells who waits.
    fn advance(&mut self) {
        let Ok(log) = &self.log else { return };
        let (kept, completed) = (self.kept(), log.completed_end());
        self.waiters.tell(Reached::Written, completed);
        self.waiters.tell(Reached::Kept, kept);
        if let Role::Leader(leader) = &self.role
            && let Some(committed) = leader.committed(kept)
        {
            if self.high_watermark < committed && leader.proposal().is_some() {
                reached(Situation::CommitsUnderProposal);
            }
            self.raise_high_watermark(committed);
        }
    }

    fn raise_high_watermark(&mut self, to: Offset) {
        if self.high_watermark < to {
            self.high_watermark = to;
            self.waiters.tell(Reached::Committed, to);
        }
    }

    fn fail(&mut self, why: &str) {
        let (recovery_point, log_start) = match &self.log {
            Ok(log) => (log.recovery_point(), log.log_start()),
            Err(_) => return,
        };
        self.log = Err(Offline { why: why.to_owned(), recovery_point, log_start, is_failing: true });
        self.waiters.tell_all();
    }

    /// What a lookup by time found. Records that nobody can decompress are their producer's mistake.
    fn looked_up(
        &mut self,
        found: Result<Option<FoundRecord>, LookupError>,
    ) -> Result<Option<FoundRecord>, ErrorCode> {
        match found {
            Ok(found) => Ok(found),
            Err(LookupError::Disk(e)) => self.disk_result("looking up a timestamp", Err(e)),
            Err(LookupError::Unreadable(why)) => {
                tracing::warn!("a timestamp cannot be looked up: {why}");
                Err(ErrorCode::UnknownServerError)
            }
        }
    }

    /// A failing disk takes the partition offline: half-done steps cannot be trusted.
    fn disk_result<T>(&mut self, doing: &str, result: io::Result<T>) -> Result<T, ErrorCode> {
        result.map_err(|e| {
            tracing::error!("{doing} failed: {e}; the partition is offline");
            self.fail(&format!("{doing} failed: {e}"));
            ErrorCode::KafkaStorageError
        })
    }
}
