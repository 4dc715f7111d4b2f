//! After the last fault: everything serves again within a bound.

use std::time::Duration;

use ottla_broker::{Running, inspect::ReplicaState};
use ottla_core::types::Uuid;
use ottla_sim::disk::DiskFaults;

use super::{Run, member_name, name};
use crate::{
    NO_PANIC,
    group::{self, REBALANCE, SESSION},
    plan::Oracle,
    workload::{TOPIC, sent, slot, stuck},
};

/// How long a cluster has, once nothing goes wrong any more, to serve everything again.
const HEAL: Duration = Duration::from_secs(60);
/// The same where it need not: who is stuck then mostly stays so.
pub(super) const HEAL_SOON: Duration = Duration::from_secs(15);

impl Run<'_> {
    /// Nothing goes wrong any more.
    pub(super) async fn heal(&mut self) {
        self.world.trace("plan", format_args!("heal"));
        self.split = None;
        self.world.at_event(u64::MAX, |_, _| true);
        for node in 1..=self.plan.nodes {
            self.world.release(&name(node));
            self.world.set_disk_faults(&name(node), DiskFaults::default());
            if !self.world.is_up(&name(node)) {
                self.boot(node);
            }
        }
        for member in 0..self.plan.members.len() {
            self.world.release(&member_name(member));
            if !self.world.is_up(&member_name(member)) {
                self.boot_member(member);
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
    pub(super) async fn serves_again(&mut self) -> Result<(), String> {
        let within = if self.plan.oracle == Oracle::Everything { HEAL_SOON } else { HEAL };
        let until = self.world.elapsed() + within;
        let marks = sent(&self.histories);
        loop {
            self.watch_until(self.world.elapsed() + Duration::from_millis(100)).await?;
            let missing = self.missing(&marks);
            if missing.is_empty() {
                return Ok(());
            }
            if until < self.world.elapsed() {
                return Err(format!("STUCK: {within:?} after the last fault {}", missing.join("; ")));
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
        missing.extend(stuck(&self.histories, marks));
        missing
    }

    /// Once faults have stopped, the group becomes stable within its time-outs.
    pub(super) async fn settle_group(&mut self) -> Result<(), String> {
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
        for node in 1..=self.plan.nodes {
            self.replays(node).await?;
        }
        Ok(())
    }

    /// The coordinators of a node are the replay of their logs.
    async fn replays(&self, node: usize) -> Result<(), String> {
        let (result, mut taken) = slot();
        let (served, world) = (self.served[node].clone(), self.world);
        world.spawn(&name(node), async move {
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
                return verdict.map_err(|why| format!("REPLAY: node {node}: {why}"));
            }
            world.sleep(Duration::from_millis(10)).await;
        }
        Err("STUCK: the coordinators cannot be compared with their logs".into())
    }
}
