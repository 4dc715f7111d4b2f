//! Every message of Kafka 4.3. Generated from `net/schema` by `cargo codegen`.

#[allow(unused_imports)]
pub(crate) mod prelude {
    pub(crate) use crate::wire::{DecodeError, Message, Reader, Str, Writer};
    #[cfg(feature = "sample")]
    pub(crate) use crate::wire::Sampler;
    pub(crate) use bytes::Bytes;
    pub(crate) use ottla_core::types::Uuid;
}
use prelude::*;

pub mod produce;
pub mod fetch;
pub mod list_offsets;
pub mod metadata;
pub mod offset_commit;
pub mod offset_fetch;
pub mod find_coordinator;
pub mod join_group;
pub mod heartbeat;
pub mod leave_group;
pub mod sync_group;
pub mod describe_groups;
pub mod list_groups;
pub mod sasl_handshake;
pub mod api_versions;
pub mod create_topics;
pub mod delete_topics;
pub mod delete_records;
pub mod init_producer_id;
pub mod offset_for_leader_epoch;
pub mod add_partitions_to_txn;
pub mod add_offsets_to_txn;
pub mod end_txn;
pub mod write_txn_markers;
pub mod txn_offset_commit;
pub mod describe_acls;
pub mod create_acls;
pub mod delete_acls;
pub mod describe_configs;
pub mod alter_configs;
pub mod alter_replica_log_dirs;
pub mod describe_log_dirs;
pub mod sasl_authenticate;
pub mod create_partitions;
pub mod create_delegation_token;
pub mod renew_delegation_token;
pub mod expire_delegation_token;
pub mod describe_delegation_token;
pub mod delete_groups;
pub mod elect_leaders;
pub mod incremental_alter_configs;
pub mod alter_partition_reassignments;
pub mod list_partition_reassignments;
pub mod offset_delete;
pub mod describe_client_quotas;
pub mod alter_client_quotas;
pub mod describe_user_scram_credentials;
pub mod alter_user_scram_credentials;
pub mod vote;
pub mod begin_quorum_epoch;
pub mod end_quorum_epoch;
pub mod describe_quorum;
pub mod alter_partition;
pub mod update_features;
pub mod envelope;
pub mod fetch_snapshot;
pub mod describe_cluster;
pub mod describe_producers;
pub mod broker_registration;
pub mod broker_heartbeat;
pub mod unregister_broker;
pub mod describe_transactions;
pub mod list_transactions;
pub mod allocate_producer_ids;
pub mod consumer_group_heartbeat;
pub mod consumer_group_describe;
pub mod controller_registration;
pub mod get_telemetry_subscriptions;
pub mod push_telemetry;
pub mod assign_replicas_to_dirs;
pub mod list_config_resources;
pub mod describe_topic_partitions;
pub mod share_group_heartbeat;
pub mod share_group_describe;
pub mod share_fetch;
pub mod share_acknowledge;
pub mod add_raft_voter;
pub mod remove_raft_voter;
pub mod update_raft_voter;
pub mod initialize_share_group_state;
pub mod read_share_group_state;
pub mod write_share_group_state;
pub mod delete_share_group_state;
pub mod read_share_group_state_summary;
pub mod streams_group_heartbeat;
pub mod streams_group_describe;
pub mod describe_share_group_offsets;
pub mod alter_share_group_offsets;
pub mod delete_share_group_offsets;

/// The key of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ApiKey {
    /// Produce, key 0.
    Produce = 0,
    /// Fetch, key 1.
    Fetch = 1,
    /// ListOffsets, key 2.
    ListOffsets = 2,
    /// Metadata, key 3.
    Metadata = 3,
    /// OffsetCommit, key 8.
    OffsetCommit = 8,
    /// OffsetFetch, key 9.
    OffsetFetch = 9,
    /// FindCoordinator, key 10.
    FindCoordinator = 10,
    /// JoinGroup, key 11.
    JoinGroup = 11,
    /// Heartbeat, key 12.
    Heartbeat = 12,
    /// LeaveGroup, key 13.
    LeaveGroup = 13,
    /// SyncGroup, key 14.
    SyncGroup = 14,
    /// DescribeGroups, key 15.
    DescribeGroups = 15,
    /// ListGroups, key 16.
    ListGroups = 16,
    /// SaslHandshake, key 17.
    SaslHandshake = 17,
    /// ApiVersions, key 18.
    ApiVersions = 18,
    /// CreateTopics, key 19.
    CreateTopics = 19,
    /// DeleteTopics, key 20.
    DeleteTopics = 20,
    /// DeleteRecords, key 21.
    DeleteRecords = 21,
    /// InitProducerId, key 22.
    InitProducerId = 22,
    /// OffsetForLeaderEpoch, key 23.
    OffsetForLeaderEpoch = 23,
    /// AddPartitionsToTxn, key 24.
    AddPartitionsToTxn = 24,
    /// AddOffsetsToTxn, key 25.
    AddOffsetsToTxn = 25,
    /// EndTxn, key 26.
    EndTxn = 26,
    /// WriteTxnMarkers, key 27.
    WriteTxnMarkers = 27,
    /// TxnOffsetCommit, key 28.
    TxnOffsetCommit = 28,
    /// DescribeAcls, key 29.
    DescribeAcls = 29,
    /// CreateAcls, key 30.
    CreateAcls = 30,
    /// DeleteAcls, key 31.
    DeleteAcls = 31,
    /// DescribeConfigs, key 32.
    DescribeConfigs = 32,
    /// AlterConfigs, key 33.
    AlterConfigs = 33,
    /// AlterReplicaLogDirs, key 34.
    AlterReplicaLogDirs = 34,
    /// DescribeLogDirs, key 35.
    DescribeLogDirs = 35,
    /// SaslAuthenticate, key 36.
    SaslAuthenticate = 36,
    /// CreatePartitions, key 37.
    CreatePartitions = 37,
    /// CreateDelegationToken, key 38.
    CreateDelegationToken = 38,
    /// RenewDelegationToken, key 39.
    RenewDelegationToken = 39,
    /// ExpireDelegationToken, key 40.
    ExpireDelegationToken = 40,
    /// DescribeDelegationToken, key 41.
    DescribeDelegationToken = 41,
    /// DeleteGroups, key 42.
    DeleteGroups = 42,
    /// ElectLeaders, key 43.
    ElectLeaders = 43,
    /// IncrementalAlterConfigs, key 44.
    IncrementalAlterConfigs = 44,
    /// AlterPartitionReassignments, key 45.
    AlterPartitionReassignments = 45,
    /// ListPartitionReassignments, key 46.
    ListPartitionReassignments = 46,
    /// OffsetDelete, key 47.
    OffsetDelete = 47,
    /// DescribeClientQuotas, key 48.
    DescribeClientQuotas = 48,
    /// AlterClientQuotas, key 49.
    AlterClientQuotas = 49,
    /// DescribeUserScramCredentials, key 50.
    DescribeUserScramCredentials = 50,
    /// AlterUserScramCredentials, key 51.
    AlterUserScramCredentials = 51,
    /// Vote, key 52.
    Vote = 52,
    /// BeginQuorumEpoch, key 53.
    BeginQuorumEpoch = 53,
    /// EndQuorumEpoch, key 54.
    EndQuorumEpoch = 54,
    /// DescribeQuorum, key 55.
    DescribeQuorum = 55,
    /// AlterPartition, key 56.
    AlterPartition = 56,
    /// UpdateFeatures, key 57.
    UpdateFeatures = 57,
    /// Envelope, key 58.
    Envelope = 58,
    /// FetchSnapshot, key 59.
    FetchSnapshot = 59,
    /// DescribeCluster, key 60.
    DescribeCluster = 60,
    /// DescribeProducers, key 61.
    DescribeProducers = 61,
    /// BrokerRegistration, key 62.
    BrokerRegistration = 62,
    /// BrokerHeartbeat, key 63.
    BrokerHeartbeat = 63,
    /// UnregisterBroker, key 64.
    UnregisterBroker = 64,
    /// DescribeTransactions, key 65.
    DescribeTransactions = 65,
    /// ListTransactions, key 66.
    ListTransactions = 66,
    /// AllocateProducerIds, key 67.
    AllocateProducerIds = 67,
    /// ConsumerGroupHeartbeat, key 68.
    ConsumerGroupHeartbeat = 68,
    /// ConsumerGroupDescribe, key 69.
    ConsumerGroupDescribe = 69,
    /// ControllerRegistration, key 70.
    ControllerRegistration = 70,
    /// GetTelemetrySubscriptions, key 71.
    GetTelemetrySubscriptions = 71,
    /// PushTelemetry, key 72.
    PushTelemetry = 72,
    /// AssignReplicasToDirs, key 73.
    AssignReplicasToDirs = 73,
    /// ListConfigResources, key 74.
    ListConfigResources = 74,
    /// DescribeTopicPartitions, key 75.
    DescribeTopicPartitions = 75,
    /// ShareGroupHeartbeat, key 76.
    ShareGroupHeartbeat = 76,
    /// ShareGroupDescribe, key 77.
    ShareGroupDescribe = 77,
    /// ShareFetch, key 78.
    ShareFetch = 78,
    /// ShareAcknowledge, key 79.
    ShareAcknowledge = 79,
    /// AddRaftVoter, key 80.
    AddRaftVoter = 80,
    /// RemoveRaftVoter, key 81.
    RemoveRaftVoter = 81,
    /// UpdateRaftVoter, key 82.
    UpdateRaftVoter = 82,
    /// InitializeShareGroupState, key 83.
    InitializeShareGroupState = 83,
    /// ReadShareGroupState, key 84.
    ReadShareGroupState = 84,
    /// WriteShareGroupState, key 85.
    WriteShareGroupState = 85,
    /// DeleteShareGroupState, key 86.
    DeleteShareGroupState = 86,
    /// ReadShareGroupStateSummary, key 87.
    ReadShareGroupStateSummary = 87,
    /// StreamsGroupHeartbeat, key 88.
    StreamsGroupHeartbeat = 88,
    /// StreamsGroupDescribe, key 89.
    StreamsGroupDescribe = 89,
    /// DescribeShareGroupOffsets, key 90.
    DescribeShareGroupOffsets = 90,
    /// AlterShareGroupOffsets, key 91.
    AlterShareGroupOffsets = 91,
    /// DeleteShareGroupOffsets, key 92.
    DeleteShareGroupOffsets = 92,
}

impl ApiKey {
    /// Every API, in the order of keys.
    pub const ALL: [ApiKey; 89] = [
        ApiKey::Produce,
        ApiKey::Fetch,
        ApiKey::ListOffsets,
        ApiKey::Metadata,
        ApiKey::OffsetCommit,
        ApiKey::OffsetFetch,
        ApiKey::FindCoordinator,
        ApiKey::JoinGroup,
        ApiKey::Heartbeat,
        ApiKey::LeaveGroup,
        ApiKey::SyncGroup,
        ApiKey::DescribeGroups,
        ApiKey::ListGroups,
        ApiKey::SaslHandshake,
        ApiKey::ApiVersions,
        ApiKey::CreateTopics,
        ApiKey::DeleteTopics,
        ApiKey::DeleteRecords,
        ApiKey::InitProducerId,
        ApiKey::OffsetForLeaderEpoch,
        ApiKey::AddPartitionsToTxn,
        ApiKey::AddOffsetsToTxn,
        ApiKey::EndTxn,
        ApiKey::WriteTxnMarkers,
        ApiKey::TxnOffsetCommit,
        ApiKey::DescribeAcls,
        ApiKey::CreateAcls,
        ApiKey::DeleteAcls,
        ApiKey::DescribeConfigs,
        ApiKey::AlterConfigs,
        ApiKey::AlterReplicaLogDirs,
        ApiKey::DescribeLogDirs,
        ApiKey::SaslAuthenticate,
        ApiKey::CreatePartitions,
        ApiKey::CreateDelegationToken,
        ApiKey::RenewDelegationToken,
        ApiKey::ExpireDelegationToken,
        ApiKey::DescribeDelegationToken,
        ApiKey::DeleteGroups,
        ApiKey::ElectLeaders,
        ApiKey::IncrementalAlterConfigs,
        ApiKey::AlterPartitionReassignments,
        ApiKey::ListPartitionReassignments,
        ApiKey::OffsetDelete,
        ApiKey::DescribeClientQuotas,
        ApiKey::AlterClientQuotas,
        ApiKey::DescribeUserScramCredentials,
        ApiKey::AlterUserScramCredentials,
        ApiKey::Vote,
        ApiKey::BeginQuorumEpoch,
        ApiKey::EndQuorumEpoch,
        ApiKey::DescribeQuorum,
        ApiKey::AlterPartition,
        ApiKey::UpdateFeatures,
        ApiKey::Envelope,
        ApiKey::FetchSnapshot,
        ApiKey::DescribeCluster,
        ApiKey::DescribeProducers,
        ApiKey::BrokerRegistration,
        ApiKey::BrokerHeartbeat,
        ApiKey::UnregisterBroker,
        ApiKey::DescribeTransactions,
        ApiKey::ListTransactions,
        ApiKey::AllocateProducerIds,
        ApiKey::ConsumerGroupHeartbeat,
        ApiKey::ConsumerGroupDescribe,
        ApiKey::ControllerRegistration,
        ApiKey::GetTelemetrySubscriptions,
        ApiKey::PushTelemetry,
        ApiKey::AssignReplicasToDirs,
        ApiKey::ListConfigResources,
        ApiKey::DescribeTopicPartitions,
        ApiKey::ShareGroupHeartbeat,
        ApiKey::ShareGroupDescribe,
        ApiKey::ShareFetch,
        ApiKey::ShareAcknowledge,
        ApiKey::AddRaftVoter,
        ApiKey::RemoveRaftVoter,
        ApiKey::UpdateRaftVoter,
        ApiKey::InitializeShareGroupState,
        ApiKey::ReadShareGroupState,
        ApiKey::WriteShareGroupState,
        ApiKey::DeleteShareGroupState,
        ApiKey::ReadShareGroupStateSummary,
        ApiKey::StreamsGroupHeartbeat,
        ApiKey::StreamsGroupDescribe,
        ApiKey::DescribeShareGroupOffsets,
        ApiKey::AlterShareGroupOffsets,
        ApiKey::DeleteShareGroupOffsets,
    ];

    /// What the schema says of the API.
    pub const fn spec(self) -> ApiSpec {
        match self {
            ApiKey::Produce => ApiSpec { name: "Produce", versions: (3, 13), flexible: Some(9), on_broker: true, on_controller: false },
            ApiKey::Fetch => ApiSpec { name: "Fetch", versions: (4, 18), flexible: Some(12), on_broker: true, on_controller: true },
            ApiKey::ListOffsets => ApiSpec { name: "ListOffsets", versions: (1, 11), flexible: Some(6), on_broker: true, on_controller: false },
            ApiKey::Metadata => ApiSpec { name: "Metadata", versions: (0, 13), flexible: Some(9), on_broker: true, on_controller: false },
            ApiKey::OffsetCommit => ApiSpec { name: "OffsetCommit", versions: (2, 10), flexible: Some(8), on_broker: true, on_controller: false },
            ApiKey::OffsetFetch => ApiSpec { name: "OffsetFetch", versions: (1, 10), flexible: Some(6), on_broker: true, on_controller: false },
            ApiKey::FindCoordinator => ApiSpec { name: "FindCoordinator", versions: (0, 6), flexible: Some(3), on_broker: true, on_controller: false },
            ApiKey::JoinGroup => ApiSpec { name: "JoinGroup", versions: (0, 9), flexible: Some(6), on_broker: true, on_controller: false },
            ApiKey::Heartbeat => ApiSpec { name: "Heartbeat", versions: (0, 4), flexible: Some(4), on_broker: true, on_controller: false },
            ApiKey::LeaveGroup => ApiSpec { name: "LeaveGroup", versions: (0, 5), flexible: Some(4), on_broker: true, on_controller: false },
            ApiKey::SyncGroup => ApiSpec { name: "SyncGroup", versions: (0, 5), flexible: Some(4), on_broker: true, on_controller: false },
            ApiKey::DescribeGroups => ApiSpec { name: "DescribeGroups", versions: (0, 6), flexible: Some(5), on_broker: true, on_controller: false },
            ApiKey::ListGroups => ApiSpec { name: "ListGroups", versions: (0, 5), flexible: Some(3), on_broker: true, on_controller: false },
            ApiKey::SaslHandshake => ApiSpec { name: "SaslHandshake", versions: (0, 1), flexible: None, on_broker: true, on_controller: true },
            ApiKey::ApiVersions => ApiSpec { name: "ApiVersions", versions: (0, 4), flexible: Some(3), on_broker: true, on_controller: true },
            ApiKey::CreateTopics => ApiSpec { name: "CreateTopics", versions: (2, 7), flexible: Some(5), on_broker: true, on_controller: true },
            ApiKey::DeleteTopics => ApiSpec { name: "DeleteTopics", versions: (1, 6), flexible: Some(4), on_broker: true, on_controller: true },
            ApiKey::DeleteRecords => ApiSpec { name: "DeleteRecords", versions: (0, 2), flexible: Some(2), on_broker: true, on_controller: false },
            ApiKey::InitProducerId => ApiSpec { name: "InitProducerId", versions: (0, 6), flexible: Some(2), on_broker: true, on_controller: false },
            ApiKey::OffsetForLeaderEpoch => ApiSpec { name: "OffsetForLeaderEpoch", versions: (2, 4), flexible: Some(4), on_broker: true, on_controller: false },
            ApiKey::AddPartitionsToTxn => ApiSpec { name: "AddPartitionsToTxn", versions: (0, 5), flexible: Some(3), on_broker: true, on_controller: false },
            ApiKey::AddOffsetsToTxn => ApiSpec { name: "AddOffsetsToTxn", versions: (0, 4), flexible: Some(3), on_broker: true, on_controller: false },
            ApiKey::EndTxn => ApiSpec { name: "EndTxn", versions: (0, 5), flexible: Some(3), on_broker: true, on_controller: false },
            ApiKey::WriteTxnMarkers => ApiSpec { name: "WriteTxnMarkers", versions: (1, 2), flexible: Some(1), on_broker: true, on_controller: false },
            ApiKey::TxnOffsetCommit => ApiSpec { name: "TxnOffsetCommit", versions: (0, 5), flexible: Some(3), on_broker: true, on_controller: false },
            ApiKey::DescribeAcls => ApiSpec { name: "DescribeAcls", versions: (1, 3), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::CreateAcls => ApiSpec { name: "CreateAcls", versions: (1, 3), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::DeleteAcls => ApiSpec { name: "DeleteAcls", versions: (1, 3), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::DescribeConfigs => ApiSpec { name: "DescribeConfigs", versions: (1, 4), flexible: Some(4), on_broker: true, on_controller: true },
            ApiKey::AlterConfigs => ApiSpec { name: "AlterConfigs", versions: (0, 2), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::AlterReplicaLogDirs => ApiSpec { name: "AlterReplicaLogDirs", versions: (1, 2), flexible: Some(2), on_broker: true, on_controller: false },
            ApiKey::DescribeLogDirs => ApiSpec { name: "DescribeLogDirs", versions: (1, 5), flexible: Some(2), on_broker: true, on_controller: false },
            ApiKey::SaslAuthenticate => ApiSpec { name: "SaslAuthenticate", versions: (0, 2), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::CreatePartitions => ApiSpec { name: "CreatePartitions", versions: (0, 3), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::CreateDelegationToken => ApiSpec { name: "CreateDelegationToken", versions: (1, 3), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::RenewDelegationToken => ApiSpec { name: "RenewDelegationToken", versions: (1, 2), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::ExpireDelegationToken => ApiSpec { name: "ExpireDelegationToken", versions: (1, 2), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::DescribeDelegationToken => ApiSpec { name: "DescribeDelegationToken", versions: (1, 3), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::DeleteGroups => ApiSpec { name: "DeleteGroups", versions: (0, 2), flexible: Some(2), on_broker: true, on_controller: false },
            ApiKey::ElectLeaders => ApiSpec { name: "ElectLeaders", versions: (0, 2), flexible: Some(2), on_broker: true, on_controller: true },
            ApiKey::IncrementalAlterConfigs => ApiSpec { name: "IncrementalAlterConfigs", versions: (0, 1), flexible: Some(1), on_broker: true, on_controller: true },
            ApiKey::AlterPartitionReassignments => ApiSpec { name: "AlterPartitionReassignments", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::ListPartitionReassignments => ApiSpec { name: "ListPartitionReassignments", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::OffsetDelete => ApiSpec { name: "OffsetDelete", versions: (0, 0), flexible: None, on_broker: true, on_controller: false },
            ApiKey::DescribeClientQuotas => ApiSpec { name: "DescribeClientQuotas", versions: (0, 1), flexible: Some(1), on_broker: true, on_controller: false },
            ApiKey::AlterClientQuotas => ApiSpec { name: "AlterClientQuotas", versions: (0, 1), flexible: Some(1), on_broker: true, on_controller: true },
            ApiKey::DescribeUserScramCredentials => ApiSpec { name: "DescribeUserScramCredentials", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::AlterUserScramCredentials => ApiSpec { name: "AlterUserScramCredentials", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::Vote => ApiSpec { name: "Vote", versions: (0, 2), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::BeginQuorumEpoch => ApiSpec { name: "BeginQuorumEpoch", versions: (0, 1), flexible: Some(1), on_broker: false, on_controller: true },
            ApiKey::EndQuorumEpoch => ApiSpec { name: "EndQuorumEpoch", versions: (0, 1), flexible: Some(1), on_broker: false, on_controller: true },
            ApiKey::DescribeQuorum => ApiSpec { name: "DescribeQuorum", versions: (0, 2), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::AlterPartition => ApiSpec { name: "AlterPartition", versions: (2, 3), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::UpdateFeatures => ApiSpec { name: "UpdateFeatures", versions: (0, 2), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::Envelope => ApiSpec { name: "Envelope", versions: (0, 0), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::FetchSnapshot => ApiSpec { name: "FetchSnapshot", versions: (0, 1), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::DescribeCluster => ApiSpec { name: "DescribeCluster", versions: (0, 2), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::DescribeProducers => ApiSpec { name: "DescribeProducers", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::BrokerRegistration => ApiSpec { name: "BrokerRegistration", versions: (0, 4), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::BrokerHeartbeat => ApiSpec { name: "BrokerHeartbeat", versions: (0, 2), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::UnregisterBroker => ApiSpec { name: "UnregisterBroker", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::DescribeTransactions => ApiSpec { name: "DescribeTransactions", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ListTransactions => ApiSpec { name: "ListTransactions", versions: (0, 2), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::AllocateProducerIds => ApiSpec { name: "AllocateProducerIds", versions: (0, 0), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::ConsumerGroupHeartbeat => ApiSpec { name: "ConsumerGroupHeartbeat", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ConsumerGroupDescribe => ApiSpec { name: "ConsumerGroupDescribe", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ControllerRegistration => ApiSpec { name: "ControllerRegistration", versions: (0, 0), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::GetTelemetrySubscriptions => ApiSpec { name: "GetTelemetrySubscriptions", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::PushTelemetry => ApiSpec { name: "PushTelemetry", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::AssignReplicasToDirs => ApiSpec { name: "AssignReplicasToDirs", versions: (0, 0), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::ListConfigResources => ApiSpec { name: "ListConfigResources", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::DescribeTopicPartitions => ApiSpec { name: "DescribeTopicPartitions", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ShareGroupHeartbeat => ApiSpec { name: "ShareGroupHeartbeat", versions: (1, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ShareGroupDescribe => ApiSpec { name: "ShareGroupDescribe", versions: (1, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ShareFetch => ApiSpec { name: "ShareFetch", versions: (1, 2), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ShareAcknowledge => ApiSpec { name: "ShareAcknowledge", versions: (1, 2), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::AddRaftVoter => ApiSpec { name: "AddRaftVoter", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::RemoveRaftVoter => ApiSpec { name: "RemoveRaftVoter", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: true },
            ApiKey::UpdateRaftVoter => ApiSpec { name: "UpdateRaftVoter", versions: (0, 0), flexible: Some(0), on_broker: false, on_controller: true },
            ApiKey::InitializeShareGroupState => ApiSpec { name: "InitializeShareGroupState", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ReadShareGroupState => ApiSpec { name: "ReadShareGroupState", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::WriteShareGroupState => ApiSpec { name: "WriteShareGroupState", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::DeleteShareGroupState => ApiSpec { name: "DeleteShareGroupState", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::ReadShareGroupStateSummary => ApiSpec { name: "ReadShareGroupStateSummary", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::StreamsGroupHeartbeat => ApiSpec { name: "StreamsGroupHeartbeat", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::StreamsGroupDescribe => ApiSpec { name: "StreamsGroupDescribe", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::DescribeShareGroupOffsets => ApiSpec { name: "DescribeShareGroupOffsets", versions: (0, 1), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::AlterShareGroupOffsets => ApiSpec { name: "AlterShareGroupOffsets", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
            ApiKey::DeleteShareGroupOffsets => ApiSpec { name: "DeleteShareGroupOffsets", versions: (0, 0), flexible: Some(0), on_broker: true, on_controller: false },
        }
    }
}

/// What the schema says of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiSpec {
    /// Kafka's name.
    pub name: &'static str,
    /// First and last version.
    pub versions: (i16, i16),
    /// The first version with compact and tagged fields.
    pub flexible: Option<i16>,
    /// Served on listeners for clients and brokers.
    pub on_broker: bool,
    /// Served on listeners for controllers.
    pub on_controller: bool,
}

/// Any request.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)]
pub enum Request {
    /// Produce.
    Produce(produce::ProduceRequest),
    /// Fetch.
    Fetch(fetch::FetchRequest),
    /// ListOffsets.
    ListOffsets(list_offsets::ListOffsetsRequest),
    /// Metadata.
    Metadata(metadata::MetadataRequest),
    /// OffsetCommit.
    OffsetCommit(offset_commit::OffsetCommitRequest),
    /// OffsetFetch.
    OffsetFetch(offset_fetch::OffsetFetchRequest),
    /// FindCoordinator.
    FindCoordinator(find_coordinator::FindCoordinatorRequest),
    /// JoinGroup.
    JoinGroup(join_group::JoinGroupRequest),
    /// Heartbeat.
    Heartbeat(heartbeat::HeartbeatRequest),
    /// LeaveGroup.
    LeaveGroup(leave_group::LeaveGroupRequest),
    /// SyncGroup.
    SyncGroup(sync_group::SyncGroupRequest),
    /// DescribeGroups.
    DescribeGroups(describe_groups::DescribeGroupsRequest),
    /// ListGroups.
    ListGroups(list_groups::ListGroupsRequest),
    /// SaslHandshake.
    SaslHandshake(sasl_handshake::SaslHandshakeRequest),
    /// ApiVersions.
    ApiVersions(api_versions::ApiVersionsRequest),
    /// CreateTopics.
    CreateTopics(create_topics::CreateTopicsRequest),
    /// DeleteTopics.
    DeleteTopics(delete_topics::DeleteTopicsRequest),
    /// DeleteRecords.
    DeleteRecords(delete_records::DeleteRecordsRequest),
    /// InitProducerId.
    InitProducerId(init_producer_id::InitProducerIdRequest),
    /// OffsetForLeaderEpoch.
    OffsetForLeaderEpoch(offset_for_leader_epoch::OffsetForLeaderEpochRequest),
    /// AddPartitionsToTxn.
    AddPartitionsToTxn(add_partitions_to_txn::AddPartitionsToTxnRequest),
    /// AddOffsetsToTxn.
    AddOffsetsToTxn(add_offsets_to_txn::AddOffsetsToTxnRequest),
    /// EndTxn.
    EndTxn(end_txn::EndTxnRequest),
    /// WriteTxnMarkers.
    WriteTxnMarkers(write_txn_markers::WriteTxnMarkersRequest),
    /// TxnOffsetCommit.
    TxnOffsetCommit(txn_offset_commit::TxnOffsetCommitRequest),
    /// DescribeAcls.
    DescribeAcls(describe_acls::DescribeAclsRequest),
    /// CreateAcls.
    CreateAcls(create_acls::CreateAclsRequest),
    /// DeleteAcls.
    DeleteAcls(delete_acls::DeleteAclsRequest),
    /// DescribeConfigs.
    DescribeConfigs(describe_configs::DescribeConfigsRequest),
    /// AlterConfigs.
    AlterConfigs(alter_configs::AlterConfigsRequest),
    /// AlterReplicaLogDirs.
    AlterReplicaLogDirs(alter_replica_log_dirs::AlterReplicaLogDirsRequest),
    /// DescribeLogDirs.
    DescribeLogDirs(describe_log_dirs::DescribeLogDirsRequest),
    /// SaslAuthenticate.
    SaslAuthenticate(sasl_authenticate::SaslAuthenticateRequest),
    /// CreatePartitions.
    CreatePartitions(create_partitions::CreatePartitionsRequest),
    /// CreateDelegationToken.
    CreateDelegationToken(create_delegation_token::CreateDelegationTokenRequest),
    /// RenewDelegationToken.
    RenewDelegationToken(renew_delegation_token::RenewDelegationTokenRequest),
    /// ExpireDelegationToken.
    ExpireDelegationToken(expire_delegation_token::ExpireDelegationTokenRequest),
    /// DescribeDelegationToken.
    DescribeDelegationToken(describe_delegation_token::DescribeDelegationTokenRequest),
    /// DeleteGroups.
    DeleteGroups(delete_groups::DeleteGroupsRequest),
    /// ElectLeaders.
    ElectLeaders(elect_leaders::ElectLeadersRequest),
    /// IncrementalAlterConfigs.
    IncrementalAlterConfigs(incremental_alter_configs::IncrementalAlterConfigsRequest),
    /// AlterPartitionReassignments.
    AlterPartitionReassignments(alter_partition_reassignments::AlterPartitionReassignmentsRequest),
    /// ListPartitionReassignments.
    ListPartitionReassignments(list_partition_reassignments::ListPartitionReassignmentsRequest),
    /// OffsetDelete.
    OffsetDelete(offset_delete::OffsetDeleteRequest),
    /// DescribeClientQuotas.
    DescribeClientQuotas(describe_client_quotas::DescribeClientQuotasRequest),
    /// AlterClientQuotas.
    AlterClientQuotas(alter_client_quotas::AlterClientQuotasRequest),
    /// DescribeUserScramCredentials.
    DescribeUserScramCredentials(describe_user_scram_credentials::DescribeUserScramCredentialsRequest),
    /// AlterUserScramCredentials.
    AlterUserScramCredentials(alter_user_scram_credentials::AlterUserScramCredentialsRequest),
    /// Vote.
    Vote(vote::VoteRequest),
    /// BeginQuorumEpoch.
    BeginQuorumEpoch(begin_quorum_epoch::BeginQuorumEpochRequest),
    /// EndQuorumEpoch.
    EndQuorumEpoch(end_quorum_epoch::EndQuorumEpochRequest),
    /// DescribeQuorum.
    DescribeQuorum(describe_quorum::DescribeQuorumRequest),
    /// AlterPartition.
    AlterPartition(alter_partition::AlterPartitionRequest),
    /// UpdateFeatures.
    UpdateFeatures(update_features::UpdateFeaturesRequest),
    /// Envelope.
    Envelope(envelope::EnvelopeRequest),
    /// FetchSnapshot.
    FetchSnapshot(fetch_snapshot::FetchSnapshotRequest),
    /// DescribeCluster.
    DescribeCluster(describe_cluster::DescribeClusterRequest),
    /// DescribeProducers.
    DescribeProducers(describe_producers::DescribeProducersRequest),
    /// BrokerRegistration.
    BrokerRegistration(broker_registration::BrokerRegistrationRequest),
    /// BrokerHeartbeat.
    BrokerHeartbeat(broker_heartbeat::BrokerHeartbeatRequest),
    /// UnregisterBroker.
    UnregisterBroker(unregister_broker::UnregisterBrokerRequest),
    /// DescribeTransactions.
    DescribeTransactions(describe_transactions::DescribeTransactionsRequest),
    /// ListTransactions.
    ListTransactions(list_transactions::ListTransactionsRequest),
    /// AllocateProducerIds.
    AllocateProducerIds(allocate_producer_ids::AllocateProducerIdsRequest),
    /// ConsumerGroupHeartbeat.
    ConsumerGroupHeartbeat(consumer_group_heartbeat::ConsumerGroupHeartbeatRequest),
    /// ConsumerGroupDescribe.
    ConsumerGroupDescribe(consumer_group_describe::ConsumerGroupDescribeRequest),
    /// ControllerRegistration.
    ControllerRegistration(controller_registration::ControllerRegistrationRequest),
    /// GetTelemetrySubscriptions.
    GetTelemetrySubscriptions(get_telemetry_subscriptions::GetTelemetrySubscriptionsRequest),
    /// PushTelemetry.
    PushTelemetry(push_telemetry::PushTelemetryRequest),
    /// AssignReplicasToDirs.
    AssignReplicasToDirs(assign_replicas_to_dirs::AssignReplicasToDirsRequest),
    /// ListConfigResources.
    ListConfigResources(list_config_resources::ListConfigResourcesRequest),
    /// DescribeTopicPartitions.
    DescribeTopicPartitions(describe_topic_partitions::DescribeTopicPartitionsRequest),
    /// ShareGroupHeartbeat.
    ShareGroupHeartbeat(share_group_heartbeat::ShareGroupHeartbeatRequest),
    /// ShareGroupDescribe.
    ShareGroupDescribe(share_group_describe::ShareGroupDescribeRequest),
    /// ShareFetch.
    ShareFetch(share_fetch::ShareFetchRequest),
    /// ShareAcknowledge.
    ShareAcknowledge(share_acknowledge::ShareAcknowledgeRequest),
    /// AddRaftVoter.
    AddRaftVoter(add_raft_voter::AddRaftVoterRequest),
    /// RemoveRaftVoter.
    RemoveRaftVoter(remove_raft_voter::RemoveRaftVoterRequest),
    /// UpdateRaftVoter.
    UpdateRaftVoter(update_raft_voter::UpdateRaftVoterRequest),
    /// InitializeShareGroupState.
    InitializeShareGroupState(initialize_share_group_state::InitializeShareGroupStateRequest),
    /// ReadShareGroupState.
    ReadShareGroupState(read_share_group_state::ReadShareGroupStateRequest),
    /// WriteShareGroupState.
    WriteShareGroupState(write_share_group_state::WriteShareGroupStateRequest),
    /// DeleteShareGroupState.
    DeleteShareGroupState(delete_share_group_state::DeleteShareGroupStateRequest),
    /// ReadShareGroupStateSummary.
    ReadShareGroupStateSummary(read_share_group_state_summary::ReadShareGroupStateSummaryRequest),
    /// StreamsGroupHeartbeat.
    StreamsGroupHeartbeat(streams_group_heartbeat::StreamsGroupHeartbeatRequest),
    /// StreamsGroupDescribe.
    StreamsGroupDescribe(streams_group_describe::StreamsGroupDescribeRequest),
    /// DescribeShareGroupOffsets.
    DescribeShareGroupOffsets(describe_share_group_offsets::DescribeShareGroupOffsetsRequest),
    /// AlterShareGroupOffsets.
    AlterShareGroupOffsets(alter_share_group_offsets::AlterShareGroupOffsetsRequest),
    /// DeleteShareGroupOffsets.
    DeleteShareGroupOffsets(delete_share_group_offsets::DeleteShareGroupOffsetsRequest),
}

impl Request {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// The bytes are no request of that API and version.
    pub fn decode(key: ApiKey, version: i16, r: &mut Reader) -> Result<Self, DecodeError> {
        Ok(match key {
            ApiKey::Produce => Self::Produce(Message::decode(r, version)?),
            ApiKey::Fetch => Self::Fetch(Message::decode(r, version)?),
            ApiKey::ListOffsets => Self::ListOffsets(Message::decode(r, version)?),
            ApiKey::Metadata => Self::Metadata(Message::decode(r, version)?),
            ApiKey::OffsetCommit => Self::OffsetCommit(Message::decode(r, version)?),
            ApiKey::OffsetFetch => Self::OffsetFetch(Message::decode(r, version)?),
            ApiKey::FindCoordinator => Self::FindCoordinator(Message::decode(r, version)?),
            ApiKey::JoinGroup => Self::JoinGroup(Message::decode(r, version)?),
            ApiKey::Heartbeat => Self::Heartbeat(Message::decode(r, version)?),
            ApiKey::LeaveGroup => Self::LeaveGroup(Message::decode(r, version)?),
            ApiKey::SyncGroup => Self::SyncGroup(Message::decode(r, version)?),
            ApiKey::DescribeGroups => Self::DescribeGroups(Message::decode(r, version)?),
            ApiKey::ListGroups => Self::ListGroups(Message::decode(r, version)?),
            ApiKey::SaslHandshake => Self::SaslHandshake(Message::decode(r, version)?),
            ApiKey::ApiVersions => Self::ApiVersions(Message::decode(r, version)?),
            ApiKey::CreateTopics => Self::CreateTopics(Message::decode(r, version)?),
            ApiKey::DeleteTopics => Self::DeleteTopics(Message::decode(r, version)?),
            ApiKey::DeleteRecords => Self::DeleteRecords(Message::decode(r, version)?),
            ApiKey::InitProducerId => Self::InitProducerId(Message::decode(r, version)?),
            ApiKey::OffsetForLeaderEpoch => Self::OffsetForLeaderEpoch(Message::decode(r, version)?),
            ApiKey::AddPartitionsToTxn => Self::AddPartitionsToTxn(Message::decode(r, version)?),
            ApiKey::AddOffsetsToTxn => Self::AddOffsetsToTxn(Message::decode(r, version)?),
            ApiKey::EndTxn => Self::EndTxn(Message::decode(r, version)?),
            ApiKey::WriteTxnMarkers => Self::WriteTxnMarkers(Message::decode(r, version)?),
            ApiKey::TxnOffsetCommit => Self::TxnOffsetCommit(Message::decode(r, version)?),
            ApiKey::DescribeAcls => Self::DescribeAcls(Message::decode(r, version)?),
            ApiKey::CreateAcls => Self::CreateAcls(Message::decode(r, version)?),
            ApiKey::DeleteAcls => Self::DeleteAcls(Message::decode(r, version)?),
            ApiKey::DescribeConfigs => Self::DescribeConfigs(Message::decode(r, version)?),
            ApiKey::AlterConfigs => Self::AlterConfigs(Message::decode(r, version)?),
            ApiKey::AlterReplicaLogDirs => Self::AlterReplicaLogDirs(Message::decode(r, version)?),
            ApiKey::DescribeLogDirs => Self::DescribeLogDirs(Message::decode(r, version)?),
            ApiKey::SaslAuthenticate => Self::SaslAuthenticate(Message::decode(r, version)?),
            ApiKey::CreatePartitions => Self::CreatePartitions(Message::decode(r, version)?),
            ApiKey::CreateDelegationToken => Self::CreateDelegationToken(Message::decode(r, version)?),
            ApiKey::RenewDelegationToken => Self::RenewDelegationToken(Message::decode(r, version)?),
            ApiKey::ExpireDelegationToken => Self::ExpireDelegationToken(Message::decode(r, version)?),
            ApiKey::DescribeDelegationToken => Self::DescribeDelegationToken(Message::decode(r, version)?),
            ApiKey::DeleteGroups => Self::DeleteGroups(Message::decode(r, version)?),
            ApiKey::ElectLeaders => Self::ElectLeaders(Message::decode(r, version)?),
            ApiKey::IncrementalAlterConfigs => Self::IncrementalAlterConfigs(Message::decode(r, version)?),
            ApiKey::AlterPartitionReassignments => Self::AlterPartitionReassignments(Message::decode(r, version)?),
            ApiKey::ListPartitionReassignments => Self::ListPartitionReassignments(Message::decode(r, version)?),
            ApiKey::OffsetDelete => Self::OffsetDelete(Message::decode(r, version)?),
            ApiKey::DescribeClientQuotas => Self::DescribeClientQuotas(Message::decode(r, version)?),
            ApiKey::AlterClientQuotas => Self::AlterClientQuotas(Message::decode(r, version)?),
            ApiKey::DescribeUserScramCredentials => Self::DescribeUserScramCredentials(Message::decode(r, version)?),
            ApiKey::AlterUserScramCredentials => Self::AlterUserScramCredentials(Message::decode(r, version)?),
            ApiKey::Vote => Self::Vote(Message::decode(r, version)?),
            ApiKey::BeginQuorumEpoch => Self::BeginQuorumEpoch(Message::decode(r, version)?),
            ApiKey::EndQuorumEpoch => Self::EndQuorumEpoch(Message::decode(r, version)?),
            ApiKey::DescribeQuorum => Self::DescribeQuorum(Message::decode(r, version)?),
            ApiKey::AlterPartition => Self::AlterPartition(Message::decode(r, version)?),
            ApiKey::UpdateFeatures => Self::UpdateFeatures(Message::decode(r, version)?),
            ApiKey::Envelope => Self::Envelope(Message::decode(r, version)?),
            ApiKey::FetchSnapshot => Self::FetchSnapshot(Message::decode(r, version)?),
            ApiKey::DescribeCluster => Self::DescribeCluster(Message::decode(r, version)?),
            ApiKey::DescribeProducers => Self::DescribeProducers(Message::decode(r, version)?),
            ApiKey::BrokerRegistration => Self::BrokerRegistration(Message::decode(r, version)?),
            ApiKey::BrokerHeartbeat => Self::BrokerHeartbeat(Message::decode(r, version)?),
            ApiKey::UnregisterBroker => Self::UnregisterBroker(Message::decode(r, version)?),
            ApiKey::DescribeTransactions => Self::DescribeTransactions(Message::decode(r, version)?),
            ApiKey::ListTransactions => Self::ListTransactions(Message::decode(r, version)?),
            ApiKey::AllocateProducerIds => Self::AllocateProducerIds(Message::decode(r, version)?),
            ApiKey::ConsumerGroupHeartbeat => Self::ConsumerGroupHeartbeat(Message::decode(r, version)?),
            ApiKey::ConsumerGroupDescribe => Self::ConsumerGroupDescribe(Message::decode(r, version)?),
            ApiKey::ControllerRegistration => Self::ControllerRegistration(Message::decode(r, version)?),
            ApiKey::GetTelemetrySubscriptions => Self::GetTelemetrySubscriptions(Message::decode(r, version)?),
            ApiKey::PushTelemetry => Self::PushTelemetry(Message::decode(r, version)?),
            ApiKey::AssignReplicasToDirs => Self::AssignReplicasToDirs(Message::decode(r, version)?),
            ApiKey::ListConfigResources => Self::ListConfigResources(Message::decode(r, version)?),
            ApiKey::DescribeTopicPartitions => Self::DescribeTopicPartitions(Message::decode(r, version)?),
            ApiKey::ShareGroupHeartbeat => Self::ShareGroupHeartbeat(Message::decode(r, version)?),
            ApiKey::ShareGroupDescribe => Self::ShareGroupDescribe(Message::decode(r, version)?),
            ApiKey::ShareFetch => Self::ShareFetch(Message::decode(r, version)?),
            ApiKey::ShareAcknowledge => Self::ShareAcknowledge(Message::decode(r, version)?),
            ApiKey::AddRaftVoter => Self::AddRaftVoter(Message::decode(r, version)?),
            ApiKey::RemoveRaftVoter => Self::RemoveRaftVoter(Message::decode(r, version)?),
            ApiKey::UpdateRaftVoter => Self::UpdateRaftVoter(Message::decode(r, version)?),
            ApiKey::InitializeShareGroupState => Self::InitializeShareGroupState(Message::decode(r, version)?),
            ApiKey::ReadShareGroupState => Self::ReadShareGroupState(Message::decode(r, version)?),
            ApiKey::WriteShareGroupState => Self::WriteShareGroupState(Message::decode(r, version)?),
            ApiKey::DeleteShareGroupState => Self::DeleteShareGroupState(Message::decode(r, version)?),
            ApiKey::ReadShareGroupStateSummary => Self::ReadShareGroupStateSummary(Message::decode(r, version)?),
            ApiKey::StreamsGroupHeartbeat => Self::StreamsGroupHeartbeat(Message::decode(r, version)?),
            ApiKey::StreamsGroupDescribe => Self::StreamsGroupDescribe(Message::decode(r, version)?),
            ApiKey::DescribeShareGroupOffsets => Self::DescribeShareGroupOffsets(Message::decode(r, version)?),
            ApiKey::AlterShareGroupOffsets => Self::AlterShareGroupOffsets(Message::decode(r, version)?),
            ApiKey::DeleteShareGroupOffsets => Self::DeleteShareGroupOffsets(Message::decode(r, version)?),
        })
    }

    /// Writes the body of a request.
    pub fn encode(&self, version: i16, w: &mut Writer<'_>) {
        match self {
            Self::Produce(m) => m.encode(w, version),
            Self::Fetch(m) => m.encode(w, version),
            Self::ListOffsets(m) => m.encode(w, version),
            Self::Metadata(m) => m.encode(w, version),
            Self::OffsetCommit(m) => m.encode(w, version),
            Self::OffsetFetch(m) => m.encode(w, version),
            Self::FindCoordinator(m) => m.encode(w, version),
            Self::JoinGroup(m) => m.encode(w, version),
            Self::Heartbeat(m) => m.encode(w, version),
            Self::LeaveGroup(m) => m.encode(w, version),
            Self::SyncGroup(m) => m.encode(w, version),
            Self::DescribeGroups(m) => m.encode(w, version),
            Self::ListGroups(m) => m.encode(w, version),
            Self::SaslHandshake(m) => m.encode(w, version),
            Self::ApiVersions(m) => m.encode(w, version),
            Self::CreateTopics(m) => m.encode(w, version),
            Self::DeleteTopics(m) => m.encode(w, version),
            Self::DeleteRecords(m) => m.encode(w, version),
            Self::InitProducerId(m) => m.encode(w, version),
            Self::OffsetForLeaderEpoch(m) => m.encode(w, version),
            Self::AddPartitionsToTxn(m) => m.encode(w, version),
            Self::AddOffsetsToTxn(m) => m.encode(w, version),
            Self::EndTxn(m) => m.encode(w, version),
            Self::WriteTxnMarkers(m) => m.encode(w, version),
            Self::TxnOffsetCommit(m) => m.encode(w, version),
            Self::DescribeAcls(m) => m.encode(w, version),
            Self::CreateAcls(m) => m.encode(w, version),
            Self::DeleteAcls(m) => m.encode(w, version),
            Self::DescribeConfigs(m) => m.encode(w, version),
            Self::AlterConfigs(m) => m.encode(w, version),
            Self::AlterReplicaLogDirs(m) => m.encode(w, version),
            Self::DescribeLogDirs(m) => m.encode(w, version),
            Self::SaslAuthenticate(m) => m.encode(w, version),
            Self::CreatePartitions(m) => m.encode(w, version),
            Self::CreateDelegationToken(m) => m.encode(w, version),
            Self::RenewDelegationToken(m) => m.encode(w, version),
            Self::ExpireDelegationToken(m) => m.encode(w, version),
            Self::DescribeDelegationToken(m) => m.encode(w, version),
            Self::DeleteGroups(m) => m.encode(w, version),
            Self::ElectLeaders(m) => m.encode(w, version),
            Self::IncrementalAlterConfigs(m) => m.encode(w, version),
            Self::AlterPartitionReassignments(m) => m.encode(w, version),
            Self::ListPartitionReassignments(m) => m.encode(w, version),
            Self::OffsetDelete(m) => m.encode(w, version),
            Self::DescribeClientQuotas(m) => m.encode(w, version),
            Self::AlterClientQuotas(m) => m.encode(w, version),
            Self::DescribeUserScramCredentials(m) => m.encode(w, version),
            Self::AlterUserScramCredentials(m) => m.encode(w, version),
            Self::Vote(m) => m.encode(w, version),
            Self::BeginQuorumEpoch(m) => m.encode(w, version),
            Self::EndQuorumEpoch(m) => m.encode(w, version),
            Self::DescribeQuorum(m) => m.encode(w, version),
            Self::AlterPartition(m) => m.encode(w, version),
            Self::UpdateFeatures(m) => m.encode(w, version),
            Self::Envelope(m) => m.encode(w, version),
            Self::FetchSnapshot(m) => m.encode(w, version),
            Self::DescribeCluster(m) => m.encode(w, version),
            Self::DescribeProducers(m) => m.encode(w, version),
            Self::BrokerRegistration(m) => m.encode(w, version),
            Self::BrokerHeartbeat(m) => m.encode(w, version),
            Self::UnregisterBroker(m) => m.encode(w, version),
            Self::DescribeTransactions(m) => m.encode(w, version),
            Self::ListTransactions(m) => m.encode(w, version),
            Self::AllocateProducerIds(m) => m.encode(w, version),
            Self::ConsumerGroupHeartbeat(m) => m.encode(w, version),
            Self::ConsumerGroupDescribe(m) => m.encode(w, version),
            Self::ControllerRegistration(m) => m.encode(w, version),
            Self::GetTelemetrySubscriptions(m) => m.encode(w, version),
            Self::PushTelemetry(m) => m.encode(w, version),
            Self::AssignReplicasToDirs(m) => m.encode(w, version),
            Self::ListConfigResources(m) => m.encode(w, version),
            Self::DescribeTopicPartitions(m) => m.encode(w, version),
            Self::ShareGroupHeartbeat(m) => m.encode(w, version),
            Self::ShareGroupDescribe(m) => m.encode(w, version),
            Self::ShareFetch(m) => m.encode(w, version),
            Self::ShareAcknowledge(m) => m.encode(w, version),
            Self::AddRaftVoter(m) => m.encode(w, version),
            Self::RemoveRaftVoter(m) => m.encode(w, version),
            Self::UpdateRaftVoter(m) => m.encode(w, version),
            Self::InitializeShareGroupState(m) => m.encode(w, version),
            Self::ReadShareGroupState(m) => m.encode(w, version),
            Self::WriteShareGroupState(m) => m.encode(w, version),
            Self::DeleteShareGroupState(m) => m.encode(w, version),
            Self::ReadShareGroupStateSummary(m) => m.encode(w, version),
            Self::StreamsGroupHeartbeat(m) => m.encode(w, version),
            Self::StreamsGroupDescribe(m) => m.encode(w, version),
            Self::DescribeShareGroupOffsets(m) => m.encode(w, version),
            Self::AlterShareGroupOffsets(m) => m.encode(w, version),
            Self::DeleteShareGroupOffsets(m) => m.encode(w, version),
        }
    }

    /// The API it belongs to.
    pub fn key(&self) -> ApiKey {
        match self {
            Self::Produce(_) => ApiKey::Produce,
            Self::Fetch(_) => ApiKey::Fetch,
            Self::ListOffsets(_) => ApiKey::ListOffsets,
            Self::Metadata(_) => ApiKey::Metadata,
            Self::OffsetCommit(_) => ApiKey::OffsetCommit,
            Self::OffsetFetch(_) => ApiKey::OffsetFetch,
            Self::FindCoordinator(_) => ApiKey::FindCoordinator,
            Self::JoinGroup(_) => ApiKey::JoinGroup,
            Self::Heartbeat(_) => ApiKey::Heartbeat,
            Self::LeaveGroup(_) => ApiKey::LeaveGroup,
            Self::SyncGroup(_) => ApiKey::SyncGroup,
            Self::DescribeGroups(_) => ApiKey::DescribeGroups,
            Self::ListGroups(_) => ApiKey::ListGroups,
            Self::SaslHandshake(_) => ApiKey::SaslHandshake,
            Self::ApiVersions(_) => ApiKey::ApiVersions,
            Self::CreateTopics(_) => ApiKey::CreateTopics,
            Self::DeleteTopics(_) => ApiKey::DeleteTopics,
            Self::DeleteRecords(_) => ApiKey::DeleteRecords,
            Self::InitProducerId(_) => ApiKey::InitProducerId,
            Self::OffsetForLeaderEpoch(_) => ApiKey::OffsetForLeaderEpoch,
            Self::AddPartitionsToTxn(_) => ApiKey::AddPartitionsToTxn,
            Self::AddOffsetsToTxn(_) => ApiKey::AddOffsetsToTxn,
            Self::EndTxn(_) => ApiKey::EndTxn,
            Self::WriteTxnMarkers(_) => ApiKey::WriteTxnMarkers,
            Self::TxnOffsetCommit(_) => ApiKey::TxnOffsetCommit,
            Self::DescribeAcls(_) => ApiKey::DescribeAcls,
            Self::CreateAcls(_) => ApiKey::CreateAcls,
            Self::DeleteAcls(_) => ApiKey::DeleteAcls,
            Self::DescribeConfigs(_) => ApiKey::DescribeConfigs,
            Self::AlterConfigs(_) => ApiKey::AlterConfigs,
            Self::AlterReplicaLogDirs(_) => ApiKey::AlterReplicaLogDirs,
            Self::DescribeLogDirs(_) => ApiKey::DescribeLogDirs,
            Self::SaslAuthenticate(_) => ApiKey::SaslAuthenticate,
            Self::CreatePartitions(_) => ApiKey::CreatePartitions,
            Self::CreateDelegationToken(_) => ApiKey::CreateDelegationToken,
            Self::RenewDelegationToken(_) => ApiKey::RenewDelegationToken,
            Self::ExpireDelegationToken(_) => ApiKey::ExpireDelegationToken,
            Self::DescribeDelegationToken(_) => ApiKey::DescribeDelegationToken,
            Self::DeleteGroups(_) => ApiKey::DeleteGroups,
            Self::ElectLeaders(_) => ApiKey::ElectLeaders,
            Self::IncrementalAlterConfigs(_) => ApiKey::IncrementalAlterConfigs,
            Self::AlterPartitionReassignments(_) => ApiKey::AlterPartitionReassignments,
            Self::ListPartitionReassignments(_) => ApiKey::ListPartitionReassignments,
            Self::OffsetDelete(_) => ApiKey::OffsetDelete,
            Self::DescribeClientQuotas(_) => ApiKey::DescribeClientQuotas,
            Self::AlterClientQuotas(_) => ApiKey::AlterClientQuotas,
            Self::DescribeUserScramCredentials(_) => ApiKey::DescribeUserScramCredentials,
            Self::AlterUserScramCredentials(_) => ApiKey::AlterUserScramCredentials,
            Self::Vote(_) => ApiKey::Vote,
            Self::BeginQuorumEpoch(_) => ApiKey::BeginQuorumEpoch,
            Self::EndQuorumEpoch(_) => ApiKey::EndQuorumEpoch,
            Self::DescribeQuorum(_) => ApiKey::DescribeQuorum,
            Self::AlterPartition(_) => ApiKey::AlterPartition,
            Self::UpdateFeatures(_) => ApiKey::UpdateFeatures,
            Self::Envelope(_) => ApiKey::Envelope,
            Self::FetchSnapshot(_) => ApiKey::FetchSnapshot,
            Self::DescribeCluster(_) => ApiKey::DescribeCluster,
            Self::DescribeProducers(_) => ApiKey::DescribeProducers,
            Self::BrokerRegistration(_) => ApiKey::BrokerRegistration,
            Self::BrokerHeartbeat(_) => ApiKey::BrokerHeartbeat,
            Self::UnregisterBroker(_) => ApiKey::UnregisterBroker,
            Self::DescribeTransactions(_) => ApiKey::DescribeTransactions,
            Self::ListTransactions(_) => ApiKey::ListTransactions,
            Self::AllocateProducerIds(_) => ApiKey::AllocateProducerIds,
            Self::ConsumerGroupHeartbeat(_) => ApiKey::ConsumerGroupHeartbeat,
            Self::ConsumerGroupDescribe(_) => ApiKey::ConsumerGroupDescribe,
            Self::ControllerRegistration(_) => ApiKey::ControllerRegistration,
            Self::GetTelemetrySubscriptions(_) => ApiKey::GetTelemetrySubscriptions,
            Self::PushTelemetry(_) => ApiKey::PushTelemetry,
            Self::AssignReplicasToDirs(_) => ApiKey::AssignReplicasToDirs,
            Self::ListConfigResources(_) => ApiKey::ListConfigResources,
            Self::DescribeTopicPartitions(_) => ApiKey::DescribeTopicPartitions,
            Self::ShareGroupHeartbeat(_) => ApiKey::ShareGroupHeartbeat,
            Self::ShareGroupDescribe(_) => ApiKey::ShareGroupDescribe,
            Self::ShareFetch(_) => ApiKey::ShareFetch,
            Self::ShareAcknowledge(_) => ApiKey::ShareAcknowledge,
            Self::AddRaftVoter(_) => ApiKey::AddRaftVoter,
            Self::RemoveRaftVoter(_) => ApiKey::RemoveRaftVoter,
            Self::UpdateRaftVoter(_) => ApiKey::UpdateRaftVoter,
            Self::InitializeShareGroupState(_) => ApiKey::InitializeShareGroupState,
            Self::ReadShareGroupState(_) => ApiKey::ReadShareGroupState,
            Self::WriteShareGroupState(_) => ApiKey::WriteShareGroupState,
            Self::DeleteShareGroupState(_) => ApiKey::DeleteShareGroupState,
            Self::ReadShareGroupStateSummary(_) => ApiKey::ReadShareGroupStateSummary,
            Self::StreamsGroupHeartbeat(_) => ApiKey::StreamsGroupHeartbeat,
            Self::StreamsGroupDescribe(_) => ApiKey::StreamsGroupDescribe,
            Self::DescribeShareGroupOffsets(_) => ApiKey::DescribeShareGroupOffsets,
            Self::AlterShareGroupOffsets(_) => ApiKey::AlterShareGroupOffsets,
            Self::DeleteShareGroupOffsets(_) => ApiKey::DeleteShareGroupOffsets,
        }
    }

    /// Draws a request of that API and version.
    #[cfg(feature = "sample")]
    pub fn sample(key: ApiKey, version: i16, s: &mut dyn Sampler) -> Self {
        match key {
            ApiKey::Produce => Self::Produce(Message::sample(s, version)),
            ApiKey::Fetch => Self::Fetch(Message::sample(s, version)),
            ApiKey::ListOffsets => Self::ListOffsets(Message::sample(s, version)),
            ApiKey::Metadata => Self::Metadata(Message::sample(s, version)),
            ApiKey::OffsetCommit => Self::OffsetCommit(Message::sample(s, version)),
            ApiKey::OffsetFetch => Self::OffsetFetch(Message::sample(s, version)),
            ApiKey::FindCoordinator => Self::FindCoordinator(Message::sample(s, version)),
            ApiKey::JoinGroup => Self::JoinGroup(Message::sample(s, version)),
            ApiKey::Heartbeat => Self::Heartbeat(Message::sample(s, version)),
            ApiKey::LeaveGroup => Self::LeaveGroup(Message::sample(s, version)),
            ApiKey::SyncGroup => Self::SyncGroup(Message::sample(s, version)),
            ApiKey::DescribeGroups => Self::DescribeGroups(Message::sample(s, version)),
            ApiKey::ListGroups => Self::ListGroups(Message::sample(s, version)),
            ApiKey::SaslHandshake => Self::SaslHandshake(Message::sample(s, version)),
            ApiKey::ApiVersions => Self::ApiVersions(Message::sample(s, version)),
            ApiKey::CreateTopics => Self::CreateTopics(Message::sample(s, version)),
            ApiKey::DeleteTopics => Self::DeleteTopics(Message::sample(s, version)),
            ApiKey::DeleteRecords => Self::DeleteRecords(Message::sample(s, version)),
            ApiKey::InitProducerId => Self::InitProducerId(Message::sample(s, version)),
            ApiKey::OffsetForLeaderEpoch => Self::OffsetForLeaderEpoch(Message::sample(s, version)),
            ApiKey::AddPartitionsToTxn => Self::AddPartitionsToTxn(Message::sample(s, version)),
            ApiKey::AddOffsetsToTxn => Self::AddOffsetsToTxn(Message::sample(s, version)),
            ApiKey::EndTxn => Self::EndTxn(Message::sample(s, version)),
            ApiKey::WriteTxnMarkers => Self::WriteTxnMarkers(Message::sample(s, version)),
            ApiKey::TxnOffsetCommit => Self::TxnOffsetCommit(Message::sample(s, version)),
            ApiKey::DescribeAcls => Self::DescribeAcls(Message::sample(s, version)),
            ApiKey::CreateAcls => Self::CreateAcls(Message::sample(s, version)),
            ApiKey::DeleteAcls => Self::DeleteAcls(Message::sample(s, version)),
            ApiKey::DescribeConfigs => Self::DescribeConfigs(Message::sample(s, version)),
            ApiKey::AlterConfigs => Self::AlterConfigs(Message::sample(s, version)),
            ApiKey::AlterReplicaLogDirs => Self::AlterReplicaLogDirs(Message::sample(s, version)),
            ApiKey::DescribeLogDirs => Self::DescribeLogDirs(Message::sample(s, version)),
            ApiKey::SaslAuthenticate => Self::SaslAuthenticate(Message::sample(s, version)),
            ApiKey::CreatePartitions => Self::CreatePartitions(Message::sample(s, version)),
            ApiKey::CreateDelegationToken => Self::CreateDelegationToken(Message::sample(s, version)),
            ApiKey::RenewDelegationToken => Self::RenewDelegationToken(Message::sample(s, version)),
            ApiKey::ExpireDelegationToken => Self::ExpireDelegationToken(Message::sample(s, version)),
            ApiKey::DescribeDelegationToken => Self::DescribeDelegationToken(Message::sample(s, version)),
            ApiKey::DeleteGroups => Self::DeleteGroups(Message::sample(s, version)),
            ApiKey::ElectLeaders => Self::ElectLeaders(Message::sample(s, version)),
            ApiKey::IncrementalAlterConfigs => Self::IncrementalAlterConfigs(Message::sample(s, version)),
            ApiKey::AlterPartitionReassignments => Self::AlterPartitionReassignments(Message::sample(s, version)),
            ApiKey::ListPartitionReassignments => Self::ListPartitionReassignments(Message::sample(s, version)),
            ApiKey::OffsetDelete => Self::OffsetDelete(Message::sample(s, version)),
            ApiKey::DescribeClientQuotas => Self::DescribeClientQuotas(Message::sample(s, version)),
            ApiKey::AlterClientQuotas => Self::AlterClientQuotas(Message::sample(s, version)),
            ApiKey::DescribeUserScramCredentials => Self::DescribeUserScramCredentials(Message::sample(s, version)),
            ApiKey::AlterUserScramCredentials => Self::AlterUserScramCredentials(Message::sample(s, version)),
            ApiKey::Vote => Self::Vote(Message::sample(s, version)),
            ApiKey::BeginQuorumEpoch => Self::BeginQuorumEpoch(Message::sample(s, version)),
            ApiKey::EndQuorumEpoch => Self::EndQuorumEpoch(Message::sample(s, version)),
            ApiKey::DescribeQuorum => Self::DescribeQuorum(Message::sample(s, version)),
            ApiKey::AlterPartition => Self::AlterPartition(Message::sample(s, version)),
            ApiKey::UpdateFeatures => Self::UpdateFeatures(Message::sample(s, version)),
            ApiKey::Envelope => Self::Envelope(Message::sample(s, version)),
            ApiKey::FetchSnapshot => Self::FetchSnapshot(Message::sample(s, version)),
            ApiKey::DescribeCluster => Self::DescribeCluster(Message::sample(s, version)),
            ApiKey::DescribeProducers => Self::DescribeProducers(Message::sample(s, version)),
            ApiKey::BrokerRegistration => Self::BrokerRegistration(Message::sample(s, version)),
            ApiKey::BrokerHeartbeat => Self::BrokerHeartbeat(Message::sample(s, version)),
            ApiKey::UnregisterBroker => Self::UnregisterBroker(Message::sample(s, version)),
            ApiKey::DescribeTransactions => Self::DescribeTransactions(Message::sample(s, version)),
            ApiKey::ListTransactions => Self::ListTransactions(Message::sample(s, version)),
            ApiKey::AllocateProducerIds => Self::AllocateProducerIds(Message::sample(s, version)),
            ApiKey::ConsumerGroupHeartbeat => Self::ConsumerGroupHeartbeat(Message::sample(s, version)),
            ApiKey::ConsumerGroupDescribe => Self::ConsumerGroupDescribe(Message::sample(s, version)),
            ApiKey::ControllerRegistration => Self::ControllerRegistration(Message::sample(s, version)),
            ApiKey::GetTelemetrySubscriptions => Self::GetTelemetrySubscriptions(Message::sample(s, version)),
            ApiKey::PushTelemetry => Self::PushTelemetry(Message::sample(s, version)),
            ApiKey::AssignReplicasToDirs => Self::AssignReplicasToDirs(Message::sample(s, version)),
            ApiKey::ListConfigResources => Self::ListConfigResources(Message::sample(s, version)),
            ApiKey::DescribeTopicPartitions => Self::DescribeTopicPartitions(Message::sample(s, version)),
            ApiKey::ShareGroupHeartbeat => Self::ShareGroupHeartbeat(Message::sample(s, version)),
            ApiKey::ShareGroupDescribe => Self::ShareGroupDescribe(Message::sample(s, version)),
            ApiKey::ShareFetch => Self::ShareFetch(Message::sample(s, version)),
            ApiKey::ShareAcknowledge => Self::ShareAcknowledge(Message::sample(s, version)),
            ApiKey::AddRaftVoter => Self::AddRaftVoter(Message::sample(s, version)),
            ApiKey::RemoveRaftVoter => Self::RemoveRaftVoter(Message::sample(s, version)),
            ApiKey::UpdateRaftVoter => Self::UpdateRaftVoter(Message::sample(s, version)),
            ApiKey::InitializeShareGroupState => Self::InitializeShareGroupState(Message::sample(s, version)),
            ApiKey::ReadShareGroupState => Self::ReadShareGroupState(Message::sample(s, version)),
            ApiKey::WriteShareGroupState => Self::WriteShareGroupState(Message::sample(s, version)),
            ApiKey::DeleteShareGroupState => Self::DeleteShareGroupState(Message::sample(s, version)),
            ApiKey::ReadShareGroupStateSummary => Self::ReadShareGroupStateSummary(Message::sample(s, version)),
            ApiKey::StreamsGroupHeartbeat => Self::StreamsGroupHeartbeat(Message::sample(s, version)),
            ApiKey::StreamsGroupDescribe => Self::StreamsGroupDescribe(Message::sample(s, version)),
            ApiKey::DescribeShareGroupOffsets => Self::DescribeShareGroupOffsets(Message::sample(s, version)),
            ApiKey::AlterShareGroupOffsets => Self::AlterShareGroupOffsets(Message::sample(s, version)),
            ApiKey::DeleteShareGroupOffsets => Self::DeleteShareGroupOffsets(Message::sample(s, version)),
        }
    }
}

/// Any response.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)]
pub enum Response {
    /// Produce.
    Produce(produce::ProduceResponse),
    /// Fetch.
    Fetch(fetch::FetchResponse),
    /// ListOffsets.
    ListOffsets(list_offsets::ListOffsetsResponse),
    /// Metadata.
    Metadata(metadata::MetadataResponse),
    /// OffsetCommit.
    OffsetCommit(offset_commit::OffsetCommitResponse),
    /// OffsetFetch.
    OffsetFetch(offset_fetch::OffsetFetchResponse),
    /// FindCoordinator.
    FindCoordinator(find_coordinator::FindCoordinatorResponse),
    /// JoinGroup.
    JoinGroup(join_group::JoinGroupResponse),
    /// Heartbeat.
    Heartbeat(heartbeat::HeartbeatResponse),
    /// LeaveGroup.
    LeaveGroup(leave_group::LeaveGroupResponse),
    /// SyncGroup.
    SyncGroup(sync_group::SyncGroupResponse),
    /// DescribeGroups.
    DescribeGroups(describe_groups::DescribeGroupsResponse),
    /// ListGroups.
    ListGroups(list_groups::ListGroupsResponse),
    /// SaslHandshake.
    SaslHandshake(sasl_handshake::SaslHandshakeResponse),
    /// ApiVersions.
    ApiVersions(api_versions::ApiVersionsResponse),
    /// CreateTopics.
    CreateTopics(create_topics::CreateTopicsResponse),
    /// DeleteTopics.
    DeleteTopics(delete_topics::DeleteTopicsResponse),
    /// DeleteRecords.
    DeleteRecords(delete_records::DeleteRecordsResponse),
    /// InitProducerId.
    InitProducerId(init_producer_id::InitProducerIdResponse),
    /// OffsetForLeaderEpoch.
    OffsetForLeaderEpoch(offset_for_leader_epoch::OffsetForLeaderEpochResponse),
    /// AddPartitionsToTxn.
    AddPartitionsToTxn(add_partitions_to_txn::AddPartitionsToTxnResponse),
    /// AddOffsetsToTxn.
    AddOffsetsToTxn(add_offsets_to_txn::AddOffsetsToTxnResponse),
    /// EndTxn.
    EndTxn(end_txn::EndTxnResponse),
    /// WriteTxnMarkers.
    WriteTxnMarkers(write_txn_markers::WriteTxnMarkersResponse),
    /// TxnOffsetCommit.
    TxnOffsetCommit(txn_offset_commit::TxnOffsetCommitResponse),
    /// DescribeAcls.
    DescribeAcls(describe_acls::DescribeAclsResponse),
    /// CreateAcls.
    CreateAcls(create_acls::CreateAclsResponse),
    /// DeleteAcls.
    DeleteAcls(delete_acls::DeleteAclsResponse),
    /// DescribeConfigs.
    DescribeConfigs(describe_configs::DescribeConfigsResponse),
    /// AlterConfigs.
    AlterConfigs(alter_configs::AlterConfigsResponse),
    /// AlterReplicaLogDirs.
    AlterReplicaLogDirs(alter_replica_log_dirs::AlterReplicaLogDirsResponse),
    /// DescribeLogDirs.
    DescribeLogDirs(describe_log_dirs::DescribeLogDirsResponse),
    /// SaslAuthenticate.
    SaslAuthenticate(sasl_authenticate::SaslAuthenticateResponse),
    /// CreatePartitions.
    CreatePartitions(create_partitions::CreatePartitionsResponse),
    /// CreateDelegationToken.
    CreateDelegationToken(create_delegation_token::CreateDelegationTokenResponse),
    /// RenewDelegationToken.
    RenewDelegationToken(renew_delegation_token::RenewDelegationTokenResponse),
    /// ExpireDelegationToken.
    ExpireDelegationToken(expire_delegation_token::ExpireDelegationTokenResponse),
    /// DescribeDelegationToken.
    DescribeDelegationToken(describe_delegation_token::DescribeDelegationTokenResponse),
    /// DeleteGroups.
    DeleteGroups(delete_groups::DeleteGroupsResponse),
    /// ElectLeaders.
    ElectLeaders(elect_leaders::ElectLeadersResponse),
    /// IncrementalAlterConfigs.
    IncrementalAlterConfigs(incremental_alter_configs::IncrementalAlterConfigsResponse),
    /// AlterPartitionReassignments.
    AlterPartitionReassignments(alter_partition_reassignments::AlterPartitionReassignmentsResponse),
    /// ListPartitionReassignments.
    ListPartitionReassignments(list_partition_reassignments::ListPartitionReassignmentsResponse),
    /// OffsetDelete.
    OffsetDelete(offset_delete::OffsetDeleteResponse),
    /// DescribeClientQuotas.
    DescribeClientQuotas(describe_client_quotas::DescribeClientQuotasResponse),
    /// AlterClientQuotas.
    AlterClientQuotas(alter_client_quotas::AlterClientQuotasResponse),
    /// DescribeUserScramCredentials.
    DescribeUserScramCredentials(describe_user_scram_credentials::DescribeUserScramCredentialsResponse),
    /// AlterUserScramCredentials.
    AlterUserScramCredentials(alter_user_scram_credentials::AlterUserScramCredentialsResponse),
    /// Vote.
    Vote(vote::VoteResponse),
    /// BeginQuorumEpoch.
    BeginQuorumEpoch(begin_quorum_epoch::BeginQuorumEpochResponse),
    /// EndQuorumEpoch.
    EndQuorumEpoch(end_quorum_epoch::EndQuorumEpochResponse),
    /// DescribeQuorum.
    DescribeQuorum(describe_quorum::DescribeQuorumResponse),
    /// AlterPartition.
    AlterPartition(alter_partition::AlterPartitionResponse),
    /// UpdateFeatures.
    UpdateFeatures(update_features::UpdateFeaturesResponse),
    /// Envelope.
    Envelope(envelope::EnvelopeResponse),
    /// FetchSnapshot.
    FetchSnapshot(fetch_snapshot::FetchSnapshotResponse),
    /// DescribeCluster.
    DescribeCluster(describe_cluster::DescribeClusterResponse),
    /// DescribeProducers.
    DescribeProducers(describe_producers::DescribeProducersResponse),
    /// BrokerRegistration.
    BrokerRegistration(broker_registration::BrokerRegistrationResponse),
    /// BrokerHeartbeat.
    BrokerHeartbeat(broker_heartbeat::BrokerHeartbeatResponse),
    /// UnregisterBroker.
    UnregisterBroker(unregister_broker::UnregisterBrokerResponse),
    /// DescribeTransactions.
    DescribeTransactions(describe_transactions::DescribeTransactionsResponse),
    /// ListTransactions.
    ListTransactions(list_transactions::ListTransactionsResponse),
    /// AllocateProducerIds.
    AllocateProducerIds(allocate_producer_ids::AllocateProducerIdsResponse),
    /// ConsumerGroupHeartbeat.
    ConsumerGroupHeartbeat(consumer_group_heartbeat::ConsumerGroupHeartbeatResponse),
    /// ConsumerGroupDescribe.
    ConsumerGroupDescribe(consumer_group_describe::ConsumerGroupDescribeResponse),
    /// ControllerRegistration.
    ControllerRegistration(controller_registration::ControllerRegistrationResponse),
    /// GetTelemetrySubscriptions.
    GetTelemetrySubscriptions(get_telemetry_subscriptions::GetTelemetrySubscriptionsResponse),
    /// PushTelemetry.
    PushTelemetry(push_telemetry::PushTelemetryResponse),
    /// AssignReplicasToDirs.
    AssignReplicasToDirs(assign_replicas_to_dirs::AssignReplicasToDirsResponse),
    /// ListConfigResources.
    ListConfigResources(list_config_resources::ListConfigResourcesResponse),
    /// DescribeTopicPartitions.
    DescribeTopicPartitions(describe_topic_partitions::DescribeTopicPartitionsResponse),
    /// ShareGroupHeartbeat.
    ShareGroupHeartbeat(share_group_heartbeat::ShareGroupHeartbeatResponse),
    /// ShareGroupDescribe.
    ShareGroupDescribe(share_group_describe::ShareGroupDescribeResponse),
    /// ShareFetch.
    ShareFetch(share_fetch::ShareFetchResponse),
    /// ShareAcknowledge.
    ShareAcknowledge(share_acknowledge::ShareAcknowledgeResponse),
    /// AddRaftVoter.
    AddRaftVoter(add_raft_voter::AddRaftVoterResponse),
    /// RemoveRaftVoter.
    RemoveRaftVoter(remove_raft_voter::RemoveRaftVoterResponse),
    /// UpdateRaftVoter.
    UpdateRaftVoter(update_raft_voter::UpdateRaftVoterResponse),
    /// InitializeShareGroupState.
    InitializeShareGroupState(initialize_share_group_state::InitializeShareGroupStateResponse),
    /// ReadShareGroupState.
    ReadShareGroupState(read_share_group_state::ReadShareGroupStateResponse),
    /// WriteShareGroupState.
    WriteShareGroupState(write_share_group_state::WriteShareGroupStateResponse),
    /// DeleteShareGroupState.
    DeleteShareGroupState(delete_share_group_state::DeleteShareGroupStateResponse),
    /// ReadShareGroupStateSummary.
    ReadShareGroupStateSummary(read_share_group_state_summary::ReadShareGroupStateSummaryResponse),
    /// StreamsGroupHeartbeat.
    StreamsGroupHeartbeat(streams_group_heartbeat::StreamsGroupHeartbeatResponse),
    /// StreamsGroupDescribe.
    StreamsGroupDescribe(streams_group_describe::StreamsGroupDescribeResponse),
    /// DescribeShareGroupOffsets.
    DescribeShareGroupOffsets(describe_share_group_offsets::DescribeShareGroupOffsetsResponse),
    /// AlterShareGroupOffsets.
    AlterShareGroupOffsets(alter_share_group_offsets::AlterShareGroupOffsetsResponse),
    /// DeleteShareGroupOffsets.
    DeleteShareGroupOffsets(delete_share_group_offsets::DeleteShareGroupOffsetsResponse),
}

impl Response {
    /// Reads the body of a response.
    ///
    /// # Errors
    /// The bytes are no response of that API and version.
    pub fn decode(key: ApiKey, version: i16, r: &mut Reader) -> Result<Self, DecodeError> {
        Ok(match key {
            ApiKey::Produce => Self::Produce(Message::decode(r, version)?),
            ApiKey::Fetch => Self::Fetch(Message::decode(r, version)?),
            ApiKey::ListOffsets => Self::ListOffsets(Message::decode(r, version)?),
            ApiKey::Metadata => Self::Metadata(Message::decode(r, version)?),
            ApiKey::OffsetCommit => Self::OffsetCommit(Message::decode(r, version)?),
            ApiKey::OffsetFetch => Self::OffsetFetch(Message::decode(r, version)?),
            ApiKey::FindCoordinator => Self::FindCoordinator(Message::decode(r, version)?),
            ApiKey::JoinGroup => Self::JoinGroup(Message::decode(r, version)?),
            ApiKey::Heartbeat => Self::Heartbeat(Message::decode(r, version)?),
            ApiKey::LeaveGroup => Self::LeaveGroup(Message::decode(r, version)?),
            ApiKey::SyncGroup => Self::SyncGroup(Message::decode(r, version)?),
            ApiKey::DescribeGroups => Self::DescribeGroups(Message::decode(r, version)?),
            ApiKey::ListGroups => Self::ListGroups(Message::decode(r, version)?),
            ApiKey::SaslHandshake => Self::SaslHandshake(Message::decode(r, version)?),
            ApiKey::ApiVersions => Self::ApiVersions(Message::decode(r, version)?),
            ApiKey::CreateTopics => Self::CreateTopics(Message::decode(r, version)?),
            ApiKey::DeleteTopics => Self::DeleteTopics(Message::decode(r, version)?),
            ApiKey::DeleteRecords => Self::DeleteRecords(Message::decode(r, version)?),
            ApiKey::InitProducerId => Self::InitProducerId(Message::decode(r, version)?),
            ApiKey::OffsetForLeaderEpoch => Self::OffsetForLeaderEpoch(Message::decode(r, version)?),
            ApiKey::AddPartitionsToTxn => Self::AddPartitionsToTxn(Message::decode(r, version)?),
            ApiKey::AddOffsetsToTxn => Self::AddOffsetsToTxn(Message::decode(r, version)?),
            ApiKey::EndTxn => Self::EndTxn(Message::decode(r, version)?),
            ApiKey::WriteTxnMarkers => Self::WriteTxnMarkers(Message::decode(r, version)?),
            ApiKey::TxnOffsetCommit => Self::TxnOffsetCommit(Message::decode(r, version)?),
            ApiKey::DescribeAcls => Self::DescribeAcls(Message::decode(r, version)?),
            ApiKey::CreateAcls => Self::CreateAcls(Message::decode(r, version)?),
            ApiKey::DeleteAcls => Self::DeleteAcls(Message::decode(r, version)?),
            ApiKey::DescribeConfigs => Self::DescribeConfigs(Message::decode(r, version)?),
            ApiKey::AlterConfigs => Self::AlterConfigs(Message::decode(r, version)?),
            ApiKey::AlterReplicaLogDirs => Self::AlterReplicaLogDirs(Message::decode(r, version)?),
            ApiKey::DescribeLogDirs => Self::DescribeLogDirs(Message::decode(r, version)?),
            ApiKey::SaslAuthenticate => Self::SaslAuthenticate(Message::decode(r, version)?),
            ApiKey::CreatePartitions => Self::CreatePartitions(Message::decode(r, version)?),
            ApiKey::CreateDelegationToken => Self::CreateDelegationToken(Message::decode(r, version)?),
            ApiKey::RenewDelegationToken => Self::RenewDelegationToken(Message::decode(r, version)?),
            ApiKey::ExpireDelegationToken => Self::ExpireDelegationToken(Message::decode(r, version)?),
            ApiKey::DescribeDelegationToken => Self::DescribeDelegationToken(Message::decode(r, version)?),
            ApiKey::DeleteGroups => Self::DeleteGroups(Message::decode(r, version)?),
            ApiKey::ElectLeaders => Self::ElectLeaders(Message::decode(r, version)?),
            ApiKey::IncrementalAlterConfigs => Self::IncrementalAlterConfigs(Message::decode(r, version)?),
            ApiKey::AlterPartitionReassignments => Self::AlterPartitionReassignments(Message::decode(r, version)?),
            ApiKey::ListPartitionReassignments => Self::ListPartitionReassignments(Message::decode(r, version)?),
            ApiKey::OffsetDelete => Self::OffsetDelete(Message::decode(r, version)?),
            ApiKey::DescribeClientQuotas => Self::DescribeClientQuotas(Message::decode(r, version)?),
            ApiKey::AlterClientQuotas => Self::AlterClientQuotas(Message::decode(r, version)?),
            ApiKey::DescribeUserScramCredentials => Self::DescribeUserScramCredentials(Message::decode(r, version)?),
            ApiKey::AlterUserScramCredentials => Self::AlterUserScramCredentials(Message::decode(r, version)?),
            ApiKey::Vote => Self::Vote(Message::decode(r, version)?),
            ApiKey::BeginQuorumEpoch => Self::BeginQuorumEpoch(Message::decode(r, version)?),
            ApiKey::EndQuorumEpoch => Self::EndQuorumEpoch(Message::decode(r, version)?),
            ApiKey::DescribeQuorum => Self::DescribeQuorum(Message::decode(r, version)?),
            ApiKey::AlterPartition => Self::AlterPartition(Message::decode(r, version)?),
            ApiKey::UpdateFeatures => Self::UpdateFeatures(Message::decode(r, version)?),
            ApiKey::Envelope => Self::Envelope(Message::decode(r, version)?),
            ApiKey::FetchSnapshot => Self::FetchSnapshot(Message::decode(r, version)?),
            ApiKey::DescribeCluster => Self::DescribeCluster(Message::decode(r, version)?),
            ApiKey::DescribeProducers => Self::DescribeProducers(Message::decode(r, version)?),
            ApiKey::BrokerRegistration => Self::BrokerRegistration(Message::decode(r, version)?),
            ApiKey::BrokerHeartbeat => Self::BrokerHeartbeat(Message::decode(r, version)?),
            ApiKey::UnregisterBroker => Self::UnregisterBroker(Message::decode(r, version)?),
            ApiKey::DescribeTransactions => Self::DescribeTransactions(Message::decode(r, version)?),
            ApiKey::ListTransactions => Self::ListTransactions(Message::decode(r, version)?),
            ApiKey::AllocateProducerIds => Self::AllocateProducerIds(Message::decode(r, version)?),
            ApiKey::ConsumerGroupHeartbeat => Self::ConsumerGroupHeartbeat(Message::decode(r, version)?),
            ApiKey::ConsumerGroupDescribe => Self::ConsumerGroupDescribe(Message::decode(r, version)?),
            ApiKey::ControllerRegistration => Self::ControllerRegistration(Message::decode(r, version)?),
            ApiKey::GetTelemetrySubscriptions => Self::GetTelemetrySubscriptions(Message::decode(r, version)?),
            ApiKey::PushTelemetry => Self::PushTelemetry(Message::decode(r, version)?),
            ApiKey::AssignReplicasToDirs => Self::AssignReplicasToDirs(Message::decode(r, version)?),
            ApiKey::ListConfigResources => Self::ListConfigResources(Message::decode(r, version)?),
            ApiKey::DescribeTopicPartitions => Self::DescribeTopicPartitions(Message::decode(r, version)?),
            ApiKey::ShareGroupHeartbeat => Self::ShareGroupHeartbeat(Message::decode(r, version)?),
            ApiKey::ShareGroupDescribe => Self::ShareGroupDescribe(Message::decode(r, version)?),
            ApiKey::ShareFetch => Self::ShareFetch(Message::decode(r, version)?),
            ApiKey::ShareAcknowledge => Self::ShareAcknowledge(Message::decode(r, version)?),
            ApiKey::AddRaftVoter => Self::AddRaftVoter(Message::decode(r, version)?),
            ApiKey::RemoveRaftVoter => Self::RemoveRaftVoter(Message::decode(r, version)?),
            ApiKey::UpdateRaftVoter => Self::UpdateRaftVoter(Message::decode(r, version)?),
            ApiKey::InitializeShareGroupState => Self::InitializeShareGroupState(Message::decode(r, version)?),
            ApiKey::ReadShareGroupState => Self::ReadShareGroupState(Message::decode(r, version)?),
            ApiKey::WriteShareGroupState => Self::WriteShareGroupState(Message::decode(r, version)?),
            ApiKey::DeleteShareGroupState => Self::DeleteShareGroupState(Message::decode(r, version)?),
            ApiKey::ReadShareGroupStateSummary => Self::ReadShareGroupStateSummary(Message::decode(r, version)?),
            ApiKey::StreamsGroupHeartbeat => Self::StreamsGroupHeartbeat(Message::decode(r, version)?),
            ApiKey::StreamsGroupDescribe => Self::StreamsGroupDescribe(Message::decode(r, version)?),
            ApiKey::DescribeShareGroupOffsets => Self::DescribeShareGroupOffsets(Message::decode(r, version)?),
            ApiKey::AlterShareGroupOffsets => Self::AlterShareGroupOffsets(Message::decode(r, version)?),
            ApiKey::DeleteShareGroupOffsets => Self::DeleteShareGroupOffsets(Message::decode(r, version)?),
        })
    }

    /// Writes the body of a response.
    pub fn encode(&self, version: i16, w: &mut Writer<'_>) {
        match self {
            Self::Produce(m) => m.encode(w, version),
            Self::Fetch(m) => m.encode(w, version),
            Self::ListOffsets(m) => m.encode(w, version),
            Self::Metadata(m) => m.encode(w, version),
            Self::OffsetCommit(m) => m.encode(w, version),
            Self::OffsetFetch(m) => m.encode(w, version),
            Self::FindCoordinator(m) => m.encode(w, version),
            Self::JoinGroup(m) => m.encode(w, version),
            Self::Heartbeat(m) => m.encode(w, version),
            Self::LeaveGroup(m) => m.encode(w, version),
            Self::SyncGroup(m) => m.encode(w, version),
            Self::DescribeGroups(m) => m.encode(w, version),
            Self::ListGroups(m) => m.encode(w, version),
            Self::SaslHandshake(m) => m.encode(w, version),
            Self::ApiVersions(m) => m.encode(w, version),
            Self::CreateTopics(m) => m.encode(w, version),
            Self::DeleteTopics(m) => m.encode(w, version),
            Self::DeleteRecords(m) => m.encode(w, version),
            Self::InitProducerId(m) => m.encode(w, version),
            Self::OffsetForLeaderEpoch(m) => m.encode(w, version),
            Self::AddPartitionsToTxn(m) => m.encode(w, version),
            Self::AddOffsetsToTxn(m) => m.encode(w, version),
            Self::EndTxn(m) => m.encode(w, version),
            Self::WriteTxnMarkers(m) => m.encode(w, version),
            Self::TxnOffsetCommit(m) => m.encode(w, version),
            Self::DescribeAcls(m) => m.encode(w, version),
            Self::CreateAcls(m) => m.encode(w, version),
            Self::DeleteAcls(m) => m.encode(w, version),
            Self::DescribeConfigs(m) => m.encode(w, version),
            Self::AlterConfigs(m) => m.encode(w, version),
            Self::AlterReplicaLogDirs(m) => m.encode(w, version),
            Self::DescribeLogDirs(m) => m.encode(w, version),
            Self::SaslAuthenticate(m) => m.encode(w, version),
            Self::CreatePartitions(m) => m.encode(w, version),
            Self::CreateDelegationToken(m) => m.encode(w, version),
            Self::RenewDelegationToken(m) => m.encode(w, version),
            Self::ExpireDelegationToken(m) => m.encode(w, version),
            Self::DescribeDelegationToken(m) => m.encode(w, version),
            Self::DeleteGroups(m) => m.encode(w, version),
            Self::ElectLeaders(m) => m.encode(w, version),
            Self::IncrementalAlterConfigs(m) => m.encode(w, version),
            Self::AlterPartitionReassignments(m) => m.encode(w, version),
            Self::ListPartitionReassignments(m) => m.encode(w, version),
            Self::OffsetDelete(m) => m.encode(w, version),
            Self::DescribeClientQuotas(m) => m.encode(w, version),
            Self::AlterClientQuotas(m) => m.encode(w, version),
            Self::DescribeUserScramCredentials(m) => m.encode(w, version),
            Self::AlterUserScramCredentials(m) => m.encode(w, version),
            Self::Vote(m) => m.encode(w, version),
            Self::BeginQuorumEpoch(m) => m.encode(w, version),
            Self::EndQuorumEpoch(m) => m.encode(w, version),
            Self::DescribeQuorum(m) => m.encode(w, version),
            Self::AlterPartition(m) => m.encode(w, version),
            Self::UpdateFeatures(m) => m.encode(w, version),
            Self::Envelope(m) => m.encode(w, version),
            Self::FetchSnapshot(m) => m.encode(w, version),
            Self::DescribeCluster(m) => m.encode(w, version),
            Self::DescribeProducers(m) => m.encode(w, version),
            Self::BrokerRegistration(m) => m.encode(w, version),
            Self::BrokerHeartbeat(m) => m.encode(w, version),
            Self::UnregisterBroker(m) => m.encode(w, version),
            Self::DescribeTransactions(m) => m.encode(w, version),
            Self::ListTransactions(m) => m.encode(w, version),
            Self::AllocateProducerIds(m) => m.encode(w, version),
            Self::ConsumerGroupHeartbeat(m) => m.encode(w, version),
            Self::ConsumerGroupDescribe(m) => m.encode(w, version),
            Self::ControllerRegistration(m) => m.encode(w, version),
            Self::GetTelemetrySubscriptions(m) => m.encode(w, version),
            Self::PushTelemetry(m) => m.encode(w, version),
            Self::AssignReplicasToDirs(m) => m.encode(w, version),
            Self::ListConfigResources(m) => m.encode(w, version),
            Self::DescribeTopicPartitions(m) => m.encode(w, version),
            Self::ShareGroupHeartbeat(m) => m.encode(w, version),
            Self::ShareGroupDescribe(m) => m.encode(w, version),
            Self::ShareFetch(m) => m.encode(w, version),
            Self::ShareAcknowledge(m) => m.encode(w, version),
            Self::AddRaftVoter(m) => m.encode(w, version),
            Self::RemoveRaftVoter(m) => m.encode(w, version),
            Self::UpdateRaftVoter(m) => m.encode(w, version),
            Self::InitializeShareGroupState(m) => m.encode(w, version),
            Self::ReadShareGroupState(m) => m.encode(w, version),
            Self::WriteShareGroupState(m) => m.encode(w, version),
            Self::DeleteShareGroupState(m) => m.encode(w, version),
            Self::ReadShareGroupStateSummary(m) => m.encode(w, version),
            Self::StreamsGroupHeartbeat(m) => m.encode(w, version),
            Self::StreamsGroupDescribe(m) => m.encode(w, version),
            Self::DescribeShareGroupOffsets(m) => m.encode(w, version),
            Self::AlterShareGroupOffsets(m) => m.encode(w, version),
            Self::DeleteShareGroupOffsets(m) => m.encode(w, version),
        }
    }

    /// The API it belongs to.
    pub fn key(&self) -> ApiKey {
        match self {
            Self::Produce(_) => ApiKey::Produce,
            Self::Fetch(_) => ApiKey::Fetch,
            Self::ListOffsets(_) => ApiKey::ListOffsets,
            Self::Metadata(_) => ApiKey::Metadata,
            Self::OffsetCommit(_) => ApiKey::OffsetCommit,
            Self::OffsetFetch(_) => ApiKey::OffsetFetch,
            Self::FindCoordinator(_) => ApiKey::FindCoordinator,
            Self::JoinGroup(_) => ApiKey::JoinGroup,
            Self::Heartbeat(_) => ApiKey::Heartbeat,
            Self::LeaveGroup(_) => ApiKey::LeaveGroup,
            Self::SyncGroup(_) => ApiKey::SyncGroup,
            Self::DescribeGroups(_) => ApiKey::DescribeGroups,
            Self::ListGroups(_) => ApiKey::ListGroups,
            Self::SaslHandshake(_) => ApiKey::SaslHandshake,
            Self::ApiVersions(_) => ApiKey::ApiVersions,
            Self::CreateTopics(_) => ApiKey::CreateTopics,
            Self::DeleteTopics(_) => ApiKey::DeleteTopics,
            Self::DeleteRecords(_) => ApiKey::DeleteRecords,
            Self::InitProducerId(_) => ApiKey::InitProducerId,
            Self::OffsetForLeaderEpoch(_) => ApiKey::OffsetForLeaderEpoch,
            Self::AddPartitionsToTxn(_) => ApiKey::AddPartitionsToTxn,
            Self::AddOffsetsToTxn(_) => ApiKey::AddOffsetsToTxn,
            Self::EndTxn(_) => ApiKey::EndTxn,
            Self::WriteTxnMarkers(_) => ApiKey::WriteTxnMarkers,
            Self::TxnOffsetCommit(_) => ApiKey::TxnOffsetCommit,
            Self::DescribeAcls(_) => ApiKey::DescribeAcls,
            Self::CreateAcls(_) => ApiKey::CreateAcls,
            Self::DeleteAcls(_) => ApiKey::DeleteAcls,
            Self::DescribeConfigs(_) => ApiKey::DescribeConfigs,
            Self::AlterConfigs(_) => ApiKey::AlterConfigs,
            Self::AlterReplicaLogDirs(_) => ApiKey::AlterReplicaLogDirs,
            Self::DescribeLogDirs(_) => ApiKey::DescribeLogDirs,
            Self::SaslAuthenticate(_) => ApiKey::SaslAuthenticate,
            Self::CreatePartitions(_) => ApiKey::CreatePartitions,
            Self::CreateDelegationToken(_) => ApiKey::CreateDelegationToken,
            Self::RenewDelegationToken(_) => ApiKey::RenewDelegationToken,
            Self::ExpireDelegationToken(_) => ApiKey::ExpireDelegationToken,
            Self::DescribeDelegationToken(_) => ApiKey::DescribeDelegationToken,
            Self::DeleteGroups(_) => ApiKey::DeleteGroups,
            Self::ElectLeaders(_) => ApiKey::ElectLeaders,
            Self::IncrementalAlterConfigs(_) => ApiKey::IncrementalAlterConfigs,
            Self::AlterPartitionReassignments(_) => ApiKey::AlterPartitionReassignments,
            Self::ListPartitionReassignments(_) => ApiKey::ListPartitionReassignments,
            Self::OffsetDelete(_) => ApiKey::OffsetDelete,
            Self::DescribeClientQuotas(_) => ApiKey::DescribeClientQuotas,
            Self::AlterClientQuotas(_) => ApiKey::AlterClientQuotas,
            Self::DescribeUserScramCredentials(_) => ApiKey::DescribeUserScramCredentials,
            Self::AlterUserScramCredentials(_) => ApiKey::AlterUserScramCredentials,
            Self::Vote(_) => ApiKey::Vote,
            Self::BeginQuorumEpoch(_) => ApiKey::BeginQuorumEpoch,
            Self::EndQuorumEpoch(_) => ApiKey::EndQuorumEpoch,
            Self::DescribeQuorum(_) => ApiKey::DescribeQuorum,
            Self::AlterPartition(_) => ApiKey::AlterPartition,
            Self::UpdateFeatures(_) => ApiKey::UpdateFeatures,
            Self::Envelope(_) => ApiKey::Envelope,
            Self::FetchSnapshot(_) => ApiKey::FetchSnapshot,
            Self::DescribeCluster(_) => ApiKey::DescribeCluster,
            Self::DescribeProducers(_) => ApiKey::DescribeProducers,
            Self::BrokerRegistration(_) => ApiKey::BrokerRegistration,
            Self::BrokerHeartbeat(_) => ApiKey::BrokerHeartbeat,
            Self::UnregisterBroker(_) => ApiKey::UnregisterBroker,
            Self::DescribeTransactions(_) => ApiKey::DescribeTransactions,
            Self::ListTransactions(_) => ApiKey::ListTransactions,
            Self::AllocateProducerIds(_) => ApiKey::AllocateProducerIds,
            Self::ConsumerGroupHeartbeat(_) => ApiKey::ConsumerGroupHeartbeat,
            Self::ConsumerGroupDescribe(_) => ApiKey::ConsumerGroupDescribe,
            Self::ControllerRegistration(_) => ApiKey::ControllerRegistration,
            Self::GetTelemetrySubscriptions(_) => ApiKey::GetTelemetrySubscriptions,
            Self::PushTelemetry(_) => ApiKey::PushTelemetry,
            Self::AssignReplicasToDirs(_) => ApiKey::AssignReplicasToDirs,
            Self::ListConfigResources(_) => ApiKey::ListConfigResources,
            Self::DescribeTopicPartitions(_) => ApiKey::DescribeTopicPartitions,
            Self::ShareGroupHeartbeat(_) => ApiKey::ShareGroupHeartbeat,
            Self::ShareGroupDescribe(_) => ApiKey::ShareGroupDescribe,
            Self::ShareFetch(_) => ApiKey::ShareFetch,
            Self::ShareAcknowledge(_) => ApiKey::ShareAcknowledge,
            Self::AddRaftVoter(_) => ApiKey::AddRaftVoter,
            Self::RemoveRaftVoter(_) => ApiKey::RemoveRaftVoter,
            Self::UpdateRaftVoter(_) => ApiKey::UpdateRaftVoter,
            Self::InitializeShareGroupState(_) => ApiKey::InitializeShareGroupState,
            Self::ReadShareGroupState(_) => ApiKey::ReadShareGroupState,
            Self::WriteShareGroupState(_) => ApiKey::WriteShareGroupState,
            Self::DeleteShareGroupState(_) => ApiKey::DeleteShareGroupState,
            Self::ReadShareGroupStateSummary(_) => ApiKey::ReadShareGroupStateSummary,
            Self::StreamsGroupHeartbeat(_) => ApiKey::StreamsGroupHeartbeat,
            Self::StreamsGroupDescribe(_) => ApiKey::StreamsGroupDescribe,
            Self::DescribeShareGroupOffsets(_) => ApiKey::DescribeShareGroupOffsets,
            Self::AlterShareGroupOffsets(_) => ApiKey::AlterShareGroupOffsets,
            Self::DeleteShareGroupOffsets(_) => ApiKey::DeleteShareGroupOffsets,
        }
    }

    /// Draws a response of that API and version.
    #[cfg(feature = "sample")]
    pub fn sample(key: ApiKey, version: i16, s: &mut dyn Sampler) -> Self {
        match key {
            ApiKey::Produce => Self::Produce(Message::sample(s, version)),
            ApiKey::Fetch => Self::Fetch(Message::sample(s, version)),
            ApiKey::ListOffsets => Self::ListOffsets(Message::sample(s, version)),
            ApiKey::Metadata => Self::Metadata(Message::sample(s, version)),
            ApiKey::OffsetCommit => Self::OffsetCommit(Message::sample(s, version)),
            ApiKey::OffsetFetch => Self::OffsetFetch(Message::sample(s, version)),
            ApiKey::FindCoordinator => Self::FindCoordinator(Message::sample(s, version)),
            ApiKey::JoinGroup => Self::JoinGroup(Message::sample(s, version)),
            ApiKey::Heartbeat => Self::Heartbeat(Message::sample(s, version)),
            ApiKey::LeaveGroup => Self::LeaveGroup(Message::sample(s, version)),
            ApiKey::SyncGroup => Self::SyncGroup(Message::sample(s, version)),
            ApiKey::DescribeGroups => Self::DescribeGroups(Message::sample(s, version)),
            ApiKey::ListGroups => Self::ListGroups(Message::sample(s, version)),
            ApiKey::SaslHandshake => Self::SaslHandshake(Message::sample(s, version)),
            ApiKey::ApiVersions => Self::ApiVersions(Message::sample(s, version)),
            ApiKey::CreateTopics => Self::CreateTopics(Message::sample(s, version)),
            ApiKey::DeleteTopics => Self::DeleteTopics(Message::sample(s, version)),
            ApiKey::DeleteRecords => Self::DeleteRecords(Message::sample(s, version)),
            ApiKey::InitProducerId => Self::InitProducerId(Message::sample(s, version)),
            ApiKey::OffsetForLeaderEpoch => Self::OffsetForLeaderEpoch(Message::sample(s, version)),
            ApiKey::AddPartitionsToTxn => Self::AddPartitionsToTxn(Message::sample(s, version)),
            ApiKey::AddOffsetsToTxn => Self::AddOffsetsToTxn(Message::sample(s, version)),
            ApiKey::EndTxn => Self::EndTxn(Message::sample(s, version)),
            ApiKey::WriteTxnMarkers => Self::WriteTxnMarkers(Message::sample(s, version)),
            ApiKey::TxnOffsetCommit => Self::TxnOffsetCommit(Message::sample(s, version)),
            ApiKey::DescribeAcls => Self::DescribeAcls(Message::sample(s, version)),
            ApiKey::CreateAcls => Self::CreateAcls(Message::sample(s, version)),
            ApiKey::DeleteAcls => Self::DeleteAcls(Message::sample(s, version)),
            ApiKey::DescribeConfigs => Self::DescribeConfigs(Message::sample(s, version)),
            ApiKey::AlterConfigs => Self::AlterConfigs(Message::sample(s, version)),
            ApiKey::AlterReplicaLogDirs => Self::AlterReplicaLogDirs(Message::sample(s, version)),
            ApiKey::DescribeLogDirs => Self::DescribeLogDirs(Message::sample(s, version)),
            ApiKey::SaslAuthenticate => Self::SaslAuthenticate(Message::sample(s, version)),
            ApiKey::CreatePartitions => Self::CreatePartitions(Message::sample(s, version)),
            ApiKey::CreateDelegationToken => Self::CreateDelegationToken(Message::sample(s, version)),
            ApiKey::RenewDelegationToken => Self::RenewDelegationToken(Message::sample(s, version)),
            ApiKey::ExpireDelegationToken => Self::ExpireDelegationToken(Message::sample(s, version)),
            ApiKey::DescribeDelegationToken => Self::DescribeDelegationToken(Message::sample(s, version)),
            ApiKey::DeleteGroups => Self::DeleteGroups(Message::sample(s, version)),
            ApiKey::ElectLeaders => Self::ElectLeaders(Message::sample(s, version)),
            ApiKey::IncrementalAlterConfigs => Self::IncrementalAlterConfigs(Message::sample(s, version)),
            ApiKey::AlterPartitionReassignments => Self::AlterPartitionReassignments(Message::sample(s, version)),
            ApiKey::ListPartitionReassignments => Self::ListPartitionReassignments(Message::sample(s, version)),
            ApiKey::OffsetDelete => Self::OffsetDelete(Message::sample(s, version)),
            ApiKey::DescribeClientQuotas => Self::DescribeClientQuotas(Message::sample(s, version)),
            ApiKey::AlterClientQuotas => Self::AlterClientQuotas(Message::sample(s, version)),
            ApiKey::DescribeUserScramCredentials => Self::DescribeUserScramCredentials(Message::sample(s, version)),
            ApiKey::AlterUserScramCredentials => Self::AlterUserScramCredentials(Message::sample(s, version)),
            ApiKey::Vote => Self::Vote(Message::sample(s, version)),
            ApiKey::BeginQuorumEpoch => Self::BeginQuorumEpoch(Message::sample(s, version)),
            ApiKey::EndQuorumEpoch => Self::EndQuorumEpoch(Message::sample(s, version)),
            ApiKey::DescribeQuorum => Self::DescribeQuorum(Message::sample(s, version)),
            ApiKey::AlterPartition => Self::AlterPartition(Message::sample(s, version)),
            ApiKey::UpdateFeatures => Self::UpdateFeatures(Message::sample(s, version)),
            ApiKey::Envelope => Self::Envelope(Message::sample(s, version)),
            ApiKey::FetchSnapshot => Self::FetchSnapshot(Message::sample(s, version)),
            ApiKey::DescribeCluster => Self::DescribeCluster(Message::sample(s, version)),
            ApiKey::DescribeProducers => Self::DescribeProducers(Message::sample(s, version)),
            ApiKey::BrokerRegistration => Self::BrokerRegistration(Message::sample(s, version)),
            ApiKey::BrokerHeartbeat => Self::BrokerHeartbeat(Message::sample(s, version)),
            ApiKey::UnregisterBroker => Self::UnregisterBroker(Message::sample(s, version)),
            ApiKey::DescribeTransactions => Self::DescribeTransactions(Message::sample(s, version)),
            ApiKey::ListTransactions => Self::ListTransactions(Message::sample(s, version)),
            ApiKey::AllocateProducerIds => Self::AllocateProducerIds(Message::sample(s, version)),
            ApiKey::ConsumerGroupHeartbeat => Self::ConsumerGroupHeartbeat(Message::sample(s, version)),
            ApiKey::ConsumerGroupDescribe => Self::ConsumerGroupDescribe(Message::sample(s, version)),
            ApiKey::ControllerRegistration => Self::ControllerRegistration(Message::sample(s, version)),
            ApiKey::GetTelemetrySubscriptions => Self::GetTelemetrySubscriptions(Message::sample(s, version)),
            ApiKey::PushTelemetry => Self::PushTelemetry(Message::sample(s, version)),
            ApiKey::AssignReplicasToDirs => Self::AssignReplicasToDirs(Message::sample(s, version)),
            ApiKey::ListConfigResources => Self::ListConfigResources(Message::sample(s, version)),
            ApiKey::DescribeTopicPartitions => Self::DescribeTopicPartitions(Message::sample(s, version)),
            ApiKey::ShareGroupHeartbeat => Self::ShareGroupHeartbeat(Message::sample(s, version)),
            ApiKey::ShareGroupDescribe => Self::ShareGroupDescribe(Message::sample(s, version)),
            ApiKey::ShareFetch => Self::ShareFetch(Message::sample(s, version)),
            ApiKey::ShareAcknowledge => Self::ShareAcknowledge(Message::sample(s, version)),
            ApiKey::AddRaftVoter => Self::AddRaftVoter(Message::sample(s, version)),
            ApiKey::RemoveRaftVoter => Self::RemoveRaftVoter(Message::sample(s, version)),
            ApiKey::UpdateRaftVoter => Self::UpdateRaftVoter(Message::sample(s, version)),
            ApiKey::InitializeShareGroupState => Self::InitializeShareGroupState(Message::sample(s, version)),
            ApiKey::ReadShareGroupState => Self::ReadShareGroupState(Message::sample(s, version)),
            ApiKey::WriteShareGroupState => Self::WriteShareGroupState(Message::sample(s, version)),
            ApiKey::DeleteShareGroupState => Self::DeleteShareGroupState(Message::sample(s, version)),
            ApiKey::ReadShareGroupStateSummary => Self::ReadShareGroupStateSummary(Message::sample(s, version)),
            ApiKey::StreamsGroupHeartbeat => Self::StreamsGroupHeartbeat(Message::sample(s, version)),
            ApiKey::StreamsGroupDescribe => Self::StreamsGroupDescribe(Message::sample(s, version)),
            ApiKey::DescribeShareGroupOffsets => Self::DescribeShareGroupOffsets(Message::sample(s, version)),
            ApiKey::AlterShareGroupOffsets => Self::AlterShareGroupOffsets(Message::sample(s, version)),
            ApiKey::DeleteShareGroupOffsets => Self::DeleteShareGroupOffsets(Message::sample(s, version)),
        }
    }
}
