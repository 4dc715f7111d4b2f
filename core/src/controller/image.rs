//! The metadata image: what the replay of the metadata log amounts to.

use std::{collections::BTreeMap, sync::Arc};

use super::records::{self, Endpoint, Record, uuid};
use crate::types::{LeaderEpoch, NodeId, TopicName, Uuid};

/// A broker.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerImage {
    /// Its id.
    pub node: NodeId,
    /// The start of its process.
    pub incarnation: Uuid,
    /// Its broker epoch: where its registration lies in the log.
    pub epoch: i64,
    /// The last epoch in which it was active: what it held then is what it must still hold.
    pub active_epoch: i64,
    /// Where clients and other nodes reach it.
    pub endpoints: Vec<Endpoint>,
    /// Its rack.
    pub rack: Option<String>,
    /// Its log directories.
    pub directories: Vec<Uuid>,
    /// It leads nothing and is in no in-sync set.
    pub is_fenced: bool,
    /// It is about to stop: it gets nothing to lead.
    pub is_stopping: bool,
}

impl BrokerImage {
    /// Whether it may lead and be in sync.
    pub fn is_active(&self) -> bool {
        !self.is_fenced && !self.is_stopping
    }

    /// Where it is reached by a listener's name; any of its endpoints if it has none of that name.
    pub fn endpoint(&self, listener: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|e| e.listener == listener).or(self.endpoints.first())
    }
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionImage {
    /// The nodes that hold it, the preferred leader first.
    pub replicas: Vec<i32>,
    /// Those in sync.
    pub in_sync: Vec<i32>,
    /// Those that have everything committed, though they are not in sync (eligible leader replicas, KIP-966).
    pub eligible: Vec<i32>,
    /// Replicas that a reassignment adds.
    pub adding: Vec<i32>,
    /// Replicas that it removes.
    pub removing: Vec<i32>,
    /// Replicas whose copy could not be opened, until they are in sync again or their broker begins anew: none of them
    /// leads.
    pub damaged: Vec<i32>,
    /// The leader.
    pub leader: Option<NodeId>,
    /// How often it had a new leader, or its leader a new incarnation.
    pub leader_epoch: LeaderEpoch,
    /// How often it changed.
    pub partition_epoch: i32,
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
    min_in_sync: i32,
    cluster_id: Option<Uuid>,
}

impl Image {
    /// The cluster's id, once a controller has said it.
    pub fn cluster_id(&self) -> Option<Uuid> {
        self.cluster_id
    }

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

    /// A partition, by its topic's id and its number.
    pub fn partition(&self, id: Uuid, index: i32) -> Option<&PartitionImage> {
        self.topic_by_id(id)?.partitions.get(usize::try_from(index).ok()?)
    }

    /// The brokers, in the order of their ids.
    pub fn brokers(&self) -> impl Iterator<Item = &BrokerImage> {
        self.brokers.values()
    }

    /// A broker.
    pub fn broker(&self, node: NodeId) -> Option<&BrokerImage> {
        self.brokers.get(&node)
    }

    /// Whether a node is a broker that may lead.
    pub fn is_active(&self, node: i32) -> bool {
        self.broker(NodeId(node)).is_some_and(BrokerImage::is_active)
    }

    /// The first producer id that was not taken.
    pub fn next_producer_id(&self) -> i64 {
        self.next_producer_id
    }

    /// How many partitions there are.
    pub fn partition_count(&self) -> usize {
        self.partition_count
    }

    /// `min.insync.replicas` where a topic does not say; 0 if no controller has said yet.
    pub fn default_min_in_sync(&self) -> i32 {
        self.min_in_sync
    }

    /// How many replicas of a partition must be in sync for it to commit: the topic's `min.insync.replicas`, or fewer
    /// where it has fewer. Those that a reassignment is adding do not count as `replicas`.
    pub fn min_in_sync(&self, topic: &TopicImage, replicas: usize) -> usize {
        let given = topic.configs.get("min.insync.replicas").and_then(|value| value.trim().parse().ok());
        let wanted: i32 = given.unwrap_or(self.min_in_sync);
        (wanted.max(1) as usize).min(replicas.max(1))
    }

    fn by_id(&mut self, id: &[u8]) -> &mut TopicImage {
        let name = self.names.get(&uuid(id)).expect("META-1: a record names a topic that exists");
        let topic = self.topics.get_mut(name).expect("META-1: names and topics agree");
        Arc::make_mut(topic)
    }

    fn broker_of(&mut self, node: i32, epoch: i64) -> &mut BrokerImage {
        let broker =
            self.brokers.get_mut(&NodeId(node)).expect("META-1: a record names a broker that exists");
        assert_eq!(broker.epoch, epoch, "META-1");
        broker
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
                    eligible: r.eligible.clone(),
                    adding: r.adding.clone(),
                    removing: r.removing.clone(),
                    damaged: r.damaged.clone(),
                    leader: (0 <= r.leader).then_some(NodeId(r.leader)),
                    leader_epoch: LeaderEpoch(r.leader_epoch),
                    partition_epoch: r.partition_epoch,
                });
                self.partition_count += 1;
            }
            Record::PartitionChange(r) => self.change_partition(r),
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
            Record::RegisterBroker(r) => self.register(r),
            Record::BrokerChange(r) => {
                let broker = self.broker_of(r.node, r.epoch);
                broker.is_fenced = r.is_fenced.unwrap_or(broker.is_fenced);
                if !broker.is_fenced {
                    broker.active_epoch = broker.epoch;
                }
                broker.is_stopping = r.is_stopping.unwrap_or(broker.is_stopping);
            }
            Record::UnregisterBroker(r) => {
                self.broker_of(r.node, r.epoch);
                self.brokers.remove(&NodeId(r.node));
            }
            Record::ProducerIds(r) => {
                assert!(self.next_producer_id <= r.next, "META-2");
                self.next_producer_id = r.next;
            }
            Record::Defaults(r) => self.min_in_sync = r.min_in_sync,
            Record::Cluster(r) => self.cluster_id = Some(uuid(&r.id)),
            Record::Counters(r) => self.topics_version = r.topics_version,
        }
    }

    fn register(&mut self, r: &records::RegisterBroker) {
        let node = NodeId(r.node);
        let broker = BrokerImage {
            node,
            incarnation: uuid(&r.incarnation),
            epoch: r.epoch,
            active_epoch: if r.is_fenced { r.active_epoch } else { r.epoch },
            endpoints: r.endpoints.clone(),
            rack: r.rack.clone(),
            directories: r.directories.iter().map(|id| uuid(id)).collect(),
            is_fenced: r.is_fenced,
            is_stopping: r.is_stopping,
        };
        self.brokers.insert(node, broker);
        let is_touched = |p: &PartitionImage| p.leader == Some(node) || p.damaged.contains(&r.node);
        for topic in self.topics.values_mut().filter(|topic| topic.partitions.iter().any(is_touched)) {
            for partition in Arc::make_mut(topic).partitions.iter_mut().filter(|p| is_touched(p)) {
                // It says anew what it cannot open, before it is active.
                partition.damaged.retain(|damaged| *damaged != r.node);
                if partition.leader == Some(node) {
                    partition.leader_epoch.0 += 1;
                    partition.partition_epoch += 1;
                }
            }
        }
    }

    fn change_partition(&mut self, r: &records::PartitionChange) {
        let topic = self.by_id(&r.topic_id);
        let partition = topic.partitions.get_mut(r.index as usize).expect("META-1: the partition exists");
        let set = |to: &mut Vec<i32>, given: &Option<records::Nodes>| {
            if let Some(given) = given {
                to.clone_from(&given.nodes);
            }
        };
        set(&mut partition.replicas, &r.replicas);
        set(&mut partition.in_sync, &r.in_sync);
        set(&mut partition.eligible, &r.eligible);
        set(&mut partition.adding, &r.adding);
        set(&mut partition.removing, &r.removing);
        set(&mut partition.damaged, &r.damaged);
        if let Some(leader) = r.leader {
            partition.leader = (0 <= leader).then_some(NodeId(leader));
            partition.leader_epoch.0 += 1;
        }
        partition.partition_epoch += 1;
        partition.check();
    }

    /// The records that make this image of an empty one.
    pub fn snapshot(&self) -> Vec<Record> {
        let mut records = vec![Record::Defaults(records::Defaults { min_in_sync: self.min_in_sync })];
        records.extend(self.cluster_id.map(|id| Record::Cluster(records::Cluster { id: id.0.to_vec() })));
        records.push(Record::ProducerIds(records::ProducerIds { next: self.next_producer_id }));
        records.extend(self.brokers.values().map(|b| {
            Record::RegisterBroker(records::RegisterBroker {
                node: b.node.0,
                incarnation: b.incarnation.0.to_vec(),
                endpoints: b.endpoints.clone(),
                rack: b.rack.clone(),
                epoch: b.epoch,
                is_fenced: b.is_fenced,
                is_stopping: b.is_stopping,
                directories: b.directories.iter().map(|id| id.0.to_vec()).collect(),
                active_epoch: b.active_epoch,
            })
        }));
        for topic in self.topics.values() {
            let id = topic.id.0.to_vec();
            records.push(Record::Topic(records::Topic { id: id.clone(), name: topic.name.to_string() }));
            records.extend(topic.configs.iter().map(|(name, value)| {
                let (name, value) = (name.clone(), Some(value.clone()));
                Record::TopicConfig(records::TopicConfig { topic_id: id.clone(), name, value })
            }));
            records.extend(topic.partitions.iter().enumerate().map(|(index, p)| {
                Record::Partition(records::Partition {
                    topic_id: id.clone(),
                    index: index as i32,
                    replicas: p.replicas.clone(),
                    in_sync: p.in_sync.clone(),
                    leader: p.leader.map_or(-1, |node| node.0),
                    leader_epoch: p.leader_epoch.0,
                    partition_epoch: p.partition_epoch,
                    eligible: p.eligible.clone(),
                    adding: p.adding.clone(),
                    removing: p.removing.clone(),
                    damaged: p.damaged.clone(),
                })
            }));
        }
        records.push(Record::Counters(records::Counters { topics_version: self.topics_version }));
        records
    }
}

impl PartitionImage {
    /// Whether a node holds it.
    pub fn has_replica(&self, node: i32) -> bool {
        self.replicas.contains(&node)
    }

    /// ISR-1: who is in sync, or eligible, holds the partition; nobody is both, nor is its copy damaged; a leader is in
    /// sync.
    fn check(&self) {
        let held = |nodes: &[i32]| nodes.iter().all(|node| self.has_replica(*node));
        assert!(held(&self.in_sync) && held(&self.eligible), "ISR-1: {self:?}");
        assert!(self.in_sync.iter().all(|node| !self.eligible.contains(node)), "ISR-1: {self:?}");
        assert!(self.leader.is_none_or(|leader| self.in_sync.contains(&leader.0)), "ISR-1: {self:?}");
        let is_trusted = |node: &i32| self.in_sync.contains(node) || self.eligible.contains(node);
        assert!(held(&self.damaged) && !self.damaged.iter().any(is_trusted), "ISR-1: {self:?}");
    }
}
