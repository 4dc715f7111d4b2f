//! ConsumerGroupHeartbeat, ConsumerGroupDescribe (KIP-848).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ottla_core::{
    controller::Image,
    env::Env,
    errors::ErrorCode,
    group::{
        consumer::{
            Beaten, Heartbeat, Refused,
            stored::{AWAY, Places},
        },
        messages::{Answer, ConsumerDescription, ConsumerMember, Request},
    },
    limits::{GROUP_ANSWER_MAX_BYTES, TOPIC_NAME_MAX_BYTES},
    types::Uuid,
};
use ottla_net::{
    messages::generated::{
        consumer_group_describe::{
            ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse,
            response::{self as described, DescribedGroup, Member},
        },
        consumer_group_heartbeat::{
            ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse,
            response::{Assignment, TopicPartitions},
        },
    },
    wire::Str,
};

use super::{
    group_admin::GROUP_OPERATIONS,
    groups::{Client, kept, unanswered},
    message,
};
use crate::Broker;

/// The first version whose clients draw their members' ids (KIP-1082).
const OWN_MEMBER_IDS: i16 = 1;
/// A member of this protocol, as tools are told; 0 is one of the classic protocol.
const CONSUMER: i8 = 1;
/// The same, of a member of the classic protocol.
const CLASSIC: i8 = 0;

fn refused<T>(code: ErrorCode, why: &str) -> Result<T, Refused> {
    Err(Refused { code, why: why.to_owned() })
}

impl<E: Env> Broker<E> {
    pub(super) async fn consumer_group_heartbeat(
        &self,
        request: &ConsumerGroupHeartbeatRequest,
        client: &Client<'_>,
        version: i16,
    ) -> ConsumerGroupHeartbeatResponse {
        let beaten = match self.check_heartbeat(request, version) {
            Ok(()) => self.beat(request, client).await,
            Err(refused) => Err(refused),
        };
        match beaten {
            Ok(beaten) => ConsumerGroupHeartbeatResponse {
                member_id: Some(Str::from(beaten.member)),
                member_epoch: beaten.epoch,
                heartbeat_interval_ms: beaten.interval_ms,
                assignment: beaten
                    .assignment
                    .map(|places| Assignment { topic_partitions: by_topic(&places) }),
                ..Default::default()
            },
            Err(Refused { code, why }) => ConsumerGroupHeartbeatResponse {
                error_code: code.code(),
                error_message: message(why),
                ..Default::default()
            },
        }
    }

    async fn beat(
        &self,
        request: &ConsumerGroupHeartbeatRequest,
        client: &Client<'_>,
    ) -> Result<Beaten, Refused> {
        let member = match request.member_id.is_empty() {
            true => Uuid::from_random(|| self.env.random_u64()).to_string(),
            false => request.member_id.to_string(),
        };
        let owned = |topic_partitions: &Vec<_>| -> Places {
            let of = |topic: &ottla_net::messages::generated::consumer_group_heartbeat::request::TopicPartitions| {
                let id = topic.topic_id;
                topic.partitions.iter().map(move |index| (id, *index)).collect::<Vec<_>>()
            };
            topic_partitions.iter().flat_map(of).collect()
        };
        let names = |names: &Vec<Str>| names.iter().map(Str::to_string).collect::<BTreeSet<_>>();
        let mut beat = Box::new(Heartbeat {
            member,
            epoch: request.member_epoch,
            instance: kept(&request.instance_id),
            rack: kept(&request.rack_id),
            client_id: kept(&client.header.client_id).unwrap_or_default(),
            client_host: format!("/{}", client.host),
            rebalance_timeout_ms: request.rebalance_timeout_ms,
            topics: request.subscribed_topic_names.as_ref().map(names),
            regex: kept(&request.subscribed_topic_regex),
            assignor: kept(&request.server_assignor),
            owned: request.topic_partitions.as_ref().map(owned),
            classic: None,
            image: Arc::default(),
        });
        let group = request.group_id.to_string();
        // The topics as they are once it is this request's turn: no request is older than the one before it.
        let make = || {
            beat.image = self.quorum.image();
            Request::Consumer(group, beat)
        };
        let asked = match self.coordinator(&request.group_id) {
            Ok(driver) => driver.ask_with(make).await,
            Err(code) => Err(code),
        };
        match asked {
            Ok(Answer::Consumer(answer)) => answer,
            other => refused(unanswered(other), "The coordinator cannot answer now."),
        }
    }

    /// What is wrong with a heartbeat, whatever the group is.
    fn check_heartbeat(&self, request: &ConsumerGroupHeartbeatRequest, version: i16) -> Result<(), Refused> {
        let is_join = request.member_epoch == 0;
        // A static member is known by its instance.
        let needs_id = OWN_MEMBER_IDS <= version || !matches!(request.member_epoch, 0 | AWAY);
        let is_empty = |text: &Option<Str>| text.as_deref() == Some("");
        let reads_nothing =
            request.subscribed_topic_names.is_none() && request.subscribed_topic_regex.is_none();
        let wrong = [
            (request.group_id.is_empty(), "GroupId can't be empty."),
            (needs_id && request.member_id.is_empty(), "MemberId can't be empty."),
            (is_empty(&request.instance_id), "InstanceId can't be empty."),
            (is_empty(&request.rack_id), "RackId can't be empty."),
            (request.member_epoch < AWAY, "MemberEpoch is invalid: give 0 to join, -1 or -2 to leave."),
            (
                request.member_epoch == AWAY && request.instance_id.is_none(),
                "InstanceId can't be null: only a static member leaves for a while.",
            ),
            (
                is_join && request.rebalance_timeout_ms == -1,
                "RebalanceTimeoutMs must be provided in first request.",
            ),
            (
                is_join && request.topic_partitions.as_ref().is_none_or(|owned| !owned.is_empty()),
                "TopicPartitions must be empty when (re-)joining.",
            ),
            (
                is_join && reads_nothing,
                "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.",
            ),
        ];
        if let Some((_, why)) = wrong.iter().find(|(is_wrong, _)| *is_wrong) {
            return refused(ErrorCode::InvalidRequest, why);
        }
        let known = self.groups.assignors();
        match request.server_assignor.as_deref() {
            Some(name) if !known.contains(&name) => {
                let why =
                    format!("ServerAssignor {name} is not supported: give one of {}.", known.join(", "));
                refused(ErrorCode::UnsupportedAssignor, &why)
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn consumer_group_describe(
        &self,
        request: &ConsumerGroupDescribeRequest,
    ) -> ConsumerGroupDescribeResponse {
        let (mut response, mut bytes) = (ConsumerGroupDescribeResponse::default(), 0);
        // What is wrong comes first.
        let (nameless, named): (Vec<&Str>, Vec<&Str>) =
            request.group_ids.iter().partition(|name| name.is_empty());
        for name in nameless.into_iter().chain(named) {
            let found = match bytes {
                _ if name.is_empty() => Err(Refused { code: ErrorCode::InvalidGroupId, why: String::new() }),
                ..=GROUP_ANSWER_MAX_BYTES => self.describe_consumers(name).await,
                _ => refused(ErrorCode::MessageTooLarge, "The answer has no room for more: ask for fewer."),
            };
            let mut group = match found {
                Ok(found) => {
                    bytes += size_of_description(&found);
                    described(*found, &self.quorum.image())
                }
                Err(Refused { code, why }) => DescribedGroup {
                    error_code: code.code(),
                    error_message: message(why).filter(|why| !why.is_empty()),
                    ..DescribedGroup::default()
                },
            };
            group.group_id = name.clone();
            if request.include_authorized_operations && group.error_code == 0 {
                group.authorized_operations = GROUP_OPERATIONS;
            }
            response.groups.push(group);
        }
        response
    }

    async fn describe_consumers(&self, name: &Str) -> Result<Box<ConsumerDescription>, Refused> {
        match self.ask_group(name, Request::DescribeConsumers(name.to_string())).await {
            Ok(Answer::Consumers(found)) => found,
            other => refused(unanswered(other), "The coordinator cannot answer now."),
        }
    }
}

/// Partitions by their topics.
fn grouped(places: &Places) -> BTreeMap<Uuid, Vec<i32>> {
    let mut topics: BTreeMap<Uuid, Vec<i32>> = BTreeMap::new();
    places.iter().for_each(|(id, partition)| topics.entry(*id).or_default().push(*partition));
    topics
}

fn by_topic(places: &Places) -> Vec<TopicPartitions> {
    let topic = |(topic_id, partitions)| TopicPartitions { topic_id, partitions };
    grouped(places).into_iter().map(topic).collect()
}

/// About how much a description takes in an answer, in bytes.
fn size_of_description(found: &ConsumerDescription) -> usize {
    let of = |member: &ConsumerMember| {
        let said = &member.subscription;
        let texts = [Some(&member.id), said.instance.as_ref(), said.rack.as_ref(), Some(&said.client_id)];
        let texts = texts.into_iter().flatten().chain([&said.client_host, &said.regex]).chain(&said.topics);
        let texts: usize = texts.map(|text| size_of::<Str>() + text.len()).sum();
        // A topic's name is long where there is one partition of each.
        let place = size_of::<described::TopicPartitions>() + TOPIC_NAME_MAX_BYTES / 4;
        size_of::<Member>() + texts + place * (member.held.len() + member.target.len())
    };
    found.members.iter().map(of).sum()
}

fn described(found: ConsumerDescription, image: &Image) -> DescribedGroup {
    // A topic that is no more has no name.
    let topics = |places: &Places| {
        let named = grouped(places).into_iter().filter_map(|(topic_id, partitions)| {
            let name = image.topic_by_id(topic_id)?.name.to_string();
            Some(described::TopicPartitions { topic_id, topic_name: Str::from(name), partitions })
        });
        described::Assignment { topic_partitions: named.collect() }
    };
    let member = |member: ConsumerMember| {
        let (assignment, target_assignment) = (topics(&member.held), topics(&member.target));
        let said = member.subscription;
        Member {
            member_id: Str::from(member.id),
            instance_id: said.instance.map(Str::from),
            rack_id: said.rack.map(Str::from),
            member_epoch: member.epoch,
            client_id: Str::from(said.client_id),
            client_host: Str::from(said.client_host),
            subscribed_topic_names: said.topics.into_iter().map(Str::from).collect(),
            subscribed_topic_regex: Some(Str::from(said.regex)),
            assignment,
            target_assignment,
            member_type: if said.classic.is_some() { CLASSIC } else { CONSUMER },
        }
    };
    DescribedGroup {
        group_state: Str::from(found.state.to_owned()),
        group_epoch: found.epoch,
        assignment_epoch: found.target_epoch,
        assignor_name: Str::from(found.assignor.to_owned()),
        members: found.members.into_iter().map(member).collect(),
        ..DescribedGroup::default()
    }
}
