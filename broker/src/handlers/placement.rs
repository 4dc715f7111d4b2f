//! ElectLeaders, AlterPartitionReassignments, ListPartitionReassignments: who leads partitions, and where they are.

use std::collections::BTreeMap;

use ottla_core::{
    controller::{
        Image, Refusal,
        elections::elect,
        partitions::Election,
        reassign::{current, reassign},
        records::Record,
    },
    env::Env,
    errors::ErrorCode,
};
use ottla_net::{
    messages::generated::{
        alter_partition_reassignments::{
            AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse,
            response::{ReassignablePartitionResponse, ReassignableTopicResponse},
        },
        elect_leaders::{
            ElectLeadersRequest, ElectLeadersResponse,
            response::{PartitionResult, ReplicaElectionResult},
        },
        list_partition_reassignments::{
            ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
            response::{OngoingPartitionReassignment, OngoingTopicReassignment},
        },
    },
    wire::Str,
};

use super::message;
use crate::Broker;

/// Kafka's kinds of elections.
const PREFERRED: i8 = 0;
const UNCLEAN: i8 = 1;

/// Decides about one after the other, each by what the ones before it have decided.
fn in_turn<P, T>(
    image: &Image,
    places: &[P],
    mut decide: impl FnMut(&Image, &P) -> Result<Option<Record>, T>,
) -> (Vec<Record>, Vec<Result<(), T>>) {
    let (mut image, mut records) = (image.clone(), Vec::new());
    let one = |place: &P| {
        let record = decide(&image, place)?;
        if let Some(record) = record {
            image.replay(&record);
            records.push(record);
        }
        Ok(())
    };
    let outcomes = places.iter().map(one).collect();
    (records, outcomes)
}

impl<E: Env> Broker<E> {
    pub(super) async fn elect_leaders(
        &self,
        request: &ElectLeadersRequest,
        version: i16,
    ) -> ElectLeadersResponse {
        let mut response = ElectLeadersResponse::default();
        let election = match request.election_type {
            PREFERRED => Election::Preferred,
            _ if version == 0 => Election::Preferred,
            UNCLEAN => Election::Unclean,
            _ => {
                response.error_code = ErrorCode::InvalidRequest.code();
                return response;
            }
        };
        let given = request.topic_partitions.as_ref().map(|topics| {
            let place = |topic: &Str, index: &i32| (topic.to_string(), *index);
            let places = topics.iter().flat_map(|t| t.partitions.iter().map(|index| place(&t.topic, index)));
            places.collect::<Vec<(String, i32)>>()
        });
        let is_all = given.is_none();
        let decided = self.quorum.command(|image, _, _| {
            let places = given.unwrap_or_else(|| all_places(image));
            let (records, outcomes) = in_turn(image, &places, |image, (topic, index)| {
                elect(image, topic, *index, election).map(Some)
            });
            (records, places.into_iter().zip(outcomes).collect::<Vec<_>>())
        });
        let outcomes = match decided.await {
            Ok(outcomes) => outcomes,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        let mut topics: BTreeMap<String, Vec<PartitionResult>> = BTreeMap::new();
        for ((topic, partition_id), outcome) in outcomes {
            let refusal = outcome.err();
            // Of all partitions, those are told that something was to be done for.
            if is_all && refusal.as_ref().is_some_and(|r| r.code == ErrorCode::ElectionNotNeeded) {
                continue;
            }
            let error_code = refusal.as_ref().map_or(ErrorCode::None, |r| r.code).code();
            let error_message = refusal.map(|r| r.message).filter(|why| !why.is_empty()).and_then(message);
            topics.entry(topic).or_default().push(PartitionResult {
                partition_id,
                error_code,
                error_message,
            });
        }
        let result =
            |(topic, partition_result)| ReplicaElectionResult { topic: Str::from(topic), partition_result };
        response.replica_election_results = topics.into_iter().map(result).collect();
        response
    }

    pub(super) async fn alter_partition_reassignments(
        &self,
        request: &AlterPartitionReassignmentsRequest,
    ) -> AlterPartitionReassignmentsResponse {
        let may_change = request.allow_replication_factor_change;
        let mut response = AlterPartitionReassignmentsResponse {
            allow_replication_factor_change: may_change,
            ..Default::default()
        };
        let places: Vec<(Str, i32, Option<Vec<i32>>)> = request
            .topics
            .iter()
            .flat_map(|t| {
                t.partitions.iter().map(|p| (t.name.clone(), p.partition_index, p.replicas.clone()))
            })
            .collect();
        let decided = self.quorum.command(|image, _, _| {
            in_turn(image, &places, |image, (topic, index, target)| {
                reassign(image, topic, *index, target.as_deref(), may_change)
            })
        });
        let outcomes = match decided.await {
            Ok(outcomes) => outcomes,
            Err(code) => {
                response.error_code = code.code();
                return response;
            }
        };
        for ((name, partition_index, _), outcome) in places.iter().zip(outcomes) {
            let refusal = outcome.err();
            let error_code = refusal.as_ref().map_or(ErrorCode::None, |r| r.code).code();
            let answer = ReassignablePartitionResponse {
                partition_index: *partition_index,
                error_code,
                error_message: refusal.and_then(|Refusal { message: why, .. }| message(why)),
            };
            if response.responses.last().is_none_or(|last| last.name != *name) {
                let partitions = Vec::new();
                response.responses.push(ReassignableTopicResponse { name: name.clone(), partitions });
            }
            response.responses.last_mut().expect("it was just made").partitions.push(answer);
        }
        response
    }

    pub(super) async fn list_partition_reassignments(
        &self,
        request: &ListPartitionReassignmentsRequest,
    ) -> ListPartitionReassignmentsResponse {
        let mut response = ListPartitionReassignmentsResponse::default();
        let is_asked = |topic: &str, index: i32| match &request.topics {
            None => true,
            Some(topics) => topics.iter().any(|t| *t.name == *topic && t.partition_indexes.contains(&index)),
        };
        let listed = self.quorum.command(|image, _, _| {
            let mut topics = Vec::new();
            for topic in image.topics() {
                let numbered = topic.partitions.iter().enumerate();
                let asked = numbered.filter(|(index, _)| is_asked(topic.name.as_str(), *index as i32));
                let moving = asked.filter_map(|(index, partition)| {
                    let found = current(partition)?;
                    Some(OngoingPartitionReassignment {
                        partition_index: index as i32,
                        replicas: found.replicas,
                        adding_replicas: found.adding,
                        removing_replicas: found.removing,
                    })
                });
                let partitions: Vec<_> = moving.collect();
                if !partitions.is_empty() {
                    topics.push(OngoingTopicReassignment {
                        name: Str::from(topic.name.to_string()),
                        partitions,
                    });
                }
            }
            (Vec::new(), topics)
        });
        match listed.await {
            Ok(topics) => response.topics = topics,
            Err(code) => response.error_code = code.code(),
        }
        response
    }
}

fn all_places(image: &Image) -> Vec<(String, i32)> {
    let of = |topic: &ottla_core::controller::TopicImage| {
        let name = topic.name.to_string();
        (0..topic.partitions.len() as i32).map(move |index| (name.clone(), index))
    };
    image.topics().flat_map(of).collect()
}
