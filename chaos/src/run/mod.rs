//! Carries a plan out: nodes, clients, what goes wrong, and what must hold meanwhile and in the end.

mod harm;
mod heal;
mod images;
mod invariants;
pub(crate) mod nemesis;
mod observed;
mod spent;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ottla_broker::{Broker, GroupStats, Running};
use ottla_core::{
    config::BrokerConfig,
    env::Env,
    situations::{self, Reached},
};
use ottla_sim::{Crash, SimEnv, World, disk::DiskFaults, draw::Stream, media::Disks, world::Counts};

use self::{
    harm::Split,
    invariants::Invariants,
    nemesis::{Action, Trimmed, timeline},
    observed::Observer,
};
use crate::{
    NO_PANIC,
    check::{Removed, check},
    group::{self, GroupHistory, SESSION, check::Seen},
    history::{ClientHistory, Outcome, Sent},
    plan::{ClientPlan, Flush, Oracle, Plan},
    readers::{self, Allowed, Readings},
    workload::{Histories, ReadBack, TOPIC, Target, acknowledged, histories, produce, read_back},
};

pub use nemesis::FAULT_NAMES;
pub use observed::{Moment, Observed};
pub use spent::Spent;

/// How often the invariants are looked at.
const LOOK: Duration = Duration::from_millis(10);
/// The operator's node.
const OPERATOR: &str = "operator";

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The violation, if there is one: a sentence that begins with its id and a colon.
    pub violation: Option<String>,
    /// All of them, the first of each kind: one, unless the oracle is [`Oracle::Everything`].
    pub violations: Vec<String>,
    /// The trace's hash.
    pub trace_hash: u64,
    /// Events of the trace.
    pub events: u64,
    /// Those of them until the last fault.
    pub events_under_load: u64,
    /// Acknowledgements.
    pub acknowledged: u64,
    /// Records that readers and members were given.
    pub read: u64,
    /// Simulated time.
    pub simulated: Duration,
    /// What happened in the world.
    pub counts: Counts,
    /// What happened in the group's coordinators.
    pub groups: GroupStats,
    /// What the group's members saw.
    pub seen: Seen,
    /// Aimed faults that found nobody.
    pub missed: u64,
    /// What the code under test has reached, by what was going wrong ([`FAULT_NAMES`]).
    pub reached: Reached,
    /// What its real time went to.
    pub spent: Spent,
    /// The last lines of the trace.
    pub trace: Vec<String>,
}

impl Verdict {
    /// The id of the violation: the name of an anomaly or an invariant, or `PANIC`.
    pub fn id(&self) -> Option<&str> {
        self.violation.as_deref().map(|text| text.split(':').next().unwrap_or(text))
    }
}

/// Runs a plan; the last `keep` lines of the trace are kept. A broken assertion of the code under test is a violation like
/// others; nothing else is told of such a run.
///
/// # Panics
/// The plan does not [fit together](Plan::validate).
pub fn run(plan: &Plan, keep: usize) -> Verdict {
    run_observed(plan, keep, None)
}

/// Runs a plan, keeps its whole trace, and observes its replicas and clients. That changes nothing of the run.
///
/// # Panics
/// As [`run`].
pub fn observe(plan: &Plan) -> (Verdict, Observed) {
    let observer = Observer::default();
    let verdict = run_observed(plan, usize::MAX, Some(observer.clone()));
    let observed = std::mem::take(&mut *observer.lock().expect(NO_PANIC));
    (verdict, observed)
}

fn run_observed(plan: &Plan, keep: usize, observer: Option<Observer>) -> Verdict {
    plan.validate().expect("a plan that fits together");
    let (seed, plan) = (plan.seed, plan.clone());
    let judged = catch_unwind(AssertUnwindSafe(|| {
        ottla_sim::run(seed, keep, move |world| async move {
            let began = spent::now();
            let mut run = Run { observer, ..Run::new(&world, &plan) };
            let end = run.carry_out().await;
            run.violations.extend(end.err());
            run.observe_clients();
            let (trace_hash, events) = world.trace_hash();
            Verdict {
                violation: run.violations.first().cloned(),
                violations: std::mem::take(&mut run.violations),
                trace_hash,
                events,
                events_under_load: run.events_under_load,
                acknowledged: acknowledged(&run.histories),
                read: readers::read_of(&run.readings) + group::read_of(&run.group),
                simulated: world.elapsed(),
                counts: world.counts(),
                groups: run.groups,
                seen: run.seen,
                missed: run.missed,
                reached: situations::take(),
                spent: Spent { total: spent::now() - began, ..run.spent },
                trace: world.trace_lines(),
            }
        })
    }));
    judged.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        // What is asserted by an invariant's id begins with it.
        let id = text.split(':').next().unwrap_or_default();
        let is_named =
            id.contains('-') && id.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
        let violation = if is_named { text } else { format!("PANIC: {text}") };
        Verdict { violation: Some(violation.clone()), violations: vec![violation], ..Verdict::default() }
    })
}

/// A node's process.
type Served = Arc<Mutex<Option<Running<SimEnv>>>>;

/// A plan that is being carried out.
struct Run<'a> {
    world: &'a World,
    plan: &'a Plan,
    served: Vec<Served>,
    /// Nodes whose start was refused: their processes end.
    refused: Vec<Arc<AtomicBool>>,
    /// Nodes that have lost a disk, and have not got their place among the voters again.
    lost: Vec<usize>,
    /// When a node last lost something that it had acknowledged, or may have.
    harmed_at: Duration,
    /// When an operator was last told to let a voter go.
    removal_at: Option<Duration>,
    incarnations: Vec<u64>,
    /// How many faults block each link, or hold each node or member down.
    blocks: BTreeMap<(String, String), u32>,
    downs: Vec<u32>,
    member_downs: Vec<u32>,
    histories: Histories,
    group: GroupHistory,
    groups: GroupStats,
    seen: Seen,
    invariants: Invariants,
    operator: SimEnv,
    /// What is still to be done, by time.
    timeline: VecDeque<(Duration, Action)>,
    split: Option<Split>,
    /// Nodes that have each other's disks.
    swapped: BTreeSet<[usize; 2]>,
    /// Copies of disks that were made.
    copies: BTreeMap<usize, Disks>,
    /// How far operators had records removed.
    trimmed: Trimmed,
    /// A node that has met a harm at its event.
    trapped: Arc<Mutex<Option<usize>>>,
    /// What images showed.
    found: Option<String>,
    image_draws: Stream,
    readings: Readings,
    events_under_load: u64,
    /// Aimed faults that found nobody.
    missed: u64,
    spent: Spent,
    violations: Vec<String>,
    observer: Option<Observer>,
}

fn name(node: usize) -> String {
    format!("b{node}")
}

fn member_name(member: usize) -> String {
    format!("m{member}")
}

fn reader_name(reader: usize) -> String {
    format!("r{reader}")
}

fn client_name(client: usize) -> String {
    format!("c{client}")
}

fn config(plan: &Plan, node: usize) -> BrokerConfig {
    let mut config = BrokerConfig::default();
    let place = |node: usize| (format!("b{node}:9092"), format!("b{node}:9093"));
    for (name, value) in settings(plan, node, place) {
        config.set(name, &value).expect("the plan's settings are legal");
    }
    config.set("log.dirs", "data").expect("a directory");
    config
}

/// The settings of a node but for its directory. A node's place is its address for clients, and that for controllers.
pub(crate) fn settings(
    plan: &Plan,
    node: usize,
    place: impl Fn(usize) -> (String, String),
) -> Vec<(&'static str, String)> {
    let (clients, controllers) = place(node);
    let mut all = Vec::new();
    if 1 < plan.nodes {
        let nodes = 1..=plan.nodes;
        if plan.quorum.is_found {
            let servers: Vec<String> = nodes.map(|n| place(n).1).collect();
            all.push(("controller.quorum.bootstrap.servers", servers.join(",")));
        } else {
            let voters: Vec<String> = nodes.map(|n| format!("{n}@{}", place(n).1)).collect();
            all.push(("controller.quorum.voters", voters.join(",")));
        }
        all.push(("node.id", node.to_string()));
        if 0 < plan.racks {
            all.push(("broker.rack", format!("rack{}", node % plan.racks)));
        }
        all.push(("controller.quorum.auto.join.enable", "true".to_owned()));
        all.push(("listeners", format!("PLAINTEXT://{clients},CONTROLLER://{controllers}")));
        all.push(("broker.session.timeout.ms", plan.session_ms.to_string()));
        all.push(("broker.heartbeat.interval.ms", (plan.session_ms / 4).max(1).to_string()));
    } else {
        all.push(("listeners", format!("PLAINTEXT://{clients}")));
    }
    let flush = if plan.flush == Flush::Each { 1 } else { i64::MAX };
    all.extend([
        ("metadata.log.max.record.bytes.between.snapshots", plan.quorum.snapshot_bytes.to_string()),
        ("metadata.max.retention.bytes", plan.quorum.retention_bytes.to_string()),
        ("ottla.http.listener", String::new()),
        ("min.insync.replicas", plan.min_in_sync.to_string()),
        ("unclean.leader.election.enable", plan.unclean.to_string()),
        ("log.flush.interval.messages", flush.to_string()),
        ("default.replication.factor", plan.replicas().to_string()),
        ("offsets.topic.replication.factor", plan.replicas().to_string()),
        ("offsets.topic.num.partitions", "2".to_owned()),
        // Whoever asks for the topic before it is there would make it in another shape.
        ("auto.create.topics.enable", "false".to_owned()),
        ("replica.lag.time.max.ms", plan.lag_ms.to_string()),
        ("leader.imbalance.check.interval.seconds", plan.rebalance_s.to_string()),
        ("log.flush.offset.checkpoint.interval.ms", plan.checkpoint_ms.to_string()),
        // Clocks jump by hours: a broker that refuses timestamps for it is right, and is not what is judged.
        ("log.message.timestamp.after.max.ms", "9223372036854775807".to_owned()),
        ("log.segment.bytes", "1048576".to_owned()),
        ("log.retention.check.interval.ms", "1000".to_owned()),
        ("log.index.interval.bytes", "1024".to_owned()),
        ("group.initial.rebalance.delay.ms", "300".to_owned()),
        ("group.min.session.timeout.ms", "1000".to_owned()),
        ("group.consumer.min.session.timeout.ms", SESSION.as_millis().to_string()),
        ("group.consumer.session.timeout.ms", SESSION.as_millis().to_string()),
        ("group.consumer.heartbeat.interval.ms", "1000".to_owned()),
    ]);
    all
}

/// What a run or a real cluster has told its clients.
pub(crate) struct Told<'a> {
    pub(crate) histories: &'a Histories,
    pub(crate) group: &'a GroupHistory,
    pub(crate) readings: &'a Readings,
    /// How far operators had records removed.
    pub(crate) trimmed: BTreeMap<i32, i64>,
}

/// Judges what clients were told, and what is there in the end.
pub(crate) fn judge(plan: &Plan, told: &Told<'_>, read: &ReadBack) -> (Vec<String>, Seen) {
    let (mut found, mut seen) = (Vec::new(), Seen::default());
    // Where the offsets topic may lose what was committed, nothing is promised of groups.
    match group::check::check(&told.group.lock().expect(NO_PANIC), &read.kept, &plan.members) {
        Ok(all) => seen = all,
        Err(_) if plan.unclean && plan.oracle == Oracle::Promise => {}
        Err(violation) => found.push(violation),
    }
    let promised = |(history, client): (&Mutex<ClientHistory>, &ClientPlan)| {
        let mut history = history.lock().expect(NO_PANIC).clone();
        // What one replica has acknowledged alone may be lost with it, and what is not waited for on its way.
        let may_lose = client.acks == 0 || plan.unclean || client.acks == 1 && 1 < plan.nodes;
        if may_lose && plan.oracle == Oracle::Promise {
            let is_told = |sent: &&mut Sent| matches!(sent.outcome, Outcome::Acknowledged(_));
            history.records.iter_mut().filter(is_told).for_each(|sent| sent.outcome = Outcome::Unknown);
            history.idempotent &= !plan.unclean;
        }
        history
    };
    let clients: Vec<ClientHistory> = told.histories.iter().zip(&plan.clients).map(promised).collect();
    let removed = Removed { anywhere: 0 < plan.retained_bytes, below: told.trimmed.clone() };
    found.extend(check(&clients, &read.contents, &removed));
    let readings = told.readings.iter().map(|reading| reading.lock().expect(NO_PANIC).clone());
    let allowed = Allowed {
        removed: removed.anywhere || !removed.below.is_empty(),
        lost: plan.unclean && plan.oracle == Oracle::Promise,
    };
    found.extend(readers::check(&readings.collect::<Vec<_>>(), &read.contents, allowed));
    (found, seen)
}

impl<'a> Run<'a> {
    fn new(world: &'a World, plan: &'a Plan) -> Run<'a> {
        Run {
            world,
            plan,
            served: (0..=plan.nodes).map(|_| Served::default()).collect(),
            refused: (0..=plan.nodes).map(|_| Arc::default()).collect(),
            lost: Vec::new(),
            harmed_at: Duration::ZERO,
            removal_at: None,
            incarnations: vec![0; plan.nodes + 1],
            blocks: BTreeMap::new(),
            downs: vec![0; plan.nodes + 1],
            member_downs: vec![0; plan.members.len()],
            histories: histories(&plan.clients),
            group: GroupHistory::default(),
            groups: GroupStats::default(),
            seen: Seen::default(),
            invariants: Invariants::of(plan.unclean),
            operator: world.boot(OPERATOR),
            timeline: timeline(plan),
            split: None,
            swapped: BTreeSet::new(),
            copies: BTreeMap::new(),
            trimmed: Trimmed::default(),
            trapped: Arc::default(),
            found: None,
            image_draws: world.draws("image"),
            readings: Arc::new((0..plan.readers).map(|_| Mutex::default()).collect()),
            events_under_load: 0,
            missed: 0,
            spent: Spent::default(),
            violations: Vec::new(),
            observer: None,
        }
    }

    fn clients(&self) -> Vec<String> {
        let producers = (0..self.plan.clients.len()).map(client_name);
        let readers = (0..self.plan.readers).map(reader_name);
        producers.chain(readers).chain((0..self.plan.members.len()).map(member_name)).collect()
    }

    async fn carry_out(&mut self) -> Result<(), String> {
        let (world, plan) = (self.world, self.plan);
        self.set_trap();
        (1..=plan.nodes).for_each(|node| self.boot(node));
        let stop = Arc::new(AtomicBool::new(false));
        self.boot_clients(&stop);
        (0..plan.members.len()).for_each(|at| self.boot_member(at));
        let end = Duration::from_secs(plan.seconds);
        loop {
            // What happens may add to the timeline.
            match self.timeline.front().map(|(at, _)| *at) {
                Some(at) if at <= world.elapsed() => {
                    let (_, action) = self.timeline.pop_front().expect("it was seen");
                    self.act(action).await;
                }
                Some(at) => self.watch_until(at).await?,
                None if world.elapsed() < end => self.watch_until(end).await?,
                None => break,
            }
        }
        self.events_under_load = world.trace_hash().1;
        self.heal().await;
        let serves = self.serves_again().await;
        self.goes_on(serves)?;
        let settled = self.settle_group().await;
        self.goes_on(settled)?;
        stop.store(true, Ordering::Relaxed);
        self.watch_until(world.elapsed() + Duration::from_millis(500)).await?;
        // The clients end first: what they would send again is no part of what is judged.
        for client in self.clients() {
            world.crash(&client, Crash::Process).await;
        }
        // Everything that is on no medium is gone, where that was promised.
        let how = if plan.flush == Flush::Each { Crash::Power } else { Crash::Process };
        for node in 1..=plan.nodes {
            self.down(node, how).await;
        }
        let found = self.found.take();
        self.goes_on(found.map_or(Ok(()), Err))?;
        (1..=plan.nodes).for_each(|node| self.boot(node));
        let before = spent::now();
        let read = read_back(world, &Target::of(plan), !plan.members.is_empty()).await?;
        self.goes_on(read.unreadable.clone().map_or(Ok(()), Err))?;
        let trimmed = self.trimmed.lock().expect(NO_PANIC).clone();
        let (histories, group, readings) = (&self.histories, &self.group, &self.readings);
        let (found, seen) = judge(plan, &Told { histories, group, readings, trimmed }, &read);
        self.seen = seen;
        self.spent.judging += spent::now() - before;
        found.into_iter().try_for_each(|violation| self.goes_on(Err(violation)))
    }

    /// What breaks the promise ends the run. Where everything is looked at, it goes on.
    fn goes_on(&mut self, result: Result<(), String>) -> Result<(), String> {
        match self.plan.oracle {
            Oracle::Promise => result,
            Oracle::Everything => {
                self.violations.extend(result.err());
                Ok(())
            }
        }
    }

    /// Lets time pass until then, or until something is to be done; looks at the invariants all the while.
    async fn watch_until(&mut self, at: Duration) -> Result<(), String> {
        while self.world.elapsed() < at {
            if self.timeline.front().is_some_and(|(at, _)| *at <= self.world.elapsed()) {
                break;
            }
            // A vote that is told before it is on disk is there some milliseconds later.
            let step = if self.split.is_some() { Duration::from_millis(1) } else { LOOK };
            self.world.sleep((at - self.world.elapsed()).min(step)).await;
            let before = spent::now();
            let looked = self.look();
            self.spent.invariants += spent::now() - before;
            looked?;
            self.spring();
            self.start_again().await;
            self.ask_again().await;
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), String> {
        self.observe();
        let found = self.found.take();
        self.goes_on(found.map_or(Ok(()), Err))?;
        if self.plan.oracle == Oracle::Everything {
            // What was not promised does not hold.
            return Ok(());
        }
        let guards: Vec<_> = self.served.iter().map(|served| served.lock().expect(NO_PANIC)).collect();
        let up: Vec<_> = guards
            .iter()
            .enumerate()
            .filter_map(|(node, running)| Some((node, self.incarnations[node], running.as_ref()?)))
            .collect();
        self.invariants.check(&up)
    }

    /// A supervisor starts processes again that have ended.
    async fn start_again(&mut self) {
        for node in 1..=self.plan.nodes {
            if self.refused[node].swap(false, Ordering::Relaxed) && self.world.is_up(&name(node)) {
                self.down(node, Crash::Process).await;
                self.boot(node);
            }
        }
    }

    fn boot(&mut self, node: usize) {
        let env = self.world.boot(&name(node));
        self.incarnations[node] += 1;
        let (config, served) = (config(self.plan, node), self.served[node].clone());
        self.refused[node] = Arc::default();
        let refused = self.refused[node].clone();
        self.world.spawn(&name(node), async move {
            match Broker::start(env.clone(), config).await {
                Ok(running) => {
                    env.trace(format_args!("serves on {:?}", running.addresses));
                    *served.lock().expect(NO_PANIC) = Some(running);
                }
                Err(e) => {
                    env.trace(format_args!("did not start: {e}"));
                    env.sleep(Duration::from_millis(200)).await;
                    refused.store(true, Ordering::Relaxed);
                }
            }
            // What it serves it serves until its node goes down.
            std::future::pending::<()>().await;
        });
    }

    fn boot_clients(&self, stop: &Arc<AtomicBool>) {
        let (world, plan, target) = (self.world, self.plan, Target::of(self.plan));
        for (at, client) in plan.clients.iter().enumerate() {
            let (env, time) = (world.boot(&client_name(at)), world.clone());
            let (histories, stop) = (self.histories.clone(), stop.clone());
            let elapsed = move || time.elapsed();
            let client = produce((env, elapsed), *client, at, target.clone(), histories, stop);
            world.spawn(&client_name(at), client);
        }
        for at in 0..plan.readers {
            let env = world.boot(&reader_name(at));
            let (bootstrap, readings) = (target.bootstrap.clone(), self.readings.clone());
            world.spawn(&reader_name(at), readers::read(env, bootstrap, plan.partitions, at, readings));
        }
    }

    fn boot_member(&self, at: usize) {
        let env = self.world.boot(&member_name(at));
        let place = (Target::of(self.plan).bootstrap, TOPIC);
        let member = group::member(env, place, at, self.plan.members[at], self.group.clone());
        self.world.spawn(&member_name(at), member);
    }

    async fn down(&mut self, node: usize, how: Crash) {
        if how == Crash::Power {
            let before = spent::now();
            self.recover_images(node).await;
            self.spent.images += spent::now() - before;
        }
        let running = self.served[node].lock().expect(NO_PANIC).take();
        if let Some(running) = &running {
            self.groups += running.group_stats();
        }
        if self.world.is_up(&name(node)) {
            self.world.crash(&name(node), how).await;
        }
        self.world.set_disk_faults(&name(node), DiskFaults::default());
    }
}
