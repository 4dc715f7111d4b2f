//! What clients did and what they were told.

use std::collections::BTreeMap;

/// What became of a record that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was heard of it: it may be stored or not.
    Unknown,
    /// It was acknowledged at this offset.
    Acknowledged(i64),
}

/// One client's records, in the order in which they were sent, all to one partition.
#[derive(Clone, Debug, Default)]
pub struct ClientHistory {
    /// The partition.
    pub partition: i32,
    /// Each record is stored at most once.
    pub idempotent: bool,
    /// The value of each record and what became of it.
    pub records: Vec<(Vec<u8>, Outcome)>,
}

impl ClientHistory {
    /// How many records were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.records.iter().filter(|(_, o)| matches!(o, Outcome::Acknowledged(_))).count() as u64
    }
}

/// What lies in the partitions at the end: offset and value of each record.
pub type Contents = BTreeMap<i32, Vec<(i64, Vec<u8>)>>;
