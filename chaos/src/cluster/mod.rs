//! Carries the plan of a cluster out: its nodes, its clients, what goes wrong, and what must hold meanwhile.

mod harm;
mod invariants;
pub mod plan;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ottla_broker::{Broker, GroupStats, Running, inspect::ReplicaState};
use ottla_client::{Client, ClientConfig, ClientError};
use ottla_core::{config::BrokerConfig, env::Env, types::Uuid};
use ottla_sim::{Crash, SimEnv, World, disk::DiskFaults};

use self::{
    harm::Split,
    invariants::Invariants,
    plan::{ClusterPlan, Fault},
};
use crate::{
    check::check,
    group::{self, GroupHistory, REBALANCE, SESSION, check::Seen},
    history::{ClientHistory, Outcome},
    run::{Histories, NO_PANIC, TOPIC, Target, Verdict, acknowledged, histories, produce, read_back},
};

/// How long a cluster has, once nothing goes wrong any more, to serve everything again.
const HEAL: Duration = Duration::from_secs(60);
/// How often the invariants are looked at.
const LOOK: Duration = Duration::from_millis(10);

/// What a fault does at a moment.
#[derive(Clone, Copy, Debug)]
enum Action {
    Down(usize, Crash),
    Up(usize),
    Hold(usize),
    Release(usize),
    Block(usize, usize),
    Unblock(usize, usize),
    /// From and to the clients.
    BlockClients(usize, bool, bool),
    UnblockClients(usize, bool, bool),
    Reset(usize),
    Jump(usize, i64),
    Disk(usize, DiskFaults),
    Operate(Operation),
    /// A node goes down, and its disk with it, if nothing is lost by that.
    LoseDisk(usize),
    /// Two nodes go down, and what the first has of the partitions is damaged, if nothing is lost by that.
    Damage(usize, usize),
    /// The active controller goes down, and gives its vote to one half of the others; what it knows of that is lost, if
    /// it was not kept, and the other half asks. Its links are whole again after so many milliseconds.
    SplitVote(u64),
}

/// What an operator does.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Reassign(i32, [i32; 3]),
    GiveUp(i32),
    Elect,
    RemoveVoter(i32),
}

/// The operator's node.
const OPERATOR: &str = "operator";

/// A node's process.
type Served = Arc<Mutex<Option<Running<SimEnv>>>>;

struct Run<'a> {
    world: &'a World,
    plan: &'a ClusterPlan,
    served: Vec<Served>,
    /// Nodes whose start was refused: their processes end.
    refused: Vec<Arc<AtomicBool>>,
    /// Nodes that have lost a disk, and have not got their place among the voters again.
    lost: Vec<usize>,
    /// When a node last lost something that it had acknowledged, or may have.
    harmed_at: Duration,
    incarnations: Vec<u64>,
    /// How many faults block each link, or hold each node down.
    blocks: BTreeMap<(String, String), u32>,
    downs: Vec<u32>,
    histories: Histories,
    group: GroupHistory,
    groups: GroupStats,
    seen: Seen,
    invariants: Invariants,
    operator: SimEnv,
    /// What is still to be done, by time.
    timeline: VecDeque<(Duration, Action)>,
    split: Option<Split>,
}

/// Runs a plan; the last `keep` lines of the trace are kept.
pub fn run_cluster(plan: &ClusterPlan, keep: usize) -> Verdict {
    let plan = plan.clone();
    ottla_sim::run(plan.seed, keep, move |world| async move {
        let mut run = Run::new(&world, &plan);
        let violation = run.carry_out().await.err();
        Verdict::of(&world, violation, acknowledged(&run.histories), run.groups, run.seen)
    })
}

fn name(node: usize) -> String {
    format!("b{node}")
}

fn bootstrap(nodes: usize) -> String {
    (1..=nodes).map(|node| format!("b{node}:9092")).collect::<Vec<_>>().join(",")
}

fn config(plan: &ClusterPlan, node: usize) -> BrokerConfig {
    let (by_id, by_address): (Vec<String>, Vec<String>) =
        (1..=plan.nodes).map(|n| (format!("{n}@b{n}:9093"), format!("b{n}:9093"))).unzip();
    let quorum = if plan.quorum.is_found {
        ("controller.quorum.bootstrap.servers", by_address.join(","))
    } else {
        ("controller.quorum.voters", by_id.join(","))
    };
    let mut config = BrokerConfig::default();
    for (name, value) in [
        ("node.id", node.to_string()),
        quorum,
        ("controller.quorum.auto.join.enable", "true".to_owned()),
        ("metadata.log.max.record.bytes.between.snapshots", plan.quorum.snapshot_bytes.to_string()),
        ("metadata.max.retention.bytes", plan.quorum.retention_bytes.to_string()),
        ("listeners", format!("PLAINTEXT://b{node}:9092,CONTROLLER://b{node}:9093")),
        ("log.dirs", "data".to_owned()),
        ("ottla.http.listener", String::new()),
        ("min.insync.replicas", plan.min_in_sync.to_string()),
        ("log.flush.interval.messages", if plan.page_cache { i64::MAX } else { 1 }.to_string()),
        ("default.replication.factor", "3".to_owned()),
        ("offsets.topic.replication.factor", "3".to_owned()),
        ("offsets.topic.num.partitions", "2".to_owned()),
        ("broker.session.timeout.ms", plan.session_ms.to_string()),
        ("broker.heartbeat.interval.ms", (plan.session_ms / 4).to_string()),
        ("replica.lag.time.max.ms", plan.lag_ms.to_string()),
        ("leader.imbalance.check.interval.seconds", plan.rebalance_s.to_string()),
        ("log.flush.offset.checkpoint.interval.ms", plan.checkpoint_ms.to_string()),
        ("log.message.timestamp.after.max.ms", "9223372036854775807".to_owned()),
        ("log.segment.bytes", "1048576".to_owned()),
        ("log.index.interval.bytes", "1024".to_owned()),
        ("group.initial.rebalance.delay.ms", "300".to_owned()),
        ("group.min.session.timeout.ms", "1000".to_owned()),
        ("group.consumer.min.session.timeout.ms", SESSION.as_millis().to_string()),
        ("group.consumer.session.timeout.ms", SESSION.as_millis().to_string()),
        ("group.consumer.heartbeat.interval.ms", "1000".to_owned()),
    ] {
        config.set(name, &value).expect("the plan's settings are legal");
    }
    config
}

impl<'a> Run<'a> {
    fn new(world: &'a World, plan: &'a ClusterPlan) -> Run<'a> {
        Run {
            world,
            plan,
            served: (0..=plan.nodes).map(|_| Served::default()).collect(),
            refused: (0..=plan.nodes).map(|_| Arc::default()).collect(),
            lost: Vec::new(),
            harmed_at: Duration::ZERO,
            incarnations: vec![0; plan.nodes + 1],
            blocks: BTreeMap::new(),
            downs: vec![0; plan.nodes + 1],
            histories: histories(&plan.clients),
            group: GroupHistory::default(),
            groups: GroupStats::default(),
            seen: Seen::default(),
            invariants: Invariants::default(),
            operator: world.boot(OPERATOR),
            timeline: timeline(plan),
            split: None,
        }
    }

    fn target(&self) -> Target {
        Target { bootstrap: bootstrap(self.plan.nodes), partitions: self.plan.partitions, replicas: 3 }
    }

    fn clients(&self) -> Vec<String> {
        let producers = (0..self.plan.clients.len()).map(|at| format!("c{at}"));
        producers.chain((0..self.plan.members.len()).map(|at| format!("m{at}"))).collect()
    }

    async fn carry_out(&mut self) -> Result<(), String> {
        let (world, plan) = (self.world, self.plan);
        (1..=plan.nodes).for_each(|node| self.boot(node));
        let stop = Arc::new(AtomicBool::new(false));
        for (at, client) in plan.clients.iter().enumerate() {
            let env = world.boot(&format!("c{at}"));
            let (histories, stop) = (self.histories.clone(), stop.clone());
            world.spawn(&format!("c{at}"), produce(env, *client, at, self.target(), histories, stop));
        }
        for (at, member) in plan.members.iter().enumerate() {
            let env = world.boot(&format!("m{at}"));
            let place = (bootstrap(plan.nodes), TOPIC);
            world.spawn(&format!("m{at}"), group::member(env, place, at, *member, self.group.clone()));
        }
        while let Some((at, action)) = self.timeline.pop_front() {
            self.watch_until(at).await?;
            self.act(action).await;
        }
        self.watch_until(Duration::from_secs(plan.seconds)).await?;
        self.heal().await;
        self.serves_again().await?;
        self.settle_group().await?;
        stop.store(true, Ordering::Relaxed);
        self.watch_until(world.elapsed() + Duration::from_millis(500)).await?;
        for client in self.clients() {
            world.crash(&client, Crash::Process).await;
        }
        self.take_stats();
        // Everything that is on no medium is gone, where that was promised.
        let how = if plan.page_cache { Crash::Process } else { Crash::Power };
        for node in 1..=plan.nodes {
            self.down(node, how).await;
        }
        (1..=plan.nodes).for_each(|node| self.boot(node));
        let (contents, kept) = read_back(world, &self.target(), !plan.members.is_empty()).await?;
        self.seen = group::check::check(&self.group.lock().expect(NO_PANIC), &kept, &plan.members)?;
        let promised = |(history, client): (&Mutex<ClientHistory>, &crate::plan::ClientPlan)| {
            let mut history = history.lock().expect(NO_PANIC).clone();
            if client.acks != -1 {
                // What one replica has acknowledged alone may be lost with it.
                history.records.iter_mut().for_each(|(_, outcome)| *outcome = Outcome::Unknown);
            }
            history
        };
        let clients: Vec<ClientHistory> = self.histories.iter().zip(&plan.clients).map(promised).collect();
        check(&clients, &contents)
    }

    /// Lets time pass, and looks at the invariants all the while.
    async fn watch_until(&mut self, at: Duration) -> Result<(), String> {
        while self.world.elapsed() < at {
            // A vote that is told before it is on disk is there some milliseconds later.
            let step = if self.split.is_some() { Duration::from_millis(1) } else { LOOK };
            self.world.sleep((at - self.world.elapsed()).min(step)).await;
            self.look()?;
            self.start_again().await;
            self.ask_again().await;
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), String> {
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

    fn take_stats(&mut self) {
        for node in 1..=self.plan.nodes {
            let running = self.served[node].lock().expect(NO_PANIC).take();
            if let Some(running) = &running {
                self.groups += running.group_stats();
            }
        }
    }

    async fn down(&mut self, node: usize, how: Crash) {
        let running = self.served[node].lock().expect(NO_PANIC).take();
        if let Some(running) = &running {
            self.groups += running.group_stats();
        }
        if self.world.is_up(&name(node)) {
            self.world.crash(&name(node), how).await;
        }
        self.world.set_disk_faults(&name(node), DiskFaults::default());
    }

    fn block(&mut self, from: &str, to: &str, is_blocked: bool) {
        let count = self.blocks.entry((from.to_owned(), to.to_owned())).or_default();
        match (is_blocked, *count) {
            (true, 0) => self.world.block(from, to, true),
            (false, 1) => self.world.block(from, to, false),
            _ => {}
        }
        *count = if is_blocked { *count + 1 } else { count.saturating_sub(1) };
    }

    fn schedule(&mut self, at: Duration, action: Action) {
        let place = self.timeline.partition_point(|(planned, _)| *planned <= at);
        self.timeline.insert(place, (at, action));
    }

    async fn act(&mut self, action: Action) {
        let (world, plan) = (self.world, self.plan);
        world.trace("plan", format_args!("{action:?}"));
        match action {
            Action::Down(node, how) => {
                self.downs[node] += 1;
                self.crash(node, how).await;
            }
            Action::Up(node) => {
                self.downs[node] -= 1;
                if self.downs[node] == 0 && !world.is_up(&name(node)) {
                    self.boot(node);
                }
            }
            Action::Hold(node) => world.hold(&name(node)),
            Action::Release(node) => world.release(&name(node)),
            Action::Block(from, to) => self.block(&name(from), &name(to), true),
            Action::Unblock(from, to) => self.block(&name(from), &name(to), false),
            Action::BlockClients(node, out, inn) => self.block_clients(node, (out, inn), true),
            Action::UnblockClients(node, out, inn) => self.block_clients(node, (out, inn), false),
            Action::Reset(node) => world.reset_connections(&name(node)),
            Action::Jump(node, by_ms) => world.jump_clock(&name(node), by_ms),
            // After a sync that failed the page cache is not believed.
            Action::Disk(_, faults) if plan.page_cache && 0 < faults.sync_fails && !self.may_harm() => {}
            Action::Disk(node, faults) => world.set_disk_faults(&name(node), faults),
            Action::LoseDisk(node) => {
                self.downs[node] += 1;
                let may_lose = self.may_harm();
                let how = if may_lose || !plan.page_cache { Crash::Power } else { Crash::Process };
                self.down(node, how).await;
                if may_lose {
                    world.lose_disks(&name(node));
                    self.lost.push(node);
                }
            }
            Action::Damage(node, next) => {
                let may_damage = self.may_harm();
                for node in [next, node] {
                    self.downs[node] += 1;
                    self.down(node, Crash::Process).await;
                }
                if may_damage {
                    self.damage(node);
                }
            }
            Action::SplitVote(for_ms) => self.split_vote(for_ms).await,
            // Whoever lets a voter go while another's disk is lost may have no majority any more.
            Action::Operate(Operation::RemoveVoter(_)) if self.is_any_lost() => {}
            Action::Operate(operation) => {
                let env = self.operator.clone();
                world.spawn(OPERATOR, operate(env, bootstrap(self.plan.nodes), operation));
            }
        }
    }

    fn block_clients(&mut self, node: usize, (out, inn): (bool, bool), is_blocked: bool) {
        for client in self.clients() {
            if out {
                self.block(&name(node), &client, is_blocked);
            }
            if inn {
                self.block(&client, &name(node), is_blocked);
            }
        }
    }

    /// Nothing goes wrong any more.
    async fn heal(&mut self) {
        self.world.trace("plan", format_args!("heal"));
        self.split = None;
        for node in 1..=self.plan.nodes {
            self.world.release(&name(node));
            self.world.set_disk_faults(&name(node), DiskFaults::default());
            if !self.world.is_up(&name(node)) {
                self.boot(node);
            }
        }
        for ((from, to), count) in std::mem::take(&mut self.blocks) {
            if 0 < count {
                self.world.block(&from, &to, false);
            }
        }
    }

    /// Once faults are over, every partition has a leader, the preferred one where they are let lead again, and all
    /// replicas in sync, and every client goes on.
    async fn serves_again(&mut self) -> Result<(), String> {
        let until = self.world.elapsed() + HEAL;
        let marks: Vec<usize> =
            self.histories.iter().map(|h| h.lock().expect(NO_PANIC).records.len()).collect();
        loop {
            self.watch_until(self.world.elapsed() + Duration::from_millis(100)).await?;
            let missing = self.missing(&marks);
            if missing.is_empty() {
                return Ok(());
            }
            if until < self.world.elapsed() {
                return Err(format!("STUCK: {HEAL:?} after the last fault {}", missing.join("; ")));
            }
        }
    }

    /// A partition's replicas, by their nodes.
    fn states_of(&self, topic: Uuid, index: i32) -> Vec<(usize, ReplicaState)> {
        let mut states = Vec::new();
        for node in 1..=self.plan.nodes {
            let served = self.served[node].lock().expect(NO_PANIC);
            let all = served.as_ref().map_or_else(Vec::new, Running::replicas);
            states.extend(
                all.into_iter().filter(|s| (s.topic_id, s.index) == (topic, index)).map(|s| (node, s)),
            );
        }
        states
    }

    /// What the cluster still lacks.
    fn missing(&self, marks: &[usize]) -> Vec<String> {
        let mut missing = Vec::new();
        let mut views = Vec::new();
        for node in 1..=self.plan.nodes {
            match &*self.served[node].lock().expect(NO_PANIC) {
                Some(running) => views.push(running.quorum()),
                None => missing.push(format!("node {node} does not serve")),
            }
        }
        let Some(newest) = views.iter().max_by_key(|view| view.replayed) else { return missing };
        for view in &views {
            if !newest.members.voters.has(view.replica) {
                missing.push(format!("{:?} is no voter of {:?}", view.replica, newest.members));
            }
        }
        for topic in newest.image.topics() {
            for (index, p) in topic.partitions.iter().enumerate() {
                let is_moving = !p.adding.is_empty() || !p.removing.is_empty();
                let is_preferred = p.leader.map(|leader| leader.0) == p.replicas.first().copied();
                let is_led = p.leader.is_some() && (is_preferred || HEAL.as_secs() < self.plan.rebalance_s);
                if !is_led || p.in_sync.len() < p.replicas.len() || is_moving {
                    let states = self.states_of(topic.id, index as i32);
                    missing.push(format!("{}-{index} is {p:?}, and has {states:#?}", topic.name));
                }
            }
        }
        for (at, mark) in marks.iter().enumerate() {
            let history = self.histories[at].lock().expect(NO_PANIC);
            let is_acknowledged = |(_, outcome): &(_, Outcome)| matches!(outcome, Outcome::Acknowledged(_));
            if !history.records[*mark..].iter().any(is_acknowledged) {
                missing.push(format!("client {at} makes no progress"));
            }
        }
        missing
    }

    /// Once faults have stopped, the group becomes stable within its time-outs.
    async fn settle_group(&mut self) -> Result<(), String> {
        if self.plan.members.is_empty() {
            return Ok(());
        }
        let up: Vec<usize> = (0..self.plan.members.len()).collect();
        let until = self.world.elapsed() + 3 * (SESSION + REBALANCE) + Duration::from_secs(10);
        while !group::is_stable(&self.group.lock().expect(NO_PANIC), &up, TOPIC, self.plan.partitions) {
            if until < self.world.elapsed() {
                return Err("UNSTABLE: the members do not share all partitions in time".into());
            }
            self.watch_until(self.world.elapsed() + Duration::from_millis(100)).await?;
        }
        Ok(())
    }
}

/// An operator that is refused, or does not reach anybody, leaves it at that.
async fn operate(env: SimEnv, bootstrap: String, operation: Operation) {
    let mut config = ClientConfig::new(&bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let place = |partition: i32| (TOPIC.to_owned(), partition);
    let told = match operation {
        Operation::Reassign(partition, to) => client.reassign(&[(place(partition), Some(to.to_vec()))]).await,
        Operation::GiveUp(partition) => client.reassign(&[(place(partition), None)]).await,
        Operation::Elect => client.elect(None, false).await,
        Operation::RemoveVoter(node) => remove_voter(&client, node).await.map(|()| Vec::new()),
    };
    env.trace(format_args!("{operation:?}: {told:?}"));
}

/// A voter is let go; it asks for its place again by itself.
async fn remove_voter(client: &Client<SimEnv>, node: i32) -> Result<(), ClientError> {
    let quorum = client.describe_quorum().await?;
    let partition = quorum.topics.first().and_then(|topic| topic.partitions.first());
    let voter = partition.and_then(|p| p.current_voters.iter().find(|voter| voter.replica_id == node));
    match voter {
        Some(voter) => client.remove_voter(node, voter.replica_directory_id).await,
        None => Ok(()),
    }
}

/// Three different nodes, drawn from a number.
fn three_of(nodes: usize, drawn: u64) -> [i32; 3] {
    let mut all: Vec<i32> = (1..=nodes as i32).collect();
    let mut left = drawn;
    [(); 3].map(|()| {
        let at = (left % all.len() as u64) as usize;
        left /= 7;
        all.remove(at)
    })
}

/// The moments of a plan.
fn timeline(plan: &ClusterPlan) -> VecDeque<(Duration, Action)> {
    let mut actions = Vec::new();
    for event in &plan.events {
        let at = event.at_ms;
        let mut add = |at: u64, action: Action| actions.push((Duration::from_millis(at), action));
        match event.fault {
            Fault::Down(node, how, for_ms) => {
                add(at, Action::Down(node, how));
                add(at + for_ms, Action::Up(node));
            }
            Fault::AllDown(how, for_ms) => {
                for node in 1..=plan.nodes {
                    add(at, Action::Down(node, how));
                    add(at + for_ms * node as u64, Action::Up(node));
                }
            }
            Fault::Pause(node, for_ms) => {
                add(at, Action::Hold(node));
                add(at + for_ms, Action::Release(node));
            }
            Fault::Block(from, to, for_ms) => {
                add(at, Action::Block(from, to));
                add(at + for_ms, Action::Unblock(from, to));
            }
            Fault::Isolate(node, out, inn, for_ms) => {
                for other in (1..=plan.nodes).filter(|other| *other != node) {
                    if out {
                        add(at, Action::Block(node, other));
                        add(at + for_ms, Action::Unblock(node, other));
                    }
                    if inn {
                        add(at, Action::Block(other, node));
                        add(at + for_ms, Action::Unblock(other, node));
                    }
                }
                add(at, Action::BlockClients(node, out, inn));
                add(at + for_ms, Action::UnblockClients(node, out, inn));
            }
            Fault::Reset(node) => add(at, Action::Reset(node)),
            Fault::Jump(node, by_ms) => add(at, Action::Jump(node, by_ms)),
            Fault::Reassign(partition, drawn) => {
                let to = three_of(plan.nodes, drawn);
                add(at, Action::Operate(Operation::Reassign(partition, to)));
            }
            Fault::Damage(node, for_ms) => {
                let next = 1 + node % plan.nodes;
                add(at, Action::Damage(node, next));
                add(at + for_ms, Action::Up(node));
                add(at + for_ms + 2_000, Action::Up(next));
            }
            Fault::SplitVote(for_ms) => add(at, Action::SplitVote(for_ms)),
            Fault::LoseDisk(node, for_ms) => {
                add(at, Action::LoseDisk(node));
                add(at + for_ms, Action::Up(node));
            }
            Fault::RemoveVoter(node) => add(at, Action::Operate(Operation::RemoveVoter(node as i32))),
            Fault::GiveUp(partition) => add(at, Action::Operate(Operation::GiveUp(partition))),
            Fault::Elect => add(at, Action::Operate(Operation::Elect)),
            Fault::FailingDisk(node, faults) => {
                add(at, Action::Disk(node, faults));
                add(at + 1_000, Action::Down(node, Crash::Process));
                add(at + 1_050, Action::Up(node));
            }
        }
    }
    actions.sort_by_key(|(at, _)| *at);
    actions.into()
}
