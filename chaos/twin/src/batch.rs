//! Record batches as scripts say them: `batch(records=3, codec="lz4", pid=$pid, epoch=0, seq=5)`; right in
//! everything that is not said to be wrong.
//!
//! | parameter | what it is | otherwise |
//! |---|---|---|
//! | `records` | how many | 1 |
//! | `key`, `value`, `size` | of each record; `null` for none; `size` pads the value | `"k"`, `"v"` with its number, 0 |
//! | `time`, `step` | the first record's timestamp, and from one to the next | 1700000000000, 0 |
//! | `headers` | how many headers each record has | 0 |
//! | `codec` | `none`, `gzip`, `snappy`, `lz4`, `zstd` | `none` |
//! | `pid`, `epoch`, `seq` | the producer | -1 |
//! | `bits` | attribute bits beside the codec's | 0 |
//! | `base`, `leader_epoch` | what the broker will overwrite | 0, -1 |
//! | `count`, `last_delta`, `max_time`, `magic`, `length` | header fields that lie | the truth |
//! | `crc` | added to the right checksum | 0 |
//! | `tail` | bytes behind the last record | none |
//! | `delta` | added to each record's offset delta | 0 |
//! | `payload` | bytes in the place of the records, compressed or not | the records |
//! | `cut` | bytes taken off the end | 0 |
//! | `times` | how often the batch stands there | 1 |

use ottla_core::{
    record::{
        BatchBuilder, BatchView, Codec, HEADER_BYTES,
        batch::{self, batches},
        builder, compression,
    },
    types::ProducerId,
};

use crate::value::Value;

const TIME: i64 = 1_700_000_000_000;

/// The bytes of a batch.
pub fn build(said: &[(String, Value)]) -> Vec<u8> {
    let find = |name: &str| said.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    let int = |name: &str| find(name).and_then(Value::int);
    let text = |name: &str, otherwise: &str| match find(name) {
        Some(Value::Null) => None,
        Some(Value::Text(text)) => Some(text.clone().into_bytes()),
        _ => Some(otherwise.as_bytes().to_vec()),
    };
    let codec = text("codec", "none").unwrap_or_default();
    let codec = Codec::ALL.into_iter().find(|c| c.name().as_bytes() == codec).unwrap_or(Codec::None);
    let mut builder = BatchBuilder::new(codec);
    builder.producer = int("pid").map(|id| (ProducerId(id), int("epoch").unwrap_or(-1) as i16));
    builder.base_sequence = int("seq").unwrap_or(-1) as i32;
    builder.flags = int("bits").unwrap_or(0) as i16;
    let header = (&b"h"[..], Some(&b"x"[..]));
    let headers = vec![header; int("headers").unwrap_or(0) as usize];
    for at in 0..int("records").unwrap_or(1).max(0) {
        let mut value = text("value", &format!("v{at}"));
        if let (Some(value), Some(size)) = (&mut value, int("size")) {
            value.resize(size as usize, b'x');
        }
        let time = int("time").unwrap_or(TIME).saturating_add(int("step").unwrap_or(0).saturating_mul(at));
        builder.push(time, text("key", "k").as_deref(), value.as_deref(), &headers);
    }
    let mut bytes = builder.build().to_vec();
    if int("delta").is_some() || find("tail").is_some() {
        bytes = with_records(&bytes, int("delta").unwrap_or(0), &text("tail", "").unwrap_or_default());
    }
    if let Some(Value::Bytes(payload)) = find("payload") {
        bytes = with_payload(&bytes, payload);
    }
    let mut set = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
    if let Some(n) = int("base") {
        set(0, &n.to_be_bytes());
    }
    if let Some(n) = int("leader_epoch") {
        set(12, &(n as i32).to_be_bytes());
    }
    if let Some(n) = int("last_delta") {
        set(23, &(n as i32).to_be_bytes());
    }
    if let Some(n) = int("max_time") {
        set(35, &n.to_be_bytes());
    }
    if let Some(n) = int("count") {
        set(57, &(n as i32).to_be_bytes());
    }
    builder::seal(&mut bytes);
    let mut set = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
    if let Some(n) = int("magic") {
        set(16, &[n as u8]);
    }
    if let Some(n) = int("length") {
        set(8, &(n as i32).to_be_bytes());
    }
    if let Some(n) = int("crc") {
        let crc = u32::from_be_bytes([bytes[17], bytes[18], bytes[19], bytes[20]]);
        bytes[17..21].copy_from_slice(&crc.wrapping_add(n as u32).to_be_bytes());
    }
    bytes.truncate(bytes.len().saturating_sub(int("cut").unwrap_or(0) as usize));
    bytes.repeat(int("times").unwrap_or(1).max(0) as usize)
}

/// The batch again, uncompressed records with their deltas moved and bytes behind them.
fn with_records(bytes: &[u8], delta: i64, tail: &[u8]) -> Vec<u8> {
    let view = BatchView::new(bytes).expect("it was just built");
    let mut records = Vec::new();
    for record in batch::records(view.payload()) {
        let mut body = vec![0];
        zigzag(&mut body, record.timestamp_delta);
        zigzag(&mut body, record.offset_delta + delta);
        for field in [record.key, record.value] {
            zigzag(&mut body, field.map_or(-1, |f| f.len() as i64));
            body.extend(field.unwrap_or_default());
        }
        zigzag(&mut body, 0);
        zigzag(&mut records, body.len() as i64);
        records.extend(body);
    }
    records.extend(tail);
    with_payload(bytes, &records)
}

/// The batch with other bytes behind its header.
fn with_payload(bytes: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = bytes[..HEADER_BYTES].to_vec();
    out.extend(payload);
    let length = (out.len() - 12) as i32;
    out[8..12].copy_from_slice(&length.to_be_bytes());
    out
}

fn zigzag(out: &mut Vec<u8>, value: i64) {
    crate::codec::uvarint(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Fetched records as a tree: each batch's header and each record, so that a difference has a name. Bytes
/// that are no whole batch at the end are left as bytes.
pub fn describe(bytes: &[u8]) -> Value {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, view) in batches(bytes) {
        end = at + view.size().unwrap_or_default();
        let plain = view.codec().and_then(|codec| {
            compression::decompress(codec, view.payload(), 1 << 24).ok().map(|p| p.into_owned())
        });
        let records = plain.as_deref().map(|plain| {
            Value::List(
                batch::records(plain)
                    .map(|r| {
                        let bytes = |b: Option<&[u8]>| b.map_or(Value::Null, |b| Value::Bytes(b.to_vec()));
                        let headers = r.headers().map(|(k, v)| Value::List(vec![bytes(Some(k)), bytes(v)]));
                        Value::List(vec![
                            Value::Int(r.offset_delta),
                            Value::Int(r.timestamp_delta),
                            bytes(r.key),
                            bytes(r.value),
                            Value::List(headers.collect()),
                        ])
                    })
                    .collect(),
            )
        });
        let fields = [
            ("base_offset", Value::Int(view.base_offset().0)),
            ("leader_epoch", Value::Int(view.leader_epoch().0.into())),
            ("intact", Value::Bool(view.is_intact())),
            ("attributes", Value::Int(view.attributes().into())),
            ("last_offset_delta", Value::Int(view.last_offset_delta().into())),
            ("base_timestamp", Value::Int(view.base_timestamp())),
            ("max_timestamp", Value::Int(view.max_timestamp())),
            ("producer_id", Value::Int(view.producer_id().map_or(-1, |p| p.0))),
            ("producer_epoch", Value::Int(view.producer_epoch().into())),
            ("base_sequence", Value::Int(view.base_sequence().into())),
            ("record_count", Value::Int(view.record_count().into())),
            ("records", records.unwrap_or_else(|| Value::Bytes(view.payload().to_vec()))),
        ];
        found.push(Value::Struct(fields.map(|(n, v)| (n.to_owned(), v)).to_vec()));
    }
    if end < bytes.len() {
        found.push(Value::Int((bytes.len() - end) as i64));
    }
    Value::List(found)
}
