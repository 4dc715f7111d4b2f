//! The leader of a partition: who is in sync, and what is committed (KIP-497, KIP-841, KIP-903, KIP-966).
//!
//! The machine is told how far followers have fetched, which is how far they have the log on disk, and how far the
//! leader itself has kept it. What everybody in sync has is committed, if enough are in sync:
//!
//! - *Maximal in-sync set*: while the controller has been asked to add somebody, that node counts already, for the
//!   controller may have agreed and elect it. Somebody who is to be taken out counts until that is agreed.
//! - Nothing commits while fewer than `min.insync.replicas` are in sync: so whoever was in sync when there were enough
//!   has everything, and is eligible to lead.
//! - A follower joins once it has everything committed, and everything from before this leader's epoch: its high
//!   watermark may still be behind the last leader's.
//! - A follower leaves that has not had all of the log within `replica.lag.time.max.ms`.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    controller::PartitionImage,
    planted::is_planted,
    types::{LeaderEpoch, Mono, NodeId, Offset},
};

/// How far a follower has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Follower {
    /// It has everything below on disk.
    end: Offset,
    /// The broker epoch that it fetched in.
    broker_epoch: i64,
    /// When it last had everything that the leader had.
    caught_up_at: Mono,
    /// When it fetched last, and where the leader's log ended then.
    last_fetch: (Mono, Offset),
}

/// A leader's part in the replication of a partition.
#[derive(Clone, Debug)]
pub struct Leader {
    me: NodeId,
    epoch: LeaderEpoch,
    epoch_start: Offset,
    partition_epoch: i32,
    in_sync: Vec<i32>,
    min_in_sync: usize,
    /// What the controller was asked for and has not answered.
    proposed: Option<Vec<i32>>,
    followers: BTreeMap<NodeId, Follower>,
    began_at: Mono,
}

/// A proposal for the controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The epoch that the leader leads in.
    pub leader_epoch: LeaderEpoch,
    /// The partition's epoch that it goes by.
    pub partition_epoch: i32,
    /// Who should be in sync, each with the broker epoch that it fetched in, -1 for the leader.
    pub in_sync: Vec<(i32, i64)>,
}

impl Leader {
    /// Leads from `epoch_start` on, where the log ends.
    pub fn new(
        me: NodeId,
        partition: &PartitionImage,
        min_in_sync: usize,
        epoch_start: Offset,
        now: Mono,
    ) -> Leader {
        let mut leader = Leader {
            me,
            epoch: partition.leader_epoch,
            epoch_start,
            partition_epoch: -1,
            in_sync: Vec::new(),
            min_in_sync,
            proposed: None,
            followers: BTreeMap::new(),
            began_at: now,
        };
        leader.update(partition, min_in_sync);
        leader
    }

    /// The epoch that it leads in.
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// Where its epoch began.
    pub fn epoch_start(&self) -> Offset {
        self.epoch_start
    }

    /// Who is in sync, as the controller has decided.
    pub fn in_sync(&self) -> &[i32] {
        &self.in_sync
    }

    /// Everybody who counts as in sync: the set as decided, and whoever the controller was asked to add.
    pub fn maximal_in_sync(&self) -> impl Iterator<Item = NodeId> {
        let added = self.proposed.iter().flatten().filter(|node| !self.in_sync.contains(node));
        self.in_sync.iter().chain(added).map(|node| NodeId(*node))
    }

    /// Whether there are enough in sync to commit anything.
    pub fn has_enough(&self) -> bool {
        self.min_in_sync <= self.in_sync.len()
    }

    /// The controller has decided so in the same leader epoch. What is older than what is known counts for nothing.
    pub fn update(&mut self, partition: &PartitionImage, min_in_sync: usize) {
        self.min_in_sync = min_in_sync;
        if partition.partition_epoch <= self.partition_epoch {
            return;
        }
        self.partition_epoch = partition.partition_epoch;
        self.in_sync.clone_from(&partition.in_sync);
        self.proposed = None;
        let me = self.me;
        self.followers.retain(|node, _| partition.has_replica(node.0));
        let begin = Follower {
            end: Offset(0),
            broker_epoch: -1,
            caught_up_at: self.began_at,
            last_fetch: (self.began_at, Offset(0)),
        };
        for node in partition.replicas.iter().map(|node| NodeId(*node)).filter(|node| *node != me) {
            self.followers.entry(node).or_insert(begin);
        }
    }

    /// Whether another node holds the partition too.
    pub fn is_followed_by(&self, node: NodeId) -> bool {
        self.followers.contains_key(&node)
    }

    /// A follower has fetched from `end`, so it has everything below; the leader's log ends at `log_end`.
    pub fn fetched(&mut self, now: Mono, node: NodeId, broker_epoch: i64, end: Offset, log_end: Offset) {
        let Some(follower) = self.followers.get_mut(&node) else { return };
        if broker_epoch < follower.broker_epoch {
            // It began anew since it sent this.
            return;
        }
        if log_end <= end {
            follower.caught_up_at = follower.caught_up_at.max(now);
        } else if follower.last_fetch.1 <= end {
            // It has what there was when it fetched before.
            follower.caught_up_at = follower.caught_up_at.max(follower.last_fetch.0);
        }
        follower.end = end;
        follower.broker_epoch = broker_epoch;
        follower.last_fetch = (now, log_end);
    }

    /// Where what is committed ends, if the leader has kept its log up to `kept`; `None` if nothing commits.
    pub fn committed(&self, kept: Offset) -> Option<Offset> {
        if !self.has_enough() && !is_planted("replica/commits-with-too-few") {
            return None;
        }
        let counts =
            |node: &NodeId| !is_planted("replica/proposed-do-not-count") || self.in_sync.contains(&node.0);
        let ends = self.maximal_in_sync().filter(|node| *node != self.me).filter(counts);
        let ends = ends.map(|node| self.followers.get(&node).map_or(Offset(0), |f| f.end));
        let least = if is_planted("replica/one-copy-is-enough") { ends.max() } else { ends.min() };
        Some(least.map_or(kept, |end| end.min(kept)))
    }

    /// Whether a follower could join now, as far as the log is concerned.
    fn may_join(&self, node: NodeId, follower: &Follower, high_watermark: Offset) -> bool {
        let has_fetched = 0 <= follower.broker_epoch;
        let is_needed = !self.in_sync.contains(&node.0);
        let has_earlier = is_planted("replica/joins-below-epoch") || self.epoch_start <= follower.end;
        is_needed && has_fetched && high_watermark <= follower.end && has_earlier
    }

    fn is_late(follower: &Follower, log_end: Offset, now: Mono, lag_max: Duration) -> bool {
        follower.end < log_end && lag_max < now.since(follower.caught_up_at)
    }

    /// What the controller should decide, unless it was asked and has not answered. `is_eligible` says whether a
    /// broker is active in the broker epoch that it fetched in.
    pub fn propose(
        &mut self,
        now: Mono,
        high_watermark: Offset,
        log_end: Offset,
        lag_max: Duration,
        is_eligible: impl Fn(NodeId, i64) -> bool,
    ) -> Option<Proposal> {
        if self.proposed.is_some() {
            return None;
        }
        let stays = |node: &i32| {
            let follower = self.followers.get(&NodeId(*node));
            *node == self.me.0 || follower.is_some_and(|f| !Self::is_late(f, log_end, now, lag_max))
        };
        let mut wanted: Vec<i32> = self.in_sync.iter().copied().filter(stays).collect();
        for (node, follower) in &self.followers {
            if self.may_join(*node, follower, high_watermark) && is_eligible(*node, follower.broker_epoch) {
                wanted.push(node.0);
            }
        }
        if wanted == self.in_sync {
            return None;
        }
        let epoch = |node: &i32| (*node, self.followers.get(&NodeId(*node)).map_or(-1, |f| f.broker_epoch));
        let in_sync = wanted.iter().map(epoch).collect();
        self.proposed = Some(wanted);
        Some(Proposal { leader_epoch: self.epoch, partition_epoch: self.partition_epoch, in_sync })
    }

    /// The controller has refused, or will never answer: what was proposed counts no more. Only for an answer that
    /// says that it was not agreed: silence may be consent.
    pub fn refused(&mut self, partition_epoch: i32) {
        if self.partition_epoch == partition_epoch {
            self.proposed = None;
        }
    }

    /// The partition's epoch that it goes by.
    pub fn partition_epoch(&self) -> i32 {
        self.partition_epoch
    }

    /// What the controller was asked for and has not answered, to be asked again.
    pub fn proposal(&self) -> Option<Proposal> {
        let epoch = |node: &i32| (*node, self.followers.get(&NodeId(*node)).map_or(-1, |f| f.broker_epoch));
        let in_sync = self.proposed.as_ref()?.iter().map(epoch).collect();
        Some(Proposal { leader_epoch: self.epoch, partition_epoch: self.partition_epoch, in_sync })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAG: Duration = Duration::from_secs(30);

    fn image(in_sync: &[i32], partition_epoch: i32) -> PartitionImage {
        PartitionImage {
            replicas: vec![1, 2, 3],
            in_sync: in_sync.to_vec(),
            eligible: vec![],
            adding: vec![],
            removing: vec![],
            damaged: vec![],
            leader: Some(NodeId(1)),
            leader_epoch: LeaderEpoch(5),
            partition_epoch,
        }
    }

    fn at(seconds: u64) -> Mono {
        Mono(seconds * 1_000_000_000)
    }

    #[test]
    fn what_everybody_in_sync_has_is_committed() {
        let mut leader = Leader::new(NodeId(1), &image(&[1, 2, 3], 0), 2, Offset(10), at(0));
        assert_eq!(leader.committed(Offset(20)), Some(Offset(0)));
        leader.fetched(at(1), NodeId(2), 7, Offset(15), Offset(20));
        leader.fetched(at(1), NodeId(3), 8, Offset(18), Offset(20));
        assert_eq!(leader.committed(Offset(20)), Some(Offset(15)));
        assert_eq!(leader.committed(Offset(12)), Some(Offset(12)));
        leader.update(&image(&[1], 1), 2);
        assert_eq!(leader.committed(Offset(20)), None);
    }

    #[test]
    fn who_is_to_be_added_counts_from_the_question_on() {
        let mut leader = Leader::new(NodeId(1), &image(&[1], 3), 1, Offset(10), at(0));
        leader.fetched(at(1), NodeId(2), 7, Offset(9), Offset(20));
        // It has everything committed, but not what was there before this epoch (KAFKA-7128).
        assert_eq!(leader.propose(at(1), Offset(9), Offset(20), LAG, |_, _| true), None);
        leader.fetched(at(1), NodeId(2), 7, Offset(20), Offset(20));
        assert_eq!(leader.propose(at(1), Offset(20), Offset(20), LAG, |_, _| false), None);
        let proposal = leader.propose(at(1), Offset(20), Offset(20), LAG, |_, epoch| epoch == 7).unwrap();
        assert_eq!((proposal.partition_epoch, proposal.in_sync), (3, vec![(1, -1), (2, 7)]));
        assert_eq!(leader.committed(Offset(25)), Some(Offset(20)));
        assert_eq!(leader.propose(at(1), Offset(20), Offset(25), LAG, |_, _| true), None);
        leader.refused(3);
        assert_eq!(leader.committed(Offset(25)), Some(Offset(25)));
    }

    #[test]
    fn who_is_late_counts_until_that_is_agreed() {
        let mut leader = Leader::new(NodeId(1), &image(&[1, 2], 0), 1, Offset(0), at(0));
        leader.fetched(at(10), NodeId(2), 7, Offset(5), Offset(5));
        assert_eq!(leader.propose(at(41), Offset(5), Offset(5), LAG, |_, _| true), None);
        assert_eq!(leader.propose(at(40), Offset(5), Offset(9), LAG, |_, _| true), None);
        let proposal = leader.propose(at(41), Offset(5), Offset(9), LAG, |_, _| true).unwrap();
        assert_eq!(proposal.in_sync, [(1, -1)]);
        assert_eq!(leader.committed(Offset(9)), Some(Offset(5)));
        leader.update(&image(&[1], 1), 1);
        assert_eq!(leader.committed(Offset(9)), Some(Offset(9)));
    }

    #[test]
    fn a_follower_that_is_always_one_fetch_behind_is_not_late() {
        let mut leader = Leader::new(NodeId(1), &image(&[1, 2], 0), 1, Offset(0), at(0));
        for n in 1..100 {
            leader.fetched(at(n), NodeId(2), 7, Offset(n as i64 - 1), Offset(n as i64));
            assert_eq!(leader.propose(at(n), Offset(0), Offset(n as i64), LAG, |_, _| true), None);
        }
    }
}
