//! What clients did and what they were told.

use std::{collections::BTreeMap, time::Duration};

/// What became of a record that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was heard of it: it may be stored or not.
    Unknown,
    /// It was refused for good, or what it was part of was given up: it must not be there.
    Refused,
    /// It was acknowledged at this offset, or at -1 where none was told.
    Acknowledged(i64),
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its value: no other record has it.
    pub value: Vec<u8>,
    /// What became of it.
    pub outcome: Outcome,
    /// When it was given to the client, in the run's time.
    pub sent: Duration,
    /// When the client was told what became of it.
    pub told: Option<Duration>,
    /// The transaction that it is part of, by a number that no other one of the run has. What is aborted is
    /// [`Outcome::Refused`]; of an outcome that is unknown, all is there or nothing.
    pub transaction: Option<u64>,
}

impl Sent {
    /// A record that was sent just now.
    pub fn new(value: Vec<u8>, sent: Duration) -> Sent {
        Sent { value, outcome: Outcome::Unknown, sent, told: None, transaction: None }
    }
}

/// One client's records, in the order in which they were sent, all to one partition.
#[derive(Clone, Debug, Default)]
pub struct ClientHistory {
    /// The partition.
    pub partition: i32,
    /// Each record is stored at most once.
    pub idempotent: bool,
    /// The records and what became of them.
    pub records: Vec<Sent>,
}

impl ClientHistory {
    /// How many records were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.records.iter().filter(|sent| matches!(sent.outcome, Outcome::Acknowledged(_))).count() as u64
    }
}

/// What lies in the partitions at the end: offset and value of each record.
pub type Contents = BTreeMap<i32, Vec<(i64, Vec<u8>)>>;
