//! What is durable of a group of the consumer protocol, and how records change it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::assignor::Assignor;
use crate::types::{Timestamp, Uuid};

/// Partitions, by the ids of their topics.
pub type Places = BTreeSet<(Uuid, i32)>;

/// Partitions, each with the member epoch at which it was given out.
pub type Held = BTreeMap<(Uuid, i32), i32>;

/// The epoch of a member that left for a while and keeps its place (KIP-345).
pub const AWAY: i32 = -2;

/// What a member says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// Its rack.
    pub rack: Option<String>,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// The topics that it names.
    pub topics: BTreeSet<String>,
    /// It reads every topic whose whole name matches; none if empty.
    pub regex: String,
    /// How long it may take to give partitions back.
    pub rebalance_timeout_ms: i32,
    /// The assignor that it wants.
    pub assignor: Option<String>,
    /// What makes it a member of the classic protocol, if it is one.
    pub classic: Option<Classic>,
}

/// What a member of the classic protocol says that others do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classic {
    /// How long it may be silent.
    pub session_timeout_ms: i32,
    /// The protocols that it speaks, best first, each with its metadata.
    pub protocols: Vec<(String, Bytes)>,
}

/// Where a member is on its way to its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberState {
    /// It has all that there is for it.
    #[default]
    Stable,
    /// It has partitions to give back before it goes on.
    Unrevoked,
    /// It waits for partitions that others have to give back.
    Unreleased,
}

/// What a member holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// Its epoch: 0 if it has just come, [`AWAY`] if it is away.
    pub epoch: i32,
    /// The epoch before, from which it may still ask if the answer was lost.
    pub previous_epoch: i32,
    /// Where it is on its way.
    pub state: MemberState,
    /// What it may read.
    pub assigned: Held,
    /// What it is to give back.
    pub revoking: Held,
}

impl Current {
    /// Whether a partition is in this member's hands.
    pub fn holds(&self, place: &(Uuid, i32)) -> bool {
        self.assigned.contains_key(place) || self.revoking.contains_key(place)
    }
}

/// The topics that match a regular expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Their names.
    pub topics: BTreeSet<String>,
    /// The version of the image that was searched.
    pub version: i64,
    /// When.
    pub at: Timestamp,
}

/// A part of a group as a record holds it; what is missing is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The group's epoch, and the hash of the topics that it reads.
    Epoch(Option<(i32, i64)>),
    /// A member by its id.
    Member(String, Option<Subscription>),
    /// The epoch of the assignment that members are to get, and when it was made.
    TargetEpoch(Option<(i32, Timestamp)>),
    /// What a member is to get.
    Target(String, Option<Places>),
    /// What a member holds.
    Current(String, Option<Current>),
    /// The topics of a regular expression.
    Regex(String, Option<Resolved>),
}

impl Change {
    /// Whether it says that something is gone.
    pub fn is_tombstone(&self) -> bool {
        match self {
            Change::Epoch(value) => value.is_none(),
            Change::Member(_, value) => value.is_none(),
            Change::TargetEpoch(value) => value.is_none(),
            Change::Target(_, value) => value.is_none(),
            Change::Current(_, value) => value.is_none(),
            Change::Regex(_, value) => value.is_none(),
        }
    }
}

/// A group as its records make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// It grows with every change of members, of what they read, or of the topics.
    pub epoch: i32,
    /// The hash of the topics that its members read; 0 if none is there.
    pub hash: i64,
    /// The epoch that the targets were made for.
    pub target_epoch: i32,
    /// When they were made; `None` if none were.
    pub target_at: Option<Timestamp>,
    /// Its members, by id.
    pub members: BTreeMap<String, Subscription>,
    /// What they are to get.
    pub targets: BTreeMap<String, Places>,
    /// What they hold.
    pub currents: BTreeMap<String, Current>,
    /// The regular expressions that members name.
    pub regexes: BTreeMap<String, Resolved>,
    /// Whether the record of its epoch is there.
    has_epoch: bool,
}

/// The epoch of a group and of its targets before anybody has read anything.
const FIRST_EPOCH: i32 = 1;

impl Default for Stored {
    fn default() -> Self {
        Stored {
            epoch: FIRST_EPOCH,
            hash: 0,
            target_epoch: FIRST_EPOCH,
            target_at: None,
            members: BTreeMap::new(),
            targets: BTreeMap::new(),
            currents: BTreeMap::new(),
            regexes: BTreeMap::new(),
            has_epoch: false,
        }
    }
}

/// What a member that has just come holds.
pub(super) static NOTHING: Current = Current {
    epoch: 0,
    previous_epoch: 0,
    state: MemberState::Stable,
    assigned: Held::new(),
    revoking: Held::new(),
};

fn put<T: Clone>(map: &mut BTreeMap<String, T>, key: &str, value: Option<&T>) {
    match value {
        Some(value) => map.insert(key.to_owned(), value.clone()),
        None => map.remove(key),
    };
}

impl Stored {
    /// Takes in a record. A record is a state, not a step: what was taken in twice was taken in once.
    pub fn replay(&mut self, change: &Change) {
        match change {
            Change::Epoch(value) => {
                (self.epoch, self.hash) = value.unwrap_or((FIRST_EPOCH, 0));
                self.has_epoch = value.is_some();
            }
            Change::TargetEpoch(value) => {
                self.target_epoch = value.map_or(FIRST_EPOCH, |(epoch, _)| epoch);
                self.target_at = value.map(|(_, at)| at);
            }
            Change::Member(id, value) => put(&mut self.members, id, value.as_ref()),
            Change::Target(id, value) => put(&mut self.targets, id, value.as_ref()),
            Change::Current(id, value) => put(&mut self.currents, id, value.as_ref()),
            Change::Regex(regex, value) => put(&mut self.regexes, regex, value.as_ref()),
        }
    }

    /// Whether no record of it is left.
    pub fn is_nothing(&self) -> bool {
        *self == Stored::default()
    }

    /// What ends it: a tombstone for each of its records.
    pub fn tombstones(&self) -> Vec<Change> {
        let members = self.members.keys().flat_map(|id| member_tombstones(id));
        let regexes = self.regexes.keys().map(|regex| Change::Regex(regex.clone(), None));
        let own =
            [(self.target_at.is_some(), Change::TargetEpoch(None)), (self.has_epoch, Change::Epoch(None))];
        let own = own.into_iter().filter(|(is_kept, _)| *is_kept).map(|(_, change)| change);
        members.chain(regexes).chain(own).collect()
    }

    /// What a member holds.
    pub fn current(&self, id: &str) -> &Current {
        self.currents.get(id).unwrap_or(&NOTHING)
    }

    /// The topics that a member reads.
    pub fn topics_of<'a>(&'a self, member: &'a Subscription) -> impl Iterator<Item = &'a str> {
        let matching = self.regexes.get(&member.regex).into_iter().flat_map(|resolved| &resolved.topics);
        member.topics.iter().chain(matching).map(String::as_str)
    }

    /// The topics that members read.
    pub fn topics(&self) -> BTreeSet<String> {
        let named = self.members.values().flat_map(|member| &member.topics);
        let matching = self.regexes.values().flat_map(|resolved| &resolved.topics);
        named.chain(matching).cloned().collect()
    }

    /// The assignor that most members want; the first of `known` if they want none.
    ///
    /// # Panics
    /// None is known.
    pub fn assignor(&self, known: &[Assignor]) -> Assignor {
        let mut votes: BTreeMap<Assignor, usize> = BTreeMap::new();
        for wanted in self.members.values().filter_map(|member| member.assignor.as_deref()) {
            let found = known.iter().find(|assignor| assignor.name() == wanted);
            found.into_iter().for_each(|assignor| *votes.entry(*assignor).or_default() += 1);
        }
        let best = votes.into_iter().rev().max_by_key(|(_, votes)| *votes);
        best.map_or(known[0], |(assignor, _)| assignor)
    }

    /// Whether a member has all that it is to get.
    pub fn has_arrived(&self, id: &str) -> bool {
        let current = self.current(id);
        current.state == MemberState::Stable && current.epoch == self.target_epoch
    }

    /// Its state, by Kafka's names.
    pub fn state(&self) -> &'static str {
        match () {
            () if self.members.is_empty() => "Empty",
            () if self.target_epoch < self.epoch => "Assigning",
            () if self.members.keys().all(|id| self.has_arrived(id)) => "Stable",
            () => "Reconciling",
        }
    }
}

/// What ends a member.
pub(super) fn member_tombstones(id: &str) -> [Change; 3] {
    let id = || id.to_owned();
    [Change::Current(id(), None), Change::Target(id(), None), Change::Member(id(), None)]
}
