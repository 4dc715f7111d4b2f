//! The heads of compressed records, read through a window: records are judged and looked up without lying in
//! memory as a whole, but for raw snappy, which has no parts.

use super::{
    Codec,
    compression::{DecompressError, Decompressor},
};

/// What is read of a record: all but the bytes of its key, value and headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// Offset less the batch's base offset.
    pub offset_delta: i64,
    /// Timestamp less the batch's base timestamp.
    pub timestamp_delta: i64,
    /// Whether it has a key.
    pub has_key: bool,
}

/// Why the next record cannot be read.
#[derive(Debug)]
pub enum StreamError {
    /// It is not well formed, or there is none.
    Malformed,
    /// It cannot be decompressed.
    Decompress(DecompressError),
}

impl From<DecompressError> for StreamError {
    fn from(why: DecompressError) -> StreamError {
        StreamError::Decompress(why)
    }
}

/// Bytes of records in memory at a time, beside what the codec needs.
const WINDOW_BYTES: usize = 64 * 1024;

/// The records of a batch, one head after the other.
pub struct RecordHeads<'a> {
    source: Decompressor<'a>,
    window: Box<[u8]>,
    at: usize,
    end: usize,
}

/// How many bytes of a record are still to come.
type Left = u64;

impl<'a> RecordHeads<'a> {
    /// The records of a payload that become at most `bound` bytes.
    ///
    /// # Errors
    /// The payload is not what the codec writes.
    pub fn new(codec: Codec, payload: &'a [u8], bound: usize) -> Result<RecordHeads<'a>, DecompressError> {
        let source = Decompressor::new(codec, payload, bound)?;
        Ok(RecordHeads { source, window: vec![0; WINDOW_BYTES].into(), at: 0, end: 0 })
    }

    /// Reads the next record and passes over its bytes.
    ///
    /// # Errors
    /// As [`StreamError`] says; there is no going on then.
    pub fn read(&mut self) -> Result<RecordHead, StreamError> {
        let mut unbounded = Left::MAX;
        let length = self.varint(&mut unbounded)?;
        let left = &mut Left::try_from(length).map_err(|_| StreamError::Malformed)?;
        // No attribute of a record means anything yet.
        self.byte(left)?;
        let timestamp_delta = self.varint(left)?;
        let offset_delta = i32::try_from(self.varint(left)?).map_err(|_| StreamError::Malformed)?.into();
        let has_key = self.field(left)?;
        self.field(left)?;
        let header_count = u64::try_from(self.varint(left)?).map_err(|_| StreamError::Malformed)?;
        for _ in 0..header_count {
            if !self.field(left)? {
                return Err(StreamError::Malformed);
            }
            self.field(left)?;
        }
        let is_whole = *left == 0;
        is_whole
            .then_some(RecordHead { offset_delta, timestamp_delta, has_key })
            .ok_or(StreamError::Malformed)
    }

    /// Whether nothing comes behind the records that were read.
    ///
    /// # Errors
    /// What comes cannot be decompressed.
    pub fn is_at_end(&mut self) -> Result<bool, DecompressError> {
        Ok(self.at == self.end && !self.fill()?)
    }

    /// Passes over a length and so many bytes; whether it is not null.
    fn field(&mut self, left: &mut Left) -> Result<bool, StreamError> {
        let length = self.varint(left)?;
        if length == -1 {
            return Ok(false);
        }
        let mut length = u64::try_from(length).map_err(|_| StreamError::Malformed)?;
        *left = left.checked_sub(length).ok_or(StreamError::Malformed)?;
        while 0 < length {
            if self.at == self.end && !self.fill()? {
                return Err(StreamError::Malformed);
            }
            let here = length.min((self.end - self.at) as u64);
            self.at += here as usize;
            length -= here;
        }
        Ok(true)
    }

    /// As [`super::varint::read`].
    fn varint(&mut self, left: &mut Left) -> Result<i64, StreamError> {
        let mut value = 0u64;
        for index in 0..10 {
            let byte = self.byte(left)?;
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                return Ok((value >> 1) as i64 ^ -((value & 1) as i64));
            }
        }
        Err(StreamError::Malformed)
    }

    fn byte(&mut self, left: &mut Left) -> Result<u8, StreamError> {
        *left = left.checked_sub(1).ok_or(StreamError::Malformed)?;
        if self.at == self.end && !self.fill()? {
            return Err(StreamError::Malformed);
        }
        self.at += 1;
        Ok(self.window[self.at - 1])
    }

    /// Reads on; whether anything came.
    fn fill(&mut self) -> Result<bool, DecompressError> {
        (self.at, self.end) = (0, 0);
        self.end = self.source.read(&mut self.window)?;
        Ok(0 < self.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::{BatchBuilder, BatchView, Record, compression::compress};

    /// The heads of plain records, by the slow and obvious way, up to the first that is malformed.
    fn heads(mut plain: &[u8]) -> Vec<RecordHead> {
        let mut heads = Vec::new();
        while let Some((record, taken)) = Record::read(plain) {
            let Record { offset_delta, timestamp_delta, key, .. } = record;
            heads.push(RecordHead { offset_delta, timestamp_delta, has_key: key.is_some() });
            plain = &plain[taken..];
        }
        heads
    }

    type Field = Option<Vec<u8>>;
    /// A timestamp, a key, a value, headers.
    type Parts = (i64, Field, Field, Vec<(Vec<u8>, Field)>);

    fn plain(records: &[Parts]) -> Vec<u8> {
        let mut builder = BatchBuilder::new(Codec::None);
        for (time, key, value, headers) in records {
            let headers: Vec<_> = headers.iter().map(|(k, v)| (&k[..], v.as_deref())).collect();
            builder.push(*time, key.as_deref(), value.as_deref(), &headers);
        }
        BatchView::new(&builder.build()).map(|view| view.payload().to_vec()).unwrap_or_default()
    }

    proptest! {
        #[test]
        fn a_stream_is_read_as_a_slice_is(
            records in prop::collection::vec(any::<Parts>(), 0..6),
            changes in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 0..3),
            codec in prop::sample::select(&Codec::ALL[..]),
        ) {
            let mut plain = plain(&records);
            for (at, byte) in changes.iter().filter(|_| !records.is_empty()) {
                let at = at.index(plain.len());
                plain[at] = *byte;
            }
            let packed = compress(codec, &plain).unwrap_or(plain.clone());
            let mut stream = RecordHeads::new(codec, &packed, 1 << 20).unwrap();
            let expected = heads(&plain);
            for head in &expected {
                prop_assert_eq!(stream.read().unwrap(), *head);
            }
            prop_assert!(matches!(stream.read(), Err(StreamError::Malformed)));
        }
    }

    #[test]
    fn values_larger_than_the_window_are_passed_over() {
        let big = Some(vec![7; 3 * WINDOW_BYTES]);
        let plain = plain(&[(5, None, big.clone(), Vec::new()), (6, big, None, Vec::new())]);
        for codec in Codec::ALL {
            let packed = compress(codec, &plain).unwrap_or(plain.clone());
            let mut stream = RecordHeads::new(codec, &packed, plain.len()).unwrap();
            assert_eq!(stream.read().unwrap().offset_delta, 0);
            assert!(!stream.is_at_end().unwrap());
            assert!(stream.read().unwrap().has_key);
            assert!(stream.is_at_end().unwrap());
            let mut short = RecordHeads::new(codec, &packed, plain.len() - 1).unwrap();
            let read = short.read().and_then(|_| short.read());
            assert!(matches!(read, Err(StreamError::Decompress(DecompressError::TooLarge))), "{codec:?}");
        }
    }
}
