//! ApiVersions, Metadata, DescribeCluster.

use std::{collections::BTreeSet, time::Duration};

use ottla_core::{
    controller::{BrokerImage, Image, NewTopic, PartitionImage, TopicDefaults, TopicImage},
    env::Env,
    errors::ErrorCode,
    types::{NodeId, TopicName, Uuid, is_internal},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            api_versions::{
                ApiVersionsRequest, ApiVersionsResponse,
                response::{ApiVersion, FinalizedFeatureKey, SupportedFeatureKey},
            },
            describe_cluster::{
                DescribeClusterRequest, DescribeClusterResponse, response::DescribeClusterBroker,
            },
            metadata::{
                MetadataRequest, MetadataResponse,
                request::MetadataRequestTopic,
                response::{MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic},
            },
        },
    },
    wire::Str,
};

use super::{SERVED, message, served, text};
use crate::{Broker, topology::Audience};

/// What everybody may do with a cluster where nothing is forbidden, one bit for each of Kafka's operations: create (5),
/// alter (7), describe (8), cluster action (9), describe and alter configurations (10, 11), idempotent write (12).
const CLUSTER_OPERATIONS: i32 = 1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;
/// The same for a topic: read (3), write (4), create, delete (6), alter, describe, its configurations.
const TOPIC_OPERATIONS: i32 = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11;

/// How long a broker of a cluster listens before it says who leads.
const METADATA_PAUSE: Duration = Duration::from_millis(2);

/// The answer to a version that is not served: which ones are, of this API alone (KIP-511).
pub(super) fn unsupported_api_versions() -> ApiVersionsResponse {
    let rows = SERVED.iter().filter(|row| row.0 == ApiKey::ApiVersions);
    ApiVersionsResponse {
        error_code: ErrorCode::UnsupportedVersion.code(),
        api_keys: rows.map(api_version).collect(),
        ..Default::default()
    }
}

fn api_version((key, min, max): &(ApiKey, i16, i16)) -> ApiVersion {
    ApiVersion { api_key: *key as i16, min_version: *min, max_version: *max }
}

/// Kafka's feature of the consumer protocol, and its level (KIP-848).
const GROUP_VERSION: (&str, i16) = ("group.version", 1);

/// `[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?`, as KIP-511 demands of software names and versions.
fn is_software_name(name: &str) -> bool {
    let plain = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    plain(bytes.first())
        && plain(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

/// Where a broker's clients connect that use this listener.
pub(super) fn host(broker: &BrokerImage, listener: &str) -> (Str, i32) {
    broker.endpoint(listener).map_or((Str::new(), -1), |e| (Str::from(e.host.clone()), e.port as i32))
}

impl<E: Env> Broker<E> {
    pub(super) fn api_versions(
        &self,
        request: &ApiVersionsRequest,
        version: i16,
        audience: Audience,
    ) -> ApiVersionsResponse {
        let named = is_software_name(&request.client_software_name)
            && is_software_name(&request.client_software_version);
        if 3 <= version && !named {
            return ApiVersionsResponse {
                error_code: ErrorCode::InvalidRequest.code(),
                ..Default::default()
            };
        }
        ApiVersionsResponse {
            api_keys: served(audience).iter().map(api_version).collect(),
            supported_features: vec![SupportedFeatureKey {
                name: Str::from(GROUP_VERSION.0.to_owned()),
                min_version: 0,
                max_version: GROUP_VERSION.1,
            }],
            finalized_features_epoch: 0,
            finalized_features: vec![FinalizedFeatureKey {
                name: Str::from(GROUP_VERSION.0.to_owned()),
                max_version_level: GROUP_VERSION.1,
                min_version_level: GROUP_VERSION.1,
            }],
            ..Default::default()
        }
    }

    pub(super) fn describe_cluster(
        &self,
        request: &DescribeClusterRequest,
        listener: &str,
    ) -> DescribeClusterResponse {
        let mut response = DescribeClusterResponse::default();
        let refusal = match request.endpoint_type {
            1 => None,
            2 => Some((
                ErrorCode::MismatchedEndpointType,
                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER",
            )),
            _ => Some((ErrorCode::UnsupportedEndpointType, "Unsupported endpoint type")),
        };
        if let Some((code, why)) = refusal {
            (response.error_code, response.error_message) = (code.code(), message(why));
            return response;
        }
        if request.include_cluster_authorized_operations {
            response.cluster_authorized_operations = CLUSTER_OPERATIONS;
        }
        response.cluster_id = Str::from(self.cluster_id().to_string());
        let image = self.quorum.image();
        response.controller_id = self.controller_told(&image);
        let broker = |b: &BrokerImage| {
            let (host, port) = host(b, listener);
            DescribeClusterBroker {
                broker_id: b.node.0,
                host,
                port,
                rack: b.rack.clone().map(Str::from),
                is_fenced: b.is_fenced,
            }
        };
        let told = image.brokers().filter(|b| !b.is_fenced || request.include_fenced_brokers);
        response.brokers = told.map(broker).collect();
        response
    }

    /// The node that clients are to ask for what the controller decides: any active broker passes it on.
    fn controller_told(&self, image: &Image) -> i32 {
        if image.is_active(self.node.0) {
            return self.node.0;
        }
        image.brokers().find(|b| b.is_active()).map_or(-1, |b| b.node.0)
    }

    pub(super) async fn metadata(
        &self,
        request: &MetadataRequest,
        version: i16,
        listener: &str,
    ) -> MetadataResponse {
        if 1 < self.quorum.image().brokers().count() {
            // Whoever has just lost a leader asks at once who leads now. This broker has lost it too, and is about to
            // hear of it: an answer that knows is worth more than one that is early.
            self.env.sleep(METADATA_PAUSE).await;
        }
        let mut response = MetadataResponse {
            cluster_id: text(self.cluster_id().to_string()),
            controller_id: self.controller_told(&self.quorum.image()),
            ..Default::default()
        };
        let broker = |b: &BrokerImage| {
            let (host, port) = host(b, listener);
            MetadataResponseBroker { node_id: b.node.0, host, port, rack: b.rack.clone().map(Str::from) }
        };
        let asked = request.topics.as_deref().filter(|topics| version != 0 || !topics.is_empty());
        let by_id = asked.unwrap_or_default().iter().any(|t| t.topic_id != Uuid::ZERO);
        if by_id && version < 12 {
            let refused = asked.unwrap_or_default().iter().map(|t| MetadataResponseTopic {
                error_code: ErrorCode::InvalidRequest.code(),
                name: t.name.clone(),
                topic_id: t.topic_id,
                ..Default::default()
            });
            return MetadataResponse {
                topics: refused.collect(),
                cluster_id: None,
                controller_id: -1,
                ..Default::default()
            };
        }
        if !by_id && asked.unwrap_or_default().iter().any(|t| t.name.is_none()) {
            let failed = |t: &MetadataRequestTopic| MetadataResponseTopic {
                error_code: ErrorCode::UnknownServerError.code(),
                name: Some(t.name.clone().unwrap_or_default()),
                topic_id: t.topic_id,
                ..Default::default()
            };
            return MetadataResponse {
                topics: asked.unwrap_or_default().iter().map(failed).collect(),
                cluster_id: None,
                controller_id: -1,
                error_code: ErrorCode::UnknownServerError.code(),
                ..Default::default()
            };
        }
        let mut missing: BTreeSet<Str> = BTreeSet::new();
        {
            let image = self.quorum.image();
            let lost = self.fetchers.lost();
            response.brokers = image.brokers().filter(|b| !b.is_fenced).map(broker).collect();
            match asked {
                None => response.topics = image.topics().map(|t| topic((&image, &lost), t)).collect(),
                Some(asked) => {
                    let mut seen = BTreeSet::new();
                    // Where one is named by its id, names count for nothing.
                    for one in asked.iter().filter(|t| !by_id || t.topic_id != Uuid::ZERO) {
                        let name = one.name.as_ref().filter(|_| !by_id);
                        let first = seen.insert((one.topic_id, name));
                        if first {
                            let found = find((&image, &lost), one.topic_id, name);
                            if found.error_code == ErrorCode::UnknownTopicOrPartition.code() {
                                missing.extend(name.cloned());
                            }
                            response.topics.push(found);
                        }
                    }
                }
            }
        }
        if request.allow_auto_topic_creation
            && self.config.boolean("auto.create.topics.enable")
            && !missing.is_empty()
        {
            self.create_missing(missing).await;
        }
        if request.include_topic_authorized_operations {
            let there = response.topics.iter_mut().filter(|t| t.name.is_some());
            there.for_each(|t| t.topic_authorized_operations = TOPIC_OPERATIONS);
        }
        if request.include_cluster_authorized_operations {
            response.cluster_authorized_operations = CLUSTER_OPERATIONS;
        }
        // Kafka lists ids that it does not know first, and names that are not there last.
        response.topics.sort_by_key(|t| match (t.error_code, &t.name) {
            (0, _) => 1,
            (_, None) => 0,
            (_, Some(_)) => 2,
        });
        response
    }

    /// Makes topics that a client asked for; it is told that they do not exist yet, and asks again.
    async fn create_missing(&self, names: BTreeSet<Str>) {
        let new = |name: &Str| NewTopic {
            name: name.to_string(),
            partitions: -1,
            replication_factor: -1,
            ..NewTopic::default()
        };
        let id = || Uuid::from_random(|| self.env.random_u64());
        let new: Vec<(NewTopic, Uuid)> =
            names.iter().filter(|name| !is_internal(name)).map(|name| (new(name), id())).collect();
        for outcome in self.create_anywhere(new).await {
            if let Err(refusal) = outcome {
                tracing::debug!("creating a topic was refused: {}: {}", refusal.code, refusal.message);
            }
        }
    }

    pub(super) fn topic_defaults(&self) -> TopicDefaults {
        TopicDefaults {
            partitions: self.config.number("num.partitions") as i32,
            replication_factor: self.config.number("default.replication.factor") as i16,
        }
    }
}

/// The metadata, and leaders that this broker has lost.
type Known<'a> = (&'a Image, &'a BTreeSet<NodeId>);

fn find((image, lost): Known<'_>, id: Uuid, name: Option<&Str>) -> MetadataResponseTopic {
    let error = |code: ErrorCode| MetadataResponseTopic {
        error_code: code.code(),
        name: name.cloned(),
        topic_id: id,
        ..Default::default()
    };
    match name {
        Some(name) => match image.topic(name) {
            Some(found) => topic((image, lost), found),
            None if TopicName::new(name).is_err() => error(ErrorCode::InvalidTopicException),
            None => MetadataResponseTopic {
                is_internal: is_internal(name),
                ..error(ErrorCode::UnknownTopicOrPartition)
            },
        },
        None if id == Uuid::ZERO => error(ErrorCode::UnknownServerError),
        None => image
            .topic_by_id(id)
            .map_or_else(|| error(ErrorCode::UnknownTopicId), |found| topic((image, lost), found)),
    }
}

fn topic((image, lost): Known<'_>, topic: &TopicImage) -> MetadataResponseTopic {
    let leader = |p: &PartitionImage| p.leader.filter(|leader| !lost.contains(leader));
    let is_fenced = |node: i32| image.broker(NodeId(node)).is_none_or(|b| b.is_fenced);
    let offline = |p: &PartitionImage| {
        let nodes = p.replicas.iter().copied();
        nodes.filter(|node| is_fenced(*node) || p.damaged.contains(node)).collect()
    };
    let partition = |(index, p): (usize, &PartitionImage)| MetadataResponsePartition {
        error_code: leader(p).map_or(ErrorCode::LeaderNotAvailable, |_| ErrorCode::None).code(),
        partition_index: index as i32,
        leader_id: leader(p).map_or(-1, |leader| leader.0),
        leader_epoch: p.leader_epoch.0,
        replica_nodes: p.replicas.clone(),
        isr_nodes: p.in_sync.clone(),
        offline_replicas: offline(p),
    };
    MetadataResponseTopic {
        name: text(topic.name.as_str()),
        topic_id: topic.id,
        is_internal: is_internal(topic.name.as_str()),
        partitions: topic.partitions.iter().enumerate().map(partition).collect(),
        ..Default::default()
    }
}
