//! OffsetCommit, OffsetFetch, OffsetDelete.

use std::collections::BTreeMap;

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    group::{
        messages::{Answer, Commit, Identity, Request},
        records::CommittedOffset,
    },
    types::{Timestamp, Uuid},
};
use ottla_net::{
    messages::generated::{
        offset_commit::{
            OffsetCommitRequest, OffsetCommitResponse,
            request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic},
            response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic},
        },
        offset_delete::{
            OffsetDeleteRequest, OffsetDeleteResponse,
            response::{OffsetDeleteResponsePartition, OffsetDeleteResponseTopic},
        },
        offset_fetch::{
            OffsetFetchRequest, OffsetFetchResponse,
            request::OffsetFetchRequestGroup,
            response::{
                OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
                OffsetFetchResponseTopic, OffsetFetchResponseTopics,
            },
        },
    },
    wire::Str,
};

use super::groups::{kept, unanswered};
use crate::Broker;

/// The first version that names topics by their ids.
const TOPIC_IDS: i16 = 10;

/// Found offsets: by topic and partition, `None` where there is none.
type Found = Vec<(String, i32, Option<CommittedOffset>)>;

impl<E: Env> Broker<E> {
    pub(super) async fn offset_commit(
        &self,
        request: &OffsetCommitRequest,
        version: i16,
    ) -> OffsetCommitResponse {
        let wall = self.env.wall();
        // One answer for each partition of each topic; those that exist are asked for together.
        let mut response = OffsetCommitResponse::default();
        let (mut offsets, mut places) = (Vec::new(), Vec::new());
        for topic in &request.topics {
            let name = self.committed_topic(topic, version);
            let mut answered = OffsetCommitResponseTopic {
                name: topic.name.clone(),
                topic_id: topic.topic_id,
                partitions: Vec::with_capacity(topic.partitions.len()),
            };
            for partition in &topic.partitions {
                let index = partition.partition_index;
                let code = match &name {
                    Ok(name) if self.replicas.find(name, index).is_some() => {
                        places.push((response.topics.len(), answered.partitions.len()));
                        let id = topic.topic_id;
                        let offset = committed(partition, id, request.retention_time_ms, wall, version);
                        offsets.push((name.clone(), index, offset));
                        ErrorCode::None
                    }
                    Ok(_) => ErrorCode::UnknownTopicOrPartition,
                    Err(code) => *code,
                };
                answered
                    .partitions
                    .push(OffsetCommitResponsePartition { partition_index: index, error_code: code.code() });
            }
            response.topics.push(answered);
        }
        if offsets.is_empty() {
            return response;
        }
        let who = Identity {
            member: request.member_id.to_string(),
            instance: kept(&request.group_instance_id),
            generation: request.generation_id_or_member_epoch,
        };
        let group = request.group_id.to_string();
        let asked = Request::Commit(Commit { group, who, offsets, knows_epochs: 9 <= version });
        let codes = match self.ask_group(&request.group_id, asked).await {
            Ok(Answer::Commit(codes)) => codes,
            other => vec![unanswered(other); places.len()],
        };
        for ((topic, partition), code) in places.into_iter().zip(codes) {
            response.topics[topic].partitions[partition].error_code = code.code();
        }
        response
    }

    fn committed_topic(&self, topic: &OffsetCommitRequestTopic, version: i16) -> Result<String, ErrorCode> {
        if version < TOPIC_IDS {
            return Ok(topic.name.to_string());
        }
        let image = self.quorum.image();
        let found = image.topic_by_id(topic.topic_id);
        found.map(|t| t.name.to_string()).ok_or(ErrorCode::UnknownTopicId)
    }

    pub(super) async fn offset_fetch(
        &self,
        request: &OffsetFetchRequest,
        version: i16,
    ) -> OffsetFetchResponse {
        let mut response = OffsetFetchResponse::default();
        if version < 8 {
            let wanted = request.topics.as_ref().map(|topics| {
                let of =
                    |t: &ottla_net::messages::generated::offset_fetch::request::OffsetFetchRequestTopic| {
                        (t.name.to_string(), t.partition_indexes.clone())
                    };
                topics.iter().map(of).collect::<Vec<_>>()
            });
            let found = self.committed_offsets(&request.group_id, wanted.clone()).await;
            let found = match found {
                Ok(found) => found,
                Err(code) if version < 2 => {
                    // There is no other place for it.
                    let none = |(topic, indexes): (String, Vec<i32>)| {
                        let partitions = indexes.into_iter().map(|index| failed(index, code)).collect();
                        OffsetFetchResponseTopic { name: Str::from(topic), partitions }
                    };
                    response.topics = wanted.unwrap_or_default().into_iter().map(none).collect();
                    return response;
                }
                Err(code) => {
                    response.error_code = code.code();
                    return response;
                }
            };
            for (topic, partitions) in by_topic(found) {
                let partitions = partitions.into_iter().map(|(index, offset)| {
                    let (committed_offset, committed_leader_epoch, metadata) = fields(offset);
                    OffsetFetchResponsePartition {
                        partition_index: index,
                        committed_offset,
                        committed_leader_epoch,
                        metadata,
                        error_code: 0,
                    }
                });
                let partitions = partitions.collect();
                response.topics.push(OffsetFetchResponseTopic { name: Str::from(topic), partitions });
            }
            return response;
        }
        for group in &request.groups {
            response.groups.push(self.offset_fetch_group(group, version).await);
        }
        response
    }

    async fn offset_fetch_group(
        &self,
        group: &OffsetFetchRequestGroup,
        version: i16,
    ) -> OffsetFetchResponseGroup {
        let mut response =
            OffsetFetchResponseGroup { group_id: group.group_id.clone(), ..Default::default() };
        let (mut ids, mut unknown): (BTreeMap<String, Uuid>, Vec<OffsetFetchResponseTopics>) =
            (BTreeMap::new(), Vec::new());
        let mut name_of = |name: &Str, id: Uuid| {
            if version < TOPIC_IDS {
                return Some(name.to_string());
            }
            let found = self.quorum.image().topic_by_id(id)?.name.to_string();
            ids.insert(found.clone(), id);
            Some(found)
        };
        let wanted = group.topics.as_ref().map(|topics| {
            let mut wanted = Vec::new();
            for topic in topics {
                match name_of(&topic.name, topic.topic_id) {
                    Some(name) => wanted.push((name, topic.partition_indexes.clone())),
                    None => unknown.push(OffsetFetchResponseTopics {
                        name: topic.name.clone(),
                        topic_id: topic.topic_id,
                        partitions: topic
                            .partition_indexes
                            .iter()
                            .map(|index| not_found(*index, ErrorCode::UnknownTopicId))
                            .collect(),
                    }),
                }
            }
            wanted
        });
        let found = match self.committed_offsets(&group.group_id, wanted).await {
            Ok(found) => found,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        for (topic, partitions) in by_topic(found) {
            let topic_id = match version {
                ..TOPIC_IDS => Uuid::ZERO,
                _ => match ids.get(&topic).copied().or_else(|| Some(self.quorum.image().topic(&topic)?.id)) {
                    Some(id) => id,
                    // Offsets of a topic that is no more cannot be named.
                    None => continue,
                },
            };
            let partitions = partitions.into_iter().map(|(index, offset)| {
                let (committed_offset, committed_leader_epoch, metadata) = fields(offset);
                OffsetFetchResponsePartitions {
                    partition_index: index,
                    committed_offset,
                    committed_leader_epoch,
                    metadata,
                    error_code: 0,
                }
            });
            let partitions = partitions.collect();
            response.topics.push(OffsetFetchResponseTopics { name: Str::from(topic), topic_id, partitions });
        }
        response.topics.extend(unknown);
        response
    }

    async fn committed_offsets(
        &self,
        group: &Str,
        wanted: Option<Vec<(String, Vec<i32>)>>,
    ) -> Result<Found, ErrorCode> {
        let places = wanted.map(|wanted| {
            let each = |(topic, indexes): (String, Vec<i32>)| {
                indexes.into_iter().map(move |index| (topic.clone(), index)).collect::<Vec<_>>()
            };
            wanted.into_iter().flat_map(each).collect()
        });
        let asked = Request::Fetch(group.to_string(), places);
        match self.ask_group(group, asked).await {
            Ok(Answer::Offsets(Ok(found))) => Ok(found),
            Ok(Answer::Offsets(Err(code))) => Err(code),
            other => Err(unanswered(other)),
        }
    }

    pub(super) async fn offset_delete(&self, request: &OffsetDeleteRequest) -> OffsetDeleteResponse {
        let mut response = OffsetDeleteResponse::default();
        let mut there = Vec::new();
        for topic in &request.topics {
            let exists = |index: i32| self.replicas.find(&topic.name, index).is_some();
            response.topics.push(OffsetDeleteResponseTopic {
                name: topic.name.clone(),
                partitions: topic.partitions.iter().map(|p| deleted(p.partition_index, exists)).collect(),
            });
        }
        let known = response.topics.iter().flat_map(|t| t.partitions.iter().map(move |p| (t, p)));
        let known = known.filter(|(_, p)| p.error_code == 0);
        there.extend(known.map(|(t, p)| (t.name.to_string(), p.partition_index)));
        let asked = Request::DeleteOffsets(request.group_id.to_string(), there);
        let code = match self.ask_group(&request.group_id, asked).await {
            Ok(Answer::DeleteOffsets(ErrorCode::None, codes)) => {
                let partitions = response.topics.iter_mut().flat_map(|t| &mut t.partitions);
                let asked = partitions.filter(|p| p.error_code == 0);
                asked.zip(codes).for_each(|(partition, code)| partition.error_code = code.code());
                return response;
            }
            Ok(Answer::DeleteOffsets(code, _)) => code,
            other => unanswered(other),
        };
        OffsetDeleteResponse { error_code: code.code(), ..OffsetDeleteResponse::default() }
    }
}

fn deleted(index: i32, exists: impl Fn(i32) -> bool) -> OffsetDeleteResponsePartition {
    let code = if exists(index) { ErrorCode::None } else { ErrorCode::UnknownTopicOrPartition };
    OffsetDeleteResponsePartition { partition_index: index, error_code: code.code() }
}

fn committed(
    partition: &OffsetCommitRequestPartition,
    topic_id: Uuid,
    retention_ms: i64,
    wall: Timestamp,
    version: i16,
) -> CommittedOffset {
    let expires =
        (version <= 4 && retention_ms != -1).then(|| Timestamp(wall.0.saturating_add(retention_ms)));
    CommittedOffset {
        offset: partition.committed_offset,
        leader_epoch: partition.committed_leader_epoch,
        metadata: kept(&partition.committed_metadata).unwrap_or_default(),
        committed: wall,
        expires,
        topic_id,
    }
}

fn by_topic(found: Found) -> Vec<(String, Vec<(i32, Option<CommittedOffset>)>)> {
    let mut topics: Vec<(String, Vec<(i32, Option<CommittedOffset>)>)> = Vec::new();
    for (topic, index, offset) in found {
        match topics.last_mut() {
            Some((last, partitions)) if *last == topic => partitions.push((index, offset)),
            _ => topics.push((topic, vec![(index, offset)])),
        }
    }
    topics
}

/// Offset, epoch and metadata as they are told; where nothing was committed too.
fn fields(offset: Option<CommittedOffset>) -> (i64, i32, Option<Str>) {
    offset.map_or((-1, -1, Some(Str::new())), |o| (o.offset, o.leader_epoch, Some(Str::from(o.metadata))))
}

fn failed(index: i32, code: ErrorCode) -> OffsetFetchResponsePartition {
    OffsetFetchResponsePartition {
        partition_index: index,
        committed_offset: -1,
        committed_leader_epoch: -1,
        metadata: Some(Str::new()),
        error_code: code.code(),
    }
}

fn not_found(index: i32, code: ErrorCode) -> OffsetFetchResponsePartitions {
    OffsetFetchResponsePartitions {
        partition_index: index,
        committed_offset: -1,
        committed_leader_epoch: -1,
        metadata: Some(Str::new()),
        error_code: code.code(),
    }
}
