//! A group of the classic protocol: its members join, the leader assigns, all fetch what they got
//! (KIP-62, KIP-134, KIP-345, KIP-394, KIP-429, KIP-559, KIP-814).
//!
//! | in state            | on                                         | becomes             |
//! |---------------------|--------------------------------------------|---------------------|
//! | Empty               | a member joins: a delay begins             | PreparingRebalance  |
//! | PreparingRebalance  | all have joined, or the time is over: those| CompletingRebalance |
//! |                     | who did not are gone; a generation begins  | (Empty if none left)|
//! | CompletingRebalance | the leader brings the assignment           | Stable              |
//! | CompletingRebalance,| a member joins, leaves, is silent, or has  | PreparingRebalance  |
//! | Stable              | not synced in time                         |                     |
//!
//! Joins and syncs are parked: their replies come with the step that completes them.

mod join;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::{
    GroupConfig, Out,
    member::{Member, State},
    messages::{Identity, Joined, Sync, Synced},
    records::{Record, StoredGroup, StoredMember},
    subscription::topics_of,
};
use crate::{
    errors::ErrorCode,
    limits::GROUP_MAX_BYTES,
    planted::is_planted,
    shard::{Now, Ticket},
    types::{Mono, Timestamp},
};

/// The first rebalance of a group waits for more members, in steps, but not for ever.
#[derive(Clone, Copy, Debug)]
struct Delay {
    left_ms: u64,
    somebody_came: bool,
}

/// A group.
#[derive(Clone, Debug)]
pub struct ClassicGroup {
    name: String,
    state: State,
    since: Timestamp,
    generation: i32,
    protocol_type: Option<String>,
    protocol: Option<String>,
    leader: Option<String>,
    members: BTreeMap<String, Member>,
    instances: BTreeMap<String, String>,
    /// Ids that were given out and have not joined, with the time at which they are forgotten.
    pending: BTreeMap<String, Mono>,
    /// Members of this generation that have not synced.
    unsynced: BTreeSet<String>,
    /// When the state ends by time.
    until: Mono,
    /// When members that have not synced are given up.
    sync_until: Mono,
    delay: Option<Delay>,
    arrivals: u64,
    alarm: Mono,
}

fn after(now: Now, ms: u64) -> Mono {
    now.mono + std::time::Duration::from_millis(ms)
}

fn positive(ms: i32) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

/// How long a member may wait in a first join whose connection may be gone.
const NEW_MEMBER_JOIN_MAX_MS: u64 = 5 * 60 * 1000;

/// Shortest time between two looks for static members that have not come back.
const AGAIN_MIN_MS: u64 = 1_000;

impl ClassicGroup {
    /// A group that nobody has joined yet.
    pub fn new(name: &str, now: Now) -> ClassicGroup {
        ClassicGroup {
            name: name.to_owned(),
            state: State::Empty,
            since: now.wall,
            generation: 0,
            protocol_type: None,
            protocol: None,
            leader: None,
            members: BTreeMap::new(),
            instances: BTreeMap::new(),
            pending: BTreeMap::new(),
            unsynced: BTreeSet::new(),
            until: Mono::NEVER,
            sync_until: Mono::NEVER,
            delay: None,
            arrivals: 0,
            alarm: Mono::NEVER,
        }
    }

    /// The group as it was stored; its members have their whole time again.
    pub fn restore(name: &str, stored: &StoredGroup, now: Now) -> ClassicGroup {
        let mut group = ClassicGroup::new(name, now);
        group.state = if stored.members.is_empty() { State::Empty } else { State::Stable };
        group.since = stored.since;
        group.generation = stored.generation;
        group.protocol_type = Some(stored.protocol_type.clone()).filter(|t| !t.is_empty());
        group.protocol = stored.protocol.clone();
        group.leader = stored.leader.clone();
        if !stored.members.is_empty() && stored.leader.is_none() {
            // It has been one of the other protocol: what its members have is not all that there is.
            group.state = State::PreparingRebalance;
        }
        for member in &stored.members {
            let protocol = stored.protocol.clone().unwrap_or_default();
            group.arrivals += 1;
            let restored = Member {
                instance: member.instance.clone(),
                client_id: member.client_id.clone(),
                client_host: member.client_host.clone(),
                // The oldest records know only one time-out.
                rebalance_timeout_ms: match member.rebalance_timeout_ms {
                    -1 => member.session_timeout_ms,
                    timeout_ms => timeout_ms,
                },
                session_timeout_ms: member.session_timeout_ms,
                protocols: vec![(protocol, member.subscription.clone())],
                assignment: member.assignment.clone(),
                joining: None,
                syncing: None,
                is_new: false,
                due: after(now, positive(member.session_timeout_ms)),
                arrival: group.arrivals,
            };
            group.arm(restored.due);
            if let Some(instance) = &restored.instance {
                group.instances.insert(instance.clone(), member.id.clone());
            }
            group.members.insert(member.id.clone(), restored);
        }
        if group.state == State::PreparingRebalance {
            group.until = after(now, group.rebalance_timeout_ms());
            group.arm(group.until);
        }
        group
    }

    /// Its members have to join again, whatever they wait for: the group becomes one of the other protocol.
    pub(super) fn dismiss(&mut self, out: &mut Out<'_>) {
        for (id, member) in &mut self.members {
            if let Some(ticket) = member.joining.take() {
                out.reply(ticket, Joined::refused(ErrorCode::RebalanceInProgress, id));
            }
            if let Some(ticket) = member.syncing.take() {
                out.reply(ticket, Synced::refused(ErrorCode::RebalanceInProgress));
            }
        }
    }

    /// A member that was just taken over speaks these protocols.
    pub(super) fn speaks_all(&mut self, id: &str, protocols: Vec<(String, Bytes)>) {
        if let Some(member) = self.members.get_mut(id) {
            member.protocols = protocols;
        }
    }

    /// Begins a rebalance of a group that was just made of one of the other protocol.
    pub(super) fn begin_again(&mut self, config: &GroupConfig, now: Now, out: &mut Out<'_>) {
        out.decision.records.push(self.record());
        self.rebalance(config, now, out);
    }

    /// Its state.
    pub fn state(&self) -> State {
        self.state
    }

    /// Since when it is in its state.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// The topics that its consumers' metadata name; `None` where they cannot be known.
    pub fn subscribed_topics(&self) -> Option<BTreeSet<String>> {
        if self.protocol_type.as_deref() != Some("consumer") {
            return None;
        }
        if self.members.is_empty() {
            return Some(BTreeSet::new());
        }
        let protocol = self.protocol.as_deref()?;
        let topics: Option<Vec<BTreeSet<String>>> =
            self.members.values().map(|m| topics_of(&m.metadata(protocol))).collect();
        Some(topics?.into_iter().flatten().collect())
    }

    /// Its generation.
    pub fn generation(&self) -> i32 {
        self.generation
    }

    /// The type of protocol, if anybody ever joined.
    pub fn protocol_type(&self) -> Option<&str> {
        self.protocol_type.as_deref()
    }

    /// The protocol that was chosen.
    pub fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }

    /// Its members by their ids.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.members.iter().map(|(id, member)| (id.as_str(), member))
    }

    /// Whether nobody is there or about to come.
    pub fn is_empty(&self) -> bool {
        self.state == State::Empty && self.pending.is_empty()
    }

    /// When [`ClassicGroup::wake`] has something to do, or earlier.
    pub fn alarm(&self) -> Mono {
        self.alarm
    }

    fn arm(&mut self, at: Mono) {
        self.alarm = self.alarm.min(at);
    }

    /// By how many members each protocol is spoken.
    fn speakers(&self) -> BTreeMap<&str, usize> {
        let mut speakers = BTreeMap::new();
        for member in self.members.values() {
            let names: BTreeSet<&str> = member.protocols.iter().map(|(name, _)| name.as_str()).collect();
            names.into_iter().for_each(|name| *speakers.entry(name).or_default() += 1);
        }
        speakers
    }

    /// Whether a member is who it says.
    fn identify(&self, member: &str, instance: Option<&str>) -> Result<(), ErrorCode> {
        if let Some(instance) = instance {
            match self.instances.get(instance) {
                None => return Err(ErrorCode::UnknownMemberId),
                Some(known) if known != member => return Err(ErrorCode::FencedInstanceId),
                Some(_) => {}
            }
        }
        if self.members.contains_key(member) { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
    }

    /// Its members in the order in which they came.
    fn in_order(&self) -> impl Iterator<Item = (&String, &Member)> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(_, member)| member.arrival);
        members.into_iter()
    }

    /// The longest that any member may take to join again.
    fn rebalance_timeout_ms(&self) -> u64 {
        self.members.values().map(|m| positive(m.rebalance_timeout_ms)).max().unwrap_or(0)
    }

    /// Begins a rebalance, or goes on with the one that there is.
    fn rebalance(&mut self, config: &GroupConfig, now: Now, out: &mut Out<'_>) {
        if self.state == State::PreparingRebalance {
            return self.complete_if_all_joined(now, out);
        }
        for (_, member) in self.members.iter_mut() {
            if let Some(ticket) = member.syncing.take() {
                // It was heard of: the time of its silence begins now.
                member.due = after(now, positive(member.session_timeout_ms));
                out.reply(ticket, Synced::refused(ErrorCode::RebalanceInProgress));
            }
        }
        let is_first = self.state == State::Empty;
        self.enter(State::PreparingRebalance, now);
        self.unsynced.clear();
        self.sync_until = Mono::NEVER;
        let rebalance_ms = self.rebalance_timeout_ms();
        if is_first {
            let delay_ms = config.initial_rebalance_delay_ms;
            self.delay = Some(Delay { left_ms: rebalance_ms.saturating_sub(delay_ms), somebody_came: false });
            self.until = after(now, delay_ms);
        } else {
            self.until = after(now, rebalance_ms);
        }
        self.arm(self.until);
        let earliest = self.members.values().map(|m| m.due).min().unwrap_or(Mono::NEVER);
        self.arm(earliest);
        self.complete_if_all_joined(now, out);
    }

    fn enter(&mut self, state: State, now: Now) {
        self.state = state;
        self.since = now.wall;
    }

    fn complete_if_all_joined(&mut self, now: Now, out: &mut Out<'_>) {
        let all = self.pending.is_empty() && self.members.values().all(|m| m.joining.is_some());
        if all && self.delay.is_none() {
            self.complete_join(now, out);
        }
    }

    /// The joining is over: a generation begins.
    fn complete_join(&mut self, now: Now, out: &mut Out<'_>) {
        self.delay = None;
        // A static member may come back within its session.
        let missing = |m: &Member| m.joining.is_none() && m.instance.is_none();
        self.members.retain(|_, member| !missing(member));
        if !self.members.is_empty() && self.members.values().all(|m| m.joining.is_none()) {
            // Whatever they ask for: the time must pass.
            self.until = after(now, self.rebalance_timeout_ms().max(AGAIN_MIN_MS));
            return self.arm(self.until);
        }
        self.until = Mono::NEVER;
        let is_joined = |id: &Option<String>, members: &BTreeMap<String, Member>| match id
            .as_ref()
            .map(|id| members.get(id))
        {
            Some(Some(leader)) => leader.joining.is_some(),
            Some(None) | None => false,
        };
        if !is_joined(&self.leader, &self.members) {
            let first = self.in_order().find(|(_, m)| m.joining.is_some()).map(|(id, _)| id.clone());
            self.leader = first;
        }
        if !is_planted("group/keeps-its-generation") || self.generation == 0 {
            self.generation = self.generation.checked_add(1).unwrap_or(1);
        }
        if self.members.is_empty() {
            (self.protocol, self.leader) = (None, None);
            self.enter(State::Empty, now);
            return out.decision.records.push(self.record());
        }
        self.protocol = self.choose();
        self.enter(State::CompletingRebalance, now);
        self.unsynced = self.members.keys().cloned().collect();
        self.sync_until = after(now, self.rebalance_timeout_ms());
        self.arm(self.sync_until);
        let ids: Vec<String> = self.in_order().map(|(id, _)| id.clone()).collect();
        for id in ids {
            let is_leader = self.leader.as_ref() == Some(&id);
            let member = self.members.get_mut(&id).expect("it was just listed");
            member.is_new = false;
            member.due = after(now, positive(member.session_timeout_ms));
            let (due, ticket) = (member.due, member.joining.take());
            self.arm(due);
            if let Some(ticket) = ticket {
                out.reply(ticket, self.joined(&id, is_leader));
            }
        }
    }

    /// The protocol that most members prefer among those that all speak; the name decides between equals.
    fn choose(&self) -> Option<String> {
        let (speakers, all) = (self.speakers(), self.members.len());
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for member in self.members.values() {
            let choice = member.protocols.iter().find(|(name, _)| speakers[name.as_str()] == all);
            if let Some((name, _)) = choice {
                *votes.entry(name).or_default() += 1;
            }
        }
        let best = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
        best.map(|(name, _)| name.to_owned())
    }

    /// A member wants its assignment; the leader brings all.
    pub fn sync(&mut self, now: Now, ticket: Ticket, sync: Sync, out: &mut Out<'_>) {
        let differs = |said: &Option<String>, is: &Option<String>| {
            said.as_ref().is_some_and(|said| Some(said) != is.as_ref())
        };
        let known = self.identify(&sync.member, sync.instance.as_deref());
        let code = match known {
            Err(code) => Some(code),
            Ok(()) if sync.generation != self.generation => Some(ErrorCode::IllegalGeneration),
            Ok(())
                if differs(&sync.protocol_type, &self.protocol_type)
                    || differs(&sync.protocol, &self.protocol) =>
            {
                Some(ErrorCode::InconsistentGroupProtocol)
            }
            Ok(()) => match self.state {
                State::Empty => Some(ErrorCode::UnknownMemberId),
                State::PreparingRebalance => Some(ErrorCode::RebalanceInProgress),
                State::CompletingRebalance | State::Stable => None,
            },
        };
        if let Some(code) = code {
            return out.reply(ticket, Synced::refused(code));
        }
        self.unsynced.remove(&sync.member);
        self.hear(now, &sync.member);
        if self.state == State::Stable {
            return out.reply(ticket, self.synced(&sync.member));
        }
        let member = self.members.get_mut(&sync.member).expect("it was identified");
        if let Some(earlier) = member.syncing.replace(ticket) {
            out.reply(earlier, Synced::refused(ErrorCode::RebalanceInProgress));
        }
        if self.leader.as_ref() == Some(&sync.member) {
            self.assign(now, sync.assignments, out);
        }
    }

    fn assign(&mut self, now: Now, assignments: Vec<(String, Bytes)>, out: &mut Out<'_>) {
        let kept = self.members.values().map(|m| m.bytes() - m.assignment.len());
        let bytes = assignments.iter().map(|(_, assignment)| assignment.len()).chain(kept).sum::<usize>();
        if GROUP_MAX_BYTES < bytes {
            // Nobody can be told: they begin again.
            for member in self.members.values_mut() {
                if let Some(ticket) = member.syncing.take() {
                    out.reply(ticket, Synced::refused(ErrorCode::UnknownServerError));
                }
            }
            return;
        }
        self.members.values_mut().for_each(|m| m.assignment = Bytes::new());
        for (id, assignment) in assignments {
            if let Some(member) = self.members.get_mut(&id) {
                member.assignment = assignment;
            }
        }
        self.enter(State::Stable, now);
        out.decision.records.push(self.record());
        let ids: Vec<String> = self.in_order().map(|(id, _)| id.clone()).collect();
        for id in ids {
            let ticket = self.members.get_mut(&id).and_then(|m| m.syncing.take());
            if let Some(ticket) = ticket {
                self.hear(now, &id);
                out.reply(ticket, self.synced(&id));
            }
        }
    }

    fn synced(&self, member: &str) -> Synced {
        Synced {
            code: ErrorCode::None,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            assignment: self.members[member].assignment.clone(),
        }
    }

    /// A member is heard of.
    fn hear(&mut self, now: Now, id: &str) {
        if let Some(member) = self.members.get_mut(id) {
            // The alarm stays: it only comes to see that nothing is due yet.
            member.due = after(now, positive(member.session_timeout_ms));
            let due = member.due;
            self.arm(due);
        }
    }

    /// A member lives.
    ///
    /// # Errors
    /// It is unknown, of another generation, or is to join again.
    pub fn heartbeat(&mut self, now: Now, who: &Identity) -> Result<(), ErrorCode> {
        self.identify(&who.member, who.instance.as_deref())?;
        if self.state == State::Empty {
            return Err(ErrorCode::UnknownMemberId);
        }
        if who.generation != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        self.hear(now, &who.member);
        if self.state == State::PreparingRebalance { Err(ErrorCode::RebalanceInProgress) } else { Ok(()) }
    }

    /// Whether a member may commit offsets.
    ///
    /// # Errors
    /// As [`ClassicGroup::heartbeat`]; while the leader assigns, nobody may.
    pub fn may_commit(&mut self, now: Now, who: &Identity) -> Result<(), ErrorCode> {
        if who.generation < 0 && self.state == State::Empty {
            return Ok(());
        }
        if 0 <= who.generation || !who.member.is_empty() || who.instance.is_some() {
            self.identify(&who.member, who.instance.as_deref())?;
            if who.generation != self.generation {
                return Err(ErrorCode::IllegalGeneration);
            }
        } else {
            // A group that has members takes offsets from them alone.
            return Err(ErrorCode::UnknownMemberId);
        }
        match self.state {
            State::Stable | State::PreparingRebalance => {
                self.hear(now, &who.member);
                Ok(())
            }
            State::CompletingRebalance => Err(ErrorCode::RebalanceInProgress),
            State::Empty => Err(ErrorCode::UnknownMemberId),
        }
    }

    /// A member leaves; a static one may be named by its instance alone.
    ///
    /// # Errors
    /// It is unknown or fenced.
    pub fn leave(
        &mut self,
        member: &str,
        instance: Option<&str>,
        out: &mut Out<'_>,
    ) -> Result<(), ErrorCode> {
        let known = instance.and_then(|i| self.instances.get(i)).cloned();
        let id = match known {
            Some(known) if member.is_empty() => known,
            _ if self.pending.remove(member).is_some() => return Ok(()),
            _ => {
                self.identify(member, instance)?;
                member.to_owned()
            }
        };
        self.remove(&id, out);
        Ok(())
    }

    /// After members have left: what remains goes on.
    pub fn left(&mut self, config: &GroupConfig, now: Now, out: &mut Out<'_>) {
        match self.state {
            State::Stable | State::CompletingRebalance | State::PreparingRebalance => {
                self.rebalance(config, now, out);
            }
            State::Empty => {}
        }
    }

    fn remove(&mut self, id: &str, out: &mut Out<'_>) {
        let Some(member) = self.members.remove(id) else { return };
        if let Some(instance) = &member.instance {
            self.instances.remove(instance);
        }
        self.unsynced.remove(id);
        if self.leader.as_deref() == Some(id) {
            self.leader = self.members.keys().next().cloned();
        }
        if let Some(ticket) = member.joining {
            out.reply(ticket, Joined::refused(ErrorCode::UnknownMemberId, id));
        }
        if let Some(ticket) = member.syncing {
            out.reply(ticket, Synced::refused(ErrorCode::UnknownMemberId));
        }
    }

    /// Does what is due by time; returns how many members were given up.
    pub fn wake(&mut self, config: &GroupConfig, now: Now, out: &mut Out<'_>) -> usize {
        self.pending.retain(|_, due| now.mono < *due);
        let mut gone: BTreeSet<String> = self
            .members
            .iter()
            .filter(|(_, member)| member.can_expire() && member.due <= now.mono)
            .map(|(id, _)| id.clone())
            .collect();
        if self.sync_until <= now.mono {
            self.sync_until = Mono::NEVER;
            gone.extend(self.unsynced.iter().cloned());
        }
        gone.iter().for_each(|id| self.remove(id, out));
        if !gone.is_empty() {
            self.left(config, now, out);
        }
        if self.state == State::PreparingRebalance {
            if self.until <= now.mono {
                self.time_is_over(config, now, out);
            } else {
                self.complete_if_all_joined(now, out);
            }
        }
        self.rearm();
        gone.len()
    }

    /// The time to join is over; the first one may be longer if somebody came meanwhile.
    fn time_is_over(&mut self, config: &GroupConfig, now: Now, out: &mut Out<'_>) {
        if let Some(Delay { left_ms: 1.., somebody_came: true }) = self.delay {
            let left_ms = self.delay.map_or(0, |d| d.left_ms);
            let more_ms = config.initial_rebalance_delay_ms.min(left_ms);
            self.delay = Some(Delay { left_ms: left_ms - more_ms, somebody_came: false });
            self.until = after(now, more_ms);
            return;
        }
        self.complete_join(now, out);
    }

    fn rearm(&mut self) {
        let members = self.members.values().filter(|m| m.can_expire()).map(|m| m.due);
        let pending = self.pending.values().copied();
        let others = [self.until, self.sync_until];
        self.alarm = members.chain(pending).chain(others).min().unwrap_or(Mono::NEVER);
    }

    pub(super) fn record(&self) -> Record {
        let protocol = self.protocol.clone().unwrap_or_default();
        let members = self.members.iter().map(|(id, member)| StoredMember {
            id: id.clone(),
            instance: member.instance.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            session_timeout_ms: member.session_timeout_ms,
            subscription: member.metadata(&protocol),
            assignment: member.assignment.clone(),
        });
        let stored = StoredGroup {
            protocol_type: self.protocol_type.clone().unwrap_or_default(),
            generation: self.generation,
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            since: self.since,
            members: members.collect(),
        };
        Record::Group(self.name.clone(), Some(stored))
    }
}
