//! OffsetCommit, OffsetFetch, OffsetDelete.

use std::collections::BTreeMap;

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    group::{
        messages::{Answer, Commit, Fetch, Identity, Request},
        records::CommittedOffset,
    },
    limits::GROUP_ANSWER_MAX_BYTES,
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

/// What was committed for a partition, if anything.
struct Fetched {
    index: i32,
    offset: Option<CommittedOffset>,
    error: ErrorCode,
}

/// Whose offsets are fetched, and who fetches them.
struct Asker<'a> {
    group: &'a Str,
    member: Option<String>,
    epoch: i32,
}

impl Asker<'_> {
    /// Somebody who does not say that it is a member.
    fn of(group: &Str) -> Asker<'_> {
        Asker { group, member: None, epoch: -1 }
    }
}

/// A topic of an answer.
type Found = (Str, Vec<Fetched>);

/// A topic of an answer: its name, its id where versions have one, and its partitions.
struct Topic<P> {
    name: Str,
    id: Uuid,
    partitions: Vec<P>,
}

/// The topics of an answer while they are gathered: of what is refused at once, each topic stands once.
struct Topics<P> {
    topics: Vec<Topic<P>>,
    places: BTreeMap<(Str, Uuid), usize>,
    are_named_by_id: bool,
}

impl<P> Topics<P> {
    fn new(are_named_by_id: bool) -> Topics<P> {
        Topics { topics: Vec::new(), places: BTreeMap::new(), are_named_by_id }
    }

    fn of(&mut self, name: &Str, id: Uuid) -> &mut Vec<P> {
        let key = if self.are_named_by_id { (Str::new(), id) } else { (name.clone(), Uuid::ZERO) };
        let topics = &mut self.topics;
        let at = *self.places.entry(key).or_insert_with(|| {
            topics.push(Topic { name: name.clone(), id, partitions: Vec::new() });
            topics.len() - 1
        });
        &mut self.topics[at].partitions
    }

    /// What the coordinator says joins what was refused before; alone it stands as it was asked.
    fn merge(mut self, more: Vec<Topic<P>>) -> Vec<Topic<P>> {
        if self.topics.is_empty() {
            return more;
        }
        for topic in more {
            self.of(&topic.name, topic.id).extend(topic.partitions);
        }
        self.topics
    }
}

impl<E: Env> Broker<E> {
    pub(super) async fn offset_commit(
        &self,
        request: &OffsetCommitRequest,
        version: i16,
    ) -> OffsetCommitResponse {
        let wall = self.env.wall();
        let mut refused = Topics::new(TOPIC_IDS <= version);
        let (mut offsets, mut asked) = (Vec::new(), Vec::new());
        for topic in &request.topics {
            let refuse = |index: i32, code: ErrorCode| OffsetCommitResponsePartition {
                partition_index: index,
                error_code: code.code(),
            };
            let (name, id) = match self.committed_topic(topic, version) {
                Ok(known) => known,
                Err(code) => {
                    let refusals = topic.partitions.iter().map(|p| refuse(p.partition_index, code));
                    refused.of(&topic.name, topic.topic_id).extend(refusals);
                    continue;
                }
            };
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for partition in &topic.partitions {
                let index = partition.partition_index;
                if !self.replicas.exists(&name, index) {
                    let refusal = refuse(index, ErrorCode::UnknownTopicOrPartition);
                    refused.of(&topic.name, topic.topic_id).push(refusal);
                    continue;
                }
                let offset = committed(partition, id, request.retention_time_ms, wall, version);
                offsets.push((name.clone(), index, offset));
                partitions.push(refuse(index, ErrorCode::None));
            }
            if !partitions.is_empty() {
                asked.push(Topic { name: topic.name.clone(), id: topic.topic_id, partitions });
            }
        }
        if !offsets.is_empty() {
            let codes = self.commit(request, offsets, version).await;
            let partitions = asked.iter_mut().flat_map(|t| &mut t.partitions);
            partitions.zip(codes).for_each(|(partition, code)| partition.error_code = code.code());
        }
        let topic =
            |Topic { name, id, partitions }| OffsetCommitResponseTopic { name, topic_id: id, partitions };
        let topics = refused.merge(asked).into_iter().map(topic).collect();
        OffsetCommitResponse { throttle_time_ms: 0, topics }
    }

    async fn commit(
        &self,
        request: &OffsetCommitRequest,
        offsets: Vec<(String, i32, CommittedOffset)>,
        version: i16,
    ) -> Vec<ErrorCode> {
        let who = Identity {
            member: request.member_id.to_string(),
            instance: kept(&request.group_instance_id),
            generation: request.generation_id_or_member_epoch,
        };
        let (count, group) = (offsets.len(), request.group_id.to_string());
        let asked = Request::Commit(Commit { group, who, offsets, knows_epochs: 9 <= version });
        match self.ask_group(&request.group_id, asked).await {
            Ok(Answer::Commit(codes)) => codes,
            other => vec![unanswered(other); count],
        }
    }

    /// The name and the id of a topic that is committed for.
    fn committed_topic(
        &self,
        topic: &OffsetCommitRequestTopic,
        version: i16,
    ) -> Result<(String, Uuid), ErrorCode> {
        let image = self.quorum.image();
        let found = match version {
            ..TOPIC_IDS => image.topic(&topic.name).ok_or(ErrorCode::UnknownTopicOrPartition),
            _ => image.topic_by_id(topic.topic_id).ok_or(ErrorCode::UnknownTopicId),
        };
        found.map(|found| (found.name.to_string(), found.id))
    }

    pub(super) async fn offset_fetch(
        &self,
        request: &OffsetFetchRequest,
        version: i16,
    ) -> OffsetFetchResponse {
        let mut response = OffsetFetchResponse::default();
        if version < 8 {
            let wanted: Option<Vec<(Str, Vec<i32>)>> = request
                .topics
                .as_ref()
                .map(|topics| topics.iter().map(|t| (t.name.clone(), t.partition_indexes.clone())).collect());
            let found = match self.committed_offsets(Asker::of(&request.group_id), wanted.clone()).await {
                Ok(found) => found,
                // The first version has no other place for an error.
                Err(code) if version < 2 => wanted.into_iter().flatten().map(|w| nowhere(w, code)).collect(),
                Err(code) => {
                    response.error_code = code.code();
                    return response;
                }
            };
            let topic = |(name, partitions): Found| OffsetFetchResponseTopic {
                name,
                partitions: partitions.into_iter().map(old_partition).collect(),
            };
            response.topics = found.into_iter().map(topic).collect();
            return response;
        }
        let mut bytes = 0;
        for group in &request.groups {
            if GROUP_ANSWER_MAX_BYTES < bytes {
                let (group_id, error_code) = (group.group_id.clone(), ErrorCode::MessageTooLarge.code());
                response.groups.push(OffsetFetchResponseGroup { group_id, error_code, ..Default::default() });
                continue;
            }
            let answered = self.offset_fetch_group(group, version).await;
            let partitions = answered.topics.iter().flat_map(|t| &t.partitions);
            bytes += partitions
                .map(|p| size_of_val(p) + p.metadata.as_ref().map_or(0, |m| m.len()))
                .sum::<usize>();
            response.groups.push(answered);
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
        let mut unknown = Vec::new();
        let wanted = group.topics.as_ref().map(|topics| {
            let image = self.quorum.image();
            let mut wanted = Vec::with_capacity(topics.len());
            for topic in topics {
                let name = match image.topic_by_id(topic.topic_id) {
                    _ if version < TOPIC_IDS => topic.name.clone(),
                    Some(found) => Str::from(found.name.to_string()),
                    None => {
                        let entry = (topic.name.clone(), topic.partition_indexes.clone());
                        unknown.push((topic.topic_id, nowhere(entry, ErrorCode::UnknownTopicId)));
                        continue;
                    }
                };
                wanted.push((name, topic.partition_indexes.clone()));
            }
            wanted
        });
        let asker =
            Asker { group: &group.group_id, member: kept(&group.member_id), epoch: group.member_epoch };
        let found = match self.committed_offsets(asker, wanted).await {
            Ok(found) => found,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let image = self.quorum.image();
        let id = |name: &Str| match version {
            ..TOPIC_IDS => Some(Uuid::ZERO),
            // Offsets of a topic that is no more cannot be named.
            _ => image.topic(name).map(|t| t.id),
        };
        let known = found.into_iter().filter_map(|found| Some((id(&found.0)?, found)));
        let topic = |(topic_id, (name, partitions)): (Uuid, Found)| OffsetFetchResponseTopics {
            name,
            topic_id,
            partitions: partitions.into_iter().map(partition).collect(),
        };
        response.topics = known.chain(unknown).map(topic).collect();
        response
    }

    /// The offsets of a group: those that are wanted, in their order, or all.
    async fn committed_offsets(
        &self,
        asker: Asker<'_>,
        wanted: Option<Vec<(Str, Vec<i32>)>>,
    ) -> Result<Vec<Found>, ErrorCode> {
        let places = wanted.as_ref().map(|wanted| {
            let each = |(topic, indexes): &(Str, Vec<i32>)| {
                indexes.iter().map(|index| (topic.to_string(), *index)).collect::<Vec<_>>()
            };
            wanted.iter().flat_map(each).collect()
        });
        let Asker { group, member, epoch } = asker;
        let fetch = Fetch { group: group.to_string(), member, epoch, places };
        let found = match self.ask_group(group, Request::Fetch(fetch)).await {
            Ok(Answer::Offsets(found)) => found?,
            other => return Err(unanswered(other)),
        };
        let fetched = |index, offset| Fetched { index, offset, error: ErrorCode::None };
        let Some(wanted) = wanted else {
            let mut all: Vec<Found> = Vec::new();
            for (topic, index, offset) in found {
                match all.last_mut() {
                    Some((last, partitions)) if **last == topic => partitions.push(fetched(index, offset)),
                    _ => all.push((Str::from(topic), vec![fetched(index, offset)])),
                }
            }
            return Ok(all);
        };
        let mut found = found.into_iter();
        let topic = |(name, indexes): (Str, Vec<i32>)| {
            let partitions = found.by_ref().take(indexes.len());
            (name, partitions.map(|(_, index, offset)| fetched(index, offset)).collect())
        };
        Ok(wanted.into_iter().map(topic).collect())
    }

    pub(super) async fn offset_delete(&self, request: &OffsetDeleteRequest) -> OffsetDeleteResponse {
        let mut refused = Topics::new(false);
        let (mut places, mut asked) = (Vec::new(), Vec::new());
        for topic in &request.topics {
            let refuse = |index: i32, code: ErrorCode| OffsetDeleteResponsePartition {
                partition_index: index,
                error_code: code.code(),
            };
            let unknown = ErrorCode::UnknownTopicOrPartition;
            if self.replicas.partition_count(&topic.name) == 0 {
                let refusals = topic.partitions.iter().map(|p| refuse(p.partition_index, unknown));
                refused.of(&topic.name, Uuid::ZERO).extend(refusals);
                continue;
            }
            let mut partitions = Vec::new();
            for index in topic.partitions.iter().map(|p| p.partition_index) {
                if !self.replicas.exists(&topic.name, index) {
                    refused.of(&topic.name, Uuid::ZERO).push(refuse(index, unknown));
                    continue;
                }
                places.push((topic.name.to_string(), index));
                partitions.push(refuse(index, ErrorCode::None));
            }
            if !partitions.is_empty() {
                asked.push(Topic { name: topic.name.clone(), id: Uuid::ZERO, partitions });
            }
        }
        let delete = Request::DeleteOffsets(request.group_id.to_string(), places);
        let refusal = match self.ask_group(&request.group_id, delete).await {
            Ok(Answer::DeleteOffsets(ErrorCode::None, codes)) => {
                let partitions = asked.iter_mut().flat_map(|t| &mut t.partitions);
                partitions.zip(codes).for_each(|(partition, code)| partition.error_code = code.code());
                let topic = |Topic { name, partitions, .. }| OffsetDeleteResponseTopic { name, partitions };
                let topics = refused.merge(asked).into_iter().map(topic).collect();
                return OffsetDeleteResponse { error_code: 0, throttle_time_ms: 0, topics };
            }
            Ok(Answer::DeleteOffsets(code, _)) => code,
            other => unanswered(other),
        };
        OffsetDeleteResponse { error_code: refusal.code(), ..OffsetDeleteResponse::default() }
    }
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

/// A topic that cannot be looked up.
fn nowhere((name, indexes): (Str, Vec<i32>), error: ErrorCode) -> Found {
    (name, indexes.into_iter().map(|index| Fetched { index, offset: None, error }).collect())
}

/// Offset, epoch and metadata as they are told; where nothing was committed too.
fn fields(offset: Option<CommittedOffset>) -> (i64, i32, Option<Str>) {
    offset.map_or((-1, -1, Some(Str::new())), |o| (o.offset, o.leader_epoch, Some(Str::from(o.metadata))))
}

fn old_partition(fetched: Fetched) -> OffsetFetchResponsePartition {
    let (committed_offset, committed_leader_epoch, metadata) = fields(fetched.offset);
    OffsetFetchResponsePartition {
        partition_index: fetched.index,
        committed_offset,
        committed_leader_epoch,
        metadata,
        error_code: fetched.error.code(),
    }
}

fn partition(fetched: Fetched) -> OffsetFetchResponsePartitions {
    let (committed_offset, committed_leader_epoch, metadata) = fields(fetched.offset);
    OffsetFetchResponsePartitions {
        partition_index: fetched.index,
        committed_offset,
        committed_leader_epoch,
        metadata,
        error_code: fetched.error.code(),
    }
}
