//! The records of `__consumer_offsets`, in Kafka's format: a key is its type and its fields, a value its version
//! and its fields (`coordinator/common` of Apache Kafka's messages; KIP-211, KIP-345, KIP-320).

mod consumers;
mod fields;

use bytes::Bytes;
use fields::{Fields, put_bytes, put_compact_string, put_i16, put_string};

use super::consumer::stored::Change;
use crate::{
    shard::LogRecord,
    types::{Timestamp, Uuid},
};

/// A group as it is stored: who its members are, and what each was assigned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredGroup {
    /// `consumer` for consumers; Connect and others have their own.
    pub protocol_type: String,
    /// Its generation.
    pub generation: i32,
    /// The protocol that the members chose.
    pub protocol: Option<String>,
    /// The member that assigns.
    pub leader: Option<String>,
    /// Since when it is in its state.
    pub since: Timestamp,
    /// Its members, in the order of their ids.
    pub members: Vec<StoredMember>,
}

/// A member as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredMember {
    /// Its id.
    pub id: String,
    /// Its `group.instance.id` (KIP-345).
    pub instance: Option<String>,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// How long it may take to join again.
    pub rebalance_timeout_ms: i32,
    /// How long it may be silent.
    pub session_timeout_ms: i32,
    /// Its metadata for the chosen protocol.
    pub subscription: Bytes,
    /// What it was assigned.
    pub assignment: Bytes,
}

/// A committed offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The next record to be read.
    pub offset: i64,
    /// The epoch of the last record that was read; -1 if it is not known.
    pub leader_epoch: i32,
    /// Whatever the consumer stores with it.
    pub metadata: String,
    /// When it was committed.
    pub committed: Timestamp,
    /// When it ends, if the client said so (OffsetCommit up to version 4).
    pub expires: Option<Timestamp>,
    /// The topic's id; zero if it is not known.
    pub topic_id: Uuid,
}

/// What a commit is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OffsetKey {
    /// The group.
    pub group: String,
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
}

/// A record; a value that is missing is a tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A group of the classic protocol.
    Group(String, Option<StoredGroup>),
    /// A committed offset.
    Offset(OffsetKey, Option<CommittedOffset>),
    /// A part of a group of the consumer protocol.
    Consumers(String, Change),
}

const OFFSET: [i16; 2] = [0, 1];
const GROUP: i16 = 2;
const VALUE_VERSION: i16 = 3;
/// The one version that has the time of an offset's end.
const VALUE_VERSION_EXPIRING: i16 = 1;
/// The first version with compact lengths and tagged fields: the topic's id is one.
const VALUE_VERSION_FLEXIBLE: i16 = 4;
const VALUE_VERSION_MAX: i16 = 4;

impl Record {
    /// The key and the value of the log's record.
    ///
    /// # Panics
    /// A string is longer than 32,767 bytes: none that came by the wire is.
    pub fn encode(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        let mut key = Vec::new();
        match self {
            Record::Consumers(group, change) => consumers::encode(group, change),
            Record::Group(group, value) => {
                put_i16(&mut key, GROUP);
                put_string(&mut key, Some(group));
                (key, value.as_ref().map(encode_group))
            }
            Record::Offset(OffsetKey { group, topic, partition }, value) => {
                put_i16(&mut key, OFFSET[1]);
                put_string(&mut key, Some(group));
                put_string(&mut key, Some(topic));
                key.extend(partition.to_be_bytes());
                (key, value.as_ref().map(encode_offset))
            }
        }
    }

    /// Reads a record; `None` if it is of a kind that this release does not know.
    ///
    /// # Errors
    /// Its bytes are not what its kind and version say.
    pub fn decode(key: &[u8], value: Option<&[u8]>) -> Result<Option<Record>, String> {
        let damaged = || "a record of __consumer_offsets is damaged".to_owned();
        let mut fields = Fields { rest: key, is_flexible: false };
        let kind = fields.i16().ok_or_else(damaged)?;
        let decoded = match kind {
            GROUP => (|| {
                let group = fields.string()?;
                let value = value.map(|v| decode_group(v).ok_or(())).transpose().ok()?;
                Some(Record::Group(group, value))
            })(),
            kind if OFFSET.contains(&kind) => (|| {
                let (group, topic, partition) = (fields.string()?, fields.string()?, fields.i32()?);
                let value = value.map(|v| decode_offset(v).ok_or(())).transpose().ok()?;
                Some(Record::Offset(OffsetKey { group, topic, partition }, value))
            })(),
            kind if consumers::KINDS.contains(&kind) => {
                consumers::decode(kind, &mut fields, value).map(|(group, c)| Record::Consumers(group, c))
            }
            _ => return Ok(None),
        };
        decoded.map(Some).ok_or_else(damaged)
    }
}

impl LogRecord for Record {
    fn encode(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let (key, value) = Record::encode(self);
        (Some(key), value)
    }

    fn decode(key: Option<&[u8]>, value: Option<&[u8]>) -> Result<Option<Record>, String> {
        Record::decode(key.unwrap_or_default(), value)
    }
}

fn encode_group(group: &StoredGroup) -> Vec<u8> {
    let mut out = Vec::new();
    put_i16(&mut out, VALUE_VERSION);
    put_string(&mut out, Some(&group.protocol_type));
    out.extend(group.generation.to_be_bytes());
    put_string(&mut out, group.protocol.as_deref());
    put_string(&mut out, group.leader.as_deref());
    out.extend(group.since.0.to_be_bytes());
    out.extend((group.members.len() as i32).to_be_bytes());
    for member in &group.members {
        put_string(&mut out, Some(&member.id));
        put_string(&mut out, member.instance.as_deref());
        put_string(&mut out, Some(&member.client_id));
        put_string(&mut out, Some(&member.client_host));
        out.extend(member.rebalance_timeout_ms.to_be_bytes());
        out.extend(member.session_timeout_ms.to_be_bytes());
        put_bytes(&mut out, &member.subscription);
        put_bytes(&mut out, &member.assignment);
    }
    out
}

fn decode_group(value: &[u8]) -> Option<StoredGroup> {
    let (version, mut fields) = Fields::of_value(value, VALUE_VERSION_MAX, VALUE_VERSION_FLEXIBLE)?;
    let mut group = StoredGroup {
        protocol_type: fields.string()?,
        generation: fields.i32()?,
        protocol: fields.nullable_string()?,
        leader: fields.nullable_string()?,
        since: Timestamp(if version < 2 { -1 } else { fields.i64()? }),
        members: Vec::new(),
    };
    for _ in 0..fields.count()? {
        let id = fields.string()?;
        let instance = if version < 3 { None } else { fields.nullable_string()? };
        let (client_id, client_host) = (fields.string()?, fields.string()?);
        let rebalance_timeout_ms = if version < 1 { -1 } else { fields.i32()? };
        let session_timeout_ms = fields.i32()?;
        let (subscription, assignment) = (fields.bytes()?, fields.bytes()?);
        fields.tags()?;
        group.members.push(StoredMember {
            id,
            instance,
            client_id,
            client_host,
            rebalance_timeout_ms,
            session_timeout_ms,
            subscription,
            assignment,
        });
    }
    Some(group)
}

fn encode_offset(offset: &CommittedOffset) -> Vec<u8> {
    let mut out = Vec::new();
    if offset.topic_id != Uuid::ZERO && offset.expires.is_none() {
        put_i16(&mut out, VALUE_VERSION_FLEXIBLE);
        out.extend(offset.offset.to_be_bytes());
        out.extend(offset.leader_epoch.to_be_bytes());
        put_compact_string(&mut out, Some(&offset.metadata));
        out.extend(offset.committed.0.to_be_bytes());
        // One tagged field: the topic's id.
        out.extend([1, 0, 16]);
        out.extend(offset.topic_id.0);
        return out;
    }
    put_i16(&mut out, if offset.expires.is_some() { VALUE_VERSION_EXPIRING } else { VALUE_VERSION });
    out.extend(offset.offset.to_be_bytes());
    if offset.expires.is_none() {
        out.extend(offset.leader_epoch.to_be_bytes());
    }
    put_string(&mut out, Some(&offset.metadata));
    out.extend(offset.committed.0.to_be_bytes());
    if let Some(expires) = offset.expires {
        out.extend(expires.0.to_be_bytes());
    }
    out
}

fn decode_offset(value: &[u8]) -> Option<CommittedOffset> {
    let (version, mut fields) = Fields::of_value(value, VALUE_VERSION_MAX, VALUE_VERSION_FLEXIBLE)?;
    let offset = fields.i64()?;
    let leader_epoch = if version < 3 { -1 } else { fields.i32()? };
    let (metadata, committed) = (fields.string()?, Timestamp(fields.i64()?));
    let expires = if version == VALUE_VERSION_EXPIRING { Some(fields.i64()?) } else { None };
    let mut topic_id = Uuid::ZERO;
    for (tag, bytes) in fields.tags()? {
        if tag == 0 {
            topic_id = Uuid(bytes.try_into().ok()?);
        }
    }
    let expires = expires.filter(|e| *e != -1).map(Timestamp);
    Some(CommittedOffset { offset, leader_epoch, metadata, committed, expires, topic_id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    fn read_back(record: Record) {
        let (key, value) = record.encode();
        assert_eq!(Record::decode(&key, value.as_deref()), Ok(Some(record)));
        for cut in 0..value.as_ref().map_or(0, Vec::len) {
            assert!(Record::decode(&key, value.as_ref().map(|v| &v[..cut])).is_err(), "cut at {cut}");
        }
    }

    fn key() -> OffsetKey {
        OffsetKey { group: "g".into(), topic: "flights".into(), partition: 3 }
    }

    fn offset() -> CommittedOffset {
        CommittedOffset {
            offset: 77,
            leader_epoch: 2,
            metadata: "m".into(),
            committed: Timestamp(1_700_000_000_000),
            expires: None,
            topic_id: Uuid::ZERO,
        }
    }

    fn group() -> StoredGroup {
        StoredGroup {
            protocol_type: "consumer".into(),
            generation: 4,
            protocol: Some("range".into()),
            leader: Some("a-1".into()),
            since: Timestamp(9),
            members: vec![StoredMember {
                id: "a-1".into(),
                instance: Some("i".into()),
                client_id: "a".into(),
                client_host: "/127.0.0.1".into(),
                rebalance_timeout_ms: 60_000,
                session_timeout_ms: 10_000,
                subscription: Bytes::from_static(b"s"),
                assignment: Bytes::from_static(b"xy"),
            }],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        read_back(Record::Group("g".into(), Some(group())));
        read_back(Record::Group("g".into(), None));
        read_back(Record::Offset(key(), Some(offset())));
        read_back(Record::Offset(key(), None));
        let expires = Some(Timestamp(1_700_000_086_400));
        read_back(Record::Offset(key(), Some(CommittedOffset { expires, leader_epoch: -1, ..offset() })));
        read_back(Record::Offset(key(), Some(CommittedOffset { topic_id: Uuid([3; 16]), ..offset() })));
    }

    #[test]
    fn keys_and_values_have_kafkas_bytes() {
        let (key, value) = Record::Offset(key(), Some(offset())).encode();
        assert_eq!(key, hex("0001 0001 67 0007 666c6967687473 00000003"));
        assert_eq!(value, Some(hex("0003 000000000000004d 00000002 0001 6d 0000018bcfe56800")));
        let (key, value) =
            Record::Group("g".into(), Some(StoredGroup { members: vec![], ..group() })).encode();
        assert_eq!(key, hex("0002 0001 67"));
        let bytes =
            "0003 0008 636f6e73756d6572 00000004 0005 72616e6765 0003 612d31 0000000000000009 00000000";
        assert_eq!(value, Some(hex(bytes)));
    }

    #[test]
    fn the_newest_version_is_read_too() {
        let (key, _) = Record::Offset(key(), None).encode();
        let id = "000102030405060708090a0b0c0d0e0f";
        let value = format!("0004 000000000000004d 00000002 02 6d 0000018bcfe56800 01 00 10 {id}");
        let Ok(Some(Record::Offset(_, Some(read)))) = Record::decode(&key, Some(&hex(&value))) else {
            panic!("it is not read");
        };
        let topic_id = Uuid(hex(id).try_into().unwrap());
        assert_eq!(read, CommittedOffset { topic_id, ..offset() });
    }

    #[test]
    fn kinds_of_other_releases_are_passed_over() {
        assert_eq!(Record::decode(&[0, 99, 1, 2], Some(&[1])), Ok(None));
        assert!(Record::decode(&[0], None).is_err());
    }
}
