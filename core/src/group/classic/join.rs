//! How members come into a group, and come back.

use bytes::Bytes;

use super::{ClassicGroup, NEW_MEMBER_JOIN_MAX_MS, after, positive};
use crate::{
    errors::ErrorCode,
    group::{
        GroupConfig, Out,
        member::{Member, State},
        messages::{Join, Joined, Synced},
    },
    limits::{GROUP_MAX_BYTES, GROUP_PENDING_MAX, PROTOCOLS_MAX},
    shard::{Now, Ticket},
    situations::{Situation, reached},
};

impl ClassicGroup {
    /// A member joins, for the first time or again.
    pub fn join(&mut self, config: &GroupConfig, now: Now, ticket: Ticket, join: Join, out: &mut Out<'_>) {
        let member = join.member.clone();
        let done = |code: ErrorCode, out: &mut Out| out.reply(ticket, Joined::refused(code, &member));
        // Whoever is in stays in, as it was.
        if GROUP_MAX_BYTES < self.would_keep(&join) || PROTOCOLS_MAX < join.protocols.len() {
            return out.reply(ticket, Joined::refused(ErrorCode::GroupMaxSizeReached, ""));
        }
        if self.is_full(config, &join) {
            self.pending.remove(&member);
            if self.members.contains_key(&member) {
                self.remove(&member, out);
                self.left(config, now, out);
            }
            return out.reply(ticket, Joined::refused(ErrorCode::GroupMaxSizeReached, ""));
        }
        if !self.speaks(&join) {
            return done(ErrorCode::InconsistentGroupProtocol, out);
        }
        if member.is_empty() {
            return self.join_anew(config, now, ticket, join, out);
        }
        if self.pending.contains_key(&member) {
            // Ids are given out to members without an instance.
            if join.instance.is_some() {
                return done(ErrorCode::UnknownMemberId, out);
            }
            return self.add(config, now, ticket, member, join, out);
        }
        if let Err(code) = self.identify(&member, join.instance.as_deref()) {
            return done(code, out);
        }
        let matches = self.members[&member].protocols == join.protocols;
        let is_leader = self.leader.as_ref() == Some(&member);
        match self.state {
            State::PreparingRebalance => self.join_again(config, now, ticket, &member, join, out),
            // It has missed its answer.
            State::CompletingRebalance if matches => out.reply(ticket, self.joined(&member, is_leader)),
            // A leader that joins again wants a rebalance.
            State::Stable if matches && !is_leader => out.reply(ticket, self.joined(&member, false)),
            State::CompletingRebalance | State::Stable => {
                self.join_again(config, now, ticket, &member, join, out);
            }
            State::Empty => done(ErrorCode::UnknownMemberId, out),
        }
    }

    /// What the members would make the coordinator keep with this one, in bytes.
    fn would_keep(&self, join: &Join) -> usize {
        let others = self.members.iter().filter(|(id, _)| **id != join.member);
        others.map(|(_, member)| member.bytes()).sum::<usize>() + join.bytes()
    }

    fn is_full(&self, config: &GroupConfig, join: &Join) -> bool {
        let size_max = config.size_max;
        let is_known = self.members.contains_key(&join.member);
        match self.state {
            State::Empty => false,
            State::PreparingRebalance => {
                let joining = self.members.values().filter(|m| m.joining.is_some());
                let is_joining = self.members.get(&join.member).is_some_and(|m| m.joining.is_some());
                !is_joining && size_max <= joining.count()
            }
            State::CompletingRebalance | State::Stable => !is_known && size_max <= self.members.len(),
        }
    }

    /// Whether the group and a member have a protocol in common.
    fn speaks(&self, join: &Join) -> bool {
        if join.protocol_type.is_empty() || join.protocols.is_empty() {
            return false;
        }
        if self.members.is_empty() {
            return true;
        }
        self.protocol_type.as_ref() == Some(&join.protocol_type) && {
            let (speakers, all) = (self.speakers(), self.members.len());
            join.protocols.iter().any(|(name, _)| speakers.get(name.as_str()) == Some(&all))
        }
    }

    fn join_anew(&mut self, config: &GroupConfig, now: Now, ticket: Ticket, join: Join, out: &mut Out<'_>) {
        let id = join.new_id.clone();
        if let Some(old) = join.instance.as_ref().and_then(|i| self.instances.get(i)).cloned() {
            return self.replace(config, now, ticket, &old, join, out);
        }
        if join.instance.is_none() && join.knows_member_ids {
            if GROUP_PENDING_MAX <= self.pending.len() {
                return out.reply(ticket, Joined::refused(ErrorCode::GroupMaxSizeReached, ""));
            }
            let due = after(now, positive(join.session_timeout_ms));
            self.pending.insert(id.clone(), due);
            self.arm(due);
            return out.reply(ticket, Joined::refused(ErrorCode::MemberIdRequired, &id));
        }
        self.add(config, now, ticket, id, join, out);
    }

    fn add(
        &mut self,
        config: &GroupConfig,
        now: Now,
        ticket: Ticket,
        id: String,
        join: Join,
        out: &mut Out<'_>,
    ) {
        self.pending.remove(&id);
        if let Some(instance) = &join.instance {
            self.instances.insert(instance.clone(), id.clone());
        }
        if self.members.is_empty() {
            self.protocol_type = Some(join.protocol_type.clone());
        }
        self.leader.get_or_insert_with(|| id.clone());
        self.arrivals += 1;
        let due = after(now, NEW_MEMBER_JOIN_MAX_MS);
        self.arm(due);
        let member = Member {
            instance: join.instance,
            client_id: join.client_id,
            client_host: join.client_host,
            rebalance_timeout_ms: join.rebalance_timeout_ms,
            session_timeout_ms: join.session_timeout_ms,
            protocols: join.protocols,
            assignment: Bytes::new(),
            joining: Some(ticket),
            syncing: None,
            is_new: true,
            due,
            arrival: self.arrivals,
        };
        self.members.insert(id, member);
        if let Some(delay) = &mut self.delay {
            delay.somebody_came = true;
        }
        self.rebalance(config, now, out);
    }

    fn join_again(
        &mut self,
        config: &GroupConfig,
        now: Now,
        ticket: Ticket,
        id: &str,
        join: Join,
        out: &mut Out<'_>,
    ) {
        let member = self.members.get_mut(id).expect("it was identified");
        // Of two joins of one member only the later one is still waited for.
        if let Some(earlier) = member.joining.replace(ticket) {
            out.reply(earlier, Joined::refused(ErrorCode::RebalanceInProgress, id));
        }
        member.protocols = join.protocols;
        member.rebalance_timeout_ms = join.rebalance_timeout_ms;
        member.session_timeout_ms = join.session_timeout_ms;
        self.rebalance(config, now, out);
    }

    /// A static member is back under a new id: the old one is fenced.
    fn replace(
        &mut self,
        config: &GroupConfig,
        now: Now,
        ticket: Ticket,
        old: &str,
        join: Join,
        out: &mut Out<'_>,
    ) {
        reached(Situation::StaticReplaced);
        let mut member = self.members.remove(old).expect("instances name members");
        if let Some(ticket) = member.joining.take() {
            out.reply(ticket, Joined::refused(ErrorCode::FencedInstanceId, old));
        }
        if let Some(ticket) = member.syncing.take() {
            out.reply(ticket, Synced::refused(ErrorCode::FencedInstanceId));
        }
        let (id, instance) = (join.new_id.clone(), join.instance.clone().unwrap_or_default());
        let was_leader = self.leader.as_deref() == Some(old);
        member.client_id = join.client_id.clone();
        member.client_host = join.client_host.clone();
        member.due = after(now, positive(join.session_timeout_ms));
        self.arm(member.due);
        member.is_new = false;
        let (skips, chosen) = (join.skips_assignment, self.protocol.clone());
        member.protocols = join.protocols.clone();
        member.rebalance_timeout_ms = join.rebalance_timeout_ms;
        member.session_timeout_ms = join.session_timeout_ms;
        self.members.insert(id.clone(), member);
        self.instances.insert(instance, id.clone());
        if self.unsynced.remove(old) {
            self.unsynced.insert(id.clone());
        }
        if was_leader {
            self.leader = Some(id.clone());
        }
        let stays = self.state == State::Stable && self.choose() == chosen;
        if !stays {
            return self.join_again(config, now, ticket, &id, join, out);
        }
        out.decision.records.push(self.record());
        let mut joined = self.joined(&id, was_leader && skips);
        joined.skip_assignment = was_leader && skips;
        // A client that cannot skip is told of the leader that was: it does not assign.
        if was_leader && !skips {
            joined.leader = old.to_owned();
        }
        out.reply(ticket, joined);
    }

    pub(super) fn joined(&self, member: &str, with_members: bool) -> Joined {
        let protocol = self.protocol.clone().unwrap_or_default();
        let members = with_members.then(|| self.in_order()).into_iter().flatten();
        Joined {
            code: ErrorCode::None,
            generation: self.generation,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone().unwrap_or_default(),
            skip_assignment: false,
            member: member.to_owned(),
            members: members.map(|(id, m)| (id.clone(), m.instance.clone(), m.metadata(&protocol))).collect(),
        }
    }
}
