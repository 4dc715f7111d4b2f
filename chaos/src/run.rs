//! Carries a plan out: one broker, its clients, and what goes wrong.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use ottla_broker::Broker;
use ottla_client::{
    Client, ClientConfig,
    consumer::{Consumer, ConsumerConfig, Position},
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{config::BrokerConfig, env::Env};
use ottla_sim::{Crash, SimEnv, World, disk::DiskFaults, world::Counts};

use crate::{
    check::check,
    history::{ClientHistory, Contents, Outcome},
    plan::{ClientPlan, Fault, Plan},
};

const BROKER: &str = "b1";
const TOPIC: &str = "history";

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The violation, if there is one.
    pub violation: Option<String>,
    /// The trace's hash.
    pub trace_hash: u64,
    /// Events of the trace.
    pub events: u64,
    /// Acknowledgements.
    pub acknowledged: u64,
    /// Simulated time.
    pub simulated: Duration,
    /// What happened in the world.
    pub counts: Counts,
    /// The last lines of the trace.
    pub trace: Vec<String>,
}

/// Runs a plan; the last `keep` lines of the trace are kept.
pub fn run(plan: &Plan, keep: usize) -> Verdict {
    let plan = plan.clone();
    ottla_sim::run(plan.seed, keep, move |world| async move {
        let violation = carry_out(&world, &plan).await;
        let (trace_hash, events) = world.trace_hash();
        Verdict {
            violation: violation.1.err(),
            trace_hash,
            events,
            acknowledged: violation.0,
            simulated: world.elapsed(),
            counts: world.counts(),
            trace: world.trace_lines(),
        }
    })
}

type Histories = Arc<Vec<Mutex<ClientHistory>>>;

async fn carry_out(world: &World, plan: &Plan) -> (u64, Result<(), String>) {
    boot(world, plan);
    let partition = |at: usize, client: &ClientPlan| {
        Mutex::new(ClientHistory { partition: at as i32, idempotent: client.idempotent, records: Vec::new() })
    };
    let histories: Histories =
        Arc::new(plan.clients.iter().enumerate().map(|(at, c)| partition(at, c)).collect());
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    for (at, client) in plan.clients.iter().enumerate() {
        let env = world.boot(&format!("c{at}"));
        world.spawn(
            &format!("c{at}"),
            produce(env, *client, at, plan.partitions, histories.clone(), stop.clone()),
        );
    }
    let acknowledged = || histories.iter().map(|h| h.lock().expect(NO_PANIC).acknowledged()).sum::<u64>();
    for event in &plan.events {
        let at = Duration::from_millis(event.at_ms);
        if world.elapsed() < at {
            world.sleep(at - world.elapsed()).await;
        }
        inflict(world, plan, event.fault).await;
    }
    let least = Duration::from_secs(plan.seconds);
    let most = least + Duration::from_secs(300);
    while world.elapsed() < least || acknowledged() < plan.acknowledgements {
        if most < world.elapsed() {
            return (
                acknowledged(),
                Err(format!("STUCK: {} acknowledgements after {most:?}", acknowledged())),
            );
        }
        world.sleep(Duration::from_millis(100)).await;
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    world.sleep(Duration::from_millis(500)).await;
    // The clients end first: what they would send again is no part of what is judged. Then everything that
    // is not on the medium is gone.
    for at in 0..plan.clients.len() {
        world.crash(&format!("c{at}"), Crash::Process).await;
    }
    restart(world, plan, Crash::Power, 10).await;
    let contents = match read_back(world, plan.partitions).await {
        Ok(contents) => contents,
        Err(why) => return (acknowledged(), Err(why)),
    };
    let clients: Vec<ClientHistory> = histories.iter().map(|h| h.lock().expect(NO_PANIC).clone()).collect();
    (acknowledged(), check(&clients, &contents))
}

const NO_PANIC: &str = "a run ends with its first panic";

fn config(plan: &Plan) -> BrokerConfig {
    let mut config = BrokerConfig::default();
    let flush = if plan.acknowledge_before_sync { "9223372036854775807" } else { "1" };
    let checkpoint = plan.checkpoint_ms.to_string();
    for (name, value) in [
        ("listeners", "PLAINTEXT://b1:9092"),
        ("log.dirs", "data"),
        ("log.flush.interval.messages", flush),
        ("log.flush.offset.checkpoint.interval.ms", &checkpoint),
        // Clocks jump by hours: a broker that refuses timestamps for it is right, and is not what is judged.
        ("log.message.timestamp.after.max.ms", "9223372036854775807"),
        ("log.segment.bytes", "1048576"),
        ("log.index.interval.bytes", "1024"),
    ] {
        config.set(name, value).expect("the plan's settings are legal");
    }
    config
}

/// Boots the broker; it tries again for as long as its disk refuses.
fn boot(world: &World, plan: &Plan) {
    let env = world.boot(BROKER);
    let config = config(plan);
    world.spawn(BROKER, async move {
        loop {
            match Broker::start(env.clone(), config.clone()).await {
                Ok(running) => {
                    env.trace(format_args!("serves on {:?}", running.addresses));
                    // It serves until its node goes down.
                    std::future::pending::<()>().await;
                }
                Err(e) => {
                    env.trace(format_args!("did not start: {e}"));
                    env.sleep(Duration::from_millis(200)).await;
                }
            }
        }
    });
}

async fn restart(world: &World, plan: &Plan, how: Crash, down_ms: u64) {
    world.crash(BROKER, how).await;
    world.set_disk_faults(BROKER, DiskFaults::default());
    world.sleep(Duration::from_millis(down_ms.max(1))).await;
    boot(world, plan);
}

async fn inflict(world: &World, plan: &Plan, fault: Fault) {
    let clients = || (0..plan.clients.len()).map(|at| format!("c{at}"));
    let block = |out: bool, inn: bool, blocked: bool| {
        for client in clients() {
            if out {
                world.block(BROKER, &client, blocked);
            }
            if inn {
                world.block(&client, BROKER, blocked);
            }
        }
    };
    let (out, inn, for_ms) = match fault {
        Fault::ProcessCrash(down_ms) => return restart(world, plan, Crash::Process, down_ms).await,
        Fault::PowerLoss(down_ms) => return restart(world, plan, Crash::Power, down_ms).await,
        Fault::Pause(for_ms) => return world.pause(BROKER, Duration::from_millis(for_ms)).await,
        Fault::Reset => return world.reset_connections(BROKER),
        Fault::ClockJump(by_ms) => return world.jump_clock(BROKER, by_ms),
        Fault::FailedSyncs(one_in) => {
            let faults = DiskFaults { sync_fails: 1_000_000 / one_in, ..DiskFaults::default() };
            return fail_disk(world, plan, faults).await;
        }
        Fault::FailedWrites(one_in) => {
            let faults = DiskFaults { write_fails: 1_000_000 / one_in, ..DiskFaults::default() };
            return fail_disk(world, plan, faults).await;
        }
        Fault::FullDisk => {
            let used: u64 = world.files(BROKER).iter().map(|(_, size)| size).sum();
            let faults = DiskFaults { capacity_bytes: used + 1_000, ..DiskFaults::default() };
            return fail_disk(world, plan, faults).await;
        }
        Fault::BlockOut(for_ms) => (true, false, for_ms),
        Fault::BlockIn(for_ms) => (false, true, for_ms),
        Fault::Partition(for_ms) => (true, true, for_ms),
    };
    block(out, inn, true);
    world.sleep(Duration::from_millis(for_ms)).await;
    block(out, inn, false);
}

/// A disk that fails for a second; then an operator restarts the process, or the machine.
async fn fail_disk(world: &World, plan: &Plan, faults: DiskFaults) {
    world.set_disk_faults(BROKER, faults);
    world.sleep(Duration::from_secs(1)).await;
    let how = if world.draws("operator").below(2) == plan.seed % 2 { Crash::Power } else { Crash::Process };
    restart(world, plan, how, 50).await;
}

async fn produce(
    env: SimEnv,
    plan: ClientPlan,
    at: usize,
    partitions: i32,
    histories: Histories,
    stop: Arc<std::sync::atomic::AtomicBool>,
) {
    let mut config = ClientConfig::new("b1:9092");
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    if at == 0 {
        // The others wait until it is there.
        while let Err(e) = client.create_topic(TOPIC, partitions, 1, &[]).await {
            if !e.is_retriable() {
                break;
            }
            env.sleep(Duration::from_millis(100)).await;
        }
    }
    while client
        .describe_topics(Some(&[TOPIC]))
        .await
        .map_or(true, |m| m.topics.iter().any(|t| t.error_code != 0))
    {
        env.sleep(Duration::from_millis(50)).await;
    }
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
    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
        let size = (env.random_u64() % plan.value_bytes) as usize;
        let value: Bytes = format!("c{at}-{number:06}-{}", "x".repeat(size)).into();
        histories[at].lock().expect(NO_PANIC).records.push((value.to_vec(), Outcome::Unknown));
        let record = ProducerRecord {
            topic: TOPIC.into(),
            partition: Some(at as i32),
            value: Some(value),
            ..ProducerRecord::default()
        };
        if let Ok(report) = producer.send(record).await {
            let (histories, index) = (histories.clone(), number);
            env.spawn("report", async move {
                if let Ok(Ok(delivery)) = report.await {
                    histories[at].lock().expect(NO_PANIC).records[index].1 =
                        Outcome::Acknowledged(delivery.offset);
                }
            });
        }
        number += 1;
        env.sleep(Duration::from_millis(plan.every_ms)).await;
    }
}

/// Reads every partition from its start to its end.
async fn read_back(world: &World, partitions: i32) -> Result<Contents, String> {
    let env = world.boot("reader");
    let (sender, mut receiver) = slot();
    let reader_env = env.clone();
    world.spawn("reader", async move {
        let result = read_all(reader_env, partitions).await;
        *sender.lock().expect(NO_PANIC) = Some(result);
    });
    for _ in 0..6_000 {
        if let Some(result) = receiver() {
            return result;
        }
        world.sleep(Duration::from_millis(10)).await;
    }
    Err("STUCK: the records cannot be read back within a minute".into())
}

type Slot = Arc<Mutex<Option<Result<Contents, String>>>>;

fn slot() -> (Slot, impl FnMut() -> Option<Result<Contents, String>>) {
    let slot: Slot = Arc::default();
    let taken = slot.clone();
    (slot, move || taken.lock().expect(NO_PANIC).take())
}

async fn read_all(env: SimEnv, partitions: i32) -> Result<Contents, String> {
    let mut config = ClientConfig::new("b1:9092");
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let mut contents = Contents::new();
    for partition in 0..partitions {
        let deadline = env.now() + Duration::from_secs(30);
        let end = client.retry(deadline, || client.list_offset(TOPIC, partition, -1)).await;
        let end = end.map_err(|e| format!("UNREADABLE: partition {partition}: {e}"))?;
        let mut consumer = Consumer::new(client.clone(), ConsumerConfig::default());
        let assigned = consumer.assign(TOPIC, partition, Position::Earliest).await;
        assigned.map_err(|e| format!("UNREADABLE: partition {partition}: {e}"))?;
        let records = contents.entry(partition).or_default();
        while consumer.position(TOPIC, partition).is_some_and(|at| at < end) {
            match consumer.poll().await {
                Ok(polled) => records
                    .extend(polled.into_iter().map(|r| (r.offset, r.value.unwrap_or_default().to_vec()))),
                Err(e) if e.is_retriable() && env.now() < deadline => {
                    env.sleep(Duration::from_millis(100)).await
                }
                Err(e) => return Err(format!("UNREADABLE: partition {partition}: {e}")),
            }
        }
    }
    Ok(contents)
}
