//! ListOffsets, OffsetForLeaderEpoch.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

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
use ottla_net::wire::Str;

use crate::{
    Broker,
    partition::{Partition, Positions},
};

/// Kafka's special timestamps.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const EARLIEST_PENDING_UPLOAD: i64 = -6;

/// Whether a version knows a timestamp.
fn is_supported(timestamp: i64, version: i16) -> bool {
    match timestamp {
        LATEST | EARLIEST => true,
        MAX_TIMESTAMP => 7 <= version,
        EARLIEST_LOCAL => 8 <= version,
        LATEST_TIERED => 9 <= version,
        EARLIEST_PENDING_UPLOAD => 11 <= version,
        timestamp => 0 <= timestamp,
    }
}

fn offset_answer(
    partition_index: i32,
    result: Result<Option<FoundRecord>, ErrorCode>,
) -> ListOffsetsPartitionResponse {
    let mut answer = ListOffsetsPartitionResponse { partition_index, ..Default::default() };
    match result {
        Ok(Some(found)) => {
            (answer.timestamp, answer.offset, answer.leader_epoch) =
                (found.timestamp, found.offset.0, found.leader_epoch.0);
        }
        Ok(None) => {}
        Err(code) => answer.error_code = code.code(),
    }
    answer
}

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
        let mut count: BTreeMap<(&Str, i32), usize> = BTreeMap::new();
        for topic in &request.topics {
            for partition in &topic.partitions {
                *count.entry((&topic.name, partition.partition_index)).or_default() += 1;
            }
        }
        let is_legal = matches!(request.isolation_level, 0 | 1);
        let mut topics: Vec<ListOffsetsTopicResponse> = Vec::new();
        let mut answered: BTreeMap<&Str, (usize, BTreeSet<i32>)> = BTreeMap::new();
        for topic in request.topics.iter().filter(|t| !is_legal || !t.partitions.is_empty()) {
            // Topics and partitions that are named twice are answered once, unless all is refused.
            let next = (topics.len(), BTreeSet::new());
            let (at, seen) =
                if is_legal { answered.entry(&topic.name).or_insert(next) } else { &mut { next } };
            if *at == topics.len() {
                let partitions = Vec::new();
                topics.push(ListOffsetsTopicResponse { name: topic.name.clone(), partitions });
            }
            for asked in &topic.partitions {
                if seen.insert(asked.partition_index) || !is_legal {
                    let result = match count[&(&topic.name, asked.partition_index)] {
                        _ if !is_legal => Err(ErrorCode::UnknownServerError),
                        1 => self.list_offset(&topic.name, asked, version),
                        _ => Err(ErrorCode::InvalidRequest),
                    };
                    topics[*at].partitions.push(offset_answer(asked.partition_index, result));
                }
            }
        }
        ListOffsetsResponse { throttle_time_ms: 0, topics }
    }

    /// A partition that this broker holds, or why it does not.
    pub(super) fn find_here(&self, topic: &str, index: i32) -> Result<Arc<Partition<E>>, ErrorCode> {
        self.replicas.find(topic, index).ok_or_else(|| self.replicas.absence(topic, index))
    }

    fn list_offset(
        &self,
        topic: &str,
        asked: &ListOffsetsPartition,
        version: i16,
    ) -> Result<Option<FoundRecord>, ErrorCode> {
        if !is_supported(asked.timestamp, version) {
            return Err(ErrorCode::UnsupportedVersion);
        }
        let partition = self.find_here(topic, asked.partition_index)?;
        let positions = partition.positions()?;
        check_epoch(asked.current_leader_epoch, &positions)?;
        let at = |offset: Offset, leader_epoch: Option<LeaderEpoch>| {
            Ok(Some(FoundRecord {
                timestamp: -1,
                offset,
                leader_epoch: leader_epoch.unwrap_or(LeaderEpoch(-1)),
            }))
        };
        match asked.timestamp {
            // An offset that was told before must not be told to be beyond the end (KIP-207).
            LATEST if !positions.is_current => Err(ErrorCode::OffsetNotAvailable),
            LATEST => at(positions.high_watermark, Some(positions.epoch)),
            EARLIEST | EARLIEST_LOCAL => at(positions.log_start, partition.epoch_at(positions.log_start)),
            MAX_TIMESTAMP => partition.find_max_timestamp(),
            LATEST_TIERED | EARLIEST_PENDING_UPLOAD => Ok(None),
            timestamp => partition.find_timestamp(timestamp),
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
        let partition = self.find_here(topic, asked.partition)?;
        check_epoch(asked.current_leader_epoch, &partition.positions()?)?;
        partition.end_of_epoch(LeaderEpoch(asked.leader_epoch))
    }
}
