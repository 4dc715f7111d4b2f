//! How a partition changes: who leads it, who is in sync, who else has everything committed.
//!
//! Every change goes through [`Change::decide`], so that the rules stand in one place:
//!
//! - A leader is in sync and active. If nobody in sync is active, an active replica that is eligible leads
//!   (KIP-966): it has everything committed, since nothing commits while fewer than `min.insync.replicas` are in sync.
//!   Anybody else leads only in an unclean election, which loses records, and which the topic or an operator asks for.
//! - A replica that could not open its copy leads nothing, whoever asks, until it is in sync again or its broker has
//!   registered anew and can.
//! - Whoever leaves the in-sync set while too few stay becomes eligible, unless its copy is in doubt.
//! - A reassignment is over once all that it adds are in sync.

use std::collections::BTreeSet;

use super::{
    Image, PartitionImage, TopicImage,
    records::{self, Nodes, Record},
};
use crate::planted::is_planted;
use crate::situations::{Situation, reached};
use crate::types::NodeId;

/// How a leader is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Election {
    /// The leader stays if it can; an unclean election only if the topic allows it.
    Online,
    /// The first replica, if it can.
    Preferred,
    /// Any active replica that can open its copy, if no other can.
    Unclean,
}

/// What a broker says of its copy of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing.
    None,
    /// It may lack what was committed.
    Lacking,
    /// It cannot be opened.
    Damaged,
}

/// What is to become of a partition.
pub struct Change<'a> {
    image: &'a Image,
    topic: &'a TopicImage,
    index: usize,
    now: &'a PartitionImage,
    /// Who is in sync from now on.
    pub in_sync: Vec<i32>,
    /// Who holds it.
    pub replicas: Vec<i32>,
    /// Who is being added.
    pub adding: Vec<i32>,
    /// Who is being removed.
    pub removing: Vec<i32>,
    /// Whose copy could not be opened.
    damaged: Vec<i32>,
    /// A node whose copy is in doubt: it is not eligible.
    pub in_doubt: Option<i32>,
    /// A node that counts as active, or as not, whatever the image says.
    pub assumed: Option<(i32, bool)>,
    /// How the leader is chosen.
    pub election: Election,
    /// The topic allows an unclean election.
    pub is_unclean_allowed: bool,
}

/// Whether a topic allows unclean elections, where `default` is the controller's own setting.
pub fn allows_unclean(topic: &TopicImage, default: bool) -> bool {
    let given = topic.configs.get("unclean.leader.election.enable");
    given.map_or(default, |value| value.trim().eq_ignore_ascii_case("true"))
}

impl<'a> Change<'a> {
    /// A change of a partition that leaves it as it is.
    pub fn of(image: &'a Image, topic: &'a TopicImage, index: usize) -> Change<'a> {
        let now = &topic.partitions[index];
        Change {
            image,
            topic,
            index,
            now,
            in_sync: now.in_sync.clone(),
            replicas: now.replicas.clone(),
            adding: now.adding.clone(),
            removing: now.removing.clone(),
            damaged: now.damaged.clone(),
            in_doubt: None,
            assumed: None,
            election: Election::Online,
            is_unclean_allowed: false,
        }
    }

    /// Takes a node out of the in-sync set.
    pub fn without(mut self, node: i32) -> Self {
        self.in_sync.retain(|n| *n != node);
        self
    }

    /// Whether a node may lead, if it is in sync.
    fn is_able(&self, node: i32) -> bool {
        let is_active = match self.assumed {
            Some((assumed, is_active)) if assumed == node => is_active,
            _ => self.image.is_active(node),
        };
        is_active && !self.damaged.contains(&node)
    }

    /// Ends the reassignment if everybody that it adds is in sync.
    fn complete_reassignment(&mut self) {
        if self.adding.is_empty() && self.removing.is_empty() {
            return;
        }
        let stays = |node: &i32| !self.removing.contains(node);
        let in_sync: Vec<i32> = self.in_sync.iter().copied().filter(stays).collect();
        let has_all = self.adding.iter().all(|node| in_sync.contains(node));
        if in_sync.is_empty() || !has_all && !is_planted("controller/completes-moves-early") {
            return;
        }
        self.replicas = self.replicas.iter().copied().filter(stays).collect();
        self.in_sync = in_sync;
        (self.adding, self.removing) = (Vec::new(), Vec::new());
        reached(Situation::MoveCompleted);
    }

    /// Who leads, and who is then in sync; whether it was an unclean election.
    fn elect(&self, eligible: &[i32]) -> (Option<i32>, Vec<i32>, bool) {
        let can = |node: &i32| self.in_sync.contains(node) && self.is_able(*node);
        let current = self.now.leader.map(|leader| leader.0).filter(can);
        let first = self.replicas.first().copied().filter(can);
        let clean = match self.election {
            Election::Preferred => first.or(current),
            Election::Online | Election::Unclean => current,
        };
        if let Some(leader) = clean.or_else(|| self.replicas.iter().copied().find(can)) {
            return (Some(leader), self.in_sync.clone(), false);
        }
        let is_eligible = |node: &i32| eligible.contains(node) && self.is_able(*node);
        if let Some(leader) = self.replicas.iter().copied().find(is_eligible) {
            reached(Situation::EligibleElected);
            return (Some(leader), vec![leader], false);
        }
        if self.election == Election::Unclean
            || self.is_unclean_allowed
            || is_planted("controller/elects-anybody")
        {
            let any = self.replicas.iter().copied().find(|node| self.is_able(*node));
            if let Some(leader) = any {
                reached(Situation::UncleanElected);
                return (Some(leader), vec![leader], true);
            }
        }
        (None, self.in_sync.clone(), false)
    }

    /// The record of the change; `None` if nothing changes.
    pub fn decide(mut self) -> Option<Record> {
        self.complete_reassignment();
        // Who is in sync again, or holds it no more, has no damaged copy.
        let (in_sync, replicas) = (&self.in_sync, &self.replicas);
        self.damaged.retain(|node| replicas.contains(node) && !in_sync.contains(node));
        let is_doubted = |node: i32| self.in_doubt == Some(node) && !is_planted("controller/trusts-doubted");
        let trusted =
            |node: &i32| self.replicas.contains(node) && !self.damaged.contains(node) && !is_doubted(*node);
        let known: BTreeSet<i32> = self.now.in_sync.iter().chain(&self.now.eligible).copied().collect();
        let candidates: Vec<i32> = known.into_iter().filter(trusted).collect();
        let (leader, in_sync, is_unclean) = self.elect(&candidates);
        let settled = self.replicas.len() - self.adding.len();
        let has_enough = self.image.min_in_sync(self.topic, settled) <= in_sync.len();
        let is_over = has_enough && !is_planted("controller/keeps-eligible")
            || is_planted("controller/knows-no-eligible");
        let eligible: Vec<i32> = if is_over || is_unclean {
            Vec::new()
        } else {
            candidates.into_iter().filter(|node| !in_sync.contains(node)).collect()
        };
        // A replica that holds it no more must not be heard any more.
        let has_lost_replica = self.now.replicas.iter().any(|node| !self.replicas.contains(node));
        let leads = leader != self.now.leader.map(|l| l.0) || has_lost_replica || is_unclean;
        let new = |now: &[i32], then: &[i32]| (now != then).then(|| Nodes::from(then));
        let change = records::PartitionChange {
            topic_id: self.topic.id.0.to_vec(),
            index: self.index as i32,
            leader: leads.then_some(leader.unwrap_or(-1)),
            in_sync: new(&self.now.in_sync, &in_sync),
            eligible: new(&self.now.eligible, &eligible),
            replicas: new(&self.now.replicas, &self.replicas),
            adding: new(&self.now.adding, &self.adding),
            removing: new(&self.now.removing, &self.removing),
            damaged: new(&self.now.damaged, &self.damaged),
        };
        let empty = records::PartitionChange {
            topic_id: change.topic_id.clone(),
            index: change.index,
            ..records::PartitionChange::default()
        };
        (change != empty).then_some(Record::PartitionChange(change))
    }
}

/// Takes a node out of every in-sync set, because it is gone, stops, or began anew; and gives what it led to others.
/// `doubts` tells what it says of its copy of a partition.
pub fn leave(
    image: &Image,
    node: NodeId,
    unclean_default: bool,
    doubts: impl Fn(&TopicImage, i32) -> Doubt,
) -> Vec<Record> {
    leave_some(image, node, unclean_default, |_| true, doubts)
}

/// Takes a node out of the sets of those partitions whose copy there is in doubt: it is neither in sync nor eligible.
pub fn doubt(
    image: &Image,
    node: NodeId,
    unclean_default: bool,
    doubts: impl Fn(&TopicImage, i32) -> Doubt,
) -> Vec<Record> {
    leave_some(image, node, unclean_default, |doubt| doubt != Doubt::None, doubts)
}

fn leave_some(
    image: &Image,
    node: NodeId,
    unclean_default: bool,
    leaves: impl Fn(Doubt) -> bool,
    doubts: impl Fn(&TopicImage, i32) -> Doubt,
) -> Vec<Record> {
    let mut records = Vec::new();
    for topic in image.topics() {
        for (index, partition) in topic.partitions.iter().enumerate() {
            let doubt = doubts(topic, index as i32);
            if !leaves(doubt) {
                continue;
            }
            let is_in_doubt = doubt != Doubt::None;
            let is_news = doubt == Doubt::Damaged
                && partition.has_replica(node.0)
                && !partition.damaged.contains(&node.0);
            let concerns = partition.in_sync.contains(&node.0)
                || partition.leader == Some(node)
                || is_in_doubt && partition.eligible.contains(&node.0)
                || is_news;
            if !concerns {
                continue;
            }
            let mut change = Change::of(image, topic, index).without(node.0);
            change.in_doubt = is_in_doubt.then_some(node.0);
            if is_in_doubt {
                reached(Situation::InDoubt);
            }
            change.damaged.extend(is_news.then_some(node.0));
            change.assumed = Some((node.0, false));
            change.is_unclean_allowed = allows_unclean(topic, unclean_default);
            records.extend(change.decide());
        }
    }
    records
}

/// Gives leaders to partitions that have none, now that a node is active.
pub fn join(image: &Image, node: NodeId, unclean_default: bool) -> Vec<Record> {
    let mut records = Vec::new();
    for topic in image.topics() {
        for (index, partition) in topic.partitions.iter().enumerate() {
            if partition.leader.is_some() || !partition.has_replica(node.0) {
                continue;
            }
            let mut change = Change::of(image, topic, index);
            change.assumed = Some((node.0, true));
            change.is_unclean_allowed = allows_unclean(topic, unclean_default);
            records.extend(change.decide());
        }
    }
    records
}

/// Whether a node leads anything.
pub fn leads_any(image: &Image, node: NodeId) -> bool {
    image.topics().any(|topic| topic.partitions.iter().any(|p| p.leader == Some(node)))
}

/// What `min.insync.replicas` makes of those who are eligible, in an image that has it as it is from now on. With fewer in
/// sync nothing commits, before and after, so they keep everything that is committed; with enough in sync something may.
pub fn recount_eligible(image: &Image, topic: &TopicImage) -> Vec<Record> {
    let has_some = topic.partitions.iter().enumerate().filter(|(_, p)| !p.eligible.is_empty());
    has_some.filter_map(|(index, _)| Change::of(image, topic, index).decide()).collect()
}
