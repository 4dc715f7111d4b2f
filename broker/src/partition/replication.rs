//! A partition's part in replication: what its leader does for followers, and a follower with what it fetched.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use ottla_core::{
    controller::PartitionImage,
    env::Env,
    errors::ErrorCode,
    log::{SyncSet, lookup::Slice, truncate::Unfit},
    planted::is_planted,
    record::batch::batches,
    replica::{Leader, Proposal},
    situations::{Situation, reached},
    types::{LeaderEpoch, NodeId, Offset, Timestamp},
};
use tokio::sync::Notify;

use super::{Inner, Partition, Positions, waiters::Reached};
use crate::inspect::ReplicaState;

/// What a broker is to a partition.
pub(super) enum Role {
    /// It leads.
    Leader(Box<Leader>),
    /// It follows that node, or waits until there is one.
    Follower(Option<NodeId>),
    /// The log of the quorum: what is committed is the quorum's to say.
    Quorum {
        /// This node leads the quorum.
        leads: bool,
    },
}

/// A fetch of a follower.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FollowerFetch {
    /// Who fetches.
    pub(crate) node: NodeId,
    /// The broker epoch that it is in.
    pub(crate) broker_epoch: i64,
    /// That is the one in which the controller has let it in, as far as is known here: what it asks from, it has.
    pub(crate) counts: bool,
    /// Where its log ends.
    pub(crate) from: Offset,
    /// The epoch of its last record, -1 for none.
    pub(crate) last_epoch: LeaderEpoch,
}

/// What a follower's fetch gives.
pub(crate) enum Fetched<S> {
    /// What follows.
    Records(Positions, Option<S>),
    /// Its log is another from somewhere before the end of this epoch on (KIP-595).
    Diverges(Positions, LeaderEpoch, Offset),
}

/// Where a follower stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FollowerPosition {
    /// The epoch that it follows in.
    pub(crate) epoch: LeaderEpoch,
    /// Where its log ends.
    pub(crate) end: Offset,
    /// The epoch of its last record, -1 for none.
    pub(crate) last_epoch: LeaderEpoch,
    /// Where its log starts.
    pub(crate) log_start: Offset,
}

impl<E: Env> Inner<E> {
    pub(super) fn leads(&self) -> bool {
        matches!(self.role, Role::Leader(_) | Role::Quorum { leads: true })
    }

    /// Whether a batch can be appended here and now.
    pub(super) fn may_append(&self, for_all: bool) -> Result<(), ErrorCode> {
        if self.log.is_err() {
            return Err(ErrorCode::KafkaStorageError);
        }
        match &self.role {
            _ if self.is_changing => Err(ErrorCode::NotLeaderOrFollower),
            Role::Leader(leader) if for_all && !leader.has_enough() => {
                reached(Situation::NotEnough);
                Err(ErrorCode::NotEnoughReplicas)
            }
            Role::Leader(_) | Role::Quorum { leads: true } => Ok(()),
            Role::Follower(_) | Role::Quorum { leads: false } => Err(ErrorCode::NotLeaderOrFollower),
        }
    }

    fn end(&self) -> Result<Offset, ErrorCode> {
        Ok(self.log.as_ref().map_err(|_| ErrorCode::KafkaStorageError)?.log_end())
    }
}

impl<E: Env> Partition<E> {
    /// Lets nothing be appended any more, and waits until what was is kept: its role is about to change, and where a
    /// follower fetches from it says that it has everything below on disk.
    async fn quiesce(&self) {
        let signal = Arc::new(Notify::new());
        loop {
            {
                let mut inner = self.lock();
                inner.is_changing = true;
                let Ok(log) = &inner.log else { return };
                let end = log.log_end();
                if !log.is_writing() && end <= inner.kept() && !inner.is_cutting {
                    return;
                }
                // The end of a cut is told to all.
                inner.waiters.wait(Reached::Kept, end, &signal);
            }
            signal.notified().await;
        }
    }

    /// Takes the part that the controller has decided: `me` leads, or follows. Older decisions than what is known
    /// count for nothing.
    pub(crate) async fn take_role(self: &Arc<Self>, me: NodeId, image: &PartitionImage, min_in_sync: usize) {
        {
            let mut inner = self.lock();
            assert!(inner.epoch <= image.leader_epoch, "REPL-1");
            let is_same = inner.epoch == image.leader_epoch;
            match &mut inner.role {
                Role::Leader(leader) if is_same => {
                    leader.update(image, min_in_sync);
                    inner.advance();
                    return;
                }
                Role::Follower(leader) if is_same && *leader == image.leader => return,
                _ => {}
            }
        }
        if !is_planted("replica/waits-for-no-write") {
            self.quiesce().await;
        }
        if is_planted("replica/cuts-at-high-watermark") && image.leader != Some(me) {
            self.cut_at_high_watermark().await;
        }
        let mut inner = self.lock();
        inner.epoch = image.leader_epoch;
        inner.role = if image.leader == Some(me) {
            let now = self.env.now();
            let start = inner.end().unwrap_or(Offset(0));
            if let Ok(log) = &mut inner.log
                && !is_planted("replica/notes-no-epoch")
            {
                log.begin_epoch(image.leader_epoch);
            }
            Role::Leader(Box::new(Leader::new(me, image, min_in_sync, start, now)))
        } else {
            if let Ok(log) = &mut inner.log {
                log.end_epoch();
            }
            Role::Follower(image.leader)
        };
        inner.is_changing = false;
        inner.waiters.tell_all();
        inner.advance();
        self.written(&inner);
    }

    /// What followers did before KIP-101: put back on purpose only.
    async fn cut_at_high_watermark(self: &Arc<Self>) {
        let (epoch, high_watermark) = {
            let mut inner = self.lock();
            inner.is_changing = false;
            inner.role = Role::Follower(None);
            (inner.epoch, inner.high_watermark)
        };
        let _ = self.cut_to(epoch, high_watermark, false).await;
    }

    /// Makes it the log of the quorum.
    pub(crate) fn serve_quorum(&self) {
        self.lock().role = Role::Quorum { leads: false };
    }

    /// Leads the quorum in a later epoch from the log's end on, or does not lead.
    pub(crate) fn lead_quorum(&self, epoch: LeaderEpoch, leads: bool) {
        let mut inner = self.lock();
        assert!(inner.epoch <= epoch, "REPL-1");
        inner.epoch = epoch;
        inner.role = Role::Quorum { leads };
        if let Ok(log) = &mut inner.log {
            if leads {
                log.begin_epoch(epoch);
            } else {
                log.end_epoch();
            }
        }
        inner.waiters.tell_all();
    }

    /// The quorum has committed what lies below.
    pub(crate) fn quorum_committed(&self, high_watermark: Offset) {
        let mut inner = self.lock();
        inner.raise_high_watermark(high_watermark);
    }

    /// Lets the log begin at `to`, which is committed; says whether that is further than it did.
    pub(crate) fn advance_start(&self, to: Offset) -> bool {
        let mut inner = self.lock();
        let is_committed = to <= inner.high_watermark;
        let Ok(log) = &mut inner.log else { return false };
        let is_further = is_committed && log.log_start() < to;
        if is_further {
            log.advance_start(to);
        }
        is_further
    }

    /// How many bytes its log has.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.lock().log.as_ref().map_or(0, |log| log.size_bytes())
    }

    /// Who it is that leads here, if this broker does: the epoch.
    pub(crate) fn led_epoch(&self) -> Option<LeaderEpoch> {
        let inner = self.lock();
        (inner.leads() && inner.log.is_ok()).then_some(inner.epoch)
    }

    /// Where written records and what is kept of them end.
    pub(crate) fn ends(&self) -> Result<(Offset, Offset), ErrorCode> {
        let inner = self.lock();
        let log = inner.log.as_ref().map_err(|_| ErrorCode::KafkaStorageError)?;
        Ok((log.log_end(), inner.kept()))
    }

    /// Tells `signal` once more is kept than now.
    pub(crate) fn wait_for_kept(&self, signal: &Arc<Notify>) {
        let mut inner = self.lock();
        let at = inner.kept() + 1;
        inner.waiters.wait(Reached::Kept, at, signal);
    }

    /// Tells `signal` once there is more to fetch for a follower, or something to tell it.
    pub(crate) fn wait_for_written(&self, signal: &Arc<Notify>) {
        let mut inner = self.lock();
        let Ok(log) = &inner.log else { return };
        let at = log.completed_end() + 1;
        inner.waiters.wait(Reached::Written, at, signal);
    }

    /// A follower fetches: what it asks from it has on disk.
    ///
    /// # Errors
    /// This broker does not lead, the follower holds no replica, or it asks for what is not there.
    #[allow(clippy::type_complexity)]
    pub(crate) fn follower_fetch(
        &self,
        fetch: &FollowerFetch,
        max_bytes: u64,
        at_least_one: bool,
    ) -> Result<Fetched<Slice<E::Disk>>, ErrorCode> {
        let mut inner = self.lock();
        let positions = inner.led()?;
        let log = inner.log.as_ref().expect("it has positions");
        let (log_start, log_end, readable) = (log.log_start(), log.log_end(), log.completed_end());
        // Before anything else: a follower whose log is longer has another one from where its last epoch ends here.
        if LeaderEpoch(0) <= fetch.last_epoch
            && log_start < fetch.from
            && !is_planted("replica/sees-no-divergence")
        {
            let (epoch, end) =
                log.epochs().end_of(fetch.last_epoch, log_end).ok_or(ErrorCode::OffsetOutOfRange)?;
            // What diverges is not taken for what the follower has (KAFKA-13141).
            if epoch < fetch.last_epoch || end < fetch.from {
                if let Role::Leader(leader) = &mut inner.role
                    && is_planted("replica/counts-what-diverges")
                {
                    leader.fetched(self.env.now(), fetch.node, fetch.broker_epoch, fetch.from, log_end);
                }
                reached(Situation::Diverges);
                return Ok(Fetched::Diverges(positions, epoch, end));
            }
        }
        // Whose last record lies right before this log's start, of an earlier epoch, may have it of another leader: nobody
        // knows any more. A snapshot tells that of the quorum's log.
        let first = log.epochs().epoch_at(log_start);
        let is_doubtful = matches!(inner.role, Role::Leader(_))
            && fetch.from == log_start
            && LeaderEpoch(0) <= fetch.last_epoch
            && first.is_some_and(|first| fetch.last_epoch < first);
        if log_end < fetch.from || fetch.from < log_start || is_doubtful {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let now = self.env.now();
        if let Role::Leader(leader) = &mut inner.role {
            if !leader.is_followed_by(fetch.node) {
                return Err(ErrorCode::UnknownTopicOrPartition);
            }
            if fetch.counts {
                leader.fetched(now, fetch.node, fetch.broker_epoch, fetch.from, log_end);
            }
        }
        inner.advance();
        let positions = inner.led()?;
        let slice = inner.read_to(readable, fetch.from, max_bytes, at_least_one)?;
        Ok(Fetched::Records(positions, slice))
    }

    /// What the controller should decide about who is in sync, if it is time for that.
    pub(crate) fn propose(
        &self,
        lag_max: Duration,
        is_eligible: impl Fn(NodeId, i64) -> bool,
    ) -> Option<Proposal> {
        let mut inner = self.lock();
        let (now, high_watermark, end) = (self.env.now(), inner.high_watermark, inner.end().ok()?);
        let Role::Leader(leader) = &mut inner.role else { return None };
        leader.propose(now, high_watermark, end, lag_max, is_eligible)
    }

    /// What it looks like from outside; `None` while it is offline.
    pub(crate) fn state(&self) -> Option<ReplicaState> {
        let inner = self.lock();
        let log = inner.log.as_ref().ok()?;
        let leader = match &inner.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower(_) | Role::Quorum { .. } => None,
        };
        let maximal_in_sync = leader.iter().flat_map(|l| l.maximal_in_sync()).map(|node| node.0).collect();
        Some(ReplicaState {
            topic_id: self.topic_id,
            index: self.index,
            epoch: inner.epoch,
            leads: inner.leads(),
            cuts: log.generation(),
            log_start: log.log_start(),
            log_end: log.log_end(),
            readable_end: log.completed_end(),
            kept_end: inner.kept(),
            high_watermark: inner.high_watermark,
            maximal_in_sync,
            partition_epoch: leader.map(|l| l.partition_epoch()),
        })
    }

    /// Whether a follower of this leader is not in sync, so that it may be time to add it.
    pub(crate) fn is_out_of_sync(&self, node: NodeId) -> bool {
        match &self.lock().role {
            Role::Leader(leader) => !leader.in_sync().contains(&node.0),
            Role::Follower(_) | Role::Quorum { .. } => false,
        }
    }

    /// What the controller was asked and has not answered.
    pub(crate) fn proposal(&self) -> Option<Proposal> {
        match &self.lock().role {
            Role::Leader(leader) => leader.proposal(),
            Role::Follower(_) | Role::Quorum { .. } => None,
        }
    }

    /// The controller has refused what was proposed when the partition's epoch was this.
    pub(crate) fn refused(&self, leader_epoch: LeaderEpoch, partition_epoch: i32) {
        let mut inner = self.lock();
        if let Role::Leader(leader) = &mut inner.role
            && leader.epoch() == leader_epoch
        {
            reached(Situation::ProposalRefused);
            leader.refused(partition_epoch);
            inner.advance();
        }
    }

    /// Where this follower stands; `None` if it does not follow `leader`. A damaged copy stands where no log ends: its
    /// leader refuses that, so that it is heard of and counts nothing.
    pub(crate) fn follows(&self, leader: NodeId) -> Option<FollowerPosition> {
        let inner = self.lock();
        let is_following = matches!(inner.role, Role::Follower(Some(node)) if node == leader);
        if !is_following || inner.is_changing {
            return None;
        }
        match &inner.log {
            Ok(log) => Some(position(&inner, log)),
            Err(offline) if offline.is_failing => None,
            Err(offline) => Some(FollowerPosition {
                epoch: inner.epoch,
                end: Offset(i64::MAX),
                last_epoch: LeaderEpoch(-1),
                log_start: offline.log_start,
            }),
        }
    }

    /// Where the quorum's log stands here, if it is not led here.
    pub(crate) fn follower_position(&self) -> Option<FollowerPosition> {
        let inner = self.lock();
        let log = inner.log.as_ref().ok()?;
        Some(position(&inner, log))
    }

    /// Where this log must begin so that what was fetched fits: it is empty, and records were deleted there up to the
    /// middle of a batch.
    pub(crate) fn begins_within(&self, records: &Bytes) -> Option<Offset> {
        let inner = self.lock();
        let log = inner.log.as_ref().ok().filter(|log| log.log_start() == log.log_end())?;
        let (_, first) = batches(records).next()?;
        (first.base_offset() < log.log_end() && log.log_end() <= first.last_offset())
            .then(|| first.base_offset())
    }

    /// Takes what was fetched in `epoch`; the leader told its high watermark. Returns where the log ends then.
    ///
    /// # Errors
    /// This broker no longer follows in that epoch, a batch does not fit, or the disk fails.
    pub(crate) fn append_fetched(
        self: &Arc<Self>,
        epoch: LeaderEpoch,
        records: &Bytes,
        high_watermark: Offset,
        now: Timestamp,
    ) -> Result<Offset, ErrorCode> {
        let mut inner = self.lock();
        let is_of_epoch = inner.epoch == epoch || is_planted("replica/appends-of-older-epochs");
        if !is_of_epoch || inner.leads() || inner.is_changing {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        let is_replica = matches!(inner.role, Role::Follower(_));
        let before = inner.end()?;
        let mut is_refused = false;
        for (at, view) in batches(records) {
            let Some(size) = view.size().filter(|size| at + size <= records.len()) else { break };
            let batch = records.slice(at..at + size);
            let log = inner.log.as_mut().map_err(|_| ErrorCode::KafkaStorageError)?;
            let (last, end) = (view.last_offset(), log.log_end());
            let staged = log.stage_fetched(batch, epoch, now);
            match inner.disk_result("making a segment", staged)? {
                Ok(()) => {}
                // It is here already.
                Err(Unfit::Overlaps) if last < end => {}
                Err(why) => {
                    tracing::error!("{}-{}: a fetched batch is refused: {why:?}", self.topic, self.index);
                    is_refused = true;
                    break;
                }
            }
        }
        self.submit(&mut inner);
        let end = inner.end()?;
        // What fits counts; where nothing does, the same would come again at once.
        if is_refused && end == before {
            return Err(ErrorCode::CorruptMessage);
        }
        if is_replica {
            inner.raise_high_watermark(high_watermark.min(end));
        }
        Ok(end)
    }

    /// Waits until everything up to `at` is kept here.
    ///
    /// # Errors
    /// The log failed, or was cut below.
    pub(crate) async fn kept(&self, at: Offset) -> Result<(), ErrorCode> {
        let signal = Arc::new(Notify::new());
        loop {
            {
                let mut inner = self.lock();
                if inner.end()? < at {
                    return Err(ErrorCode::FencedLeaderEpoch);
                }
                if at <= inner.kept() {
                    return Ok(());
                }
                inner.waiters.wait(Reached::Kept, at, &signal);
            }
            signal.notified().await;
        }
    }

    /// Where this log must be cut so that it agrees with a leader whose `epoch` ends at `end`: at the end of the
    /// largest epoch of its own that is no later (KIP-101, KIP-279).
    pub(crate) fn divergence(&self, epoch: LeaderEpoch, end: Offset) -> Offset {
        let inner = self.lock();
        let Ok(log) = &inner.log else { return end };
        log.epochs().end_of(epoch, log.log_end()).map_or(log.log_end(), |(_, own_end)| own_end).min(end)
    }

    /// Cuts the log at `to`, or begins it `anew` there.
    ///
    /// # Errors
    /// This broker does not follow in that epoch, or the disk fails.
    pub(crate) async fn cut_to(
        self: &Arc<Self>,
        epoch: LeaderEpoch,
        to: Offset,
        anew: bool,
    ) -> Result<(), ErrorCode> {
        self.flusher.cut(self, epoch, to, anew).await
    }

    /// Begins to cut the log at `to`, following in `epoch`. Says whether the checkpoint must be written first.
    ///
    /// # Errors
    /// This broker no longer follows in that epoch, or the log is offline.
    pub(crate) fn begin_cut(&self, epoch: LeaderEpoch, to: Offset, anew: bool) -> Result<bool, ErrorCode> {
        let mut inner = self.lock();
        if inner.epoch != epoch || inner.leads() || inner.is_changing {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        let is_quorum = matches!(inner.role, Role::Quorum { .. });
        let log = inner.log.as_mut().map_err(|_| ErrorCode::KafkaStorageError)?;
        // The quorum's log begins anew behind a snapshot only where it does not go further already.
        if is_quorum && anew && to < log.log_end() {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        let is_anew = anew || to < log.log_start();
        let is_above = log.lower_recovery_point(to);
        // The checkpoint is true of the log before the cut, and of the one after it.
        inner.begins_at = is_anew.then_some(to.max(log.log_start()));
        inner.is_cutting = true;
        Ok(is_above || is_anew)
    }

    /// Cuts the log at `to`, or begins it anew there; returns what must be synced before anything is appended.
    ///
    /// # Errors
    /// As [`Partition::begin_cut`], or the disk fails.
    pub(crate) fn cut(
        &self,
        epoch: LeaderEpoch,
        to: Offset,
        anew: bool,
        now: Timestamp,
    ) -> Result<SyncSet<E::Disk>, ErrorCode> {
        let mut inner = self.lock();
        if inner.epoch != epoch || inner.leads() || inner.is_changing {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        let is_quorum = matches!(inner.role, Role::Quorum { .. });
        let high_watermark = inner.high_watermark;
        let log = inner.log.as_mut().map_err(|_| ErrorCode::KafkaStorageError)?;
        // It may have gone on since the cut was begun.
        if is_quorum && anew && to < log.log_end() {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        assert!(!is_quorum || high_watermark <= to, "RAFT-5");
        let start = log.log_start();
        reached(if anew || to < start { Situation::BegunAnew } else { Situation::Cut });
        let cut = if anew || to < start { log.restart_at(to, now) } else { log.truncate(to, now) };
        inner.begins_at = None;
        let set = inner.disk_result("cutting the log", cut)?;
        let end = inner.end()?;
        inner.high_watermark = inner.high_watermark.min(end);
        if anew {
            inner.high_watermark = end;
        }
        Ok(set)
    }

    /// The cut is on disk, or was given up.
    pub(crate) fn end_cut(&self) {
        let mut inner = self.lock();
        inner.is_cutting = false;
        inner.begins_at = None;
        inner.waiters.tell_all();
    }

    /// Follows the log's start of its leader.
    pub(crate) fn follow_log_start(&self, start: Offset) {
        let high_watermark = self.lock().high_watermark;
        self.advance_start(start.min(high_watermark));
    }
}

fn position<E: Env>(inner: &Inner<E>, log: &ottla_core::log::Log<E::Disk>) -> FollowerPosition {
    let last_epoch = log.epochs().epoch_at(log.log_end() + -1);
    let has_records = log.log_start() < log.log_end();
    FollowerPosition {
        epoch: inner.epoch,
        end: log.log_end(),
        last_epoch: last_epoch.filter(|_| has_records).unwrap_or(LeaderEpoch(-1)),
        log_start: log.log_start(),
    }
}
