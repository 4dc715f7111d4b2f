//! A follower's log: it takes batches as its leader has them, and cuts what its leader lacks.
//!
//! Cutting is three steps of which the caller waits for the first and the last:
//!
//! 1. [`Log::lower_recovery_point`], and the directory's checkpoint says so durably: a crash in the middle of the cut
//!    is then recovered like any torn tail.
//! 2. [`Log::truncate`], or [`Log::restart_at`].
//! 3. What that returns is synced before anything is appended: what was cut cannot come back behind new batches.

use std::io;

use bytes::Bytes;

use super::{LeaderEpochs, Log, SyncSet, recovery::OpenError, segment, segment::Segment};
use crate::{
    env::Disk,
    planted::is_planted,
    record::BatchView,
    types::{LeaderEpoch, Offset, Timestamp},
};

/// Why a fetched batch was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is cut off, or its checksum is wrong.
    Damaged,
    /// It lies before the log's end.
    Overlaps,
    /// It was appended in an epoch before the last batch's, or after the one that was fetched in.
    Epoch,
}

impl<D: Disk> Log<D> {
    /// Takes a batch as the leader has it, offsets and epoch included; it is written at the next [`Log::submit`].
    /// No batch of an epoch after `fetched_in` is taken: the leader's log had changed while it was sent.
    ///
    /// # Errors
    /// The disk refuses to make a new segment; or, inside, the batch does not fit.
    pub fn stage_fetched(
        &mut self,
        batch: Bytes,
        fetched_in: LeaderEpoch,
        now: Timestamp,
    ) -> io::Result<Result<(), Unfit>> {
        let Some(view) = BatchView::new(&batch).filter(|view| {
            view.magic() == 2
                && view.size() == Some(batch.len())
                && view.is_intact()
                && 0 <= view.last_offset_delta()
        }) else {
            return Ok(Err(Unfit::Damaged));
        };
        if view.base_offset() < self.log_end {
            return Ok(Err(Unfit::Overlaps));
        }
        let epoch = view.leader_epoch();
        let is_earlier = self.epochs.latest().is_some_and(|latest| epoch < latest);
        if fetched_in < epoch || is_earlier && !is_planted("replica/appends-of-older-epochs") {
            return Ok(Err(Unfit::Epoch));
        }
        self.place(batch, now).map(Ok)
    }

    /// Whether writes are staged or in flight.
    pub fn is_writing(&self) -> bool {
        !self.staged.is_empty() || !self.writes.is_empty()
    }

    /// Recovery is to begin where the segment begins that a cut at `to` leaves last: a batch may hold `to`, and go with
    /// what is behind it. Says whether the directory's checkpoint may say otherwise.
    pub fn lower_recovery_point(&mut self, to: Offset) -> bool {
        let kept = self.segments.partition_point(|s| s.base < to).max(1);
        let begins = to.min(self.segments[kept - 1].base);
        let is_above = begins < self.recovery_point;
        self.generation += 1;
        self.recovery_point = self.recovery_point.min(begins);
        is_above
    }

    /// Cuts everything from `to` on, and the batch that holds `to` if it begins earlier.
    ///
    /// # Errors
    /// The disk refuses: the log cannot be used further.
    ///
    /// # Panics
    /// Writes are in flight, `to` lies before the log's start, or recovery begins above it.
    pub fn truncate(&mut self, to: Offset, now: Timestamp) -> io::Result<SyncSet<D>> {
        assert!(!self.is_writing(), "LOG-6: a cut waits for the writes before it");
        assert!(self.log_start <= to && self.recovery_point <= to.max(self.segments[0].base), "LOG-6");
        if to < self.log_end {
            let kept = self.segments.partition_point(|s| s.base < to).max(1);
            for gone in self.segments.drain(kept..).rev() {
                remove_segment(&self.disk, &self.dir, gone.base)?;
            }
            let disk = self.disk.clone();
            self.active().cut(&disk, to)?;
            self.log_end = self.active().end;
            if self.log_end < self.log_start {
                // The log began within the batch that was cut.
                return self.restart_at(self.log_start, now);
            }
            self.cut_down()?;
        }
        self.after_cut()
    }

    /// Drops everything; the next batch gets `start` or a later offset.
    ///
    /// # Errors
    /// The disk refuses: the log cannot be used further.
    ///
    /// # Panics
    /// Writes are in flight.
    pub fn restart_at(&mut self, start: Offset, now: Timestamp) -> io::Result<SyncSet<D>> {
        assert!(!self.is_writing(), "LOG-6: a cut waits for the writes before it");
        for gone in self.segments.drain(..).rev() {
            remove_segment(&self.disk, &self.dir, gone.base)?;
        }
        self.segments = vec![Segment::create(&self.disk, &self.dir, start, now)?];
        (self.log_start, self.log_end) = (start, start);
        (self.durable_end, self.recovery_point) = (start, start);
        // What is gone says nothing of what lies below `start` where the next records come from.
        self.epochs = LeaderEpochs::default();
        self.cut_down()?;
        self.after_cut()
    }

    /// Lets positions, epochs and producers follow the log's new end.
    fn cut_down(&mut self) -> io::Result<()> {
        let end = self.log_end;
        self.generation += 1;
        self.completed_end = end;
        self.durable_end = self.durable_end.min(end);
        self.recovery_point = self.recovery_point.min(end);
        self.epochs.truncate_from_end(end);
        (self.epochs_dirty, self.snapshot_dirty) = (true, true);
        self.producers = Default::default();
        self.load_producers().map_err(|e| match e {
            OpenError::Disk { source, .. } => source,
            damaged @ OpenError::Damaged { .. } => {
                io::Error::new(io::ErrorKind::InvalidData, damaged.to_string())
            }
        })
    }

    /// The cut itself is to be synced, with the names that it removed.
    fn after_cut(&mut self) -> io::Result<SyncSet<D>> {
        self.entries_dirty = true;
        self.check();
        self.sync_set()
    }
}

pub(super) fn remove_segment<D: Disk>(disk: &D, dir: &str, base: Offset) -> io::Result<()> {
    for ending in ["log", "index", "timeindex"] {
        match disk.remove(&segment::path(dir, base, ending)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(())
}
