//! The driver of the Raft machine: carries out what it says, one step after the other.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use ottla_core::{
    controller::{
        Image, Sessions, brokers,
        records::{Cluster, QuorumState, Record},
    },
    env::{Env, disk::replace_file, until},
    planted::is_planted,
    raft::{
        Ballot, Effect, ElectionState, Input, LogEnd, Membership, ReplicaKey,
        control::{Control, control_batch},
    },
    types::{LeaderEpoch, Offset, Uuid},
};
use ottla_net::messages::{ApiKey, generated as m};

use super::{Active, ELECTION_FILE, NO_PANIC, Quorum, image::records_of, requests};
use crate::peers::Lane;

impl<E: Env> Quorum<E> {
    /// Takes part in the quorum for as long as the node lives.
    pub(crate) async fn run(self: Arc<Self>) {
        let (mut told, mut told_members) = (None, 0);
        let mut queue = VecDeque::from([Input::Start]);
        if self.members().voters.is_empty() {
            self.env.spawn("find-voters", self.clone().find_voters());
        }
        while !self.is_over() {
            {
                let voters = self.members.voters.lock().expect(NO_PANIC);
                if let Some(log) = self.log_end().filter(|log| told != Some(*log)) {
                    told = Some(log);
                    queue.push_front(Input::Log(log.0, log.1));
                }
                // Before it counts with what is new in the log, the machine knows who votes by that.
                let (members, version) = voters.latest();
                if told_members != version {
                    told_members = version;
                    self.forget_learned();
                    queue.push_front(Input::Members(Membership::clone(members)));
                }
            }
            queue.extend(std::mem::take(&mut *self.inbox.lock().expect(NO_PANIC)));
            let now = self.env.now();
            if queue.is_empty() && self.raft.lock().expect(NO_PANIC).deadline() <= now {
                queue.push_back(Input::Tick);
            }
            if let Some(input) = queue.pop_front() {
                let mut effects = Vec::new();
                let random = self.env.random_u64();
                self.raft.lock().expect(NO_PANIC).step(now, random, input, &mut effects);
                for effect in effects {
                    if !self.carry_out(effect, &mut queue).await {
                        return;
                    }
                }
                continue;
            }
            self.partition.wait_for_kept(&self.wake);
            let is_same = self.members.voters.lock().expect(NO_PANIC).latest().1 == told_members;
            if !is_same || self.log_end() != told && self.log_end().is_some() {
                continue;
            }
            let deadline = self.raft.lock().expect(NO_PANIC).deadline();
            let woken = until(self.env.sleep_until(deadline), self.wake.notified());
            self.stopping.run_until_cancelled(woken).await;
        }
    }

    /// Where the log ends, and up to where it is on disk; `None` if it is offline.
    fn log_end(&self) -> Option<(LogEnd, Offset)> {
        let position = self.position()?;
        let (_, kept) = self.partition.ends().ok()?;
        let epoch = LeaderEpoch(position.last_epoch.0.max(0));
        Some((LogEnd { epoch, offset: position.end }, kept))
    }

    /// Carries out one effect; says whether the node can go on.
    async fn carry_out(self: &Arc<Self>, effect: Effect, queue: &mut VecDeque<Input>) -> bool {
        match effect {
            Effect::Persist(state) => {
                if !self.keep(state).await {
                    return false;
                }
                self.env.race("voted, and not told").await;
                queue.push_back(Input::Persisted(state));
            }
            Effect::Ask(voter, ballot) => self.env.spawn("ask-vote", self.clone().ask(voter, ballot)),
            Effect::Answer(candidate, vote) => {
                let key = (candidate, vote.is_pre_vote);
                if let Some(waiting) = self.asking.lock().expect(NO_PANIC).remove(&key) {
                    // A candidate that does not wait any more asks again.
                    let _ = waiting.send(vote);
                }
            }
            Effect::Lead(epoch) => return self.lead(epoch, queue).await,
            Effect::StepDown => self.step_down(),
            Effect::EndEpoch(epoch, successors) => {
                for (voter, address) in self.others() {
                    let (quorum, successors) = (self.clone(), successors.clone());
                    self.env.spawn("end-epoch", async move {
                        tracing::debug!(%voter, %epoch, "the epoch ends");
                        let request =
                            requests::end_epoch(quorum.cluster_id(), quorum.node, epoch, &successors);
                        let to = (&*address, Lane::Election);
                        let within = quorum.timing.election_timeout;
                        let asked = quorum.peers.ask::<_, m::end_quorum_epoch::EndQuorumEpochResponse>(
                            to,
                            ApiKey::EndQuorumEpoch,
                            &request,
                            within,
                        );
                        // Who is not told waits for its own time to be over.
                        let _ = asked.await;
                    });
                }
            }
            Effect::Follow(epoch, leader) => {
                tracing::info!(%epoch, %leader, "the quorum has a leader");
                self.partition.lead_quorum(epoch, false);
                self.changed.notify_one();
                self.env.spawn("follow-quorum", self.clone().follow(epoch, leader));
            }
            Effect::FindLeader => self.env.spawn("find-leader", self.clone().find_leader()),
            Effect::Commit(high_watermark) => {
                self.partition.quorum_committed(high_watermark);
                self.committed.notify_one();
            }
            Effect::WriteVoters(epoch, voters) => return self.writes(epoch, Control::Voters(voters)),
            Effect::WriteFormed(epoch) => return self.writes(epoch, Control::Formed),
            Effect::NoChange(why) => self.answer_change(Err(why)),
        }
        true
    }

    /// Writes down for whom it has voted in which epoch; says whether the node can go on.
    async fn keep(&self, state: ElectionState) -> bool {
        let (disk, file) = (self.disk.clone(), Bytes::from(QuorumState::to_file(state)));
        let written = async move { replace_file(&disk, ELECTION_FILE, file).await };
        if is_planted("quorum/votes-before-disk") {
            self.env.spawn("write-late", async { drop(written.await) });
            return true;
        }
        if let Err(e) = written.await {
            tracing::error!("writing the quorum's state failed: {e}");
            return self.gives_up("the quorum's state cannot be written");
        }
        true
    }

    fn writes(&self, epoch: LeaderEpoch, control: Control) -> bool {
        self.write_members(epoch, &control) || self.gives_up("the voters cannot be written down in the log")
    }

    async fn ask(self: Arc<Self>, voter: ReplicaKey, ballot: Ballot) {
        let request = requests::vote(self.cluster_id(), voter, self.directory, &ballot);
        let Some(address) = self.address_of(voter.node) else { return };
        let to = (&*address, Lane::Election);
        let within = self.timing.election_timeout;
        if let Ok(answer) = self.peers.ask(to, ApiKey::Vote, &request, within).await
            && let Some(vote) = requests::read_vote(&answer, voter.node, ballot.is_pre_vote)
        {
            self.tell(Input::Answered(vote));
        }
    }

    /// Takes the lead: begins the epoch in the log, replays what lies before it, and becomes the controller.
    async fn lead(self: &Arc<Self>, epoch: LeaderEpoch, queue: &mut VecDeque<Input>) -> bool {
        self.partition.lead_quorum(epoch, true);
        let now = self.env.wall();
        let members = self.members();
        let voters = &members.voters;
        let key = |node| ReplicaKey { node, directory: voters.get(node).map_or(Uuid::ZERO, |v| v.directory) };
        let change = Control::LeaderChange { leader: self.node, voters: voters.nodes().map(key).collect() };
        let batch = control_batch(&[change], Offset(0), epoch, now);
        let began = self.partition.append_own(batch, epoch, now);
        let Ok(began) = began else { return self.gives_up("the epoch cannot be begun in the log") };
        queue.push_back(Input::EpochBegan(began.base));
        let (from, mut image) = {
            let replayed = self.replayed.lock().expect(NO_PANIC);
            (replayed.end, Image::clone(&replayed.image))
        };
        let is_there = self.partition.kept(began.base).await;
        let mut unreadable = None;
        let read = is_there.and_then(|()| {
            self.partition.read_between(from, began.base, |batch| match records_of(batch) {
                Ok(records) if unreadable.is_none() => records.iter().for_each(|r| image.replay(r)),
                Ok(_) => {}
                Err(why) => unreadable = Some(why),
            })
        });
        if read.is_err() || unreadable.is_some() {
            tracing::error!("the metadata log cannot be replayed: {read:?} {unreadable:?}");
            return self.gives_up("the metadata log cannot be replayed");
        }
        let mut sessions = Sessions::new(&image, self.session_timeout, self.env.now());
        if let Some(lost) = *self.lost.lock().expect(NO_PANIC) {
            sessions.is_gone(lost, self.env.now());
        }
        let rebalance_at = self.next_rebalance();
        let mut active = Active { epoch, image, end: began.end, sessions, rebalance_at };
        let mut records = Vec::new();
        if active.image.cluster_id().is_none() {
            let id = self.cluster_id().unwrap_or_else(|| Uuid::from_random(|| self.env.random_u64()));
            records.push(Record::Cluster(Cluster { id: id.0.to_vec() }));
        }
        records.extend(brokers::defaults(&active.image, self.min_in_sync));
        if !records.is_empty() && self.append(&mut active, &records).is_err() {
            return self.gives_up("the metadata log cannot be written");
        }
        *self.active.lock().expect(NO_PANIC) = Some(active);
        tracing::info!(%epoch, "this node is the controller");
        self.changed.notify_one();
        self.env.spawn("begin-epoch", self.clone().announce(epoch));
        self.env.spawn("keep-own-place", self.clone().keep_own_place(epoch));
        true
    }

    pub(super) fn gives_up(&self, why: &str) -> bool {
        tracing::error!("{why}; this node takes part in the quorum no more");
        self.env.trace(format_args!("leaves the quorum: {why}"));
        self.partition.fail(why);
        self.ended.cancel();
        self.inbox.lock().expect(NO_PANIC).clear();
        self.active.lock().expect(NO_PANIC).take();
        self.wake_waiting();
        false
    }

    fn step_down(&self) {
        let (epoch, _) = self.leader();
        tracing::info!(%epoch, "this node is the controller no more");
        self.active.lock().expect(NO_PANIC).take();
        self.observers.lock().expect(NO_PANIC).clear();
        self.partition.lead_quorum(epoch, false);
        self.wake_waiting();
        self.changed.notify_one();
    }

    /// Tells the voters who leads, until each has fetched.
    async fn announce(self: Arc<Self>, epoch: LeaderEpoch) {
        for round in 0u32.. {
            let silent = {
                let raft = self.raft.lock().expect(NO_PANIC);
                if raft.leads() != Some(epoch) {
                    return;
                }
                raft.silent_voters()
            };
            if silent.is_empty() {
                return;
            }
            for voter in silent {
                let Some(address) = self.address_of(voter.node) else { continue };
                let quorum = self.clone();
                self.env.spawn("begin-epoch-of", async move {
                    let leader = (quorum.node, &quorum.members.own[..]);
                    let request = requests::begin_epoch(quorum.cluster_id(), leader, voter, epoch);
                    let to = (&*address, Lane::Election);
                    let within = quorum.timing.election_timeout;
                    let asked = quorum.peers.ask::<_, m::begin_quorum_epoch::BeginQuorumEpochResponse>(
                        to,
                        ApiKey::BeginQuorumEpoch,
                        &request,
                        within,
                    );
                    // Who was not told is told again.
                    let _ = asked.await;
                });
            }
            self.env.sleep(self.timing.election_timeout / 2 * round.clamp(1, 4)).await;
        }
    }

    /// Asks others who leads, for as long as nobody is known to.
    async fn find_leader(self: Arc<Self>) {
        while !self.finding.swap(true, Ordering::SeqCst) {
            while self.leader().1.is_none() && !self.is_over() {
                let most = (self.timing.election_timeout.as_nanos() as u64 / 4).max(1);
                let pause = Duration::from_nanos(self.env.random_u64() % most);
                self.env.sleep(self.timing.election_timeout / 8 + pause).await;
                // Another one each time: who votes may have changed.
                let contacts = self.contacts();
                if contacts.is_empty() {
                    break;
                }
                self.ask_who_leads(&contacts[(self.env.random_u64() % contacts.len() as u64) as usize]).await;
            }
            self.finding.store(false, Ordering::SeqCst);
            // Whoever lost its leader in between has begun no search of its own.
            if self.leader().1.is_some() || self.is_over() || self.contacts().is_empty() {
                return;
            }
        }
    }

    /// Whether this node takes part no more.
    pub(super) fn is_over(&self) -> bool {
        self.stopping.is_cancelled() || self.ended.is_cancelled()
    }
}
