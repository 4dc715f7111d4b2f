//! DescribeConfigs: every setting with where its value comes from.

use std::collections::BTreeMap;

use ottla_core::{
    config::{self, BrokerConfig, Kind, Setting, kafka},
    env::Env,
    errors::ErrorCode,
    types::TopicName,
};
use ottla_net::{
    messages::generated::describe_configs::{
        DescribeConfigsRequest, DescribeConfigsResponse,
        request::DescribeConfigsResource,
        response::{DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym},
    },
    wire::Str,
};

use super::{message, text};
use crate::Broker;

/// Where a value comes from, by Kafka's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i8)]
pub(super) enum Source {
    Topic = 1,
    StaticBroker = 4,
    Default = 5,
}

/// A setting with its value.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: String,
    /// Where the value comes from: what CreateTopics tells.
    pub(super) source: Source,
    /// What DescribeConfigs tells: of a value that was given in another unit, that it is the default.
    described_source: Source,
    is_null: bool,
    kind: Kind,
    read_only: bool,
    synonyms: Vec<(String, String, Source)>,
}

/// A topic's settings, in the order of their names.
pub(super) fn topic_configs(broker: &BrokerConfig, overrides: &BTreeMap<String, String>) -> Vec<Entry> {
    let entry = |setting: &Setting| {
        let (fallback, from) = broker.topic_default(setting);
        let own = overrides.get(setting.name);
        let mut synonyms: Vec<_> =
            own.map(|value| (setting.name.to_owned(), value.clone(), Source::Topic)).into_iter().collect();
        if let Some(name) = setting.synonyms.first() {
            synonyms.extend(broker_synonyms(broker, name));
        }
        let default = if from.is_some() { Source::StaticBroker } else { Source::Default };
        let source = if own.is_some() { Source::Topic } else { default };
        let described_source = synonyms.first().map_or(Source::Default, |(_, _, source)| *source);
        let value = own.cloned().unwrap_or(fallback);
        Entry {
            name: setting.name.into(),
            value,
            source,
            described_source,
            is_null: false,
            kind: setting.kind,
            read_only: false,
            synonyms,
        }
    };
    let mut entries: Vec<Entry> = kafka::TOPIC.iter().chain(config::OTTLA_TOPIC).map(entry).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

/// Settings of a broker for one thing in several units; the first that is given wins.
const UNITS: &[&[&str]] = &[
    &["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
    &["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
    &["log.roll.jitter.ms", "log.roll.jitter.hours"],
    &["log.roll.ms", "log.roll.hours"],
];

/// Whether a broker's setting was given, or has another default here than in Kafka.
fn is_changed(broker: &BrokerConfig, name: &str) -> bool {
    broker.given(name).is_some() || broker.get(name) != config::default_of(name)
}

/// Where a broker's setting could have come from: what was given, then the defaults; as Kafka, without those of
/// other units that come before its own.
fn broker_synonyms(broker: &BrokerConfig, name: &'static str) -> Vec<(String, String, Source)> {
    let alone = [name];
    let names = UNITS.iter().find(|units| units.contains(&name)).map_or(&alone[..], |units| units);
    let synonym =
        |name: &str, value: Option<&str>, source| value.map(|v| (name.to_owned(), v.to_owned(), source));
    let given = names
        .iter()
        .filter(|n| is_changed(broker, n))
        .filter_map(|n| synonym(n, broker.get(n), Source::StaticBroker));
    let defaults = names.iter().filter_map(|n| synonym(n, config::default_of(n), Source::Default));
    given.chain(defaults).skip_while(|(first, ..)| first != name).collect()
}

fn broker_configs(broker: &BrokerConfig) -> Vec<Entry> {
    let entry = |setting: &Setting| {
        let value = broker.get(setting.name);
        let source = if is_changed(broker, setting.name) { Source::StaticBroker } else { Source::Default };
        Entry {
            name: setting.name.into(),
            value: value.unwrap_or_default().to_owned(),
            source,
            described_source: source,
            is_null: value.is_none(),
            kind: setting.kind,
            read_only: true,
            synonyms: broker_synonyms(broker, setting.name),
        }
    };
    let mut entries: Vec<Entry> = kafka::BROKER.iter().chain(config::OTTLA_BROKER).map(entry).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

/// Kafka's types of what has settings.
pub(super) const TOPIC: i8 = 2;
pub(super) const BROKER: i8 = 4;

impl<E: Env> Broker<E> {
    pub(super) fn describe_configs(&self, request: &DescribeConfigsRequest) -> DescribeConfigsResponse {
        // Kafka refuses all for one that it does not know.
        let unknown = request.resources.iter().find(|r| !matches!(r.resource_type, TOPIC | BROKER));
        let results = request.resources.iter().map(|resource| {
            let mut result = DescribeConfigsResult {
                resource_type: resource.resource_type,
                resource_name: resource.resource_name.clone(),
                ..Default::default()
            };
            let entries = match unknown {
                Some(unknown) => Err((
                    ErrorCode::InvalidRequest,
                    format!("Unsupported resource type: {}", unknown.resource_type),
                )),
                None => self.entries(resource),
            };
            match entries {
                Ok(entries) => {
                    result.error_message = Some(Str::new());
                    result.configs = entries.iter().map(|e| describe(e, request.include_synonyms)).collect();
                }
                Err((code, why)) => (result.error_code, result.error_message) = (code.code(), message(why)),
            }
            result
        });
        DescribeConfigsResponse { throttle_time_ms: 0, results: results.collect() }
    }

    fn entries(&self, resource: &DescribeConfigsResource) -> Result<Vec<Entry>, (ErrorCode, String)> {
        let name = &resource.resource_name;
        let mut entries = match resource.resource_type {
            TOPIC => {
                TopicName::new(name).map_err(|why| (ErrorCode::InvalidTopicException, why))?;
                let image = self.quorum.image();
                let unknown = || {
                    (ErrorCode::UnknownTopicOrPartition, ErrorCode::UnknownTopicOrPartition.name().to_owned())
                };
                topic_configs(&self.config, &image.topic(name).ok_or_else(unknown)?.configs)
            }
            BROKER if name.parse() == Ok(self.node.0) || name.is_empty() => {
                if name.is_empty() {
                    Vec::new()
                } else {
                    broker_configs(&self.config)
                }
            }
            BROKER => {
                let why = format!(
                    "Unexpected broker id, expected {} or empty string, but received {name}",
                    self.node
                );
                return Err((ErrorCode::InvalidRequest, why));
            }
            other => return Err((ErrorCode::InvalidRequest, format!("Unsupported resource type: {other}"))),
        };
        if let Some(wanted) = resource.configuration_keys.as_ref().filter(|keys| !keys.is_empty()) {
            entries.retain(|e| wanted.iter().any(|w: &Str| **w == e.name));
        }
        Ok(entries)
    }
}

fn describe(entry: &Entry, with_synonyms: bool) -> DescribeConfigsResourceResult {
    // Nobody is told a password.
    let is_sensitive = entry.kind == Kind::Password;
    let synonym = |(name, value, source): &(String, String, Source)| DescribeConfigsSynonym {
        name: Str::from(name.clone()),
        value: if is_sensitive { None } else { text(value.clone()) },
        source: *source as i8,
    };
    DescribeConfigsResourceResult {
        name: Str::from(entry.name.clone()),
        value: if entry.is_null || is_sensitive { None } else { text(entry.value.clone()) },
        read_only: entry.read_only,
        config_source: entry.described_source as i8,
        is_sensitive,
        synonyms: if with_synonyms { entry.synonyms.iter().map(synonym).collect() } else { Vec::new() },
        config_type: match entry.kind {
            Kind::Boolean => 1,
            Kind::String => 2,
            Kind::Int => 3,
            Kind::Short => 4,
            Kind::Long => 5,
            Kind::Double => 6,
            Kind::List => 7,
            Kind::Class => 8,
            Kind::Password => 9,
        },
        documentation: None,
    }
}
