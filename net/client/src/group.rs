//! The group consumer: it shares topics with the other members of its group (classic protocol, KIP-62, KIP-345).
//!
//! ```text
//! poll ─► join ─► sync ─► positions ─► fetch, fetch, ...
//!          ▲                            │  the coordinator says: rebalance, or: who are you?
//!          └──── commit, give up ◄──────┘
//! ```
//!
//! Everything happens in [`GroupConsumer::poll`]: heartbeats, rebalances, automatic commits. Who does not poll within
//! the session's time is given up by the group.

use std::{collections::BTreeMap, time::Duration};

use ottla_core::{env::Env, errors::ErrorCode, types::Mono};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            heartbeat::{HeartbeatRequest, HeartbeatResponse},
            join_group::{JoinGroupRequest, JoinGroupResponse, request::JoinGroupRequestProtocol},
            leave_group::{LeaveGroupRequest, LeaveGroupResponse, request::MemberIdentity},
            offset_commit::{
                OffsetCommitRequest, OffsetCommitResponse,
                request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic},
            },
            offset_fetch::{OffsetFetchRequest, OffsetFetchResponse, request::OffsetFetchRequestTopic},
            sync_group::{SyncGroupRequest, SyncGroupResponse, request::SyncGroupRequestAssignment},
        },
    },
    wire::Str,
};

use crate::{
    Client, ClientError,
    assignor::{self, Assignor, Partitions},
    check,
    consumer::{Consumer, ConsumerConfig, ConsumerRecord, Position},
    coordinator::Coordinator,
};

/// The last versions that name topics by their names.
const COMMIT: (ApiKey, i16) = (ApiKey::OffsetCommit, 9);
const FETCH: (ApiKey, i16) = (ApiKey::OffsetFetch, 7);
const JOIN: (ApiKey, i16) = (ApiKey::JoinGroup, 9);
const SYNC: (ApiKey, i16) = (ApiKey::SyncGroup, 5);
const HEARTBEAT: (ApiKey, i16) = (ApiKey::Heartbeat, 4);
const LEAVE: (ApiKey, i16) = (ApiKey::LeaveGroup, 5);

/// How a member behaves.
#[derive(Clone, Debug)]
pub struct GroupConfig {
    /// The group.
    pub group: String,
    /// The topics that it reads.
    pub topics: Vec<String>,
    /// `group.instance.id`: a member that comes back under it within its session keeps its partitions.
    pub instance: Option<String>,
    /// How the leader shares out.
    pub assignor: Assignor,
    /// The longest time between two polls.
    pub session_timeout: Duration,
    /// The longest time that it may take to join a rebalance.
    pub rebalance_timeout: Duration,
    /// Time between two heartbeats.
    pub heartbeat_interval: Duration,
    /// Time between two automatic commits of what earlier polls returned; `None` leaves commits to the caller.
    pub auto_commit: Option<Duration>,
    /// Where a partition begins for which nothing was committed.
    pub from: Position,
    /// How it fetches.
    pub fetch: ConsumerConfig,
}

impl GroupConfig {
    /// A member with the defaults of Kafka's clients that begins at the earliest records.
    pub fn new(group: &str, topics: &[&str]) -> GroupConfig {
        GroupConfig {
            group: group.to_owned(),
            topics: topics.iter().map(|t| (*t).to_owned()).collect(),
            instance: None,
            assignor: Assignor::Range,
            session_timeout: Duration::from_secs(45),
            rebalance_timeout: Duration::from_secs(300),
            heartbeat_interval: Duration::from_secs(3),
            auto_commit: Some(Duration::from_secs(5)),
            from: Position::Earliest,
            fetch: ConsumerConfig::default(),
        }
    }
}

/// What happens to a member's partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// They are its own from now on.
    Assigned(&'a Partitions),
    /// They are about to go to somebody else: what was done can still be committed.
    Revoked(&'a Partitions),
    /// They went to somebody else already.
    Lost(&'a Partitions),
}

/// Called at every change of a member's partitions.
pub type Listener = Box<dyn FnMut(Change<'_>) + Send>;

/// A member of a group.
pub struct GroupConsumer<E: Env> {
    client: Client<E>,
    config: GroupConfig,
    consumer: Consumer<E>,
    coordinator: Coordinator<E>,
    listener: Listener,
    member: String,
    generation: i32,
    is_in: bool,
    /// Its positions are set.
    has_begun: bool,
    assigned: Partitions,
    /// The offsets that were committed last.
    committed: BTreeMap<(String, i32), i64>,
    beat_at: Mono,
    commit_at: Mono,
}

impl<E: Env> GroupConsumer<E> {
    /// A member that joins with its first poll.
    pub fn new(client: Client<E>, config: GroupConfig, listener: Listener) -> GroupConsumer<E> {
        let coordinator = Coordinator::new(client.clone(), &config.group);
        GroupConsumer {
            consumer: Consumer::new(client.clone(), config.fetch),
            client,
            config,
            coordinator,
            listener,
            member: String::new(),
            generation: -1,
            is_in: false,
            has_begun: false,
            assigned: Partitions::new(),
            committed: BTreeMap::new(),
            beat_at: Mono(0),
            commit_at: Mono::NEVER,
        }
    }

    /// Its id; empty before it has joined.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The generation that it is in; -1 if it is in none.
    pub fn generation(&self) -> i32 {
        self.generation
    }

    /// Whether it is in a generation; while the group rebalances it is in none.
    pub fn is_in(&self) -> bool {
        self.is_in && self.has_begun
    }

    /// Its partitions.
    pub fn assignment(&self) -> &Partitions {
        &self.assigned
    }

    /// The offset of the next record that one of its partitions will give.
    pub fn position(&self, topic: &str, partition: i32) -> Option<i64> {
        self.consumer.position(topic, partition)
    }

    /// The next records. Those of earlier polls count as done: automatic commits cover them. Empty if none came
    /// within the configured wait, or while the group rebalances.
    ///
    /// # Errors
    /// What another try does not mend: the group refuses the member, or a partition cannot be read.
    pub async fn poll(&mut self) -> Result<Vec<ConsumerRecord>, ClientError> {
        self.poll_up_to(usize::MAX).await
    }

    /// At most `max` of the next records; the others come with the next poll.
    ///
    /// # Errors
    /// As [`GroupConsumer::poll`].
    pub async fn poll_up_to(&mut self, max: usize) -> Result<Vec<ConsumerRecord>, ClientError> {
        let result = match self.keep_up().await {
            Ok(()) if self.assigned.is_empty() => {
                self.client.env().sleep(self.config.fetch.max_wait).await;
                Ok(Vec::new())
            }
            Ok(()) => self.consumer.poll_up_to(max).await,
            Err(e) => Err(e),
        };
        match result {
            Err(e) if e.is_retriable() || is_told_to_rejoin(&e) => {
                self.client.env().sleep(self.client.config().retry_backoff).await;
                Ok(Vec::new())
            }
            result => result,
        }
    }

    /// Joins if it is in no generation; beats and commits if it is time to.
    async fn keep_up(&mut self) -> Result<(), ClientError> {
        let now = self.client.env().now();
        if self.is_in && self.commit_at <= now {
            self.commit().await?;
        }
        if self.is_in && self.beat_at <= now {
            self.beat().await?;
        }
        if !self.is_in {
            self.join().await?;
        }
        // Tried again by itself: a leader that joined again would make all others do so.
        if self.has_begun { Ok(()) } else { self.begin().await }
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

    /// The coordinator knows it no more, or in another generation: others may have its partitions.
    fn lost(&mut self, code: ErrorCode) {
        match code {
            ErrorCode::UnknownMemberId => {
                self.give_up(false);
                self.generation = -1;
                self.member.clear();
            }
            ErrorCode::IllegalGeneration => {
                self.give_up(false);
                self.generation = -1;
            }
            ErrorCode::FencedInstanceId => self.give_up(false),
            _ => {}
        }
    }

    fn give_up(&mut self, is_revoked: bool) {
        self.is_in = false;
        self.commit_at = Mono::NEVER;
        self.committed.clear();
        self.consumer.unassign();
        let given_up = std::mem::take(&mut self.assigned);
        if !given_up.is_empty() {
            (self.listener)(if is_revoked { Change::Revoked(&given_up) } else { Change::Lost(&given_up) });
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
        let leads = joined.leader == joined.member_id && !joined.skip_assignment;
        let assignments = match leads {
            true => share_out(&self.client, self.config.assignor, &joined).await?,
            false => Vec::new(),
        };
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

    /// Sets the positions: what the group has committed, or where the configuration says.
    async fn begin(&mut self) -> Result<(), ClientError> {
        self.consumer.unassign();
        self.committed.clear();
        let topic = |(topic, indexes): (&String, &Vec<i32>)| OffsetFetchRequestTopic {
            name: Str::from(topic.as_str()),
            partition_indexes: indexes.clone(),
        };
        let request = OffsetFetchRequest {
            group_id: Str::from(self.config.group.as_str()),
            topics: Some(self.assigned.iter().map(topic).collect()),
            require_stable: true,
            ..Default::default()
        };
        let within = self.client.config().request_timeout;
        let code = |answer: &OffsetFetchResponse| answer.error_code;
        let fetched = self.coordinator.ask(FETCH, &request, within, code).await?;
        check(fetched.error_code, None)?;
        for topic in &fetched.topics {
            for partition in &topic.partitions {
                check(partition.error_code, None)?;
                let index = partition.partition_index;
                let position = match partition.committed_offset {
                    offset @ 0.. => {
                        self.committed.insert((topic.name.to_string(), index), offset);
                        Position::Offset(offset)
                    }
                    _ => self.config.from,
                };
                self.consumer.assign(&topic.name, index, position).await?;
            }
        }
        self.has_begun = true;
        Ok(())
    }

    /// Commits the position of every partition: what polls have returned is done.
    ///
    /// # Errors
    /// The coordinator cannot be reached, or the member is none any more: others may have its partitions.
    pub async fn commit(&mut self) -> Result<(), ClientError> {
        if !self.is_in {
            return Err(ClientError::Broker(ErrorCode::RebalanceInProgress, "it is in no generation".into()));
        }
        let mut topics = Vec::new();
        let mut moved = Vec::new();
        for (topic, indexes) in &self.assigned {
            let mut partitions = Vec::new();
            for index in indexes {
                let Some(position) = self.consumer.position(topic, *index) else { continue };
                let key = (topic.clone(), *index);
                if self.committed.get(&key) == Some(&position) {
                    continue;
                }
                partitions.push(OffsetCommitRequestPartition {
                    partition_index: *index,
                    committed_offset: position,
                    committed_leader_epoch: -1,
                    committed_metadata: Some(Str::new()),
                });
                moved.push((key, position));
            }
            if !partitions.is_empty() {
                topics.push(OffsetCommitRequestTopic {
                    name: Str::from(topic.as_str()),
                    partitions,
                    ..Default::default()
                });
            }
        }
        if let Some(every) = self.config.auto_commit {
            self.commit_at = self.client.env().now() + every;
        }
        if topics.is_empty() {
            return Ok(());
        }
        let request = OffsetCommitRequest {
            group_id: Str::from(self.config.group.as_str()),
            generation_id_or_member_epoch: self.generation,
            member_id: Str::from(self.member.as_str()),
            group_instance_id: self.config.instance.as_deref().map(Str::from),
            topics,
            ..Default::default()
        };
        let within = self.client.config().request_timeout;
        let first = |answer: &OffsetCommitResponse| {
            let mut codes = answer.topics.iter().flat_map(|t| &t.partitions).map(|p| p.error_code);
            codes.find(|code| *code != 0).unwrap_or(0)
        };
        let answer = self.coordinator.ask(COMMIT, &request, within, first).await?;
        self.lost(ErrorCode::from_code(first(&answer)));
        check(first(&answer), None)?;
        self.committed.extend(moved);
        Ok(())
    }

    /// Leaves the group: what was done is committed if commits are automatic. A static member stays in the group
    /// until its session ends, and may come back.
    ///
    /// # Errors
    /// The coordinator cannot be reached, or refuses: the session ends by time.
    pub async fn leave(mut self) -> Result<(), ClientError> {
        let is_automatic = self.config.auto_commit.is_some() && self.is_in;
        let committed = if is_automatic { self.commit().await } else { Ok(()) };
        if self.config.instance.is_none() && !self.member.is_empty() {
            let member = Str::from(self.member.as_str());
            let identity =
                MemberIdentity { member_id: member.clone(), group_instance_id: None, reason: None };
            let request = LeaveGroupRequest {
                group_id: Str::from(self.config.group.as_str()),
                member_id: member,
                members: vec![identity],
            };
            let within = self.client.config().request_timeout;
            let code = |answer: &LeaveGroupResponse| answer.error_code;
            let left = self.coordinator.ask(LEAVE, &request, within, code).await?;
            check(left.error_code, None)?;
        }
        self.give_up(true);
        committed
    }
}

/// Whether the next poll joins, which mends it.
fn is_told_to_rejoin(e: &ClientError) -> bool {
    let ClientError::Broker(code, _) = e else { return false };
    matches!(code, ErrorCode::RebalanceInProgress | ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration)
}

/// What the leader does: asks what partitions there are, and gives each member its own.
async fn share_out<E: Env>(
    client: &Client<E>,
    assignor: Assignor,
    joined: &JoinGroupResponse,
) -> Result<Vec<SyncGroupRequestAssignment>, ClientError> {
    let mut members = BTreeMap::new();
    for member in &joined.members {
        members.insert(member.member_id.to_string(), crate::assignor::subscribed(&member.metadata)?);
    }
    let mut counts = BTreeMap::new();
    for topic in members.values().flatten() {
        if !counts.contains_key(topic) {
            // One that is not there yet has no partitions.
            let count = match client.refresh(&[topic]).await {
                Ok(_) => client.topic(topic).await?.leaders.len(),
                Err(ClientError::Broker(..)) => 0,
                Err(e) => return Err(e),
            };
            counts.insert(topic.clone(), count as i32);
        }
    }
    let shares = assignor.assign(&members, &counts);
    let assignment = |(member, partitions): (&String, &Partitions)| SyncGroupRequestAssignment {
        member_id: Str::from(member.as_str()),
        assignment: crate::assignor::assignment(partitions),
    };
    Ok(shares.iter().map(assignment).collect())
}
