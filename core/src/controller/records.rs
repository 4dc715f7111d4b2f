//! The records of the metadata log: protobuf bodies behind a kind and a version.
//!
//! A reader that meets a kind or version it does not know stops: skipping one, as protobuf would, makes
//! two nodes disagree.

use prost::Message as _;

use crate::types::{LeaderEpoch, NodeId, Uuid};

/// A topic was created.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Topic {
    /// Its id.
    #[prost(bytes = "vec", tag = "1")]
    pub id: Vec<u8>,
    /// Its name.
    #[prost(string, tag = "2")]
    pub name: String,
}

/// A partition was created.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Partition {
    /// The topic.
    #[prost(bytes = "vec", tag = "1")]
    pub topic_id: Vec<u8>,
    /// Its number.
    #[prost(int32, tag = "2")]
    pub index: i32,
    /// The nodes that hold it, the preferred leader first.
    #[prost(int32, repeated, tag = "3")]
    pub replicas: Vec<i32>,
    /// Those in sync.
    #[prost(int32, repeated, tag = "4")]
    pub in_sync: Vec<i32>,
    /// The leader.
    #[prost(int32, tag = "5")]
    pub leader: i32,
}

/// A topic was deleted.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RemoveTopic {
    /// Its id.
    #[prost(bytes = "vec", tag = "1")]
    pub id: Vec<u8>,
}

/// A topic's setting was set, or returned to its default.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TopicConfig {
    /// The topic.
    #[prost(bytes = "vec", tag = "1")]
    pub topic_id: Vec<u8>,
    /// The setting.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Its value; absent is the default.
    #[prost(string, optional, tag = "3")]
    pub value: Option<String>,
}

/// A broker came up. Every partition that it leads gets a new leader epoch: no incarnation appends in an
/// epoch of an earlier one.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RegisterBroker {
    /// The node.
    #[prost(int32, tag = "1")]
    pub node: i32,
    /// The start of its process.
    #[prost(bytes = "vec", tag = "2")]
    pub incarnation: Vec<u8>,
    /// Where clients reach it.
    #[prost(message, repeated, tag = "3")]
    pub endpoints: Vec<Endpoint>,
    /// Its rack.
    #[prost(string, optional, tag = "4")]
    pub rack: Option<String>,
}

/// One listener of a broker, as clients see it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Endpoint {
    /// The listener.
    #[prost(string, tag = "1")]
    pub listener: String,
    /// The host.
    #[prost(string, tag = "2")]
    pub host: String,
    /// The port.
    #[prost(uint32, tag = "3")]
    pub port: u32,
}

/// Producer ids below this are taken.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ProducerIds {
    /// The first that is free.
    #[prost(int64, tag = "1")]
    pub next: i64,
}

/// A record of the metadata log.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs)]
pub enum Record {
    Topic(Topic),
    Partition(Partition),
    RemoveTopic(RemoveTopic),
    TopicConfig(TopicConfig),
    RegisterBroker(RegisterBroker),
    ProducerIds(ProducerIds),
}

/// The version of every record so far.
const VERSION: u16 = 0;

impl Record {
    /// Its bytes: kind and version as big-endian `u16`, then the body.
    pub fn encode(&self) -> Vec<u8> {
        let (kind, body) = match self {
            Record::Topic(r) => (1u16, r.encode_to_vec()),
            Record::Partition(r) => (2, r.encode_to_vec()),
            Record::RemoveTopic(r) => (3, r.encode_to_vec()),
            Record::TopicConfig(r) => (4, r.encode_to_vec()),
            Record::RegisterBroker(r) => (5, r.encode_to_vec()),
            Record::ProducerIds(r) => (6, r.encode_to_vec()),
        };
        [&kind.to_be_bytes()[..], &VERSION.to_be_bytes(), &body].concat()
    }

    /// Reads a record.
    ///
    /// # Errors
    /// A kind or version that this release does not know, or a body that is none.
    pub fn decode(bytes: &[u8]) -> Result<Record, String> {
        let (head, body) = bytes.split_first_chunk::<4>().ok_or("a metadata record is cut off")?;
        let (kind, version) =
            (u16::from_be_bytes([head[0], head[1]]), u16::from_be_bytes([head[2], head[3]]));
        let unknown =
            || format!("this release does not know metadata records of kind {kind}, version {version}");
        if version != VERSION {
            return Err(unknown());
        }
        let wrong = |e: prost::DecodeError| format!("a metadata record of kind {kind} cannot be read: {e}");
        Ok(match kind {
            1 => Record::Topic(Topic::decode(body).map_err(wrong)?),
            2 => Record::Partition(Partition::decode(body).map_err(wrong)?),
            3 => Record::RemoveTopic(RemoveTopic::decode(body).map_err(wrong)?),
            4 => Record::TopicConfig(TopicConfig::decode(body).map_err(wrong)?),
            5 => Record::RegisterBroker(RegisterBroker::decode(body).map_err(wrong)?),
            6 => Record::ProducerIds(ProducerIds::decode(body).map_err(wrong)?),
            _ => return Err(unknown()),
        })
    }
}

/// Reads an id of a record.
///
/// # Panics
/// It has not 16 bytes: no release writes that.
pub fn uuid(bytes: &[u8]) -> Uuid {
    Uuid(bytes.try_into().expect("an id has 16 bytes"))
}

/// What a voter persists of an election ([`crate::raft::ElectionState`]), in a file of its own.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QuorumState {
    /// The epoch.
    #[prost(int32, tag = "1")]
    pub epoch: i32,
    /// The vote.
    #[prost(int32, optional, tag = "2")]
    pub voted_for: Option<i32>,
}

impl QuorumState {
    /// The file's bytes: length and CRC-32 as big-endian `u32`, then the body.
    pub fn to_file(state: crate::raft::ElectionState) -> Vec<u8> {
        let body =
            QuorumState { epoch: state.epoch.0, voted_for: state.voted_for.map(|n| n.0) }.encode_to_vec();
        let (length, crc) = (body.len() as u32, crc32fast::hash(&body));
        [&length.to_be_bytes()[..], &crc.to_be_bytes(), &body].concat()
    }

    /// Reads the file; `None` if it is damaged.
    pub fn from_file(bytes: &[u8]) -> Option<crate::raft::ElectionState> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (crc, body) = rest.split_first_chunk()?;
        if u32::from_be_bytes(*length) as usize != body.len()
            || u32::from_be_bytes(*crc) != crc32fast::hash(body)
        {
            return None;
        }
        let state = QuorumState::decode(body).ok()?;
        Some(crate::raft::ElectionState {
            epoch: LeaderEpoch(state.epoch),
            voted_for: state.voted_for.map(NodeId),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kinds_and_versions_stop_the_reader() {
        let bytes = Record::ProducerIds(ProducerIds { next: 1000 }).encode();
        assert_eq!(Record::decode(&bytes), Ok(Record::ProducerIds(ProducerIds { next: 1000 })));
        assert!(Record::decode(&[0, 99, 0, 0]).unwrap_err().contains("kind 99"));
        assert!(Record::decode(&[0, 1, 0, 7]).unwrap_err().contains("version 7"));
    }

    #[test]
    fn a_damaged_vote_is_not_believed() {
        let state = crate::raft::ElectionState { epoch: LeaderEpoch(7), voted_for: Some(NodeId(1)) };
        let bytes = QuorumState::to_file(state);
        assert_eq!(QuorumState::from_file(&bytes), Some(state));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(QuorumState::from_file(&damaged), None);
        }
    }
}
