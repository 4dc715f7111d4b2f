//! Admin calls about groups.

use std::collections::BTreeMap;

use ottla_core::{env::Env, errors::ErrorCode};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            consumer_group_describe::{
                ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, response as consumers,
            },
            delete_groups::{DeleteGroupsRequest, DeleteGroupsResponse},
            describe_groups::{
                DescribeGroupsRequest, DescribeGroupsResponse,
                response::{DescribedGroup, DescribedGroupMember},
            },
            list_groups::{ListGroupsRequest, ListGroupsResponse, response::ListedGroup},
            offset_commit::{
                OffsetCommitRequest, OffsetCommitResponse,
                request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic},
            },
            offset_fetch::{OffsetFetchRequest, OffsetFetchResponse},
        },
    },
    wire::Str,
};

use crate::{
    Client, ClientError,
    assignor::{self, Partitions},
    check,
};

/// Offsets by topic and partition.
pub type Offsets = BTreeMap<(String, i32), i64>;

/// A group of either protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDescription {
    /// `classic` or `consumer`.
    pub kind: &'static str,
    /// Its state, by Kafka's names.
    pub state: String,
    /// What its members share out by: an assignor's name.
    pub protocol: String,
    /// Its members.
    pub members: Vec<GroupMember>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// Its id.
    pub id: String,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// What it reads.
    pub assigned: Partitions,
}

impl<E: Env> Client<E> {
    /// All groups of the cluster.
    ///
    /// # Errors
    /// A broker cannot be reached, or loads groups at this moment.
    pub async fn list_groups(&self) -> Result<Vec<ListedGroup>, ClientError> {
        let responses: Vec<ListGroupsResponse> =
            self.call_all(ApiKey::ListGroups, &ListGroupsRequest::default()).await?;
        let mut groups = Vec::new();
        for response in responses {
            check(response.error_code, None)?;
            groups.extend(response.groups);
        }
        Ok(groups)
    }

    /// A group and its members.
    ///
    /// # Errors
    /// It does not exist, or its coordinator cannot be reached.
    pub async fn describe_group(&self, group: &str) -> Result<GroupDescription, ClientError> {
        match self.describe_classic(group).await {
            // Another protocol's, or none.
            Err(ClientError::Broker(ErrorCode::GroupIdNotFound, why)) => {
                match self.describe_consumers(group).await {
                    Err(ClientError::Unsupported(_)) => {
                        Err(ClientError::Broker(ErrorCode::GroupIdNotFound, why))
                    }
                    other => other.map(GroupDescription::from),
                }
            }
            other => other.map(GroupDescription::from),
        }
    }

    async fn describe_consumers(&self, group: &str) -> Result<consumers::DescribedGroup, ClientError> {
        let request =
            ConsumerGroupDescribeRequest { group_ids: vec![Str::from(group)], ..Default::default() };
        let mut response: ConsumerGroupDescribeResponse =
            self.ask_coordinator(group, (ApiKey::ConsumerGroupDescribe, 1), &request).await?;
        let described = response.groups.pop().ok_or(ClientError::Decode)?;
        check(described.error_code, described.error_message.as_ref())?;
        Ok(described)
    }

    async fn describe_classic(&self, group: &str) -> Result<DescribedGroup, ClientError> {
        let request = DescribeGroupsRequest { groups: vec![Str::from(group)], ..Default::default() };
        let mut response: DescribeGroupsResponse =
            self.ask_coordinator(group, (ApiKey::DescribeGroups, 6), &request).await?;
        let described = response.groups.pop().ok_or(ClientError::Decode)?;
        check(described.error_code, described.error_message.as_ref())?;
        // Versions before 6 have no error for a group that is not there.
        match &*described.group_state {
            "Dead" => {
                Err(ClientError::Broker(ErrorCode::GroupIdNotFound, format!("Group {group} not found.")))
            }
            _ => Ok(described),
        }
    }

    /// Deletes a group without members, and its offsets.
    ///
    /// # Errors
    /// It has members or does not exist, or its coordinator cannot be reached.
    pub async fn delete_group(&self, group: &str) -> Result<(), ClientError> {
        let request = DeleteGroupsRequest { groups_names: vec![Str::from(group)] };
        let response: DeleteGroupsResponse =
            self.ask_coordinator(group, (ApiKey::DeleteGroups, 2), &request).await?;
        let result = response.results.first().ok_or(ClientError::Decode)?;
        check(result.error_code, None)
    }

    /// What a group has committed.
    ///
    /// # Errors
    /// Its coordinator cannot be reached.
    pub async fn committed(&self, group: &str) -> Result<Offsets, ClientError> {
        let request = OffsetFetchRequest { group_id: Str::from(group), topics: None, ..Default::default() };
        let response: OffsetFetchResponse =
            self.ask_coordinator(group, (ApiKey::OffsetFetch, 7), &request).await?;
        check(response.error_code, None)?;
        let topics = response.topics.iter();
        let partitions = topics.flat_map(|t| t.partitions.iter().map(|p| (t.name.to_string(), p)));
        let known = partitions.filter(|(_, p)| 0 <= p.committed_offset);
        Ok(known.map(|(topic, p)| ((topic, p.partition_index), p.committed_offset)).collect())
    }

    /// Commits offsets for a group that nobody is in.
    ///
    /// # Errors
    /// The group has members, a partition does not exist, or the coordinator cannot be reached.
    pub async fn commit_for(&self, group: &str, offsets: &Offsets) -> Result<(), ClientError> {
        let mut topics: Vec<OffsetCommitRequestTopic> = Vec::new();
        for ((topic, index), offset) in offsets {
            if topics.last().is_none_or(|last| *last.name != **topic) {
                let name = Str::from(topic.as_str());
                topics.push(OffsetCommitRequestTopic { name, ..Default::default() });
            }
            topics.last_mut().expect("it was just made").partitions.push(OffsetCommitRequestPartition {
                partition_index: *index,
                committed_offset: *offset,
                committed_leader_epoch: -1,
                committed_metadata: Some(Str::new()),
            });
        }
        let request = OffsetCommitRequest {
            group_id: Str::from(group),
            generation_id_or_member_epoch: -1,
            topics,
            ..Default::default()
        };
        let response: OffsetCommitResponse =
            self.ask_coordinator(group, (ApiKey::OffsetCommit, 9), &request).await?;
        let mut partitions = response.topics.iter().flat_map(|t| &t.partitions);
        partitions.try_for_each(|p| check(p.error_code, None))
    }
}

impl From<DescribedGroup> for GroupDescription {
    fn from(group: DescribedGroup) -> GroupDescription {
        let member = |m: DescribedGroupMember| GroupMember {
            id: m.member_id.to_string(),
            instance: m.group_instance_id.map(|i| i.to_string()),
            client_id: m.client_id.to_string(),
            client_host: m.client_host.to_string(),
            // Other protocols than that of consumers have assignments of their own.
            assigned: assignor::assigned(&m.member_assignment).unwrap_or_default(),
        };
        GroupDescription {
            kind: "classic",
            state: group.group_state.to_string(),
            protocol: group.protocol_data.to_string(),
            members: group.members.into_iter().map(member).collect(),
        }
    }
}

impl From<consumers::DescribedGroup> for GroupDescription {
    fn from(group: consumers::DescribedGroup) -> GroupDescription {
        let topic = |t: consumers::TopicPartitions| (t.topic_name.to_string(), t.partitions);
        let member = |m: consumers::Member| GroupMember {
            id: m.member_id.to_string(),
            instance: m.instance_id.map(|i| i.to_string()),
            client_id: m.client_id.to_string(),
            client_host: m.client_host.to_string(),
            assigned: m.assignment.topic_partitions.into_iter().map(topic).collect(),
        };
        GroupDescription {
            kind: "consumer",
            state: group.group_state.to_string(),
            protocol: group.assignor_name.to_string(),
            members: group.members.into_iter().map(member).collect(),
        }
    }
}
