//! What of a group is not durable: sessions, times to give back, and what is looked up by it.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    ConsumerConfig, after, positive,
    stored::{Change, Current, Places, Stored, Subscription},
};
use crate::{controller::Image, group::member::PROTOCOL_BYTES, shard::Now, types::Mono};

/// How often each text is there.
type Counted = BTreeMap<String, usize>;

/// What of a group is not durable.
#[derive(Debug)]
pub struct Live {
    /// When each member is given up, unless it is heard of.
    pub(super) sessions: BTreeMap<String, Mono>,
    /// When each member must have given back what it is to give back.
    pub(super) revocations: BTreeMap<String, Mono>,
    /// The version of the topics for which the hash was made; `None` if it was not.
    pub(super) seen: Option<u64>,
    /// The version of the topics in which regular expressions were searched, and when they may be again.
    pub(super) searched: (Option<u64>, Mono),
    /// What the members' subscriptions take, in bytes.
    pub(super) bytes: usize,
    /// The topics that members name.
    pub(super) names: Counted,
    /// The regular expressions that members name.
    pub(super) regexes: Counted,
    /// Static members by their instances.
    pub(super) instances: BTreeMap<String, String>,
    /// The partitions that are in anybody's hands.
    pub(super) held: Places,
    /// The topics as they were when a member was last heard of.
    pub(in crate::group) image: Option<Arc<Image>>,
    pub(super) alarm: Mono,
}

impl Live {
    /// A group that was just made.
    pub(in crate::group) fn new() -> Live {
        Live {
            sessions: BTreeMap::new(),
            revocations: BTreeMap::new(),
            seen: None,
            searched: (None, Mono(0)),
            bytes: 0,
            names: Counted::new(),
            regexes: Counted::new(),
            instances: BTreeMap::new(),
            held: Places::new(),
            image: None,
            alarm: Mono::NEVER,
        }
    }

    /// A group that was loaded: its members have their whole time again.
    pub(in crate::group) fn restore(stored: &Stored, config: &ConsumerConfig, now: Now) -> Live {
        let mut live = Live::new();
        for (id, member) in &stored.members {
            live.add(id, member);
            let own = member.classic.as_ref().map(|classic| positive(classic.session_timeout_ms));
            live.sessions.insert(id.clone(), after(now, own.unwrap_or(config.session_ms)));
            if !stored.current(id).revoking.is_empty() {
                live.revocations.insert(id.clone(), after(now, positive(member.rebalance_timeout_ms)));
            }
        }
        for (id, current) in &stored.currents {
            live.take(id, current);
        }
        live.rearm();
        live
    }

    /// Keeps up with a change that is about to be made.
    pub(super) fn follow(&mut self, stored: &Stored, change: &Change) {
        match change {
            Change::Member(id, member) => {
                if let Some(before) = stored.members.get(id) {
                    self.drop(id, before);
                }
                if let Some(member) = member {
                    self.add(id, member);
                }
            }
            Change::Current(id, current) => {
                if let Some(before) = stored.currents.get(id) {
                    places(before).for_each(|place| {
                        self.held.remove(place);
                    });
                }
                if let Some(current) = current {
                    self.take(id, current);
                }
            }
            Change::Epoch(_) | Change::TargetEpoch(_) | Change::Target(..) | Change::Regex(..) => {}
        }
    }

    fn take(&mut self, id: &str, current: &Current) {
        for place in places(current) {
            assert!(self.held.insert(*place), "GROUP-1: {id} has {place:?}, which another has");
        }
    }

    fn add(&mut self, id: &str, member: &Subscription) {
        self.bytes += bytes(id, member);
        member.topics.iter().for_each(|name| *self.names.entry(name.clone()).or_default() += 1);
        if !member.regex.is_empty() {
            *self.regexes.entry(member.regex.clone()).or_default() += 1;
        }
        if let Some(instance) = &member.instance {
            self.instances.insert(instance.clone(), id.to_owned());
        }
    }

    fn drop(&mut self, id: &str, member: &Subscription) {
        self.bytes -= bytes(id, member);
        member.topics.iter().for_each(|name| uncount(&mut self.names, name));
        uncount(&mut self.regexes, &member.regex);
        if let Some(instance) = &member.instance
            && self.instances.get(instance).is_some_and(|owner| owner == id)
        {
            self.instances.remove(instance);
        }
    }

    /// When something is due, or earlier.
    pub(in crate::group) fn alarm(&self) -> Mono {
        self.alarm
    }

    pub(super) fn rearm(&mut self) {
        let due = self.sessions.values().chain(self.revocations.values());
        self.alarm = due.min().copied().unwrap_or(Mono::NEVER);
    }

    pub(super) fn hears_of(&mut self, id: &str, until: Mono) {
        match self.sessions.get_mut(id) {
            Some(due) => *due = until,
            None => {
                self.sessions.insert(id.to_owned(), until);
            }
        }
        self.alarm = self.alarm.min(until);
    }

    /// Forgets the times of a member.
    pub(super) fn forget(&mut self, id: &str) {
        self.sessions.remove(id);
        self.revocations.remove(id);
    }
}

fn places(current: &Current) -> impl Iterator<Item = &(crate::types::Uuid, i32)> {
    current.assigned.keys().chain(current.revoking.keys())
}

fn uncount(counted: &mut Counted, text: &str) {
    if let Some(count) = counted.get_mut(text) {
        *count -= 1;
        if *count == 0 {
            counted.remove(text);
        }
    }
}

/// What a member makes the coordinator keep, in bytes.
pub(super) fn bytes(id: &str, member: &Subscription) -> usize {
    let text = |text: &String| size_of::<String>() + text.len();
    let names: usize = member.topics.iter().map(text).sum();
    let spoken = member.classic.iter().flat_map(|classic| &classic.protocols);
    let spoken = spoken.map(|(name, metadata)| PROTOCOL_BYTES + name.len() + metadata.len());
    let given = [&member.instance, &member.rack, &member.assignor].into_iter().flatten().map(text);
    // The id stands beside its subscription, its target, what it has and its times.
    let fixed = size_of::<Subscription>() + size_of::<Current>() + 6 * (size_of::<String>() + id.len());
    fixed
        + names
        + given.sum::<usize>()
        + spoken.sum::<usize>()
        + text(&member.regex)
        + text(&member.client_id)
        + text(&member.client_host)
}
