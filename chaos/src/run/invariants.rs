//! What must hold in every moment of a cluster, seen from outside: all nodes' logs and metadata at once.

use std::{collections::BTreeMap, sync::Arc};

use ottla_broker::{
    Running,
    inspect::{QuorumView, ReplicaState},
};
use ottla_core::{
    controller::Image,
    record::BatchView,
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};
use ottla_sim::{SimEnv, trace};

/// A partition.
type Place = (Uuid, i32);

/// A batch, as far as replicas must agree about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) base: Offset,
    pub(super) end: Offset,
    epoch: LeaderEpoch,
    pub(super) hash: u64,
}

/// What a replica's disk must not lose.
pub(super) struct Kept {
    /// Topic and number.
    pub(super) partition: (String, i32),
    /// Where its log starts.
    pub(super) start: Offset,
    /// Where what is on disk ends.
    pub(super) end: Offset,
    pub(super) batches: Vec<Batch>,
}

/// What is known of one replica's log.
#[derive(Default)]
struct Log {
    /// The process and the cuts that it was read in.
    read_in: (u64, u64),
    batches: Vec<Batch>,
    /// How many of them were compared with what is committed.
    compared: usize,
    /// The epoch and the high watermark that it had last.
    watermark: (LeaderEpoch, Offset),
}

/// What was committed of one partition: it is never anything else.
#[derive(Default)]
struct Committed {
    end: Offset,
    batches: Vec<Batch>,
}

/// The memory of a run.
#[derive(Default)]
pub(super) struct Invariants {
    /// Whoever lacks what was committed may lead.
    unclean: bool,
    logs: BTreeMap<(usize, Place), Log>,
    committed: BTreeMap<Place, Committed>,
    leaders: BTreeMap<(Place, LeaderEpoch), usize>,
    quorum_leaders: BTreeMap<LeaderEpoch, NodeId>,
    images: BTreeMap<Offset, Arc<Image>>,
    /// The one that each node had when it was last looked at.
    compared: BTreeMap<usize, (Offset, Arc<Image>)>,
    /// The latest of them, whether anybody who has it is up or not.
    newest: (Offset, Arc<Image>),
    /// Every batch that was ever seen, by where it is and who appended it.
    appended: BTreeMap<(Place, LeaderEpoch, Offset), Batch>,
    /// How often something was looked at.
    pub(super) looks: u64,
}

/// A node that is up: its number, its incarnation, and what it runs.
pub(super) type Up<'a> = (usize, u64, &'a Running<SimEnv>);

impl Invariants {
    /// Of a run in which what is committed may be lost.
    pub(super) fn of(unclean: bool) -> Invariants {
        Invariants { unclean, ..Invariants::default() }
    }

    /// What a node's disk must not lose now, as far as it was looked at.
    pub(super) fn kept(&self, node: usize, incarnation: u64, running: &Running<SimEnv>) -> Vec<Kept> {
        let image = running.quorum().image;
        let kept = |state: ReplicaState| {
            let log = self.logs.get(&(node, (state.topic_id, state.index)))?;
            let topic = image.topic_by_id(state.topic_id)?;
            let partition = (topic.name.to_string(), state.index);
            let is_same = log.read_in == (incarnation, state.cuts);
            let seen = log.batches.last().map_or(state.log_start, |batch| batch.end);
            let end = state.kept_end.min(seen);
            is_same.then(|| Kept { partition, start: state.log_start, end, batches: log.batches.clone() })
        };
        running.replicas().into_iter().filter_map(kept).collect()
    }

    /// Looks at all nodes that are up.
    ///
    /// # Errors
    /// The violation, as a sentence that begins with its id.
    pub(super) fn check(&mut self, up: &[Up<'_>]) -> Result<(), String> {
        self.looks += 1;
        let views: Vec<QuorumView> = up.iter().map(|(_, _, running)| running.quorum()).collect();
        for ((node, ..), view) in up.iter().zip(&views) {
            self.check_quorum(*node, view)?;
        }
        self.forget_images(&views);
        let mut states = Vec::new();
        for (node, incarnation, running) in up {
            for state in running.replicas() {
                self.read_log(*node, *incarnation, running, &state)?;
                states.push((*node, *incarnation, state));
            }
        }
        // A replica that moved away and comes back has a log of its own again.
        if self.logs.len() != states.len() {
            let is_there = |node: usize, place: Place| {
                states.iter().any(|(n, _, s)| *n == node && (s.topic_id, s.index) == place)
            };
            self.logs.retain(|(node, place), _| is_there(*node, *place));
        }
        for (node, incarnation, state) in &states {
            self.check_replica(*node, *incarnation, state)?;
        }
        for (leader, _, state) in states.iter().filter(|(_, _, s)| s.leads) {
            let view = up.iter().zip(&views).find(|((node, ..), _)| node == leader).map(|(_, view)| view);
            let counts = |node: usize| {
                let own =
                    up.iter().find(|(other, ..)| *other == node).map(|(.., running)| running.broker_epoch());
                view.is_some_and(|view| is_counted(&view.image, state, NodeId(node as i32), own))
            };
            self.commit(&states, state, counts)?;
        }
        for view in views {
            if self.newest.0 < view.replayed {
                self.newest = (view.replayed, view.image);
            }
        }
        if self.unclean {
            return Ok(());
        }
        let newest = self.newest.1.clone();
        self.check_candidates(&newest, &states)
    }

    /// RAFT-2, META-3, ISR-2: one leader of the quorum in each epoch, whoever is asked; nodes that have replayed as much
    /// have the same image, and in it nobody is fenced and in sync.
    fn check_quorum(&mut self, node: usize, view: &QuorumView) -> Result<(), String> {
        let leads = view.leader.map(|leader| (view.epoch, leader));
        let controls = view.controls.map(|epoch| (epoch, view.replica.node));
        for (epoch, leader) in leads.into_iter().chain(controls) {
            let known = *self.quorum_leaders.entry(epoch).or_insert(leader);
            if known != leader {
                return Err(format!(
                    "RAFT-2: node {node} takes {leader} for the quorum's leader in epoch {epoch}, which {known} was"
                ));
            }
        }
        let is_known =
            |(at, image): &(Offset, Arc<Image>)| *at == view.replayed && Arc::ptr_eq(image, &view.image);
        if self.compared.get(&node).is_some_and(is_known) {
            return Ok(());
        }
        self.compared.insert(node, (view.replayed, view.image.clone()));
        match self.images.get(&view.replayed) {
            Some(known) if **known != *view.image => Err(format!(
                "META-3: node {node} has another image at offset {} than another node had",
                view.replayed
            )),
            Some(_) => Ok(()),
            None => {
                self.images.insert(view.replayed, view.image.clone());
                no_fenced_in_sync(&view.image)
            }
        }
    }

    /// What is behind everybody is needed no more.
    fn forget_images(&mut self, views: &[QuorumView]) {
        if 1_000 < self.images.len() {
            let oldest = views.iter().map(|view| view.replayed).min().unwrap_or(Offset(0));
            self.images = self.images.split_off(&oldest);
        }
    }

    /// Reads what is new in a replica's log. REPL-2: a batch is what it was appended as.
    fn read_log(
        &mut self,
        node: usize,
        incarnation: u64,
        running: &Running<SimEnv>,
        state: &ReplicaState,
    ) -> Result<(), String> {
        let place = (state.topic_id, state.index);
        let log = self.logs.entry((node, place)).or_default();
        if log.read_in != (incarnation, state.cuts) {
            log.read_in = (incarnation, state.cuts);
            log.batches.clear();
            log.compared = 0;
            log.watermark = (LeaderEpoch(-1), Offset(0));
        }
        let from = log.batches.last().map_or(state.log_start, |batch| batch.end);
        let mut wrong = None;
        let appended = &mut self.appended;
        let read = running.read_replica(place.0, place.1, (from, state.readable_end), |bytes| {
            let view = BatchView::new(bytes).expect("it is whole");
            let batch = Batch {
                base: view.base_offset(),
                end: view.last_offset() + 1,
                epoch: view.leader_epoch(),
                hash: trace::fnv(bytes),
            };
            let known = *appended.entry((place, batch.epoch, batch.base)).or_insert(batch);
            if known != batch {
                wrong = Some(format!(
                    "REPL-2: node {node} has another batch at offset {} in epoch {} of partition {} than another node",
                    batch.base, batch.epoch, place.1
                ));
            }
            log.batches.push(batch);
        });
        // Offline, or gone by now.
        let _ = read;
        wrong.map_or(Ok(()), Err)
    }

    /// REPL-3: one leader in each epoch. REPL-4: a high watermark never falls within an epoch, and never exceeds the
    /// log.
    fn check_replica(&mut self, node: usize, incarnation: u64, state: &ReplicaState) -> Result<(), String> {
        let place = (state.topic_id, state.index);
        if state.leads {
            let known = *self.leaders.entry((place, state.epoch)).or_insert(node);
            if known != node {
                return Err(format!(
                    "REPL-3: nodes {known} and {node} lead partition {} in epoch {}",
                    place.1, state.epoch
                ));
            }
        }
        if state.log_end < state.high_watermark {
            return Err(format!("REPL-4: node {node}'s high watermark exceeds its log: {state:?}"));
        }
        let log = self.logs.entry((node, place)).or_default();
        let (epoch, watermark) = log.watermark;
        if log.read_in.0 == incarnation && epoch == state.epoch && state.high_watermark < watermark {
            return Err(format!("REPL-4: node {node}'s high watermark fell from {watermark}: {state:?}"));
        }
        log.watermark = (state.epoch, state.high_watermark);
        Ok(())
    }

    /// Takes in what a leader has committed. REPL-5: everybody in sync of it that is up has that on disk. Who has heard
    /// of a newer epoch is the newer leader's: it may have been moved away, and come back with nothing. `counts` says who
    /// else is judged.
    fn commit(
        &mut self,
        states: &[(usize, u64, ReplicaState)],
        leader: &ReplicaState,
        counts: impl Fn(usize) -> bool,
    ) -> Result<(), String> {
        let place = (leader.topic_id, leader.index);
        for (node, _, other) in states {
            let counts = leader.maximal_in_sync.contains(&(*node as i32)) && counts(*node);
            let is_same = (other.topic_id, other.index) == place && other.epoch <= leader.epoch;
            if counts && is_same && other.kept_end < leader.high_watermark {
                return Err(format!(
                    "REPL-5: partition {} is committed up to {} in epoch {}, and node {node}, which is in sync, has {} on disk",
                    place.1, leader.high_watermark, leader.epoch, other.kept_end
                ));
            }
        }
        let committed = self.committed.entry(place).or_default();
        if leader.high_watermark <= committed.end {
            return Ok(());
        }
        let node = states.iter().find(|(_, _, s)| std::ptr::eq(s, leader)).map_or(0, |(node, _, _)| *node);
        let log = &self.logs[&(node, place)];
        let from = log.batches.partition_point(|batch| batch.base < committed.end);
        for batch in log.batches[from..].iter().take_while(|batch| batch.end <= leader.high_watermark) {
            committed.batches.push(*batch);
            committed.end = batch.end;
        }
        Ok(())
    }

    /// REPL-6: whoever could be elected, in sync or eligible, has everything that was ever committed, on disk.
    fn check_candidates(
        &mut self,
        image: &Image,
        states: &[(usize, u64, ReplicaState)],
    ) -> Result<(), String> {
        for (node, _, state) in states {
            let place = (state.topic_id, state.index);
            let Some(partition) = image.partition(place.0, place.1) else { continue };
            let id = *node as i32;
            if !partition.in_sync.contains(&id) && !partition.eligible.contains(&id) {
                continue;
            }
            let Some(committed) = self.committed.get(&place) else { continue };
            if state.kept_end < committed.end {
                return Err(format!(
                    "REPL-6: node {node} could lead partition {} in an epoch after {}, has {} on disk, and {} was committed; in sync {:?}, eligible {:?}",
                    place.1,
                    partition.leader_epoch,
                    state.kept_end,
                    committed.end,
                    partition.in_sync,
                    partition.eligible
                ));
            }
            let log = self.logs.get_mut(&(*node, place)).expect("it was read");
            while let Some(batch) = log.batches.get(log.compared) {
                // There may be holes in what is known: a leader that is stopping commits where nobody looks, and when its
                // next life is read, retention has removed some of that.
                let at = committed.batches.partition_point(|known| known.end <= batch.base);
                let Some(known) = committed.batches.get(at) else { break };
                if known.base < batch.end && known != batch {
                    return Err(format!(
                        "REPL-6: node {node} could lead partition {}, and has {batch:?} where {known:?} was committed",
                        place.1
                    ));
                }
                log.compared += 1;
            }
        }
        Ok(())
    }
}

/// Whether a leader that has a node in its set means that node as it is now, registered in the broker epoch `own`. Its
/// disk may be another than that of earlier epochs; and a leader whose set is of before what its own node has replayed
/// has still to take out whoever is not in sync there: it counts on a fetch of that one's earlier life, and cannot
/// commit more by it.
fn is_counted(image: &Image, leader: &ReplicaState, node: NodeId, own: Option<i64>) -> bool {
    let is_known = own.is_some() && image.broker(node).map(|broker| broker.epoch) == own;
    let is_decided = image.partition(leader.topic_id, leader.index).is_some_and(|partition| {
        leader.partition_epoch == Some(partition.partition_epoch) || partition.in_sync.contains(&node.0)
    });
    is_known && is_decided
}

/// ISR-2: nobody is fenced and in sync.
fn no_fenced_in_sync(image: &Image) -> Result<(), String> {
    for topic in image.topics() {
        for (index, partition) in topic.partitions.iter().enumerate() {
            let is_fenced = |n: &&i32| image.broker(NodeId(**n)).is_none_or(|broker| broker.is_fenced);
            if let Some(fenced) = partition.in_sync.iter().find(is_fenced) {
                return Err(format!(
                    "ISR-2: broker {fenced} is fenced and in sync of {}-{index}",
                    topic.name
                ));
            }
        }
    }
    Ok(())
}
