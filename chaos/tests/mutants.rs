//! Bugs that are put back on purpose are found. Only with the feature `failpoints`, in a build of its own:
//! `cargo test -p ottla-chaos --features failpoints --target-dir target/mutants --profile sim --test mutants`.

use std::panic::catch_unwind;

use ottla_chaos::{Plan, run};

/// The bug is found within so many seeds that have a group, under one of the names.
fn is_found(bug: &str, names: &[&str], seeds_max: usize) {
    // One at a time in a process.
    let scenario = fail::FailScenario::setup();
    fail::cfg(bug, "return").expect("the name of a bug");
    let plans = (1..).map(Plan::from_seed).filter(|plan| !plan.members.is_empty()).take(seeds_max);
    // A broken invariant ends the process: here its run.
    let verdict = |plan: Plan| match catch_unwind(|| run(&plan, 0).violation) {
        Ok(violation) => (plan.seed, violation),
        Err(panic) => (plan.seed, Some(panic.downcast_ref::<String>().cloned().unwrap_or_default())),
    };
    let found = plans.map(verdict).find(|(_, found)| found.is_some());
    scenario.teardown();
    let Some((seed, Some(violation))) = found else { panic!("{bug} was not found in {seeds_max} seeds") };
    println!("{bug}: seed {seed}: {violation}");
    assert!(names.iter().any(|name| violation.starts_with(name)), "{bug}: seed {seed}: {violation}");
}

/// A coordinator that does not look who commits.
#[test]
fn commits_of_members_that_are_none() {
    is_found("group/commits-of-anybody", &["TWO OWNERS"], 100);
}

/// A reconciler that gives out what is still in another's hands (G13).
#[test]
fn partitions_in_two_hands() {
    is_found("group/waits-for-nobody", &["GROUP-1"], 100);
}

/// A coordinator that answers before what it decided is committed.
#[test]
fn replies_that_do_not_wait() {
    is_found("shard/replies-before-commit", &["COMMIT LOST", "SKIPPED", "TWO OWNERS"], 100);
}
