//! AlterConfigs, IncrementalAlterConfigs: the settings of topics. A broker's come from its file alone.

use std::collections::BTreeSet;

use ottla_core::{
    controller::{self, ConfigChange, Image, Refusal, records::Record},
    env::Env,
    errors::ErrorCode,
};
use ottla_net::{
    messages::generated::{
        alter_configs::{self, AlterConfigsRequest, AlterConfigsResponse},
        incremental_alter_configs::{self, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse},
    },
    wire::Str,
};

use super::{
    configs::{BROKER, TOPIC},
    message,
};
use crate::Broker;

type Outcome = Result<(), Refusal>;
/// What is asked of one resource: its type, its name, and what is to be done, unless that can be refused at once.
type Asked<T> = (i8, Str, Result<T, Refusal>);

fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code, message: message.into() })
}

impl<E: Env> Broker<E> {
    pub(super) async fn alter_configs(&self, request: &AlterConfigsRequest) -> AlterConfigsResponse {
        let asked = request.resources.iter().map(|resource| {
            let nulls = names(resource.configs.iter().filter(|c| c.value.is_none()).map(|c| &c.name));
            let value = |c: &alter_configs::request::AlterableConfig| {
                (c.name.to_string(), c.value.as_deref().unwrap_or_default().to_owned())
            };
            let configs: Vec<(String, String)> = resource.configs.iter().map(value).collect();
            let mut seen = BTreeSet::new();
            let asked = if !resource.configs.iter().all(|config| seen.insert(&config.name)) {
                refuse(ErrorCode::InvalidRequest, "Error due to duplicate config keys")
            } else if nulls.is_empty() {
                Ok(configs)
            } else {
                refuse(ErrorCode::InvalidRequest, format!("Null value not supported for : {nulls}"))
            };
            (resource.resource_type, resource.resource_name.clone(), asked)
        });
        let (asked, validate_only) = (asked.collect::<Vec<_>>(), request.validate_only);
        let outcomes = self
            .alter(&asked, validate_only, |image, topic, configs| {
                controller::replace_configs(image, topic, configs)
            })
            .await;
        let response = |((resource_type, resource_name, _), outcome): (Asked<_>, Outcome)| {
            let (error_code, error_message) = told(outcome);
            alter_configs::response::AlterConfigsResourceResponse {
                error_code,
                error_message,
                resource_type,
                resource_name,
            }
        };
        let responses = asked.into_iter().zip(outcomes).map(response).collect();
        AlterConfigsResponse { throttle_time_ms: 0, responses }
    }

    pub(super) async fn incremental_alter_configs(
        &self,
        request: &IncrementalAlterConfigsRequest,
    ) -> IncrementalAlterConfigsResponse {
        let asked = request.resources.iter().map(|resource| {
            (resource.resource_type, resource.resource_name.clone(), changes(&resource.configs))
        });
        let (asked, validate_only) = (asked.collect::<Vec<_>>(), request.validate_only);
        let outcomes = self
            .alter(&asked, validate_only, |image, topic, changes| {
                controller::alter_configs(image, topic, changes)
            })
            .await;
        let response = |((resource_type, resource_name, _), outcome): (Asked<_>, Outcome)| {
            let (error_code, error_message) = told(outcome);
            incremental_alter_configs::response::AlterConfigsResourceResponse {
                error_code,
                error_message,
                resource_type,
                resource_name,
            }
        };
        let responses = asked.into_iter().zip(outcomes).map(response).collect();
        IncrementalAlterConfigsResponse { throttle_time_ms: 0, responses }
    }

    /// Lets the controller decide about one resource after the other, each by itself.
    async fn alter<T>(
        &self,
        asked: &[Asked<T>],
        validate_only: bool,
        decide: impl Fn(&Image, &str, &T) -> Result<Vec<Record>, Refusal>,
    ) -> Vec<Outcome> {
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<(i8, &Str)> =
            asked.iter().map(|(kind, name, _)| (*kind, name)).filter(|one| !seen.insert(*one)).collect();
        let decided = self.quorum.command(|image, _, _| {
            let mut records = Vec::new();
            let one = |(kind, name, what): &Asked<T>| {
                if twice.contains(&(*kind, name)) {
                    return refuse(ErrorCode::InvalidRequest, "Each resource must appear at most once.");
                }
                // What is wrong in any resource is told before what is wrong with this one's kind.
                let wrong = what.as_ref().err().filter(|refusal| refusal.code == ErrorCode::InvalidRequest);
                wrong.map_or(Ok(()), |refusal| Err(refusal.clone()))?;
                self.check_resource(*kind, name)?;
                let what = what.as_ref().map_err(Clone::clone)?;
                let decided = decide(image, name, what)?;
                if !validate_only {
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

/// What is to be done to the settings of one resource.
fn changes(
    configs: &[incremental_alter_configs::request::AlterableConfig],
) -> Result<Vec<(String, ConfigChange)>, Refusal> {
    const DELETE: i8 = 1;
    let mut seen = BTreeSet::new();
    if !configs.iter().all(|config| seen.insert(&config.name)) {
        return refuse(ErrorCode::InvalidRequest, "Error due to duplicate config keys");
    }
    let lacks = |c: &&incremental_alter_configs::request::AlterableConfig| {
        c.config_operation != DELETE && c.value.is_none()
    };
    let nulls = names(configs.iter().filter(lacks).map(|c| &c.name));
    if !nulls.is_empty() {
        return refuse(ErrorCode::InvalidRequest, format!("Null value not supported for : {nulls}"));
    }
    let change = |c: &incremental_alter_configs::request::AlterableConfig| {
        let value = || c.value.as_deref().unwrap_or_default().to_owned();
        let change = match c.config_operation {
            0 => ConfigChange::Set(value()),
            DELETE => ConfigChange::Delete,
            2 => ConfigChange::Append(value()),
            3 => ConfigChange::Subtract(value()),
            _ => return refuse(ErrorCode::UnknownServerError, ""),
        };
        Ok((c.name.to_string(), change))
    };
    configs.iter().map(change).collect()
}

fn names<'a>(names: impl Iterator<Item = &'a Str>) -> String {
    names.map(|name| &**name).collect::<Vec<&str>>().join(",")
}

fn told(outcome: Outcome) -> (i16, Option<Str>) {
    match outcome {
        Ok(()) => (0, None),
        // Kafka has nothing to say of an operation that it does not know.
        Err(refusal) if refusal.message.is_empty() => (refusal.code.code(), None),
        Err(refusal) => (refusal.code.code(), message(refusal.message)),
    }
}
