//! Bugs that are put back on purpose are found: those that chance finds soon.

use ottla_chaos::{
    Plan,
    mutants::{ALL, Mutant},
    run,
};

/// The first of some seeds that finds a bug, and what it finds.
fn found(mutant: &Mutant, within: usize) -> Option<(u64, String)> {
    // One at a time in a process.
    let scenario = fail::FailScenario::setup();
    fail::cfg(mutant.name, "return").expect("the name of a bug");
    let mut plans = mutant.plans.from(1).take(within);
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
        let found = found(mutant, within);
        let (seed, violation) =
            found.unwrap_or_else(|| panic!("{} was not found in {within} seeds", mutant.name));
        println!("{}: seed {seed}: {violation}", mutant.name);
        let is_broken = mutant.breaks.iter().any(|id| violation.starts_with(id));
        assert!(is_broken, "{}: seed {seed}: {violation}", mutant.name);
    }
}
