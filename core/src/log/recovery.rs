//! Opening a log: what survived a crash, and what is cut.
//!
//! Below the recovery point everything was durable, so it is believed; damage found there is reported and
//! nothing is changed. Above it batches are read one by one, and the log ends before the first that is
//! torn, does not follow its predecessor, or fails its checksum. What lies behind is removed, so that old
//! batches cannot come back behind new ones; the caller syncs before it appends.

use std::{fmt, io, sync::Arc};

use super::{
    EPOCHS_FILE, Log, LogConfig,
    index::{Index, OffsetEntry, TimeEntry},
    leader_epochs::LeaderEpochs,
    producer_state::ProducerState,
    segment::{self, Placed, Segment},
    truncate::remove_segment,
};
use crate::{
    env::{Disk, File, OpenMode, disk::read_file},
    record::{BatchView, HEADER_BYTES},
    situations::{Situation, reached},
    types::{LeaderEpoch, Offset, Timestamp},
};

/// Why a log could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The disk refused while we were `doing` this.
    Disk {
        /// The step.
        doing: &'static str,
        /// Its answer.
        source: io::Error,
    },
    /// A part of the log that was durable is damaged. Nothing was changed.
    Damaged {
        /// The segment's file.
        file: String,
        /// Where in it.
        position: u64,
        /// What is wrong.
        why: &'static str,
    },
}

impl OpenError {
    /// Whether the disk has failed, rather than that what it gave is damaged.
    pub fn is_failing(&self) -> bool {
        match self {
            OpenError::Disk { source, .. } => source.kind() != io::ErrorKind::InvalidData,
            OpenError::Damaged { .. } => false,
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Disk { doing, source } => write!(f, "the disk failed while {doing}: {source}"),
            OpenError::Damaged { file, position, why } => {
                write!(f, "{file} is damaged at byte {position}, where it was durable: {why}")
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// What is known of a log before it is opened.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its recovery point, from the directory's checkpoint.
    pub recovery_point: Offset,
    /// Its log start offset, from the directory's checkpoint.
    pub log_start: Offset,
    /// The directory was closed cleanly: the whole log is believed.
    pub clean: bool,
    /// The cache may show what the medium lacks: a sync has failed since the machine was started.
    pub cache_in_doubt: bool,
}

/// What opening did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Bytes that were read to be checked.
    pub scanned_bytes: u64,
    /// Bytes that were cut off.
    pub cut_bytes: u64,
}

/// Removes segments that retention was about to remove: those before the one that holds the log's start, as far as the
/// recovery point goes. Their names are made durable in any order, so that some may be gone between others.
fn remove_leftovers<D: Disk>(
    disk: &D,
    dir: &str,
    bases: &mut Vec<Offset>,
    known: &Known,
) -> Result<(), OpenError> {
    let kept_from = known.log_start.min(known.recovery_point);
    let count = bases.partition_point(|base| *base <= kept_from).saturating_sub(1);
    for base in bases.drain(..count) {
        step("removing a segment before the log's start", remove_segment(disk, dir, base))?;
    }
    Ok(())
}

fn step<T>(doing: &'static str, result: io::Result<T>) -> Result<T, OpenError> {
    result.map_err(|source| OpenError::Disk { doing, source })
}

impl<D: Disk> Log<D> {
    /// Opens the log that lies in `dir`.
    ///
    /// # Errors
    /// The disk fails, or what was durable is damaged.
    pub fn open(
        disk: D,
        dir: &str,
        config: Arc<LogConfig>,
        known: Known,
        now: Timestamp,
    ) -> Result<(Log<D>, Report), OpenError> {
        let mut bases = Vec::new();
        let mut snapshots = Vec::new();
        for name in step("listing a log's directory", disk.list(dir))? {
            let offset = || name.split('.').next().and_then(|n| n.parse().ok()).map(Offset);
            match name.rsplit_once('.').map(|(_, ending)| ending) {
                Some("log") => bases.extend(offset()),
                Some("snapshot") => snapshots.extend(offset()),
                Some("deleted" | "tmp") => {
                    step("removing an old file", disk.remove(&format!("{dir}/{name}")))?
                }
                _ => {}
            }
        }
        remove_leftovers(&disk, dir, &mut bases, &known)?;
        let mut opening = Opening {
            disk: &disk,
            dir,
            known,
            config: &config,
            report: Report::default(),
            epoch: LeaderEpoch(-1),
        };
        let mut segments = opening.segments(&bases, now)?;
        if segments.is_empty() {
            segments.push(step("making a segment", Segment::create(&disk, dir, known.log_start, now))?);
        }
        let report = opening.report;
        let mut log = Log::assemble(disk, dir, config, segments);
        log.snapshots = snapshots;
        log.recovery_point = known.recovery_point.clamp(log.segments[0].base, log.log_end);
        if known.clean {
            log.recovery_point = log.log_end;
        }
        // What follows begins where the checkpoints end, not at the beginning of the log.
        log.load_epochs()?;
        log.load_producers()?;
        log.advance_start(known.log_start.clamp(log.log_start, log.log_end));
        log.durable_end = log.recovery_point;
        log.entries_dirty = !known.clean;
        // What was read may be in the page cache alone: it must not cover more than the medium has.
        log.epochs_dirty |= !known.clean;
        log.check();
        Ok((log, report))
    }

    fn load_epochs(&mut self) -> Result<(), OpenError> {
        let path = format!("{}/{EPOCHS_FILE}", self.dir);
        let text = step("reading the leader epochs", read_file(&self.disk, &path))?;
        let stored = text.and_then(|bytes| LeaderEpochs::parse(std::str::from_utf8(&bytes).ok()?));
        let known = stored.is_some();
        self.epochs = stored.unwrap_or_default();
        let latest = self.epochs.latest();
        // The file covers what lies below the recovery point; without it every batch is asked. What it says of the rest
        // may be of before a cut, when other batches were there.
        self.epochs.truncate_from_end(self.recovery_point);
        let from = if known { self.recovery_point } else { self.log_start };
        let mut epochs = std::mem::take(&mut self.epochs);
        let mut dirty = !known || self.epochs.latest() != latest;
        self.walk_from(from, |_, batch| dirty |= epochs.assign(batch.leader_epoch, batch.base_offset))?;
        self.epochs = epochs;
        self.epochs_dirty = dirty;
        Ok(())
    }

    /// Loads the latest snapshot that the log reaches, replays what follows, removes later ones.
    pub(super) fn load_producers(&mut self) -> Result<(), OpenError> {
        while let Some(&offset) = self.snapshots.last() {
            let path = segment::path(&self.dir, offset, "snapshot");
            let bytes = step("reading a snapshot", read_file(&self.disk, &path))?;
            let state = bytes.and_then(|bytes| ProducerState::restore(&bytes));
            if state.is_some() {
                reached(Situation::SnapshotRestored);
            }
            // Between one below the first segment and that segment producers did what nobody knows any more.
            let is_bridged = (self.segments[0].base..=self.log_end).contains(&offset);
            if let Some(state) = state.filter(|_| is_bridged) {
                self.producers = state;
                break;
            }
            step("removing a snapshot", self.disk.remove(&path))?;
            self.snapshots.pop();
        }
        let from = self.snapshots.last().copied().unwrap_or(self.segments[0].base);
        let mut producers = std::mem::take(&mut self.producers);
        self.walk_from(from, |view, _| producers.note(view))?;
        self.producers = producers;
        Ok(())
    }

    fn walk_from(
        &self,
        from: Offset,
        mut visit: impl FnMut(&BatchView<'_>, &Placed),
    ) -> Result<(), OpenError> {
        for segment in self.segments.iter().filter(|s| from < s.end) {
            let Some(first) = step("reading batch headers", segment.find(&self.disk, from))? else {
                continue;
            };
            let walked = segment.walk(&self.disk, first.position, |view, batch| {
                visit(view, batch);
                true
            });
            step("reading batch headers", walked)?;
        }
        Ok(())
    }
}

/// One opening in progress.
struct Opening<'a, D: Disk> {
    disk: &'a D,
    dir: &'a str,
    known: Known,
    config: &'a LogConfig,
    report: Report,
    /// The last batch's leader epoch: epochs never go back.
    epoch: LeaderEpoch,
}

impl<D: Disk> Opening<'_, D> {
    fn segments(&mut self, bases: &[Offset], now: Timestamp) -> Result<Vec<Segment<D>>, OpenError> {
        // Retention makes the log's start durable before it removes a segment.
        let first = bases.first().copied().unwrap_or(self.known.recovery_point);
        if self.known.log_start < first {
            if self.known.clean || self.known.log_start < self.known.recovery_point {
                return Err(self.damaged(self.known.log_start, 0, "the segment is missing"));
            }
            // Nothing was durable, and not the first segment's name: the log ends where it starts.
            self.remove_from(bases)?;
            return Ok(Vec::new());
        }
        let mut segments: Vec<Segment<D>> = Vec::new();
        for (at, base) in bases.iter().enumerate() {
            let follows = segments.last().is_none_or(|last| last.end <= *base);
            if !follows {
                self.remove_from(&bases[at..])?;
                break;
            }
            // A sealed segment ends where the next one begins.
            let next = bases.get(at + 1);
            let believed = self.known.clean || next.is_some_and(|next| *next <= self.known.recovery_point);
            let (mut segment, size) = self.open_segment(*base, believed, next.is_some(), now)?;
            let whole = if believed {
                self.believe(&mut segment, size, next.copied())?;
                true
            } else {
                self.scan(&mut segment, size)? == size
            };
            let torn_between = next.is_some_and(|next| segment.end != *next);
            segments.push(segment);
            if !believed && (!whole || torn_between) {
                self.remove_from(&bases[at + 1..])?;
                break;
            }
        }
        Ok(segments)
    }

    fn open_segment(
        &self,
        base: Offset,
        believed: bool,
        sealed: bool,
        now: Timestamp,
    ) -> Result<(Segment<D>, u64), OpenError> {
        let path = |ending| segment::path(self.dir, base, ending);
        let size = self.disk.open(&path("log"), OpenMode::Existing).and_then(|file| file.len());
        let size = step("opening a segment", size)?;
        let (offsets, times) = if believed && sealed {
            (Index::sealed(self.disk, path("index")), Index::sealed(self.disk, path("timeindex")))
        } else {
            let below = |relative: u32| believed || base + i64::from(relative) < self.known.recovery_point;
            let offsets = Index::load(self.disk, path("index"), |e: &OffsetEntry| {
                below(e.relative) && u64::from(e.position) < size
            });
            (offsets, Index::load(self.disk, path("timeindex"), |e: &TimeEntry| below(e.relative)))
        };
        let (offsets, times) = (step("reading an index", offsets)?, step("reading an index", times)?);
        Ok((Segment::existing(self.dir, base, size, now, offsets, times), size))
    }

    /// Takes a segment as it is; looks only behind its last index entry, where it must go on to the end of the file.
    fn believe(
        &mut self,
        segment: &mut Segment<D>,
        size: u64,
        next: Option<Offset>,
    ) -> Result<(), OpenError> {
        self.seed(segment)?;
        let from =
            step("reading an index", segment.offsets.last(self.disk))?.map_or(0, |e| u64::from(e.position));
        let (mut end, mut max, mut reached) = (segment.end, segment.max_timestamp, from);
        let walked = segment.walk(self.disk, from, |_, batch| {
            end = batch.last_offset + 1;
            reached = batch.position + batch.size;
            if max.is_none_or(|(t, _)| t < batch.max_timestamp) {
                max = Some((batch.max_timestamp, batch.last_offset));
            }
            true
        });
        step("reading the last batches of a segment", walked)?;
        if reached != size {
            return Err(self.damaged(segment.base, reached, "the file does not end with a whole batch"));
        }
        // Compaction leaves gaps between offsets, at the end of a segment too.
        let is_short = next.is_some_and(|next| end < next && !self.config.compact);
        if is_short || next.is_none() && end < self.known.recovery_point {
            return Err(self.damaged(segment.base, reached, "the segment ends too early"));
        }
        (segment.end, segment.max_timestamp) = (next.unwrap_or(end), max);
        Ok(())
    }

    /// Sets a segment's timestamps from its last time entry and its first batch.
    fn seed(&self, segment: &mut Segment<D>) -> Result<(), OpenError> {
        let last = step("reading an index", segment.times.last(self.disk))?;
        segment.max_timestamp = last.map(|e| (e.timestamp, segment.base + i64::from(e.relative)));
        let mut first = None;
        let walked = segment.walk(self.disk, 0, |view, _| {
            first = Some(view.max_timestamp());
            false
        });
        // A first batch that is torn is found by the scan.
        if walked.is_ok() {
            segment.first_timestamp = first;
        }
        Ok(())
    }

    /// Reads the batches behind the last index entry that is believed; cuts the file before the first that
    /// is wrong. Returns where the good batches end.
    fn scan(&mut self, segment: &mut Segment<D>, size: u64) -> Result<u64, OpenError> {
        self.seed(segment)?;
        let entry = step("reading an index", segment.offsets.last(self.disk))?;
        let from = entry.map_or(0, |e| u64::from(e.position));
        if entry.is_none() {
            segment.max_timestamp = None;
            segment.first_timestamp = None;
        }
        let file = step("opening a segment", segment.file(self.disk))?.clone();
        if self.known.cache_in_doubt {
            file.forget_clean();
        }
        let gaps = self.config.compact;
        let mut reader = BatchReader { file: &file, size, gaps, at: from, buf: Vec::new(), buf_at: from };
        let mut expected = if entry.is_none() { Some(segment.base) } else { None };
        segment.size = from;
        segment.end = segment.base + entry.map_or(0, |e| i64::from(e.relative));
        loop {
            let verdict = step("reading a segment", reader.next(expected, self.epoch))?;
            match verdict {
                Next::End => break,
                Next::Batch(batch) => {
                    // The first batch read is the one that the last entry points at: it has its entry.
                    if expected.is_some() || entry.is_none() {
                        segment.note(&batch, self.config.index_interval_bytes);
                    } else {
                        segment.resume(&batch);
                    }
                    self.epoch = batch.leader_epoch;
                    expected = Some(batch.last_offset + 1);
                }
                Next::Wrong(why) if segment.end < self.known.recovery_point => {
                    return Err(self.damaged(segment.base, reader.at, why));
                }
                Next::Wrong(_) => {
                    self.report.cut_bytes += size - reader.at;
                    reached(Situation::TornTail);
                    step("cutting a torn segment", file.set_len(reader.at))?;
                    break;
                }
            }
        }
        segment.readable = segment.size;
        self.report.scanned_bytes += reader.at - from;
        if segment.end < self.known.recovery_point {
            return Err(self.damaged(segment.base, reader.at, "the segment ends too early"));
        }
        Ok(reader.at)
    }

    fn damaged(&self, base: Offset, position: u64, why: &'static str) -> OpenError {
        OpenError::Damaged { file: segment::path(self.dir, base, "log"), position, why }
    }

    fn remove_from(&mut self, bases: &[Offset]) -> Result<(), OpenError> {
        for base in bases {
            for ending in ["log", "index", "timeindex"] {
                match self.disk.remove(&segment::path(self.dir, *base, ending)) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => {
                        return Err(OpenError::Disk {
                            doing: "removing a segment behind the cut",
                            source: e,
                        });
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

enum Next {
    Batch(Placed),
    End,
    Wrong(&'static str),
}

/// Reads whole batches one after the other and judges them.
struct BatchReader<'a, F> {
    file: &'a F,
    size: u64,
    /// Compaction leaves gaps between offsets.
    gaps: bool,
    at: u64,
    buf: Vec<u8>,
    buf_at: u64,
}

const READ_BYTES: usize = 1 << 20;

impl<F: File> BatchReader<'_, F> {
    /// Makes `len` bytes from `at` on available; says whether the file has them.
    fn fill(&mut self, len: usize) -> io::Result<bool> {
        let have = self.buf_at + self.buf.len() as u64;
        if self.at + len as u64 <= have {
            return Ok(true);
        }
        self.buf.drain(..(self.at - self.buf_at) as usize);
        self.buf_at = self.at;
        let start = self.buf.len();
        self.buf.resize(len.max(READ_BYTES), 0);
        let read = self.file.read_at(self.buf_at + start as u64, &mut self.buf[start..])?;
        self.buf.truncate(start + read);
        Ok(len <= self.buf.len())
    }

    fn next(&mut self, expected: Option<Offset>, epoch: LeaderEpoch) -> io::Result<Next> {
        if self.at == self.size {
            return Ok(Next::End);
        }
        if !self.fill(HEADER_BYTES)? {
            return Ok(Next::Wrong("a header is cut off"));
        }
        let view = BatchView::new(&self.buf[(self.at - self.buf_at) as usize..]).expect("it was filled");
        let Some(size) = view.size().filter(|_| view.magic() == 2) else {
            return Ok(Next::Wrong("no batch begins here"));
        };
        if self.size - self.at < size as u64 || !self.fill(size)? {
            return Ok(Next::Wrong("a batch is cut off"));
        }
        let start = (self.at - self.buf_at) as usize;
        let view = BatchView::new(&self.buf[start..start + size]).expect("it was filled");
        if !view.is_intact() {
            return Ok(Next::Wrong("a checksum is wrong"));
        }
        let follows = |expected| {
            if self.gaps { expected <= view.base_offset() } else { expected == view.base_offset() }
        };
        if !expected.is_none_or(follows) || view.last_offset_delta() < 0 {
            return Ok(Next::Wrong("its offset does not follow its predecessor's"));
        }
        if view.leader_epoch() < epoch {
            return Ok(Next::Wrong("leader epochs go back"));
        }
        let placed = Placed {
            position: self.at,
            size: size as u64,
            base_offset: view.base_offset(),
            last_offset: view.last_offset(),
            max_timestamp: view.max_timestamp(),
            leader_epoch: view.leader_epoch(),
        };
        self.at += size as u64;
        Ok(Next::Batch(placed))
    }
}
