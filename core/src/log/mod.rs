//! The log of one partition: segments, indexes, epochs, producers; and which part of it is safe.
//!
//! An append is *reserve, write, complete*. [`Log::stage`] reserves offsets and takes the bytes,
//! [`Log::submit`] hands all that was staged to the disk in one write, [`Log::poll_writes`] completes in
//! order. Four offsets follow each other (invariant LOG-1):
//!
//! ```text
//! log start ≤ durable end ≤ completed end ≤ log end
//!             synced         readable        reserved
//! ```
//! Nothing here waits or sleeps: what takes time is a ticket of the disk that a driver awaits.

pub mod checkpoint;
pub mod index;
pub mod leader_epochs;
pub mod lookup;
pub mod producer_state;
pub mod recovery;
pub mod retention;
pub mod segment;
pub mod truncate;
pub mod unsynced;

use std::{
    collections::VecDeque,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};

use self::{
    leader_epochs::LeaderEpochs,
    producer_state::ProducerState,
    segment::{Placed, RollLimits, Segment},
};
use crate::{
    env::{Disk, OpenMode},
    record::{BatchView, Rules},
    types::{LeaderEpoch, Offset, Timestamp},
};

/// A partition's settings, in the log's own units. A new value is swapped in whole.
#[derive(Clone, Debug, PartialEq)]
pub struct LogConfig {
    /// `segment.bytes`.
    pub segment_bytes: u64,
    /// `segment.ms`.
    pub segment_ms: i64,
    /// `segment.index.bytes`.
    pub segment_index_bytes: u64,
    /// `index.interval.bytes`.
    pub index_interval_bytes: u64,
    /// `retention.ms`; `None` keeps records for ever.
    pub retention_ms: Option<i64>,
    /// `retention.bytes`; `None` keeps any number.
    pub retention_bytes: Option<u64>,
    /// `cleanup.policy` has `delete`.
    pub delete: bool,
    /// `cleanup.policy` has `compact`.
    pub compact: bool,
    /// `max.message.bytes`.
    pub max_message_bytes: usize,
    /// `message.timestamp.type` is `LogAppendTime`.
    pub log_append_time: bool,
    /// `message.timestamp.before.max.ms`.
    pub timestamp_before_max_ms: i64,
    /// `message.timestamp.after.max.ms`.
    pub timestamp_after_max_ms: i64,
    /// `flush.messages`.
    pub flush_messages: u64,
    /// `min.insync.replicas`.
    pub min_insync_replicas: usize,
    /// `ottla.validate.compressed`.
    pub validate_compressed: bool,
    /// `file.delete.delay.ms`.
    pub file_delete_delay_ms: u64,
}

impl LogConfig {
    /// What a batch must obey.
    pub fn rules(&self) -> Rules {
        Rules {
            size_max_bytes: self.max_message_bytes,
            log_append_time: self.log_append_time,
            before_max_ms: self.timestamp_before_max_ms,
            after_max_ms: self.timestamp_after_max_ms,
            key_required: self.compact,
            deep: self.validate_compressed,
        }
    }

    /// Whether a record counts as kept only once it is synced.
    pub fn sync_each(&self) -> bool {
        self.flush_messages == 1
    }

    fn roll_limits(&self) -> RollLimits {
        RollLimits { bytes: self.segment_bytes, ms: self.segment_ms, index_bytes: self.segment_index_bytes }
    }
}

/// The log of one partition.
pub struct Log<D: Disk> {
    disk: D,
    dir: String,
    config: Arc<LogConfig>,
    segments: Vec<Segment<D>>,
    log_start: Offset,
    log_end: Offset,
    completed_end: Offset,
    durable_end: Offset,
    recovery_point: Offset,
    epochs: LeaderEpochs,
    epochs_dirty: bool,
    producers: ProducerState,
    /// Offsets of the snapshot files, ascending.
    snapshots: Vec<Offset>,
    /// The last snapshot was written and no sync has covered it.
    snapshot_dirty: bool,
    staged: Vec<Bytes>,
    staged_at: u64,
    writes: VecDeque<Write<D::Ticket>>,
    /// Files and directory entries were made that no sync has covered.
    entries_dirty: bool,
    /// Small files beside the log that the next sync covers too.
    beside: Vec<D::File>,
    /// How often the log was cut: what was to be synced before a cut says nothing of what lies there after it.
    generation: u64,
}

struct Write<T> {
    ticket: T,
    end: Offset,
    /// The segment, and where in its file the write ends.
    segment: Offset,
    position: u64,
}

/// What one round of syncs must cover for a log, and up to where the log is then durable.
pub struct SyncSet<D: Disk> {
    /// Files with writes.
    pub files: Vec<D::File>,
    /// Directories with new entries.
    pub dirs: Vec<String>,
    /// The end of the log when the set was made.
    pub end: Offset,
    /// The recovery point that may be written down once this is synced.
    pub recovery_point: Option<Offset>,
    /// How often the log had been cut when the set was made.
    pub generation: u64,
}

impl<D: Disk> Log<D> {
    /// Makes an empty log in a new directory; its first record will get `start`.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn create(
        disk: D,
        dir: &str,
        config: Arc<LogConfig>,
        start: Offset,
        now: Timestamp,
    ) -> io::Result<Log<D>> {
        disk.create_dir(dir)?;
        let mut segment = Segment::create(&disk, dir, start, now)?;
        segment.close();
        Ok(Log::assemble(disk, dir, config, vec![segment]))
    }

    fn assemble(disk: D, dir: &str, config: Arc<LogConfig>, segments: Vec<Segment<D>>) -> Log<D> {
        let (start, end) = (segments[0].base, segments[segments.len() - 1].end);
        Log {
            disk,
            dir: dir.to_owned(),
            config,
            segments,
            log_start: start,
            log_end: end,
            completed_end: end,
            durable_end: start,
            recovery_point: start,
            epochs: LeaderEpochs::default(),
            epochs_dirty: false,
            producers: ProducerState::default(),
            snapshots: Vec::new(),
            snapshot_dirty: false,
            staged: Vec::new(),
            staged_at: 0,
            writes: VecDeque::new(),
            entries_dirty: true,
            beside: Vec::new(),
            generation: 0,
        }
    }

    /// The first offset that may be read.
    pub fn log_start(&self) -> Offset {
        self.log_start
    }

    /// The offset that the next record gets.
    pub fn log_end(&self) -> Offset {
        self.log_end
    }

    /// Where completed writes end.
    pub fn completed_end(&self) -> Offset {
        self.completed_end
    }

    /// Where what survives power loss ends.
    pub fn durable_end(&self) -> Offset {
        self.durable_end
    }

    /// Where recovery after a crash would begin.
    pub fn recovery_point(&self) -> Offset {
        self.recovery_point
    }

    /// How often it was cut since it was opened.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The leader epochs.
    pub fn epochs(&self) -> &LeaderEpochs {
        &self.epochs
    }

    /// The producers.
    pub fn producers(&self) -> &ProducerState {
        &self.producers
    }

    /// The settings.
    pub fn config(&self) -> &Arc<LogConfig> {
        &self.config
    }

    /// Takes new settings.
    pub fn set_config(&mut self, config: Arc<LogConfig>) {
        self.config = config;
    }

    /// The directory that holds it.
    pub fn dir(&self) -> &str {
        &self.dir
    }

    /// Its size in bytes, writes in flight included.
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|s| s.size).sum()
    }

    /// Writes a small file into the log's directory; the next sync covers it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write_beside(&mut self, name: &str, contents: Bytes) -> io::Result<()> {
        let file = self.disk.open(&format!("{}/{name}", self.dir), OpenMode::Truncate)?;
        drop(self.disk.submit(&file, 0, &mut vec![contents]));
        self.beside.push(file);
        self.entries_dirty = true;
        Ok(())
    }

    /// Notes that this node leads in `epoch` from the log's end on.
    pub fn begin_epoch(&mut self, epoch: LeaderEpoch) {
        self.epochs_dirty |= self.epochs.assign(epoch, self.log_end);
    }

    /// Leads no more: an epoch in which nothing was appended is none of this log, whose next record may be of an
    /// earlier one.
    pub fn end_epoch(&mut self) {
        let before = self.epochs.latest();
        self.epochs.truncate_from_end(self.log_end);
        self.epochs_dirty |= before != self.epochs.latest();
    }

    /// Forgets producers that were silent for too long.
    pub fn expire_producers(&mut self, now: Timestamp, expiration_ms: i64) {
        self.producers.expire(now, expiration_ms);
    }

    fn active(&mut self) -> &mut Segment<D> {
        self.segments.last_mut().expect("a log has an active segment")
    }

    /// Reserves the next offsets for a batch that was checked, and takes its bytes; they are written at
    /// the next [`Log::submit`]. Patches base offset and leader epoch, which the checksum leaves out.
    /// Returns the batch's base offset.
    ///
    /// # Errors
    /// The disk refuses to make a new segment.
    ///
    /// # Panics
    /// `batch` is not one whole batch.
    pub fn stage(&mut self, mut batch: BytesMut, epoch: LeaderEpoch, now: Timestamp) -> io::Result<Offset> {
        let base = self.log_end;
        batch[..8].copy_from_slice(&base.0.to_be_bytes());
        batch[12..16].copy_from_slice(&epoch.0.to_be_bytes());
        self.place(batch.freeze(), now)?;
        Ok(base)
    }

    /// Takes a batch whose offsets and epoch are set, at the end of the log.
    fn place(&mut self, batch: Bytes, now: Timestamp) -> io::Result<()> {
        let view = BatchView::new(&batch).expect("it was checked");
        let mut placed = Placed {
            position: self.active().size,
            size: batch.len() as u64,
            base_offset: view.base_offset(),
            last_offset: view.last_offset(),
            max_timestamp: view.max_timestamp(),
            leader_epoch: view.leader_epoch(),
        };
        assert!(self.log_end <= placed.base_offset, "LOG-3");
        let limits = self.config.roll_limits();
        if self.active().is_full(&placed, now, &limits) {
            self.roll(now)?;
            placed.position = 0;
        }
        if self.staged.is_empty() {
            self.staged_at = placed.position;
        }
        self.epochs_dirty |= self.epochs.assign(placed.leader_epoch, placed.base_offset);
        self.producers.note(&view);
        let interval = self.config.index_interval_bytes;
        self.active().note(&placed, interval);
        self.log_end = placed.last_offset + 1;
        self.staged.push(batch);
        Ok(())
    }

    /// Hands what was staged to the disk, in one write.
    ///
    /// # Errors
    /// The active segment's file cannot be opened.
    pub fn submit(&mut self) -> io::Result<()> {
        if self.staged.is_empty() {
            return Ok(());
        }
        let segment = self.segments.last().expect("a log has an active segment");
        let ticket = self.disk.submit(segment.file(&self.disk)?, self.staged_at, &mut self.staged);
        let (base, position) = (segment.base, segment.size);
        self.writes.push_back(Write { ticket, end: self.log_end, segment: base, position });
        Ok(())
    }

    /// Completes writes in the order of their calls. Ready once none is in flight.
    ///
    /// # Errors
    /// A write failed: the log cannot be used further.
    pub fn poll_writes(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(write) = self.writes.front_mut() {
            match Pin::new(&mut write.ticket).poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(e)) => return Poll::Ready(Err(e)),
                Poll::Ready(Ok(())) => {
                    self.completed_end = write.end;
                    let (base, position) = (write.segment, write.position);
                    if let Some(segment) = self.segments.iter_mut().rev().find(|s| s.base == base) {
                        segment.readable = position;
                    }
                    self.writes.pop_front();
                }
            }
        }
        self.check();
        Poll::Ready(Ok(()))
    }

    /// Begins a new segment. What was staged for the old one is handed to the disk first.
    fn roll(&mut self, now: Timestamp) -> io::Result<()> {
        self.submit()?;
        self.active().time_entry_due();
        self.write_snapshot()?;
        let segment = Segment::create(&self.disk, &self.dir, self.log_end, now)?;
        self.segments.push(segment);
        self.entries_dirty = true;
        Ok(())
    }

    /// Writes a snapshot of the producers at the log's end; returns the file if it must be synced.
    fn write_snapshot(&mut self) -> io::Result<Option<D::File>> {
        let path = segment::path(&self.dir, self.log_end, "snapshot");
        if self.snapshots.last() == Some(&self.log_end) {
            return self.snapshot_dirty.then(|| self.disk.open(&path, OpenMode::Existing)).transpose();
        }
        let file = self.disk.open(&path, OpenMode::Truncate)?;
        drop(self.disk.submit(&file, 0, &mut vec![self.producers.snapshot().into()]));
        self.snapshots.push(self.log_end);
        (self.snapshot_dirty, self.entries_dirty) = (true, true);
        Ok(Some(file))
    }

    /// Whether a sync would make more of the log durable.
    pub fn needs_sync(&self) -> bool {
        self.durable_end < self.log_end
    }

    /// What must be synced for everything up to the log's end to be durable.
    ///
    /// # Errors
    /// A file cannot be opened.
    pub fn sync_set(&mut self) -> io::Result<SyncSet<D>> {
        let durable = self.durable_end;
        let (last, made) = (self.segments.len() - 1, self.entries_dirty);
        let dirty = self
            .segments
            .iter()
            .enumerate()
            .filter(|(at, s)| durable < s.end || made && *at == last)
            .map(|(_, s)| s);
        let mut files = dirty.map(|s| s.file(&self.disk).cloned()).collect::<io::Result<Vec<_>>>()?;
        files.append(&mut self.beside);
        let mut dirs = Vec::new();
        if std::mem::take(&mut self.entries_dirty) {
            dirs = vec![self.dir.clone(), String::new()];
        }
        let (end, generation) = (self.log_end, self.generation);
        Ok(SyncSet { files, dirs, end, recovery_point: None, generation })
    }

    /// Gives the last segment's time index its last entry: nothing more comes. Says whether it got one: the next
    /// checkpoint writes it.
    pub fn finish(&mut self) -> bool {
        let before = self.active().times.count();
        self.active().time_entry_due();
        before < self.active().times.count()
    }

    /// What must be synced for recovery to begin at the durable end: data, indexes, epochs, and a snapshot
    /// of the producers. Writes what is missing of them.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn checkpoint_set(&mut self) -> io::Result<SyncSet<D>> {
        let mut set = self.sync_set()?;
        let recovery_point = self.recovery_point;
        let active = self.active().base;
        for segment in self.segments.iter_mut().filter(|s| recovery_point < s.end || s.base == active) {
            let offsets = segment.offsets.persist(&self.disk)?;
            let times = segment.times.persist(&self.disk)?;
            if offsets.is_some() || times.is_some() {
                set.files.extend([offsets, times].into_iter().flatten());
                set.dirs = vec![self.dir.clone(), String::new()];
            }
        }
        if let Some(snapshot) = self.write_snapshot()? {
            set.files.push(snapshot);
            set.dirs = vec![self.dir.clone(), String::new()];
            (self.snapshot_dirty, self.entries_dirty) = (false, false);
        }
        if std::mem::take(&mut self.epochs_dirty) {
            let file = self.disk.open(&format!("{}/{EPOCHS_FILE}", self.dir), OpenMode::Truncate)?;
            drop(self.disk.submit(&file, 0, &mut vec![self.epochs.print().into()]));
            set.files.push(file);
        }
        set.recovery_point = Some(set.end);
        Ok(set)
    }

    /// Takes in that a set was synced. One that was made before the log was cut counts for nothing.
    pub fn synced(&mut self, set: &SyncSet<D>) {
        if set.generation != self.generation {
            return;
        }
        self.durable_end = self.durable_end.max(set.end.min(self.completed_end));
        let Some(point) = set.recovery_point else { return self.check() };
        self.recovery_point = self.recovery_point.max(point.min(self.durable_end));
        let (_, sealed) = self.segments.split_last_mut().expect("a log has an active segment");
        for segment in sealed.iter_mut().filter(|s| s.end <= self.recovery_point) {
            segment.offsets.seal();
            segment.times.seal();
        }
        self.check();
    }

    /// Removes snapshots that nobody will need: of those that the recovery point covers, as it stands in the
    /// directory's checkpoint, the last one is recovery's, and where a segment begins it is for a cut within the segment.
    pub fn drop_snapshots(&mut self) {
        let covered = self.snapshots.iter().filter(|s| **s <= self.recovery_point).count();
        let Some(last) = covered.checked_sub(1) else { return };
        let segments = &self.segments;
        let is_base = |offset: &Offset| segments.binary_search_by_key(offset, |s| s.base).is_ok();
        let (disk, dir, mut at) = (&self.disk, &self.dir, 0);
        self.snapshots.retain(|offset| {
            let is_kept = last <= at || is_base(offset);
            at += 1;
            if !is_kept {
                // One that stays costs a file; it is removed at the next start.
                let _ = disk.remove(&segment::path(dir, *offset, "snapshot"));
            }
            is_kept
        });
    }

    fn check(&self) {
        assert!(self.log_start <= self.log_end, "LOG-1");
        assert!(self.durable_end <= self.completed_end, "LOG-1");
        assert!(self.completed_end <= self.log_end, "LOG-1");
        assert!(self.recovery_point <= self.durable_end, "LOG-2");
    }
}

/// Kafka's name for the leader epochs of a partition.
pub const EPOCHS_FILE: &str = "leader-epoch-checkpoint";

#[cfg(test)]
mod tests;
