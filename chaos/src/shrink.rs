//! Makes a plan that fails small, while the same anomaly or invariant fails (delta debugging: Zeller and Hildebrandt, IEEE
//! TSE 2002).
//!
//! A smaller plan has another schedule, in which the same may not go wrong. So each is tried with some seeds, and taken if
//! it fails with any of them.

use std::{collections::BTreeSet, thread};

use ottla_core::record::Codec;
use ottla_sim::Crash;

use crate::{
    plan::{ClientPlan, Event, Fault, Plan, QuorumPlan, Who},
    run,
};

/// A plan that fails, as small as it was found so far.
pub struct Shrinker {
    plan: Plan,
    violation: String,
    id: String,
    schedules: u64,
    jobs: usize,
    runs: u64,
    /// Plans that did not fail, by their texts.
    held: BTreeSet<String>,
}

impl Shrinker {
    /// Of a plan that fails; each smaller plan is tried with so many schedules, so many at once. `None`: it holds.
    pub fn new(plan: &Plan, schedules: u64, jobs: usize) -> Option<Shrinker> {
        let verdict = run(plan, 0);
        let id = verdict.id()?.to_owned();
        let violation = verdict.violation?;
        let (schedules, jobs) = (schedules.max(1), jobs.max(1));
        Some(Shrinker { plan: plan.clone(), violation, id, schedules, jobs, runs: 1, held: BTreeSet::new() })
    }

    /// The smallest plan so far.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What goes wrong in it.
    pub fn violation(&self) -> &str {
        &self.violation
    }

    /// How many runs it took.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Tries everything once; `told` hears of what was left out. Says whether anything was.
    pub fn step(&mut self, mut told: impl FnMut(&str)) -> bool {
        let before = self.plan.clone();
        self.drop_events(&mut told);
        for (what, smaller) in simpler(&self.plan) {
            // Each begins with what the last one left.
            if let Some(candidate) = smaller(&self.plan)
                && self.accepts(&candidate)
            {
                told(what);
            }
        }
        for at in 0..self.plan.events.len() {
            while let Some(fault) = milder(self.plan.events[at].fault) {
                let mut candidate = self.plan.clone();
                candidate.events[at].fault = fault;
                if !self.accepts(&candidate) {
                    break;
                }
                told("a milder fault");
            }
        }
        self.plan != before
    }

    /// Leaves out events: halves of them, quarters, and so on.
    fn drop_events(&mut self, told: &mut impl FnMut(&str)) {
        let mut chunk = self.plan.events.len().div_ceil(2);
        while 0 < chunk {
            let mut at = 0;
            while at < self.plan.events.len() {
                let mut candidate = self.plan.clone();
                candidate.events.drain(at..(at + chunk).min(candidate.events.len()));
                if self.accepts(&candidate) {
                    told(&format!("{} events left", self.plan.events.len()));
                } else {
                    at += chunk;
                }
            }
            chunk /= 2;
        }
    }

    /// Takes a plan if it fails in the same way, with the seed with which it does.
    fn accepts(&mut self, candidate: &Plan) -> bool {
        let text = candidate.to_string();
        if *candidate == self.plan || candidate.validate().is_err() || self.held.contains(&text) {
            return false;
        }
        let seeds: Vec<u64> = (0..self.schedules).map(|n| candidate.seed.wrapping_add(n << 32)).collect();
        for some in seeds.chunks(self.jobs) {
            let plans = some.iter().map(|seed| Plan { seed: *seed, ..candidate.clone() });
            let verdicts: Vec<_> = thread::scope(|scope| {
                let running: Vec<_> = plans.map(|plan| scope.spawn(move || (run(&plan, 0), plan))).collect();
                running.into_iter().map(|thread| thread.join().expect("a panic is a verdict")).collect()
            });
            self.runs += verdicts.len() as u64;
            let fails = verdicts.into_iter().find(|(verdict, _)| verdict.id() == Some(&self.id));
            if let Some((verdict, plan)) = fails {
                self.violation = verdict.violation.unwrap_or_default();
                self.plan = plan;
                return true;
            }
        }
        self.held.insert(text);
        false
    }
}

/// A way to make a plan simpler, where it is not so simple yet.
type Simpler = Box<dyn Fn(&Plan) -> Option<Plan>>;

fn change(change: impl Fn(&mut Plan) + 'static) -> Simpler {
    Box::new(move |plan| {
        let mut plan = plan.clone();
        change(&mut plan);
        Some(plan)
    })
}

/// What may be left out of a plan but its events, what leaves out most first.
fn simpler(plan: &Plan) -> Vec<(&'static str, Simpler)> {
    let mut all: Vec<(&'static str, Simpler)> = vec![
        ("no members", change(|plan| (0..plan.members.len()).rev().for_each(|at| without_member(plan, at)))),
        ("three nodes", change(|plan| with_nodes(plan, 3))),
    ];
    for at in (0..plan.members.len()).rev() {
        all.push(("a member less", change(move |plan| without_member(plan, at))));
    }
    for at in (0..plan.clients.len()).rev() {
        all.push(("a client less", change(move |plan| without_client(plan, at))));
    }
    for seconds in [0, 5, 10] {
        all.push((
            "shorter",
            change(move |plan| {
                let last = plan.events.iter().map(|event| event.at_ms).max().unwrap_or(0);
                plan.seconds = plan.seconds.min(seconds + last.div_ceil(1_000) + 1);
            }),
        ));
    }
    all.push((
        "earlier",
        Box::new(|plan| {
            let first = plan.events.first()?.at_ms;
            let by = first.checked_sub(2_000)?;
            let mut plan = plan.clone();
            plan.events.iter_mut().for_each(|event| event.at_ms -= by);
            plan.seconds = plan.seconds.saturating_sub(by / 1_000).max(1);
            Some(plan)
        }),
    ));
    let client = |at: usize, simplify: fn(&mut ClientPlan)| {
        change(move |plan| plan.clients.get_mut(at).into_iter().for_each(simplify))
    };
    for at in 0..plan.clients.len() {
        all.push(("no compression", client(at, |client| client.codec = Codec::None)));
        all.push(("nothing oversized", client(at, |client| client.oversized_one_in = 0)));
        all.push(("small values", client(at, |client| client.value_bytes = 20)));
        all.push(("fewer records", client(at, |client| client.every_ms = client.every_ms.max(50))));
    }
    all.push((
        "a plain quorum",
        change(|plan| {
            plan.quorum =
                QuorumPlan { is_found: false, snapshot_bytes: 20_000_000, retention_bytes: 100_000_000 };
        }),
    ));
    all.push(("no readers", change(|plan| plan.readers = 0)));
    all.push(("no images", change(|plan| plan.images = 0)));
    all.push(("no racks", change(|plan| plan.racks = 0)));
    all.push(("a plain topic", change(|plan| (plan.segment_ms, plan.retained_bytes) = (604_800_000, 0))));
    all.push(("no rebalancing", change(|plan| plan.rebalance_s = 300)));
    all.push(("rare checkpoints", change(|plan| plan.checkpoint_ms = 10_000)));
    all
}

fn without_member(plan: &mut Plan, at: usize) {
    if plan.members.len() <= at {
        return;
    }
    plan.members.remove(at);
    plan.events.retain(|event| member_of(&event.fault) != Some(at));
    for event in &mut plan.events {
        if let Fault::MemberDown { member, .. }
        | Fault::MemberPause { member, .. }
        | Fault::MemberReset { member } = &mut event.fault
            && at < *member
        {
            *member -= 1;
        }
    }
}

fn member_of(fault: &Fault) -> Option<usize> {
    match fault {
        Fault::MemberDown { member, .. }
        | Fault::MemberPause { member, .. }
        | Fault::MemberReset { member } => Some(*member),
        _ => None,
    }
}

fn without_client(plan: &mut Plan, at: usize) {
    if plan.clients.len() <= at || plan.clients.len() == 1 {
        return;
    }
    plan.clients.remove(at);
    plan.partitions -= 1;
    let gone = at as i32;
    plan.events.retain_mut(|event| partition_of(&mut event.fault).is_none_or(|partition| *partition != gone));
    for partition in plan.events.iter_mut().filter_map(|event| partition_of(&mut event.fault)) {
        if gone < *partition {
            *partition -= 1;
        }
    }
}

/// The partition that a fault is about.
fn partition_of(fault: &mut Fault) -> Option<&mut i32> {
    match fault {
        Fault::Reassign { partition, .. } | Fault::GiveUp { partition } | Fault::Trim { partition } => {
            Some(partition)
        }
        Fault::At { who: Who::Leader(index) | Who::LastInSync(index) | Who::Follower(index, _), .. } => {
            Some(index)
        }
        _ => None,
    }
}

fn with_nodes(plan: &mut Plan, nodes: usize) {
    if plan.nodes <= nodes {
        return;
    }
    plan.nodes = nodes;
    let events = std::mem::take(&mut plan.events);
    let fits = |event: &Event| {
        let alone = Plan { events: vec![*event], ..plan.clone() };
        alone.validate().is_ok()
    };
    plan.events = events.into_iter().filter(fits).collect();
}

/// The same fault for half as long, or a lesser one.
fn milder(fault: Fault) -> Option<Fault> {
    let mut milder = fault;
    match &mut milder {
        Fault::Down { how: how @ Crash::Power, .. } | Fault::AllDown { how: how @ Crash::Power, .. } => {
            *how = Crash::Process;
        }
        Fault::Down { for_ms, .. }
        | Fault::AllDown { for_ms, .. }
        | Fault::Pause { for_ms, .. }
        | Fault::Block { for_ms, .. }
        | Fault::Isolate { for_ms, .. }
        | Fault::LoseDisk { for_ms, .. }
        | Fault::Damage { for_ms, .. }
        | Fault::SplitVote { for_ms }
        | Fault::MemberDown { for_ms, .. }
        | Fault::MemberPause { for_ms, .. }
        | Fault::Cut { for_ms, .. }
        | Fault::Roll { for_ms }
        | Fault::SwapDisks { for_ms, .. }
        | Fault::Swizzle { for_ms, .. }
        | Fault::SideTopic { for_ms }
        | Fault::At { for_ms, .. }
            if 20 < *for_ms =>
        {
            *for_ms /= 2;
        }
        _ => return None,
    }
    Some(milder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_others_still_does() {
        let mut plan = Plan::cluster(1);
        let members =
            Plan::single((0..).find(|seed| 2 < Plan::single(*seed).members.len()).expect("one")).members;
        plan.members = members;
        let at_ms = 10;
        plan.events = vec![
            Event { at_ms, fault: Fault::MemberReset { member: 0 } },
            Event { at_ms, fault: Fault::MemberReset { member: 2 } },
            Event { at_ms, fault: Fault::GiveUp { partition: 1 } },
        ];
        without_member(&mut plan, 0);
        without_client(&mut plan, 0);
        let faults: Vec<Fault> = plan.events.iter().map(|event| event.fault).collect();
        assert_eq!(faults, [Fault::MemberReset { member: 1 }, Fault::GiveUp { partition: 0 }]);
        plan.nodes = 5;
        plan.events.push(Event { at_ms, fault: Fault::Reset { node: 4 } });
        with_nodes(&mut plan, 3);
        assert_eq!((plan.nodes, plan.events.len()), (3, 2));
        plan.validate().expect("it fits together");
    }
}
