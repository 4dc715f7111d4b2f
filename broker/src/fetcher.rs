//! Followers fetch: one loop for each leader and kind of flush, one request under way in each.
//!
//! A response is appended partition by partition, then synced in one round, and only then is the next fetch sent: what
//! it asks from is what this broker has on disk. So where a follower fetches is its acknowledgement. Partitions that
//! leave durability to the page cache have loops of their own, which wait for no sync.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ottla_client::{ClientError, connection::Connection};
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    planted::is_planted,
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};
use ottla_net::messages::{
    ApiKey,
    generated::fetch::{
        FetchRequest, FetchResponse,
        request::{FetchPartition, FetchTopic, ForgottenTopic, ReplicaState},
        response::PartitionData,
    },
};
use tokio::sync::Notify;

use crate::{
    Broker,
    partition::{Partition, replication::FollowerPosition},
    peers::peer_config,
};

/// A partition, by its topic's id and its number.
type Key = (Uuid, i32);

/// What a leader was told of a partition in the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    from: Offset,
    epoch: LeaderEpoch,
    last_epoch: LeaderEpoch,
    log_start: Offset,
}

impl Told {
    fn of(at: FollowerPosition) -> Told {
        Told { from: at.end, epoch: at.epoch, last_epoch: at.last_epoch, log_start: at.log_start }
    }
}

/// One loop: a leader, and whether its partitions wait for the disk.
pub(crate) struct Fetcher<E: Env> {
    leader: NodeId,
    partitions: Mutex<BTreeMap<Key, Arc<Partition<E>>>>,
    /// What may have to be told anew: added, removed, or moved on.
    dirty: Mutex<BTreeSet<Key>>,
    wake: Notify,
    is_stopped: AtomicBool,
}

/// The loops, by their leader and whether they wait for the disk.
type ByLeader<E> = BTreeMap<(NodeId, bool), Arc<Fetcher<E>>>;

/// All loops of a broker.
pub(crate) struct Fetchers<E: Env> {
    loops: Mutex<ByLeader<E>>,
    /// Leaders whose connection was lost and is not there again.
    lost: Mutex<BTreeSet<NodeId>>,
}

impl<E: Env> Default for Fetchers<E> {
    fn default() -> Self {
        Fetchers { loops: Mutex::default(), lost: Mutex::default() }
    }
}

const NO_PANIC: &str = "a panic under a lock ends the process";
/// The pause after a leader could not be reached, or refused.
const BACKOFF: Duration = Duration::from_millis(50);

impl<E: Env> Fetchers<E> {
    /// From now on a partition is fetched from `leader`, or from nobody.
    pub(crate) fn assign(
        &self,
        broker: &Arc<Broker<E>>,
        partition: &Arc<Partition<E>>,
        leader: Option<NodeId>,
    ) {
        let key = (partition.topic_id, partition.index);
        let syncs = partition.config().is_none_or(|config| config.sync_each());
        let mut fetchers = self.loops.lock().expect(NO_PANIC);
        for (place, fetcher) in fetchers.iter() {
            if leader.map(|leader| (leader, syncs)) != Some(*place) {
                fetcher.remove(&key);
            }
        }
        if let Some(leader) = leader {
            let fetcher = fetchers.entry((leader, syncs)).or_insert_with(|| {
                let fetcher = Arc::new(Fetcher {
                    leader,
                    partitions: Mutex::default(),
                    dirty: Mutex::default(),
                    wake: Notify::new(),
                    is_stopped: AtomicBool::new(false),
                });
                broker.env.spawn("fetch-from-leader", fetcher.clone().run(broker.clone()));
                fetcher
            });
            fetcher.add(key, partition);
        }
        fetchers.retain(|_, fetcher| !fetcher.stop_if_idle());
    }

    /// Leaders that this broker has lost the connection to: whoever asks who leads is told to ask again soon, for
    /// another is about to be elected, or the connection to be made again.
    pub(crate) fn lost(&self) -> BTreeSet<NodeId> {
        self.lost.lock().expect(NO_PANIC).clone()
    }

    /// Ends all of them.
    pub(crate) fn stop(&self) {
        for fetcher in std::mem::take(&mut *self.loops.lock().expect(NO_PANIC)).into_values() {
            fetcher.is_stopped.store(true, Ordering::SeqCst);
            fetcher.wake.notify_one();
        }
    }
}

impl<E: Env> Fetcher<E> {
    fn add(&self, key: Key, partition: &Arc<Partition<E>>) {
        self.partitions.lock().expect(NO_PANIC).insert(key, partition.clone());
        self.dirty.lock().expect(NO_PANIC).insert(key);
        self.wake.notify_one();
    }

    fn remove(&self, key: &Key) {
        if self.partitions.lock().expect(NO_PANIC).remove(key).is_some() {
            self.dirty.lock().expect(NO_PANIC).insert(*key);
            self.wake.notify_one();
        }
    }

    fn stop_if_idle(&self) -> bool {
        let is_idle = self.partitions.lock().expect(NO_PANIC).is_empty();
        if is_idle {
            self.is_stopped.store(true, Ordering::SeqCst);
            self.wake.notify_one();
        }
        is_idle
    }

    fn is_stopped(&self, broker: &Broker<E>) -> bool {
        self.is_stopped.load(Ordering::SeqCst) || broker.stopping.is_cancelled()
    }

    /// Fetches for as long as there is something to fetch from this leader.
    async fn run(self: Arc<Self>, broker: Arc<Broker<E>>) {
        while !self.is_stopped(&broker) {
            if let Err(e) = self.serve_connection(&broker).await {
                broker.fetchers.lost.lock().expect(NO_PANIC).insert(self.leader);
                tracing::debug!(leader = %self.leader, "fetching failed: {e}");
            }
            if !self.is_stopped(&broker) {
                broker.env.sleep(BACKOFF).await;
            }
        }
        broker.fetchers.lost.lock().expect(NO_PANIC).remove(&self.leader);
    }

    /// Fetches over one connection, in one session, until it ends.
    async fn serve_connection(&self, broker: &Arc<Broker<E>>) -> Result<(), ClientError> {
        let image = broker.quorum.image();
        let endpoint = image.broker(self.leader).and_then(|b| b.endpoint(&broker.inter_broker));
        let unknown = || ClientError::Connect(format!("broker {} is not registered", self.leader));
        let endpoint = endpoint.ok_or_else(unknown)?;
        let address = crate::topology::address(&endpoint.host, endpoint.port as u16);
        let within = broker.replication.fetch_timeout;
        let config = peer_config("ottla-replica", within);
        let connection = Connection::open(&broker.env, &address, &config).await?;
        broker.fetchers.lost.lock().expect(NO_PANIC).remove(&self.leader);
        let result = self.fetch_over(broker, &connection).await;
        connection.close();
        result
    }

    async fn fetch_over(
        &self,
        broker: &Arc<Broker<E>>,
        connection: &Arc<Connection<E>>,
    ) -> Result<(), ClientError> {
        let version = connection.version(ApiKey::Fetch)?;
        let mut session = Session::default();
        self.tell_all_anew();
        while !self.is_stopped(broker) {
            let request = self.request(broker, &mut session);
            let within = broker.replication.fetch_timeout;
            let answer = {
                let mut answered =
                    std::pin::pin!(connection.call_within(ApiKey::Fetch, version, &request, within));
                match until(self.wake.notified(), answered.as_mut()).await {
                    Some(answer) => answer,
                    None => {
                        // Another request behind it ends the wait of the first: what is new is told at once.
                        let nudge =
                            ottla_net::messages::generated::api_versions::ApiVersionsRequest::default();
                        connection.post(ApiKey::ApiVersions, 0, &nudge, false)?;
                        answered.await
                    }
                }
            };
            let answer: FetchResponse = answer?;
            if answer.error_code != 0 {
                // The leader has forgotten the session: begin another.
                ottla_client::check(answer.error_code, None).or_else(|e| {
                    let code = ErrorCode::from_code(answer.error_code);
                    let is_forgotten = matches!(
                        code,
                        ErrorCode::FetchSessionIdNotFound | ErrorCode::InvalidFetchSessionEpoch
                    );
                    if is_forgotten { Ok(()) } else { Err(e) }
                })?;
                session = Session::default();
                self.tell_all_anew();
                continue;
            }
            session.answered(answer.session_id);
            self.take_answer(broker, &session, &answer).await;
            if session.id == 0 {
                // The leader keeps no session: everything is told each time.
                session.told.clear();
                self.tell_all_anew();
            }
        }
        Ok(())
    }

    fn tell_all_anew(&self) {
        let all: Vec<Key> = self.partitions.lock().expect(NO_PANIC).keys().copied().collect();
        self.dirty.lock().expect(NO_PANIC).extend(all);
    }

    /// The next request of the session: what has changed since the last.
    fn request(&self, broker: &Broker<E>, session: &mut Session) -> FetchRequest {
        let dirty = std::mem::take(&mut *self.dirty.lock().expect(NO_PANIC));
        let partitions = self.partitions.lock().expect(NO_PANIC);
        let mut topics: BTreeMap<Uuid, Vec<FetchPartition>> = BTreeMap::new();
        let mut forgotten: BTreeMap<Uuid, Vec<i32>> = BTreeMap::new();
        for key in dirty {
            let stands = partitions.get(&key).and_then(|partition| partition.follows(self.leader));
            let Some(at) = stands else {
                if session.told.remove(&key).is_some() {
                    forgotten.entry(key.0).or_default().push(key.1);
                }
                continue;
            };
            let told = Told::of(at);
            if session.told.insert(key, told) == Some(told) {
                continue;
            }
            topics.entry(key.0).or_default().push(FetchPartition {
                partition: key.1,
                current_leader_epoch: told.epoch.0,
                fetch_offset: told.from.0,
                last_fetched_epoch: told.last_epoch.0,
                log_start_offset: told.log_start.0,
                partition_max_bytes: broker.replication.fetch_max_bytes,
                ..FetchPartition::default()
            });
        }
        let topic = |(topic_id, partitions)| FetchTopic { topic_id, partitions, ..FetchTopic::default() };
        let forget =
            |(topic_id, partitions)| ForgottenTopic { topic_id, partitions, ..ForgottenTopic::default() };
        FetchRequest {
            replica_state: ReplicaState { replica_id: broker.node.0, replica_epoch: broker.epoch() },
            max_wait_ms: broker.replication.wait_max_ms,
            min_bytes: broker.replication.min_bytes,
            max_bytes: broker.replication.response_max_bytes,
            session_id: session.id,
            session_epoch: session.epoch,
            topics: topics.into_iter().map(topic).collect(),
            forgotten_topics_data: forgotten.into_iter().map(forget).collect(),
            ..FetchRequest::default()
        }
    }

    /// Appends what came, and waits until all of it is kept.
    async fn take_answer(&self, broker: &Arc<Broker<E>>, session: &Session, answer: &FetchResponse) {
        let mut appended = Vec::new();
        let mut must_pause = false;
        for topic in &answer.responses {
            for data in &topic.partitions {
                let key = (topic.topic_id, data.partition_index);
                let Some(partition) = self.partitions.lock().expect(NO_PANIC).get(&key).cloned() else {
                    continue;
                };
                self.dirty.lock().expect(NO_PANIC).insert(key);
                // What was asked from another place, or in another epoch, says nothing of this one.
                let stands = partition.follows(self.leader).map(Told::of);
                if stands.is_none() || stands.as_ref() != session.told.get(&key) {
                    continue;
                }
                match self.take_partition(broker, &partition, data).await {
                    Ok(Some(end)) => appended.push((partition, end)),
                    Ok(None) => {}
                    Err(code) => {
                        tracing::debug!(
                            "{}-{} cannot be fetched from {}: {code}",
                            partition.topic,
                            partition.index,
                            self.leader
                        );
                        must_pause = true;
                    }
                }
            }
        }
        for (partition, end) in appended {
            if is_planted("fetcher/fetches-before-sync") {
                continue;
            }
            // One that failed is offline, and one that was cut or leads by now is fetched otherwise.
            let _ = partition.kept(end).await;
        }
        if must_pause {
            // Leader and follower hear of their parts at different times.
            until(broker.env.sleep(BACKOFF), self.wake.notified()).await;
        }
    }

    /// Takes what was fetched of one partition; returns where its log ends if something was appended.
    async fn take_partition(
        &self,
        broker: &Arc<Broker<E>>,
        partition: &Arc<Partition<E>>,
        data: &PartitionData,
    ) -> Result<Option<Offset>, ErrorCode> {
        let Some(at) = partition.follows(self.leader) else { return Ok(None) };
        match ErrorCode::from_code(data.error_code) {
            // Its leader is there: until then what is left of a damaged copy is not given away.
            ErrorCode::OffsetOutOfRange if partition.is_damaged() => {
                broker.begin_anew(partition, self.leader).await;
                return Ok(None);
            }
            ErrorCode::None => {}
            // What this log ends with was deleted there; or it is empty, and begins behind that log.
            ErrorCode::OffsetOutOfRange if at.end.0 <= data.log_start_offset || at.last_epoch.0 < 0 => {
                let to = Offset(data.log_start_offset.max(0));
                tracing::info!("{}-{} begins anew at {to}", partition.topic, partition.index);
                return partition.cut_to(at.epoch, to, true).await.map(|()| None);
            }
            code => return Err(code),
        }
        if 0 <= data.diverging_epoch.end_offset {
            let told = &data.diverging_epoch;
            let to = partition.divergence(LeaderEpoch(told.epoch), Offset(told.end_offset));
            let (topic, index) = (&partition.topic, partition.index);
            tracing::info!("{topic}-{index} is cut at {to}: its leader has another log");
            broker.env.trace(format_args!(
                "cut {topic}-{index} at {to}: {at:?}, the leader {}'s epoch {} ends at {}",
                self.leader, told.epoch, told.end_offset
            ));
            return partition.cut_to(at.epoch, to, false).await.map(|()| None);
        }
        let records = data.records.clone().unwrap_or_default();
        let high_watermark = Offset(data.high_watermark);
        broker.env.race("fetched, and not appended").await;
        if let Some(base) = partition.begins_within(&records) {
            // The records before the log's start come with the batch; who asked for the base would be refused.
            tracing::info!("{}-{} begins anew at {base}", partition.topic, partition.index);
            partition.cut_to(at.epoch, base, true).await?;
        }
        let end = partition.append_fetched(at.epoch, &records, high_watermark, broker.env.wall())?;
        partition.follow_log_start(Offset(data.log_start_offset));
        Ok((!records.is_empty()).then_some(end))
    }
}

/// A fetch session, as its client has it (KIP-227).
#[derive(Default)]
struct Session {
    id: i32,
    epoch: i32,
    told: BTreeMap<Key, Told>,
}

impl Session {
    fn answered(&mut self, id: i32) {
        self.epoch = match id {
            0 => 0,
            _ if self.id == id => self.epoch.checked_add(1).unwrap_or(1),
            _ => 1,
        };
        self.id = id;
    }
}

/// How a broker replicates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplicationSettings {
    /// A follower that has not had all of the log for so long is not in sync.
    pub(crate) lag_max: Duration,
    fetch_timeout: Duration,
    fetch_max_bytes: i32,
    response_max_bytes: i32,
    wait_max_ms: i32,
    min_bytes: i32,
}

impl ReplicationSettings {
    pub(crate) fn new(config: &ottla_core::config::BrokerConfig) -> ReplicationSettings {
        let number = |name: &str| config.number(name);
        let wait_max_ms = number("replica.fetch.wait.max.ms") as i32;
        ReplicationSettings {
            lag_max: Duration::from_millis(number("replica.lag.time.max.ms").max(1) as u64),
            fetch_timeout: Duration::from_millis(
                number("replica.socket.timeout.ms").max(wait_max_ms as i64 + 1) as u64,
            ),
            fetch_max_bytes: number("replica.fetch.max.bytes") as i32,
            response_max_bytes: number("replica.fetch.response.max.bytes") as i32,
            wait_max_ms,
            min_bytes: number("replica.fetch.min.bytes") as i32,
        }
    }
}
