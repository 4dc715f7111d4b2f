//! Topics: made, deleted, given more partitions; and the producer ids.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Image, Refusal, TopicImage,
    placement::place,
    records::{self, Record},
    refuse,
};
use crate::{
    config,
    errors::ErrorCode,
    limits::{PARTITIONS_MAX, PARTITIONS_PER_REQUEST_MAX, PRODUCER_ID_BLOCK},
    types::{NodeId, ProducerId, TopicName, Uuid},
};

/// A topic that a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name, unchecked.
    pub name: String,
    /// How many partitions; -1 is the broker's default.
    pub partitions: i32,
    /// How many replicas; -1 is the broker's default.
    pub replication_factor: i16,
    /// Replicas by partition, where the client places them.
    pub assignments: Vec<(i32, Vec<i32>)>,
    /// Settings.
    pub configs: Vec<(String, Option<String>)>,
}

/// The broker's defaults for a new topic.
#[derive(Clone, Copy, Debug)]
pub struct TopicDefaults {
    /// `num.partitions`.
    pub partitions: i32,
    /// `default.replication.factor`.
    pub replication_factor: i16,
}

/// Decides about new topics with their ids, each by itself, as the cluster stands before any of them is made:
/// names that collide with each other only are both made, as Kafka does. Returns the records, and what came
/// of each.
pub fn create_topics(
    image: &Image,
    new: &[(NewTopic, Uuid)],
    defaults: TopicDefaults,
) -> (Vec<Record>, Vec<Result<(), Refusal>>) {
    let (mut records, mut made) = (Vec::new(), 0);
    let decide = |(new, id): &(NewTopic, Uuid)| {
        let topic = create_topic(image, new, defaults, *id)?;
        let count = topic.iter().filter(|r| matches!(r, Record::Partition(_))).count();
        check_room(image, made + count)?;
        made += count;
        records.extend(topic);
        Ok(())
    };
    let outcomes = new.iter().map(decide).collect();
    (records, outcomes)
}

fn create_topic(
    image: &Image,
    new: &NewTopic,
    defaults: TopicDefaults,
    id: Uuid,
) -> Result<Vec<Record>, Refusal> {
    let name = TopicName::new(&new.name).or_else(|why| refuse(ErrorCode::InvalidTopicException, why))?;
    if image.topic(&new.name).is_some() {
        return refuse(ErrorCode::TopicAlreadyExists, format!("Topic '{name}' already exists."));
    }
    if let Some(other) = image.topics().find(|t| name.collides(t.name.as_str())) {
        return refuse(
            ErrorCode::InvalidTopicException,
            format!("Topic '{name}' collides with existing topic: {}", other.name),
        );
    }
    for (key, value) in &new.configs {
        let Some(value) = value else {
            return refuse(
                ErrorCode::InvalidConfig,
                format!("Null value not supported for topic configs: {key}"),
            );
        };
        config::check_topic(key, value).or_else(|e| refuse(ErrorCode::InvalidConfig, e.to_string()))?;
    }
    let replicas = if new.assignments.is_empty() {
        computed_assignment(image, new, defaults, id)?
    } else {
        given_assignment(image, new)?
    };
    let mut records = vec![Record::Topic(records::Topic { id: id.0.to_vec(), name: new.name.clone() })];
    records.extend(new.configs.iter().map(|(name, value)| {
        Record::TopicConfig(records::TopicConfig {
            topic_id: id.0.to_vec(),
            name: name.clone(),
            value: value.clone(),
        })
    }));
    for (index, nodes) in replicas.into_iter().enumerate() {
        records.push(partition(image, id, index as i32, nodes)?);
    }
    Ok(records)
}

/// A new partition: all of its nodes that are active are in sync, for there is nothing yet.
fn partition(image: &Image, topic: Uuid, index: i32, replicas: Vec<i32>) -> Result<Record, Refusal> {
    let in_sync: Vec<i32> = replicas.iter().copied().filter(|node| image.is_active(*node)).collect();
    let Some(leader) = in_sync.first().copied() else {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            format!(
                "All brokers specified in the manual partition assignment for partition {index} are fenced or in controlled shutdown."
            ),
        );
    };
    Ok(Record::Partition(records::Partition {
        topic_id: topic.0.to_vec(),
        index,
        replicas,
        in_sync,
        leader,
        ..records::Partition::default()
    }))
}

/// Where the partitions of a topic begin among the brokers: drawn, but the same whenever it is asked.
fn start_of(id: Uuid) -> u64 {
    u64::from_be_bytes(*id.0.last_chunk().expect("an id has 16 bytes"))
}

fn computed_assignment(
    image: &Image,
    new: &NewTopic,
    defaults: TopicDefaults,
    id: Uuid,
) -> Result<Vec<Vec<i32>>, Refusal> {
    let count = if new.partitions == -1 { defaults.partitions } else { new.partitions };
    let factor =
        if new.replication_factor == -1 { defaults.replication_factor } else { new.replication_factor };
    if factor <= 0 {
        return refuse(
            ErrorCode::InvalidReplicationFactor,
            "Replication factor must be larger than 0, or -1 to use the default value.",
        );
    }
    if count <= 0 {
        return refuse(
            ErrorCode::InvalidPartitions,
            "Number of partitions was set to an invalid non-positive value.",
        );
    }
    // Too few brokers are told before too many partitions.
    place(image, 0, 1, factor as usize)?;
    check_count(image, count as usize)?;
    place(image, start_of(id), count as usize, factor as usize)
}

fn check_count(image: &Image, count: usize) -> Result<(), Refusal> {
    if PARTITIONS_PER_REQUEST_MAX < count {
        let why = format!(
            "Excessively large number of partitions per request: {count}, at most {PARTITIONS_PER_REQUEST_MAX}"
        );
        return refuse(ErrorCode::PolicyViolation, why);
    }
    check_room(image, count)
}

fn check_room(image: &Image, count: usize) -> Result<(), Refusal> {
    if PARTITIONS_MAX < image.partition_count() + count {
        return refuse(
            ErrorCode::PolicyViolation,
            format!("The cluster would have more than {PARTITIONS_MAX} partitions"),
        );
    }
    Ok(())
}

fn given_assignment(image: &Image, new: &NewTopic) -> Result<Vec<Vec<i32>>, Refusal> {
    if new.partitions != -1 {
        return refuse(
            ErrorCode::InvalidRequest,
            "A manual partition assignment was specified, but numPartitions was not set to -1.",
        );
    }
    if new.replication_factor != -1 {
        return refuse(
            ErrorCode::InvalidRequest,
            "A manual partition assignment was specified, but replication factor was not set to -1.",
        );
    }
    check_count(image, new.assignments.len())?;
    let assignments: BTreeMap<i32, &Vec<i32>> =
        new.assignments.iter().map(|(index, nodes)| (*index, nodes)).collect();
    if assignments.len() < new.assignments.len() {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            "Found multiple manual partition assignments for a partition",
        );
    }
    if !assignments.keys().copied().eq(0..assignments.len() as i32) {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            "partitions should be a consecutive 0-based integer sequence",
        );
    }
    let factor = assignments[&0].len();
    for nodes in assignments.values() {
        check_replicas(image, nodes)?;
        if nodes.len() != factor {
            return refuse(
                ErrorCode::InvalidReplicaAssignment,
                "The manual partition assignment has partitions with different replication factors.",
            );
        }
    }
    Ok(assignments.into_values().cloned().collect())
}

fn check_replicas(image: &Image, nodes: &[i32]) -> Result<(), Refusal> {
    if nodes.is_empty() {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            "The manual partition assignment includes an empty replica list.",
        );
    }
    let distinct: BTreeSet<&i32> = nodes.iter().collect();
    if distinct.len() < nodes.len() {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            "The manual partition assignment includes a broker more than once.",
        );
    }
    match nodes.iter().find(|n| image.broker(NodeId(**n)).is_none()) {
        Some(node) => {
            let why = format!(
                "The manual partition assignment includes broker {node}, but no such broker is registered."
            );
            refuse(ErrorCode::InvalidReplicaAssignment, why)
        }
        None => Ok(()),
    }
}

/// Decides about deleting a topic.
pub fn delete_topic(topic: &TopicImage) -> Vec<Record> {
    vec![Record::RemoveTopic(records::RemoveTopic { id: topic.id.0.to_vec() })]
}

/// Decides about more partitions for a topic: `count` in all, with the new ones' replicas where the client
/// places them.
///
/// # Errors
/// Kafka's code and a sentence.
pub fn create_partitions(
    image: &Image,
    name: &str,
    count: i32,
    assignments: Option<&[Vec<i32>]>,
) -> Result<Vec<Record>, Refusal> {
    let Some(topic) = image.topic(name) else {
        // Kafka gives no sentence here.
        return refuse(ErrorCode::UnknownTopicOrPartition, "");
    };
    let have = topic.partitions.len() as i32;
    if count == have {
        return refuse(ErrorCode::InvalidPartitions, format!("Topic already has {have} partition(s)."));
    }
    if count < have {
        let why =
            format!("The topic {name} currently has {have} partition(s); {count} would not be an increase.");
        return refuse(ErrorCode::InvalidPartitions, why);
    }
    let added = (count - have) as usize;
    check_count(image, added)?;
    let factor = topic.partitions.first().map_or(1, |p| p.replicas.len());
    let replicas: Vec<Vec<i32>> = match assignments {
        None => place(image, start_of(topic.id).wrapping_add(have as u64), added, factor)?,
        Some(given) => {
            if given.len() != added {
                let why = format!(
                    "Attempted to add {added} additional partition(s), but only {} assignment(s) were specified.",
                    given.len()
                );
                return refuse(ErrorCode::InvalidReplicaAssignment, why);
            }
            given.iter().try_for_each(|nodes| check_replicas(image, nodes))?;
            given.to_vec()
        }
    };
    let new = replicas.into_iter().enumerate();
    new.map(|(at, nodes)| partition(image, topic.id, have + at as i32, nodes)).collect()
}

/// Takes the next block of producer ids: the first of them, and the record.
pub fn allocate_producer_ids(image: &Image) -> (ProducerId, Record) {
    let first = image.next_producer_id();
    (ProducerId(first), Record::ProducerIds(records::ProducerIds { next: first + PRODUCER_ID_BLOCK }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: TopicDefaults = TopicDefaults { partitions: 2, replication_factor: 1 };

    fn image() -> Image {
        let mut image = Image::default();
        let broker = records::RegisterBroker { node: 1, incarnation: vec![0; 16], ..Default::default() };
        image.replay(&Record::RegisterBroker(broker));
        for record in create_topic(&image, &topic("a.b", 3, 1), DEFAULTS, Uuid([7; 16])).unwrap() {
            image.replay(&record);
        }
        image
    }

    fn topic(name: &str, partitions: i32, replication_factor: i16) -> NewTopic {
        NewTopic { name: name.into(), partitions, replication_factor, ..NewTopic::default() }
    }

    #[test]
    fn a_topic_that_cannot_be_is_refused_with_kafkas_code() {
        let code = |new: NewTopic| {
            create_topic(&image(), &new, DEFAULTS, Uuid([1; 16])).map(|r| r.len()).map_err(|r| r.code.code())
        };
        assert_eq!(code(topic("a", -1, -1)), Ok(3));
        assert_eq!(code(topic("a/b", 1, 1)), Err(17));
        assert_eq!(code(topic("a_b", 1, 1)), Err(17));
        assert_eq!(code(topic("a.b", 1, 1)), Err(36));
        assert_eq!(code(topic("a", 0, 1)), Err(37));
        assert_eq!(code(topic("a", i32::MAX, 1)), Err(44));
        assert_eq!(code(topic("a", 1, 3)), Err(38));
        assert_eq!(code(topic("a", 1, 0)), Err(38));
        let with = |key: &str, value: Option<&str>| NewTopic {
            configs: vec![(key.into(), value.map(str::to_owned))],
            ..topic("a", 1, 1)
        };
        assert_eq!(code(with("segment.bytes", Some("14"))), Err(40));
        assert_eq!(code(with("nonsense", Some("1"))), Err(40));
        assert_eq!(code(with("segment.bytes", None)), Err(40));
        let placed = |assignments: &[(i32, &[i32])]| NewTopic {
            assignments: assignments.iter().map(|(p, nodes)| (*p, nodes.to_vec())).collect(),
            ..topic("a", -1, -1)
        };
        assert_eq!(code(placed(&[(0, &[1]), (1, &[1])])), Ok(3));
        for wrong in [
            placed(&[(1, &[1])]),
            placed(&[(0, &[2])]),
            placed(&[(0, &[1, 1])]),
            placed(&[(0, &[])]),
            placed(&[(0, &[1]), (0, &[1])]),
        ] {
            assert_eq!(code(wrong), Err(39));
        }
    }

    #[test]
    fn a_new_incarnation_raises_the_epochs_of_what_it_leads() {
        let mut image = image();
        assert_eq!(image.topic("a.b").unwrap().partitions[2].leader_epoch.0, 0);
        image.replay(&Record::RegisterBroker(records::RegisterBroker {
            node: 1,
            incarnation: vec![1; 16],
            ..Default::default()
        }));
        assert_eq!(image.topic("a.b").unwrap().partitions[2].leader_epoch.0, 1);
    }

    #[test]
    fn partitions_only_grow() {
        let code = |count, nodes: Option<&[Vec<i32>]>| {
            create_partitions(&image(), "a.b", count, nodes).map(|r| r.len()).map_err(|r| r.code.code())
        };
        assert_eq!((code(5, None), code(3, None), code(2, None)), (Ok(2), Err(37), Err(37)));
        assert_eq!(
            (code(4, Some(&[vec![1]])), code(4, Some(&[])), code(20_000, None)),
            (Ok(1), Err(39), Err(44))
        );
    }

    #[test]
    fn topics_of_one_request_are_judged_by_what_was_there_before() {
        let mut image = image();
        let new = |name: &str, id| (topic(name, 1, 1), Uuid([id; 16]));
        let new = [new("c.d", 1), new("c_d", 2), new("a_b", 3), new("a", 4)];
        let (records, outcomes) = create_topics(&image, &new, DEFAULTS);
        let codes: Vec<_> = outcomes.into_iter().map(|o| o.map_err(|r| r.code.code())).collect();
        assert_eq!(codes, [Ok(()), Ok(()), Err(17), Ok(())]);
        records.iter().for_each(|record| image.replay(record));
        assert_eq!(image.topics().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a", "a.b", "c.d", "c_d"]);
    }

    #[test]
    fn requests_do_not_outgrow_the_cluster() {
        let image = image();
        let many = |count| -> Vec<_> {
            (0..count).map(|i| (topic(&format!("t{i}"), 9_999, 1), Uuid([i as u8; 16]))).collect()
        };
        let (_, outcomes) = create_topics(&image, &many(21), DEFAULTS);
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 20);
    }
}
