//! Groups that become ones of the other protocol while they have members (KIP-848): of the consumer protocol when its
//! first member comes, of the classic protocol when its last one goes and others stay.

use super::{
    GroupConfig, GroupCoordinator, Live, Out,
    classic::ClassicGroup,
    consumer::{
        self, Beaten, Heartbeat, Refused,
        classics::{CONSUMER, names_of, places_of},
        stored::{Change, Classic, Current, Places, Subscription},
    },
    member::Member,
    records::{StoredGroup, StoredMember},
    subscription::{read_assignment, read_subscription, write_assignment},
};
use crate::{controller::Image, shard::Now, types::Timestamp};

/// A group of the consumer protocol, before something became of its members.
#[derive(Clone, Copy)]
pub(super) struct Before {
    epoch: i32,
    members: usize,
    has_consumers: bool,
}

/// A member of a group of the classic protocol, as one of the consumer protocol.
struct Moved {
    id: String,
    subscription: Subscription,
    has: Places,
}

/// What a member of the classic protocol is in the other one; `None` if what it says cannot be read.
fn moved(id: &str, member: &Member, image: &Image) -> Option<Moved> {
    let said = read_subscription(&member.protocols.first()?.1)?;
    let has = places_of(&read_assignment(&member.assignment)?, image);
    let subscription = Subscription {
        instance: member.instance.clone(),
        rack: said.rack,
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        topics: said.topics,
        regex: String::new(),
        rebalance_timeout_ms: member.rebalance_timeout_ms,
        assignor: None,
        classic: Some(Classic {
            session_timeout_ms: member.session_timeout_ms,
            protocols: member.protocols.clone(),
        }),
    };
    Some(Moved { id: id.to_owned(), subscription, has })
}

/// The members of a group that can become one of the consumer protocol; `None` if it cannot.
fn upgradable(group: &ClassicGroup, config: &GroupConfig, image: &Image) -> Option<Vec<Moved>> {
    let is_allowed = config.consumer.migration.upgrades
        && group.protocol_type() == Some(CONSUMER)
        && group.members().count() <= config.consumer.size_max;
    let members = group.members().map(|(id, member)| moved(id, member, image));
    is_allowed.then(|| members.collect()).flatten()
}

impl GroupCoordinator {
    /// A member of the consumer protocol comes to a group of the classic protocol that has members. If it is refused,
    /// the group stays what it was.
    pub(super) fn upgrade(
        &mut self,
        now: Now,
        name: &str,
        beat: &Heartbeat,
        out: &mut Out<'_>,
    ) -> Result<Beaten, Refused> {
        let Some(Live::Classic(group)) = self.groups.get(name) else {
            return Refused::not_found(format!("Group {name} not found."));
        };
        let Some(members) = upgradable(group, &self.config, &beat.image) else {
            return Refused::not_found(format!("Group {name} is not a consumer group."));
        };
        let epoch = group.generation().max(1);
        let members = members.into_iter().map(|m| (m.id, m.subscription, m.has));
        self.begin_consumers(now, name, beat, |group| group.take_over(epoch, members), out)
    }

    /// A group of the consumer protocol, before something becomes of its members.
    pub(super) fn before(&self, name: &str) -> Option<Before> {
        let stored = self.consumers(name)?;
        let (epoch, members) = (stored.epoch, stored.members.len());
        Some(Before { epoch, members, has_consumers: stored.members.values().any(|m| m.classic.is_none()) })
    }

    /// Lets a group whose last member of the consumer protocol has gone be one of the classic protocol; its generation is
    /// the epoch in which that member was there. One that was too large then becomes one when another member goes.
    pub(super) fn downgrade(&mut self, now: Now, name: &str, before: Before, out: &mut Out<'_>) {
        let (Some(stored), Some(Live::Consumers(live))) = (self.consumers(name), self.groups.get(name))
        else {
            return;
        };
        let is_allowed = self.config.consumer.migration.downgrades
            && stored.is_all_classic()
            && (before.has_consumers || stored.members.len() < before.members)
            && stored.members.len() <= self.config.size_max;
        if !is_allowed {
            return;
        }
        let none = std::sync::Arc::default();
        let image = live.image.as_ref().unwrap_or(&none);
        let made = StoredGroup { generation: before.epoch, since: now.wall, ..as_classic(stored, image) };
        let mut group = Box::new(ClassicGroup::restore(name, &made, now));
        for (id, member) in &stored.members {
            let protocols = member.classic.iter().flat_map(|classic| classic.protocols.clone());
            group.speaks_all(id, protocols.collect());
        }
        out.decision.records.extend(self.tombstones(name));
        self.stored.remove(name);
        group.begin_again(&self.config, now, out);
        self.begin(name, Live::Classic(group));
    }
}

/// A group of members of the classic protocol, as it would be stored in that protocol.
fn as_classic(stored: &consumer::stored::Stored, image: &Image) -> StoredGroup {
    let spoken = stored.spoken_by_all().unwrap_or_default();
    let first = stored.members.values().find_map(|member| member.classic.as_ref());
    let names = first.into_iter().flat_map(|classic| classic.protocols.iter().map(|(name, _)| name));
    let protocol = names.into_iter().find(|name| spoken.contains(name.as_str())).cloned();
    let member = |(id, member): (&String, &Subscription)| {
        let classic = member.classic.clone().unwrap_or_default();
        let of_protocol = classic.protocols.iter().find(|(name, _)| Some(name) == protocol.as_ref());
        let subscription = of_protocol.map(|(_, metadata)| metadata.clone()).unwrap_or_default();
        let version = read_subscription(&subscription).map_or(0, |said| said.version);
        let has: Current = stored.current(id).clone();
        StoredMember {
            id: id.clone(),
            instance: member.instance.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            session_timeout_ms: classic.session_timeout_ms,
            subscription,
            assignment: write_assignment(version, &names_of(has.assigned.keys(), image)),
        }
    };
    StoredGroup {
        protocol_type: CONSUMER.to_owned(),
        generation: stored.epoch,
        protocol: protocol.clone(),
        // Until its members have joined again, nobody has all.
        leader: None,
        since: Timestamp(0),
        members: stored.members.iter().map(member).collect(),
    }
}

impl consumer::Group<'_> {
    /// Takes over the members of a group of the classic protocol, with what they have got there.
    fn take_over(&mut self, epoch: i32, members: impl Iterator<Item = (String, Subscription, Places)>) {
        let mut taken = Places::new();
        self.change(Change::Epoch(Some((epoch, 0))));
        for (id, subscription, mut has) in members {
            // Of two that say that they have a partition, one has it.
            has.retain(|place| taken.insert(*place));
            self.change(Change::Member(id.clone(), Some(subscription)));
            self.change(Change::Target(id.clone(), Some(has.clone())));
            let assigned = has.into_iter().map(|place| (place, epoch)).collect();
            let current = Current { epoch, previous_epoch: epoch, assigned, ..Current::default() };
            self.change(Change::Current(id.clone(), Some(current)));
            self.hears_of_classic(&id);
        }
        // They were made by the members: the coordinator may make others at once.
        self.change(Change::TargetEpoch(Some((epoch, Timestamp(0)))));
    }
}
