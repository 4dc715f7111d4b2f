//! The metadata image: what the replay of the metadata log amounts to.

use std::{collections::BTreeMap, sync::Arc};

use super::records::{Endpoint, Record, uuid};
use crate::types::{LeaderEpoch, NodeId, TopicName, Uuid};

/// A broker.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerImage {
    /// Its id.
    pub node: NodeId,
    /// The start of its process.
    pub incarnation: Uuid,
    /// Where clients reach it.
    pub endpoints: Vec<Endpoint>,
    /// Its rack.
    pub rack: Option<String>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionImage {
    /// The nodes that hold it.
    pub replicas: Vec<i32>,
    /// Those in sync.
    pub in_sync: Vec<i32>,
    /// The leader.
    pub leader: NodeId,
    /// How often it had a new leader, or its leader a new incarnation.
    pub leader_epoch: LeaderEpoch,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicImage {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: TopicName,
    /// Its partitions, by number.
    pub partitions: Vec<PartitionImage>,
    /// Its settings that are not at their default.
    pub configs: BTreeMap<String, String>,
}

/// Topics, brokers and counters. A copy shares the topics with what it was copied from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    topics: BTreeMap<String, Arc<TopicImage>>,
    topics_version: u64,
    names: BTreeMap<Uuid, String>,
    brokers: BTreeMap<NodeId, BrokerImage>,
    next_producer_id: i64,
    partition_count: usize,
}

impl Image {
    /// The topics, in the order of their names.
    pub fn topics(&self) -> impl Iterator<Item = &TopicImage> {
        self.topics.values().map(Arc::as_ref)
    }

    /// How often topics and partitions were made or removed: an image of the same log that has the same number has
    /// the same ones.
    pub fn topics_version(&self) -> u64 {
        self.topics_version
    }

    /// The topic of a name.
    pub fn topic(&self, name: &str) -> Option<&TopicImage> {
        self.topics.get(name).map(Arc::as_ref)
    }

    /// The topic of an id.
    pub fn topic_by_id(&self, id: Uuid) -> Option<&TopicImage> {
        self.topic(self.names.get(&id)?)
    }

    /// The brokers, in the order of their ids.
    pub fn brokers(&self) -> impl Iterator<Item = &BrokerImage> {
        self.brokers.values()
    }

    /// A broker.
    pub fn broker(&self, node: NodeId) -> Option<&BrokerImage> {
        self.brokers.get(&node)
    }

    /// The first producer id that was not taken.
    pub fn next_producer_id(&self) -> i64 {
        self.next_producer_id
    }

    /// How many partitions there are.
    pub fn partition_count(&self) -> usize {
        self.partition_count
    }

    fn by_id(&mut self, id: &[u8]) -> &mut TopicImage {
        let name = self.names.get(&uuid(id)).expect("META-1: a record names a topic that exists");
        let topic = self.topics.get_mut(name).expect("META-1: names and topics agree");
        Arc::make_mut(topic)
    }

    /// Takes in a record of the log.
    ///
    /// # Panics
    /// The record contradicts the image: the log is not what a controller wrote.
    pub fn replay(&mut self, record: &Record) {
        if matches!(record, Record::Topic(_) | Record::Partition(_) | Record::RemoveTopic(_)) {
            self.topics_version += 1;
        }
        match record {
            Record::Topic(r) => {
                let name = TopicName::new(&r.name).expect("META-1: the controller checked the name");
                let topic =
                    TopicImage { id: uuid(&r.id), name, partitions: Vec::new(), configs: BTreeMap::new() };
                self.names.insert(topic.id, r.name.clone());
                assert!(self.topics.insert(r.name.clone(), Arc::new(topic)).is_none(), "META-1");
            }
            Record::Partition(r) => {
                let topic = self.by_id(&r.topic_id);
                assert_eq!(topic.partitions.len(), r.index as usize, "META-1");
                topic.partitions.push(PartitionImage {
                    replicas: r.replicas.clone(),
                    in_sync: r.in_sync.clone(),
                    leader: NodeId(r.leader),
                    leader_epoch: LeaderEpoch(0),
                });
                self.partition_count += 1;
            }
            Record::RemoveTopic(r) => {
                let name = self.names.remove(&uuid(&r.id)).expect("META-1: a topic is removed once");
                let topic = self.topics.remove(&name).expect("META-1: names and topics agree");
                self.partition_count -= topic.partitions.len();
            }
            Record::TopicConfig(r) => {
                let configs = &mut self.by_id(&r.topic_id).configs;
                match &r.value {
                    Some(value) => configs.insert(r.name.clone(), value.clone()),
                    None => configs.remove(&r.name),
                };
            }
            Record::RegisterBroker(r) => {
                let node = NodeId(r.node);
                let (incarnation, endpoints) = (uuid(&r.incarnation), r.endpoints.clone());
                self.brokers.insert(node, BrokerImage { node, incarnation, endpoints, rack: r.rack.clone() });
                let leads = |topic: &TopicImage| topic.partitions.iter().any(|p| p.leader == node);
                for topic in self.topics.values_mut().filter(|topic| leads(topic)) {
                    let partitions = &mut Arc::make_mut(topic).partitions;
                    partitions.iter_mut().filter(|p| p.leader == node).for_each(|p| p.leader_epoch.0 += 1);
                }
            }
            Record::ProducerIds(r) => {
                assert!(self.next_producer_id <= r.next, "META-2");
                self.next_producer_id = r.next;
            }
        }
    }
}
