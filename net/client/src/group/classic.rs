//! A member of the classic protocol: it joins, the leader assigns, all sync (KIP-62, KIP-345).

use std::{collections::BTreeMap, time::Duration};

use ottla_core::{env::Env, errors::ErrorCode, types::Mono};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            heartbeat::{HeartbeatRequest, HeartbeatResponse},
            join_group::{JoinGroupRequest, JoinGroupResponse, request::JoinGroupRequestProtocol},
            leave_group::{LeaveGroupRequest, LeaveGroupResponse, request::MemberIdentity},
            sync_group::{SyncGroupRequest, SyncGroupResponse, request::SyncGroupRequestAssignment},
        },
    },
    wire::Str,
};

use super::{Change, GroupConsumer};
use crate::{
    Client, ClientError,
    assignor::{self, Assignor, Partitions},
    check,
};

const JOIN: (ApiKey, i16) = (ApiKey::JoinGroup, 9);
const SYNC: (ApiKey, i16) = (ApiKey::SyncGroup, 5);
const HEARTBEAT: (ApiKey, i16) = (ApiKey::Heartbeat, 4);
/// How long the leader waits for a topic that is not there, or a broker that does not answer.
const LOOK_SOON: Duration = Duration::from_secs(1);
const LEAVE: (ApiKey, i16) = (ApiKey::LeaveGroup, 5);

impl<E: Env> GroupConsumer<E> {
    /// Joins if it is in no generation; beats if it is time to.
    pub(super) async fn keep_up_classic(&mut self) -> Result<(), ClientError> {
        if self.is_in && self.beat_at <= self.client.env().now() {
            self.beat().await?;
        }
        if self.is_in && self.shared.as_ref().is_some_and(|shared| shared.look_at <= self.client.env().now())
        {
            self.look_for_partitions().await;
        }
        if self.is_in { Ok(()) } else { self.join().await }
    }

    /// The leader joins again where there are other partitions than it has shared out.
    async fn look_for_partitions(&mut self) {
        let Some(shared) = &mut self.shared else { return };
        let mut now = Counts::new();
        for topic in shared.counts.keys() {
            // Who cannot ask now asks again.
            let Ok(count) = partitions(&self.client, topic).await else { break };
            now.insert(topic.clone(), count);
        }
        let has_asked = now.len() == shared.counts.len();
        shared.look_at = self.client.env().now() + if has_asked { look_again(&now) } else { LOOK_SOON };
        if has_asked && now != shared.counts {
            self.told(ErrorCode::RebalanceInProgress).await;
        }
    }

    async fn beat(&mut self) -> Result<(), ClientError> {
        let request = HeartbeatRequest {
            group_id: Str::from(self.config.group.as_str()),
            generation_id: self.generation,
            member_id: Str::from(self.member.as_str()),
            group_instance_id: self.config.instance.as_deref().map(Str::from),
        };
        let within = self.client.config().request_timeout;
        let code = |answer: &HeartbeatResponse| answer.error_code;
        let answer = self.coordinator.ask(HEARTBEAT, &request, within, code).await?;
        self.beat_at = self.client.env().now() + self.config.heartbeat_interval;
        let told = check(answer.error_code, None);
        if let Err(ClientError::Broker(code, _)) = &told {
            self.told(*code).await;
        }
        told
    }

    /// The coordinator has refused: what is to be done before the next try.
    async fn told(&mut self, code: ErrorCode) {
        match code {
            ErrorCode::RebalanceInProgress => {
                // Still a member: what was done can be committed before others go on from there.
                if self.config.auto_commit.is_some() {
                    // If that fails, others read again what was not committed.
                    let _ = self.commit().await;
                }
                self.give_up(true);
            }
            code => self.lost(code),
        }
    }

    async fn join(&mut self) -> Result<(), ClientError> {
        let topics = assignor::subscription(&self.config.topics);
        let request = JoinGroupRequest {
            group_id: Str::from(self.config.group.as_str()),
            session_timeout_ms: self.config.session_timeout.as_millis() as i32,
            rebalance_timeout_ms: self.config.rebalance_timeout.as_millis() as i32,
            member_id: Str::from(self.member.as_str()),
            group_instance_id: self.config.instance.as_deref().map(Str::from),
            protocol_type: Str::from_static("consumer"),
            protocols: vec![JoinGroupRequestProtocol {
                name: Str::from(self.config.assignor.name()),
                metadata: topics,
            }],
            reason: None,
        };
        let within = self.config.rebalance_timeout + self.client.config().request_timeout;
        let code = |answer: &JoinGroupResponse| answer.error_code;
        let joined = self.coordinator.ask(JOIN, &request, within, code).await?;
        match ErrorCode::from_code(joined.error_code) {
            ErrorCode::None => {}
            ErrorCode::MemberIdRequired => {
                self.member = joined.member_id.to_string();
                return Err(ClientError::Broker(ErrorCode::RebalanceInProgress, String::new()));
            }
            code => {
                self.told(code).await;
                return check(joined.error_code, None);
            }
        }
        self.member = joined.member_id.to_string();
        self.generation = joined.generation_id;
        self.shared = None;
        let mut assignments = Vec::new();
        if joined.leader == joined.member_id {
            let (shares, counts) = share_out(&self.client, self.config.assignor, &joined).await?;
            // A static leader that came back looks for partitions, and leaves what is assigned as it is (KIP-814).
            assignments = if joined.skip_assignment { Vec::new() } else { shares };
            let look_at = self.client.env().now() + look_again(&counts);
            self.shared = Some(Shared { counts, look_at });
        }
        self.sync(&joined, assignments).await
    }

    async fn sync(
        &mut self,
        joined: &JoinGroupResponse,
        assignments: Vec<SyncGroupRequestAssignment>,
    ) -> Result<(), ClientError> {
        let request = SyncGroupRequest {
            group_id: Str::from(self.config.group.as_str()),
            generation_id: self.generation,
            member_id: Str::from(self.member.as_str()),
            group_instance_id: self.config.instance.as_deref().map(Str::from),
            protocol_type: Some(Str::from_static("consumer")),
            protocol_name: joined.protocol_name.clone(),
            assignments,
        };
        let within = self.config.rebalance_timeout + self.client.config().request_timeout;
        let code = |answer: &SyncGroupResponse| answer.error_code;
        let synced = self.coordinator.ask(SYNC, &request, within, code).await?;
        if synced.error_code != 0 {
            self.told(ErrorCode::from_code(synced.error_code)).await;
            return check(synced.error_code, None);
        }
        self.assigned = assignor::assigned(&synced.assignment)?;
        let now = self.client.env().now();
        self.beat_at = now + self.config.heartbeat_interval;
        self.commit_at = self.config.auto_commit.map_or(Mono::NEVER, |every| now + every);
        (self.is_in, self.has_begun) = (true, false);
        (self.listener)(Change::Assigned(&self.assigned));
        Ok(())
    }

    pub(super) async fn leave_classic(&mut self) -> Result<(), ClientError> {
        if self.config.instance.is_some() || self.member.is_empty() {
            return Ok(());
        }
        let member = Str::from(self.member.as_str());
        let identity = MemberIdentity { member_id: member.clone(), group_instance_id: None, reason: None };
        let request = LeaveGroupRequest {
            group_id: Str::from(self.config.group.as_str()),
            member_id: member,
            members: vec![identity],
        };
        let within = self.client.config().request_timeout;
        let code = |answer: &LeaveGroupResponse| answer.error_code;
        let left = self.coordinator.ask(LEAVE, &request, within, code).await?;
        check(left.error_code, None)
    }
}

/// How many partitions topics have: none, if they are not there yet.
type Counts = BTreeMap<String, i32>;

/// What the leader has shared out, and when it asks whether that is all.
pub(super) struct Shared {
    counts: Counts,
    look_at: Mono,
}

/// When the leader asks again (`metadata.max.age.ms`); soon, where a topic is not there.
fn look_again(counts: &Counts) -> Duration {
    if counts.values().any(|count| *count == 0) { LOOK_SOON } else { Duration::from_secs(300) }
}

async fn partitions<E: Env>(client: &Client<E>, topic: &str) -> Result<i32, ClientError> {
    match client.refresh(&[topic]).await {
        Ok(_) => Ok(client.topic(topic).await?.leaders.len() as i32),
        Err(ClientError::Broker(ErrorCode::UnknownTopicOrPartition, _)) => Ok(0),
        // What passes says nothing about them.
        Err(e) if e.is_retriable() => Err(e),
        Err(ClientError::Broker(..)) => Ok(0),
        Err(e) => Err(e),
    }
}

/// What the leader does: asks what partitions there are, and gives each member its own.
async fn share_out<E: Env>(
    client: &Client<E>,
    assignor: Assignor,
    joined: &JoinGroupResponse,
) -> Result<(Vec<SyncGroupRequestAssignment>, Counts), ClientError> {
    let mut members = BTreeMap::new();
    for member in &joined.members {
        members.insert(member.member_id.to_string(), crate::assignor::subscribed(&member.metadata)?);
    }
    let mut counts = Counts::new();
    for topic in members.values().flatten() {
        if !counts.contains_key(topic) {
            let count = match partitions(client, topic).await {
                // Its leaders are not there yet, say: it is looked for again soon.
                Err(ClientError::Broker(..)) => 0,
                count => count?,
            };
            counts.insert(topic.clone(), count);
        }
    }
    let shares = assignor.assign(&members, &counts);
    let assignment = |(member, partitions): (&String, &Partitions)| SyncGroupRequestAssignment {
        member_id: Str::from(member.as_str()),
        assignment: crate::assignor::assignment(partitions),
    };
    Ok((shares.iter().map(assignment).collect(), counts))
}
