//! Simulated brokers under faults: what was acknowledged is there.

use ottla_broker::GroupStats;
use ottla_chaos::{
    Plan,
    plan::{Flush, Oracle},
    run,
};

/// Seeds that found something, with what it was. Each must hold now.
const KEPT: &[(u64, &str)] = &[
    (26, "the broker's clock fell behind by more than an hour: it refuses timestamps, rightly"),
    (55, "the harness judged records that were sent after it had read the partition"),
    (169, "two syncs of one file in flight were done in the wrong order by the simulated disk"),
    (436, "the same, beside a checkpoint"),
    (448, "the same, after a failed sync"),
    (
        727_933_898,
        "a failed sync lost a new segment's name for good in the simulated disk, though later syncs of its directory succeeded",
    ),
];

#[test]
fn kept_seeds_hold() {
    for (seed, story) in KEPT {
        let verdict = run(&Plan::single(*seed), 0);
        assert_eq!(verdict.violation, None, "seed {seed}: {story}");
    }
}

#[test]
fn a_sweep_holds_and_its_faults_happen() {
    let (mut power_losses, mut groups) = (0, GroupStats::default());
    for seed in 5_000..5_015 {
        let verdict = run(&Plan::single(seed), 0);
        assert_eq!(verdict.violation, None, "cargo chaos run --nodes one --seed {seed}");
        assert!(
            2_000 <= verdict.acknowledged && 30 <= verdict.simulated.as_secs(),
            "seed {seed} did too little"
        );
        power_losses += verdict.counts.power_losses;
        groups.rebalances += verdict.groups.rebalances;
        groups.evictions += verdict.groups.evictions;
        groups.fenced += verdict.groups.fenced;
        groups.loads += verdict.groups.loads;
    }
    // One at the end of each, and at least one from its plan.
    assert!(30 <= power_losses);
    let GroupStats { rebalances, evictions, fenced, loads } = groups;
    assert!([rebalances, evictions, fenced, loads].iter().all(|count| 0 < *count), "{groups:?}");
}

#[test]
fn a_seed_gives_one_run() {
    for seed in [3, 11] {
        let plan = Plan::single(seed);
        let first = run(&plan, 0);
        // Again, while another run goes on beside it as in a sweep.
        let again = std::thread::scope(|scope| {
            let beside = scope.spawn(|| run(&Plan::single(seed + 2), 0));
            let again = run(&plan, 0);
            beside.join().expect("it holds");
            again
        });
        assert_eq!((first.trace_hash, first.events), (again.trace_hash, again.events), "seed {seed}");
        let other = run(&Plan::single(seed + 1), 0);
        assert_ne!(first.trace_hash, other.trace_hash, "two seeds give two runs");
    }
}

#[test]
fn acknowledging_before_the_sync_is_found() {
    let planted = |seed| Plan { flush: Flush::PageCache, oracle: Oracle::Everything, ..Plan::single(seed) };
    let found = (1..=50).find(|seed| run(&planted(*seed), 0).violation.is_some());
    assert!(found.is_some(), "fifty seeds did not find it");
}
