//! The group coordinator: consumers that share topics, and the offsets that they have committed.
//!
//! It is a shard of a partition of `__consumer_offsets`: what [`records`] hold is durable, and the replay of the
//! log; joins that wait, sessions and timers lie beside it and begin anew when a coordinator takes over.

pub mod classic;
pub mod member;
pub mod messages;
pub mod offsets;
pub mod records;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use bytes::Bytes;
use classic::ClassicGroup;
use member::State;
use messages::{Answer, Commit, Described, Description, Identity, Join, Joined, Listed, Request, Synced};
use offsets::{Committed, Offsets};
use records::{CommittedOffset, OffsetKey, Record, StoredGroup};

use crate::{
    errors::ErrorCode,
    limits::GROUP_ANSWER_MAX_BYTES,
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
#[derive(Clone, Copy, Debug)]
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

/// What a fetched offset takes in an answer beside its metadata, in bytes.
const FETCHED_BYTES: usize = 32;

/// A coordinator of some groups.
pub struct GroupCoordinator {
    config: GroupConfig,
    /// Durable: groups as they are stored.
    stored: BTreeMap<String, StoredGroup>,
    /// Durable: offsets.
    offsets: Offsets,
    groups: BTreeMap<String, ClassicGroup>,
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
    pub fn durable(&self) -> (&BTreeMap<String, StoredGroup>, &Offsets) {
        (&self.stored, &self.offsets)
    }

    /// The topics that offsets are committed for.
    pub fn committed_topics(&self) -> BTreeSet<String> {
        let places = self.offsets.groups().flat_map(|group| self.offsets.of(group).into_iter().flatten());
        places.map(|((topic, _), _)| topic.clone()).collect()
    }

    /// A group, if anybody has joined it.
    pub fn group(&self, name: &str) -> Option<&ClassicGroup> {
        self.groups.get(name)
    }

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Lets `step` work on a group and keeps the list of alarms.
    fn with<T>(&mut self, name: &str, step: impl FnOnce(&GroupConfig, &mut ClassicGroup) -> T) -> Option<T> {
        let group = self.groups.get_mut(name)?;
        let (before, generation) = (group.alarm(), group.generation());
        let result = step(&self.config, group);
        self.counts.rebalances += u64::from(generation < group.generation());
        let after = group.alarm();
        if before != after {
            self.alarms.remove(&(before, name.to_owned()));
            if after != Mono::NEVER {
                self.alarms.insert((after, name.to_owned()));
            }
        }
        Some(result)
    }

    fn is_full(&self) -> bool {
        self.config.groups_max <= self.groups.len()
    }

    fn join(&mut self, now: Now, ticket: Ticket, name: String, join: Join, out: &mut Out<'_>) {
        let refused = |code: ErrorCode| Joined::refused(code, &join.member);
        if name.is_empty() {
            return out.reply(ticket, refused(ErrorCode::InvalidGroupId));
        }
        if !(self.config.session_min_ms..=self.config.session_max_ms).contains(&join.session_timeout_ms) {
            return out.reply(ticket, refused(ErrorCode::InvalidSessionTimeout));
        }
        if !self.groups.contains_key(&name) {
            if !join.member.is_empty() {
                return out.reply(ticket, refused(ErrorCode::UnknownMemberId));
            }
            if self.is_full() {
                return out.reply(ticket, refused(ErrorCode::GroupMaxSizeReached));
            }
            self.groups.insert(name.clone(), ClassicGroup::new(&name, now));
        }
        self.with(&name, |config, group| group.join(config, now, ticket, join, out));
    }

    fn heartbeat(&mut self, now: Now, name: &str, who: &Identity) -> ErrorCode {
        if name.is_empty() {
            return ErrorCode::InvalidGroupId;
        }
        let result = self.with(name, |_, group| group.heartbeat(now, who));
        self.code(result.unwrap_or(Err(ErrorCode::UnknownMemberId)))
    }

    fn code(&mut self, result: Result<(), ErrorCode>) -> ErrorCode {
        let code = result.err().unwrap_or(ErrorCode::None);
        let is_fenced = matches!(
            code,
            ErrorCode::FencedInstanceId | ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration
        );
        self.counts.fenced += u64::from(is_fenced);
        code
    }

    fn leave(
        &mut self,
        now: Now,
        name: &str,
        members: &[(String, Option<String>)],
        out: &mut Out<'_>,
    ) -> Answer {
        if name.is_empty() {
            return Answer::Leave(ErrorCode::InvalidGroupId, Vec::new());
        }
        let left = self.with(name, |config, group| {
            let codes: Vec<ErrorCode> = members
                .iter()
                .map(|(member, instance)| {
                    group.leave(member, instance.as_deref(), out).err().unwrap_or(ErrorCode::None)
                })
                .collect();
            if codes.contains(&ErrorCode::None) {
                group.left(config, now, out);
            }
            codes
        });
        let codes = left.unwrap_or_else(|| vec![ErrorCode::UnknownMemberId; members.len()]);
        Answer::Leave(ErrorCode::None, codes)
    }

    fn commit(&mut self, now: Now, commit: Commit, out: &mut Out<'_>) -> Answer {
        let Commit { group: name, who, offsets, knows_epochs } = commit;
        // A group that nobody joined takes offsets of those who are in none.
        if who.generation < 0 && !self.groups.contains_key(&name) && self.is_full() {
            return Answer::Commit(vec![ErrorCode::PolicyViolation; offsets.len()]);
        }
        if who.generation < 0 {
            self.groups.entry(name.clone()).or_insert_with(|| ClassicGroup::new(&name, now));
        }
        let allowed = self.with(&name, |_, group| group.may_commit(now, &who));
        let unknown =
            Err(if knows_epochs { ErrorCode::GroupIdNotFound } else { ErrorCode::IllegalGeneration });
        let code = self.code(allowed.unwrap_or(unknown));
        if code != ErrorCode::None {
            return Answer::Commit(vec![code; offsets.len()]);
        }
        let mut codes = Vec::with_capacity(offsets.len());
        for (topic, partition, offset) in offsets {
            let metadata = &offset.metadata;
            // No unit takes more than three bytes: most need not be counted.
            let fits = metadata.len() <= self.config.metadata_max_bytes
                || metadata.encode_utf16().count() <= self.config.metadata_max_bytes;
            if !fits {
                codes.push(ErrorCode::OffsetMetadataTooLarge);
                continue;
            }
            codes.push(ErrorCode::None);
            let key = OffsetKey { group: name.clone(), topic, partition };
            out.decision.records.push(Record::Offset(key, Some(offset)));
        }
        Answer::Commit(codes)
    }

    fn fetch(&self, name: &str, wanted: Option<Vec<(String, i32)>>) -> Answer {
        let (none, mut bytes) = (Committed::new(), 0);
        let committed = self.offsets.of(name).unwrap_or(&none);
        let mut found = Vec::new();
        let mut take = |topic: String, index: i32, offset: Option<&CommittedOffset>| {
            // What is asked for again and again costs its size each time.
            bytes += FETCHED_BYTES + offset.map_or(0, |o| o.metadata.len());
            found.push((topic, index, offset.cloned()));
            if bytes <= GROUP_ANSWER_MAX_BYTES { Ok(()) } else { Err(ErrorCode::MessageTooLarge) }
        };
        let taken = match wanted {
            Some(wanted) => wanted.into_iter().try_for_each(|place| {
                let offset = committed.get(&place);
                take(place.0, place.1, offset)
            }),
            None => committed.iter().try_for_each(|((topic, index), o)| take(topic.clone(), *index, Some(o))),
        };
        Answer::Offsets(taken.map(|()| found))
    }

    fn delete_offsets(&self, name: &str, places: &[(String, i32)], out: &mut Out<'_>) -> Answer {
        if name.is_empty() {
            return Answer::DeleteOffsets(ErrorCode::InvalidGroupId, Vec::new());
        }
        if !self.groups.contains_key(name) {
            return Answer::DeleteOffsets(ErrorCode::GroupIdNotFound, Vec::new());
        }
        // What consumers are subscribed to is in their metadata: a group that works keeps its offsets.
        let live = self.groups.get(name).filter(|g| g.state() != State::Empty);
        if live.is_some_and(|g| g.protocol_type() != Some("consumer")) {
            return Answer::DeleteOffsets(ErrorCode::NonEmptyGroup, Vec::new());
        }
        // Where it cannot be known what they read, they may read everything.
        let read = live.map_or_else(|| Some(BTreeSet::new()), ClassicGroup::subscribed_topics);
        let is_subscribed = |topic: &str| read.as_ref().is_none_or(|topics| topics.contains(topic));
        let (mut codes, mut gone) = (Vec::with_capacity(places.len()), BTreeSet::new());
        for place in places {
            if is_subscribed(&place.0) {
                codes.push(ErrorCode::GroupSubscribedToTopic);
                continue;
            }
            codes.push(ErrorCode::None);
            let is_committed = self.offsets.of(name).is_some_and(|c| c.contains_key(place));
            if is_committed && gone.insert(place) {
                let (topic, partition) = place.clone();
                let key = OffsetKey { group: name.to_owned(), topic, partition };
                out.decision.records.push(Record::Offset(key, None));
            }
        }
        Answer::DeleteOffsets(ErrorCode::None, codes)
    }

    fn delete(&mut self, name: &str, out: &mut Out<'_>) -> ErrorCode {
        if !self.groups.contains_key(name) {
            return ErrorCode::GroupIdNotFound;
        }
        if self.groups.get(name).is_some_and(|g| g.state() != State::Empty) {
            return ErrorCode::NonEmptyGroup;
        }
        out.decision.records.extend(self.offsets.tombstones(name, |_, _, _| true));
        self.forget(name, out);
        ErrorCode::None
    }

    /// A group that is empty is no more.
    fn forget(&mut self, name: &str, out: &mut Out<'_>) {
        if let Some(group) = self.groups.remove(name) {
            self.alarms.remove(&(group.alarm(), name.to_owned()));
        }
        if self.stored.contains_key(name) {
            out.decision.records.push(Record::Group(name.to_owned(), None));
        }
    }

    fn describe(&self, name: &str) -> Option<Box<Description>> {
        let group = self.groups.get(name)?;
        let protocol = group.protocol().unwrap_or_default();
        let is_stable = group.state() == State::Stable;
        let members = group.members().map(|(id, member)| Described {
            id: id.to_owned(),
            instance: member.instance.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            metadata: if is_stable { member.metadata(protocol) } else { Bytes::new() },
            assignment: member.assignment.clone(),
        });
        Some(Box::new(Description {
            state: group.state(),
            protocol_type: group.protocol_type().unwrap_or_default().to_owned(),
            protocol: if is_stable { protocol.to_owned() } else { String::new() },
            members: members.collect(),
        }))
    }

    fn list(&self) -> Vec<Listed> {
        let listed = |(name, group): (&String, &ClassicGroup)| Listed {
            group: name.clone(),
            protocol_type: group.protocol_type().unwrap_or_default().to_owned(),
            state: group.state().name(),
            kind: "classic",
        };
        self.groups.iter().map(listed).collect()
    }

    /// Ends offsets whose time is over, and groups that have nothing left: of one group, so that no step is long.
    /// The next step goes on behind it.
    fn check(&mut self, now: Now, out: &mut Out<'_>) {
        let behind = self.checked.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut following = self.groups.range::<str, _>((behind, Bound::Unbounded));
        let Some(name) = following.next().map(|(name, _)| name.clone()) else {
            self.checked = None;
            self.next_check = now.mono + std::time::Duration::from_millis(self.config.check_interval_ms);
            return;
        };
        self.expire(&name, now, out);
        self.checked = Some(name);
    }

    /// KIP-211: offsets of a group that ended live on for a while, and those of a topic that a working group no
    /// longer reads.
    fn expire(&mut self, name: &str, now: Now, out: &mut Out<'_>) {
        let Some(group) = self.groups.get(name) else { return };
        let (mut base, mut read) = (None, BTreeSet::new());
        if group.protocol_type().is_some() {
            match (group.state(), group.subscribed_topics()) {
                (State::Empty, _) => {
                    base = self.stored.get(name).map(|_| group.since()).filter(|since| 0 <= since.0);
                }
                (State::Stable, Some(topics)) => read = topics,
                (State::Stable | State::PreparingRebalance | State::CompletingRebalance, _) => return,
            }
        }
        let keeps = |topic: &str| read.contains(topic);
        let ended = self.offsets.expired(name, base, keeps, self.config.retention_ms, now.wall);
        let left = self.offsets.of(name).map_or(0, |c| c.len()) - ended.len();
        out.decision.records.extend(ended);
        if left == 0 && group.is_empty() {
            self.forget(name, out);
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
            Request::Sync(group, _) if group.is_empty() => {
                Answer::Sync(Synced::refused(ErrorCode::InvalidGroupId))
            }
            Request::Sync(group, sync) => {
                let known = self.with(&group, |_, g| g.sync(now, ticket, sync, out)).is_some();
                if known {
                    return;
                }
                Answer::Sync(Synced::refused(ErrorCode::UnknownMemberId))
            }
            Request::Heartbeat(group, who) => Answer::Heartbeat(self.heartbeat(now, &group, &who)),
            Request::Leave(group, members) => self.leave(now, &group, &members, out),
            Request::Commit(commit) => self.commit(now, commit, out),
            Request::Fetch(group, wanted) => self.fetch(&group, wanted),
            Request::DeleteOffsets(group, places) => self.delete_offsets(&group, &places, out),
            Request::Describe(group) => Answer::Group(self.describe(&group)),
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
            let gone = self.with(&name, |config, group| group.wake(config, now, out));
            self.counts.evictions += gone.unwrap_or(0) as u64;
        } else if self.next_check <= now.mono {
            self.check(now, out);
        }
    }

    fn replay(&mut self, record: &Record) {
        match record {
            Record::Group(name, Some(group)) => {
                self.stored.insert(name.clone(), group.clone());
            }
            Record::Group(name, None) => {
                self.stored.remove(name);
            }
            Record::Offset(key, value) => self.offsets.replay(key, value.as_ref()),
        }
    }

    fn loaded(&mut self, now: Now) {
        self.next_check = now.mono + std::time::Duration::from_millis(self.config.check_interval_ms);
        for (name, stored) in &self.stored {
            let group = ClassicGroup::restore(name, stored, now);
            if group.alarm() != Mono::NEVER {
                self.alarms.insert((group.alarm(), name.clone()));
            }
            self.groups.insert(name.clone(), group);
        }
        for name in self.offsets.groups() {
            self.groups.entry(name.to_owned()).or_insert_with(|| ClassicGroup::new(name, now));
        }
    }
}
