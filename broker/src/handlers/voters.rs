//! AddRaftVoter, RemoveRaftVoter, UpdateRaftVoter, and who votes, for DescribeCluster (KIP-853).

use std::{sync::Arc, time::Duration};

use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    raft::{Membership, ReplicaKey, Voter, VoterEndpoint},
    types::{NodeId, Uuid},
};
use ottla_net::{
    messages::generated::{
        add_raft_voter::{AddRaftVoterRequest, AddRaftVoterResponse},
        describe_cluster::{
            DescribeClusterRequest, DescribeClusterResponse, response::DescribeClusterBroker,
        },
        remove_raft_voter::{RemoveRaftVoterRequest, RemoveRaftVoterResponse},
        update_raft_voter::{UpdateRaftVoterRequest, UpdateRaftVoterResponse},
    },
    wire::Str,
};

use super::message;
use crate::{
    Broker,
    quorum::{members::refusal, requests::check_cluster},
};

/// A refusal: the code and the sentence.
type Refused = (ErrorCode, String);
/// How often the leader looks whether a new voter has caught up.
const LOOK: Duration = Duration::from_millis(10);
/// Most endpoints of a voter.
const ENDPOINTS_MAX: usize = 32;

impl<E: Env> Broker<E> {
    pub(super) async fn add_raft_voter(&self, request: &AddRaftVoterRequest) -> AddRaftVoterResponse {
        let mut response = AddRaftVoterResponse::default();
        if let Err((code, why)) = self.add_voter(request).await {
            (response.error_code, response.error_message) = (code.code(), message(why));
        }
        response
    }

    async fn add_voter(&self, request: &AddRaftVoterRequest) -> Result<(), Refused> {
        let new = ReplicaKey { node: NodeId(request.voter_id), directory: request.voter_directory_id };
        let members = self.check_change(request.cluster_id.as_ref(), new)?;
        let endpoints = endpoints(&request.listeners, |l| (&l.name, &l.host, l.port))?;
        if let Some(voter) = members.voters.get(new.node) {
            let why = format!(
                "The voter id for ReplicaKey(id={}, directoryId={}) is already part of the set of voters [{}].",
                new.node, new.directory, voter.directory
            );
            return Err((ErrorCode::DuplicateVoter, why));
        }
        // A voter that lacks what was committed would be counted on for what it has not.
        let within = Duration::from_millis(request.timeout_ms.max(0) as u64);
        let committed = self.quorum.ends().1;
        let caught_up = async {
            while self.quorum.observer_end(new).is_none_or(|end| end < committed) {
                self.env.sleep(LOOK).await;
            }
        };
        if until(self.env.sleep(within), caught_up).await.is_none() {
            let why = format!(
                "Node {} with directory {} has not fetched the metadata up to {committed} within {} ms: is it running, with \
                 this cluster's controllers in controller.quorum.bootstrap.servers?",
                new.node,
                new.directory,
                within.as_millis()
            );
            return Err((ErrorCode::RequestTimedOut, why));
        }
        let to = self.quorum.members().voters.with(new.node, Voter { directory: new.directory, endpoints });
        self.change(to).await
    }

    pub(super) async fn remove_raft_voter(
        &self,
        request: &RemoveRaftVoterRequest,
    ) -> RemoveRaftVoterResponse {
        let mut response = RemoveRaftVoterResponse::default();
        if let Err((code, why)) = self.remove_voter(request).await {
            (response.error_code, response.error_message) = (code.code(), message(why));
        }
        response
    }

    async fn remove_voter(&self, request: &RemoveRaftVoterRequest) -> Result<(), Refused> {
        let gone = ReplicaKey { node: NodeId(request.voter_id), directory: request.voter_directory_id };
        let members = self.check_change(request.cluster_id.as_ref(), gone)?;
        if members.voters.get(gone.node).is_none_or(|voter| voter.directory != gone.directory) {
            let why = format!(
                "Cannot remove voter ReplicaKey(id={}, directoryId={}): it is not in the set of voters.",
                gone.node, gone.directory
            );
            return Err((ErrorCode::VoterNotFound, why));
        }
        self.change(members.voters.without(gone.node)).await
    }

    /// A voter tells that it is reached elsewhere now.
    pub(super) async fn update_raft_voter(
        &self,
        request: &UpdateRaftVoterRequest,
    ) -> UpdateRaftVoterResponse {
        let mut response = UpdateRaftVoterResponse::default();
        let updated = self.update_voter(request).await;
        let (epoch, leader) = self.quorum.leader();
        (response.current_leader.leader_id, response.current_leader.leader_epoch) =
            (leader.map_or(-1, |id| id.0), epoch.0);
        if let Some(at) = leader.and_then(|id| self.quorum.endpoint_of(id)) {
            (response.current_leader.host, response.current_leader.port) =
                (Str::from(at.host), at.port.into());
        }
        if let Err((code, why)) = updated {
            tracing::debug!("a voter's endpoints are not changed: {why}");
            response.error_code = code.code();
        }
        response
    }

    async fn update_voter(&self, request: &UpdateRaftVoterRequest) -> Result<(), Refused> {
        let voter = ReplicaKey { node: NodeId(request.voter_id), directory: request.voter_directory_id };
        let members = self.check_change(request.cluster_id.as_ref(), voter)?;
        let refused = |code: ErrorCode| (code, code.to_string());
        let epoch = self.quorum.leader().0.0;
        if request.current_leader_epoch != epoch {
            let is_older = request.current_leader_epoch < epoch;
            return Err(refused(if is_older {
                ErrorCode::FencedLeaderEpoch
            } else {
                ErrorCode::UnknownLeaderEpoch
            }));
        }
        let endpoints = endpoints(&request.listeners, |l| (&l.name, &l.host, l.port))?;
        if members.voters.get(voter.node).is_none_or(|v| v.directory != voter.directory) {
            return Err(refused(ErrorCode::VoterNotFound));
        }
        self.change(members.voters.with(voter.node, Voter { directory: voter.directory, endpoints })).await
    }

    /// Whether voters can be changed here at all.
    fn check_change(&self, cluster: Option<&Str>, voter: ReplicaKey) -> Result<Arc<Membership>, Refused> {
        let refused = |code: ErrorCode, why: &str| (code, why.to_owned());
        check_cluster(cluster, self.quorum.cluster_id())
            .map_err(|code| refused(code, "The request is for another cluster."))?;
        if !self.quorum.is_active() {
            return Err(refused(ErrorCode::NotLeaderOrFollower, "This node does not lead the quorum."));
        }
        if voter.node.0 < 0 || voter.directory == Uuid::ZERO {
            return Err(refused(ErrorCode::InvalidRequest, "A voter has an id and a directory id."));
        }
        Ok(self.quorum.members())
    }

    async fn change(&self, to: ottla_core::raft::VoterSet) -> Result<(), Refused> {
        self.quorum.change_voters(to).await.map_err(|why| {
            let (code, why) = refusal(why);
            (code, why.to_owned())
        })
    }

    /// DescribeCluster on a controller's listener: the voters; until the quorum is formed, also who might become one.
    pub(super) fn describe_controllers(&self, request: &DescribeClusterRequest) -> DescribeClusterResponse {
        let mut response = DescribeClusterResponse::default();
        let refusal = match request.endpoint_type {
            2 => None,
            1 => Some((
                ErrorCode::MismatchedEndpointType,
                "The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER",
            )),
            _ => Some((ErrorCode::UnsupportedEndpointType, "Unsupported endpoint type")),
        };
        if let Some((code, why)) = refusal {
            (response.error_code, response.error_message) = (code.code(), message(why));
            return response;
        }
        response.endpoint_type = 2;
        response.cluster_id = Str::from(self.quorum.cluster_id().map_or(String::new(), |id| id.to_string()));
        response.controller_id = self.quorum.leader().1.map_or(-1, |id| id.0);
        let members = self.quorum.members();
        let one = |node: NodeId, at: &VoterEndpoint| DescribeClusterBroker {
            broker_id: node.0,
            host: Str::from(at.host.clone()),
            port: at.port.into(),
            rack: None,
            is_fenced: false,
        };
        let named = members.voters.iter().filter_map(|(node, v)| Some(one(node, v.endpoints.first()?)));
        response.brokers = named.collect();
        if !members.is_formed && members.voters.get(self.node).is_none() {
            response.brokers.extend(self.quorum.own_endpoint().map(|at| one(self.node, at)));
        }
        response
    }
}

/// The endpoints of a voter, of the listeners that a request names.
fn endpoints<L>(
    listeners: &[L],
    parts: impl Fn(&L) -> (&Str, &Str, u16),
) -> Result<Vec<VoterEndpoint>, Refused> {
    if listeners.is_empty() || ENDPOINTS_MAX < listeners.len() {
        let why = format!("A voter has 1 to {ENDPOINTS_MAX} listeners, not {}.", listeners.len());
        return Err((ErrorCode::InvalidRequest, why));
    }
    let endpoint = |l: &L| {
        let (name, host, port) = parts(l);
        VoterEndpoint { listener: name.to_string(), host: host.to_string(), port }
    };
    Ok(listeners.iter().map(endpoint).collect())
}
