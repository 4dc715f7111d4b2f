//! The simple consumer: assigned partitions, positions that the caller may set, fetch sessions.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use ottla_core::{
    env::Env,
    errors::ErrorCode,
    limits::DECOMPRESSED_SIZE_MAX_BYTES,
    record::{BatchView, batch, compression},
    types::Uuid,
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::fetch::{
            FetchRequest, FetchResponse,
            request::{FetchPartition, FetchTopic},
        },
    },
    wire::Str,
};

use crate::{Client, ClientError, connection::Connection};

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

#[derive(Clone, Copy, Debug, Default)]
struct Session {
    id: i32,
    epoch: i32,
}

struct Assigned {
    position: i64,
    /// What the broker's session knows of it.
    told: Option<i64>,
}

/// A consumer of assigned partitions.
pub struct Consumer<E: Env> {
    client: Client<E>,
    config: ConsumerConfig,
    assigned: BTreeMap<(String, i32), Assigned>,
    session: Session,
    /// The connection that the session belongs to.
    connection: Option<Arc<Connection<E>>>,
    ready: VecDeque<ConsumerRecord>,
}

impl<E: Env> Consumer<E> {
    /// A consumer on a client.
    pub fn new(client: Client<E>, config: ConsumerConfig) -> Consumer<E> {
        Consumer {
            client,
            config,
            assigned: BTreeMap::new(),
            session: Session::default(),
            connection: None,
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
        self.ready.retain(|r| r.partition != partition || *r.topic != *topic);
        self.assigned.insert((topic.to_owned(), partition), Assigned { position, told: None });
        Ok(())
    }

    /// Gives up all partitions, and records that nobody has taken.
    pub fn unassign(&mut self) {
        self.assigned.clear();
        self.ready.clear();
        self.forget_session();
    }

    /// Gives up a partition, and its records that nobody has taken.
    pub fn unassign_one(&mut self, topic: &str, partition: i32) {
        self.assigned.remove(&(topic.to_owned(), partition));
        self.ready.retain(|r| r.partition != partition || *r.topic != *topic);
        self.forget_session();
    }

    /// The offset of the next record that a partition will give.
    pub fn position(&self, topic: &str, partition: i32) -> Option<i64> {
        let first = self.ready.iter().find(|r| r.partition == partition && *r.topic == *topic);
        first
            .map(|r| r.offset)
            .or_else(|| self.assigned.get(&(topic.to_owned(), partition)).map(|a| a.position))
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

    async fn fetch(&mut self) -> Result<(), ClientError> {
        let Some((topic, partition)) = self.assigned.keys().next().cloned() else { return Ok(()) };
        let (connection, _) = self.client.leader(&topic, partition).await?;
        let same = self.connection.as_ref().is_some_and(|known| Arc::ptr_eq(known, &connection));
        if !same {
            self.forget_session();
            self.connection = Some(connection.clone());
        }
        let version = connection.version(ApiKey::Fetch)?;
        let request = self.request().await?;
        let response: FetchResponse = match connection.call_version(ApiKey::Fetch, version, &request).await {
            Ok(response) => response,
            Err(e) => {
                self.forget_session();
                self.client.forget(&topic);
                return Err(e);
            }
        };
        match ErrorCode::from_code(response.error_code) {
            ErrorCode::None => {}
            ErrorCode::FetchSessionIdNotFound
            | ErrorCode::InvalidFetchSessionEpoch
            | ErrorCode::FetchSessionTopicIdError => {
                self.forget_session();
                return Ok(());
            }
            code => return Err(ClientError::Broker(code, String::new())),
        }
        self.session = match (self.session.id, response.session_id) {
            (_, 0) => Session::default(),
            (0, id) => Session { id, epoch: 1 },
            (id, _) => {
                Session { id, epoch: if self.session.epoch == i32::MAX { 1 } else { self.session.epoch + 1 } }
            }
        };
        if self.session.id == 0 {
            self.assigned.values_mut().for_each(|a| a.told = None);
        }
        self.take_in(response).await
    }

    fn forget_session(&mut self) {
        self.session = Session::default();
        self.assigned.values_mut().for_each(|a| a.told = None);
    }

    /// The next request: everything, or what the session does not know.
    async fn request(&mut self) -> Result<FetchRequest, ClientError> {
        let mut topics: Vec<FetchTopic> = Vec::new();
        for ((topic, partition), assigned) in &mut self.assigned {
            if self.session.id != 0 && assigned.told == Some(assigned.position) {
                continue;
            }
            assigned.told = Some(assigned.position);
            let id = self.client.topic(topic).await?.id;
            if topics.last().is_none_or(|t| *t.topic != **topic) {
                topics.push(FetchTopic {
                    topic: Str::from(topic.as_str()),
                    topic_id: id,
                    partitions: Vec::new(),
                });
            }
            topics.last_mut().expect("it was just made").partitions.push(FetchPartition {
                partition: *partition,
                fetch_offset: assigned.position,
                partition_max_bytes: self.config.partition_max_bytes,
                ..Default::default()
            });
        }
        Ok(FetchRequest {
            max_wait_ms: self.config.max_wait.as_millis() as i32,
            min_bytes: self.config.min_bytes,
            max_bytes: self.config.max_bytes,
            session_id: self.session.id,
            session_epoch: self.session.epoch,
            topics,
            ..Default::default()
        })
    }

    async fn take_in(&mut self, response: FetchResponse) -> Result<(), ClientError> {
        for topic in response.responses {
            let name = self.name_of(&topic.topic, topic.topic_id).await?;
            for p in topic.partitions {
                let key = (name.to_string(), p.partition_index);
                match ErrorCode::from_code(p.error_code) {
                    ErrorCode::None => {}
                    ErrorCode::OffsetOutOfRange => {
                        let end = if self.config.reset_to_earliest { -2 } else { -1 };
                        let position = self.client.list_offset(&key.0, key.1, end).await?;
                        self.assigned.insert(key, Assigned { position, told: None });
                        continue;
                    }
                    code => {
                        self.client.forget(&key.0);
                        self.forget_session();
                        return Err(ClientError::Broker(code, format!("{}-{}", key.0, key.1)));
                    }
                }
                let Some(assigned) = self.assigned.get_mut(&key) else { continue };
                let records = p.records.unwrap_or_default();
                for (at, view) in batch::batches(&records) {
                    let bytes = records.slice(at..at + view.size().ok_or(ClientError::Decode)?);
                    read_batch(
                        &name,
                        key.1,
                        &view,
                        &bytes,
                        self.config.check_crcs,
                        &mut assigned.position,
                        &mut self.ready,
                    )?;
                }
            }
        }
        Ok(())
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

fn read_batch(
    topic: &Str,
    partition: i32,
    view: &BatchView<'_>,
    bytes: &Bytes,
    check_crcs: bool,
    position: &mut i64,
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
        if offset < *position {
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
            timestamp,
            key: own(record.key),
            value: own(record.value),
            headers: record.headers().map(|(k, v)| (plain.slice_ref(k), own(v))).collect(),
        });
    }
    *position = (*position).max(view.last_offset().0 + 1);
    Ok(())
}
