//! A view over the bytes of one batch, and its records.

use super::{HEADER_BYTES, LENGTH_OVERHEAD_BYTES, varint};
use crate::types::{LeaderEpoch, Offset, ProducerId};

/// How the records of a batch are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Codec {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl Codec {
    /// Every codec, in the order of their numbers.
    pub const ALL: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

    /// Kafka's name, as in `compression.type`.
    pub fn name(self) -> &'static str {
        match self {
            Codec::None => "none",
            Codec::Gzip => "gzip",
            Codec::Snappy => "snappy",
            Codec::Lz4 => "lz4",
            Codec::Zstd => "zstd",
        }
    }
}

/// Attribute bits.
pub mod attributes {
    /// The codec's number.
    pub const CODEC: i16 = 0b111;
    /// The max timestamp is the time of the append.
    pub const LOG_APPEND_TIME: i16 = 1 << 3;
    /// Part of a transaction.
    pub const TRANSACTIONAL: i16 = 1 << 4;
    /// A marker, not data.
    pub const CONTROL: i16 = 1 << 5;
}

/// The header fields of a batch, read in place. The bytes hold at least a header.
#[derive(Clone, Copy, Debug)]
pub struct BatchView<'a>(&'a [u8]);

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $ty:ident @ $at:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> $ty {
            $ty::from_be_bytes(*self.0[$at..].first_chunk().expect("the header is complete"))
        }
    )*};
}

impl<'a> BatchView<'a> {
    /// Looks at `bytes`, which begin with a batch; `None` if they are shorter than a header.
    pub fn new(bytes: &'a [u8]) -> Option<BatchView<'a>> {
        (HEADER_BYTES <= bytes.len()).then_some(BatchView(bytes))
    }

    fields! {
        /// The bytes after the length field, as the header claims.
        batch_length: i32 @ 8;
        /// The version of the format.
        magic: i8 @ 16;
        /// The checksum that the header claims.
        crc: u32 @ 17;
        /// Codec and flags.
        attributes: i16 @ 21;
        /// The last record's offset less the base offset.
        last_offset_delta: i32 @ 23;
        /// The first record's timestamp.
        base_timestamp: i64 @ 27;
        /// The largest timestamp.
        max_timestamp: i64 @ 35;
        /// The producer's epoch, or -1.
        producer_epoch: i16 @ 51;
        /// The first record's sequence number, or -1.
        base_sequence: i32 @ 53;
        /// How many records there are.
        record_count: i32 @ 57;
    }

    /// The first record's offset.
    pub fn base_offset(&self) -> Offset {
        Offset(i64::from_be_bytes(*self.0.first_chunk().expect("the header is complete")))
    }

    /// The last record's offset.
    pub fn last_offset(&self) -> Offset {
        self.base_offset() + i64::from(self.last_offset_delta())
    }

    /// The epoch of the leader that appended it.
    pub fn leader_epoch(&self) -> LeaderEpoch {
        LeaderEpoch(i32::from_be_bytes(*self.0[12..].first_chunk().expect("the header is complete")))
    }

    /// The producer, unless the batch has none.
    pub fn producer_id(&self) -> Option<ProducerId> {
        let id = i64::from_be_bytes(*self.0[43..].first_chunk().expect("the header is complete"));
        (0 <= id).then_some(ProducerId(id))
    }

    /// The whole batch's size in bytes as the header claims; `None` if it claims less than a header.
    pub fn size(&self) -> Option<usize> {
        let size = usize::try_from(self.batch_length()).ok()?.checked_add(LENGTH_OVERHEAD_BYTES)?;
        (HEADER_BYTES <= size).then_some(size)
    }

    /// The codec, unless its number is unknown.
    pub fn codec(&self) -> Option<Codec> {
        Codec::ALL.get(usize::from(self.attributes() as u16 & attributes::CODEC as u16)).copied()
    }

    /// Whether it is part of a transaction.
    pub fn is_transactional(&self) -> bool {
        self.attributes() & attributes::TRANSACTIONAL != 0
    }

    /// Whether it is a marker.
    pub fn is_control(&self) -> bool {
        self.attributes() & attributes::CONTROL != 0
    }

    /// The last record's sequence number: numbers go from `i32::MAX` on to 0 (KIP-98).
    pub fn last_sequence(&self) -> i32 {
        sequence_after(self.base_sequence(), self.last_offset_delta())
    }

    /// Whether all of the batch is there and its checksum holds.
    pub fn is_intact(&self) -> bool {
        self.size().is_some_and(|size| size <= self.0.len() && super::crc32c(&self.0[21..size]) == self.crc())
    }

    /// The bytes after the header, as far as the batch reaches.
    pub fn payload(&self) -> &'a [u8] {
        let end = self.size().unwrap_or(HEADER_BYTES).min(self.0.len());
        &self.0[HEADER_BYTES..end]
    }
}

/// The sequence number `count` records after `sequence`.
pub fn sequence_after(sequence: i32, count: i32) -> i32 {
    ((i64::from(sequence) + i64::from(count)) & 0x7fff_ffff) as i32
}

/// The batches that lie one after the other in `bytes`; ends before one that is cut off.
pub fn batches(bytes: &[u8]) -> impl Iterator<Item = (usize, BatchView<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let view = BatchView::new(&bytes[at..])?;
        let (start, size) = (at, view.size()?);
        if bytes.len() - at < size {
            return None;
        }
        at += size;
        Some((start, BatchView(&bytes[start..at])))
    })
}

/// One record, borrowed from the uncompressed records of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Offset less the batch's base offset.
    pub offset_delta: i64,
    /// Timestamp less the batch's base timestamp.
    pub timestamp_delta: i64,
    /// The key.
    pub key: Option<&'a [u8]>,
    /// The value; `None` deletes the key from a compacted topic.
    pub value: Option<&'a [u8]>,
    headers: &'a [u8],
    header_count: usize,
}

impl<'a> Record<'a> {
    /// The headers, in order; a key may stand more than once.
    pub fn headers(&self) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        let mut rest = self.headers;
        (0..self.header_count).map_while(move |_| {
            let key = field(&mut rest)??;
            Some((key, field(&mut rest)?))
        })
    }

    /// Reads a record off the front of `bytes`: the record and the bytes it took. `None` if they hold no
    /// well-formed record.
    #[inline]
    pub fn read(bytes: &'a [u8]) -> Option<(Record<'a>, usize)> {
        let (length, prefix) = varint::read(bytes)?;
        let end = prefix.checked_add(usize::try_from(length).ok()?)?;
        let mut rest = bytes.get(prefix + 1..end)?;
        let timestamp_delta = number(&mut rest)?;
        let offset_delta = i32::try_from(number(&mut rest)?).ok()?.into();
        let key = field(&mut rest)?;
        let value = field(&mut rest)?;
        let header_count = usize::try_from(number(&mut rest)?).ok()?;
        let headers = rest;
        for _ in 0..header_count {
            field(&mut rest)??;
            field(&mut rest)?;
        }
        rest.is_empty()
            .then_some((Record { offset_delta, timestamp_delta, key, value, headers, header_count }, end))
    }
}

#[inline]
fn number(rest: &mut &[u8]) -> Option<i64> {
    let (value, taken) = varint::read(rest)?;
    *rest = &rest[taken..];
    Some(value)
}

/// Reads a length and so many bytes; -1 is null. The outer `None` says that they are not there.
#[inline]
fn field<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let length = number(rest)?;
    if length == -1 {
        return Some(None);
    }
    let (taken, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(Some(taken))
}

/// The records that lie one after the other in uncompressed `bytes`; ends at the first that is wrong.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (record, taken) = Record::read(rest)?;
        rest = &rest[taken..];
        Some(record)
    })
}
