//! A group of the consumer protocol (KIP-848): its members say what they read and what they have, the coordinator
//! decides who is to get what, and each member goes there by itself, heartbeat by heartbeat.
//!
//! ```text
//! members, subscriptions, topics ──► group epoch ──► target assignment ──► each member's current assignment
//! ```
//!
//! What changes on the left makes a new group epoch; targets are made for it, not more often than the settings say;
//! [`reconcile`] moves a member towards its target. All of that is in records; sessions and the time that members
//! have to give partitions back are not, and begin anew with a coordinator.

pub mod assignor;
pub(super) mod classics;
mod live;
mod members;
mod pattern;
mod reconcile;
pub mod stored;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use assignor::{Assignor, Reader};
pub use live::Live;
use pattern::Pattern;
use stored::{Change, Current, Places, Resolved, Stored};

use super::{GroupConfig, records::Record};
use crate::{
    controller::Image,
    errors::ErrorCode,
    limits::REGEX_REFRESH_MIN_MS,
    planted::is_planted,
    shard::Now,
    types::{Mono, Uuid},
};

/// What a member asks with ConsumerGroupHeartbeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Heartbeat {
    /// Its id.
    pub member: String,
    /// Its epoch; 0 to join, -1 to leave, -2 to leave for a while.
    pub epoch: i32,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// Its rack.
    pub rack: Option<String>,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// How long it may take to give partitions back; -1 as before.
    pub rebalance_timeout_ms: i32,
    /// The topics that it names; `None` as before.
    pub topics: Option<BTreeSet<String>>,
    /// Its regular expression, none if empty; `None` as before.
    pub regex: Option<String>,
    /// The assignor that it wants; `None` as before.
    pub assignor: Option<String>,
    /// What it has; `None` as before.
    pub owned: Option<Places>,
    /// What makes it a member of the classic protocol, if it is one.
    pub classic: Option<stored::Classic>,
    /// The topics that are there.
    pub image: Arc<Image>,
}

/// What a member is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beaten {
    /// Its id.
    pub member: String,
    /// Its epoch.
    pub epoch: i32,
    /// When it is to be heard of again, in milliseconds; 0 if it left.
    pub interval_ms: i32,
    /// All that it may read, if it must be told.
    pub assignment: Option<Places>,
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The code.
    pub code: ErrorCode,
    /// A sentence.
    pub why: String,
}

impl Refused {
    fn new<T>(code: ErrorCode, why: impl Into<String>) -> Result<T, Refused> {
        Err(Refused { code, why: why.into() })
    }
}

/// The settings of groups of this protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerConfig {
    /// `group.consumer.session.timeout.ms`.
    pub session_ms: u64,
    /// `group.consumer.heartbeat.interval.ms`.
    pub heartbeat_ms: i32,
    /// `group.consumer.max.size`.
    pub size_max: usize,
    /// `group.consumer.assignors`, the one that members get if they do not say first.
    pub assignors: Vec<Assignor>,
    /// `group.consumer.assignment.interval.ms`: shortest time between two target assignments of a group.
    pub assignment_interval_ms: i64,
    /// `group.consumer.migration.policy`.
    pub migration: Migration,
}

/// Which groups become ones of the other protocol while they have members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// One of the classic protocol, when a member of the consumer protocol comes.
    pub upgrades: bool,
    /// One of the consumer protocol, when the last such member goes and others stay.
    pub downgrades: bool,
}

impl Migration {
    /// Reads the setting; `None` if there is no such policy.
    pub fn of(policy: &str) -> Option<Migration> {
        let (upgrades, downgrades) = match policy.to_ascii_lowercase().as_str() {
            "bidirectional" => (true, true),
            "upgrade" => (true, false),
            "downgrade" => (false, true),
            "disabled" => (false, false),
            _ => return None,
        };
        Some(Migration { upgrades, downgrades })
    }
}

fn after(now: Now, ms: u64) -> Mono {
    now.mono + std::time::Duration::from_millis(ms)
}

fn positive(ms: i32) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

/// A group that a step works on.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) stored: &'a mut Stored,
    pub(super) live: &'a mut Live,
    pub(super) config: &'a GroupConfig,
    pub(super) now: Now,
    /// What it has come to.
    pub(super) records: &'a mut Vec<Record>,
}

impl Group<'_> {
    /// Changes the durable state: what follows in this step sees it, and it is a record of the step.
    pub(super) fn change(&mut self, change: Change) {
        self.live.follow(self.stored, &change);
        self.stored.replay(&change);
        self.records.push(Record::Consumers(self.name.to_owned(), change));
    }

    /// A member is heard of: it joins, or says how it does.
    pub(super) fn heartbeat(&mut self, beat: &Heartbeat) -> Result<Beaten, Refused> {
        let id = &beat.member;
        let before = self.step(beat)?;
        let current = self.stored.current(id);
        let says_all = beat.rebalance_timeout_ms != -1
            && (beat.topics.is_some() || beat.regex.is_some())
            && beat.owned.is_some();
        let is_told = beat.epoch == 0 || says_all || before.assigned != current.assigned;
        Ok(Beaten {
            member: id.clone(),
            epoch: current.epoch,
            interval_ms: self.config.consumer.heartbeat_ms,
            assignment: is_told.then(|| current.assigned.keys().copied().collect()),
        })
    }

    /// Lets a member in, and goes as far with it as it goes; returns what it held before.
    fn step(&mut self, beat: &Heartbeat) -> Result<Current, Refused> {
        let id = &beat.member;
        let has_other_topics = self.admit(beat)?;
        let until = self.session_end(id);
        self.live.hears_of(id, until);
        self.live.image = Some(beat.image.clone());
        self.advance(has_other_topics, &beat.image);
        self.assign(&beat.image);
        let before = self.stored.current(id).clone();
        self.reconcile(beat, has_other_topics);
        Ok(before)
    }

    /// Lets the group's epoch grow if members read other topics, or the topics that they read have changed.
    fn advance(&mut self, has_other_topics: bool, image: &Image) {
        let version = image.topics_version();
        let found_others = self.search(image);
        if self.live.seen == Some(version) && !has_other_topics && !found_others {
            return;
        }
        let hash = self.hash(image);
        if hash != self.stored.hash || has_other_topics || found_others {
            self.change(Change::Epoch(Some((self.stored.epoch + 1, hash))));
        }
        self.live.seen = Some(version);
    }

    /// Searches for topics of regular expressions: of a new one at once, of known ones not more often than every few
    /// seconds; returns whether it found others than before.
    fn search(&mut self, image: &Image) -> bool {
        let version = image.topics_version();
        let is_due = self.live.searched.0 != Some(version) && self.live.searched.1 <= self.now.mono;
        let are_known = self.live.regexes.keys().all(|regex| self.stored.regexes.contains_key(regex));
        if are_known && !is_due {
            return false;
        }
        let mut found = Vec::new();
        for regex in self.live.regexes.keys() {
            let known = self.stored.regexes.get(regex);
            if known.is_some() && !is_due {
                continue;
            }
            // It was read when it came; another release may have known more.
            let Ok(pattern) = Pattern::new(regex) else { continue };
            let names = image.topics().map(|topic| topic.name.as_str());
            let topics = names.filter(|name| pattern.matches(name)).map(str::to_owned).collect();
            if known.is_none_or(|known| known.topics != topics) {
                let (version, at) = (version as i64, self.now.wall);
                found.push((regex.clone(), Resolved { topics, version, at }));
            }
        }
        if is_due {
            self.live.searched = (Some(version), after(self.now, REGEX_REFRESH_MIN_MS));
        }
        let found_others = !found.is_empty();
        found.into_iter().for_each(|(regex, resolved)| self.change(Change::Regex(regex, Some(resolved))));
        found_others
    }

    /// The hash of the topics that members read and that are there; 0 if none is.
    fn hash(&self, image: &Image) -> i64 {
        let mut bytes = Vec::new();
        for topic in image.topics() {
            let name = topic.name.as_str();
            let matches = || self.stored.regexes.values().any(|resolved| resolved.topics.contains(name));
            if self.live.names.contains_key(name) || matches() {
                bytes.extend(topic.id.0);
                bytes.extend((topic.partitions.len() as u32).to_be_bytes());
            }
        }
        match bytes.is_empty() {
            true => 0,
            false => twox_hash::XxHash3_64::oneshot(&bytes) as i64,
        }
    }

    /// Makes targets for the group's epoch, if there are none and it is time.
    fn assign(&mut self, image: &Image) {
        // A clock that was set back makes nobody wait.
        let interval = 0..self.config.consumer.assignment_interval_ms;
        let is_early = self.stored.target_at.is_some_and(|at| interval.contains(&(self.now.wall.0 - at.0)));
        if self.stored.epoch <= self.stored.target_epoch || is_early {
            return;
        }
        let ids = |names: &BTreeSet<String>| -> Arc<BTreeSet<Uuid>> {
            Arc::new(names.iter().filter_map(|name| image.topic(name)).map(|topic| topic.id).collect())
        };
        let nothing = Arc::new(BTreeSet::new());
        let matching: BTreeMap<&str, Arc<BTreeSet<Uuid>>> = self
            .stored
            .regexes
            .iter()
            .map(|(regex, resolved)| (regex.as_str(), ids(&resolved.topics)))
            .collect();
        let mut read = BTreeSet::new();
        let mut readers = Vec::with_capacity(self.stored.members.len());
        for (id, member) in &self.stored.members {
            let named = if member.topics.is_empty() { nothing.clone() } else { ids(&member.topics) };
            read.extend(named.iter().copied());
            readers.push(Reader {
                id: id.clone(),
                instance: member.instance.clone(),
                named,
                matching: matching.get(member.regex.as_str()).unwrap_or(&nothing).clone(),
                had: self.stored.targets.get(id).cloned().unwrap_or_default(),
            });
        }
        read.extend(matching.values().flat_map(|topics| topics.iter().copied()));
        let count = |id: Uuid| image.topic_by_id(id).map(|topic| (id, topic.partitions.len() as i32));
        let topics = read.into_iter().filter_map(count).collect();
        let targets = self.stored.assignor(&self.config.consumer.assignors).assign(&readers, &topics);
        for (reader, target) in readers.into_iter().zip(targets) {
            if self.stored.targets.get(&reader.id) != Some(&target) {
                self.change(Change::Target(reader.id, Some(target)));
            }
        }
        self.change(Change::TargetEpoch(Some((self.stored.epoch, self.now.wall))));
    }

    /// Moves a member towards its target.
    fn reconcile(&mut self, beat: &Heartbeat, has_other_topics: bool) {
        let (id, no_target) = (&beat.member, Places::new());
        let is_new = !self.stored.currents.contains_key(id);
        if self.stored.has_arrived(id) && !has_other_topics && !is_new {
            return;
        }
        let current = self.stored.current(id);
        let names = self.stored.topics_of(&self.stored.members[id]);
        let read: BTreeSet<Uuid> =
            names.filter_map(|name| beat.image.topic(name)).map(|topic| topic.id).collect();
        let goal = reconcile::Goal {
            epoch: self.stored.target_epoch,
            target: self.stored.targets.get(id).unwrap_or(&no_target),
            owned: beat.owned.as_ref(),
            has_other_topics,
        };
        let is_taken = |place: &(Uuid, i32)| {
            !is_planted("group/waits-for-nobody") && self.live.held.contains(place) && !current.holds(place)
        };
        let next = reconcile::step(current, &goal, is_taken, |topic| read.contains(topic));
        assert!(next.epoch <= self.stored.epoch, "GROUP-1: {id} of {} would have {next:?}", self.name);
        let has_more_time = next.revoking != current.revoking;
        if *current != next || is_new {
            self.change(Change::Current(id.clone(), Some(next)));
        }
        self.watch_revocation(id, has_more_time);
    }

    /// A member that is to give partitions back has its rebalance time-out for it, and anew for others.
    fn watch_revocation(&mut self, id: &str, has_more_time: bool) {
        if has_more_time {
            self.live.revocations.remove(id);
        }
        if self.stored.current(id).revoking.is_empty() {
            return;
        }
        let timeout_ms = positive(self.stored.members[id].rebalance_timeout_ms);
        let until = after(self.now, timeout_ms);
        self.live.revocations.entry(id.to_owned()).or_insert(until);
        self.live.alarm = self.live.alarm.min(until);
    }

    /// Does what is due by time; returns how many members were given up.
    pub(super) fn wake(&mut self) -> usize {
        let now = self.now.mono;
        let due = self.live.sessions.iter().chain(&self.live.revocations);
        let gone: BTreeSet<String> = due.filter(|(_, at)| **at <= now).map(|(id, _)| id.clone()).collect();
        gone.iter().for_each(|id| self.remove(id));
        self.live.rearm();
        gone.len()
    }
}
