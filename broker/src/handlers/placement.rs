//! ElectLeaders, AlterPartitionReassignments, ListPartitionReassignments: who leads partitions, and where they are.

use ottla_core::{
    controller::{
        Image, Refusal, TopicImage,
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
            request::{ReassignablePartition, ReassignableTopic},
            response::{ReassignablePartitionResponse, ReassignableTopicResponse},
        },
        elect_leaders::{
            ElectLeadersRequest, ElectLeadersResponse,
            request::TopicPartitions,
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
        let entries = |topics: &Vec<TopicPartitions>| -> Vec<(Str, Vec<i32>)> {
            topics.iter().map(|t| (t.topic.clone(), t.partitions.clone())).collect()
        };
        let given = request.topic_partitions.as_ref().map(entries);
        if given.as_ref().is_some_and(Vec::is_empty) {
            return ElectLeadersResponse::default();
        }
        let election = match election_of(request, version) {
            Ok(election) => election,
            Err(refusal) => return no_election(given.unwrap_or_default(), &refusal),
        };
        let is_all = given.is_none();
        let decided = self.quorum.command(|image, _, _| {
            let entries = given.clone().unwrap_or_else(|| all_entries(image));
            let (records, outcomes) = in_turn(image, &places(&entries), |image, (topic, index)| {
                elect(image, topic, *index, election).map(Some)
            });
            (records, (entries, outcomes))
        });
        let (entries, outcomes) = match decided.await {
            Ok(decided) => decided,
            Err(code) => {
                let refusal = Refusal { code, message: String::new() };
                return no_election(given.unwrap_or_default(), &refusal);
            }
        };
        let mut outcomes = outcomes.into_iter();
        let mut result = |partition_id: i32| {
            let refusal = outcomes.next()?.err();
            // Of all partitions, those are told that something was to be done for.
            let is_told = !is_all || refusal.as_ref().is_none_or(|r| r.code != ErrorCode::ElectionNotNeeded);
            is_told.then(|| partition_result(partition_id, refusal.as_ref()))
        };
        let topic = |(topic, indexes): (Str, Vec<i32>)| ReplicaElectionResult {
            topic,
            partition_result: indexes.into_iter().filter_map(&mut result).collect(),
        };
        ElectLeadersResponse {
            replica_election_results: entries.into_iter().map(topic).collect(),
            ..Default::default()
        }
    }

    pub(super) async fn alter_partition_reassignments(
        &self,
        request: &AlterPartitionReassignmentsRequest,
    ) -> AlterPartitionReassignmentsResponse {
        let may_change = request.allow_replication_factor_change;
        let mut response = AlterPartitionReassignmentsResponse::default();
        if request.topics.is_empty() {
            return response;
        }
        response.error_message = None;
        let of = |t: &ReassignableTopic| {
            let place = |p: &ReassignablePartition| (t.name.clone(), p.partition_index, p.replicas.clone());
            t.partitions.iter().map(place).collect::<Vec<_>>()
        };
        let places: Vec<(Str, i32, Option<Vec<i32>>)> = request.topics.iter().flat_map(of).collect();
        let decided = if request.timeout_ms <= 0 {
            Err(ErrorCode::RequestTimedOut)
        } else {
            let decide = |image: &Image| {
                in_turn(image, &places, |image, (topic, index, target)| {
                    reassign(image, topic, *index, target.as_deref(), may_change)
                })
            };
            self.quorum.command(|image, _, _| decide(image)).await
        };
        if decided.is_ok() {
            response.allow_replication_factor_change = may_change;
        }
        let outcomes = decided.unwrap_or_else(|code| {
            response.error_code = code.code();
            places.iter().map(|_| Err(Refusal { code, message: String::new() })).collect()
        });
        let mut outcomes = outcomes.into_iter().map(Result::err);
        let mut partition = |p: &ReassignablePartition| {
            let refusal = outcomes.next().flatten();
            ReassignablePartitionResponse {
                partition_index: p.partition_index,
                error_code: refusal.as_ref().map_or(ErrorCode::None, |r| r.code).code(),
                error_message: refusal.as_ref().and_then(why),
            }
        };
        let topic = |t: &ReassignableTopic| ReassignableTopicResponse {
            name: t.name.clone(),
            partitions: t.partitions.iter().map(&mut partition).collect(),
        };
        response.responses = request.topics.iter().map(topic).collect();
        response
    }

    pub(super) async fn list_partition_reassignments(
        &self,
        request: &ListPartitionReassignmentsRequest,
    ) -> ListPartitionReassignmentsResponse {
        let mut response = ListPartitionReassignmentsResponse { error_message: None, ..Default::default() };
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

/// What kind of election is asked for.
fn election_of(request: &ElectLeadersRequest, version: i16) -> Result<Election, Refusal> {
    match request.election_type {
        _ if request.timeout_ms <= 0 => {
            Err(Refusal { code: ErrorCode::RequestTimedOut, message: String::new() })
        }
        _ if version == 0 => Ok(Election::Preferred),
        PREFERRED => Ok(Election::Preferred),
        UNCLEAN => Ok(Election::Unclean),
        other => {
            let message = format!("Unknown election type {other}");
            Err(Refusal { code: ErrorCode::InvalidRequest, message })
        }
    }
}

/// Nothing was decided, for one reason that stands at every partition too.
fn no_election(entries: Vec<(Str, Vec<i32>)>, refusal: &Refusal) -> ElectLeadersResponse {
    let result = |(topic, indexes): (Str, Vec<i32>)| ReplicaElectionResult {
        topic,
        partition_result: indexes.into_iter().map(|index| partition_result(index, Some(refusal))).collect(),
    };
    ElectLeadersResponse {
        error_code: refusal.code.code(),
        replica_election_results: entries.into_iter().map(result).collect(),
        ..Default::default()
    }
}

fn partition_result(partition_id: i32, refusal: Option<&Refusal>) -> PartitionResult {
    PartitionResult {
        partition_id,
        error_code: refusal.map_or(ErrorCode::None, |r| r.code).code(),
        error_message: refusal.and_then(why),
    }
}

fn why(refusal: &Refusal) -> Option<Str> {
    if refusal.message.is_empty() { None } else { message(refusal.message.clone()) }
}

fn all_entries(image: &Image) -> Vec<(Str, Vec<i32>)> {
    let of = |topic: &TopicImage| {
        (Str::from(topic.name.to_string()), (0..topic.partitions.len() as i32).collect())
    };
    image.topics().map(of).collect()
}

fn places(entries: &[(Str, Vec<i32>)]) -> Vec<(Str, i32)> {
    let of = |(topic, indexes): &(Str, Vec<i32>)| {
        indexes.iter().map(|index| (topic.clone(), *index)).collect::<Vec<_>>()
    };
    entries.iter().flat_map(of).collect()
}
