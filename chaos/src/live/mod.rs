//! A plan against real processes: the same clients, the same faults as far as a machine lets them be made, the same judges.

mod hosts;
mod nodes;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ottla_core::{
    env::{Env, until},
    types::Mono,
};
use ottla_net::env::TokioEnv;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use self::nodes::Nodes;
use crate::{
    NO_PANIC,
    group::{self, GroupHistory, REBALANCE, SESSION},
    plan::{Fault, Plan},
    readers::{self, Readings},
    run::{
        Told, judge,
        nemesis::{Action, Trimmed, operate, timeline},
    },
    workload::{Histories, TOPIC, Target, acknowledged, histories, produce, read_all, sent, stuck},
};

/// How a plan is carried out on this machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `ottla` program.
    pub binary: PathBuf,
    /// Where nodes keep their data and what they say: a directory that this makes, and empties.
    pub dir: PathBuf,
    /// Each node is a host of its own, in a network namespace, so that links can be cut. That takes root.
    pub hosts: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What was violated, as sentences that begin with the names of anomalies.
    pub violations: Vec<String>,
    /// Acknowledgements.
    pub acknowledged: u64,
    /// Records that readers saw.
    pub read: u64,
}

/// How long a cluster has to serve everything again.
const HEAL: Duration = Duration::from_secs(60);

/// The part of a plan that can be done to processes, and how many faults that leaves out: real clocks, disks and power stay
/// as they are. Without hosts no link can be cut.
pub fn feasible(plan: &Plan, hosts: bool) -> (Plan, usize) {
    let can = |fault: &Fault| match fault {
        Fault::Down { .. }
        | Fault::AllDown { .. }
        | Fault::Pause { .. }
        | Fault::Roll { .. }
        | Fault::Reassign { .. }
        | Fault::GiveUp { .. }
        | Fault::Elect
        | Fault::Trim { .. }
        | Fault::Configure { .. }
        | Fault::SideTopic { .. }
        | Fault::RemoveVoter { .. }
        | Fault::MemberDown { .. } => true,
        Fault::Block { .. } | Fault::Isolate { .. } | Fault::Cut { .. } | Fault::Swizzle { .. } => hosts,
        _ => false,
    };
    let mut feasible = plan.clone();
    feasible.events.retain(|event| can(&event.fault));
    let left_out = plan.events.len() - feasible.events.len();
    (feasible, left_out)
}

/// Carries a [`feasible`] plan out; `told` hears of each step.
///
/// # Errors
/// A process cannot be started, a network cannot be made, or the plan has a fault that cannot be done.
pub fn run(plan: &Plan, options: &Options, told: impl FnMut(&str)) -> Result<Verdict, String> {
    plan.validate()?;
    TokioEnv::run(1, async |env| {
        let mut live = Live::new(env, plan, options, told)?;
        let told_to_stop = async {
            // Where signals cannot be heard, it goes on to its end.
            let heard = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
            let (Ok(mut terminate), Ok(mut interrupt)) = heard else { return std::future::pending().await };
            let interrupted = async {
                interrupt.recv().await;
            };
            until(interrupted, terminate.recv()).await;
        };
        let verdict = until(told_to_stop, live.carry_out()).await;
        live.nodes.end();
        verdict.unwrap_or_else(|| Err("it was told to stop".into()))
    })
}

struct Live<'a, F> {
    env: TokioEnv,
    plan: &'a Plan,
    began: Mono,
    nodes: Nodes,
    downs: Vec<u32>,
    histories: Histories,
    readings: Readings,
    group: GroupHistory,
    members: Vec<CancellationToken>,
    member_downs: Vec<u32>,
    trimmed: Trimmed,
    clients: CancellationToken,
    timeline: VecDeque<(Duration, Action)>,
    told: F,
}

impl<'a, F: FnMut(&str)> Live<'a, F> {
    fn new(env: TokioEnv, plan: &'a Plan, options: &Options, told: F) -> Result<Live<'a, F>, String> {
        let nodes = Nodes::new(plan, options)?;
        let (began, timeline) = (env.now(), timeline(plan));
        Ok(Live {
            env,
            plan,
            began,
            nodes,
            downs: vec![0; plan.nodes + 1],
            histories: histories(&plan.clients),
            readings: Arc::new((0..plan.readers).map(|_| Mutex::default()).collect()),
            group: GroupHistory::default(),
            members: plan.members.iter().map(|_| CancellationToken::new()).collect(),
            member_downs: vec![0; plan.members.len()],
            trimmed: Trimmed::default(),
            clients: CancellationToken::new(),
            timeline,
            told,
        })
    }

    fn target(&self) -> Target {
        Target { bootstrap: self.nodes.bootstrap(), ..Target::of(self.plan) }
    }

    fn elapsed(&self) -> Duration {
        self.env.now().since(self.began)
    }

    async fn carry_out(&mut self) -> Result<Verdict, String> {
        for node in 1..=self.plan.nodes {
            self.nodes.start(node)?;
        }
        let stop = Arc::new(AtomicBool::new(false));
        self.start_clients(&stop);
        (0..self.members.len()).for_each(|member| self.start_member(member));
        while let Some((at, action)) = self.timeline.pop_front() {
            self.env.sleep_until(self.began + at).await;
            let now = self.elapsed().as_secs_f64();
            (self.told)(&format!("{now:>8.3} {action:?}"));
            self.act(action)?;
        }
        self.env.sleep_until(self.began + Duration::from_secs(self.plan.seconds)).await;
        self.heal()?;
        let mut verdict = Verdict::default();
        verdict.violations.extend(self.serves_again().await.err());
        verdict.violations.extend(self.settle_group().await.err());
        stop.store(true, Ordering::Relaxed);
        self.env.sleep(Duration::from_millis(500)).await;
        self.clients.cancel();
        self.members.iter().for_each(CancellationToken::cancel);
        // What a producer tries again from now on is no part of what is judged.
        let known = self.histories.iter().map(|history| Mutex::new(history.lock().expect(NO_PANIC).clone()));
        let known: Histories = Arc::new(known.collect());
        // What is in no file is gone.
        for node in 1..=self.plan.nodes {
            self.nodes.kill(node);
            self.nodes.start(node)?;
        }
        match read_all(self.env.clone(), &self.target(), !self.plan.members.is_empty()).await {
            Ok(read) => {
                verdict.violations.extend(read.unreadable.clone());
                let (histories, group, readings) = (&known, &self.group, &self.readings);
                let trimmed = self.trimmed.lock().expect(NO_PANIC).clone();
                let told = Told { histories, group, readings, trimmed };
                verdict.violations.extend(judge(self.plan, &told, &read).0);
            }
            Err(why) => verdict.violations.push(why),
        }
        verdict.violations.extend(self.nodes.ended());
        verdict.acknowledged = acknowledged(&known);
        verdict.read = self.readings.iter().map(|read| read.lock().expect(NO_PANIC).len() as u64).sum();
        Ok(verdict)
    }

    fn start_clients(&self, stop: &Arc<AtomicBool>) {
        for (at, client) in self.plan.clients.iter().enumerate() {
            let (env, began) = (self.env.clone(), self.began);
            let elapsed = move || env.now().since(began);
            let (histories, stop) = (self.histories.clone(), stop.clone());
            let client = produce((self.env.clone(), elapsed), *client, at, self.target(), histories, stop);
            self.spawn(&self.clients, client);
        }
        for at in 0..self.plan.readers {
            let (bootstrap, readings) = (self.nodes.bootstrap(), self.readings.clone());
            let reader = readers::read(self.env.clone(), bootstrap, self.plan.partitions, at, readings);
            self.spawn(&self.clients, reader);
        }
    }

    fn start_member(&mut self, at: usize) {
        self.members[at] = CancellationToken::new();
        let place = (self.nodes.bootstrap(), TOPIC);
        let member = group::member(self.env.clone(), place, at, self.plan.members[at], self.group.clone());
        self.spawn(&self.members[at], member);
    }

    fn spawn(&self, until: &CancellationToken, task: impl Future<Output = ()> + Send + 'static) {
        let until = until.clone();
        self.env.spawn("client", async move {
            until.run_until_cancelled(task).await;
        });
    }

    fn act(&mut self, action: Action) -> Result<(), String> {
        match action {
            // A machine that goes on keeps its page cache.
            Action::Down(node, _) => {
                self.downs[node] += 1;
                self.nodes.kill(node);
            }
            Action::Up(node) => {
                self.downs[node] -= 1;
                if self.downs[node] == 0 {
                    self.nodes.start(node)?;
                }
            }
            Action::Stop(node) => self.nodes.terminate(node),
            Action::Hold(node) => self.nodes.pause(node, true),
            Action::Release(node) => self.nodes.pause(node, false),
            Action::Block(from, to) => self.nodes.block(from, to, true)?,
            Action::Unblock(from, to) => self.nodes.block(from, to, false)?,
            Action::BlockClients(node, out, inn) => self.nodes.block_clients(node, (out, inn), true)?,
            Action::UnblockClients(node, out, inn) => self.nodes.block_clients(node, (out, inn), false)?,
            Action::Operate(operation) => {
                let (bootstrap, trimmed) = (self.nodes.bootstrap(), self.trimmed.clone());
                self.spawn(&self.clients, operate(self.env.clone(), bootstrap, operation, trimmed));
            }
            Action::MemberDown(member) => {
                self.member_downs[member] += 1;
                self.members[member].cancel();
            }
            Action::MemberUp(member) => {
                self.member_downs[member] -= 1;
                if self.member_downs[member] == 0 {
                    self.start_member(member);
                }
            }
            other => return Err(format!("{other:?} cannot be done to a process")),
        }
        Ok(())
    }

    fn heal(&mut self) -> Result<(), String> {
        let now = self.elapsed().as_secs_f64();
        (self.told)(&format!("{now:>8.3} heal"));
        self.nodes.heal()?;
        for node in 1..=self.plan.nodes {
            self.nodes.pause(node, false);
            if !self.nodes.is_up(node) {
                self.nodes.start(node)?;
            }
        }
        for member in 0..self.members.len() {
            if self.members[member].is_cancelled() {
                self.start_member(member);
            }
        }
        Ok(())
    }

    /// Every client goes on.
    async fn serves_again(&mut self) -> Result<(), String> {
        let until = self.elapsed() + HEAL;
        let marks = sent(&self.histories);
        loop {
            self.env.sleep(Duration::from_millis(200)).await;
            let stuck = stuck(&self.histories, &marks);
            if stuck.is_empty() {
                return Ok(());
            }
            if until < self.elapsed() {
                return Err(format!("STUCK: {HEAL:?} after the last fault {}", stuck.join("; ")));
            }
        }
    }

    /// The members share all partitions.
    async fn settle_group(&mut self) -> Result<(), String> {
        let up: Vec<usize> = (0..self.members.len()).collect();
        let until = self.elapsed() + 3 * (SESSION + REBALANCE) + Duration::from_secs(10);
        while !up.is_empty()
            && !group::is_stable(&self.group.lock().expect(NO_PANIC), &up, TOPIC, self.plan.partitions)
        {
            if until < self.elapsed() {
                return Err("UNSTABLE: the members do not share all partitions in time".into());
            }
            self.env.sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }
}
