//! ListOffsets, OffsetForLeaderEpoch.

use std::collections::BTreeSet;

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    log::lookup::FoundRecord,
    types::{LeaderEpoch, Offset},
};
use ottla_net::messages::generated::{
    list_offsets::{
        ListOffsetsRequest, ListOffsetsResponse,
        request::ListOffsetsPartition,
        response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse},
    },
    offset_for_leader_epoch::{
        OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
        request::OffsetForLeaderPartition,
        response::{EpochEndOffset, OffsetForLeaderTopicResult},
    },
};

use crate::{Broker, partition::Positions};

/// Kafka's special timestamps.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const EARLIEST_PENDING_UPLOAD: i64 = -6;

/// Whether the epoch that a client believes in is ours.
pub(super) fn check_epoch(asked: i32, positions: &Positions) -> Result<(), ErrorCode> {
    match asked {
        -1 => Ok(()),
        older if older < positions.epoch.0 => Err(ErrorCode::FencedLeaderEpoch),
        newer if positions.epoch.0 < newer => Err(ErrorCode::UnknownLeaderEpoch),
        _ => Ok(()),
    }
}

impl<E: Env> Broker<E> {
    pub(super) fn list_offsets(&self, request: &ListOffsetsRequest, version: i16) -> ListOffsetsResponse {
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        for (topic, partition) in
            request.topics.iter().flat_map(|t| t.partitions.iter().map(move |p| (&t.name, p.partition_index)))
        {
            if !seen.insert((topic.clone(), partition)) {
                twice.insert((topic.clone(), partition));
            }
        }
        let topics = request.topics.iter().map(|topic| {
            let mut answered = BTreeSet::new();
            let distinct = topic.partitions.iter().filter(|p| answered.insert(p.partition_index));
            let partitions = distinct.map(|asked| {
                let result = if twice.contains(&(topic.name.clone(), asked.partition_index)) {
                    Err(ErrorCode::InvalidRequest)
                } else {
                    self.list_offset(&topic.name, asked, version)
                };
                let mut answer = ListOffsetsPartitionResponse {
                    partition_index: asked.partition_index,
                    ..Default::default()
                };
                match result {
                    Ok(Some(found)) => {
                        (answer.timestamp, answer.offset, answer.leader_epoch) =
                            (found.timestamp, found.offset.0, found.leader_epoch.0);
                    }
                    Ok(None) => {}
                    Err(code) => answer.error_code = code.code(),
                }
                answer
            });
            ListOffsetsTopicResponse { name: topic.name.clone(), partitions: partitions.collect() }
        });
        ListOffsetsResponse { throttle_time_ms: 0, topics: topics.collect() }
    }

    fn list_offset(
        &self,
        topic: &str,
        asked: &ListOffsetsPartition,
        version: i16,
    ) -> Result<Option<FoundRecord>, ErrorCode> {
        let partition =
            self.replicas.find(topic, asked.partition_index).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let positions = partition.positions()?;
        check_epoch(asked.current_leader_epoch, &positions)?;
        let at = |offset: Offset, leader_epoch: Option<LeaderEpoch>| {
            Ok(Some(FoundRecord {
                timestamp: -1,
                offset,
                leader_epoch: leader_epoch.unwrap_or(LeaderEpoch(-1)),
            }))
        };
        match (asked.timestamp, version) {
            (LATEST, _) => at(positions.high_watermark, Some(positions.epoch)),
            (EARLIEST, _) | (EARLIEST_LOCAL, 8..) => {
                at(positions.log_start, partition.epoch_at(positions.log_start))
            }
            (MAX_TIMESTAMP, 7..) => partition.find_max_timestamp(),
            (LATEST_TIERED, 9..) | (EARLIEST_PENDING_UPLOAD, 11..) => Ok(None),
            (timestamp, _) if 0 <= timestamp => partition.find_timestamp(timestamp),
            _ => Err(ErrorCode::UnsupportedVersion),
        }
    }

    pub(super) fn offset_for_leader_epoch(
        &self,
        request: &OffsetForLeaderEpochRequest,
    ) -> OffsetForLeaderEpochResponse {
        let topics = request.topics.iter().map(|topic| {
            let partitions = topic.partitions.iter().map(|asked| {
                let mut answer = EpochEndOffset { partition: asked.partition, ..Default::default() };
                match self.epoch_end(&topic.topic, asked) {
                    Ok(Some((epoch, end))) => (answer.leader_epoch, answer.end_offset) = (epoch.0, end.0),
                    Ok(None) => {}
                    Err(code) => answer.error_code = code.code(),
                }
                answer
            });
            OffsetForLeaderTopicResult { topic: topic.topic.clone(), partitions: partitions.collect() }
        });
        OffsetForLeaderEpochResponse { throttle_time_ms: 0, topics: topics.collect() }
    }

    fn epoch_end(
        &self,
        topic: &str,
        asked: &OffsetForLeaderPartition,
    ) -> Result<Option<(LeaderEpoch, Offset)>, ErrorCode> {
        let partition =
            self.replicas.find(topic, asked.partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        check_epoch(asked.current_leader_epoch, &partition.positions()?)?;
        partition.end_of_epoch(LeaderEpoch(asked.leader_epoch))
    }
}
