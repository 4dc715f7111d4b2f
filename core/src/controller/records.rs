//! The records of the metadata log: protobuf bodies behind a kind and a version.
//!
//! A reader that meets a kind or version it does not know stops: skipping one, as protobuf would, makes
//! two nodes disagree.

use prost::Message as _;

use crate::{
    framed::{frame, unframe},
    types::{LeaderEpoch, NodeId, Uuid},
};

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

/// A partition was created, or this is how it stands in a snapshot.
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
    /// The leader, -1 for none.
    #[prost(int32, tag = "5")]
    pub leader: i32,
    /// How often it had a new leader.
    #[prost(int32, tag = "6")]
    pub leader_epoch: i32,
    /// How often it was changed.
    #[prost(int32, tag = "7")]
    pub partition_epoch: i32,
    /// Those that have everything committed, though they are not in sync.
    #[prost(int32, repeated, tag = "8")]
    pub eligible: Vec<i32>,
    /// Replicas that a reassignment adds.
    #[prost(int32, repeated, tag = "9")]
    pub adding: Vec<i32>,
    /// Replicas that it removes.
    #[prost(int32, repeated, tag = "10")]
    pub removing: Vec<i32>,
    /// Replicas whose copy could not be opened.
    #[prost(int32, repeated, tag = "11")]
    pub damaged: Vec<i32>,
}

/// A list of nodes, where none given is something else than none.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Nodes {
    /// The nodes.
    #[prost(int32, repeated, tag = "1")]
    pub nodes: Vec<i32>,
}

/// A partition changed: what is given is new, the rest stays. Its partition epoch is one more.
#[derive(Clone, PartialEq, prost::Message)]
pub struct PartitionChange {
    /// The topic.
    #[prost(bytes = "vec", tag = "1")]
    pub topic_id: Vec<u8>,
    /// Its number.
    #[prost(int32, tag = "2")]
    pub index: i32,
    /// The leader, -1 for none. Given, it begins a new leader epoch, whether it led before or not.
    #[prost(int32, optional, tag = "3")]
    pub leader: Option<i32>,
    /// Those in sync.
    #[prost(message, optional, tag = "4")]
    pub in_sync: Option<Nodes>,
    /// Those that have everything committed, though they are not in sync.
    #[prost(message, optional, tag = "5")]
    pub eligible: Option<Nodes>,
    /// The nodes that hold it.
    #[prost(message, optional, tag = "6")]
    pub replicas: Option<Nodes>,
    /// Replicas that a reassignment adds.
    #[prost(message, optional, tag = "7")]
    pub adding: Option<Nodes>,
    /// Replicas that it removes.
    #[prost(message, optional, tag = "8")]
    pub removing: Option<Nodes>,
    /// Replicas whose copy could not be opened.
    #[prost(message, optional, tag = "9")]
    pub damaged: Option<Nodes>,
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
    /// Its broker epoch: where this record lies in the log.
    #[prost(int64, tag = "5")]
    pub epoch: i64,
    /// It leads nothing and is in no in-sync set until it has caught up with the metadata.
    #[prost(bool, tag = "6")]
    pub is_fenced: bool,
    /// It is about to stop.
    #[prost(bool, tag = "7")]
    pub is_stopping: bool,
    /// Its log directories.
    #[prost(bytes = "vec", repeated, tag = "8")]
    pub directories: Vec<Vec<u8>>,
    /// The last broker epoch in which it was active.
    #[prost(int64, tag = "9")]
    pub active_epoch: i64,
}

/// A broker's state changed: what is given is new.
#[derive(Clone, PartialEq, prost::Message)]
pub struct BrokerChange {
    /// The node.
    #[prost(int32, tag = "1")]
    pub node: i32,
    /// Its broker epoch.
    #[prost(int64, tag = "2")]
    pub epoch: i64,
    /// Whether it is fenced.
    #[prost(bool, optional, tag = "3")]
    pub is_fenced: Option<bool>,
    /// Whether it is about to stop.
    #[prost(bool, optional, tag = "4")]
    pub is_stopping: Option<bool>,
}

/// A broker is no part of the cluster any more.
#[derive(Clone, PartialEq, prost::Message)]
pub struct UnregisterBroker {
    /// The node.
    #[prost(int32, tag = "1")]
    pub node: i32,
    /// Its broker epoch.
    #[prost(int64, tag = "2")]
    pub epoch: i64,
}

/// What holds for topics that say nothing of it, as the controller is configured.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Defaults {
    /// `min.insync.replicas`.
    #[prost(int32, tag = "1")]
    pub min_in_sync: i32,
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
    /// Kafka's number of its security protocol.
    #[prost(int32, tag = "4")]
    pub security_protocol: i32,
}

/// Producer ids below this are taken.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ProducerIds {
    /// The first that is free.
    #[prost(int64, tag = "1")]
    pub next: i64,
}

/// The cluster's id.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Cluster {
    /// The id.
    #[prost(bytes = "vec", tag = "1")]
    pub id: Vec<u8>,
}

/// What a snapshot has to say of an image beside what it holds.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Counters {
    /// How often topics and partitions were made or removed.
    #[prost(uint64, tag = "1")]
    pub topics_version: u64,
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
    PartitionChange(PartitionChange),
    BrokerChange(BrokerChange),
    UnregisterBroker(UnregisterBroker),
    Defaults(Defaults),
    Cluster(Cluster),
    Counters(Counters),
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
            Record::PartitionChange(r) => (7, r.encode_to_vec()),
            Record::BrokerChange(r) => (8, r.encode_to_vec()),
            Record::UnregisterBroker(r) => (9, r.encode_to_vec()),
            Record::Defaults(r) => (10, r.encode_to_vec()),
            Record::Cluster(r) => (11, r.encode_to_vec()),
            Record::Counters(r) => (12, r.encode_to_vec()),
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
            7 => Record::PartitionChange(PartitionChange::decode(body).map_err(wrong)?),
            8 => Record::BrokerChange(BrokerChange::decode(body).map_err(wrong)?),
            9 => Record::UnregisterBroker(UnregisterBroker::decode(body).map_err(wrong)?),
            10 => Record::Defaults(Defaults::decode(body).map_err(wrong)?),
            11 => Record::Cluster(Cluster::decode(body).map_err(wrong)?),
            12 => Record::Counters(Counters::decode(body).map_err(wrong)?),
            _ => return Err(unknown()),
        })
    }
}

impl From<&[i32]> for Nodes {
    fn from(nodes: &[i32]) -> Nodes {
        Nodes { nodes: nodes.to_vec() }
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
    /// The file's bytes, framed.
    pub fn to_file(state: crate::raft::ElectionState) -> Vec<u8> {
        let state = QuorumState { epoch: state.epoch.0, voted_for: state.voted_for.map(|n| n.0) };
        frame(&state.encode_to_vec())
    }

    /// Reads the file; `None` if it is damaged.
    pub fn from_file(bytes: &[u8]) -> Option<crate::raft::ElectionState> {
        let state = QuorumState::decode(unframe(bytes)?).ok()?;
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
