//! What a leader checks of a producer's batch before it touches the log, and how it stamps it.
//!
//! Uncompressed records are walked one by one. Compressed ones are believed by header, checksum and
//! counts unless the rules ask for more (`docs/differences.md` says what Kafka does there).

use std::fmt;

use super::{
    BatchView, Codec, Record,
    batch::attributes,
    builder,
    compression::DecompressError,
    stream::{RecordHead, RecordHeads, StreamError},
};
use crate::{errors::ErrorCode, limits::DECOMPRESSED_SIZE_MAX_BYTES, types::Timestamp};

/// What a topic demands of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Kafka's `max.message.bytes`.
    pub size_max_bytes: usize,
    /// Kafka's `message.timestamp.type=LogAppendTime`.
    pub log_append_time: bool,
    /// Kafka's `message.timestamp.before.max.ms`.
    pub before_max_ms: i64,
    /// Kafka's `message.timestamp.after.max.ms`.
    pub after_max_ms: i64,
    /// The topic is compacted: each record needs a key.
    pub key_required: bool,
    /// Compressed records are walked too.
    pub deep: bool,
}

/// Why a batch was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchError {
    /// It is larger than the topic allows.
    TooLarge,
    /// Its records are larger than [`DECOMPRESSED_SIZE_MAX_BYTES`] when decompressed.
    TooLargeInside,
    /// Its checksum or its size is wrong.
    Corrupt,
    /// Its header, or the records as a whole, break a rule.
    Invalid(String),
    /// The format has a version that nobody knows.
    Magic(i8),
    /// Records break a rule: the first [`BAD_RECORDS_MAX`] of them.
    Records(Vec<BadRecord>),
}

/// Most records of a batch that are named when it is refused.
pub const BAD_RECORDS_MAX: usize = 1_000;

/// A record that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRecord {
    /// Its place in the batch.
    pub index: i32,
    /// The rule.
    pub fault: Fault,
}

/// A rule that a record can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its offset delta is not its place.
    OffsetDelta,
    /// It has no key.
    NoKey,
    /// Its timestamp is out of bounds.
    Timestamp,
}

impl Fault {
    /// A sentence.
    pub fn why(self) -> &'static str {
        match self {
            Fault::OffsetDelta => "The record's offset delta does not count up from 0.",
            Fault::NoKey => "Compacted topic cannot accept message without key.",
            Fault::Timestamp => "The record's timestamp is out of the topic's bounds.",
        }
    }
}

impl BatchError {
    /// What the producer is told.
    pub fn code(&self) -> ErrorCode {
        match self {
            BatchError::TooLarge | BatchError::TooLargeInside => ErrorCode::MessageTooLarge,
            BatchError::Corrupt | BatchError::Magic(_) => ErrorCode::CorruptMessage,
            BatchError::Invalid(_) => ErrorCode::InvalidRecord,
            BatchError::Records(bad) if bad.iter().any(|r| r.fault == Fault::Timestamp) => {
                ErrorCode::InvalidTimestamp
            }
            BatchError::Records(_) => ErrorCode::InvalidRecord,
        }
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BatchError::TooLarge => write!(f, "The batch is larger than the topic's max.message.bytes."),
            BatchError::TooLargeInside => write!(
                f,
                "The records of the batch are larger than {DECOMPRESSED_SIZE_MAX_BYTES} bytes when decompressed."
            ),
            BatchError::Corrupt => write!(f, "The batch is corrupt: its checksum or its size is wrong."),
            BatchError::Invalid(why) => f.write_str(why),
            BatchError::Magic(magic) => write!(f, "Invalid magic found in record: {magic}"),
            BatchError::Records(_) => {
                write!(f, "One or more records have been rejected due to invalid record")
            }
        }
    }
}

/// The least that any format's record has behind its length: less is Kafka's CORRUPT_MESSAGE.
const LEGACY_RECORD_BYTES_MIN: i32 = 14;

/// The first batch of a producer's bytes, of whatever format; `None` if they hold no whole one.
///
/// # Errors
/// Its length cannot be, or its format is none that ever was.
pub fn first_batch(records: &[u8]) -> Result<Option<BatchView<'_>>, BatchError> {
    let Some(length) = records.get(8..12) else { return Ok(None) };
    if i32::from_be_bytes(length.try_into().expect("four bytes")) < LEGACY_RECORD_BYTES_MIN {
        return Err(BatchError::Corrupt);
    }
    let Some(magic) = records.get(16).map(|byte| *byte as i8) else { return Ok(None) };
    if !(0..=2).contains(&magic) {
        return Err(BatchError::Magic(magic));
    }
    let is_whole = |view: &BatchView<'_>| view.size().is_some_and(|size| size <= records.len());
    Ok(BatchView::new(records).filter(is_whole))
}

/// What the producer's bytes are before any rule of the topic: exactly one batch of format 2.
///
/// # Errors
/// None, several, or an old format: [`BatchError::Invalid`]; or what [`first_batch`] says.
pub fn single_batch(records: &[u8]) -> Result<BatchView<'_>, BatchError> {
    let invalid = |why: &str| Err(BatchError::Invalid(why.to_owned()));
    match first_batch(records)? {
        Some(view) if view.magic() != 2 => {
            invalid("Produce requests are only allowed to contain record batches with magic version 2")
        }
        Some(view) if view.size() == Some(records.len()) => Ok(view),
        _ => invalid("Produce requests must have exactly one record batch per partition"),
    }
}

/// Checks a batch against its topic's rules and stamps it where the topic sets timestamps.
///
/// `batch` holds exactly one batch ([`single_batch`] has passed). `now` is the wall clock.
///
/// # Errors
/// The first rule that it breaks; `batch` is then unchanged.
pub fn check(batch: &mut [u8], rules: &Rules, now: Timestamp) -> Result<(), BatchError> {
    let view = BatchView::new(batch).ok_or(BatchError::Corrupt)?;
    if view.base_offset().0 != 0 {
        return Err(BatchError::Invalid(format!(
            "The baseOffset of the record batch should be 0, but it is {}",
            view.base_offset()
        )));
    }
    if rules.size_max_bytes < batch.len() {
        return Err(BatchError::TooLarge);
    }
    if !view.is_intact() {
        return Err(BatchError::Corrupt);
    }
    check_header(&view)?;
    let codec = view
        .codec()
        .ok_or_else(|| BatchError::Invalid("The batch names an unknown compression codec.".into()))?;
    let max_timestamp = if codec == Codec::None {
        check_plain(&view, rules, now)?
    } else if rules.deep || rules.key_required {
        check_compressed(codec, &view, rules, now)?
    } else {
        let ends = [view.base_timestamp(), view.max_timestamp()];
        if ends.iter().any(|timestamp| !is_in_bounds(*timestamp, rules, now)) {
            return Err(BatchError::Records(vec![BadRecord { index: 0, fault: Fault::Timestamp }]));
        }
        view.max_timestamp()
    };
    stamp(batch, rules, now, max_timestamp);
    Ok(())
}

fn check_header(view: &BatchView<'_>) -> Result<(), BatchError> {
    let invalid = |why: String| Err(BatchError::Invalid(why));
    let (count, last) = (view.record_count(), view.last_offset_delta());
    if last < 0 {
        return invalid(format!("Batch has an invalid offset range: [0, {last}]"));
    }
    if i64::from(last) + 1 != i64::from(count) {
        return invalid(format!("Inconsistent batch offset range [0, {last}] and count of records {count}"));
    }
    if view.is_control() {
        return invalid("Clients are not allowed to write control records".into());
    }
    if view.producer_id().is_some() && view.base_sequence() < 0 {
        return invalid(format!(
            "Invalid sequence number {} in record batch with producerId",
            view.base_sequence()
        ));
    }
    Ok(())
}

/// The records of a batch that break a rule, and the largest timestamp.
struct Findings<'a> {
    rules: &'a Rules,
    now: Timestamp,
    base_timestamp: i64,
    max_timestamp: i64,
    bad: Vec<BadRecord>,
}

impl<'a> Findings<'a> {
    fn new(view: &BatchView<'_>, rules: &'a Rules, now: Timestamp) -> Findings<'a> {
        let base_timestamp = view.base_timestamp();
        Findings { rules, now, base_timestamp, max_timestamp: i64::MIN, bad: Vec::new() }
    }

    fn look_at(&mut self, index: i32, head: RecordHead) {
        let timestamp = self.base_timestamp.saturating_add(head.timestamp_delta);
        self.max_timestamp = self.max_timestamp.max(timestamp);
        let fault = if head.offset_delta != i64::from(index) {
            Some(Fault::OffsetDelta)
        } else if self.rules.key_required && !head.has_key {
            Some(Fault::NoKey)
        } else {
            (!is_in_bounds(timestamp, self.rules, self.now)).then_some(Fault::Timestamp)
        };
        if let Some(fault) = fault.filter(|_| self.bad.len() < BAD_RECORDS_MAX) {
            self.bad.push(BadRecord { index, fault });
        }
    }

    /// The largest timestamp, if no record breaks a rule and none is left over.
    fn conclude(self, is_at_end: bool) -> Result<i64, BatchError> {
        if !self.bad.is_empty() {
            return Err(BatchError::Records(self.bad));
        }
        if !is_at_end {
            return Err(BatchError::Invalid(
                "Incorrect declared batch size, records still remaining in file".into(),
            ));
        }
        Ok(self.max_timestamp)
    }
}

fn malformed(index: i32) -> BatchError {
    BatchError::Invalid(format!("Record {index} of the batch is malformed"))
}

/// Walks the records; returns their largest timestamp.
fn check_plain(view: &BatchView<'_>, rules: &Rules, now: Timestamp) -> Result<i64, BatchError> {
    let mut findings = Findings::new(view, rules, now);
    let mut rest = view.payload();
    for index in 0..view.record_count() {
        let (record, taken) = Record::read(rest).ok_or_else(|| malformed(index))?;
        rest = &rest[taken..];
        let Record { offset_delta, timestamp_delta, key, .. } = record;
        findings.look_at(index, RecordHead { offset_delta, timestamp_delta, has_key: key.is_some() });
    }
    findings.conclude(rest.is_empty())
}

/// The same for compressed records, read as a stream.
fn check_compressed(
    codec: Codec,
    view: &BatchView<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<i64, BatchError> {
    let unreadable = |why: DecompressError| match why {
        DecompressError::TooLarge => BatchError::TooLargeInside,
        why @ DecompressError::Corrupt(_) => BatchError::Invalid(why.to_string()),
    };
    let mut findings = Findings::new(view, rules, now);
    let heads = RecordHeads::new(codec, view.payload(), DECOMPRESSED_SIZE_MAX_BYTES);
    let mut heads = heads.map_err(unreadable)?;
    for index in 0..view.record_count() {
        let head = heads.read().map_err(|why| match why {
            StreamError::Malformed => malformed(index),
            StreamError::Decompress(why) => unreadable(why),
        })?;
        findings.look_at(index, head);
    }
    let is_at_end = heads.is_at_end().map_err(unreadable)?;
    findings.conclude(is_at_end)
}

fn is_in_bounds(timestamp: i64, rules: &Rules, now: Timestamp) -> bool {
    // As Kafka's, it wraps: a timestamp at the far end of the past is one of the future.
    let age_ms = now.0.wrapping_sub(timestamp);
    rules.log_append_time
        || timestamp == -1
        || age_ms <= rules.before_max_ms && age_ms.saturating_neg() <= rules.after_max_ms
}

/// Sets the timestamp type and the largest timestamp, and the checksum if either changed.
fn stamp(batch: &mut [u8], rules: &Rules, now: Timestamp, max_timestamp: i64) {
    let view = BatchView::new(batch).expect("it was checked");
    let old = (view.attributes(), view.max_timestamp());
    let new = if rules.log_append_time {
        (old.0 | attributes::LOG_APPEND_TIME, now.0)
    } else {
        (old.0 & !attributes::LOG_APPEND_TIME, max_timestamp)
    };
    if old != new {
        batch[21..23].copy_from_slice(&new.0.to_be_bytes());
        batch[35..43].copy_from_slice(&new.1.to_be_bytes());
        builder::seal(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BatchBuilder;

    const RULES: Rules = Rules {
        size_max_bytes: 1000,
        log_append_time: false,
        before_max_ms: i64::MAX,
        after_max_ms: 3_600_000,
        key_required: false,
        deep: false,
    };
    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn batch(codec: Codec, timestamps: &[i64]) -> Vec<u8> {
        let mut builder = BatchBuilder::new(codec);
        for timestamp in timestamps {
            builder.push(*timestamp, None, Some(b"v"), &[]);
        }
        builder.build().to_vec()
    }

    /// Checks a batch after `spoil` changed it and its checksum was made right again.
    fn verdict(spoil: impl FnOnce(&mut Vec<u8>)) -> Result<(), BatchError> {
        let mut bytes = batch(Codec::None, &[NOW.0, NOW.0 + 1]);
        spoil(&mut bytes);
        builder::seal(&mut bytes);
        check(&mut bytes, &RULES, NOW)
    }

    #[test]
    fn what_lies_is_refused_with_kafkas_code() {
        let code = |spoil: fn(&mut Vec<u8>)| verdict(spoil).map_err(|e| e.code());
        assert_eq!(code(|_| ()), Ok(()));
        assert_eq!(code(|b| b[57..61].copy_from_slice(&3i32.to_be_bytes())), Err(ErrorCode::InvalidRecord));
        assert_eq!(
            code(|b| b[57..61].copy_from_slice(&i32::MAX.to_be_bytes())),
            Err(ErrorCode::InvalidRecord)
        );
        assert_eq!(
            code(|b| b[23..27].copy_from_slice(&(-1i32).to_be_bytes())),
            Err(ErrorCode::InvalidRecord)
        );
        assert_eq!(code(|b| b[7] = 77), Err(ErrorCode::InvalidRecord));
        assert_eq!(code(|b| b[22] = 7), Err(ErrorCode::InvalidRecord));
        assert_eq!(code(|b| b[22] |= 0x20), Err(ErrorCode::InvalidRecord));
        assert_eq!(code(|b| b[43..51].copy_from_slice(&5i64.to_be_bytes())), Err(ErrorCode::InvalidRecord));
        assert_eq!(code(|b| b[61] = 2), Err(ErrorCode::InvalidRecord));
        assert_eq!(code(|b| b.resize(1001, 0)), Err(ErrorCode::MessageTooLarge));
        let mut bytes = batch(Codec::None, &[1]);
        bytes[62] ^= 1;
        assert_eq!(check(&mut bytes, &RULES, NOW), Err(BatchError::Corrupt));
    }

    #[test]
    fn timestamps_are_bounded_and_minus_one_passes() {
        let code = |codec, t| check(&mut batch(codec, &[t]), &RULES, NOW).map_err(|e| e.code());
        for codec in [Codec::None, Codec::Lz4] {
            assert_eq!(code(codec, -1), Ok(()));
            assert_eq!(code(codec, NOW.0 + 3_600_000), Ok(()));
            assert_eq!(code(codec, NOW.0 + 3_600_001), Err(ErrorCode::InvalidTimestamp));
            assert_eq!(code(codec, i64::MAX), Err(ErrorCode::InvalidTimestamp));
        }
    }

    #[test]
    fn a_max_timestamp_that_lies_is_put_right_and_the_append_time_is_set() {
        let mut bytes = batch(Codec::None, &[5, 9, 7]);
        bytes[35..43].copy_from_slice(&NOW.0.to_be_bytes());
        builder::seal(&mut bytes);
        check(&mut bytes, &RULES, NOW).unwrap();
        assert_eq!(BatchView::new(&bytes).unwrap().max_timestamp(), 9);
        check(&mut bytes, &Rules { log_append_time: true, ..RULES }, NOW).unwrap();
        let view = BatchView::new(&bytes).unwrap();
        assert_eq!((view.base_timestamp(), view.max_timestamp()), (5, NOW.0));
        assert!(view.is_intact() && view.attributes() & attributes::LOG_APPEND_TIME != 0);
    }
}
