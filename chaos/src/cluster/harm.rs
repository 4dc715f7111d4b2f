//! Faults that are aimed: they are done where they may be, and at the moment at which they hurt.

use std::time::Duration;

use ottla_broker::{Running, inspect::QuorumView};
use ottla_core::{controller::PartitionImage, log::checkpoint};
use ottla_sim::Crash;

use super::{Action, NO_PANIC, Run, name};

/// The log of the quorum: what damages it, damages a voter.
const METADATA_TOPIC: &str = "__cluster_metadata";
/// An election that takes longer is not waited for.
const ELECTION: Duration = Duration::from_secs(3);

impl Run<'_> {
    /// A node goes down: without power if the cluster stands what it loses by that.
    pub(super) async fn crash(&mut self, node: usize, how: Crash) {
        let is_harmless = how == Crash::Process || !self.plan.page_cache;
        let how = if is_harmless || self.may_harm() { how } else { Crash::Process };
        self.down(node, how).await;
    }

    /// Whether a node that has lost its disk has not come back to the voters.
    pub(super) fn is_any_lost(&mut self) -> bool {
        let views: Vec<(usize, QuorumView)> = (1..=self.plan.nodes)
            .filter_map(|node| Some((node, self.served[node].lock().expect(NO_PANIC).as_ref()?.quorum())))
            .collect();
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
        let now = self.world.elapsed();
        // What a node lost is known to the others by then, as far as they hear of each other.
        let is_settled = !self.plan.page_cache || self.harmed_at + Duration::from_secs(5) < now;
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
        if self.plan.min_in_sync < 2 {
            return false;
        }
        let mut views = Vec::new();
        for node in 1..=self.plan.nodes {
            views.extend(self.served[node].lock().expect(NO_PANIC).as_ref().map(Running::quorum));
        }
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

    /// Asks the active controller for its vote twice: it starts anew between two halves of the others that hear it and not
    /// each other, and once it has elected one of them it loses power, and hears the other half alone.
    ///
    /// # Errors
    /// What is violated meanwhile.
    pub(super) async fn split_vote(&mut self, for_ms: u64) -> Result<(), String> {
        let controls = self.quorum().into_iter().filter_map(|(node, view)| Some((view.controls?, node)));
        let Some((epoch, asked)) = controls.max() else { return Ok(()) };
        let others: Vec<usize> = (1..=self.plan.nodes).filter(|node| *node != asked).collect();
        let (left, right) = others.split_at(others.len() / 2);
        self.part(left, right, for_ms);
        self.down(asked, Crash::Process).await;
        self.boot(asked);
        let until = self.world.elapsed() + ELECTION;
        let leads = |view: &QuorumView| epoch < view.epoch && view.leader == Some(view.replica.node);
        while self.world.elapsed() < until {
            let elected = self.quorum().into_iter().find(|(node, view)| *node != asked && leads(view));
            if let Some((elected, _)) = elected {
                self.crash(asked, Crash::Power).await;
                self.part(&[asked], if left.contains(&elected) { left } else { right }, for_ms);
                self.boot(asked);
                break;
            }
            // A vote that is told before it is on disk is there some milliseconds later.
            self.world.sleep(Duration::from_millis(1)).await;
        }
        self.look()
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
    fn quorum(&self) -> Vec<(usize, QuorumView)> {
        let view = |node: usize| Some((node, self.served[node].lock().expect(NO_PANIC).as_ref()?.quorum()));
        (1..=self.plan.nodes).filter_map(view).collect()
    }
}
