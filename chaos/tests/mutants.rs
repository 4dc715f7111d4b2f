//! Bugs that are put back on purpose are found: those that chance finds soon.

use ottla_chaos::{
    Plan, Verdict,
    mutants::{ALL, Mutant, Plans},
    run,
    shrink::Shrinker,
};

/// The first of some plans that finds a bug, and what it finds.
fn found(mutant: &Mutant, mut plans: impl Iterator<Item = Plan>) -> Option<(u64, String)> {
    // One at a time in a process.
    let scenario = fail::FailScenario::setup();
    fail::cfg(mutant.name, "return").expect("the name of a bug");
    let mut found = None;
    while found.is_none() {
        // Two seeds side by side; the lower one that finds it counts.
        let pair: Vec<Plan> = plans.by_ref().take(2).collect();
        if pair.is_empty() {
            break;
        }
        let verdicts: Vec<(u64, Option<String>)> = std::thread::scope(|scope| {
            let run = |plan: Plan| scope.spawn(move || (plan.seed, run(&plan, 0).violation));
            let threads: Vec<_> = pair.into_iter().map(run).collect();
            threads.into_iter().map(|thread| thread.join().expect("a panic is a verdict")).collect()
        });
        found = verdicts.into_iter().find_map(|(seed, found)| found.map(|found| (seed, found)));
    }
    scenario.teardown();
    found
}

#[test]
fn each_is_found_within_its_seeds() {
    for mutant in ALL {
        let Some(within) = mutant.within else { continue };
        let found = found(mutant, mutant.plans.from(1).take(within));
        let (seed, violation) =
            found.unwrap_or_else(|| panic!("{} was not found in {within} seeds", mutant.name));
        println!("{}: seed {seed}: {violation}", mutant.name);
        let is_broken = mutant.breaks.iter().any(|id| violation.starts_with(id));
        assert!(is_broken, "{}: seed {seed}: {violation}", mutant.name);
    }
}

/// What a leader sent before another was elected lies behind what that one sent, where both had more than one batch to send
/// and a follower took the earlier answer last (KAFKA-7786). Chance hardly leads there, for each fetch tells the follower
/// where it has left its leader's log: so followers fall behind here, one after the other, before each election.
#[test]
fn answers_of_earlier_leaders_are_found() {
    let mutant =
        ALL.iter().find(|mutant| mutant.name == "replica/appends-of-older-epochs").expect("it is there");
    let plan = Plan::parse(include_str!("schedules/appends-of-older-epochs.ron")).expect("a plan");
    let of = |seed| Plan { seed, ..plan.clone() };
    let (seed, violation) = found(mutant, (1..=500).map(of)).expect("one of five hundred seeds finds it");
    println!("{}: seed {seed}: {violation}", mutant.name);
    assert!(mutant.breaks.iter().any(|id| violation.starts_with(id)), "seed {seed}: {violation}");
    // While no other test has put a bug back.
    let scenario = fail::FailScenario::setup();
    assert_eq!(run(&of(seed), 0).violation, None, "without the bug it holds");
    scenario.teardown();
}

#[test]
fn a_failure_replays_and_is_made_small() {
    let scenario = fail::FailScenario::setup();
    fail::cfg("producer/notes-nothing", "return").expect("the name of a bug");
    let fails = |plan: &Plan| run(plan, 0).violation.is_some();
    let plan = Plans::One.from(1).take(20).find(fails).expect("one of twenty seeds finds it");
    let first = run(&plan, 0);
    for n in 0..10 {
        // As in a sweep, others go on beside it.
        let again = std::thread::scope(|scope| {
            let beside = (n % 2 == 1).then(|| scope.spawn(|| run(&Plan::single(n), 0)));
            let again = run(&plan, 0);
            beside.into_iter().for_each(|thread| drop(thread.join()));
            again
        });
        let told = |verdict: &Verdict| (verdict.violation.clone(), verdict.trace_hash, verdict.events);
        assert_eq!(told(&again), told(&first), "replay {n}");
    }
    let mut shrinker = Shrinker::new(&plan, 2, 2).expect("it fails");
    while shrinker.step(|_| ()) {}
    let small = shrinker.plan().clone();
    let (id, again) = (first.id().map(str::to_owned), run(&small, 0));
    assert_eq!(again.id().map(str::to_owned), id, "{small}");
    assert!(small.events.len() < plan.events.len() && small.events.len() <= 10, "{small}");
    // Nothing that is left can be left out: not with this schedule, nor with the other one that was tried.
    for at in 0..small.events.len() {
        let mut less = small.clone();
        less.events.remove(at);
        for seed in [less.seed, less.seed.wrapping_add(1 << 32)] {
            let verdict = run(&Plan { seed, ..less.clone() }, 0);
            assert_ne!(verdict.id().map(str::to_owned), id, "without event {at}: {small}");
        }
    }
    scenario.teardown();
}
