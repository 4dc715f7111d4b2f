//! How a node gets its place among the voters, and keeps it: whom it finds, what it asks the leader.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use ottla_client::ClientError;
use ottla_core::{
    env::Env,
    errors::ErrorCode,
    raft::{Membership, Voter, VoterEndpoint, VoterSet},
    types::{LeaderEpoch, NodeId, Uuid},
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

use super::{NO_PANIC, Quorum};
use crate::peers::Lane;

/// How long the leader may take to answer.
const WITHIN: Duration = Duration::from_secs(5);

impl<E: Env> Quorum<E> {
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
        let request = update_raft_voter::UpdateRaftVoterRequest {
            cluster_id: self.cluster_text(),
            current_leader_epoch: epoch.0,
            voter_id: self.node.0,
            voter_directory_id: self.directory,
            listeners: self.own_listeners(|name, host, port| update_raft_voter::request::Listener {
                name,
                host,
                port,
            }),
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
        let request = add_raft_voter::AddRaftVoterRequest {
            cluster_id: self.cluster_text(),
            timeout_ms: (WITHIN / 2).as_millis() as i32,
            voter_id: self.node.0,
            voter_directory_id: self.directory,
            listeners: self.own_listeners(|name, host, port| add_raft_voter::request::Listener {
                name,
                host,
                port,
            }),
            ack_when_committed: true,
        };
        let to = (address, Lane::Forward);
        let answer: add_raft_voter::AddRaftVoterResponse =
            self.peers.ask(to, ApiKey::AddRaftVoter, &request, WITHIN).await?;
        Ok(ErrorCode::from_code(answer.error_code))
    }

    /// Where this node's own controller listens, as a request says it.
    fn own_listeners<L>(&self, listener: impl Fn(Str, Str, u16) -> L) -> Vec<L> {
        let one = |at: &VoterEndpoint| {
            listener(Str::from(at.listener.clone()), Str::from(at.host.clone()), at.port)
        };
        self.members.own.iter().map(one).collect()
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
        if voters.latest().0.at.is_none() {
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
