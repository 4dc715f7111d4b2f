//! One `.log` file with its indexes.

use std::{io, sync::OnceLock};

use super::index::{Index, OffsetEntry, TimeEntry};
use crate::{
    env::{Disk, File, OpenMode},
    record::{BatchView, HEADER_BYTES},
    types::{LeaderEpoch, Offset, Timestamp},
};

/// A batch as its header places it in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Position in the file.
    pub position: u64,
    /// Size in bytes.
    pub size: u64,
    /// First offset.
    pub base_offset: Offset,
    /// Last offset.
    pub last_offset: Offset,
    /// Largest timestamp.
    pub max_timestamp: i64,
    /// Epoch of the leader that appended it.
    pub leader_epoch: LeaderEpoch,
}

impl Placed {
    fn of(view: &BatchView<'_>, position: u64) -> Option<Placed> {
        Some(Placed {
            position,
            size: view.size()? as u64,
            base_offset: view.base_offset(),
            last_offset: view.last_offset(),
            max_timestamp: view.max_timestamp(),
            leader_epoch: view.leader_epoch(),
        })
    }
}

/// A segment: batches from `base` up to `end`.
pub struct Segment<D: Disk> {
    /// The offset that names it.
    pub base: Offset,
    /// The offset after its last record.
    pub end: Offset,
    /// Its size in bytes, writes in flight included.
    pub size: u64,
    /// How many of them can be read: the writes are complete.
    pub readable: u64,
    /// The largest timestamp and the last offset of the batch that has it.
    pub max_timestamp: Option<(i64, Offset)>,
    /// The largest timestamp of its first batch.
    pub first_timestamp: Option<i64>,
    /// When it was made, by the wall clock.
    pub created: Timestamp,
    /// Offset to position.
    pub offsets: Index<OffsetEntry>,
    /// Timestamp to offset.
    pub times: Index<TimeEntry>,
    since_entry_bytes: u64,
    path: String,
    file: OnceLock<D::File>,
}

/// Bytes read at a time to walk from header to header.
const WALK_WINDOW_BYTES: usize = 4096;

/// The path of a segment's file: Kafka's 20 digits and an ending.
pub fn path(dir: &str, base: Offset, ending: &str) -> String {
    format!("{dir}/{base:020}.{ending}", base = base.0)
}

impl<D: Disk> Segment<D> {
    /// Makes an empty segment and its file.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn create(disk: &D, dir: &str, base: Offset, now: Timestamp) -> io::Result<Segment<D>> {
        let path = path(dir, base, "log");
        let file = disk.open(&path, OpenMode::Truncate)?;
        Ok(Segment {
            base,
            end: base,
            size: 0,
            readable: 0,
            max_timestamp: None,
            first_timestamp: None,
            created: now,
            offsets: Index::new(super::segment::path(dir, base, "index")),
            times: Index::new(super::segment::path(dir, base, "timeindex")),
            since_entry_bytes: 0,
            path,
            file: OnceLock::from(file),
        })
    }

    /// A segment that lies on the disk, with indexes that the caller found good.
    pub fn existing(
        dir: &str,
        base: Offset,
        size: u64,
        now: Timestamp,
        offsets: Index<OffsetEntry>,
        times: Index<TimeEntry>,
    ) -> Segment<D> {
        Segment {
            base,
            end: base,
            size,
            readable: size,
            max_timestamp: None,
            first_timestamp: None,
            created: now,
            offsets,
            times,
            since_entry_bytes: 0,
            path: path(dir, base, "log"),
            file: OnceLock::new(),
        }
    }

    /// Closes its file until it is needed: a partition that nobody writes to takes no descriptor.
    pub fn close(&mut self) {
        self.file = OnceLock::new();
    }

    /// Its file, opened when it is first needed.
    ///
    /// # Errors
    /// The disk cannot open it.
    pub fn file(&self, disk: &D) -> io::Result<&D::File> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = disk.open(&self.path, OpenMode::Existing)?;
        Ok(self.file.get_or_init(|| file))
    }

    /// Takes in the header of a batch that was placed at the end, and adds index entries when due.
    pub fn note(&mut self, batch: &Placed, interval_bytes: u64) {
        let relative = (batch.last_offset - self.base) as u32;
        if self.max_timestamp.is_none_or(|(max, _)| max < batch.max_timestamp) {
            self.max_timestamp = Some((batch.max_timestamp, batch.last_offset));
        }
        self.first_timestamp.get_or_insert(batch.max_timestamp);
        if interval_bytes < self.since_entry_bytes {
            self.offsets.push(OffsetEntry { relative, position: batch.position as u32 });
            self.time_entry_due();
            self.since_entry_bytes = 0;
        }
        self.since_entry_bytes += batch.size;
        self.size = batch.position + batch.size;
        self.end = batch.last_offset + 1;
    }

    /// Takes in the batch that the last index entry points at, when a segment is read again from there.
    pub fn resume(&mut self, batch: &Placed) {
        if self.max_timestamp.is_none_or(|(max, _)| max < batch.max_timestamp) {
            self.max_timestamp = Some((batch.max_timestamp, batch.last_offset));
        }
        self.since_entry_bytes = batch.size;
        self.size = batch.position + batch.size;
        self.end = batch.last_offset + 1;
    }

    /// Adds a time entry for the largest timestamp, unless it has one.
    pub fn time_entry_due(&mut self) {
        let Some((timestamp, offset)) = self.max_timestamp else { return };
        let entry = TimeEntry { timestamp, relative: (offset - self.base) as u32 };
        if 0 <= timestamp && self.times.last_key().is_none_or(|last| last < timestamp) {
            self.times.push(entry);
        }
    }

    /// The first batch whose last offset is at least `offset`.
    ///
    /// # Errors
    /// The disk cannot read.
    pub fn find(&self, disk: &D, offset: Offset) -> io::Result<Option<Placed>> {
        let relative = (offset - self.base).max(0);
        let (floor, after) = self.offsets.around(disk, relative)?;
        let from = floor.map_or(0, |entry| entry.position.into());
        // Batches that are larger than the index's interval have an entry each: then the next one is the
        // batch itself, and the one before need not be read to get there.
        let is_readable = |position: u32| u64::from(position) + HEADER_BYTES as u64 <= self.readable;
        if let Some(after) =
            after.filter(|a| from + WALK_WINDOW_BYTES as u64 <= a.position.into() && is_readable(a.position))
            && floor.is_none_or(|f| i64::from(f.relative) < relative)
        {
            let mut header = [0; HEADER_BYTES];
            let read = self.file(disk)?.read_at(after.position.into(), &mut header)?;
            let placed = self.placed(&header[..read], after.position.into())?.1;
            if placed.base_offset <= offset {
                return Ok(Some(placed));
            }
        }
        let mut found = None;
        self.walk(disk, from, |_, placed| {
            found = (offset <= placed.last_offset).then_some(*placed);
            found.is_none()
        })?;
        Ok(found)
    }

    /// Shows `visit` the header of each batch that can be read from position `from` on, while it says to go on.
    ///
    /// # Errors
    /// The disk cannot read.
    pub fn walk(
        &self,
        disk: &D,
        from: u64,
        mut visit: impl FnMut(&BatchView<'_>, &Placed) -> bool,
    ) -> io::Result<()> {
        let file = self.file(disk)?;
        let mut window = [0; WALK_WINDOW_BYTES];
        let (mut window_at, mut window_len) = (from, 0);
        let mut position = from;
        while position + HEADER_BYTES as u64 <= self.readable {
            if position < window_at || window_at + (window_len as u64) < position + HEADER_BYTES as u64 {
                window_at = position;
                window_len = file.read_at(position, &mut window)?;
            }
            let header = &window[(position - window_at) as usize..window_len];
            let (view, placed) = self.placed(header, position)?;
            if !visit(&view, &placed) {
                return Ok(());
            }
            position += placed.size;
        }
        Ok(())
    }

    /// Cuts the batch that holds `to` and what lies behind it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn cut(&mut self, disk: &D, to: Offset) -> io::Result<()> {
        let Some(first) = (if self.end <= to { None } else { self.find(disk, to)? }) else {
            // It is the active one again.
            self.offsets.cut(disk, |_| true)?;
            return self.times.cut(disk, |_| true);
        };
        let (position, relative) = (first.position, first.base_offset - self.base);
        self.offsets.cut(disk, |entry| u64::from(entry.position) < position)?;
        self.times.cut(disk, |entry| i64::from(entry.relative) < relative)?;
        self.file(disk)?.set_len(position)?;
        (self.size, self.readable, self.end) = (position, position, self.base);
        let last = self.times.last(disk)?;
        self.max_timestamp = last.map(|e| (e.timestamp, self.base + i64::from(e.relative)));
        let from = self.offsets.last(disk)?.map_or(0, |entry| u64::from(entry.position));
        let (mut end, mut max) = (self.base, self.max_timestamp);
        self.walk(disk, from, |_, batch| {
            end = batch.last_offset + 1;
            if max.is_none_or(|(t, _)| t < batch.max_timestamp) {
                max = Some((batch.max_timestamp, batch.last_offset));
            }
            true
        })?;
        (self.end, self.max_timestamp) = (end, max);
        self.since_entry_bytes = position - from;
        if position == 0 {
            self.first_timestamp = None;
        }
        Ok(())
    }

    /// The batch whose header, at least, was read from `position`.
    fn placed<'a>(&self, header: &'a [u8], position: u64) -> io::Result<(BatchView<'a>, Placed)> {
        let placed = BatchView::new(header).and_then(|v| Some((v, Placed::of(&v, position)?)));
        placed.ok_or_else(|| {
            let message = format!("{} has no batch at {position}", self.path);
            io::Error::new(io::ErrorKind::InvalidData, message)
        })
    }

    /// The whole batch that lies at `placed`.
    ///
    /// # Errors
    /// The disk cannot read, or ends before the batch does.
    pub fn read_batch(&self, disk: &D, placed: &Placed) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; placed.size as usize];
        if self.file(disk)?.read_at(placed.position, &mut bytes)? < bytes.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }

    /// Whether a batch must go to a new segment (Kafka's rules: size, time between first and last
    /// timestamp, full indexes, offsets that no longer fit).
    pub fn is_full(&self, batch: &Placed, now: Timestamp, limits: &RollLimits) -> bool {
        if self.size == 0 {
            return false;
        }
        let age_ms = match self.first_timestamp {
            Some(first) if 0 <= first => batch.max_timestamp.saturating_sub(first),
            _ => now.0.saturating_sub(self.created.0),
        };
        limits.bytes < self.size + batch.size
            || limits.ms < age_ms
            || limits.index_bytes / 8 <= self.offsets.count() as u64
            || limits.index_bytes / 12 <= self.times.count() as u64 + 1
            || i64::from(i32::MAX) < batch.last_offset - self.base
    }
}

/// When a segment is full.
#[derive(Clone, Copy, Debug)]
pub struct RollLimits {
    /// Kafka's `segment.bytes`.
    pub bytes: u64,
    /// Kafka's `segment.ms`, less this partition's jitter.
    pub ms: i64,
    /// Kafka's `segment.index.bytes`.
    pub index_bytes: u64,
}
