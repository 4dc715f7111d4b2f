//! Brokers: who registers, who is heard of, who is fenced, who stops.
//!
//! | a broker is | on                                              | becomes                                      |
//! |-------------|-------------------------------------------------|----------------------------------------------|
//! | unknown     | it registers                                    | fenced, with an epoch                        |
//! | fenced      | a heartbeat, when it has the metadata it needs  | active: leads what has no leader             |
//! | active      | no heartbeat for `broker.session.timeout.ms`    | fenced: others lead what it led              |
//! | active      | its process, begun anew, registers              | fenced, with another epoch                   |
//! | active      | a heartbeat that wants to stop                  | stopping: others lead what it led            |
//! | stopping    | everybody knows that it leads nothing           | fenced, and told to stop                     |
//!
//! A connection that is lost is news: its broker has only a moment left to be heard of on another.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Image, Refusal, TopicImage,
    partitions::{Doubt, doubt, join, leads_any, leave, recount_eligible},
    records::{BrokerChange, Defaults, Endpoint, Record, RegisterBroker, UnregisterBroker},
    refuse,
};
use crate::{
    errors::ErrorCode,
    planted::is_planted,
    types::{Mono, NodeId, Uuid},
};

/// A broker whose connection was lost is heard of again within this time, or it is fenced.
pub const LOST_CONNECTION_GRACE: Duration = Duration::from_millis(60);

/// A broker that registers.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    /// Its id.
    pub node: i32,
    /// The start of its process.
    pub incarnation: Uuid,
    /// Where it is reached.
    pub endpoints: Vec<Endpoint>,
    /// Its rack.
    pub rack: Option<String>,
    /// Its log directories.
    pub directories: Vec<Uuid>,
    /// The epoch that its directory was served in last, -1 for none.
    pub previous_epoch: i64,
    /// Partitions whose copy it does not trust itself, by topic.
    pub in_doubt: Vec<(Uuid, Vec<i32>)>,
    /// Those of them that it cannot open.
    pub damaged: Vec<(Uuid, Vec<i32>)>,
}

impl Registration {
    /// What it says of its copy of a partition. The only copy there is cannot be compared with another.
    fn doubts(&self) -> impl Fn(&TopicImage, i32) -> Doubt {
        |topic, index| {
            let is_named = |(id, indexes): &(Uuid, Vec<i32>)| *id == topic.id && indexes.contains(&index);
            let is_only_copy = topic.partitions[index as usize].replicas.len() == 1;
            match (self.damaged.iter().any(is_named), self.in_doubt.iter().any(is_named)) {
                (true, _) if !is_only_copy => Doubt::Damaged,
                (_, true) if !is_only_copy => Doubt::Lacking,
                _ => Doubt::None,
            }
        }
    }
}

/// A broker that is heard of.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat {
    /// Its id.
    pub node: NodeId,
    /// Its epoch.
    pub epoch: i64,
    /// How far it has the metadata.
    pub metadata_offset: i64,
    /// It wants to be, or to stay, fenced.
    pub wants_fence: bool,
    /// It wants to stop.
    pub wants_shutdown: bool,
}

/// What it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeartbeatReply {
    /// It has the metadata that it needs.
    pub is_caught_up: bool,
    /// It is fenced.
    pub is_fenced: bool,
    /// It may stop.
    pub should_shut_down: bool,
}

#[derive(Clone, Copy, Debug)]
struct Session {
    epoch: i64,
    deadline: Mono,
    metadata_offset: i64,
    /// Everybody must have the metadata up to there before it may stop.
    stops_after: Option<i64>,
}

/// Who was heard of, and when. Begins anew with each controller.
#[derive(Clone, Debug)]
pub struct Sessions {
    timeout: Duration,
    brokers: BTreeMap<NodeId, Session>,
}

impl Sessions {
    /// Every broker of the image was heard of just now.
    pub fn new(image: &Image, timeout: Duration, now: Mono) -> Sessions {
        let begin = |b: &super::BrokerImage| {
            (
                b.node,
                Session { epoch: b.epoch, deadline: now + timeout, metadata_offset: -1, stops_after: None },
            )
        };
        Sessions { timeout, brokers: image.brokers().map(begin).collect() }
    }

    /// A broker is not there: it was the controller before, and its connection was lost long enough ago for others to
    /// elect another.
    pub fn is_gone(&mut self, node: NodeId, now: Mono) {
        if let Some(session) = self.brokers.get_mut(&node) {
            session.deadline = now;
        }
    }

    /// A broker's connection was lost.
    pub fn lost(&mut self, node: NodeId, now: Mono) {
        if let Some(session) = self.brokers.get_mut(&node) {
            session.deadline = session.deadline.min(now + LOST_CONNECTION_GRACE);
        }
    }

    /// When the next active broker is to be fenced unless it is heard of.
    pub fn deadline(&self, image: &Image) -> Mono {
        let active = image.brokers().filter(|b| !b.is_fenced).map(|b| b.node);
        active.filter_map(|node| Some(self.brokers.get(&node)?.deadline)).min().unwrap_or(Mono::NEVER)
    }

    /// Brokers that are to be fenced.
    pub fn overdue(&self, image: &Image, now: Mono) -> Vec<NodeId> {
        let is_overdue = |node: &NodeId| self.brokers.get(node).is_none_or(|session| session.deadline <= now);
        image.brokers().filter(|b| !b.is_fenced).map(|b| b.node).filter(is_overdue).collect()
    }

    fn is_alive(&self, node: NodeId, now: Mono) -> bool {
        self.brokers.get(&node).is_some_and(|session| now < session.deadline)
    }

    /// How far all active brokers have the metadata, but for one.
    fn known_to_others(&self, image: &Image, but: NodeId) -> i64 {
        let others = image.brokers().filter(|b| b.is_active() && b.node != but);
        others.map(|b| self.brokers.get(&b.node).map_or(-1, |s| s.metadata_offset)).min().unwrap_or(i64::MAX)
    }
}

/// Lets a broker in, fenced; returns the records and its epoch, which is where the first of them will lie. Who is in
/// already, and has opened what it holds, says what it doubts.
///
/// # Errors
/// Another process has its id.
pub fn register(
    image: &Image,
    sessions: &mut Sessions,
    now: Mono,
    r: &Registration,
    next_offset: i64,
    unclean_default: bool,
) -> Result<(Vec<Record>, i64), Refusal> {
    let node = NodeId(r.node);
    let known = image.broker(node);
    if let Some(known) = known {
        if known.incarnation == r.incarnation {
            return Ok((doubt(image, node, unclean_default, r.doubts()), known.epoch));
        }
        let is_elsewhere = known.directories != r.directories;
        if !known.is_fenced && is_elsewhere && sessions.is_alive(node, now) {
            let why = format!(
                "Another broker is registered with that broker id: node.id {node} runs with another log directory. \
                 Stop it, or give this one another node.id."
            );
            return refuse(ErrorCode::DuplicateBrokerRegistration, why);
        }
    }
    // A broker alone need not wait for anybody.
    let is_alone = image.brokers().all(|b| b.node == node) && image.topics().all(is_unreplicated);
    let active_epoch = known.map_or(-1, |b| b.active_epoch);
    let mut records = vec![Record::RegisterBroker(RegisterBroker {
        node: r.node,
        incarnation: r.incarnation.0.to_vec(),
        endpoints: r.endpoints.clone(),
        rack: r.rack.clone(),
        epoch: next_offset,
        is_fenced: !is_alone,
        is_stopping: false,
        directories: r.directories.iter().map(|id| id.0.to_vec()).collect(),
        active_epoch,
    })];
    if is_alone {
        records.extend(join(image, node, unclean_default));
    } else {
        // What it held when it was last active it must still hold: this is not the directory of that time.
        let is_strange = r.previous_epoch < active_epoch && !is_planted("controller/trusts-other-disks");
        let doubts = r.doubts();
        // Its registration has taken back what an earlier life said.
        let mut then = image.clone();
        then.replay(&records[0]);
        records.extend(leave(&then, node, unclean_default, |topic, index| match doubts(topic, index) {
            Doubt::None if is_strange => Doubt::Lacking,
            said => said,
        }));
    }
    let session = Session {
        epoch: next_offset,
        deadline: now + sessions.timeout,
        metadata_offset: -1,
        stops_after: None,
    };
    sessions.brokers.insert(node, session);
    Ok((records, next_offset))
}

fn is_unreplicated(topic: &TopicImage) -> bool {
    topic.partitions.iter().all(|p| p.replicas.len() == 1)
}

/// Hears of a broker. `end` is where the metadata ends.
///
/// # Errors
/// It is not registered, or not in this epoch.
pub fn heartbeat(
    image: &Image,
    sessions: &mut Sessions,
    now: Mono,
    beat: &Heartbeat,
    end: i64,
    unclean_default: bool,
) -> Result<(Vec<Record>, HeartbeatReply), ErrorCode> {
    let broker = image.broker(beat.node).ok_or(ErrorCode::BrokerIdNotRegistered)?;
    if broker.epoch != beat.epoch {
        return Err(ErrorCode::StaleBrokerEpoch);
    }
    let timeout = sessions.timeout;
    let fresh = Session { epoch: beat.epoch, deadline: now, metadata_offset: -1, stops_after: None };
    let session = sessions.brokers.entry(beat.node).or_insert(fresh);
    if session.epoch != beat.epoch {
        *session = fresh;
    }
    session.deadline = now + timeout;
    session.metadata_offset = session.metadata_offset.max(beat.metadata_offset);
    let is_caught_up = beat.epoch <= beat.metadata_offset;
    let mut records = Vec::new();
    let mut reply = HeartbeatReply { is_caught_up, is_fenced: broker.is_fenced, should_shut_down: false };
    let change = |is_fenced: Option<bool>, is_stopping: Option<bool>| {
        Record::BrokerChange(BrokerChange { node: beat.node.0, epoch: beat.epoch, is_fenced, is_stopping })
    };
    if broker.is_fenced {
        reply.should_shut_down = beat.wants_shutdown;
        if !beat.wants_fence && !beat.wants_shutdown && is_caught_up {
            reply.is_fenced = false;
            records.push(change(Some(false), Some(false)));
            records.extend(join(image, beat.node, unclean_default));
        }
    } else if beat.wants_fence {
        reply.is_fenced = true;
        records = fence(image, beat.node, unclean_default);
    } else if beat.wants_shutdown && !broker.is_stopping {
        session.stops_after = Some(end);
        records.push(change(None, Some(true)));
        records.extend(leave(image, beat.node, unclean_default, |_, _| Doubt::None));
    } else if beat.wants_shutdown {
        let after = *session.stops_after.get_or_insert(end);
        let leads = leads_any(image, beat.node);
        if !leads && after <= sessions.known_to_others(image, beat.node) {
            (reply.should_shut_down, reply.is_fenced) = (true, true);
            records = fence(image, beat.node, unclean_default);
        }
    }
    Ok((records, reply))
}

/// Fences a broker: it leads nothing and is in no in-sync set until it is heard of again.
pub fn fence(image: &Image, node: NodeId, unclean_default: bool) -> Vec<Record> {
    let Some(broker) = image.broker(node).filter(|b| !b.is_fenced) else { return Vec::new() };
    let (is_fenced, is_stopping) = (Some(true), Some(false));
    let change = BrokerChange { node: node.0, epoch: broker.epoch, is_fenced, is_stopping };
    let mut records = vec![Record::BrokerChange(change)];
    records.extend(leave(image, node, unclean_default, |_, _| Doubt::None));
    records
}

/// Takes a broker out of the cluster.
///
/// # Errors
/// There is none of that id.
pub fn unregister(image: &Image, node: NodeId, unclean_default: bool) -> Result<Vec<Record>, Refusal> {
    let Some(broker) = image.broker(node) else {
        return refuse(
            ErrorCode::BrokerIdNotRegistered,
            format!("Broker ID {node} is not currently registered"),
        );
    };
    let mut records = leave(image, node, unclean_default, |_, _| Doubt::None);
    records.push(Record::UnregisterBroker(UnregisterBroker { node: node.0, epoch: broker.epoch }));
    Ok(records)
}

/// What a controller writes when it begins, so that everybody goes by its settings.
pub fn defaults(image: &Image, min_in_sync: i32) -> Vec<Record> {
    if image.default_min_in_sync() == min_in_sync {
        return Vec::new();
    }
    let (mut records, mut then) = (vec![Record::Defaults(Defaults { min_in_sync })], image.clone());
    then.replay(&records[0]);
    records.extend(then.topics().flat_map(|topic| recount_eligible(&then, topic)));
    records
}
