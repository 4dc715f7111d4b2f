//! The producer: batches by partition, sends one batch of a partition at a time, tries again.
//!
//! With idempotence a batch that is sent again keeps its sequence number, so it is stored once. A batch
//! that was given up may or may not be stored; the producer then takes a new id, because the sequence of
//! the old one is in doubt.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    record::{BatchBuilder, Codec, batch::sequence_after},
    types::{Mono, ProducerId},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            init_producer_id::{InitProducerIdRequest, InitProducerIdResponse},
            produce::{
                ProduceRequest, ProduceResponse,
                request::{PartitionProduceData, TopicProduceData},
                response::PartitionProduceResponse,
            },
        },
    },
    wire::Str,
};
use tokio::sync::{Notify, oneshot};

use crate::{Client, ClientError, backoff::Backoff, partitioner::partition_of};

/// How a producer behaves.
#[derive(Clone, Copy, Debug)]
pub struct ProducerConfig {
    /// 0, 1, or -1 for all.
    pub acks: i16,
    /// Longest wait for a batch to fill.
    pub linger: Duration,
    /// A batch is full at this size, in bytes before compression.
    pub batch_bytes: usize,
    /// How batches are compressed.
    pub codec: Codec,
    /// Each record is stored once, in order.
    pub idempotent: bool,
    /// A record that is not stored after so long is given up.
    pub delivery_timeout: Duration,
    /// Most bytes that wait to be sent.
    pub buffer_bytes: usize,
}

impl Default for ProducerConfig {
    fn default() -> Self {
        ProducerConfig {
            acks: -1,
            linger: Duration::from_millis(5),
            batch_bytes: 64 * 1024,
            codec: Codec::None,
            idempotent: true,
            delivery_timeout: Duration::from_secs(120),
            buffer_bytes: 32 * 1024 * 1024,
        }
    }
}

/// A record to send.
#[derive(Clone, Debug, Default)]
pub struct ProducerRecord {
    /// The topic.
    pub topic: String,
    /// The partition; by the key if absent.
    pub partition: Option<i32>,
    /// Milliseconds since 1970; now if absent.
    pub timestamp: Option<i64>,
    /// The key.
    pub key: Option<Bytes>,
    /// The value.
    pub value: Option<Bytes>,
    /// The headers.
    pub headers: Vec<(Bytes, Option<Bytes>)>,
}

/// Where a record was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The partition.
    pub partition: i32,
    /// The offset, -1 where acks is 0.
    pub offset: i64,
}

/// Resolves when a record is stored or given up.
pub type DeliveryReport = oneshot::Receiver<Result<Delivery, ClientError>>;

struct Batch {
    builder: BatchBuilder,
    reports: Vec<oneshot::Sender<Result<Delivery, ClientError>>>,
    began: Mono,
    /// What it takes of the buffer.
    bytes: usize,
}

#[derive(Default)]
struct Queue {
    batches: VecDeque<Batch>,
    /// A task sends for this partition.
    running: bool,
    wake: Arc<Notify>,
}

struct State {
    queues: BTreeMap<(String, i32), Queue>,
    sticky: BTreeMap<String, i32>,
    buffered_bytes: usize,
}

/// A producer. Cloning is cheap; clones share batches and sequence numbers.
#[derive(Clone)]
pub struct Producer<E: Env>(Arc<Inner<E>>);

struct Inner<E: Env> {
    client: Client<E>,
    config: ProducerConfig,
    state: Mutex<State>,
    /// Room was made in the buffer, or a batch was settled.
    settled: Notify,
}

/// The identity that one partition's batches carry.
#[derive(Default)]
struct Identity {
    id: Option<(ProducerId, i16)>,
    next_sequence: i32,
}

impl<E: Env> Producer<E> {
    /// A producer on a client.
    pub fn new(client: Client<E>, config: ProducerConfig) -> Producer<E> {
        let state = State { queues: BTreeMap::new(), sticky: BTreeMap::new(), buffered_bytes: 0 };
        Producer(Arc::new(Inner { client, config, state: Mutex::new(state), settled: Notify::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect(crate::NO_PANIC)
    }

    /// Takes a record; waits only while the buffer is full or the topic is not known yet. The report
    /// tells what became of it.
    ///
    /// # Errors
    /// The topic does not exist, or no broker can be reached.
    pub async fn send(&self, record: ProducerRecord) -> Result<DeliveryReport, ClientError> {
        let inner = &self.0;
        let env = inner.client.env();
        let deadline = env.now() + inner.config.delivery_timeout;
        let topic = record.topic.as_str();
        let info = inner.client.retry(deadline, || inner.client.topic(topic)).await?;
        while inner.config.buffer_bytes <= self.state().buffered_bytes {
            inner.settled.notified().await;
        }
        let timestamp = record.timestamp.unwrap_or_else(|| env.wall().0);
        let headers: Vec<(&[u8], Option<&[u8]>)> =
            record.headers.iter().map(|(k, v)| (&k[..], v.as_deref())).collect();
        let (key, value) = (record.key.as_deref(), record.value.as_deref());
        let size = BatchBuilder::size_of(key, value, &headers);
        let (sender, report) = oneshot::channel();
        let mut state = self.state();
        let draw = || (env.random_u64() % info.leaders.len() as u64) as i32;
        let partition = match (record.partition, key) {
            (Some(partition), _) => partition,
            (None, Some(key)) => partition_of(key, info.leaders.len()),
            (None, None) => *state.sticky.entry(record.topic.clone()).or_insert_with(draw),
        };
        let queue = state.queues.entry((record.topic.clone(), partition)).or_default();
        let full = |batch: &Batch| inner.config.batch_bytes < batch.builder.size() + size;
        let fresh = queue.batches.back().is_none_or(full);
        if fresh {
            let builder = BatchBuilder::new(inner.config.codec);
            queue.batches.push_back(Batch { builder, reports: Vec::new(), began: env.now(), bytes: 0 });
        }
        let batch = queue.batches.back_mut().expect("it was just made");
        batch.builder.push(timestamp, key, value, &headers);
        batch.reports.push(sender);
        batch.bytes += size;
        queue.wake.notify_one();
        let start = !std::mem::replace(&mut queue.running, true);
        let wake = queue.wake.clone();
        if fresh {
            // The next records without a key go elsewhere.
            state.sticky.remove(topic);
        }
        state.buffered_bytes += size;
        drop(state);
        if start {
            let producer = self.clone();
            env.spawn("producer", producer.run(record.topic, partition, wake));
        }
        Ok(report)
    }

    /// Waits until every record that was taken is stored or given up.
    pub async fn flush(&self) {
        while 0 < self.state().buffered_bytes {
            self.0.settled.notified().await;
            self.0.settled.notify_one();
        }
    }

    /// Sends the batches of one partition, in order, for as long as there are any.
    async fn run(self, topic: String, partition: i32, wake: Arc<Notify>) {
        let key = (topic.clone(), partition);
        let env = self.0.client.env().clone();
        let mut identity = Identity::default();
        loop {
            let ready_at = {
                let state = self.state();
                let queue = &state.queues[&key];
                queue.batches.front().map(|batch| {
                    let full =
                        1 < queue.batches.len() || self.0.config.batch_bytes / 2 <= batch.builder.size();
                    if full { Mono(0) } else { batch.began + self.0.config.linger }
                })
            };
            match ready_at {
                None => {
                    wake.notified().await;
                    continue;
                }
                Some(at) if env.now() < at => {
                    until(env.sleep_until(at), wake.notified()).await;
                    continue;
                }
                Some(_) => {}
            }
            let mut batch =
                self.state().queues.get_mut(&key).and_then(|q| q.batches.pop_front()).expect("it was seen");
            let result = self.deliver(&topic, partition, &mut batch, &mut identity).await;
            for (at, report) in batch.reports.into_iter().enumerate() {
                let offset = |base: i64| if base < 0 { -1 } else { base + at as i64 };
                // Nobody need wait for the report.
                let _ = report.send(result.clone().map(|base| Delivery { partition, offset: offset(base) }));
            }
            let mut state = self.state();
            state.buffered_bytes -= batch.bytes;
            drop(state);
            self.0.settled.notify_one();
        }
    }

    /// Sends a batch until it is stored, refused, or its time is over; returns its base offset.
    async fn deliver(
        &self,
        topic: &str,
        partition: i32,
        batch: &mut Batch,
        identity: &mut Identity,
    ) -> Result<i64, ClientError> {
        let inner = &self.0;
        let env = inner.client.env();
        let deadline = batch.began + inner.config.delivery_timeout;
        let mut sent = false;
        let mut last = ClientError::Timeout;
        let mut backoff = Backoff::new(inner.client.config());
        while env.now() < deadline {
            if inner.config.idempotent && identity.id.is_none() {
                match self.new_identity().await {
                    Ok(id) => *identity = Identity { id: Some(id), next_sequence: 0 },
                    Err(e) if e.is_retriable() => {
                        last = e;
                        backoff.wait(env, deadline).await;
                        continue;
                    }
                    Err(e) => return Err(e),
                }
            }
            if inner.config.idempotent {
                batch.builder.producer = identity.id;
                batch.builder.base_sequence = identity.next_sequence;
            }
            let leadership = inner.client.leadership(topic, partition);
            match self.send_batch(topic, partition, batch.builder.build()).await {
                Ok(base) => {
                    identity.next_sequence = sequence_after(identity.next_sequence, batch.builder.count());
                    return Ok(base);
                }
                Err(e) if e.is_retriable() => {
                    sent = true;
                    last = e;
                    if !inner.client.has_new_leader(topic, partition, leadership).await {
                        backoff.wait(env, deadline).await;
                    }
                }
                Err(e) => {
                    identity.id = None;
                    return Err(e);
                }
            }
        }
        if sent {
            identity.id = None;
        }
        Err(last)
    }

    async fn new_identity(&self) -> Result<(ProducerId, i16), ClientError> {
        let request = InitProducerIdRequest {
            transactional_id: None,
            transaction_timeout_ms: 60_000,
            ..Default::default()
        };
        let response: InitProducerIdResponse = self.0.client.call(ApiKey::InitProducerId, &request).await?;
        crate::check(response.error_code, None)?;
        Ok((ProducerId(response.producer_id), response.producer_epoch))
    }

    async fn send_batch(&self, topic: &str, partition: i32, records: Bytes) -> Result<i64, ClientError> {
        let inner = &self.0;
        let (connection, info) = inner.client.leader(topic, partition).await?;
        let data = PartitionProduceData { index: partition, records: Some(records) };
        let topic_data =
            TopicProduceData { name: Str::from(topic), topic_id: info.id, partition_data: vec![data] };
        let request = ProduceRequest {
            transactional_id: None,
            acks: inner.config.acks,
            timeout_ms: inner.client.config().request_timeout.as_millis() as i32,
            topic_data: vec![topic_data],
        };
        let version = connection.version(ApiKey::Produce)?;
        if inner.config.acks == 0 {
            connection.post(ApiKey::Produce, version, &request, false)?;
            return Ok(-1);
        }
        let response: ProduceResponse = connection.call_version(ApiKey::Produce, version, &request).await?;
        let answer: &PartitionProduceResponse = response
            .responses
            .first()
            .and_then(|t| t.partition_responses.first())
            .ok_or(ClientError::Decode)?;
        let told = (answer.current_leader.leader_id, answer.current_leader.leader_epoch);
        if let Some(at) = response.node_endpoints.iter().find(|node| node.node_id == told.0) {
            inner.client.told_leader((topic, partition), told, format!("{}:{}", at.host, at.port));
        }
        crate::check(answer.error_code, answer.error_message.as_ref())?;
        if ErrorCode::from_code(answer.error_code).is_none() {
            Ok(answer.base_offset)
        } else {
            Err(ClientError::Decode)
        }
    }
}
