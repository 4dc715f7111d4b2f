//! How the leader of a classic group shares out partitions, and how members say what they want and get: Kafka's
//! consumer protocol (`ConsumerProtocolSubscription` and `ConsumerProtocolAssignment`, version 1).

use std::collections::{BTreeMap, BTreeSet};

use bytes::{Bytes, BytesMut};
use ottla_net::wire::{DecodeError, Reader, Writer};

use crate::ClientError;

/// Partitions by topic.
pub type Partitions = BTreeMap<String, Vec<i32>>;

/// A strategy, by the name that all of Kafka's clients know it by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignor {
    /// Of each topic, each member gets partitions that stand side by side.
    #[default]
    Range,
    /// All partitions of all topics, one to each member in turn.
    RoundRobin,
}

impl Assignor {
    /// Kafka's name.
    pub fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
            Assignor::RoundRobin => "roundrobin",
        }
    }

    /// The strategy of a name.
    pub fn by_name(name: &str) -> Option<Assignor> {
        [Assignor::Range, Assignor::RoundRobin].into_iter().find(|a| a.name() == name)
    }

    /// Shares out the partitions of `counts` among members with their topics; every member is in the result.
    pub fn assign(
        self,
        members: &BTreeMap<String, BTreeSet<String>>,
        counts: &BTreeMap<String, i32>,
    ) -> BTreeMap<String, Partitions> {
        let mut assigned: BTreeMap<String, Partitions> =
            members.keys().map(|member| (member.clone(), Partitions::new())).collect();
        let mut give = |member: &str, topic: &str, partition: i32| {
            let partitions = assigned.get_mut(member).expect("every member is there");
            partitions.entry(topic.to_owned()).or_default().push(partition);
        };
        let mut turn = 0;
        for (topic, count) in counts {
            let takers: Vec<&String> = members
                .iter()
                .filter(|(_, topics)| topics.contains(topic))
                .map(|(member, _)| member)
                .collect();
            if takers.is_empty() {
                continue;
            }
            let (each, more) = (*count as usize / takers.len(), *count as usize % takers.len());
            match self {
                Assignor::Range => {
                    let mut next = 0;
                    for (at, taker) in takers.iter().enumerate() {
                        let share = each + usize::from(at < more);
                        (next..next + share).for_each(|partition| give(taker, topic, partition as i32));
                        next += share;
                    }
                }
                Assignor::RoundRobin => {
                    // In turn through all members, passing over those that do not read the topic.
                    let all: Vec<&String> = members.keys().collect();
                    for partition in 0..*count {
                        while !takers.contains(&all[turn % all.len()]) {
                            turn += 1;
                        }
                        give(all[turn % all.len()], topic, partition);
                        turn += 1;
                    }
                }
            }
        }
        assigned
    }
}

/// A member's topics, as its metadata say them.
pub fn subscription(topics: &[String]) -> Bytes {
    let mut out = BytesMut::new();
    let mut w = Writer::new(&mut out, false);
    w.i16(1);
    w.array(topics, |w, topic| w.string(topic));
    w.nullable_bytes(None);
    w.array_length(Some(0));
    out.freeze()
}

/// The topics of a member's metadata, whatever their version adds.
///
/// # Errors
/// They are no consumer's.
pub fn subscribed(metadata: &Bytes) -> Result<BTreeSet<String>, ClientError> {
    let read = || -> Result<BTreeSet<String>, DecodeError> {
        let mut r = Reader::new(metadata.clone(), false);
        r.i16()?;
        let count = r.array_length()?.unwrap_or(0);
        (0..count).map(|_| r.string().map(|topic| topic.to_string())).collect()
    };
    read().map_err(|_| ClientError::Decode)
}

/// Partitions as an assignment carries them.
pub fn assignment(partitions: &Partitions) -> Bytes {
    let mut out = BytesMut::new();
    let mut w = Writer::new(&mut out, false);
    w.i16(1);
    w.array_length(Some(partitions.len()));
    for (topic, indexes) in partitions {
        w.string(topic);
        w.array(indexes, |w, index| w.i32(*index));
    }
    w.nullable_bytes(None);
    out.freeze()
}

/// The partitions of an assignment; an empty one has none.
///
/// # Errors
/// It is no consumer's.
pub fn assigned(assignment: &Bytes) -> Result<Partitions, ClientError> {
    if assignment.is_empty() {
        return Ok(Partitions::new());
    }
    let read = || -> Result<Partitions, DecodeError> {
        let mut r = Reader::new(assignment.clone(), false);
        r.i16()?;
        let mut partitions = Partitions::new();
        for _ in 0..r.array_length()?.unwrap_or(0) {
            let topic = r.string()?.to_string();
            let count = r.array_length()?.unwrap_or(0);
            let indexes = (0..count).map(|_| r.i32()).collect::<Result<Vec<_>, _>>()?;
            partitions.entry(topic).or_default().extend(indexes);
        }
        Ok(partitions)
    };
    read().map_err(|_| ClientError::Decode)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn members(given: &[(&str, &[&str])]) -> BTreeMap<String, BTreeSet<String>> {
        let one = |(member, topics): &(&str, &[&str])| {
            ((*member).to_owned(), topics.iter().map(|t| (*t).to_owned()).collect())
        };
        given.iter().map(one).collect()
    }

    #[test]
    fn range_gives_neighbours_and_round_robin_takes_turns() {
        let members = members(&[("a", &["t", "u"]), ("b", &["t"])]);
        let counts = BTreeMap::from([("t".to_owned(), 3), ("u".to_owned(), 2)]);
        let range = Assignor::Range.assign(&members, &counts);
        assert_eq!(range["a"], Partitions::from([("t".into(), vec![0, 1]), ("u".into(), vec![0, 1])]));
        assert_eq!(range["b"], Partitions::from([("t".into(), vec![2])]));
        let robin = Assignor::RoundRobin.assign(&members, &counts);
        assert_eq!(robin["a"], Partitions::from([("t".into(), vec![0, 2]), ("u".into(), vec![0, 1])]));
        assert_eq!(robin["b"], Partitions::from([("t".into(), vec![1])]));
    }

    proptest! {
        #[test]
        fn every_partition_has_one_owner_that_wants_it(
            wants in proptest::collection::vec(proptest::collection::btree_set(0..4u8, 0..4), 1..6),
            counts in proptest::collection::btree_map(0..4u8, 0..9i32, 0..4),
        ) {
            let topic = |t: &u8| format!("t{t}");
            let members: BTreeMap<String, BTreeSet<String>> =
                wants.iter().enumerate().map(|(m, topics)| (format!("m{m}"), topics.iter().map(topic).collect())).collect();
            let counts: BTreeMap<String, i32> = counts.iter().map(|(t, count)| (topic(t), *count)).collect();
            for assignor in [Assignor::Range, Assignor::RoundRobin] {
                let shares = assignor.assign(&members, &counts);
                let mut owners: BTreeMap<(String, i32), usize> = BTreeMap::new();
                for (member, share) in &shares {
                    for (topic, partitions) in share {
                        prop_assert!(members[member].contains(topic));
                        partitions.iter().for_each(|p| *owners.entry((topic.clone(), *p)).or_default() += 1);
                    }
                }
                for (topic, count) in &counts {
                    let is_wanted = members.values().any(|topics| topics.contains(topic));
                    let found = (0..*count).filter(|p| owners.get(&(topic.clone(), *p)) == Some(&1)).count() as i32;
                    prop_assert_eq!(found, if is_wanted { *count } else { 0 });
                }
            }
        }

        #[test]
        fn what_is_said_is_heard(topics: Vec<String>, partitions: BTreeMap<String, Vec<i32>>) {
            prop_assert_eq!(subscribed(&subscription(&topics)), Ok(topics.into_iter().collect()));
            prop_assert_eq!(assigned(&assignment(&partitions)), Ok(partitions));
        }
    }
}
