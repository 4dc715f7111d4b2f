//! The group coordinator: consumers that share topics, and the offsets that they have committed.
//!
//! It is a shard of a partition of `__consumer_offsets`: what [`records`] hold is durable, and the replay of the
//! log; joins that wait, sessions and timers lie beside it and begin anew when a coordinator takes over.

mod admin;
pub mod classic;
mod committing;
pub mod consumer;
pub mod member;
mod membership;
pub mod messages;
mod migration;
pub mod offsets;
pub mod records;
pub mod subscription;

use std::collections::{BTreeMap, BTreeSet};

use classic::ClassicGroup;
use consumer::{ConsumerConfig, stored::Change};
use messages::{Answer, Request};
use offsets::Offsets;
use records::{Record, StoredGroup};

use crate::{
    shard::{Decided, Decision, Now, Shard, Ticket},
    types::Mono,
};

/// The partition of `__consumer_offsets` that has a group: Java's hash of its name, as every tool computes it.
pub fn partition_of(group: &str, partitions: i32) -> i32 {
    let hash = group.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()));
    // The one number without a positive counterpart counts as zero.
    hash.checked_abs().unwrap_or(0) % partitions
}

/// The settings of a coordinator.
#[derive(Clone, Debug)]
pub struct GroupConfig {
    /// How many groups this coordinator takes.
    pub groups_max: usize,
    /// `group.max.size`.
    pub size_max: usize,
    /// `group.initial.rebalance.delay.ms`.
    pub initial_rebalance_delay_ms: u64,
    /// `group.min.session.timeout.ms`.
    pub session_min_ms: i32,
    /// `group.max.session.timeout.ms`.
    pub session_max_ms: i32,
    /// `offset.metadata.max.bytes`; Kafka counts UTF-16 units.
    pub metadata_max_bytes: usize,
    /// `offsets.retention.minutes`, in milliseconds.
    pub retention_ms: i64,
    /// `offsets.retention.check.interval.ms`.
    pub check_interval_ms: u64,
    /// Those of groups of the consumer protocol.
    pub consumer: ConsumerConfig,
}

/// What is durable of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Of one of the classic protocol.
    Classic(StoredGroup),
    /// Of one of the consumer protocol.
    Consumers(Box<consumer::stored::Stored>),
}

/// A group as it works.
#[derive(Debug)]
enum Live {
    Classic(Box<ClassicGroup>),
    Consumers(consumer::Live),
}

impl Live {
    fn alarm(&self) -> Mono {
        match self {
            Live::Classic(group) => group.alarm(),
            Live::Consumers(live) => live.alarm(),
        }
    }
}

/// Where the parts of a coordinator leave what they decide.
pub struct Out<'a> {
    /// The decision.
    pub decision: &'a mut Decision<Record, Answer>,
}

impl Out<'_> {
    fn reply(&mut self, ticket: Ticket, answer: impl Into<Answer>) {
        self.decision.replies.push((ticket, answer.into()));
    }
}

/// What happened since the start, for metrics and sweeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Generations that began.
    pub rebalances: u64,
    /// Members that were given up.
    pub evictions: u64,
    /// Requests of members that are not who they say.
    pub fenced: u64,
}

/// A coordinator of some groups.
pub struct GroupCoordinator {
    config: GroupConfig,
    /// Durable: groups as they are stored.
    stored: BTreeMap<String, Stored>,
    /// Durable: offsets.
    offsets: Offsets,
    groups: BTreeMap<String, Live>,
    alarms: BTreeSet<(Mono, String)>,
    next_check: Mono,
    /// How far the check that is going on has come.
    checked: Option<String>,
    counts: Counts,
}

impl GroupCoordinator {
    /// A coordinator that has replayed nothing yet.
    pub fn new(config: GroupConfig) -> GroupCoordinator {
        GroupCoordinator {
            config,
            stored: BTreeMap::new(),
            offsets: Offsets::default(),
            groups: BTreeMap::new(),
            alarms: BTreeSet::new(),
            next_check: Mono::NEVER,
            checked: None,
            counts: Counts::default(),
        }
    }

    /// The durable state: equal for every replay of one log.
    pub fn durable(&self) -> (&BTreeMap<String, Stored>, &Offsets) {
        (&self.stored, &self.offsets)
    }

    /// The topics that offsets are committed for.
    pub fn committed_topics(&self) -> BTreeSet<String> {
        let places = self.offsets.groups().flat_map(|group| self.offsets.of(group).into_iter().flatten());
        places.map(|((topic, _), _)| topic.clone()).collect()
    }

    /// A group of the classic protocol.
    pub fn classic(&self, name: &str) -> Option<&ClassicGroup> {
        match self.groups.get(name)? {
            Live::Classic(group) => Some(group),
            Live::Consumers(_) => None,
        }
    }

    /// A group of the consumer protocol.
    pub fn consumers(&self, name: &str) -> Option<&consumer::stored::Stored> {
        match self.stored.get(name)? {
            Stored::Consumers(stored) => Some(stored),
            Stored::Classic(_) => None,
        }
    }

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Lets `step` work on a group of the classic protocol, and keeps the list of alarms.
    fn with<T>(&mut self, name: &str, step: impl FnOnce(&GroupConfig, &mut ClassicGroup) -> T) -> Option<T> {
        let Some(Live::Classic(group)) = self.groups.get_mut(name) else { return None };
        let (before, generation) = (group.alarm(), group.generation());
        let result = step(&self.config, group);
        self.counts.rebalances += u64::from(generation < group.generation());
        let after = group.alarm();
        self.alarm_moves(name, before, after);
        Some(result)
    }

    /// Lets `step` work on a group of the consumer protocol, and keeps the list of alarms.
    fn with_consumers<T>(
        &mut self,
        name: &str,
        now: Now,
        out: &mut Out<'_>,
        step: impl FnOnce(&mut consumer::Group<'_>) -> T,
    ) -> Option<T> {
        let Some(Live::Consumers(live)) = self.groups.get_mut(name) else { return None };
        let Some(Stored::Consumers(stored)) = self.stored.get_mut(name) else { return None };
        let (before, epoch) = (live.alarm(), stored.target_epoch);
        let records = &mut out.decision.records;
        let mut group = consumer::Group { name, stored, live, config: &self.config, now, records };
        let result = step(&mut group);
        self.counts.rebalances += u64::from(epoch < stored.target_epoch);
        let after = live.alarm();
        self.alarm_moves(name, before, after);
        Some(result)
    }

    fn alarm_moves(&mut self, name: &str, before: Mono, after: Mono) {
        if before != after {
            self.alarms.remove(&(before, name.to_owned()));
            if after != Mono::NEVER {
                self.alarms.insert((after, name.to_owned()));
            }
        }
    }

    /// A group begins; an alarm of one that had its name ends.
    fn begin(&mut self, name: &str, live: Live) {
        let after = live.alarm();
        let before = self.groups.insert(name.to_owned(), live).map_or(Mono::NEVER, |group| group.alarm());
        self.alarm_moves(name, before, after);
    }
}

impl GroupCoordinator {
    fn replay_consumers(&mut self, name: &str, change: &Change) {
        let known = self.stored.get_mut(name);
        match (known, change.is_tombstone()) {
            (Some(Stored::Consumers(stored)), _) => {
                stored.replay(change);
                if stored.is_nothing() {
                    self.stored.remove(name);
                }
            }
            // What ends is of a group that is no more.
            (Some(Stored::Classic(_)) | None, true) => {}
            (Some(Stored::Classic(_)) | None, false) => {
                let mut stored = Box::new(consumer::stored::Stored::default());
                stored.replay(change);
                self.stored.insert(name.to_owned(), Stored::Consumers(stored));
            }
        }
    }
}

impl Shard for GroupCoordinator {
    type Request = Request;
    type Reply = Answer;
    type Record = Record;

    fn handle(&mut self, now: Now, ticket: Ticket, request: Request, decision: &mut Decided<Self>) {
        let out = &mut Out { decision };
        let answer = match request {
            Request::Join(group, join) => return self.join(now, ticket, group, join, out),
            Request::Sync(group, sync) => return self.sync(now, ticket, &group, sync, out),
            Request::Consumer(group, beat) => {
                Answer::Consumer(self.consumer_heartbeat(now, &group, &beat, out))
            }
            Request::Heartbeat(group, who, image) => {
                Answer::Heartbeat(self.heartbeat(now, &group, (&who, &image), out))
            }
            Request::Leave(group, members) => self.leave(now, &group, &members, out),
            Request::Commit(commit) => self.commit(now, commit, out),
            Request::Fetch(fetch) => self.fetch(fetch),
            Request::DeleteOffsets(group, places) => self.delete_offsets(&group, &places, out),
            Request::Describe(group) => Answer::Group(self.describe(&group)),
            Request::DescribeConsumers(group) => Answer::Consumers(self.describe_consumers(&group)),
            Request::Delete(group) => Answer::Delete(self.delete(&group, out)),
            Request::List => Answer::Groups(self.list()),
            Request::TopicDeleted(topic) => {
                for group in self.offsets.groups() {
                    let ended = self.offsets.tombstones(group, |of, _, _| of == topic);
                    out.decision.records.extend(ended);
                }
                Answer::Done
            }
        };
        out.reply(ticket, answer);
    }

    fn next_alarm(&self) -> Mono {
        self.alarms.first().map_or(Mono::NEVER, |(at, _)| *at).min(self.next_check)
    }

    fn alarm(&mut self, now: Now, decision: &mut Decided<Self>) {
        let out = &mut Out { decision };
        // One group at a time: a driver appends what was decided before it asks again.
        let due = self.alarms.first().filter(|(at, _)| *at <= now.mono).map(|(_, name)| name.clone());
        if let Some(name) = due {
            let gone = match self.groups.get(&name) {
                Some(Live::Consumers(_)) => {
                    let before = self.before(&name);
                    let gone = self.with_consumers(&name, now, out, |group| group.wake());
                    if let Some(before) = before {
                        self.downgrade(now, &name, before, out);
                    }
                    gone
                }
                Some(Live::Classic(_)) | None => {
                    self.with(&name, |config, group| group.wake(config, now, out))
                }
            };
            self.counts.evictions += gone.unwrap_or(0) as u64;
        } else if self.next_check <= now.mono {
            self.check(now, out);
        }
    }

    fn replay(&mut self, record: &Record) {
        match record {
            Record::Group(name, Some(group)) => {
                self.stored.insert(name.clone(), Stored::Classic(group.clone()));
            }
            Record::Group(name, None) => {
                // A group of the other protocol may have the name by now.
                if matches!(self.stored.get(name), Some(Stored::Classic(_))) {
                    self.stored.remove(name);
                }
            }
            Record::Consumers(name, change) => self.replay_consumers(name, change),
            Record::Offset(key, value) => self.offsets.replay(key, value.as_ref()),
        }
    }

    fn loaded(&mut self, now: Now) {
        self.next_check = now.mono + std::time::Duration::from_millis(self.config.check_interval_ms);
        for (name, stored) in &self.stored {
            let live = match stored {
                Stored::Classic(stored) => Live::Classic(Box::new(ClassicGroup::restore(name, stored, now))),
                Stored::Consumers(stored) => {
                    Live::Consumers(consumer::Live::restore(stored, &self.config.consumer, now))
                }
            };
            if live.alarm() != Mono::NEVER {
                self.alarms.insert((live.alarm(), name.clone()));
            }
            self.groups.insert(name.clone(), live);
        }
        for name in self.offsets.groups() {
            let fresh = || Live::Classic(Box::new(ClassicGroup::new(name, now)));
            self.groups.entry(name.to_owned()).or_insert_with(fresh);
        }
    }
}
