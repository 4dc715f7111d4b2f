//! Reading a log: by offset, and by time.

use std::io;

use super::{Log, segment::Segment};
use crate::{
    env::{Disk, File},
    limits::DECOMPRESSED_SIZE_MAX_BYTES,
    record::{
        BatchView, Codec,
        stream::{RecordHeads, StreamError},
    },
    types::{LeaderEpoch, Offset},
};

/// A range of one segment's file: whole batches, but for the last, which a limit may cut.
#[derive(Clone)]
pub struct Slice<D: Disk> {
    file: D::File,
    at: u64,
    /// Its length in bytes.
    pub len: u64,
}

impl<D: Disk> Slice<D> {
    /// The range as the network sends it.
    pub fn region(&self) -> D::Region {
        self.file.region(self.at, self.len)
    }

    /// Appends the bytes to `buf`, all or none.
    ///
    /// # Errors
    /// The disk cannot read them.
    pub fn read_into(&self, buf: &mut bytes::BytesMut) -> io::Result<()> {
        let start = buf.len();
        buf.resize(start + self.len as usize, 0);
        let read = self.file.read_at(self.at, &mut buf[start..]);
        if !matches!(read, Ok(n) if n == self.len as usize) {
            buf.truncate(start);
            return Err(read.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(())
    }
}

/// A record found by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundRecord {
    /// Its timestamp.
    pub timestamp: i64,
    /// Its offset.
    pub offset: Offset,
    /// The epoch of the leader that appended it.
    pub leader_epoch: LeaderEpoch,
}

/// Why a record cannot be found by time.
#[derive(Debug)]
pub enum LookupError {
    /// The disk cannot read.
    Disk(io::Error),
    /// A producer's records cannot be decompressed, or not within the bound: nothing is wrong with the log.
    Unreadable(String),
}

impl From<io::Error> for LookupError {
    fn from(e: io::Error) -> LookupError {
        LookupError::Disk(e)
    }
}

/// The first record of a batch that `wanted` accepts, by timestamp and offset.
fn record_in(
    batch: &[u8],
    mut wanted: impl FnMut(i64, Offset) -> bool,
) -> Result<Option<FoundRecord>, LookupError> {
    let corrupt = |why: &str| LookupError::Unreadable(why.to_owned());
    let view = BatchView::new(batch).ok_or_else(|| corrupt("a batch is cut off"))?;
    let codec = view.codec().ok_or_else(|| corrupt("a batch names an unknown codec"))?;
    let append_time = view.attributes() & crate::record::batch::attributes::LOG_APPEND_TIME != 0;
    // What lies there plain was within the topic's own limit.
    let bound = if codec == Codec::None { batch.len() } else { DECOMPRESSED_SIZE_MAX_BYTES };
    let mut heads = RecordHeads::new(codec, view.payload(), bound).map_err(|e| corrupt(&e.to_string()))?;
    for _ in 0..view.record_count() {
        let head = match heads.read() {
            Ok(head) => head,
            Err(StreamError::Malformed) => return Ok(None),
            Err(StreamError::Decompress(why)) => return Err(corrupt(&why.to_string())),
        };
        let offset = view.base_offset() + head.offset_delta;
        let timestamp = if append_time {
            view.max_timestamp()
        } else {
            view.base_timestamp().saturating_add(head.timestamp_delta)
        };
        if wanted(timestamp, offset) {
            return Ok(Some(FoundRecord { timestamp, offset, leader_epoch: view.leader_epoch() }));
        }
    }
    Ok(None)
}

impl<D: Disk> Log<D> {
    fn segment_of(&self, offset: Offset) -> usize {
        self.segments.partition_point(|s| s.base <= offset).saturating_sub(1)
    }

    /// Finds the bytes from the batch that holds `from` up to `limit`, at most `max_bytes` of one
    /// segment, but at least one whole batch if `at_least_one`. `None` if there is nothing to read, or not one
    /// batch fits.
    ///
    /// `limit` is the end of a batch, and no later than the completed end.
    ///
    /// # Errors
    /// The disk cannot read.
    pub fn read(
        &self,
        from: Offset,
        max_bytes: u64,
        at_least_one: bool,
        limit: Offset,
    ) -> io::Result<Option<Slice<D>>> {
        assert!(limit <= self.completed_end, "LOG-5");
        if limit <= from {
            return Ok(None);
        }
        for segment in &self.segments[self.segment_of(from)..] {
            if limit <= segment.base {
                break;
            }
            let Some(first) = segment.find(&self.disk, from)? else { continue };
            let end = if segment.end <= limit {
                segment.size
            } else {
                // What is behind the last completed write cannot be read yet.
                segment.find(&self.disk, limit)?.map_or(segment.readable, |batch| batch.position)
            };
            let mut len = (end.saturating_sub(first.position)).min(max_bytes);
            // A part of one batch is of no use to anybody (KIP-74).
            if len < first.size {
                len = if at_least_one { first.size } else { 0 };
            }
            let slice = Slice { file: segment.file(&self.disk)?.clone(), at: first.position, len };
            return Ok((0 < len).then_some(slice));
        }
        Ok(None)
    }

    /// The first record below `limit` whose timestamp is at least `timestamp`.
    ///
    /// # Errors
    /// As [`LookupError`] says.
    pub fn find_timestamp(&self, timestamp: i64, limit: Offset) -> Result<Option<FoundRecord>, LookupError> {
        for segment in &self.segments {
            if segment.end <= self.log_start || segment.max_timestamp.is_none_or(|(max, _)| max < timestamp) {
                continue;
            }
            if let Some(found) = self.find_timestamp_in(segment, timestamp, limit)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn find_timestamp_in(
        &self,
        segment: &Segment<D>,
        timestamp: i64,
        limit: Offset,
    ) -> Result<Option<FoundRecord>, LookupError> {
        // Every batch up to the entry's offset has smaller timestamps than the one looked for.
        let entry = segment.times.floor(&self.disk, timestamp.saturating_sub(1))?;
        let offset = segment.base + entry.map_or(0, |e| e.relative.into());
        let Some(first) = segment.find(&self.disk, offset.max(self.log_start))? else { return Ok(None) };
        let (mut from, log_start) = (first.position, self.log_start);
        loop {
            let mut candidate = None;
            segment.walk(&self.disk, from, |_, batch| {
                from = batch.position + batch.size;
                if limit <= batch.base_offset {
                    return false;
                }
                candidate =
                    (timestamp <= batch.max_timestamp && log_start <= batch.last_offset).then_some(*batch);
                candidate.is_none()
            })?;
            let Some(batch) = candidate else { return Ok(None) };
            let bytes = segment.read_batch(&self.disk, &batch)?;
            if let Some(found) = record_in(&bytes, |t, offset| timestamp <= t && log_start <= offset)? {
                return Ok((found.offset < limit).then_some(found));
            }
        }
    }

    /// The first record that has the largest timestamp of the log (KIP-734).
    ///
    /// # Errors
    /// As [`LookupError`] says.
    pub fn find_max_timestamp(&self) -> Result<Option<FoundRecord>, LookupError> {
        let mut best: Option<(i64, Offset, &Segment<D>)> = None;
        for segment in &self.segments {
            if let Some((timestamp, offset)) = segment.max_timestamp
                && best.is_none_or(|(max, ..)| max < timestamp)
            {
                best = Some((timestamp, offset, segment));
            }
        }
        let Some((timestamp, offset, segment)) = best else { return Ok(None) };
        let Some(batch) = segment.find(&self.disk, offset)? else { return Ok(None) };
        let bytes = segment.read_batch(&self.disk, &batch)?;
        record_in(&bytes, |t, _| timestamp <= t)
    }
}
