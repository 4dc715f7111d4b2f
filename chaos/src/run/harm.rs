//! Faults that are aimed: they are done where they may be, and at the moment at which they hurt.

use std::time::Duration;

use ottla_broker::inspect::QuorumView;
use ottla_core::{controller::PartitionImage, log::checkpoint, types::LeaderEpoch};
use ottla_sim::Crash;

use super::{
    Action, Run, name,
    nemesis::{aimed, moments},
};
use crate::{
    NO_PANIC,
    plan::{Event, Fault, Flush, Harm, Oracle},
};

/// The longest that an operator's request to let a voter go is on its way.
const REMOVAL: Duration = Duration::from_secs(5);
/// The log of the quorum: what damages it, damages a voter.
const METADATA_TOPIC: &str = "__cluster_metadata";
/// What tells whose disk it is.
const META_FILE: &str = "meta.properties";
/// An election that takes longer is not waited for.
const ELECTION: Duration = Duration::from_secs(3);

/// A node that is asked for its vote by two halves of the others.
pub(super) struct Split {
    asked: usize,
    /// The epoch in which it led.
    epoch: LeaderEpoch,
    halves: [Vec<usize>; 2],
    for_ms: u64,
    until: Duration,
}

impl Run<'_> {
    /// A node goes down: without power if the cluster stands what it loses by that.
    pub(super) async fn crash(&mut self, node: usize, how: Crash) {
        let is_harmless = how == Crash::Process || self.plan.flush == Flush::Each;
        let how = if is_harmless || self.may_harm() { how } else { Crash::Process };
        self.down(node, how).await;
    }

    /// Whether a node that has lost its disk has not come back to the voters.
    pub(super) fn is_any_lost(&mut self) -> bool {
        let views = self.quorum();
        let newest = views.iter().map(|(_, view)| view).max_by_key(|view| view.replayed);
        let is_back = |node: &usize| {
            let view = views.iter().find(|(other, _)| other == node).map(|(_, view)| view);
            view.zip(newest).is_some_and(|(view, newest)| newest.members.voters.has(view.replica))
        };
        self.lost.retain(|node| !is_back(node));
        !self.lost.is_empty()
    }

    /// Whether a node may lose what it has acknowledged now; then it is about to.
    pub(super) fn may_harm(&mut self) -> bool {
        if self.plan.oracle == Oracle::Everything {
            return true;
        }
        let now = self.world.elapsed();
        // What a node lost is known to the others by then, as far as they hear of each other.
        let is_settled = self.plan.flush == Flush::Each || self.harmed_at + Duration::from_secs(5) < now;
        let may = is_settled && self.may_lose_disk();
        if may {
            self.harmed_at = now;
        }
        may
    }

    /// Whether the cluster stands the loss of any one disk: what is committed is on two at least, everybody is there, every
    /// replica is in sync, and every node votes by the disk that it has. One loss less than `min.insync.replicas` is
    /// promised, at a time.
    fn may_lose_disk(&self) -> bool {
        // A removal that is asked for and not seen yet would leave voters who need everybody.
        let asked = self.removal_at.is_some_and(|at| self.world.elapsed() < at + REMOVAL);
        if self.plan.min_in_sync < 2 || asked {
            return false;
        }
        let views: Vec<QuorumView> = self.quorum().into_iter().map(|(_, view)| view).collect();
        let Some(newest) = views.iter().max_by_key(|view| view.replayed) else { return false };
        let votes = |view: &QuorumView| {
            let is_voter = |other: &QuorumView| view.members.voters.has(other.replica);
            view.members.is_formed && views.iter().all(is_voter)
        };
        let is_whole = |p: &PartitionImage| {
            p.in_sync.len() == p.replicas.len() && p.adding.is_empty() && p.removing.is_empty()
        };
        views.len() == self.plan.nodes
            && views.iter().all(votes)
            && newest.image.topics().all(|topic| topic.partitions.iter().all(is_whole))
    }

    /// A node is told to stop; it is gone when its process ends.
    pub(super) fn stop(&mut self, node: usize) {
        let Some(running) = self.served[node].lock().expect(NO_PANIC).take() else { return };
        self.groups += running.group_stats();
        self.world.spawn(&name(node), running.stop());
    }

    /// Two nodes change disks, and come up with what is the other one's; or get back their own. Who finds what is not its
    /// own must not serve.
    pub(super) async fn swap_disks(&mut self, action: Action) {
        let (nodes, is_begin) = match action {
            Action::SwapDisks(one, other) => ([one, other], true),
            Action::SwapBack(one, other) => ([one, other], false),
            _ => return,
        };
        for node in nodes {
            self.downs[node] += u32::from(is_begin);
            self.down(node, Crash::Process).await;
        }
        // A disk on which nothing tells whose it is is a lost one, and another fault.
        let is_marked = |node: &usize| self.world.read_file(&name(*node), META_FILE).is_some();
        let is_due = if is_begin { nodes.iter().all(is_marked) } else { self.swapped.remove(&nodes) };
        if is_due {
            self.world.swap_disks(&name(nodes[0]), &name(nodes[1]));
        }
        if is_begin && is_due {
            self.swapped.insert(nodes);
        }
        for node in nodes {
            self.downs[node] -= u32::from(!is_begin);
            if is_begin || self.downs[node] == 0 {
                self.boot(node);
            }
        }
    }

    /// Sees to it that a node meets a harm at an event of the trace.
    pub(super) fn set_trap(&mut self) {
        let is_trap = |event: &&Event| matches!(event.fault, Fault::AtEvent { .. });
        let Some(Event { fault: Fault::AtEvent { event, harm, .. }, .. }) =
            self.plan.events.iter().find(is_trap).copied()
        else {
            return;
        };
        let (nodes, trapped) = (self.plan.nodes, self.trapped.clone());
        self.world.at_event(event, move |world, at| {
            let Some(node) = (1..=nodes).find(|node| name(*node) == at && world.is_up(at)) else {
                return false;
            };
            match harm {
                Harm::Process | Harm::Power => world.freeze(at),
                Harm::Pause => world.hold(at),
                Harm::Isolate | Harm::Cut | Harm::Disk => {}
            }
            *trapped.lock().expect(NO_PANIC) = Some(node);
            true
        });
    }

    /// Goes on with what a trap has begun.
    pub(super) fn spring(&mut self) {
        let Some(node) = self.trapped.lock().expect(NO_PANIC).take() else { return };
        let mut faults = self.plan.events.iter().map(|event| event.fault);
        let Some((harm, for_ms)) = faults.find_map(|fault| match fault {
            Fault::AtEvent { harm, for_ms, .. } => Some((harm, for_ms)),
            _ => None,
        }) else {
            return;
        };
        self.harm(node, harm, for_ms);
    }

    /// A node meets a harm now.
    pub(super) fn harm(&mut self, node: usize, harm: Harm, for_ms: u64) {
        let now = self.world.elapsed().as_millis() as u64;
        for (at, action) in moments(self.plan, now, aimed(node, harm, for_ms)) {
            self.schedule(at, action);
        }
    }

    /// Empties the first segment of every partition of which something was durable. Where nothing is known to have been,
    /// damage cannot be told from a torn tail.
    pub(super) fn damage(&self, node: usize) {
        let (world, name) = (self.world, name(node));
        let text = world.read_file(&name, checkpoint::RECOVERY_POINT_FILE).unwrap_or_default();
        let offsets = String::from_utf8(text).ok().and_then(|text| checkpoint::parse(&text));
        let places = offsets.unwrap_or_default().into_keys().filter(|(topic, _)| topic != METADATA_TOPIC);
        for (topic, index) in places {
            world.empty_file(&name, &format!("{topic}-{index}/00000000000000000000.log"));
        }
    }

    /// The active controller starts anew between two halves of the others that hear it and not each other. What follows is
    /// for [`ask_again`](Self::ask_again).
    pub(super) async fn split_vote(&mut self, for_ms: u64) {
        let controls = self.quorum().into_iter().filter_map(|(node, view)| Some((view.controls?, node)));
        let Some((epoch, asked)) = controls.max() else { return };
        let others: Vec<usize> = (1..=self.plan.nodes).filter(|node| *node != asked).collect();
        let (left, right) = others.split_at(others.len() / 2);
        self.part(left, right, for_ms);
        self.down(asked, Crash::Process).await;
        self.boot(asked);
        let until = self.world.elapsed() + ELECTION;
        self.split = Some(Split { asked, epoch, halves: [left.to_vec(), right.to_vec()], for_ms, until });
    }

    /// Once the node between two halves has elected one of the others, it loses power, and hears the other half alone: a
    /// vote that was told before it was on disk is given again.
    pub(super) async fn ask_again(&mut self) {
        let Some(split) = &self.split else { return };
        let (asked, epoch) = (split.asked, split.epoch);
        let is_there = self.downs[asked] == 0 && self.world.is_up(&name(asked));
        if !is_there || split.until < self.world.elapsed() {
            self.split = None;
            return;
        }
        let leads = |view: &QuorumView| epoch < view.epoch && view.leader == Some(view.replica.node);
        let Some((elected, _)) = self.quorum().into_iter().find(|(_, view)| leads(view)) else { return };
        let Some(split) = self.split.take() else { return };
        if let Some(half) = split.halves.iter().find(|half| half.contains(&elected)) {
            self.crash(asked, Crash::Power).await;
            self.part(&[asked], half, split.for_ms);
            self.boot(asked);
        }
    }

    /// The nodes of two sets do not hear each other for so many milliseconds.
    fn part(&mut self, left: &[usize], right: &[usize], for_ms: u64) {
        let until = self.world.elapsed() + Duration::from_millis(for_ms);
        for (from, to) in
            left.iter().flat_map(|from| right.iter().flat_map(move |to| [(*from, *to), (*to, *from)]))
        {
            self.block(&name(from), &name(to), true);
            self.schedule(until, Action::Unblock(from, to));
        }
    }

    /// How those that are up see the quorum.
    pub(super) fn quorum(&self) -> Vec<(usize, QuorumView)> {
        let view = |node: usize| Some((node, self.served[node].lock().expect(NO_PANIC).as_ref()?.quorum()));
        (1..=self.plan.nodes).filter_map(view).collect()
    }
}
