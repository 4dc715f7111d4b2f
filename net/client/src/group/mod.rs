//! The group consumer: it shares topics with the other members of its group, by the classic protocol or by the
//! consumer protocol (KIP-848).
//!
//! ```text
//! poll ─► join ─► its partitions ─► positions ─► fetch, fetch, ...
//!          ▲                                      │  the coordinator says: rebalance, or: who are you?
//!          └────────── commit, give up ◄──────────┘
//! ```
//!
//! Everything happens in [`GroupConsumer::poll`]: heartbeats, rebalances, automatic commits. Who does not poll within
//! the session's time is given up by the group.

mod classic;
mod incremental;

use std::{collections::BTreeMap, time::Duration};

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    types::{Mono, Uuid},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            offset_commit::{
                OffsetCommitRequest, OffsetCommitResponse,
                request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic},
            },
            offset_fetch::{OffsetFetchRequest, OffsetFetchResponse, request::OffsetFetchRequestTopic},
        },
    },
    wire::Str,
};

use crate::{
    Client, ClientError,
    assignor::{Assignor, Partitions},
    backoff::Backoff,
    check,
    consumer::{At, Consumer, ConsumerConfig, ConsumerRecord, Position},
    coordinator::Coordinator,
};

/// The last versions that name topics by their names.
const COMMIT: (ApiKey, i16) = (ApiKey::OffsetCommit, 9);
const FETCH: (ApiKey, i16) = (ApiKey::OffsetFetch, 7);

/// How members and coordinator agree on who reads what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// One of the members assigns; all stop for it.
    #[default]
    Classic,
    /// The coordinator assigns; each gives up only what goes to another.
    Consumer,
}

/// How a member behaves.
#[derive(Clone, Debug)]
pub struct GroupConfig {
    /// The group.
    pub group: String,
    /// The topics that it reads.
    pub topics: Vec<String>,
    /// It also reads every topic whose whole name this regular expression matches. Only with the consumer protocol.
    pub pattern: Option<String>,
    /// The protocol.
    pub protocol: Protocol,
    /// `group.instance.id`: a member that comes back under it within its session keeps its partitions.
    pub instance: Option<String>,
    /// How the leader shares out, with the classic protocol.
    pub assignor: Assignor,
    /// The coordinator's assignor that it wants, with the consumer protocol; `None` leaves it to the coordinator.
    pub remote_assignor: Option<String>,
    /// The longest time between two polls, with the classic protocol; with the other one the coordinator has it.
    pub session_timeout: Duration,
    /// The longest time that it may take to join a rebalance.
    pub rebalance_timeout: Duration,
    /// Time between two heartbeats; with the consumer protocol the coordinator says it, and this is the longest.
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
            pattern: None,
            protocol: Protocol::Classic,
            instance: None,
            assignor: Assignor::Range,
            remote_assignor: None,
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
    /// What it has shared out, if it leads its generation.
    shared: Option<classic::Shared>,
    assigned: Partitions,
    /// The offsets that were committed last.
    committed: BTreeMap<(String, i32), i64>,
    beat_at: Mono,
    commit_at: Mono,
    news: incremental::News,
    /// The ids of its topics, with the consumer protocol.
    ids: BTreeMap<String, Uuid>,
    backoff: Backoff,
}

impl<E: Env> GroupConsumer<E> {
    /// A member that joins with its first poll.
    pub fn new(client: Client<E>, config: GroupConfig, listener: Listener) -> GroupConsumer<E> {
        let coordinator = Coordinator::new(client.clone(), &config.group);
        let backoff = Backoff::new(client.config());
        GroupConsumer {
            consumer: Consumer::new(client.clone(), config.fetch),
            member: incremental::member_id(&client, config.protocol),
            client,
            config,
            coordinator,
            listener,
            generation: -1,
            is_in: false,
            has_begun: false,
            shared: None,
            assigned: Partitions::new(),
            committed: BTreeMap::new(),
            beat_at: Mono(0),
            commit_at: Mono::NEVER,
            news: incremental::News::default(),
            ids: BTreeMap::new(),
            backoff,
        }
    }

    /// Its id; empty before it has joined.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The generation that it is in, or its member epoch; -1 if it is in none.
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
                // That a group rebalances is no failure.
                if matches!(e, ClientError::Broker(ErrorCode::RebalanceInProgress, _)) {
                    self.backoff.reset();
                }
                let pause = self.backoff.pause(self.client.env().random_u64());
                self.client.env().sleep(pause.min(self.config.fetch.max_wait)).await;
                Ok(Vec::new())
            }
            result => {
                self.backoff.reset();
                result
            }
        }
    }

    /// Does what the group needs of it: heartbeats, commits, positions.
    async fn keep_up(&mut self) -> Result<(), ClientError> {
        match self.config.protocol {
            Protocol::Classic => self.keep_up_classic().await?,
            Protocol::Consumer => self.keep_up_incremental().await?,
        }
        // A commit that fails again and again silences nobody.
        if self.is_in && self.commit_at <= self.client.env().now() {
            self.commit().await?;
        }
        // Tried again by itself: a leader that joined again would make all others do so.
        if self.has_begun { Ok(()) } else { self.begin().await }
    }

    /// The coordinator knows it no more, or in another generation: others may have its partitions.
    fn lost(&mut self, code: ErrorCode) {
        match code {
            ErrorCode::UnknownMemberId if self.config.protocol == Protocol::Classic => {
                self.give_up(false);
                self.generation = -1;
                self.member.clear();
            }
            ErrorCode::UnknownMemberId
            | ErrorCode::FencedMemberEpoch
            | ErrorCode::GroupIdNotFound
            | ErrorCode::IllegalGeneration => {
                self.give_up(false);
                self.generation = -1;
            }
            ErrorCode::FencedInstanceId => self.give_up(false),
            _ => {}
        }
    }

    fn give_up(&mut self, is_revoked: bool) {
        self.is_in = false;
        self.shared = None;
        self.commit_at = Mono::NEVER;
        self.committed.clear();
        self.consumer.unassign();
        let given_up = std::mem::take(&mut self.assigned);
        if !given_up.is_empty() {
            (self.listener)(if is_revoked { Change::Revoked(&given_up) } else { Change::Lost(&given_up) });
        }
    }

    /// Sets the positions that are not set: what the group has committed, or where the configuration says.
    async fn begin(&mut self) -> Result<(), ClientError> {
        let mut topics = Vec::new();
        for (topic, indexes) in &self.assigned {
            let has_none = |index: &&i32| self.consumer.position(topic, **index).is_none();
            let partition_indexes: Vec<i32> = indexes.iter().filter(has_none).copied().collect();
            if !partition_indexes.is_empty() {
                let name = Str::from(topic.as_str());
                topics.push(OffsetFetchRequestTopic { name, partition_indexes });
            }
        }
        self.has_begun = topics.is_empty();
        if self.has_begun {
            return Ok(());
        }
        let request = OffsetFetchRequest {
            group_id: Str::from(self.config.group.as_str()),
            topics: Some(topics),
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
                match partition.committed_offset {
                    offset @ 0.. => {
                        self.committed.insert((topic.name.to_string(), index), offset);
                        let at = At::new(offset, partition.committed_leader_epoch);
                        self.consumer.assign_at(&topic.name, index, at);
                    }
                    _ => self.consumer.assign(&topic.name, index, self.config.from).await?,
                }
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
                let Some(At { offset, epoch, .. }) = self.consumer.at(topic, *index) else { continue };
                let key = (topic.clone(), *index);
                if self.committed.get(&key) == Some(&offset) {
                    continue;
                }
                partitions.push(OffsetCommitRequestPartition {
                    partition_index: *index,
                    committed_offset: offset,
                    committed_leader_epoch: epoch,
                    committed_metadata: Some(Str::new()),
                });
                moved.push((key, offset));
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
        match self.config.protocol {
            Protocol::Classic => self.leave_classic().await?,
            Protocol::Consumer => self.leave_incremental().await?,
        }
        self.give_up(true);
        committed
    }
}

/// Whether the next poll joins, which mends it.
fn is_told_to_rejoin(e: &ClientError) -> bool {
    let ClientError::Broker(code, _) = e else { return false };
    matches!(
        code,
        ErrorCode::RebalanceInProgress
            | ErrorCode::UnknownMemberId
            | ErrorCode::IllegalGeneration
            | ErrorCode::FencedMemberEpoch
            | ErrorCode::StaleMemberEpoch
            | ErrorCode::GroupIdNotFound
            | ErrorCode::UnreleasedInstanceId
    )
}
