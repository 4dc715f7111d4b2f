//! Committed offsets: commit, fetch, delete, expire.

use std::collections::BTreeMap;

use super::records::{CommittedOffset, OffsetKey, Record};
use crate::types::Timestamp;

/// The offsets of all groups, by group, topic and partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offsets(BTreeMap<String, Committed>);

/// The offsets of a group.
pub type Committed = BTreeMap<(String, i32), CommittedOffset>;

impl Offsets {
    /// Takes in what was committed, or that it is gone.
    pub fn replay(&mut self, key: &OffsetKey, value: Option<&CommittedOffset>) {
        let place = (key.topic.clone(), key.partition);
        match value {
            Some(offset) => {
                self.0.entry(key.group.clone()).or_default().insert(place, offset.clone());
            }
            None => {
                if let Some(committed) = self.0.get_mut(&key.group) {
                    committed.remove(&place);
                    if committed.is_empty() {
                        self.0.remove(&key.group);
                    }
                }
            }
        }
    }

    /// The offsets of a group; `None` if it has none.
    pub fn of(&self, group: &str) -> Option<&Committed> {
        self.0.get(group)
    }

    /// The groups that have offsets.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The tombstones that end offsets of a group: those that `ends` accepts.
    pub fn tombstones(
        &self,
        group: &str,
        mut ends: impl FnMut(&str, i32, &CommittedOffset) -> bool,
    ) -> Vec<Record> {
        let committed = self.0.get(group).into_iter().flatten();
        let ended = committed.filter(|((topic, partition), offset)| ends(topic, *partition, offset));
        ended
            .map(|((topic, partition), _)| {
                let key = OffsetKey { group: group.to_owned(), topic: topic.clone(), partition: *partition };
                Record::Offset(key, None)
            })
            .collect()
    }

    /// The tombstones of offsets whose time is over (KIP-211): what a client gave them, or the retention since
    /// `base`, the end of the group, or since their own commit where there is none. Those of topics that
    /// `keeps` names live on.
    pub fn expired(
        &self,
        group: &str,
        base: Option<Timestamp>,
        keeps: impl Fn(&str) -> bool,
        retention_ms: i64,
        wall: Timestamp,
    ) -> Vec<Record> {
        self.tombstones(group, |topic, _, offset| {
            let since = base.unwrap_or(offset.committed);
            let ends = offset.expires.map_or(since.0.saturating_add(retention_ms), |expires| expires.0);
            ends <= wall.0 && !keeps(topic)
        })
    }
}
