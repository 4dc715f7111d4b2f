//! Clients that read a topic all the while, and what they must never see.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_client::{
    Client, ClientConfig,
    consumer::{Consumer, ConsumerConfig, Position},
};
use ottla_core::env::Env;

use crate::{
    NO_PANIC,
    history::Contents,
    workload::{TOPIC, name, wait_for_topic},
};

/// What a reader saw, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saw {
    /// A record: partition, offset and value.
    Record(i32, i64, Vec<u8>),
    /// The end of what is committed of a partition.
    End(i32, i64),
}

/// What each reader saw.
pub type Readings = Arc<Vec<Mutex<Vec<Saw>>>>;

/// Reads every partition from its start, until its node goes down.
pub(crate) async fn read<E: Env>(env: E, bootstrap: String, partitions: i32, at: usize, readings: Readings) {
    let mut config = ClientConfig::new(&bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    wait_for_topic(&client).await;
    let mut consumer = Consumer::new(client.clone(), ConsumerConfig::default());
    for partition in 0..partitions {
        while consumer.assign(TOPIC, partition, Position::Earliest).await.is_err() {
            env.sleep(Duration::from_millis(100)).await;
        }
    }
    let saw = |what: Saw| readings[at].lock().expect(NO_PANIC).push(what);
    loop {
        match consumer.poll().await {
            Ok(records) => {
                for record in records {
                    saw(Saw::Record(
                        record.partition,
                        record.offset,
                        record.value.unwrap_or_default().to_vec(),
                    ));
                }
            }
            Err(_) => env.sleep(Duration::from_millis(100)).await,
        }
        if env.random_u64().is_multiple_of(8) {
            let partition = (env.random_u64() % partitions.max(1) as u64) as i32;
            if let Ok(end) = client.list_offset(TOPIC, partition, -1).await {
                saw(Saw::End(partition, end));
            }
        }
    }
}

/// How many records readers were given.
pub(crate) fn read_of(readings: &Readings) -> u64 {
    let is_record = |saw: &&Saw| matches!(saw, Saw::Record(..));
    readings.iter().map(|saw| saw.lock().expect(NO_PANIC).iter().filter(is_record).count() as u64).sum()
}

/// What may be taken from under readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Records are removed on purpose: readers go on at the new start.
    pub removed: bool,
    /// What was committed may be lost (unclean elections): then an offset may have another record later, and ends may fall.
    pub lost: bool,
}

/// Judges what readers saw, and what is there in the end; the first violation of each kind.
pub fn check(readings: &[Vec<Saw>], contents: &Contents, allowed: Allowed) -> Vec<String> {
    let mut found = Vec::new();
    let mut values: BTreeMap<(i32, i64), (usize, &[u8])> = BTreeMap::new();
    for (reader, saw) in readings.iter().enumerate() {
        found.extend(in_order(reader, saw, allowed));
        if allowed.lost {
            continue;
        }
        found.extend(ends(reader, saw));
        let records = saw.iter().filter_map(|saw| match saw {
            Saw::Record(partition, offset, value) => Some(((*partition, *offset), &value[..])),
            Saw::End(..) => None,
        });
        let differs = records.clone().find_map(|(place, value)| {
            let (other, first) = *values.entry(place).or_insert((reader, value));
            (first != value).then(|| {
                let ((partition, offset), first, value) = (place, name(first), name(value));
                format!(
                    "INCONSISTENT: partition {partition} has {first} at offset {offset} for reader {other}, and {value} for reader {reader}"
                )
            })
        });
        found.extend(differs);
        found.extend(
            records.into_iter().find_map(|(place, value)| gone(reader, (place, value), contents, allowed)),
        );
    }
    found
}

/// What was read stays: it was committed.
fn gone(
    reader: usize,
    ((partition, offset), value): ((i32, i64), &[u8]),
    contents: &Contents,
    allowed: Allowed,
) -> Option<String> {
    let stored = contents.get(&partition)?;
    // What was removed on purpose is before the first.
    let first = match stored.first() {
        Some((offset, _)) => *offset,
        None if allowed.removed => return None,
        None => 0,
    };
    let at = usize::try_from(offset.checked_sub(first).filter(|at| 0 <= *at)?).ok()?;
    match stored.get(at) {
        Some((_, kept)) if kept == value => None,
        Some((_, kept)) => Some(format!(
            "INCONSISTENT: reader {reader} saw {} at offset {offset} of partition {partition}, and {} is there",
            name(value),
            name(kept)
        )),
        None => Some(format!(
            "READ AND LOST: reader {reader} saw {} at offset {offset} of partition {partition}, which ends at {}",
            name(value),
            first + stored.len() as i64
        )),
    }
}

/// Offsets follow each other: nobody is given a record twice, or misses one.
fn in_order(reader: usize, saw: &[Saw], allowed: Allowed) -> Option<String> {
    let mut last: BTreeMap<i32, i64> = BTreeMap::new();
    saw.iter().find_map(|saw| {
        let Saw::Record(partition, offset, _) = saw else { return None };
        let before = last.insert(*partition, *offset)?;
        if *offset <= before && !allowed.lost {
            Some(format!(
                "NONMONOTONIC: reader {reader} saw offset {offset} of partition {partition} after {before}"
            ))
        } else if before + 1 < *offset && !allowed.removed && !allowed.lost {
            Some(format!(
                "MISSED: reader {reader} saw offset {offset} of partition {partition} right after {before}"
            ))
        } else {
            None
        }
    })
}

/// The end of what is committed never falls, nor is anything read beyond what is told later (KIP-207).
fn ends(reader: usize, saw: &[Saw]) -> Option<String> {
    let mut known: BTreeMap<i32, i64> = BTreeMap::new();
    saw.iter().find_map(|saw| {
        let (partition, end) = match saw {
            Saw::Record(partition, offset, _) => (*partition, offset + 1),
            Saw::End(partition, end) => (*partition, *end),
        };
        let before = known.get(&partition).copied().unwrap_or(0);
        known.insert(partition, end.max(before));
        let falls = matches!(saw, Saw::End(..)) && end < before;
        falls.then(|| {
            format!("END FELL: partition {partition} is told to end at {end} to reader {reader}, who knew of {before}")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMISED: Allowed = Allowed { removed: false, lost: false };

    fn record(offset: i64, value: &str) -> Saw {
        Saw::Record(0, offset, value.as_bytes().to_vec())
    }

    fn names(readings: &[Vec<Saw>], stored: &[&str], allowed: Allowed) -> String {
        let stored =
            stored.iter().enumerate().map(|(at, v)| (at as i64 + 3, v.as_bytes().to_vec())).collect();
        let found = check(readings, &Contents::from([(0, stored)]), allowed);
        found.iter().filter_map(|text| text.split(':').next()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn good_readings_pass_and_each_bad_one_is_named() {
        let good = vec![record(2, "removed since"), record(3, "a"), Saw::End(0, 5), record(4, "b")];
        assert_eq!(names(&[good.clone(), vec![record(4, "b")]], &["a", "b"], PROMISED), "");
        assert_eq!(names(std::slice::from_ref(&good), &["a"], PROMISED), "READ AND LOST");
        assert_eq!(names(std::slice::from_ref(&good), &[], PROMISED), "READ AND LOST");
        assert_eq!(names(std::slice::from_ref(&good), &["a", "c"], PROMISED), "INCONSISTENT");
        assert_eq!(names(&[good, vec![record(2, "other")]], &["a", "b"], PROMISED), "INCONSISTENT");
        assert_eq!(names(&[vec![record(3, "a"), record(3, "a")]], &["a"], PROMISED), "NONMONOTONIC");
        let skips = [vec![record(3, "a"), record(5, "c")]];
        assert_eq!(names(&skips, &["a", "b", "c"], PROMISED), "MISSED");
        assert_eq!(names(&skips, &["a", "b", "c"], Allowed { removed: true, ..PROMISED }), "");
        assert_eq!(names(&[vec![Saw::End(0, 4), Saw::End(0, 3)]], &["a"], PROMISED), "END FELL");
        assert_eq!(names(&[vec![record(3, "a"), Saw::End(0, 3)]], &["a"], PROMISED), "END FELL");
        let falls = [vec![record(3, "a"), record(4, "b"), Saw::End(0, 4), record(3, "x")]];
        assert_eq!(names(&falls, &["x"], Allowed { lost: true, ..PROMISED }), "");
    }
}
