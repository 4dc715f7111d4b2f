//! Admin calls about the cluster: its brokers, its quorum, who leads partitions and where they are.

use ottla_core::{env::Env, types::Uuid};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            add_raft_voter::{self, AddRaftVoterRequest, AddRaftVoterResponse},
            alter_partition_reassignments::{
                AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse,
                request::{ReassignablePartition, ReassignableTopic},
            },
            describe_cluster::{DescribeClusterRequest, DescribeClusterResponse},
            describe_quorum::{self, DescribeQuorumRequest, DescribeQuorumResponse},
            elect_leaders::{ElectLeadersRequest, ElectLeadersResponse, request::TopicPartitions},
            list_partition_reassignments::{
                ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
                response::OngoingPartitionReassignment,
            },
            remove_raft_voter::{RemoveRaftVoterRequest, RemoveRaftVoterResponse},
        },
    },
    wire::Str,
};

use crate::{Client, ClientError, check};

/// A partition, by its topic and its number.
pub type Place = (String, i32);
/// What became of something that was asked for a partition.
pub type Outcome = (Place, Result<(), ClientError>);

const TIMEOUT_MS: i32 = 30_000;

impl<E: Env> Client<E> {
    /// The brokers of the cluster, fenced ones included.
    ///
    /// # Errors
    /// No broker can be reached.
    pub async fn describe_cluster(&self) -> Result<DescribeClusterResponse, ClientError> {
        let request =
            DescribeClusterRequest { include_fenced_brokers: true, endpoint_type: 1, ..Default::default() };
        let response: DescribeClusterResponse = self.call(ApiKey::DescribeCluster, &request).await?;
        check(response.error_code, response.error_message.as_ref())?;
        Ok(response)
    }

    /// How the quorum of the metadata log stands.
    ///
    /// # Errors
    /// No broker can be reached, or nobody leads the quorum.
    pub async fn describe_quorum(&self) -> Result<DescribeQuorumResponse, ClientError> {
        let partition = describe_quorum::request::PartitionData { partition_index: 0 };
        let topic = describe_quorum::request::TopicData {
            topic_name: Str::from_static("__cluster_metadata"),
            partitions: vec![partition],
        };
        let request = DescribeQuorumRequest { topics: vec![topic] };
        let response: DescribeQuorumResponse = self.call(ApiKey::DescribeQuorum, &request).await?;
        check(response.error_code, response.error_message.as_ref())?;
        let partition =
            response.topics.first().and_then(|t| t.partitions.first()).ok_or(ClientError::Decode)?;
        check(partition.error_code, partition.error_message.as_ref())?;
        Ok(response)
    }

    /// Lets a node vote that has caught up with the metadata: its id, the id of its log directory, and where its
    /// controller listens, as name, host and port.
    ///
    /// # Errors
    /// The controller cannot be reached, or refuses: its sentence says why.
    pub async fn add_voter(
        &self,
        node: i32,
        directory: Uuid,
        (listener, host, port): (&str, &str, u16),
    ) -> Result<(), ClientError> {
        let at = add_raft_voter::request::Listener { name: Str::from(listener), host: Str::from(host), port };
        let request = AddRaftVoterRequest {
            cluster_id: None,
            timeout_ms: TIMEOUT_MS,
            voter_id: node,
            voter_directory_id: directory,
            listeners: vec![at],
            ack_when_committed: true,
        };
        let response: AddRaftVoterResponse = self.call(ApiKey::AddRaftVoter, &request).await?;
        check(response.error_code, response.error_message.as_ref())
    }

    /// Lets a voter go.
    ///
    /// # Errors
    /// The controller cannot be reached, or refuses: its sentence says why.
    pub async fn remove_voter(&self, node: i32, directory: Uuid) -> Result<(), ClientError> {
        let request =
            RemoveRaftVoterRequest { cluster_id: None, voter_id: node, voter_directory_id: directory };
        let response: RemoveRaftVoterResponse = self.call(ApiKey::RemoveRaftVoter, &request).await?;
        check(response.error_code, response.error_message.as_ref())
    }

    /// Moves partitions to these brokers, the first of which is to lead; `None` gives up the move that a partition is
    /// in.
    ///
    /// # Errors
    /// The controller cannot be reached.
    pub async fn reassign(&self, moves: &[(Place, Option<Vec<i32>>)]) -> Result<Vec<Outcome>, ClientError> {
        let mut topics: Vec<ReassignableTopic> = Vec::new();
        for ((topic, index), replicas) in moves {
            if topics.last().is_none_or(|last| *last.name != **topic) {
                let name = Str::from(topic.as_str());
                topics.push(ReassignableTopic { name, partitions: Vec::new() });
            }
            let partition = ReassignablePartition { partition_index: *index, replicas: replicas.clone() };
            topics.last_mut().expect("it was just made").partitions.push(partition);
        }
        let request = AlterPartitionReassignmentsRequest {
            timeout_ms: TIMEOUT_MS,
            allow_replication_factor_change: true,
            topics,
        };
        let response: AlterPartitionReassignmentsResponse =
            self.call(ApiKey::AlterPartitionReassignments, &request).await?;
        check(response.error_code, response.error_message.as_ref())?;
        let mut outcomes = Vec::new();
        for topic in &response.responses {
            for p in &topic.partitions {
                let outcome = check(p.error_code, p.error_message.as_ref());
                outcomes.push(((topic.name.to_string(), p.partition_index), outcome));
            }
        }
        Ok(outcomes)
    }

    /// The partitions that are being moved.
    ///
    /// # Errors
    /// The controller cannot be reached.
    pub async fn reassignments(&self) -> Result<Vec<(Place, OngoingPartitionReassignment)>, ClientError> {
        let request = ListPartitionReassignmentsRequest { timeout_ms: TIMEOUT_MS, topics: None };
        let response: ListPartitionReassignmentsResponse =
            self.call(ApiKey::ListPartitionReassignments, &request).await?;
        check(response.error_code, response.error_message.as_ref())?;
        let mut moving = Vec::new();
        for topic in response.topics {
            let name = topic.name.to_string();
            moving.extend(topic.partitions.into_iter().map(|p| ((name.clone(), p.partition_index), p)));
        }
        Ok(moving)
    }

    /// Elects leaders: the preferred ones or, `unclean`, any replica that is there, with the loss of what it lacks.
    /// `None` means all partitions.
    ///
    /// # Errors
    /// The controller cannot be reached.
    pub async fn elect(&self, places: Option<&[Place]>, unclean: bool) -> Result<Vec<Outcome>, ClientError> {
        let topic_partitions = places.map(|places| {
            let one = |(topic, index): &Place| TopicPartitions {
                topic: Str::from(topic.as_str()),
                partitions: vec![*index],
            };
            places.iter().map(one).collect()
        });
        let request = ElectLeadersRequest {
            election_type: i8::from(unclean),
            topic_partitions,
            timeout_ms: TIMEOUT_MS,
        };
        let response: ElectLeadersResponse = self.call(ApiKey::ElectLeaders, &request).await?;
        check(response.error_code, None)?;
        let mut outcomes = Vec::new();
        for topic in &response.replica_election_results {
            for p in &topic.partition_result {
                let outcome = check(p.error_code, p.error_message.as_ref());
                outcomes.push(((topic.topic.to_string(), p.partition_id), outcome));
            }
        }
        Ok(outcomes)
    }
}
