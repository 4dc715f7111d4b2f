//! Admin calls.

use std::time::Duration;

use ottla_core::env::Env;
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            create_partitions::{
                CreatePartitionsRequest, CreatePartitionsResponse, request::CreatePartitionsTopic,
            },
            create_topics::{
                CreateTopicsRequest, CreateTopicsResponse,
                request::{CreatableTopic, CreatableTopicConfig},
            },
            delete_records::{
                DeleteRecordsRequest, DeleteRecordsResponse,
                request::{DeleteRecordsPartition, DeleteRecordsTopic},
            },
            delete_topics::{DeleteTopicsRequest, DeleteTopicsResponse, request::DeleteTopicState},
            describe_configs::{
                DescribeConfigsRequest, DescribeConfigsResponse, request::DescribeConfigsResource,
                response::DescribeConfigsResourceResult,
            },
            incremental_alter_configs::{
                IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
                request::{AlterConfigsResource, AlterableConfig},
            },
            list_offsets::{
                ListOffsetsRequest, ListOffsetsResponse,
                request::{ListOffsetsPartition, ListOffsetsTopic},
            },
            metadata::{MetadataRequest, MetadataResponse, request::MetadataRequestTopic},
        },
    },
    wire::Str,
};

use crate::{Client, ClientError, check};

const TIMEOUT: Duration = Duration::from_secs(30);

impl<E: Env> Client<E> {
    /// Creates a topic; -1 takes the broker's default.
    ///
    /// # Errors
    /// The broker refuses, or cannot be reached.
    pub async fn create_topic(
        &self,
        name: &str,
        partitions: i32,
        replication_factor: i16,
        configs: &[(String, String)],
    ) -> Result<(), ClientError> {
        let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
            name: Str::from(name.as_str()),
            value: Some(Str::from(value.as_str())),
        });
        let topic = CreatableTopic {
            name: Str::from(name),
            num_partitions: partitions,
            replication_factor,
            assignments: Vec::new(),
            configs: configs.collect(),
        };
        let request = CreateTopicsRequest {
            topics: vec![topic],
            timeout_ms: TIMEOUT.as_millis() as i32,
            validate_only: false,
        };
        let response: CreateTopicsResponse = self.call(ApiKey::CreateTopics, &request).await?;
        response.topics.iter().try_for_each(|t| check(t.error_code, t.error_message.as_ref()))
    }

    /// Deletes a topic.
    ///
    /// # Errors
    /// The broker refuses, or cannot be reached.
    pub async fn delete_topic(&self, name: &str) -> Result<(), ClientError> {
        let state = DeleteTopicState { name: Some(Str::from(name)), ..Default::default() };
        let request = DeleteTopicsRequest {
            topics: vec![state],
            topic_names: vec![Str::from(name)],
            timeout_ms: TIMEOUT.as_millis() as i32,
        };
        let response: DeleteTopicsResponse = self.call(ApiKey::DeleteTopics, &request).await?;
        self.forget(name);
        response.responses.iter().try_for_each(|t| check(t.error_code, t.error_message.as_ref()))
    }

    /// Raises a topic's number of partitions to `count`.
    ///
    /// # Errors
    /// The broker refuses, or cannot be reached.
    pub async fn create_partitions(&self, name: &str, count: i32) -> Result<(), ClientError> {
        let topic = CreatePartitionsTopic { name: Str::from(name), count, assignments: None };
        let request = CreatePartitionsRequest {
            topics: vec![topic],
            timeout_ms: TIMEOUT.as_millis() as i32,
            validate_only: false,
        };
        let response: CreatePartitionsResponse = self.call(ApiKey::CreatePartitions, &request).await?;
        self.forget(name);
        response.results.iter().try_for_each(|t| check(t.error_code, t.error_message.as_ref()))
    }

    /// Describes topics, or all of them.
    ///
    /// # Errors
    /// No broker can be reached.
    pub async fn describe_topics(&self, names: Option<&[&str]>) -> Result<MetadataResponse, ClientError> {
        let topic = |name: &&str| MetadataRequestTopic { name: Some(Str::from(*name)), ..Default::default() };
        let topics = names.map(|names| names.iter().map(topic).collect());
        let request = MetadataRequest { topics, allow_auto_topic_creation: false, ..Default::default() };
        self.call(ApiKey::Metadata, &request).await
    }

    /// The settings of a topic.
    ///
    /// # Errors
    /// The topic does not exist, or no broker can be reached.
    pub async fn topic_configs(&self, name: &str) -> Result<Vec<DescribeConfigsResourceResult>, ClientError> {
        let resource = DescribeConfigsResource {
            resource_type: 2,
            resource_name: Str::from(name),
            configuration_keys: None,
        };
        let request = DescribeConfigsRequest {
            resources: vec![resource],
            include_synonyms: false,
            include_documentation: false,
        };
        let response: DescribeConfigsResponse = self.call(ApiKey::DescribeConfigs, &request).await?;
        let result = response.results.into_iter().next().ok_or(ClientError::Decode)?;
        check(result.error_code, result.error_message.as_ref())?;
        Ok(result.configs)
    }

    /// Changes a setting of a topic; `None` makes it the broker's again.
    ///
    /// # Errors
    /// The broker refuses, or cannot be reached.
    pub async fn alter_topic_config(
        &self,
        topic: &str,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), ClientError> {
        let (set, delete) = (0, 1);
        let config = AlterableConfig {
            name: Str::from(name),
            config_operation: if value.is_some() { set } else { delete },
            value: value.map(Str::from),
        };
        let resource =
            AlterConfigsResource { resource_type: 2, resource_name: Str::from(topic), configs: vec![config] };
        let request = IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
        let response: IncrementalAlterConfigsResponse =
            self.call(ApiKey::IncrementalAlterConfigs, &request).await?;
        response.responses.iter().try_for_each(|r| check(r.error_code, r.error_message.as_ref()))
    }

    /// The offset for a timestamp, or for one of Kafka's special ones: -1 latest, -2 earliest, -3 largest
    /// timestamp. -1 if there is no such record.
    ///
    /// # Errors
    /// The partition does not exist, or its leader cannot be reached.
    pub async fn list_offset(&self, topic: &str, partition: i32, timestamp: i64) -> Result<i64, ClientError> {
        let (connection, _) = self.leader(topic, partition).await?;
        let current_leader_epoch = self.leadership(topic, partition).map_or(-1, |(_, epoch)| epoch);
        let asked = ListOffsetsPartition { partition_index: partition, timestamp, current_leader_epoch };
        let topics = vec![ListOffsetsTopic { name: Str::from(topic), partitions: vec![asked] }];
        let request = ListOffsetsRequest { replica_id: -1, topics, ..Default::default() };
        let asked = connection.call(ApiKey::ListOffsets, &request).await;
        let answered = asked.and_then(|response: ListOffsetsResponse| {
            let answer =
                response.topics.first().and_then(|t| t.partitions.first()).ok_or(ClientError::Decode)?;
            check(answer.error_code, None)?;
            Ok(answer.offset)
        });
        self.doubt(topic, answered)
    }

    /// Deletes the records below `offset`, or below the high watermark where that is -1; returns where the
    /// partition now starts.
    ///
    /// # Errors
    /// The partition refuses, or its leader cannot be reached.
    pub async fn delete_records(&self, topic: &str, partition: i32, offset: i64) -> Result<i64, ClientError> {
        let (connection, _) = self.leader(topic, partition).await?;
        let partitions = vec![DeleteRecordsPartition { partition_index: partition, offset }];
        let topics = vec![DeleteRecordsTopic { name: Str::from(topic), partitions }];
        let request = DeleteRecordsRequest { topics, timeout_ms: TIMEOUT.as_millis() as i32 };
        let asked = connection.call(ApiKey::DeleteRecords, &request).await;
        let answered = asked.and_then(|response: DeleteRecordsResponse| {
            let answer =
                response.topics.first().and_then(|t| t.partitions.first()).ok_or(ClientError::Decode)?;
            check(answer.error_code, None)?;
            Ok(answer.low_watermark)
        });
        self.doubt(topic, answered)
    }
}
