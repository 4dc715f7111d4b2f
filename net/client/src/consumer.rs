//! The simple consumer: assigned partitions, positions that the caller may set, fetch sessions. Every leader of what
//! is assigned has a connection and a fetch of its own, so that none waits for another.

use std::{
    collections::{BTreeMap, VecDeque},
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    limits::DECOMPRESSED_SIZE_MAX_BYTES,
    record::{BatchView, batch, compression},
    types::{Mono, Uuid},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::fetch::{
            FetchRequest, FetchResponse,
            request::{FetchPartition, FetchTopic, ForgottenTopic},
        },
    },
    wire::Str,
};

use tokio::sync::oneshot;

use crate::{
    Client, ClientError,
    connection::{Connection, decode},
};

/// How a consumer behaves.
#[derive(Clone, Copy, Debug)]
pub struct ConsumerConfig {
    /// The broker answers once it has so many bytes, ...
    pub min_bytes: i32,
    /// ... or after so long.
    pub max_wait: Duration,
    /// Most bytes of one answer.
    pub max_bytes: i32,
    /// Most bytes of one partition in one answer.
    pub partition_max_bytes: i32,
    /// A position that is out of range goes to the start, not to the end.
    pub reset_to_earliest: bool,
    /// Checksums are verified.
    pub check_crcs: bool,
}

impl Default for ConsumerConfig {
    fn default() -> Self {
        ConsumerConfig {
            min_bytes: 1,
            max_wait: Duration::from_millis(500),
            max_bytes: 50 * 1024 * 1024,
            partition_max_bytes: 1024 * 1024,
            reset_to_earliest: true,
            check_crcs: true,
        }
    }
}

/// A record as it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerRecord {
    /// The topic.
    pub topic: Str,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
    /// The epoch of the leader that appended it.
    pub leader_epoch: i32,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// The key.
    pub key: Option<Bytes>,
    /// The value.
    pub value: Option<Bytes>,
    /// The headers.
    pub headers: Vec<(Bytes, Option<Bytes>)>,
}

/// A position to read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The first record that is kept.
    Earliest,
    /// Behind the last record.
    Latest,
    /// This offset.
    Offset(i64),
    /// The first record at or after this time, in milliseconds since 1970.
    Timestamp(i64),
}

/// A leader that this consumer fetches from: its session there, and the fetch that is under way.
struct Source<E: Env> {
    connection: Arc<Connection<E>>,
    version: i16,
    session_id: i32,
    session_epoch: i32,
    /// What the session knows: where each partition is fetched from, and the leader epoch that is believed in.
    told: BTreeMap<Key, (i64, i32)>,
    answer: Option<oneshot::Receiver<Bytes>>,
}

/// A topic and a partition's number.
type Key = (String, i32);

/// A position in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    /// The offset of the next record.
    pub(crate) offset: i64,
    /// The latest leader epoch that is known of what was read up to there, or -1. A leader of an earlier one is none any
    /// more, and would take the offset for one beyond its end (KIP-320).
    pub(crate) epoch: i32,
    /// The topic that the epoch is of, if that is known: another of the same name begins anew.
    pub(crate) topic_id: Uuid,
    /// Since when brokers tell of earlier epochs only.
    doubted: Option<Mono>,
}

/// An epoch that comes from a commit may be of an earlier topic of the same name: it counts for no longer than this while
/// brokers tell of earlier ones only.
const DOUBT_MAX: Duration = Duration::from_secs(30);

impl At {
    /// An offset, with the leader epoch of what is there or before it; -1 if that is not known.
    pub(crate) fn new(offset: i64, epoch: i32) -> At {
        At { offset, epoch, topic_id: Uuid::ZERO, doubted: None }
    }

    /// A broker tells of an earlier epoch.
    fn doubt(&mut self, now: Mono) {
        if DOUBT_MAX <= now.since(*self.doubted.get_or_insert(now)) && self.topic_id == Uuid::ZERO {
            self.epoch = -1;
        }
    }

    /// It is read from this topic.
    fn is_of(&mut self, topic_id: Uuid) {
        if self.topic_id != Uuid::ZERO && self.topic_id != topic_id {
            self.epoch = -1;
        }
        (self.topic_id, self.doubted) = (topic_id, None);
    }
}

/// A consumer of assigned partitions.
pub struct Consumer<E: Env> {
    client: Client<E>,
    config: ConsumerConfig,
    /// Where each partition is read from next.
    assigned: BTreeMap<Key, At>,
    /// By the leader's id.
    sources: BTreeMap<i32, Source<E>>,
    ready: VecDeque<ConsumerRecord>,
}

impl<E: Env> Consumer<E> {
    /// A consumer on a client.
    pub fn new(client: Client<E>, config: ConsumerConfig) -> Consumer<E> {
        Consumer {
            client,
            config,
            assigned: BTreeMap::new(),
            sources: BTreeMap::new(),
            ready: VecDeque::new(),
        }
    }

    /// Adds a partition, or moves in it.
    ///
    /// # Errors
    /// The position cannot be looked up.
    pub async fn assign(&mut self, topic: &str, partition: i32, from: Position) -> Result<(), ClientError> {
        let position = match from {
            Position::Offset(offset) => offset,
            Position::Earliest => self.client.list_offset(topic, partition, -2).await?,
            Position::Latest => self.client.list_offset(topic, partition, -1).await?,
            Position::Timestamp(timestamp) => {
                match self.client.list_offset(topic, partition, timestamp).await? {
                    -1 => self.client.list_offset(topic, partition, -1).await?,
                    offset => offset,
                }
            }
        };
        self.assign_at(topic, partition, At::new(position, -1));
        Ok(())
    }

    /// Adds a partition, or moves in it, to where somebody has been.
    pub(crate) fn assign_at(&mut self, topic: &str, partition: i32, at: At) {
        self.ready.retain(|r| r.partition != partition || *r.topic != *topic);
        self.assigned.insert((topic.to_owned(), partition), at);
    }

    /// Gives up all partitions, and records that nobody has taken.
    pub fn unassign(&mut self) {
        self.assigned.clear();
        self.ready.clear();
        self.sources.clear();
    }

    /// Gives up a partition, and its records that nobody has taken.
    pub fn unassign_one(&mut self, topic: &str, partition: i32) {
        self.assigned.remove(&(topic.to_owned(), partition));
        self.ready.retain(|r| r.partition != partition || *r.topic != *topic);
    }

    /// The offset of the next record that a partition will give.
    pub fn position(&self, topic: &str, partition: i32) -> Option<i64> {
        self.at(topic, partition).map(|at| at.offset)
    }

    /// The same, with its leader epoch.
    pub(crate) fn at(&self, topic: &str, partition: i32) -> Option<At> {
        let first = self.ready.iter().find(|r| r.partition == partition && *r.topic == *topic);
        first
            .map(|r| At::new(r.offset, r.leader_epoch))
            .or_else(|| self.assigned.get(&(topic.to_owned(), partition)).copied())
    }

    /// The next record; `None` if none came within the configured wait.
    ///
    /// # Errors
    /// The broker cannot be reached, or a partition cannot be read.
    pub async fn next(&mut self) -> Result<Option<ConsumerRecord>, ClientError> {
        if self.ready.is_empty() {
            self.fetch().await?;
        }
        Ok(self.ready.pop_front())
    }

    /// All records of one fetch.
    ///
    /// # Errors
    /// As [`Consumer::next`].
    pub async fn poll(&mut self) -> Result<Vec<ConsumerRecord>, ClientError> {
        self.poll_up_to(usize::MAX).await
    }

    /// At most `max` records of one fetch; the next poll gives the others.
    ///
    /// # Errors
    /// As [`Consumer::next`].
    pub async fn poll_up_to(&mut self, max: usize) -> Result<Vec<ConsumerRecord>, ClientError> {
        if self.ready.is_empty() {
            self.fetch().await?;
        }
        Ok(self.ready.drain(..max.min(self.ready.len())).collect())
    }

    /// Sees that a fetch is under way at every leader, and takes in the first answer that comes.
    async fn fetch(&mut self) -> Result<(), ClientError> {
        if self.assigned.is_empty() {
            return Ok(());
        }
        self.ask_leaders().await?;
        let waits = self.config.max_wait + self.client.config().request_timeout;
        let answered = poll_fn(|cx| {
            for (leader, source) in &mut self.sources {
                if let Some(answer) = &mut source.answer
                    && let Poll::Ready(frame) = Pin::new(answer).poll(cx)
                {
                    return Poll::Ready((*leader, frame));
                }
            }
            Poll::Pending
        });
        let answered = until(self.client.env().sleep(waits), answered).await;
        let Some((leader, frame)) = answered else {
            self.lose_leaders();
            return Err(ClientError::Timeout);
        };
        let Some(source) = self.sources.get_mut(&leader) else { return Ok(()) };
        source.answer = None;
        let version = source.version;
        let response = frame.map_err(|_| ClientError::Disconnected);
        let response: FetchResponse = match response.and_then(|f| decode(ApiKey::Fetch, version, f)) {
            Ok(response) => response,
            Err(e) => {
                self.lose_leader(leader);
                return Err(e);
            }
        };
        match ErrorCode::from_code(response.error_code) {
            ErrorCode::None => {}
            ErrorCode::FetchSessionIdNotFound
            | ErrorCode::InvalidFetchSessionEpoch
            | ErrorCode::FetchSessionTopicIdError => {
                self.sources.remove(&leader);
                return Ok(());
            }
            code => return Err(ClientError::Broker(code, String::new())),
        }
        source.answered(response.session_id);
        let told = source.told.clone();
        if response.session_id == 0 {
            source.told.clear();
        }
        self.take_in(response, &told).await
    }

    /// Every leader of what is assigned gets a fetch, unless one is under way.
    async fn ask_leaders(&mut self) -> Result<(), ClientError> {
        let mut by_leader: BTreeMap<i32, Vec<Key>> = BTreeMap::new();
        let mut nobody = None;
        for (key, at) in &mut self.assigned {
            match self.client.leader_of(&key.0, key.1, (at.topic_id, at.epoch)).await {
                Ok(leader) => by_leader.entry(leader).or_default().push(key.clone()),
                Err(e) => {
                    nobody = Some(e);
                    let known = self.client.leadership(&key.0, key.1);
                    if known.is_some_and(|(leader, epoch)| 0 <= leader && epoch < at.epoch) {
                        at.doubt(self.client.env().now());
                    }
                }
            }
        }
        self.sources
            .retain(|leader, source| by_leader.contains_key(leader) && !source.connection.is_closed());
        let mut asked = 0;
        for (leader, keys) in by_leader {
            match self.ask_leader(leader, &keys).await {
                Ok(()) => asked += 1,
                Err(e) => {
                    self.lose_leader(leader);
                    keys.iter().for_each(|key| self.client.forget(&key.0));
                    nobody = Some(e);
                }
            }
        }
        // What nobody leads is asked for again later; the others go on.
        nobody.filter(|_| asked == 0).map_or(Ok(()), Err)
    }

    async fn ask_leader(&mut self, leader: i32, keys: &[Key]) -> Result<(), ClientError> {
        if !self.sources.contains_key(&leader) {
            let connection = self.client.open_to(leader).await?;
            let version = connection.version(ApiKey::Fetch)?;
            let (told, answer) = (BTreeMap::new(), None);
            let source = Source { connection, version, session_id: 0, session_epoch: 0, told, answer };
            self.sources.insert(leader, source);
        }
        let source = &self.sources[&leader];
        if source.answer.is_some() {
            return Ok(());
        }
        let asked: BTreeMap<Key, (i64, i32)> =
            keys.iter().map(|key| (key.clone(), self.asked(key))).collect();
        let request = self.request(source, &asked).await?;
        let source = self.sources.get_mut(&leader).expect("it was just there");
        source.told = asked;
        source.answer = source.connection.post(ApiKey::Fetch, source.version, &request, true)?;
        Ok(())
    }

    /// Where a partition is fetched from, and in which leader epoch.
    fn asked(&self, key: &Key) -> (i64, i32) {
        (self.assigned[key].offset, self.client.leadership(&key.0, key.1).map_or(-1, |(_, epoch)| epoch))
    }

    /// The next request: everything, or what the session does not know.
    async fn request(
        &self,
        source: &Source<E>,
        asked: &BTreeMap<Key, (i64, i32)>,
    ) -> Result<FetchRequest, ClientError> {
        let mut topics: Vec<FetchTopic> = Vec::new();
        for (key, (offset, epoch)) in asked {
            if source.session_id != 0 && source.told.get(key) == Some(&(*offset, *epoch)) {
                continue;
            }
            let (topic, partition) = key;
            let id = self.client.topic(topic).await?.id;
            if topics.last().is_none_or(|t| *t.topic != **topic) {
                let topic = Str::from(topic.as_str());
                topics.push(FetchTopic { topic, topic_id: id, partitions: Vec::new() });
            }
            topics.last_mut().expect("it was just made").partitions.push(FetchPartition {
                partition: *partition,
                current_leader_epoch: *epoch,
                fetch_offset: *offset,
                partition_max_bytes: self.config.partition_max_bytes,
                ..Default::default()
            });
        }
        let mut forgotten = Vec::new();
        for (topic, partition) in
            source.told.keys().filter(|key| source.session_id != 0 && !asked.contains_key(key))
        {
            // A topic that is gone is gone from the session too.
            let topic_id = self.client.topic(topic).await.map_or(Uuid::ZERO, |info| info.id);
            let topic = Str::from(topic.as_str());
            forgotten.push(ForgottenTopic { topic, topic_id, partitions: vec![*partition] });
        }
        Ok(FetchRequest {
            max_wait_ms: self.config.max_wait.as_millis() as i32,
            min_bytes: self.config.min_bytes,
            max_bytes: self.config.max_bytes,
            session_id: source.session_id,
            session_epoch: source.session_epoch,
            topics,
            forgotten_topics_data: forgotten,
            ..Default::default()
        })
    }

    /// A leader cannot be asked: who leads is to be found out anew.
    fn lose_leader(&mut self, leader: i32) {
        if let Some(source) = self.sources.remove(&leader) {
            source.told.keys().for_each(|key| self.client.forget(&key.0));
        }
    }

    fn lose_leaders(&mut self) {
        let leaders: Vec<i32> = self.sources.keys().copied().collect();
        leaders.into_iter().for_each(|leader| self.lose_leader(leader));
    }

    /// Takes in an answer to what was asked from the positions `told`.
    async fn take_in(
        &mut self,
        response: FetchResponse,
        told: &BTreeMap<Key, (i64, i32)>,
    ) -> Result<(), ClientError> {
        let mut failed = None;
        for topic in response.responses {
            let name = self.name_of(&topic.topic, topic.topic_id).await?;
            let known = || self.client.topic_id(&name).unwrap_or(Uuid::ZERO);
            let topic_id = if topic.topic_id == Uuid::ZERO { known() } else { topic.topic_id };
            for p in topic.partitions {
                let key = (name.to_string(), p.partition_index);
                // What was moved meanwhile is asked for anew.
                let asked_from = told.get(&key).map(|(offset, _)| *offset);
                if self.assigned.get(&key).is_none_or(|at| asked_from != Some(at.offset)) {
                    continue;
                }
                match ErrorCode::from_code(p.error_code) {
                    ErrorCode::None => {}
                    ErrorCode::OffsetOutOfRange => {
                        let end = if self.config.reset_to_earliest { -2 } else { -1 };
                        let offset = self.client.list_offset(&key.0, key.1, end).await?;
                        self.assigned.insert(key, At::new(offset, -1));
                        continue;
                    }
                    code => {
                        self.client.forget(&key.0);
                        failed = Some(ClientError::Broker(code, format!("{}-{}", key.0, key.1)));
                        continue;
                    }
                }
                let Some(at) = self.assigned.get_mut(&key) else { continue };
                at.is_of(topic_id);
                let records = p.records.unwrap_or_default();
                for (start, view) in batch::batches(&records) {
                    let bytes = records.slice(start..start + view.size().ok_or(ClientError::Decode)?);
                    let (crcs, ready) = (self.config.check_crcs, &mut self.ready);
                    read_batch(&name, key.1, &view, &bytes, crcs, at, ready)?;
                }
            }
        }
        // Records that came beside are given first.
        failed.filter(|_| self.ready.is_empty()).map_or(Ok(()), Err)
    }

    async fn name_of(&self, name: &Str, id: Uuid) -> Result<Str, ClientError> {
        if id == Uuid::ZERO {
            return Ok(name.clone());
        }
        for (topic, _) in self.assigned.keys() {
            if self.client.topic(topic).await?.id == id {
                return Ok(Str::from(topic.as_str()));
            }
        }
        Err(ClientError::Decode)
    }
}

impl<E: Env> Drop for Source<E> {
    fn drop(&mut self) {
        self.connection.close();
    }
}

impl<E: Env> Source<E> {
    fn answered(&mut self, session_id: i32) {
        self.session_epoch = match (self.session_id, session_id) {
            (_, 0) => 0,
            (0, _) => 1,
            _ => self.session_epoch.checked_add(1).unwrap_or(1),
        };
        self.session_id = session_id;
    }
}

fn read_batch(
    topic: &Str,
    partition: i32,
    view: &BatchView<'_>,
    bytes: &Bytes,
    check_crcs: bool,
    at: &mut At,
    ready: &mut VecDeque<ConsumerRecord>,
) -> Result<(), ClientError> {
    if check_crcs && !view.is_intact() {
        return Err(ClientError::Broker(
            ErrorCode::CorruptMessage,
            format!("{topic}-{partition} at offset {}", view.base_offset()),
        ));
    }
    let codec = view.codec().ok_or(ClientError::Decode)?;
    let payload = bytes.slice(ottla_core::record::HEADER_BYTES..);
    let plain = match compression::decompress(codec, &payload, DECOMPRESSED_SIZE_MAX_BYTES)
        .map_err(|_| ClientError::Decode)?
    {
        std::borrow::Cow::Borrowed(_) => payload.clone(),
        std::borrow::Cow::Owned(plain) => Bytes::from(plain),
    };
    let append_time = view.attributes() & batch::attributes::LOG_APPEND_TIME != 0;
    for record in batch::records(&plain).filter(|_| !view.is_control()) {
        let offset = view.base_offset().0 + record.offset_delta;
        if offset < at.offset {
            continue;
        }
        let own = |field: Option<&[u8]>| field.map(|f| plain.slice_ref(f));
        let timestamp = if append_time {
            view.max_timestamp()
        } else {
            view.base_timestamp().saturating_add(record.timestamp_delta)
        };
        ready.push_back(ConsumerRecord {
            topic: topic.clone(),
            partition,
            offset,
            leader_epoch: view.leader_epoch().0,
            timestamp,
            key: own(record.key),
            value: own(record.value),
            headers: record.headers().map(|(k, v)| (plain.slice_ref(k), own(v))).collect(),
        });
    }
    at.offset = at.offset.max(view.last_offset().0 + 1);
    at.epoch = at.epoch.max(view.leader_epoch().0);
    Ok(())
}
