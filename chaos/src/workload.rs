//! What clients do in a run: they produce, and in the end somebody reads everything back.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use ottla_client::{
    Client, ClientConfig, ClientError,
    consumer::{Consumer, ConsumerConfig, ConsumerRecord, Position},
    producer::{Delivery, Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{
    env::Env,
    errors::ErrorCode,
    group::{consumer::stored::Change, records::Record},
};
use ottla_sim::World;

use crate::{
    NO_PANIC,
    group::{self, check::Kept},
    history::{ClientHistory, Contents, Outcome, Sent},
    plan::{ClientPlan, Plan},
};

/// The topic that is judged.
pub(crate) const TOPIC: &str = "history";
/// Where coordinators keep what they know.
pub(crate) const OFFSETS_TOPIC: &str = "__consumer_offsets";

/// A value as it is told.
pub(crate) fn name(value: &[u8]) -> String {
    String::from_utf8_lossy(&value[..value.len().min(20)]).into_owned()
}

pub(crate) type Histories = Arc<Vec<Mutex<ClientHistory>>>;

/// Empty histories of the clients of a plan, each with a partition of its own.
pub(crate) fn histories(clients: &[ClientPlan]) -> Histories {
    let history = |(at, client): (usize, &ClientPlan)| {
        let (partition, idempotent) = (at as i32, client.idempotent);
        Mutex::new(ClientHistory { partition, idempotent, records: Vec::new() })
    };
    Arc::new(clients.iter().enumerate().map(history).collect())
}

pub(crate) fn acknowledged(histories: &Histories) -> u64 {
    histories.iter().map(|h| h.lock().expect(NO_PANIC).acknowledged()).sum()
}

/// How many records each client has sent so far.
pub(crate) fn sent(histories: &Histories) -> Vec<usize> {
    histories.iter().map(|history| history.lock().expect(NO_PANIC).records.len()).collect()
}

/// The clients of which nothing was acknowledged that they have sent since, as sentences.
pub(crate) fn stuck(histories: &Histories, since: &[usize]) -> Vec<String> {
    let is_acknowledged = |sent: &Sent| matches!(sent.outcome, Outcome::Acknowledged(_));
    let is_stuck = |(at, mark): (usize, &usize)| {
        let history = histories[at].lock().expect(NO_PANIC);
        let goes_on = history.records[*mark..].iter().any(is_acknowledged);
        (!goes_on).then(|| format!("client {at} makes no progress"))
    };
    since.iter().enumerate().filter_map(is_stuck).collect()
}

/// What clients work on.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) bootstrap: String,
    pub(crate) partitions: i32,
    pub(crate) replicas: i16,
    /// The topic's settings.
    pub(crate) settings: Vec<(String, String)>,
    /// What the topic does not take.
    pub(crate) oversized_bytes: usize,
}

impl Target {
    /// The topic of a plan.
    pub(crate) fn of(plan: &Plan) -> Target {
        let all: Vec<String> = (1..=plan.nodes).map(|node| format!("b{node}:9092")).collect();
        let mut settings = vec![
            ("segment.ms".to_owned(), plan.segment_ms.to_string()),
            ("max.message.bytes".to_owned(), plan.message_bytes.to_string()),
        ];
        if 0 < plan.retained_bytes {
            settings.push(("retention.bytes".to_owned(), plan.retained_bytes.to_string()));
        }
        Target {
            bootstrap: all.join(","),
            partitions: plan.partitions,
            replicas: plan.replicas() as i16,
            settings,
            oversized_bytes: plan.message_bytes as usize + 1_000,
        }
    }
}

/// What a record becomes by what a producer is told of it.
fn outcome(report: &Result<Delivery, ClientError>, is_oversized: bool) -> Outcome {
    match report {
        Ok(delivery) => Outcome::Acknowledged(delivery.offset),
        // Whatever broker is asked says so, before it stores anything, and whatever the limit is then. A batch that only a
        // later, lower limit refuses may have been stored by a try before, as in Kafka.
        Err(ClientError::Broker(ErrorCode::MessageTooLarge, _)) if is_oversized => Outcome::Refused,
        Err(_) => Outcome::Unknown,
    }
}

/// Waits until the topic is there. Whoever asks for it otherwise may make it, in another shape.
pub(crate) async fn wait_for_topic<E: Env>(client: &Client<E>) {
    while client
        .describe_topics(Some(&[TOPIC]))
        .await
        .map_or(true, |m| m.topics.iter().any(|t| t.error_code != 0))
    {
        client.env().sleep(Duration::from_millis(50)).await;
    }
}

/// Produces until it is told to stop. `elapsed` is the run's time.
pub(crate) async fn produce<E: Env>(
    (env, elapsed): (E, impl Fn() -> Duration + Clone + Send + 'static),
    plan: ClientPlan,
    at: usize,
    to: Target,
    histories: Histories,
    stop: Arc<AtomicBool>,
) {
    let mut config = ClientConfig::new(&to.bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    if at == 0 {
        // The others wait until it is there.
        while let Err(e) = client.create_topic(TOPIC, to.partitions, to.replicas, &to.settings).await {
            // Some brokers may not be up yet.
            let waits = matches!(e, ClientError::Broker(ErrorCode::InvalidReplicationFactor, _));
            if !e.is_retriable() && !waits {
                env.trace(format_args!("{TOPIC} is not created: {e}"));
                break;
            }
            env.sleep(Duration::from_millis(100)).await;
        }
    }
    wait_for_topic(&client).await;
    let config = ProducerConfig {
        acks: plan.acks,
        linger: Duration::from_millis(1),
        codec: plan.codec,
        idempotent: plan.idempotent,
        delivery_timeout: Duration::from_secs(20),
        ..ProducerConfig::default()
    };
    let producer = Producer::new(client, config);
    let mut number = 0usize;
    while !stop.load(Ordering::Relaxed) {
        let is_oversized =
            plan.oversized_one_in != 0 && env.random_u64().is_multiple_of(plan.oversized_one_in);
        let value: Bytes = if is_oversized {
            let mut value = format!("c{at}-{number:06}-").into_bytes();
            // Nothing makes it smaller.
            value.extend((0..to.oversized_bytes).map(|_| env.random_u64() as u8));
            value.into()
        } else {
            let size = (env.random_u64() % plan.value_bytes) as usize;
            format!("c{at}-{number:06}-{}", "x".repeat(size)).into()
        };
        histories[at].lock().expect(NO_PANIC).records.push(Sent::new(value.to_vec(), elapsed()));
        let record = ProducerRecord {
            topic: TOPIC.into(),
            partition: Some(at as i32),
            value: Some(value),
            ..ProducerRecord::default()
        };
        if let Ok(report) = producer.send(record).await {
            let (histories, index, elapsed) = (histories.clone(), number, elapsed.clone());
            env.spawn("report", async move {
                if let Ok(report) = report.await {
                    let sent = &mut histories[at].lock().expect(NO_PANIC).records[index];
                    sent.outcome = outcome(&report, is_oversized);
                    sent.told = Some(elapsed());
                }
            });
        }
        number += 1;
        env.sleep(Duration::from_millis(plan.every_ms)).await;
    }
}

/// What was there in the end.
pub(crate) struct ReadBack {
    pub(crate) contents: Contents,
    pub(crate) kept: Kept,
    /// Why a partition could not be read.
    pub(crate) unreadable: Option<String>,
}

/// Reads every partition from its start to its end.
pub(crate) async fn read_back(world: &World, from: &Target, has_group: bool) -> Result<ReadBack, String> {
    let from = from.clone();
    let env = world.boot("reader");
    let (sender, mut receiver) = slot();
    let reader_env = env.clone();
    world.spawn("reader", async move {
        let result = read_all(reader_env, &from, has_group).await;
        *sender.lock().expect(NO_PANIC) = Some(result);
    });
    for _ in 0..60_000 {
        if let Some(result) = receiver() {
            return result;
        }
        world.sleep(Duration::from_millis(10)).await;
    }
    Err("STUCK: the records cannot be read back within ten minutes".into())
}

pub(crate) type Slot<T> = Arc<Mutex<Option<T>>>;

/// Where a task leaves its result, and how it is taken from there.
pub(crate) fn slot<T>() -> (Slot<T>, impl FnMut() -> Option<T>) {
    let slot: Slot<T> = Slot::default();
    let taken = slot.clone();
    (slot, move || taken.lock().expect(NO_PANIC).take())
}

pub(crate) async fn read_all<E: Env>(env: E, from: &Target, has_group: bool) -> Result<ReadBack, String> {
    let mut config = ClientConfig::new(&from.bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let (mut contents, mut unreadable) = (Contents::new(), None);
    for partition in 0..from.partitions {
        match read_partition(&env, &client, TOPIC, partition).await {
            Ok(records) => {
                let values = records.into_iter().map(|r| (r.offset, r.value.unwrap_or_default().to_vec()));
                contents.insert(partition, values.collect());
            }
            Err(why) => unreadable = unreadable.or(Some(why)),
        }
    }
    let mut kept = Kept::default();
    if has_group {
        let deadline = env.now() + Duration::from_secs(30);
        let asked = client.retry(deadline, || client.committed(group::GROUP)).await;
        kept.committed = asked.map_err(|e| format!("UNREADABLE: what is committed: {e}"))?;
        kept.generations = read_generations(&env, &client).await?;
    }
    Ok(ReadBack { contents, kept, unreadable })
}

/// The records of a partition from its start to its end.
async fn read_partition<E: Env>(
    env: &E,
    client: &Client<E>,
    topic: &str,
    partition: i32,
) -> Result<Vec<ConsumerRecord>, String> {
    let unreadable = |e: ClientError| format!("UNREADABLE: {topic}-{partition}: {e}");
    let deadline = env.now() + Duration::from_secs(30);
    let end =
        client.retry(deadline, || client.list_offset(topic, partition, -1)).await.map_err(unreadable)?;
    let start = client.retry(deadline, || client.list_offset(topic, partition, -2)).await;
    let mut consumer = Consumer::new(client.clone(), ConsumerConfig::default());
    let start = Position::Offset(start.map_err(unreadable)?);
    consumer.assign(topic, partition, start).await.map_err(unreadable)?;
    let mut records = Vec::new();
    while consumer.position(topic, partition).is_some_and(|at| at < end) {
        match consumer.poll().await {
            Ok(polled) => records.extend(polled),
            Err(e) if e.is_retriable() && env.now() < deadline => env.sleep(Duration::from_millis(100)).await,
            Err(e) => return Err(unreadable(e)),
        }
    }
    Ok(records)
}

/// The generations of the group that its coordinators wrote, in their order: one partition has them all.
async fn read_generations<E: Env>(env: &E, client: &Client<E>) -> Result<Vec<i32>, String> {
    let deadline = env.now() + Duration::from_secs(30);
    let described = client.retry(deadline, || client.describe_topics(Some(&[OFFSETS_TOPIC]))).await;
    let described = described.map_err(|e| format!("UNREADABLE: {OFFSETS_TOPIC}: {e}"))?;
    let mut generations = Vec::new();
    for partition in 0..described.topics.first().map_or(0, |topic| topic.partitions.len() as i32) {
        for record in read_partition(env, client, OFFSETS_TOPIC, partition).await? {
            let key = record.key.unwrap_or_default();
            generations.extend(match Record::decode(&key, record.value.as_deref())? {
                Some(Record::Group(name, Some(stored))) if name == group::GROUP => Some(stored.generation),
                Some(Record::Consumers(name, Change::Epoch(Some((epoch, _))))) if name == group::GROUP => {
                    Some(epoch)
                }
                _ => None,
            });
        }
    }
    Ok(generations)
}
