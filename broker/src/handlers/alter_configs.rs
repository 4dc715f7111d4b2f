//! AlterConfigs, IncrementalAlterConfigs: the settings of topics. A broker's come from its file alone.

use std::collections::BTreeSet;

use ottla_core::{
    controller::{self, ConfigChange, Image, Refusal, records::Record, refuse},
    env::Env,
    errors::ErrorCode,
};
use ottla_net::{
    messages::generated::{
        alter_configs::{
            self, AlterConfigsRequest, AlterConfigsResponse,
            request::{AlterConfigsResource as Resource, AlterableConfig as Config},
        },
        incremental_alter_configs::{
            self, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
            request::{AlterConfigsResource as EditedResource, AlterableConfig as Edit},
        },
    },
    wire::Str,
};

use super::{
    configs::{BROKER, TOPIC},
    message,
    topics::warn_of_settings,
};
use crate::Broker;

type Outcome = Result<(), Refusal>;
/// What is asked of one resource: its type, its name, whether the request is well formed, and what is to be done.
type Asked<'a, T> = (i8, &'a Str, Outcome, &'a [T]);

impl<E: Env> Broker<E> {
    pub(super) async fn alter_configs(&self, request: &AlterConfigsRequest) -> AlterConfigsResponse {
        use alter_configs::response::AlterConfigsResourceResponse;
        let asked = request.resources.iter().map(|resource| {
            let values = resource.configs.iter().map(|config| (&config.name, config.value.is_none()));
            (resource.resource_type, &resource.resource_name, well_formed(values), &resource.configs[..])
        });
        let decide = |image: &Image, topic: &str, configs: &[Config]| {
            let value = |c: &Config| (c.name.to_string(), c.value.as_deref().unwrap_or_default().to_owned());
            let configs: Vec<(String, String)> = configs.iter().map(value).collect();
            controller::replace_configs(image, topic, &configs)
        };
        let outcomes = self.alter(&asked.collect::<Vec<_>>(), request.validate_only, decide).await;
        let response = |(resource, (error_code, error_message)): (&Resource, (i16, Option<Str>))| {
            let (resource_type, resource_name) = (resource.resource_type, resource.resource_name.clone());
            AlterConfigsResourceResponse { error_code, error_message, resource_type, resource_name }
        };
        let responses = request.resources.iter().zip(outcomes.into_iter().map(told)).map(response).collect();
        AlterConfigsResponse { throttle_time_ms: 0, responses }
    }

    pub(super) async fn incremental_alter_configs(
        &self,
        request: &IncrementalAlterConfigsRequest,
    ) -> IncrementalAlterConfigsResponse {
        use incremental_alter_configs::response::AlterConfigsResourceResponse;
        let asked = request.resources.iter().map(|resource| {
            let lacks = |config: &Edit| config.config_operation != DELETE && config.value.is_none();
            let values = resource.configs.iter().map(|config| (&config.name, lacks(config)));
            (resource.resource_type, &resource.resource_name, well_formed(values), &resource.configs[..])
        });
        let decide = |image: &Image, topic: &str, configs: &[Edit]| {
            let changes: Vec<(String, ConfigChange)> =
                configs.iter().map(change).collect::<Result<_, _>>()?;
            controller::alter_configs(image, topic, &changes)
        };
        let outcomes = self.alter(&asked.collect::<Vec<_>>(), request.validate_only, decide).await;
        let response = |(resource, (error_code, error_message)): (&EditedResource, (i16, Option<Str>))| {
            let (resource_type, resource_name) = (resource.resource_type, resource.resource_name.clone());
            AlterConfigsResourceResponse { error_code, error_message, resource_type, resource_name }
        };
        let responses = request.resources.iter().zip(outcomes.into_iter().map(told)).map(response).collect();
        IncrementalAlterConfigsResponse { throttle_time_ms: 0, responses }
    }

    /// Lets the controller decide about one resource after the other, each by itself.
    async fn alter<T>(
        &self,
        asked: &[Asked<'_, T>],
        validate_only: bool,
        decide: impl Fn(&Image, &str, &[T]) -> Result<Vec<Record>, Refusal>,
    ) -> Vec<Outcome> {
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<(i8, &Str)> =
            asked.iter().map(|(kind, name, ..)| (*kind, *name)).filter(|one| !seen.insert(*one)).collect();
        let decided = self.quorum.command(|image, _, _| {
            let mut records = Vec::new();
            let one = |(kind, name, well_formed, configs): &Asked<'_, T>| {
                if twice.contains(&(*kind, *name)) {
                    return refuse(ErrorCode::InvalidRequest, "Each resource must appear at most once.");
                }
                well_formed.clone()?;
                self.check_resource(*kind, name)?;
                let decided = decide(image, name, configs)?;
                if !validate_only {
                    let set = decided.iter().filter_map(|record| match record {
                        Record::TopicConfig(config) if config.value.is_some() => Some(config.name.as_str()),
                        _ => None,
                    });
                    warn_of_settings(name, set);
                    records.extend(decided);
                }
                Ok(())
            };
            let outcomes = asked.iter().map(one).collect();
            (records, outcomes)
        });
        decided.await.unwrap_or_else(|code| asked.iter().map(|_| refuse(code, "")).collect())
    }

    fn check_resource(&self, kind: i8, name: &Str) -> Outcome {
        match kind {
            TOPIC => Ok(()),
            BROKER => refuse(
                ErrorCode::InvalidRequest,
                format!(
                    "Settings of a broker («{name}») are read when it starts: change its file, and start it again"
                ),
            ),
            other => refuse(ErrorCode::InvalidRequest, format!("Unknown resource type {other}")),
        }
    }
}

/// Whether each setting stands once, and none of them lacks its value.
fn well_formed<'a>(values: impl Iterator<Item = (&'a Str, bool)> + Clone) -> Outcome {
    let mut seen = BTreeSet::new();
    if !values.clone().all(|(name, _)| seen.insert(name)) {
        return refuse(ErrorCode::InvalidRequest, "Error due to duplicate config keys");
    }
    let lacking: Vec<&str> = values.filter(|(_, lacks)| *lacks).map(|(name, _)| &**name).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    refuse(ErrorCode::InvalidRequest, format!("Null value not supported for : {}", lacking.join(",")))
}

const DELETE: i8 = 1;

fn change(config: &Edit) -> Result<(String, ConfigChange), Refusal> {
    let value = || config.value.as_deref().unwrap_or_default().to_owned();
    let change = match config.config_operation {
        0 => ConfigChange::Set(value()),
        DELETE => ConfigChange::Delete,
        2 => ConfigChange::Append(value()),
        3 => ConfigChange::Subtract(value()),
        // Kafka has nothing to say of it.
        _ => return refuse(ErrorCode::UnknownServerError, ""),
    };
    Ok((config.name.to_string(), change))
}

fn told(outcome: Outcome) -> (i16, Option<Str>) {
    match outcome {
        Ok(()) => (0, None),
        Err(refusal) if refusal.message.is_empty() => (refusal.code.code(), None),
        Err(refusal) => (refusal.code.code(), message(refusal.message)),
    }
}
