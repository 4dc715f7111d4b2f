//! Simulated clusters under faults: what was acknowledged is there, and in every moment what must hold does.

use ottla_chaos::{Plan, run};

/// Seeds that found something, with what it was. Each must hold now.
const KEPT: &[(u64, &str)] = &[
    (
        32,
        "the harness took the generations of a group for those of the one that replaced it when it stood empty",
    ),
    (
        42,
        "a voter that lost its leader and found it again fetched twice at once, and cut by the answer to the other",
    ),
    (112, "a group's coordinator that could append nothing for a while was given up, and never began again"),
    (1_073, "the harness took the log of a replica that had moved away for the one that came back"),
    (2_152, "an epoch in which a leader had appended nothing kept it from taking records of an earlier one"),
    (2_653, "a leader that became a follower told the new one that it had on disk what it had only written"),
    (
        5_503,
        "the harness judged a replica that had moved away and come back by a leader that had not heard of it",
    ),
    (90_003, "a start that was refused after it had begun to listen went on in the background"),
    (90_018, "the offsets topic was made with one copy, as only one broker had come, and its disk was lost"),
    (91_129, "a voter was let go while another's disk was lost, and no majority was left"),
    (
        91_304,
        "a cut that went on after a refused start had the log's start forgotten, and the log could not be opened",
    ),
];

#[test]
fn kept_seeds_hold() {
    for (seed, story) in KEPT {
        let verdict = run(&Plan::cluster(*seed), 0);
        assert_eq!(verdict.violation, None, "seed {seed}: {story}");
    }
}

#[test]
fn a_sweep_holds_and_its_faults_happen() {
    let (mut losses, mut disks, mut faults, mut acknowledged) = (0, 0, 0, 0);
    for seed in 7_000..7_015 {
        let verdict = run(&Plan::cluster(seed), 0);
        assert_eq!(verdict.violation, None, "cargo chaos run --nodes several --seed {seed}");
        losses += verdict.counts.power_losses;
        disks += verdict.counts.disk_losses;
        faults += verdict.counts.network_faults;
        acknowledged += verdict.acknowledged;
    }
    assert!(45 <= losses && 0 < faults && 15_000 <= acknowledged, "{losses} {faults} {acknowledged}");
    assert!(0 < disks, "no disk was lost");
}

#[test]
fn who_is_too_far_behind_takes_a_snapshot() {
    let verdict = run(&Plan::cluster(91_304), 1_000_000);
    let taken = verdict.trace.iter().filter(|line| line.contains("installed metadata snapshot")).count();
    assert!(0 < taken && verdict.violation.is_none(), "{taken} {:?}", verdict.violation);
}

#[test]
fn a_seed_gives_one_run() {
    let plan = Plan::cluster(3);
    let (first, again) = (run(&plan, 0), run(&plan, 0));
    assert_eq!((first.trace_hash, first.events), (again.trace_hash, again.events));
}
