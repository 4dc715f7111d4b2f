//! A member of the consumer protocol: it says what it reads and what it has, the coordinator what it may have
//! (KIP-848). What goes to another is committed and given up first; what is new comes once others have given it up.

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    types::{Mono, Uuid},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::consumer_group_heartbeat::{
            ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, request::TopicPartitions,
            response::Assignment,
        },
    },
    wire::Str,
};

use super::{Change, GroupConsumer, Protocol};
use crate::{Client, ClientError, assignor::Partitions, check};

/// Only version 1: this client draws its members' ids.
const HEARTBEAT: (ApiKey, i16) = (ApiKey::ConsumerGroupHeartbeat, 1);
/// Epochs that say that a member leaves.
const LEAVES: i32 = -1;
const LEAVES_FOR_A_WHILE: i32 = -2;

/// What the coordinator has not heard yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum News {
    /// Nothing.
    None,
    /// What the member has now.
    Owned,
    /// All: it joins, or an answer was lost.
    #[default]
    All,
}

/// The id of a new member: with this protocol it is the member's own.
pub(super) fn member_id<E: Env>(client: &Client<E>, protocol: Protocol) -> String {
    match protocol {
        Protocol::Classic => String::new(),
        Protocol::Consumer => Uuid::from_random(|| client.env().random_u64()).to_string(),
    }
}

impl<E: Env> GroupConsumer<E> {
    /// Joins, beats if it is time to or there is something to say, and does as it is told.
    pub(super) async fn keep_up_incremental(&mut self) -> Result<(), ClientError> {
        let is_due = self.beat_at <= self.client.env().now() || self.news != News::None;
        if self.is_in && !is_due { Ok(()) } else { self.say().await }
    }

    async fn say(&mut self) -> Result<(), ClientError> {
        if !self.is_in {
            self.news = News::All;
        }
        let says_all = self.news == News::All;
        let topics = || self.config.topics.iter().map(|topic| Str::from(topic.as_str())).collect();
        let owned = match self.news {
            News::None => None,
            News::Owned | News::All => Some(self.owned()),
        };
        let request = ConsumerGroupHeartbeatRequest {
            member_epoch: if self.is_in { self.generation } else { 0 },
            rebalance_timeout_ms: match says_all {
                true => self.config.rebalance_timeout.as_millis() as i32,
                false => -1,
            },
            subscribed_topic_names: says_all.then(topics),
            subscribed_topic_regex: self.config.pattern.as_deref().filter(|_| says_all).map(Str::from),
            server_assignor: self.config.remote_assignor.as_deref().filter(|_| says_all).map(Str::from),
            topic_partitions: owned,
            ..self.request()
        };
        // Until the answer is there, it may be lost.
        self.news = News::All;
        let answer = self.ask(&request).await?;
        if answer.error_code != 0 {
            self.lost(ErrorCode::from_code(answer.error_code));
            return check(answer.error_code, answer.error_message.as_ref());
        }
        let now = self.client.env().now();
        let told = std::time::Duration::from_millis(answer.heartbeat_interval_ms.max(0) as u64);
        self.beat_at = now + told.min(self.config.heartbeat_interval);
        if !self.is_in {
            self.commit_at = self.config.auto_commit.map_or(Mono::NEVER, |every| now + every);
            (self.is_in, self.has_begun) = (true, false);
        }
        self.generation = answer.member_epoch;
        self.news = News::None;
        match &answer.assignment {
            Some(assignment) => self.reconcile(assignment).await,
            None => Ok(()),
        }
    }

    fn request(&self) -> ConsumerGroupHeartbeatRequest {
        ConsumerGroupHeartbeatRequest {
            group_id: Str::from(self.config.group.as_str()),
            member_id: Str::from(self.member.as_str()),
            instance_id: self.config.instance.as_deref().map(Str::from),
            ..Default::default()
        }
    }

    async fn ask(
        &mut self,
        request: &ConsumerGroupHeartbeatRequest,
    ) -> Result<ConsumerGroupHeartbeatResponse, ClientError> {
        let within = self.client.config().request_timeout;
        let code = |answer: &ConsumerGroupHeartbeatResponse| answer.error_code;
        self.coordinator.ask(HEARTBEAT, request, within, code).await
    }

    /// What it has, by ids.
    fn owned(&self) -> Vec<TopicPartitions> {
        let of = |(topic, partitions): (&String, &Vec<i32>)| {
            // It was assigned by its id.
            let topic_id = self.ids.get(topic).copied().unwrap_or(Uuid::ZERO);
            TopicPartitions { topic_id, partitions: partitions.clone() }
        };
        self.assigned.iter().map(of).collect()
    }

    /// Gives up what it is to have no more, and takes what is new.
    async fn reconcile(&mut self, assignment: &Assignment) -> Result<(), ClientError> {
        let mut target = Partitions::new();
        // It asks for all again until all are known.
        self.news = News::All;
        for topic in &assignment.topic_partitions {
            // One that is gone, or not known everywhere yet, is told again.
            let Some(name) = self.client.topic_name(topic.topic_id).await? else { continue };
            self.ids.insert(name.clone(), topic.topic_id);
            target.insert(name, topic.partitions.clone());
        }
        let (gone, new) = (less(&self.assigned, &target), less(&target, &self.assigned));
        if !gone.is_empty() {
            if self.config.auto_commit.is_some() {
                // If that fails, others read again what was not committed.
                let _ = self.commit().await;
            }
            if !self.is_in {
                return Ok(());
            }
            for (topic, index) in pairs(&gone) {
                self.consumer.unassign_one(topic, index);
                self.committed.remove(&(topic.to_owned(), index));
            }
            self.assigned = less(&self.assigned, &gone);
            (self.listener)(Change::Revoked(&gone));
        }
        if !new.is_empty() {
            self.has_begun = false;
            for (topic, index) in pairs(&new) {
                let known = self.assigned.entry(topic.to_owned()).or_default();
                known.push(index);
                known.sort_unstable();
            }
            (self.listener)(Change::Assigned(&new));
        }
        let are_known = target.len() == assignment.topic_partitions.len();
        self.news = match (are_known, gone.is_empty() && new.is_empty()) {
            (false, _) => News::All,
            (true, false) => News::Owned,
            (true, true) => News::None,
        };
        Ok(())
    }

    pub(super) async fn leave_incremental(&mut self) -> Result<(), ClientError> {
        if !self.is_in {
            return Ok(());
        }
        let member_epoch = match self.config.instance {
            Some(_) => LEAVES_FOR_A_WHILE,
            None => LEAVES,
        };
        let request = ConsumerGroupHeartbeatRequest { member_epoch, ..self.request() };
        let answer = self.ask(&request).await?;
        check(answer.error_code, answer.error_message.as_ref())
    }
}

fn pairs(partitions: &Partitions) -> impl Iterator<Item = (&str, i32)> {
    partitions.iter().flat_map(|(topic, indexes)| indexes.iter().map(|index| (topic.as_str(), *index)))
}

/// The partitions of `all` that are not in `others`.
fn less(all: &Partitions, others: &Partitions) -> Partitions {
    let mut left = Partitions::new();
    for (topic, index) in pairs(all) {
        let is_other = others.get(topic).is_some_and(|indexes| indexes.contains(&index));
        if !is_other {
            left.entry(topic.to_owned()).or_default().push(index);
        }
    }
    left
}
