//! Following the leader of the quorum: its log is fetched, and ours is cut where it goes on otherwise.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use ottla_client::ClientError;
use ottla_core::{
    env::Env,
    errors::ErrorCode,
    raft::{Input, LogEnd},
    types::{LeaderEpoch, NodeId, Offset, Timestamp},
};
use ottla_net::messages::{
    ApiKey,
    generated::fetch::{FetchResponse, response::PartitionData},
};

use super::{NO_PANIC, Quorum, requests};
use crate::{partition::replication::FollowerPosition, peers::Lane};

/// The leader answers after so long though there is nothing new: then this node knows that it is there.
pub(super) const WAIT_MAX: Duration = Duration::from_millis(500);
/// The pause after a snapshot that could not be taken.
const SNAPSHOT_BACKOFF: Duration = Duration::from_millis(500);
/// The pause after a fetch that failed.
const BACKOFF: Duration = Duration::from_millis(20);

impl<E: Env> Quorum<E> {
    /// Fetches from a leader for as long as it leads.
    pub(super) async fn follow(self: Arc<Self>, epoch: LeaderEpoch, leader: NodeId) {
        let address = self.address_of(leader).unwrap_or_default();
        let mine = self.followings.fetch_add(1, Ordering::SeqCst) + 1;
        // A node that lost this leader and found it again has begun anew: two would cut by each other's answers.
        let is_current = || self.followings.load(Ordering::SeqCst) == mine;
        while is_current() && self.leader() == (epoch, Some(leader)) && !self.is_over() {
            let Some(at) = self.position() else { return };
            // What it has appended as a leader may not be on disk yet.
            if self.partition.kept(at.end).await.is_err() {
                return;
            }
            match self.fetch(&address, epoch, &at, WAIT_MAX).await {
                // What was asked from another place says nothing of this one.
                Ok(_) if self.position() != Some(at) || !is_current() => {}
                Ok(answer) => {
                    let is_same = || is_current() && self.position() == Some(at);
                    self.take_answer((epoch, leader), &at, &answer, is_same).await;
                }
                Err(ClientError::Timeout) => {}
                Err(e) => {
                    tracing::debug!(%leader, "fetching metadata failed: {e}");
                    *self.lost.lock().expect(NO_PANIC) = Some(leader);
                    self.tell(Input::Lost(epoch, leader));
                    self.env.sleep(BACKOFF).await;
                }
            }
        }
    }

    async fn fetch(
        &self,
        address: &str,
        epoch: LeaderEpoch,
        at: &FollowerPosition,
        wait: Duration,
    ) -> Result<PartitionData, ClientError> {
        let high_watermark = self.ends().1;
        let request = requests::fetch(self.cluster_id(), self.replica(), epoch, at, high_watermark, wait);
        let within = self.timing.fetch_timeout / 2 + wait;
        let mut answer: FetchResponse =
            self.peers.ask((address, Lane::Metadata), ApiKey::Fetch, &request, within).await?;
        ottla_client::check(answer.error_code, None)?;
        for node in &answer.node_endpoints {
            self.learn(NodeId(node.node_id), &node.host, node.port as u16);
        }
        let partition = answer.responses.pop().and_then(|mut topic| topic.partitions.pop());
        partition.ok_or(ClientError::Decode)
    }

    /// Asks a node who leads.
    pub(super) async fn ask_who_leads(&self, address: &str) {
        let Some(at) = self.position() else { return };
        // Where it fetches is what it has on disk: whoever leads may count it.
        if self.partition.kept(at.end).await.is_err() {
            return;
        }
        let (epoch, _) = self.leader();
        match self.fetch(address, epoch, &at, Duration::ZERO).await {
            Ok(answer) => {
                let told = &answer.current_leader;
                self.hear_of(told.leader_id, told.leader_epoch);
            }
            Err(e) => tracing::debug!(%address, "asking who leads failed: {e}"),
        }
    }

    /// Somebody has told who leads, or that it does not know.
    pub(super) fn hear_of(&self, leader: i32, epoch: i32) {
        if 0 <= leader {
            self.tell(Input::Leads(LeaderEpoch(epoch), NodeId(leader)));
        }
    }

    /// The leader of the epoch is there.
    pub(super) fn is_heard(&self, epoch: LeaderEpoch) {
        *self.lost.lock().expect(NO_PANIC) = None;
        self.tell(Input::Heard(epoch, Offset(0)));
    }

    async fn take_answer(
        self: &Arc<Self>,
        (epoch, leader): (LeaderEpoch, NodeId),
        at: &FollowerPosition,
        answer: &PartitionData,
        is_same: impl Fn() -> bool,
    ) {
        match ErrorCode::from_code(answer.error_code) {
            ErrorCode::None => {}
            code => {
                tracing::debug!(%leader, %epoch, "fetching metadata was refused: {code}");
                self.hear_of(answer.current_leader.leader_id, answer.current_leader.leader_epoch);
                return self.env.sleep(BACKOFF).await;
            }
        }
        self.is_heard(epoch);
        if 0 <= answer.snapshot_id.end_offset {
            let (of, end) = (LeaderEpoch(answer.snapshot_id.epoch), Offset(answer.snapshot_id.end_offset));
            let id = LogEnd { epoch: of, offset: end };
            if !self.take_snapshot((epoch, leader), id, is_same).await {
                self.env.sleep(SNAPSHOT_BACKOFF).await;
            }
            return;
        }
        if 0 <= answer.diverging_epoch.end_offset {
            let told = &answer.diverging_epoch;
            let to = self.partition.divergence(LeaderEpoch(told.epoch), Offset(told.end_offset));
            if to < self.ends().1 {
                // Not a cut, but another log: what is committed here stays as it is.
                let (mine, theirs, committed) = (at.end, told.end_offset, self.ends().1);
                self.gives_up(&format!(
                    "node {leader} leads a log without what is committed here: of epoch {} it has what is before {theirs}, here \
                     {committed} is committed, and the log ends at {mine}",
                    told.epoch
                ));
                return;
            }
            tracing::info!(%to, "the metadata log is cut: its leader has another");
            self.members.voters.lock().expect(NO_PANIC).cut(to);
            // Who follows another leader by now cuts by what that one says.
            if self.partition.cut_to(epoch, to, false).await.is_err() {
                self.read_members_again();
            }
            return;
        }
        let high_watermark = Offset(answer.high_watermark);
        let records = answer.records.clone().unwrap_or_default();
        let now = self.env.wall();
        let Some(end) = self.append_fetched(epoch, at.end, &records, high_watermark, now) else { return };
        if self.partition.kept(end).await.is_ok() {
            // The machine hears of the log's end before it hears what of it is committed.
            self.tell(Input::Heard(epoch, high_watermark));
            self.ask_for_place(epoch, leader);
        }
    }

    /// Appends what was fetched from `from` on, and notes what it says of voters; returns where the log ends then.
    fn append_fetched(
        &self,
        epoch: LeaderEpoch,
        from: Offset,
        records: &Bytes,
        high_watermark: Offset,
        now: Timestamp,
    ) -> Option<Offset> {
        // Whoever looks at the voters sees those of the whole log.
        let mut voters = self.members.voters.lock().expect(NO_PANIC);
        let end = self.partition.append_fetched(epoch, records, high_watermark, now).ok()?;
        let noted = voters.note(records, from, end);
        drop(voters);
        if let Err(why) = noted {
            self.gives_up(&why);
            return None;
        }
        Some(end)
    }
}
