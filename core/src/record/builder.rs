//! Makes batches: for the client, for logs of our own, and for tests.

use bytes::Bytes;

use super::{BatchView, Codec, HEADER_BYTES, LENGTH_OVERHEAD_BYTES, compression, varint};
use crate::types::{LeaderEpoch, Offset, ProducerId};

/// A batch in the making. Records get the offsets 0, 1, 2, … from the base offset.
#[derive(Clone, Debug)]
pub struct BatchBuilder {
    /// The codec.
    pub codec: Codec,
    /// The flags of the attributes.
    pub flags: i16,
    /// The producer and its epoch.
    pub producer: Option<(ProducerId, i16)>,
    /// The first record's sequence number.
    pub base_sequence: i32,
    /// The first record's offset.
    pub base_offset: Offset,
    /// The leader's epoch, -1 as producers have it.
    pub leader_epoch: LeaderEpoch,
    records: Vec<u8>,
    count: i32,
    base_timestamp: i64,
    max_timestamp: i64,
}

impl BatchBuilder {
    /// An empty batch, as a producer without idempotence makes it.
    pub fn new(codec: Codec) -> BatchBuilder {
        BatchBuilder {
            codec,
            flags: 0,
            producer: None,
            base_sequence: -1,
            base_offset: Offset(0),
            leader_epoch: LeaderEpoch(-1),
            records: Vec::new(),
            count: 0,
            base_timestamp: -1,
            max_timestamp: -1,
        }
    }

    /// How many records it has.
    pub fn count(&self) -> i32 {
        self.count
    }

    /// Its size in bytes before compression.
    pub fn size(&self) -> usize {
        HEADER_BYTES + self.records.len()
    }

    /// The size in bytes that a record would add, at most.
    pub fn size_of(key: Option<&[u8]>, value: Option<&[u8]>, headers: &[(&[u8], Option<&[u8]>)]) -> usize {
        let field = |f: Option<&[u8]>| 5 + f.map_or(0, <[u8]>::len);
        let headers: usize = headers.iter().map(|(k, v)| field(Some(k)) + field(*v)).sum();
        5 + 1 + 10 + 5 + field(key) + field(value) + 5 + headers
    }

    /// Adds a record.
    pub fn push(
        &mut self,
        timestamp: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[(&[u8], Option<&[u8]>)],
    ) {
        if self.count == 0 {
            self.base_timestamp = timestamp;
            self.max_timestamp = timestamp;
        }
        self.max_timestamp = self.max_timestamp.max(timestamp);
        let delta = timestamp.wrapping_sub(self.base_timestamp);
        let field_len = |f: Option<&[u8]>| f.map_or(1, |f| varint::len(f.len() as i64) + f.len());
        let headers_len: usize = headers.iter().map(|(k, v)| field_len(Some(k)) + field_len(*v)).sum();
        let length = 1
            + varint::len(delta)
            + varint::len(self.count.into())
            + field_len(key)
            + field_len(value)
            + varint::len(headers.len() as i64)
            + headers_len;
        varint::write(&mut self.records, length as i64);
        self.records.push(0);
        varint::write(&mut self.records, delta);
        varint::write(&mut self.records, self.count.into());
        self.field(key);
        self.field(value);
        varint::write(&mut self.records, headers.len() as i64);
        for (key, value) in headers {
            self.field(Some(key));
            self.field(*value);
        }
        self.count += 1;
    }

    fn field(&mut self, field: Option<&[u8]>) {
        varint::write(&mut self.records, field.map_or(-1, |f| f.len() as i64));
        self.records.extend_from_slice(field.unwrap_or_default());
    }

    /// The finished batch.
    pub fn build(&self) -> Bytes {
        let compressed = compression::compress(self.codec, &self.records);
        let payload = compressed.as_deref().unwrap_or(&self.records);
        let (producer_id, producer_epoch) = self.producer.map_or((-1, -1), |(id, epoch)| (id.0, epoch));
        let mut out = Vec::with_capacity(HEADER_BYTES + payload.len());
        out.extend(self.base_offset.0.to_be_bytes());
        out.extend(((HEADER_BYTES - LENGTH_OVERHEAD_BYTES + payload.len()) as i32).to_be_bytes());
        out.extend(self.leader_epoch.0.to_be_bytes());
        out.push(2);
        out.extend([0; 4]);
        out.extend((self.flags | self.codec as i16).to_be_bytes());
        out.extend((self.count - 1).to_be_bytes());
        out.extend(self.base_timestamp.to_be_bytes());
        out.extend(self.max_timestamp.to_be_bytes());
        out.extend(producer_id.to_be_bytes());
        out.extend(producer_epoch.to_be_bytes());
        out.extend(self.base_sequence.to_be_bytes());
        out.extend(self.count.to_be_bytes());
        out.extend_from_slice(payload);
        seal(&mut out);
        out.into()
    }
}

/// Writes the checksum of a batch whose other fields are in place.
///
/// # Panics
/// The bytes are shorter than a header.
pub fn seal(batch: &mut [u8]) {
    assert!(BatchView::new(batch).is_some(), "a batch has a header");
    let crc = super::crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::batch::records;

    #[test]
    fn what_is_built_is_read_back_with_every_codec() {
        for codec in Codec::ALL {
            let mut builder = BatchBuilder::new(codec);
            builder.producer = Some((ProducerId(7), 3));
            builder.base_sequence = i32::MAX;
            for n in 0..100u8 {
                let key = vec![n; usize::from(n)];
                builder.push(
                    1000 - i64::from(n),
                    Some(&key),
                    (n % 2 == 0).then_some(b"value"),
                    &[(b"h", None), (b"h", Some(b"x"))],
                );
            }
            let bytes = builder.build();
            let view = BatchView::new(&bytes).unwrap();
            assert!(view.is_intact());
            assert_eq!(
                (view.size(), view.record_count(), view.max_timestamp()),
                (Some(bytes.len()), 100, 1000)
            );
            assert_eq!((view.producer_id(), view.last_sequence()), (Some(ProducerId(7)), 98));
            let plain = compression::decompress(codec, view.payload(), 1 << 20).unwrap();
            let records: Vec<_> = records(&plain).collect();
            assert_eq!(records.len(), 100);
            assert_eq!(
                (records[3].key, records[3].value, records[3].timestamp_delta),
                (Some(&[3u8; 3][..]), None, -3)
            );
            assert_eq!(
                records[4].headers().collect::<Vec<_>>(),
                [(&b"h"[..], None), (b"h", Some(&b"x"[..]))]
            );
        }
    }
}
