//! Bugs that are put back on purpose are found.

mod quorum;

use std::panic::catch_unwind;

/// A voter that tells its vote before it is on disk (K4): it crashes, and votes again in the same epoch.
#[test]
fn votes_before_they_are_on_disk() {
    let scenario = fail::FailScenario::setup();
    fail::cfg("raft/votes-before-disk", "return").expect("the name of a bug");
    let said = |seed: u64| {
        let panic = catch_unwind(|| quorum::survive(seed, 3, 0)).err()?;
        Some((seed, panic.downcast_ref::<String>().cloned().unwrap_or_default()))
    };
    let found = (1..=5_000).find_map(said);
    scenario.teardown();
    let (seed, said) = found.expect("found within 5,000 seeds");
    println!("raft/votes-before-disk: seed {seed}: {said}");
    assert!(said.contains("RAFT-2"), "seed {seed}: {said}");
}
