//! A consumer of the classic protocol, as clients are written: it joins until it is in, assigns where it leads, syncs, and
//! gives everything back when the group rebalances.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use ottla_core::{
    controller::Image,
    errors::ErrorCode,
    group::{
        messages::{Answer, Identity, Join, Request, Sync},
        subscription::{Named, read_assignment, read_subscription, write_assignment},
    },
    shard::Ticket,
    types::Uuid,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    /// It must join.
    #[default]
    Out,
    /// It must sync.
    Joined,
    In,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Classic {
    pub(crate) id: String,
    pub(crate) topics: BTreeSet<String>,
    pub(crate) waits_for: Option<Ticket>,
    state: State,
    generation: i32,
    /// What it gives, if it leads.
    gives: Vec<(String, Bytes)>,
    has: Named,
}

/// What it says when it joins: version 1, its topics, no user data, and nothing that it has kept.
fn subscription(topics: &BTreeSet<String>) -> Bytes {
    let mut out = vec![0, 1];
    out.extend((topics.len() as i32).to_be_bytes());
    for topic in topics {
        out.extend((topic.len() as i16).to_be_bytes());
        out.extend(topic.as_bytes());
    }
    out.extend((-1i32).to_be_bytes());
    out.extend(0i32.to_be_bytes());
    out.into()
}

/// Everything that anybody reads, in turn to those who read it.
fn assign(members: &[(String, Option<String>, Bytes)], image: &Image) -> Vec<(String, Bytes)> {
    let topics: Vec<BTreeSet<String>> =
        members.iter().map(|m| read_subscription(&m.2).expect("a subscription").topics).collect();
    let mut shares: Vec<Named> = vec![Named::new(); members.len()];
    let all: BTreeSet<&String> = topics.iter().flatten().collect();
    for topic in all.into_iter().filter_map(|name| image.topic(name)) {
        let name = topic.name.to_string();
        let readers: Vec<usize> = (0..members.len()).filter(|at| topics[*at].contains(&name)).collect();
        for index in 0..topic.partitions.len() {
            shares[readers[index % readers.len()]].push((name.clone(), vec![index as i32]));
        }
    }
    members.iter().zip(shares).map(|(m, share)| (m.0.clone(), write_assignment(1, &share))).collect()
}

impl Classic {
    pub(crate) fn new(topics: [&str; 2]) -> Classic {
        Classic { topics: topics.map(str::to_owned).into(), ..Classic::default() }
    }

    pub(crate) fn is_in(&self) -> bool {
        self.state == State::In
    }

    /// What it reads, of topics that there are.
    pub(crate) fn places(&self, image: &Image) -> Vec<(Uuid, i32)> {
        let there = self.has.iter().filter_map(|(topic, indexes)| Some((image.topic(topic)?, indexes)));
        there
            .flat_map(|(topic, indexes)| {
                let exists = |index: &&i32| (**index as usize) < topic.partitions.len();
                indexes.iter().filter(exists).map(|index| (topic.id, *index))
            })
            .collect()
    }

    /// What it asks next; nothing while it waits for an answer.
    pub(crate) fn request(&self, group: &str, new_id: String, image: &Arc<Image>) -> Option<Request> {
        if self.waits_for.is_some() {
            return None;
        }
        let (member, group) = (self.id.clone(), group.to_owned());
        Some(match self.state {
            State::Out => Request::Join(
                group,
                Join {
                    member,
                    instance: None,
                    new_id,
                    client_id: String::new(),
                    client_host: String::new(),
                    session_timeout_ms: 10_000,
                    rebalance_timeout_ms: 5_000,
                    protocol_type: "consumer".into(),
                    protocols: vec![("range".into(), subscription(&self.topics))],
                    knows_member_ids: true,
                    skips_assignment: true,
                    image: image.clone(),
                },
            ),
            State::Joined => Request::Sync(
                group,
                Sync {
                    generation: self.generation,
                    member,
                    instance: None,
                    protocol_type: None,
                    protocol: None,
                    assignments: self.gives.clone(),
                    image: image.clone(),
                },
            ),
            State::In => {
                let identity = Identity { member, instance: None, generation: self.generation };
                Request::Heartbeat(group, identity, image.clone())
            }
        })
    }

    /// Nobody has heard the answer that it waits for: it asks again, or joins again.
    pub(crate) fn lost_answer(&mut self) {
        self.waits_for = None;
    }

    /// A leader looks at the topics from time to time, and joins again where they are others.
    pub(crate) fn topics_changed(&mut self) {
        self.state = State::Out;
        self.has.clear();
    }

    pub(crate) fn hear(&mut self, answer: Answer, image: &Image) {
        self.waits_for = None;
        let code = match answer {
            Answer::Join(joined) => {
                if joined.code == ErrorCode::None || joined.code == ErrorCode::MemberIdRequired {
                    self.id = joined.member;
                }
                if joined.code == ErrorCode::None {
                    (self.state, self.generation) = (State::Joined, joined.generation);
                    let leads = joined.leader == self.id && !joined.skip_assignment;
                    self.gives = if leads { assign(&joined.members, image) } else { Vec::new() };
                }
                joined.code
            }
            Answer::Sync(synced) => {
                if synced.code == ErrorCode::None {
                    self.state = State::In;
                    self.has = read_assignment(&synced.assignment).unwrap_or_default();
                }
                synced.code
            }
            Answer::Heartbeat(code) => code,
            other => panic!("{other:?} is no answer to a member"),
        };
        match code {
            ErrorCode::None => {}
            ErrorCode::UnknownMemberId => {
                *self = Classic { topics: self.topics.clone(), ..Classic::default() }
            }
            // It gives everything back, and joins again.
            _ => {
                self.has.clear();
                self.state = State::Out;
            }
        }
    }
}
