//! What a partition remembers of its producers (KIP-98): enough to tell the next batch from a duplicate
//! and from a gap. Rebuilt from a snapshot and the batches after it.

use std::collections::BTreeMap;

use crate::{
    errors::ErrorCode,
    limits::PRODUCER_BATCHES_MAX,
    planted::is_planted,
    record::{self, BatchView, batch::sequence_after},
    situations::{Situation, reached},
    types::{Offset, ProducerId, Timestamp},
};

/// One batch that was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendedBatch {
    /// Its first sequence number.
    pub first_sequence: i32,
    /// Its last offset.
    pub last_offset: Offset,
    /// Last offset less first offset; last sequence less first sequence.
    pub delta: i32,
    /// Its largest timestamp.
    pub timestamp: i64,
}

impl AppendedBatch {
    fn last_sequence(&self) -> i32 {
        sequence_after(self.first_sequence, self.delta)
    }

    /// Its first offset.
    pub fn base_offset(&self) -> Offset {
        self.last_offset + -i64::from(self.delta)
    }
}

/// One producer: its epoch and its last batches, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Producer {
    epoch: i16,
    batches: [AppendedBatch; PRODUCER_BATCHES_MAX],
    count: usize,
}

const NO_BATCH: AppendedBatch =
    AppendedBatch { first_sequence: -1, last_offset: Offset(-1), delta: 0, timestamp: -1 };

impl Producer {
    fn batches(&self) -> &[AppendedBatch] {
        &self.batches[..self.count]
    }

    fn add(&mut self, batch: AppendedBatch) {
        if self.count == PRODUCER_BATCHES_MAX {
            self.batches.rotate_left(1);
            self.count -= 1;
        }
        self.batches[self.count] = batch;
        self.count += 1;
    }
}

/// What is to happen to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the next one.
    Append,
    /// It was appended before.
    Duplicate(AppendedBatch),
    /// The producer is told.
    Refuse(ErrorCode),
}

/// The producers of a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProducerState(BTreeMap<ProducerId, Producer>);

/// What stands where a batch has no producer epoch.
const NO_EPOCH: i16 = -1;
const SNAPSHOT_VERSION: i16 = 1;
const SNAPSHOT_HEADER_BYTES: usize = 6;
const SNAPSHOT_ENTRY_BYTES: usize = 46;

impl ProducerState {
    /// Whether no producer is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Judges a client's batch. A producer that is not known may begin anywhere (KIP-360); so may one whose last
    /// batch had no epoch, as in Kafka.
    pub fn judge(&self, batch: &BatchView<'_>) -> Verdict {
        let Some(producer) = batch.producer_id().and_then(|id| self.0.get(&id)) else {
            return Verdict::Append;
        };
        let (epoch, first) = (batch.producer_epoch(), batch.base_sequence());
        let may_begin_anywhere = producer.epoch == NO_EPOCH;
        if epoch < producer.epoch {
            reached(Situation::EpochFenced);
            return Verdict::Refuse(ErrorCode::InvalidProducerEpoch);
        }
        if producer.epoch < epoch {
            return if first == 0 || may_begin_anywhere {
                Verdict::Append
            } else {
                Verdict::Refuse(ErrorCode::OutOfOrderSequenceNumber)
            };
        }
        let same =
            |b: &&AppendedBatch| b.first_sequence == first && b.last_sequence() == batch.last_sequence();
        if let Some(duplicate) = producer.batches().iter().find(same) {
            if is_planted("producer/appends-duplicates") {
                return Verdict::Append;
            }
            reached(Situation::Duplicate);
            return Verdict::Duplicate(*duplicate);
        }
        match producer.batches().last() {
            Some(last) if first != sequence_after(last.last_sequence(), 1) && !may_begin_anywhere => {
                reached(Situation::OutOfOrder);
                Verdict::Refuse(ErrorCode::OutOfOrderSequenceNumber)
            }
            _ => Verdict::Append,
        }
    }

    /// Notes a batch that was appended with its offsets set.
    pub fn note(&mut self, batch: &BatchView<'_>) {
        let Some(id) = batch.producer_id().filter(|_| !is_planted("producer/notes-nothing")) else { return };
        let epoch = batch.producer_epoch();
        let producer = self.0.entry(id).or_insert(Producer {
            epoch,
            batches: [NO_BATCH; PRODUCER_BATCHES_MAX],
            count: 0,
        });
        if producer.epoch != epoch {
            *producer = Producer { epoch, batches: [NO_BATCH; PRODUCER_BATCHES_MAX], count: 0 };
        }
        producer.add(AppendedBatch {
            first_sequence: batch.base_sequence(),
            last_offset: batch.last_offset(),
            delta: batch.last_offset_delta(),
            timestamp: batch.max_timestamp(),
        });
    }

    /// Forgets producers whose last batch is older than `expiration_ms`.
    pub fn expire(&mut self, now: Timestamp, expiration_ms: i64) {
        self.0.retain(|_, p| {
            p.batches().last().is_some_and(|b| now.0.saturating_sub(b.timestamp) < expiration_ms)
        });
    }

    /// Kafka's snapshot file: version, CRC-32C, one entry a producer with its last batch. The batches
    /// before the last follow behind the entries, where Kafka's reader does not look: with them a
    /// producer's retries are recognised across a restart too.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = SNAPSHOT_VERSION.to_be_bytes().to_vec();
        out.extend([0; 4]);
        out.extend((self.0.len() as i32).to_be_bytes());
        for (id, producer) in &self.0 {
            let last = producer.batches().last().copied().unwrap_or(NO_BATCH);
            out.extend(id.0.to_be_bytes());
            out.extend(producer.epoch.to_be_bytes());
            out.extend(last.last_sequence().to_be_bytes());
            out.extend(last.last_offset.0.to_be_bytes());
            out.extend(last.delta.to_be_bytes());
            out.extend(last.timestamp.to_be_bytes());
            out.extend((-1i32).to_be_bytes());
            out.extend((-1i64).to_be_bytes());
        }
        for producer in self.0.values() {
            let earlier = &producer.batches()[..producer.count.saturating_sub(1)];
            out.push(earlier.len() as u8);
            for batch in earlier {
                out.extend(batch.first_sequence.to_be_bytes());
                out.extend(batch.last_offset.0.to_be_bytes());
                out.extend(batch.delta.to_be_bytes());
                out.extend(batch.timestamp.to_be_bytes());
            }
        }
        let crc = record::crc32c(&out[SNAPSHOT_HEADER_BYTES..]);
        out[2..SNAPSHOT_HEADER_BYTES].copy_from_slice(&crc.to_be_bytes());
        out
    }

    /// Reads a snapshot; `None` if it is damaged. One of Kafka's own has no earlier batches.
    pub fn restore(bytes: &[u8]) -> Option<ProducerState> {
        if is_planted("producer/loses-snapshots") {
            return Some(ProducerState::default());
        }
        let body = bytes.get(SNAPSHOT_HEADER_BYTES..)?;
        if bytes[..2] != SNAPSHOT_VERSION.to_be_bytes() || bytes[2..6] != record::crc32c(body).to_be_bytes() {
            return None;
        }
        let mut rest = body;
        let count = usize::try_from(i32::from_be_bytes(take(&mut rest)?)).ok()?;
        if rest.len() / SNAPSHOT_ENTRY_BYTES < count {
            return None;
        }
        let mut state = ProducerState::default();
        for _ in 0..count {
            let id = ProducerId(i64::from_be_bytes(take(&mut rest)?));
            let epoch = i16::from_be_bytes(take(&mut rest)?);
            let last_sequence = i32::from_be_bytes(take(&mut rest)?);
            let last_offset = Offset(i64::from_be_bytes(take(&mut rest)?));
            let delta = i32::from_be_bytes(take(&mut rest)?);
            let timestamp = i64::from_be_bytes(take(&mut rest)?);
            take::<12>(&mut rest)?;
            let first_sequence = sequence_after(last_sequence, -delta);
            let mut producer = Producer { epoch, batches: [NO_BATCH; PRODUCER_BATCHES_MAX], count: 0 };
            producer.add(AppendedBatch { first_sequence, last_offset, delta, timestamp });
            state.0.insert(id, producer);
        }
        if rest.is_empty() {
            return Some(state);
        }
        for producer in state.0.values_mut() {
            let last = producer.batches[0];
            producer.count = 0;
            for _ in 0..take::<1>(&mut rest)?[0] {
                producer.add(AppendedBatch {
                    first_sequence: i32::from_be_bytes(take(&mut rest)?),
                    last_offset: Offset(i64::from_be_bytes(take(&mut rest)?)),
                    delta: i32::from_be_bytes(take(&mut rest)?),
                    timestamp: i64::from_be_bytes(take(&mut rest)?),
                });
            }
            producer.add(last);
        }
        Some(state)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchBuilder, Codec};

    fn batch(epoch: i16, sequence: i32, count: usize, base_offset: i64) -> bytes::Bytes {
        let mut builder = BatchBuilder::new(Codec::None);
        builder.producer = Some((ProducerId(9), epoch));
        builder.base_sequence = sequence;
        builder.base_offset = Offset(base_offset);
        (0..count).for_each(|_| builder.push(1, None, None, &[]));
        builder.build()
    }

    /// Judges a batch, and appends it at `offset` if it may be.
    fn offer(
        state: &mut ProducerState,
        epoch: i16,
        sequence: i32,
        count: usize,
        offset: i64,
    ) -> Result<Option<i64>, ErrorCode> {
        let bytes = batch(epoch, sequence, count, offset);
        let view = BatchView::new(&bytes).unwrap();
        match state.judge(&view) {
            Verdict::Append => {
                state.note(&view);
                Ok(None)
            }
            Verdict::Duplicate(batch) => Ok(Some(batch.base_offset().0)),
            Verdict::Refuse(code) => Err(code),
        }
    }

    #[test]
    fn the_window_holds_five_batches_and_numbers_wrap() {
        let mut state = ProducerState::default();
        let start = i32::MAX - 5;
        for n in 0..7 {
            assert_eq!(
                offer(&mut state, 0, sequence_after(start, 2 * n), 2, 10 + 2 * i64::from(n)),
                Ok(None)
            );
        }
        // The third batch is the oldest of the five.
        assert_eq!(offer(&mut state, 0, sequence_after(start, 4), 2, 99), Ok(Some(14)));
        assert_eq!(
            offer(&mut state, 0, sequence_after(start, 2), 2, 99),
            Err(ErrorCode::OutOfOrderSequenceNumber)
        );
        // A part of a known batch is no duplicate of it.
        assert_eq!(
            offer(&mut state, 0, sequence_after(start, 4), 1, 99),
            Err(ErrorCode::OutOfOrderSequenceNumber)
        );
        assert_eq!(offer(&mut state, 0, 99, 1, 99), Err(ErrorCode::OutOfOrderSequenceNumber));
        let restored = ProducerState::restore(&state.snapshot()).unwrap();
        assert_eq!(restored, state);
    }

    #[test]
    fn a_new_epoch_begins_at_zero_and_an_old_one_is_fenced() {
        let mut state = ProducerState::default();
        assert_eq!(offer(&mut state, 3, 7, 1, 0), Ok(None));
        assert_eq!(offer(&mut state, 2, 8, 1, 1), Err(ErrorCode::InvalidProducerEpoch));
        assert_eq!(offer(&mut state, 4, 8, 1, 1), Err(ErrorCode::OutOfOrderSequenceNumber));
        assert_eq!(offer(&mut state, 4, 0, 1, 1), Ok(None));
        assert_eq!(offer(&mut state, 4, 1, 1, 2), Ok(None));
    }

    #[test]
    fn a_producer_without_an_epoch_may_begin_anywhere() {
        let mut state = ProducerState::default();
        assert_eq!(offer(&mut state, -1, 7, 1, 0), Ok(None));
        assert_eq!(offer(&mut state, -1, 7, 1, 1), Ok(Some(0)));
        assert_eq!(offer(&mut state, -1, 3, 1, 1), Ok(None));
        assert_eq!(offer(&mut state, 2, 9, 1, 2), Ok(None));
        assert_eq!(offer(&mut state, 2, 5, 1, 3), Err(ErrorCode::OutOfOrderSequenceNumber));
    }

    #[test]
    fn a_damaged_snapshot_is_not_believed() {
        let mut state = ProducerState::default();
        offer(&mut state, 3, 7, 1, 0).unwrap();
        let bytes = state.snapshot();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert_eq!(ProducerState::restore(&damaged), None, "byte {at}");
            assert_eq!(ProducerState::restore(&bytes[..at]), None, "cut at {at}");
        }
    }
}
