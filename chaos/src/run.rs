//! Carries a plan out: one broker, its clients, and what goes wrong.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use ottla_broker::{Broker, GroupStats, Running};
use ottla_client::{
    Client, ClientConfig, ClientError,
    consumer::{Consumer, ConsumerConfig, ConsumerRecord, Position},
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{
    config::BrokerConfig,
    env::Env,
    errors::ErrorCode,
    group::{consumer::stored::Change, records::Record},
};
use ottla_sim::{Crash, SimEnv, World, disk::DiskFaults, world::Counts};

use crate::{
    check::check,
    group::{
        self, GroupHistory, REBALANCE, SESSION,
        check::{Kept, Seen},
    },
    history::{ClientHistory, Contents, Outcome},
    plan::{ClientPlan, Fault, Plan},
};

const BROKER: &str = "b1";
/// Where the clients of a single broker connect.
const SINGLE: &str = "b1:9092";
/// The topic that is judged.
pub(crate) const TOPIC: &str = "history";
/// Where coordinators keep what they know.
const OFFSETS_TOPIC: &str = "__consumer_offsets";

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
    /// What happened in the group's coordinators.
    pub groups: GroupStats,
    /// What the group's members saw.
    pub seen: Seen,
    /// The last lines of the trace.
    pub trace: Vec<String>,
}

/// Runs a plan; the last `keep` lines of the trace are kept.
pub fn run(plan: &Plan, keep: usize) -> Verdict {
    let plan = plan.clone();
    ottla_sim::run(plan.seed, keep, move |world| async move {
        let mut run = Run::new(&world, &plan);
        let violation = run.carry_out().await.err();
        Verdict::of(&world, violation, acknowledged(&run.histories), run.groups, run.seen)
    })
}

impl Verdict {
    /// Of a run that is over.
    pub(crate) fn of(
        world: &World,
        violation: Option<String>,
        acknowledged: u64,
        groups: GroupStats,
        seen: Seen,
    ) -> Verdict {
        let (trace_hash, events) = world.trace_hash();
        let (simulated, counts, trace) = (world.elapsed(), world.counts(), world.trace_lines());
        Verdict { violation, trace_hash, events, acknowledged, simulated, counts, groups, seen, trace }
    }
}

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

pub(crate) type Histories = Arc<Vec<Mutex<ClientHistory>>>;
/// The broker while it serves.
type Served = Arc<Mutex<Option<Running<SimEnv>>>>;

/// A plan that is being carried out.
struct Run<'a> {
    world: &'a World,
    plan: &'a Plan,
    histories: Histories,
    group: GroupHistory,
    served: Served,
    groups: GroupStats,
    seen: Seen,
}

impl Run<'_> {
    fn new<'a>(world: &'a World, plan: &'a Plan) -> Run<'a> {
        let histories = histories(&plan.clients);
        let (group, served) = (GroupHistory::default(), Served::default());
        let (groups, seen) = (GroupStats::default(), Seen::default());
        Run { world, plan, histories, group, served, groups, seen }
    }

    async fn carry_out(&mut self) -> Result<(), String> {
        let (world, plan) = (self.world, self.plan);
        self.boot();
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        for (at, client) in plan.clients.iter().enumerate() {
            let env = world.boot(&format!("c{at}"));
            let (histories, stop) = (self.histories.clone(), stop.clone());
            let to = Target { bootstrap: SINGLE.to_owned(), partitions: plan.partitions, replicas: 1 };
            world.spawn(&format!("c{at}"), produce(env, *client, at, to, histories, stop));
        }
        (0..plan.members.len()).for_each(|at| self.boot_member(at));
        for event in &plan.events {
            let at = Duration::from_millis(event.at_ms);
            if world.elapsed() < at {
                world.sleep(at - world.elapsed()).await;
            }
            self.inflict(event.fault).await;
        }
        let least = Duration::from_secs(plan.seconds);
        let most = least + Duration::from_secs(300);
        while world.elapsed() < least || acknowledged(&self.histories) < plan.acknowledgements {
            if most < world.elapsed() {
                return Err(format!(
                    "STUCK: {} acknowledgements after {most:?}",
                    acknowledged(&self.histories)
                ));
            }
            world.sleep(Duration::from_millis(100)).await;
        }
        self.settle_group().await?;
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        world.sleep(Duration::from_millis(500)).await;
        // The clients end first: what they would send again is no part of what is judged. Then everything that
        // is not on the medium is gone.
        let members = (0..plan.members.len()).map(|at| format!("m{at}"));
        for name in (0..plan.clients.len()).map(|at| format!("c{at}")).chain(members) {
            world.crash(&name, Crash::Process).await;
        }
        self.restart(Crash::Power, 10).await;
        let to = Target { bootstrap: SINGLE.to_owned(), partitions: plan.partitions, replicas: 1 };
        let (contents, kept) = read_back(world, &to, !plan.members.is_empty()).await?;
        self.seen = group::check::check(&self.group.lock().expect(NO_PANIC), &kept, &plan.members)?;
        self.take_stats();
        let clients: Vec<ClientHistory> =
            self.histories.iter().map(|h| h.lock().expect(NO_PANIC).clone()).collect();
        check(&clients, &contents)
    }

    /// Once faults have stopped, the group becomes stable within its time-outs, and its coordinator is the replay
    /// of its log.
    async fn settle_group(&self) -> Result<(), String> {
        if self.plan.members.is_empty() {
            return Ok(());
        }
        let up: Vec<usize> = (0..self.plan.members.len()).collect();
        let is_stable =
            || group::is_stable(&self.group.lock().expect(NO_PANIC), &up, TOPIC, self.plan.partitions);
        let until = self.world.elapsed() + 2 * (SESSION + REBALANCE) + Duration::from_secs(10);
        while !is_stable() {
            if until < self.world.elapsed() {
                return Err("UNSTABLE: the members do not share all partitions in time".into());
            }
            self.world.sleep(Duration::from_millis(100)).await;
        }
        let (result, mut taken) = slot();
        let (served, world) = (self.served.clone(), self.world);
        world.spawn(BROKER, async move {
            // It is put back before anybody looks for it.
            let running = served.lock().expect(NO_PANIC).take();
            let verdict = match &running {
                Some(running) => running.verify_groups().await,
                None => Ok(()),
            };
            *served.lock().expect(NO_PANIC) = running;
            *result.lock().expect(NO_PANIC) = Some(verdict);
        });
        for _ in 0..1_000 {
            if let Some(verdict) = taken() {
                return verdict.map_err(|why| format!("REPLAY: {why}"));
            }
            world.sleep(Duration::from_millis(10)).await;
        }
        Err("STUCK: the coordinators cannot be compared with their logs".into())
    }

    /// Adds what the broker that is about to end has counted.
    fn take_stats(&mut self) {
        if let Some(running) = self.served.lock().expect(NO_PANIC).take() {
            self.groups += running.group_stats();
        }
    }

    fn boot_member(&self, at: usize) {
        let (name, member) = (format!("m{at}"), self.plan.members[at]);
        let env = self.world.boot(&name);
        self.world
            .spawn(&name, group::member(env, (SINGLE.to_owned(), TOPIC), at, member, self.group.clone()));
    }

    /// Boots the broker; it tries again for as long as its disk refuses.
    fn boot(&self) {
        let env = self.world.boot(BROKER);
        let (config, served) = (config(self.plan), self.served.clone());
        self.world.spawn(BROKER, async move {
            loop {
                match Broker::start(env.clone(), config.clone()).await {
                    Ok(running) => {
                        env.trace(format_args!("serves on {:?}", running.addresses));
                        *served.lock().expect(NO_PANIC) = Some(running);
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

    async fn restart(&mut self, how: Crash, down_ms: u64) {
        self.take_stats();
        self.world.crash(BROKER, how).await;
        self.world.set_disk_faults(BROKER, DiskFaults::default());
        self.world.sleep(Duration::from_millis(down_ms.max(1))).await;
        self.boot();
    }

    async fn inflict(&mut self, fault: Fault) {
        let (world, plan) = (self.world, self.plan);
        let members = (0..plan.members.len()).map(|at| format!("m{at}"));
        let clients: Vec<String> =
            (0..plan.clients.len()).map(|at| format!("c{at}")).chain(members).collect();
        let block = |out: bool, inn: bool, blocked: bool| {
            for client in &clients {
                if out {
                    world.block(BROKER, client, blocked);
                }
                if inn {
                    world.block(client, BROKER, blocked);
                }
            }
        };
        let (out, inn, for_ms) = match fault {
            Fault::ProcessCrash(down_ms) => return self.restart(Crash::Process, down_ms).await,
            Fault::PowerLoss(down_ms) => return self.restart(Crash::Power, down_ms).await,
            Fault::Pause(for_ms) => return world.pause(BROKER, Duration::from_millis(for_ms)).await,
            Fault::Reset => return world.reset_connections(BROKER),
            Fault::ClockJump(by_ms) => return world.jump_clock(BROKER, by_ms),
            Fault::FailedSyncs(one_in) => {
                let faults = DiskFaults { sync_fails: 1_000_000 / one_in, ..DiskFaults::default() };
                return self.fail_disk(faults).await;
            }
            Fault::FailedWrites(one_in) => {
                let faults = DiskFaults { write_fails: 1_000_000 / one_in, ..DiskFaults::default() };
                return self.fail_disk(faults).await;
            }
            Fault::FullDisk => {
                let used: u64 = world.files(BROKER).iter().map(|(_, size)| size).sum();
                let faults = DiskFaults { capacity_bytes: used + 1_000, ..DiskFaults::default() };
                return self.fail_disk(faults).await;
            }
            Fault::MemberCrash(at, down_ms) => {
                world.crash(&format!("m{at}"), Crash::Process).await;
                world.sleep(Duration::from_millis(down_ms)).await;
                return self.boot_member(at);
            }
            Fault::MemberPause(at, for_ms) => {
                return world.pause(&format!("m{at}"), Duration::from_millis(for_ms)).await;
            }
            Fault::MemberReset(at) => return world.reset_connections(&format!("m{at}")),
            Fault::BlockOut(for_ms) => (true, false, for_ms),
            Fault::BlockIn(for_ms) => (false, true, for_ms),
            Fault::Partition(for_ms) => (true, true, for_ms),
        };
        block(out, inn, true);
        world.sleep(Duration::from_millis(for_ms)).await;
        block(out, inn, false);
    }

    /// A disk that fails for a second; then an operator restarts the process, or the machine.
    async fn fail_disk(&mut self, faults: DiskFaults) {
        let world = self.world;
        world.set_disk_faults(BROKER, faults);
        world.sleep(Duration::from_secs(1)).await;
        let draws_power = world.draws("operator").below(2) == self.plan.seed % 2;
        self.restart(if draws_power { Crash::Power } else { Crash::Process }, 50).await;
    }
}

pub(crate) const NO_PANIC: &str = "a run ends with its first panic";

fn config(plan: &Plan) -> BrokerConfig {
    let mut config = BrokerConfig::default();
    let flush = if plan.acknowledge_before_sync { "9223372036854775807" } else { "1" };
    let checkpoint = plan.checkpoint_ms.to_string();
    let session = SESSION.as_millis().to_string();
    for (name, value) in [
        ("listeners", "PLAINTEXT://b1:9092"),
        ("log.dirs", "data"),
        ("log.flush.interval.messages", flush),
        ("log.flush.offset.checkpoint.interval.ms", &checkpoint),
        // Clocks jump by hours: a broker that refuses timestamps for it is right, and is not what is judged.
        ("log.message.timestamp.after.max.ms", "9223372036854775807"),
        ("log.segment.bytes", "1048576"),
        ("log.index.interval.bytes", "1024"),
        ("group.initial.rebalance.delay.ms", "300"),
        ("group.min.session.timeout.ms", "1000"),
        ("group.consumer.min.session.timeout.ms", &session),
        ("group.consumer.session.timeout.ms", &session),
        ("group.consumer.heartbeat.interval.ms", "1000"),
        ("offsets.topic.num.partitions", "3"),
    ] {
        config.set(name, value).expect("the plan's settings are legal");
    }
    config
}

/// What clients work on.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) bootstrap: String,
    pub(crate) partitions: i32,
    pub(crate) replicas: i16,
}

pub(crate) async fn produce(
    env: SimEnv,
    plan: ClientPlan,
    at: usize,
    to: Target,
    histories: Histories,
    stop: Arc<std::sync::atomic::AtomicBool>,
) {
    let mut config = ClientConfig::new(&to.bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    if at == 0 {
        // The others wait until it is there.
        while let Err(e) = client.create_topic(TOPIC, to.partitions, to.replicas, &[]).await {
            // Some brokers may not be up yet.
            let waits = matches!(e, ClientError::Broker(ErrorCode::InvalidReplicationFactor, _));
            if !e.is_retriable() && !waits {
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
pub(crate) async fn read_back(
    world: &World,
    from: &Target,
    has_group: bool,
) -> Result<(Contents, Kept), String> {
    let from = from.clone();
    let env = world.boot("reader");
    let (sender, mut receiver) = slot();
    let reader_env = env.clone();
    world.spawn("reader", async move {
        let result = read_all(reader_env, &from, has_group).await;
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

pub(crate) type Slot<T> = Arc<Mutex<Option<T>>>;

/// Where a task leaves its result, and how it is taken from there.
pub(crate) fn slot<T>() -> (Slot<T>, impl FnMut() -> Option<T>) {
    let slot: Slot<T> = Slot::default();
    let taken = slot.clone();
    (slot, move || taken.lock().expect(NO_PANIC).take())
}

async fn read_all(env: SimEnv, from: &Target, has_group: bool) -> Result<(Contents, Kept), String> {
    let mut config = ClientConfig::new(&from.bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let mut contents = Contents::new();
    for partition in 0..from.partitions {
        let records = read_partition(&env, &client, TOPIC, partition).await?;
        let values = records.into_iter().map(|r| (r.offset, r.value.unwrap_or_default().to_vec()));
        contents.insert(partition, values.collect());
    }
    let mut kept = Kept::default();
    if has_group {
        let deadline = env.now() + Duration::from_secs(30);
        let asked = client.retry(deadline, || client.committed(group::GROUP)).await;
        kept.committed = asked.map_err(|e| format!("UNREADABLE: what is committed: {e}"))?;
        kept.generations = read_generations(&env, &client).await?;
    }
    Ok((contents, kept))
}

/// The records of a partition from its start to its end.
async fn read_partition(
    env: &SimEnv,
    client: &Client<SimEnv>,
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
async fn read_generations(env: &SimEnv, client: &Client<SimEnv>) -> Result<Vec<i32>, String> {
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
