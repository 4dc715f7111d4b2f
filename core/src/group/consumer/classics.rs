//! Members of the classic protocol in a group of the consumer protocol: they join, sync and beat as they always do, and
//! the coordinator decides for them as for all others (KIP-848, online migration).
//!
//! A join is answered at once, with the member's epoch as the generation and nobody as the leader. A heartbeat tells a
//! member to join again when there is something for it to give back or to take.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Group, Heartbeat, Refused, after,
    stored::{Classic, MemberState, Places, Stored},
};
use crate::{
    controller::Image,
    errors::ErrorCode,
    group::{
        messages::{Identity, Join, Joined, Sync, Synced},
        subscription::{Named, read_subscription, write_assignment},
    },
    limits::PROTOCOLS_MAX,
    types::Mono,
};

/// The type of protocol of consumers.
pub(in crate::group) const CONSUMER: &str = "consumer";

/// The partitions of names, as far as there are such topics.
pub(in crate::group) fn places_of(named: &Named, image: &Image) -> Places {
    let mut places = Places::new();
    for (topic, partitions) in named {
        let Some(topic) = image.topic(topic) else { continue };
        let there = 0..topic.partitions.len() as i32;
        places
            .extend(partitions.iter().filter(|index| there.contains(index)).map(|index| (topic.id, *index)));
    }
    places
}

/// The names of partitions, as far as there are such topics.
pub(in crate::group) fn names_of<'a>(
    places: impl Iterator<Item = &'a (crate::types::Uuid, i32)>,
    image: &Image,
) -> Named {
    let mut named = Named::new();
    for (id, partition) in places {
        let Some(topic) = image.topic_by_id(*id) else { continue };
        match named.last_mut() {
            Some((last, partitions)) if *last == *topic.name.as_str() => partitions.push(*partition),
            _ => named.push((topic.name.to_string(), vec![*partition])),
        }
    }
    named
}

impl Stored {
    /// Whether all of its members are of the classic protocol, and there are some.
    pub fn is_all_classic(&self) -> bool {
        !self.members.is_empty() && self.members.values().all(|member| member.classic.is_some())
    }

    /// The protocols that all of its members of the classic protocol speak; `None` if it has no such member.
    pub(in crate::group) fn spoken_by_all(&self) -> Option<BTreeSet<&str>> {
        let mut classics = self.members.values().filter_map(|member| member.classic.as_ref());
        let first = classics.next()?;
        let mut common: BTreeSet<&str> = first.protocols.iter().map(|(name, _)| name.as_str()).collect();
        for classic in classics {
            let spoken: BTreeSet<&str> = classic.protocols.iter().map(|(name, _)| name.as_str()).collect();
            common.retain(|name| spoken.contains(*name));
        }
        Some(common)
    }

    /// Whether its members of the classic protocol all speak one of these.
    fn speak(&self, protocols: &[(String, bytes::Bytes)]) -> bool {
        match self.spoken_by_all() {
            None => !protocols.is_empty(),
            Some(common) => protocols.iter().any(|(name, _)| common.contains(name.as_str())),
        }
    }
}

impl Group<'_> {
    /// A member of the classic protocol joins, or joins again.
    pub(in crate::group) fn join(&mut self, join: &Join, image: &Arc<Image>) -> Result<Joined, ErrorCode> {
        let is_known = self.stored.members.contains_key(&join.member);
        let is_same_instance = join.instance.as_ref().is_some_and(|i| self.live.instances.contains_key(i));
        if !is_known && !is_same_instance && self.config.consumer.size_max <= self.stored.members.len() {
            return Err(ErrorCode::GroupMaxSizeReached);
        }
        if PROTOCOLS_MAX < join.protocols.len() {
            return Err(ErrorCode::GroupMaxSizeReached);
        }
        if join.protocol_type != CONSUMER || !self.stored.speak(&join.protocols) {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        let said = join.protocols.first().and_then(|(_, metadata)| read_subscription(metadata));
        let said = said.ok_or(ErrorCode::InconsistentGroupProtocol)?;
        if let (Some(instance), false) = (&join.instance, join.member.is_empty()) {
            self.check_owner(instance, &join.member)?;
        }
        if join.member.is_empty() && join.instance.is_none() && join.knows_member_ids {
            return Ok(Joined::refused(ErrorCode::MemberIdRequired, &join.new_id));
        }
        let id = if join.member.is_empty() { &join.new_id } else { &join.member };
        let beat = Heartbeat {
            member: id.clone(),
            epoch: 0,
            instance: join.instance.clone(),
            rack: said.rack,
            client_id: join.client_id.clone(),
            client_host: join.client_host.clone(),
            rebalance_timeout_ms: join.rebalance_timeout_ms,
            topics: Some(said.topics),
            // Whoever had its instance may have had one.
            regex: Some(String::new()),
            assignor: None,
            owned: Some(places_of(&said.owned, image)),
            classic: Some(Classic {
                session_timeout_ms: join.session_timeout_ms,
                protocols: join.protocols.clone(),
            }),
            image: image.clone(),
        };
        let had_to_give_back = !self.stored.current(id).revoking.is_empty();
        self.step(&beat).map_err(|refused| refused.code)?;
        // It has come: what it has to give back still, it has its time for.
        if !had_to_give_back && self.stored.current(id).revoking.is_empty() {
            self.live.revocations.remove(id);
        }
        self.must_act(id);
        let current = self.stored.current(id);
        Ok(Joined {
            code: ErrorCode::None,
            generation: current.epoch,
            protocol_type: Some(CONSUMER.to_owned()),
            protocol: join.protocols.first().map(|(name, _)| name.clone()),
            leader: String::new(),
            skip_assignment: false,
            member: id.clone(),
            members: Vec::new(),
        })
    }

    fn check_owner(&self, instance: &str, member: &str) -> Result<(), ErrorCode> {
        match self.live.instances.get(instance) {
            None => Err(ErrorCode::UnknownMemberId),
            Some(owner) if owner != member => Err(ErrorCode::FencedInstanceId),
            Some(_) => Ok(()),
        }
    }

    /// A member has its rebalance time-out to sync, or to join again.
    fn must_act(&mut self, id: &str) {
        let timeout_ms = super::positive(self.stored.members[id].rebalance_timeout_ms);
        let until = after(self.now, timeout_ms);
        self.live.revocations.entry(id.to_owned()).or_insert(until);
        self.live.alarm = self.live.alarm.min(until);
    }

    /// Whether a member of the classic protocol is who it says, and in its generation.
    fn identify(&self, who: &Identity) -> Result<(), ErrorCode> {
        if let Some(instance) = &who.instance {
            self.check_owner(instance, &who.member)?;
        }
        match self.stored.members.get(&who.member) {
            Some(member) if member.classic.is_some() => {}
            Some(_) | None => return Err(ErrorCode::UnknownMemberId),
        }
        match who.generation == self.stored.current(&who.member).epoch {
            true => Ok(()),
            false => Err(ErrorCode::IllegalGeneration),
        }
    }

    /// Whether joining again would take a member further.
    fn has_further_to_go(&self, id: &str) -> bool {
        let current = self.stored.current(id);
        let nothing = Places::new();
        let target = self.stored.targets.get(id).unwrap_or(&nothing);
        let is_free =
            |place: &(crate::types::Uuid, i32)| current.holds(place) || !self.live.held.contains(place);
        match current.state {
            _ if current.epoch < self.stored.target_epoch => true,
            MemberState::Unrevoked => true,
            MemberState::Unreleased => target.iter().all(is_free),
            MemberState::Stable => false,
        }
    }

    /// A member has its whole session again.
    pub(in crate::group) fn hears_of_classic(&mut self, id: &str) {
        let until = self.session_end(id);
        self.live.hears_of(id, until);
    }

    /// When the silence of a member ends it.
    pub(super) fn session_end(&self, id: &str) -> Mono {
        let classic = self.stored.members.get(id).and_then(|member| member.classic.as_ref());
        let own = classic.map(|classic| super::positive(classic.session_timeout_ms));
        after(self.now, own.unwrap_or(self.config.consumer.session_ms))
    }

    /// A member of the classic protocol is heard of.
    pub(in crate::group) fn beat(&mut self, who: &Identity, image: &Arc<Image>) -> Result<(), ErrorCode> {
        self.identify(who)?;
        self.hears_of_classic(&who.member);
        self.live.image = Some(image.clone());
        self.advance(false, image);
        self.assign(image);
        if !self.has_further_to_go(&who.member) {
            return Ok(());
        }
        self.must_act(&who.member);
        Err(ErrorCode::RebalanceInProgress)
    }

    /// A member of the classic protocol wants what it has got.
    pub(in crate::group) fn sync(&mut self, sync: &Sync, image: &Image) -> Result<Synced, ErrorCode> {
        let who = Identity {
            member: sync.member.clone(),
            instance: sync.instance.clone(),
            generation: sync.generation,
        };
        self.identify(&who)?;
        let id = &sync.member;
        let classic = self.stored.members[id].classic.as_ref().expect("it was identified");
        let (name, metadata) = classic.protocols.first().cloned().unwrap_or_default();
        let is_other_type = sync.protocol_type.as_deref().is_some_and(|said| said != CONSUMER);
        if is_other_type || sync.protocol.as_ref().is_some_and(|said| *said != name) {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        self.hears_of_classic(id);
        let current = self.stored.current(id);
        if current.epoch < self.stored.target_epoch && current.state == MemberState::Stable {
            self.must_act(id);
            return Err(ErrorCode::RebalanceInProgress);
        }
        if current.revoking.is_empty() {
            self.live.revocations.remove(id);
        }
        let version = read_subscription(&metadata).map_or(0, |said| said.version);
        let current = self.stored.current(id);
        Ok(Synced {
            code: ErrorCode::None,
            protocol_type: Some(CONSUMER.to_owned()),
            protocol: Some(name),
            assignment: write_assignment(version, &names_of(current.assigned.keys(), image)),
        })
    }
}

impl Refused {
    /// The refusal of a member that is in no group of this protocol.
    pub(in crate::group) fn not_found<T>(why: String) -> Result<T, Refused> {
        Refused::new(ErrorCode::GroupIdNotFound, why)
    }
}
