//! CreateTopics, DeleteTopics, CreatePartitions, DeleteRecords.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ottla_core::{
    config,
    controller::{self, Image, NewTopic, Refusal, TopicImage},
    env::Env,
    errors::ErrorCode,
    limits::PARTITIONS_PER_REQUEST_MAX,
    types::{Uuid, is_internal},
};
use ottla_net::{
    messages::ApiKey,
    messages::generated::{
        create_partitions::{
            CreatePartitionsRequest, CreatePartitionsResponse, request::CreatePartitionsTopic,
            response::CreatePartitionsTopicResult,
        },
        create_topics::{
            CreateTopicsRequest, CreateTopicsResponse,
            request::{CreatableTopic, CreatableTopicConfig},
            response::{CreatableTopicConfigs, CreatableTopicResult},
        },
        delete_records::{
            DeleteRecordsRequest, DeleteRecordsResponse,
            response::{DeleteRecordsPartitionResult, DeleteRecordsTopicResult},
        },
        delete_topics::{DeleteTopicsRequest, DeleteTopicsResponse, response::DeletableTopicResult},
    },
    wire::Str,
};

use super::{configs::topic_configs, message, text};
use crate::{Broker, peers::Lane};

fn new_topic(topic: &CreatableTopic) -> NewTopic {
    NewTopic {
        name: topic.name.to_string(),
        partitions: topic.num_partitions,
        replication_factor: topic.replication_factor,
        assignments: topic.assignments.iter().map(|a| (a.partition_index, a.broker_ids.clone())).collect(),
        configs: topic
            .configs
            .iter()
            .map(|c| (c.name.to_string(), c.value.as_ref().map(Str::to_string)))
            .collect(),
    }
}

fn creatable_config((name, value): &(String, Option<String>)) -> CreatableTopicConfig {
    CreatableTopicConfig { name: Str::from(name.clone()), value: value.clone().map(Str::from) }
}

/// What the controller says has become of a topic.
fn outcome(topic: CreatableTopicResult) -> Result<(), Refusal> {
    match ErrorCode::from_code(topic.error_code) {
        ErrorCode::None => Ok(()),
        code => {
            let message = topic.error_message.map(|m| m.to_string()).unwrap_or_default();
            Err(Refusal { code, message })
        }
    }
}

pub(super) fn warn_of_settings<'a>(topic: &str, names: impl Iterator<Item = &'a str>) {
    for name in names.filter(|name| config::TOPIC_NOT_HONOURED.contains(name)) {
        tracing::warn!("the setting {name} of topic {topic} is kept, and has no effect in this release");
    }
}

/// Names that stand more than once.
fn repeated<'a>(names: impl Iterator<Item = &'a Str>) -> BTreeSet<Str> {
    let mut seen = BTreeSet::new();
    names.filter(|name| !seen.insert((*name).clone())).cloned().collect()
}

impl<E: Env> Broker<E> {
    pub(super) async fn create_topics(
        &self,
        request: &CreateTopicsRequest,
        version: i16,
    ) -> CreateTopicsResponse {
        let refused = |name: &Str, refusal: Refusal| CreatableTopicResult {
            name: name.clone(),
            error_code: refusal.code.code(),
            error_message: message(refusal.message),
            ..CreatableTopicResult::default()
        };
        let twice = repeated(request.topics.iter().map(|t| &t.name));
        // Kafka's controller is late for all of them, unless there is nothing for it to do.
        if request.timeout_ms <= 0 && request.topics.iter().any(|t| !twice.contains(&t.name)) {
            let late = |topic: &CreatableTopic| CreatableTopicResult {
                name: topic.name.clone(),
                error_code: ErrorCode::RequestTimedOut.code(),
                error_message: None,
                ..CreatableTopicResult::default()
            };
            let topics = request.topics.iter().map(late).collect();
            return CreateTopicsResponse { throttle_time_ms: 0, topics };
        }
        let mut topics = Vec::new();
        for name in &twice {
            let refusal =
                Refusal { code: ErrorCode::InvalidRequest, message: "Duplicate topic name.".into() };
            topics.push(refused(name, refusal));
        }
        // The limit is the request's: past it no topic is made.
        let asked = request.topics.iter().filter(|t| !twice.contains(&t.name));
        let asked: usize = asked.map(|topic| self.partitions_asked(topic)).sum();
        if PARTITIONS_PER_REQUEST_MAX < asked {
            let excessive = |topic: &CreatableTopic| {
                let message = format!(
                    "Excessively large number of partitions per request: {asked}, at most {PARTITIONS_PER_REQUEST_MAX}"
                );
                refused(&topic.name, Refusal { code: ErrorCode::PolicyViolation, message })
            };
            let topics = request.topics.iter().map(excessive).collect();
            return CreateTopicsResponse { throttle_time_ms: 0, topics };
        }
        let wanted: Vec<&CreatableTopic> =
            request.topics.iter().filter(|t| !twice.contains(&t.name)).collect();
        let new: Vec<(NewTopic, Uuid)> =
            wanted.iter().map(|t| (new_topic(t), Uuid::from_random(|| self.env.random_u64()))).collect();
        for (new, _) in &new {
            warn_of_settings(&new.name, new.configs.iter().map(|(name, _)| name.as_str()));
        }
        let created = self.create_wanted(&new, request.validate_only).await;
        for (topic, outcome) in wanted.iter().zip(created) {
            topics.push(match outcome {
                Ok(created) => self.created(&created, version),
                Err(refusal) => refused(&topic.name, refusal),
            });
        }
        CreateTopicsResponse { throttle_time_ms: 0, topics }
    }

    /// Makes topics, or only judges them; returns each as it is, or would be.
    pub(crate) async fn create_wanted(
        &self,
        new: &[(NewTopic, Uuid)],
        validate_only: bool,
    ) -> Vec<Result<TopicImage, Refusal>> {
        if new.is_empty() {
            return Vec::new();
        }
        let defaults = self.topic_defaults();
        let decide = |image: &Image| {
            let (records, outcomes) = controller::create_topics(image, new, defaults);
            let mut preview = image.clone();
            records.iter().for_each(|record| preview.replay(record));
            let created = |((new, _), outcome): (&(NewTopic, Uuid), Result<(), Refusal>)| {
                outcome.map(|()| preview.topic(&new.name).cloned().expect("it was just made"))
            };
            let created: Vec<_> = new.iter().zip(outcomes).map(created).collect();
            (if validate_only { Vec::new() } else { records }, created)
        };
        let failed =
            |code: ErrorCode| Refusal { code, message: "The metadata log cannot be written.".into() };
        match self.quorum.command(|image, _, _| decide(image)).await {
            Ok(created) => created,
            Err(code) => new.iter().map(|_| Err(failed(code))).collect(),
        }
    }

    /// Makes topics, here or wherever the controller is.
    pub(crate) async fn create_anywhere(&self, new: Vec<(NewTopic, Uuid)>) -> Vec<Result<(), Refusal>> {
        if self.quorum.is_active() {
            return self.create_wanted(&new, false).await.into_iter().map(|made| made.map(|_| ())).collect();
        }
        let topic = |(new, _): &(NewTopic, Uuid)| CreatableTopic {
            name: Str::from(new.name.clone()),
            num_partitions: new.partitions,
            replication_factor: new.replication_factor,
            configs: new.configs.iter().map(creatable_config).collect(),
            ..CreatableTopic::default()
        };
        let request = CreateTopicsRequest {
            topics: new.iter().map(topic).collect(),
            timeout_ms: 5_000,
            validate_only: false,
        };
        let asked: Result<CreateTopicsResponse, _> =
            self.ask_controller(ApiKey::CreateTopics, &request, Lane::Forward).await;
        let failed = |why: String| Refusal { code: ErrorCode::NotController, message: why };
        match asked {
            Err(e) => new.iter().map(|_| Err(failed(e.to_string()))).collect(),
            Ok(response) => response.topics.into_iter().map(outcome).collect(),
        }
    }

    fn created(&self, topic: &TopicImage, version: i16) -> CreatableTopicResult {
        let config = |c: &super::configs::Entry| CreatableTopicConfigs {
            name: Str::from(c.name.clone()),
            value: text(c.value.clone()),
            read_only: false,
            config_source: c.source as i8,
            is_sensitive: false,
        };
        CreatableTopicResult {
            name: Str::from(topic.name.to_string()),
            topic_id: topic.id,
            error_message: None,
            num_partitions: topic.partitions.len() as i32,
            replication_factor: topic.partitions.first().map_or(-1, |p| p.replicas.len() as i16),
            configs: (5 <= version)
                .then(|| topic_configs(&self.config, &topic.configs).iter().map(config).collect()),
            ..CreatableTopicResult::default()
        }
    }

    fn partitions_asked(&self, topic: &CreatableTopic) -> usize {
        match (topic.assignments.len(), topic.num_partitions) {
            (0, -1) => self.topic_defaults().partitions as usize,
            (0, count) => count.max(0) as usize,
            (assigned, _) => assigned,
        }
    }

    pub(super) async fn delete_topics(
        self: &Arc<Self>,
        request: &DeleteTopicsRequest,
        version: i16,
    ) -> DeleteTopicsResponse {
        let asked: Vec<(Option<Str>, Uuid)> = if version < 6 {
            request.topic_names.iter().map(|name| (Some(name.clone()), Uuid::ZERO)).collect()
        } else {
            request.topics.iter().map(|t| (t.name.clone(), t.topic_id)).collect()
        };
        let mut count: BTreeMap<&(Option<Str>, Uuid), usize> = BTreeMap::new();
        asked.iter().for_each(|one| *count.entry(one).or_default() += 1);
        let is_legal =
            |one: &(Option<Str>, Uuid)| one.0.is_some() == (one.1 == Uuid::ZERO) && count[one] == 1;
        // Kafka's controller is late for all of them, unless there is nothing for it to do.
        if request.timeout_ms <= 0 && asked.iter().any(is_legal) {
            let late = |(name, id): (Option<Str>, Uuid)| DeletableTopicResult {
                name,
                topic_id: id,
                error_code: ErrorCode::RequestTimedOut.code(),
                error_message: None,
            };
            let responses = asked.iter().cloned().map(late).collect();
            return DeleteTopicsResponse { throttle_time_ms: 0, responses };
        }
        let mut responses: Vec<DeletableTopicResult> = Vec::new();
        let mut answered = BTreeSet::new();
        let doubly = self.named_doubly(asked.iter().filter(|one| is_legal(one)));
        for one in &asked {
            let is_named_once = one.0.is_some() == (one.1 == Uuid::ZERO);
            if is_named_once && !answered.insert(one) || one.0.is_none() && doubly.contains(&one.1) {
                continue;
            }
            let (name, id) = one;
            let mut result = DeletableTopicResult { name: name.clone(), topic_id: *id, ..Default::default() };
            let outcome = match (name, *id) {
                (Some(_), id) if id != Uuid::ZERO => {
                    Err((ErrorCode::InvalidRequest, "You may not specify both topic name and topic id."))
                }
                (None, Uuid::ZERO) => {
                    Err((ErrorCode::InvalidRequest, "Neither topic name nor id were specified."))
                }
                _ if 1 < count[one] => Err((
                    ErrorCode::InvalidRequest,
                    if name.is_some() { "Duplicate topic name." } else { "Duplicate topic id." },
                )),
                (Some(name), _)
                    if self.quorum.image().topic(name).is_some_and(|t| doubly.contains(&t.id)) =>
                {
                    result.topic_id = self.quorum.image().topic(name).map_or(Uuid::ZERO, |t| t.id);
                    Err((
                        ErrorCode::InvalidRequest,
                        "The provided topic name maps to an ID that was already supplied.",
                    ))
                }
                _ if !self.config.boolean("delete.topic.enable") => {
                    Err((ErrorCode::TopicDeletionDisabled, "Topic deletion is disabled."))
                }
                _ => self.delete_topic(name.as_ref(), *id).await,
            };
            match outcome {
                Ok(topic) => (result.name, result.topic_id) = (text(topic.name.as_str()), topic.id),
                Err((code, why)) => (result.error_code, result.error_message) = (code.code(), message(why)),
            }
            responses.push(result);
        }
        DeleteTopicsResponse { throttle_time_ms: 0, responses }
    }

    /// Topics that are named by their name and by their id: they are not deleted.
    fn named_doubly<'a>(
        &self,
        asked: impl Iterator<Item = &'a (Option<Str>, Uuid)> + Clone,
    ) -> BTreeSet<Uuid> {
        let image = self.quorum.image();
        let ids: BTreeSet<Uuid> = asked.clone().filter(|one| one.0.is_none()).map(|one| one.1).collect();
        let named = asked.filter_map(|one| Some(image.topic(one.0.as_deref()?)?.id));
        named.filter(|id| ids.contains(id)).collect()
    }

    async fn delete_topic(
        self: &Arc<Self>,
        name: Option<&Str>,
        id: Uuid,
    ) -> Result<TopicImage, (ErrorCode, &'static str)> {
        let decide = |image: &Image| {
            let found = name.map_or_else(|| image.topic_by_id(id), |name| image.topic(name)).cloned();
            (found.iter().flat_map(controller::delete_topic).collect(), found)
        };
        let deleted = self.quorum.command(|image, _, _| decide(image)).await;
        let unknown = match name {
            Some(_) => {
                (ErrorCode::UnknownTopicOrPartition, "This server does not host this topic-partition.")
            }
            None => (ErrorCode::UnknownTopicId, "This server does not host this topic ID."),
        };
        let deleted =
            deleted.map_err(|code| (code, "The metadata log cannot be written."))?.ok_or(unknown)?;
        self.clone().forget_offsets_of(deleted.name.to_string()).await;
        Ok(deleted)
    }

    pub(super) async fn create_partitions(
        &self,
        request: &CreatePartitionsRequest,
    ) -> CreatePartitionsResponse {
        let twice = repeated(request.topics.iter().map(|t| &t.name));
        // Kafka's controller is late for all of them, unless there is nothing for it to do.
        if request.timeout_ms <= 0 && request.topics.iter().any(|t| !twice.contains(&t.name)) {
            let late = |topic: &CreatePartitionsTopic| CreatePartitionsTopicResult {
                name: topic.name.clone(),
                error_code: ErrorCode::RequestTimedOut.code(),
                error_message: None,
            };
            let results = request.topics.iter().map(late).collect();
            return CreatePartitionsResponse { throttle_time_ms: 0, results };
        }
        let mut results = Vec::new();
        for name in &twice {
            let (error_code, error_message) =
                (ErrorCode::InvalidRequest.code(), message("Duplicate topic name."));
            results.push(CreatePartitionsTopicResult { name: name.clone(), error_code, error_message });
        }
        for topic in request.topics.iter().filter(|t| !twice.contains(&t.name)) {
            let refusal = self.grow(topic, request.validate_only).await.err();
            let code = refusal.as_ref().map_or(ErrorCode::None, |r| r.code).code();
            let why = refusal.map(|r| r.message).filter(|why| !why.is_empty());
            results.push(CreatePartitionsTopicResult {
                name: topic.name.clone(),
                error_code: code,
                error_message: why.and_then(message),
            });
        }
        CreatePartitionsResponse { throttle_time_ms: 0, results }
    }

    async fn grow(&self, topic: &CreatePartitionsTopic, validate_only: bool) -> Result<(), Refusal> {
        let given: Option<Vec<Vec<i32>>> =
            topic.assignments.as_ref().map(|a| a.iter().map(|a| a.broker_ids.clone()).collect());
        let decide = |image: &Image| match controller::create_partitions(
            image,
            &topic.name,
            topic.count,
            given.as_deref(),
        ) {
            Ok(records) => (if validate_only { Vec::new() } else { records }, Ok(())),
            Err(refusal) => (Vec::new(), Err(refusal)),
        };
        let failed =
            |code: ErrorCode| Refusal { code, message: "The metadata log cannot be written.".into() };
        self.quorum.command(|image, _, _| decide(image)).await.map_err(failed)?
    }

    pub(super) async fn delete_records(&self, request: &DeleteRecordsRequest) -> DeleteRecordsResponse {
        let mut moved = false;
        let mut topics = Vec::new();
        // A partition that stands more than once counts once, with its last offset.
        let mut wanted: Vec<(&Str, Vec<(i32, i64)>)> = Vec::new();
        for topic in &request.topics {
            for p in &topic.partitions {
                let at = wanted.iter().position(|(name, _)| *name == &topic.name).unwrap_or_else(|| {
                    wanted.push((&topic.name, Vec::new()));
                    wanted.len() - 1
                });
                let partitions = &mut wanted[at].1;
                match partitions.iter_mut().find(|(index, _)| *index == p.partition_index) {
                    Some((_, offset)) => *offset = p.offset,
                    None => partitions.push((p.partition_index, p.offset)),
                }
            }
        }
        for (name, wanted) in wanted {
            let mut partitions = Vec::new();
            for (index, offset) in wanted {
                let result = self.delete_partition_records(name, index, offset);
                moved |= result.is_ok();
                let (low_watermark, error_code) =
                    result.map_or_else(|code| (-1, code.code()), |start| (start, 0));
                partitions.push(DeleteRecordsPartitionResult {
                    partition_index: index,
                    low_watermark,
                    error_code,
                });
            }
            topics.push(DeleteRecordsTopicResult { name: name.clone(), partitions });
        }
        // A start that a crash could move back would bring deleted records back.
        if moved && !self.replicas.checkpoint_starts().await {
            for partition in topics.iter_mut().flat_map(|t| &mut t.partitions).filter(|p| p.error_code == 0) {
                (partition.low_watermark, partition.error_code) = (-1, ErrorCode::KafkaStorageError.code());
            }
        }
        DeleteRecordsResponse { throttle_time_ms: 0, topics }
    }

    fn delete_partition_records(&self, topic: &str, index: i32, offset: i64) -> Result<i64, ErrorCode> {
        let partition = self.find_here(topic, index)?;
        if is_internal(topic) {
            return Err(ErrorCode::InvalidTopicException);
        }
        let config = partition.config().ok_or(ErrorCode::KafkaStorageError)?;
        if config.compact && !config.delete {
            return Err(ErrorCode::PolicyViolation);
        }
        partition.delete_records(offset).map(|start| start.0)
    }
}
