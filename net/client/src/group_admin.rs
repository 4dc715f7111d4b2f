//! Admin calls about groups.

use std::collections::BTreeMap;

use ottla_core::env::Env;
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            delete_groups::{DeleteGroupsRequest, DeleteGroupsResponse},
            describe_groups::{DescribeGroupsRequest, DescribeGroupsResponse, response::DescribedGroup},
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

use crate::{Client, ClientError, check};

/// Offsets by topic and partition.
pub type Offsets = BTreeMap<(String, i32), i64>;

impl<E: Env> Client<E> {
    /// All groups of the broker that is asked.
    ///
    /// # Errors
    /// It cannot be reached, or loads groups at this moment.
    pub async fn list_groups(&self) -> Result<Vec<ListedGroup>, ClientError> {
        let response: ListGroupsResponse =
            self.call(ApiKey::ListGroups, &ListGroupsRequest::default()).await?;
        check(response.error_code, None)?;
        Ok(response.groups)
    }

    /// A group and its members.
    ///
    /// # Errors
    /// It does not exist, or its coordinator cannot be reached.
    pub async fn describe_group(&self, group: &str) -> Result<DescribedGroup, ClientError> {
        let request = DescribeGroupsRequest { groups: vec![Str::from(group)], ..Default::default() };
        let mut response: DescribeGroupsResponse =
            self.ask_coordinator(group, (ApiKey::DescribeGroups, 6), &request).await?;
        let described = response.groups.pop().ok_or(ClientError::Decode)?;
        check(described.error_code, described.error_message.as_ref())?;
        Ok(described)
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
