//! Who votes, as this node knows it: from the log, the settings, and what others tell.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use ottla_client::ClientError;
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    raft::{
        Input, Membership, NoChange, ReplicaKey, Voter, VoterEndpoint, VoterHistory, VoterSet,
        control::{Control, control_batch, controls_of},
    },
    record::batch::batches,
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            add_raft_voter,
            describe_cluster::{
                DescribeClusterRequest, DescribeClusterResponse, response::DescribeClusterBroker,
            },
            remove_raft_voter, update_raft_voter,
        },
    },
    wire::Str,
};
use tokio::sync::oneshot;

use super::{NO_PANIC, Quorum};
use crate::{peers::Lane, topology::Topology};

/// How long a change of voters may take to be written, and a node to answer who it is.
const WITHIN: Duration = Duration::from_secs(5);

/// Most nodes of which it is remembered where they say that they listen.
const LEARNED_MAX: usize = 100;

/// What is known of the voters.
pub(super) struct Voters {
    history: VoterHistory,
    /// What holds by the whole log.
    latest: Arc<Membership>,
    /// Counts the changes of it.
    version: u64,
}

/// What a quorum knows about its voters, and how it finds them.
pub(super) struct Members {
    /// What the log says, behind what the settings say.
    pub(super) voters: Mutex<Voters>,
    /// Where nodes listen that the log does not name, as others told.
    learned: Mutex<BTreeMap<NodeId, String>>,
    /// `controller.quorum.bootstrap.servers`.
    bootstrap: Vec<String>,
    /// Whom the settings name, in one way or the other.
    contacts: Vec<String>,
    /// Where this node's own controller listens.
    pub(super) own: Vec<VoterEndpoint>,
    /// Who waits for a change to be written.
    changing: Mutex<Option<oneshot::Sender<Result<Offset, NoChange>>>>,
}

impl Members {
    pub(super) fn new(first: Membership, topology: &Topology) -> Members {
        let given = topology.voters.nodes().filter_map(|node| topology.voters.address(node));
        let contacts = topology.bootstrap.iter().cloned().chain(given).collect();
        let (bootstrap, own) = (topology.bootstrap.clone(), topology.controller.clone());
        let latest = Arc::new(first.clone());
        let voters = Voters { history: VoterHistory::new(first), latest, version: 0 };
        let (learned, changing) = (Mutex::default(), Mutex::default());
        Members { voters: Mutex::new(voters), learned, bootstrap, contacts, own, changing }
    }
}

impl Voters {
    /// What holds by the whole log, and a number that is another after each change.
    pub(super) fn latest(&self) -> (&Arc<Membership>, u64) {
        (&self.latest, self.version)
    }

    /// What holds by the log up to there.
    pub(super) fn up_to(&self, end: Offset) -> Membership {
        self.history.up_to(end)
    }

    fn change(&mut self, change: impl FnOnce(&mut VoterHistory)) {
        change(&mut self.history);
        self.latest = Arc::new(self.history.latest());
        self.version += 1;
    }

    /// Takes in what batches of the log say of voters between two offsets.
    ///
    /// # Errors
    /// There is a control record that this release does not know.
    pub(super) fn note(&mut self, bytes: &[u8], from: Offset, to: Offset) -> Result<(), String> {
        for (_, batch) in batches(bytes) {
            for (at, control) in controls_of(&batch)?.into_iter().filter(|(at, _)| from <= *at && *at < to) {
                self.change(|history| {
                    history.note(at, &control);
                });
            }
        }
        Ok(())
    }

    /// The log was cut there.
    pub(super) fn cut(&mut self, to: Offset) {
        self.change(|history| history.cut(to));
    }

    /// Begins anew, with this.
    pub(super) fn restart(&mut self, first: Membership) {
        self.change(|history| *history = VoterHistory::new(first));
    }
}

impl<E: Env> Quorum<E> {
    /// What holds of the voters by the whole log.
    pub(crate) fn members(&self) -> Arc<Membership> {
        self.members.voters.lock().expect(NO_PANIC).latest.clone()
    }

    /// This node with its directory.
    pub(crate) fn replica(&self) -> ReplicaKey {
        ReplicaKey { node: self.node, directory: self.directory }
    }

    /// Where this node's own controller listens.
    pub(crate) fn own_endpoint(&self) -> Option<&VoterEndpoint> {
        self.members.own.first()
    }

    /// Where a node's controller listens, if anybody has told.
    pub(crate) fn address_of(&self, node: NodeId) -> Option<String> {
        // What it says itself is newer than what the log says.
        let learned = self.members.learned.lock().expect(NO_PANIC).get(&node).cloned();
        learned.or_else(|| self.members().voters.address(node))
    }

    /// Where the leader of the quorum listens, if it is known.
    pub(crate) fn leader_address(&self) -> Option<String> {
        self.address_of(self.leader().1?)
    }

    /// Somebody told where a node listens.
    pub(crate) fn learn(&self, node: NodeId, host: &str, port: u16) {
        if !host.is_empty() && 0 <= node.0 {
            let endpoint = VoterEndpoint { listener: String::new(), host: host.to_owned(), port };
            let mut learned = self.members.learned.lock().expect(NO_PANIC);
            if learned.len() < LEARNED_MAX || learned.contains_key(&node) {
                learned.insert(node, endpoint.address());
            }
        }
    }

    /// The log says anew where voters listen.
    pub(super) fn forget_learned(&self) {
        self.members.learned.lock().expect(NO_PANIC).clear();
    }

    /// The other voters that can be reached.
    pub(super) fn others(&self) -> Vec<(NodeId, String)> {
        let voters = &self.members().voters;
        let others = voters.nodes().filter(|node| *node != self.node);
        others.filter_map(|node| Some((node, voters.address(node)?))).collect()
    }

    /// Whom to ask who leads: the other voters, and whom the settings name.
    pub(super) fn contacts(&self) -> Vec<String> {
        let own: Vec<String> = self.members.own.iter().map(VoterEndpoint::address).collect();
        let mut contacts: Vec<String> = self.others().into_iter().map(|(_, address)| address).collect();
        let given = self.members.contacts.iter().filter(|contact| !own.contains(contact));
        contacts.extend(given.cloned());
        contacts.sort_unstable();
        contacts.dedup();
        contacts
    }

    /// Reads what the log says of the voters from its beginning, or from where the snapshot ends.
    ///
    /// # Errors
    /// It cannot be read, or says what this release does not know.
    pub(super) fn read_members(&self, from: Offset, to: Offset) -> Result<(), String> {
        // Nobody sees it before it is read to its end.
        let mut voters = self.members.voters.lock().expect(NO_PANIC);
        let mut again = Voters { history: voters.history.clone(), latest: voters.latest.clone(), version: 0 };
        again.cut(from);
        let mut unknown = Ok(());
        let read = self.partition.read_between(from, to, |batch| {
            if unknown.is_ok() {
                unknown = again.note(batch, from, to);
            }
        });
        read.map_err(|code| format!("the metadata log cannot be read: {code}"))?;
        unknown?;
        voters.change(|history| *history = again.history);
        Ok(())
    }

    /// The log was not cut where it was to be: what it says of the voters is read again.
    pub(super) fn read_members_again(&self) {
        let from = self.snapshots.newest().map_or(Offset(0), |id| id.offset);
        if let Err(why) = self.read_members(from, self.ends().0) {
            self.gives_up(&why);
        }
    }

    /// Appends a record about voters as the leader, and lets the machine go by it; says whether the log is there.
    pub(super) fn write_members(&self, epoch: LeaderEpoch, control: &Control) -> bool {
        let mut active = self.active.lock().expect(NO_PANIC);
        let Some(active) = active.as_mut().filter(|active| active.epoch == epoch) else { return true };
        let mut voters = self.members.voters.lock().expect(NO_PANIC);
        let is_change = voters.latest.is_formed;
        let now = self.env.wall();
        let batch = control_batch(std::slice::from_ref(control), Offset(0), epoch, now);
        let Ok(appended) = self.partition.append_own(batch, epoch, now) else { return false };
        assert_eq!(appended.base, active.end, "RAFT-7");
        active.end = appended.end;
        voters.change(|history| {
            history.note(appended.base, control);
        });
        tracing::info!(%epoch, "the quorum: {control:?}");
        if is_change {
            self.answer_change(Ok(appended.end));
        }
        true
    }

    /// Answers who asked for a change of voters.
    pub(super) fn answer_change(&self, answer: Result<Offset, NoChange>) {
        if let Some(waiting) = self.members.changing.lock().expect(NO_PANIC).take() {
            // Who does not wait any more looks at the voters.
            let _ = waiting.send(answer);
        }
    }

    /// Lets the voters be others, one at a time, and waits until that is committed and taken in here.
    ///
    /// # Errors
    /// This node does not lead, or not any more; another change goes on; or what [`NoChange`] says.
    pub(crate) async fn change_voters(&self, to: VoterSet) -> Result<(), NoChange> {
        let (sender, answer) = oneshot::channel();
        {
            let mut changing = self.members.changing.lock().expect(NO_PANIC);
            if changing.as_ref().is_some_and(|waiting| !waiting.is_closed()) {
                return Err(NoChange::NotYet);
            }
            *changing = Some(sender);
        }
        let epoch = self.leader().0;
        self.tell(Input::Change(to));
        let answer = until(self.env.sleep(WITHIN), answer).await;
        let end = answer.and_then(Result::ok).unwrap_or(Err(NoChange::NotLeader))?;
        self.taken_in(end, epoch).await.map_err(|_| NoChange::NotLeader)
    }

    /// How far a replica that is no voter has fetched, if it was heard of just now.
    pub(crate) fn observer_end(&self, replica: ReplicaKey) -> Option<Offset> {
        let (now, recent) = (self.env.now(), self.timing.fetch_timeout / 2);
        let observers = self.observers.lock().expect(NO_PANIC);
        observers.get(&replica).filter(|(_, at)| now.since(*at) < recent).map(|(end, _)| *end)
    }

    /// Lets the leader know where this voter is reached now; or, if the settings say so, that it would be one.
    pub(super) fn ask_for_place(self: &Arc<Self>, epoch: LeaderEpoch, leader: NodeId) {
        let members = self.members();
        let is_voter = members.voters.has(self.replica());
        let is_elsewhere =
            is_voter && members.voters.get(self.node).is_some_and(|v| v.endpoints != self.members.own);
        let is_wanted = if is_voter { is_elsewhere } else { self.joins };
        if !members.is_formed || self.members.own.is_empty() || !is_wanted {
            return;
        }
        let Some(address) = self.address_of(leader) else { return };
        if self.is_asking.swap(true, Ordering::SeqCst) {
            return;
        }
        let quorum = self.clone();
        self.env.spawn("ask-for-place", async move {
            let told = match members.voters.get(quorum.node) {
                Some(_) if is_voter => quorum.ask_to_update(&address, epoch).await,
                // It is the same node, and its disk another: what the old one had is gone.
                Some(lost) => quorum.ask_to_remove(&address, lost.directory).await,
                None => quorum.ask_to_add(&address).await,
            };
            tracing::info!(%leader, "asked for a place among the voters: {told:?}");
            quorum.env.sleep(quorum.timing.election_timeout).await;
            quorum.is_asking.store(false, Ordering::SeqCst);
        });
    }

    async fn ask_to_update(&self, address: &str, epoch: LeaderEpoch) -> Result<ErrorCode, ClientError> {
        let listener = |at: &VoterEndpoint| update_raft_voter::request::Listener {
            name: Str::from(at.listener.clone()),
            host: Str::from(at.host.clone()),
            port: at.port,
        };
        let request = update_raft_voter::UpdateRaftVoterRequest {
            cluster_id: self.cluster_text(),
            current_leader_epoch: epoch.0,
            voter_id: self.node.0,
            voter_directory_id: self.directory,
            listeners: self.members.own.iter().map(listener).collect(),
            k_raft_version_feature: update_raft_voter::request::KRaftVersionFeature {
                min_supported_version: 0,
                max_supported_version: 1,
            },
        };
        let to = (address, Lane::Forward);
        let answer: update_raft_voter::UpdateRaftVoterResponse =
            self.peers.ask(to, ApiKey::UpdateRaftVoter, &request, WITHIN).await?;
        Ok(ErrorCode::from_code(answer.error_code))
    }

    async fn ask_to_remove(&self, address: &str, lost: Uuid) -> Result<ErrorCode, ClientError> {
        let request = remove_raft_voter::RemoveRaftVoterRequest {
            cluster_id: self.cluster_text(),
            voter_id: self.node.0,
            voter_directory_id: lost,
        };
        let to = (address, Lane::Forward);
        let answer: remove_raft_voter::RemoveRaftVoterResponse =
            self.peers.ask(to, ApiKey::RemoveRaftVoter, &request, WITHIN).await?;
        Ok(ErrorCode::from_code(answer.error_code))
    }

    async fn ask_to_add(&self, address: &str) -> Result<ErrorCode, ClientError> {
        let listener = |at: &VoterEndpoint| add_raft_voter::request::Listener {
            name: Str::from(at.listener.clone()),
            host: Str::from(at.host.clone()),
            port: at.port,
        };
        let request = add_raft_voter::AddRaftVoterRequest {
            cluster_id: self.cluster_text(),
            timeout_ms: (WITHIN / 2).as_millis() as i32,
            voter_id: self.node.0,
            voter_directory_id: self.directory,
            listeners: self.members.own.iter().map(listener).collect(),
            ack_when_committed: true,
        };
        let to = (address, Lane::Forward);
        let answer: add_raft_voter::AddRaftVoterResponse =
            self.peers.ask(to, ApiKey::AddRaftVoter, &request, WITHIN).await?;
        Ok(ErrorCode::from_code(answer.error_code))
    }

    fn cluster_text(&self) -> Option<Str> {
        self.cluster_id().map(|id| Str::from(id.to_string()))
    }

    /// Lets the voters name where this leader is reached, if they name another place.
    pub(super) async fn keep_own_place(self: Arc<Self>, epoch: LeaderEpoch) {
        while self.controls() == Some(epoch) && !self.members.own.is_empty() {
            let members = self.members();
            let Some(own) = members.voters.get(self.node).filter(|_| members.voters.has(self.replica()))
            else {
                return;
            };
            let is_named = own.endpoints == self.members.own;
            if members.is_formed && is_named {
                return;
            }
            if members.is_formed {
                let place = Voter { endpoints: self.members.own.clone(), ..own.clone() };
                let told = self.change_voters(members.voters.with(self.node, place)).await;
                tracing::info!("the leader of the quorum is reached elsewhere: {told:?}");
            }
            self.env.sleep(self.timing.election_timeout / 4).await;
        }
    }

    /// Asks the nodes that the settings name who they are, until all have answered: they are the voters of a quorum that
    /// is new, unless the log says otherwise by then.
    pub(super) async fn find_voters(self: Arc<Self>) {
        let servers = self.members.bootstrap.clone();
        let mut found: BTreeMap<String, (NodeId, VoterEndpoint)> = BTreeMap::new();
        while found.len() < servers.len() && !self.stopping.is_cancelled() {
            if self.members().at.is_some() {
                return;
            }
            for server in servers.iter().filter(|server| !found.contains_key(*server)).collect::<Vec<_>>() {
                match self.who_is(server).await {
                    Some(who) => drop(found.insert(server.clone(), who)),
                    None => tracing::debug!("{server} does not say who it is yet"),
                }
            }
            self.env.sleep(self.timing.election_timeout / 8).await;
        }
        let voter = |(node, at): &(NodeId, VoterEndpoint)| {
            (*node, Voter { endpoints: vec![at.clone()], ..Voter::default() })
        };
        let set: VoterSet = found.values().map(voter).collect();
        if set.len() < servers.len() {
            tracing::error!(
                "controller.quorum.bootstrap.servers: two of the servers are one node, or have one id"
            );
            return;
        }
        let mut voters = self.members.voters.lock().expect(NO_PANIC);
        if voters.latest.at.is_none() {
            tracing::info!("the servers of a quorum that may be new: {:?}", set.nodes().collect::<Vec<_>>());
            voters.restart(Membership { voters: set, ..Membership::default() });
        }
        drop(voters);
        self.wake.notify_one();
    }

    /// Asks a controller's listener which node it is.
    async fn who_is(&self, server: &str) -> Option<(NodeId, VoterEndpoint)> {
        let (host, port) = server.rsplit_once(':')?;
        let own = self.members.own.iter().find(|own| own.address() == server);
        let listener = self.members.own.first().map_or(String::new(), |own| own.listener.clone());
        let (host, port) = (host.trim_matches(['[', ']']).to_owned(), port.parse().ok()?);
        let at = VoterEndpoint { listener, host, port };
        if own.is_some() {
            return Some((self.node, at));
        }
        let request = DescribeClusterRequest { endpoint_type: 2, ..Default::default() };
        let within = self.timing.election_timeout;
        let asked = self.peers.ask((server, Lane::Election), ApiKey::DescribeCluster, &request, within).await;
        let told: DescribeClusterResponse = asked.ok()?;
        let is_it = |b: &&DescribeClusterBroker| *b.host == *at.host && b.port == i32::from(at.port);
        told.brokers.iter().find(is_it).map(|b| (NodeId(b.broker_id), at.clone()))
    }
}

/// The refusal of a change, as a client is told.
pub(crate) fn refusal(why: NoChange) -> (ErrorCode, &'static str) {
    match why {
        NoChange::NotLeader => {
            (ErrorCode::NotLeaderOrFollower, "This node does not lead the quorum (any more).")
        }
        NoChange::NotYet => (
            ErrorCode::RequestTimedOut,
            "The quorum is about to change already, or has not committed anything under this leader: try again.",
        ),
        NoChange::TooFew => (
            ErrorCode::InvalidRequest,
            "No majority of the voters that there would be is heard of: let go of the ones that are lost first, or start \
             the others.",
        ),
        NoChange::TooMuch => {
            (ErrorCode::InvalidRequest, "One voter can go or come at a time, and one must stay.")
        }
    }
}
