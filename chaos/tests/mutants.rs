//! Bugs that are put back on purpose are found.

use std::panic::catch_unwind;

use ottla_chaos::{
    ClusterPlan, Plan, Verdict,
    cluster::plan::{Event, Fault},
    run, run_cluster,
};

/// The bug is found within so many seeds that have a group, under one of the names.
fn is_found(bug: &str, names: &[&str], seeds_max: usize) {
    let plans = (1..).map(Plan::from_seed).filter(|plan| !plan.members.is_empty()).take(seeds_max);
    found(bug, names, seeds_max, plans.map(|plan| (plan.seed, move || run(&plan, 0))));
}

/// The bug is found within so many seeds of clusters, under one of the names.
fn is_found_in_clusters(bug: &str, names: &[&str], seeds_max: usize) {
    is_found_in_some_clusters(bug, names, seeds_max, |_| true);
}

/// The bug is found within so many seeds of clusters of a kind.
fn is_found_in_some_clusters(
    bug: &str,
    names: &[&str],
    seeds_max: usize,
    is_of_kind: impl Fn(&ClusterPlan) -> bool,
) {
    let plans = (1..).map(ClusterPlan::from_seed).filter(is_of_kind).take(seeds_max);
    found(bug, names, seeds_max, plans.map(|plan| (plan.seed, move || run_cluster(&plan, 0))));
}

fn found<R>(bug: &str, names: &[&str], seeds_max: usize, runs: impl Iterator<Item = (u64, R)>)
where
    R: FnOnce() -> Verdict + std::panic::UnwindSafe + Send,
{
    // One at a time in a process.
    let scenario = fail::FailScenario::setup();
    fail::cfg(bug, "return").expect("the name of a bug");
    // A broken invariant ends the process: here its run.
    let said = |panic: Box<dyn std::any::Any + Send>| {
        let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    };
    let verdict = |(seed, run): (u64, R)| match catch_unwind(run) {
        Ok(verdict) => (seed, verdict.violation),
        Err(panic) => (seed, Some(said(panic))),
    };
    // Two seeds side by side; the lower one that finds it counts.
    let (mut runs, mut found) = (runs.peekable(), None);
    while found.is_none() && runs.peek().is_some() {
        let pair: Vec<(u64, R)> = runs.by_ref().take(2).collect();
        let verdicts: Vec<(u64, Option<String>)> = std::thread::scope(|scope| {
            let threads: Vec<_> = pair.into_iter().map(|run| scope.spawn(|| verdict(run))).collect();
            threads.into_iter().map(|thread| thread.join().expect("a panic is a verdict")).collect()
        });
        found = verdicts.into_iter().find_map(|(seed, found)| found.map(|found| (seed, found)));
    }
    scenario.teardown();
    let Some((seed, violation)) = found else { panic!("{bug} was not found in {seeds_max} seeds") };
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

/// A follower that cuts its log at its own high watermark, as before KIP-101 (R1).
#[test]
fn cutting_at_the_high_watermark() {
    is_found_in_clusters("replica/cuts-at-high-watermark", &["REPL", "LOST", "RAFT", "CHANGED"], 300);
}

/// A leader for which only those count who were agreed to be in sync (S1).
#[test]
fn proposed_replicas_that_do_not_count() {
    is_found_in_clusters("replica/proposed-do-not-count", &["REPL", "LOST", "CHANGED"], 1_000);
}

/// A leader that commits while too few are in sync: the last replica standing is trusted (S8).
#[test]
fn committing_with_too_few() {
    is_found_in_clusters("replica/commits-with-too-few", &["REPL", "LOST", "CHANGED"], 300);
}

/// A voter that tells its vote before it is on disk (K4): it loses power, and votes again in the same epoch.
#[test]
fn votes_before_they_are_on_disk() {
    let is_asked_twice = |event: &Event| matches!(event.fault, Fault::SplitVote(_));
    let asks = |plan: &ClusterPlan| plan.events.iter().any(is_asked_twice);
    is_found_in_some_clusters("quorum/votes-before-disk", &["RAFT-2"], 300, asks);
}

/// A broker that comes back to damaged copies, begins them anew, and tells nobody.
#[test]
fn damaged_copies_that_nobody_doubts() {
    let is_damage = |event: &Event| matches!(event.fault, Fault::Damage(..));
    let damages = |plan: &ClusterPlan| !plan.page_cache && plan.events.iter().any(is_damage);
    is_found_in_some_clusters("broker/doubts-nothing", &["REPL", "LOST", "CHANGED"], 300, damages);
}

/// A broker that comes back from a loss of power, and trusts copies whose tail was in the page cache only (KIP-966).
#[test]
fn copies_that_nobody_doubts() {
    let acknowledges_from_cache = |plan: &ClusterPlan| plan.page_cache;
    is_found_in_some_clusters(
        "broker/doubts-nothing",
        &["REPL", "LOST", "CHANGED"],
        200,
        acknowledges_from_cache,
    );
}
