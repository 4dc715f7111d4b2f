//! Bugs of real systems that can be put back on purpose, each with the plans that may find it.
//!
//! They are compiled in only where the crate `fail` has its feature: in tests and benches, and with the feature `mutants`.

use ottla_client::group::Protocol;

use crate::plan::{Event, Fault, Flush, Harm, Plan};

/// A bug that can be put back.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Its name in the code (`is_planted`).
    pub name: &'static str,
    /// Who had it, or what it breaks.
    pub source: &'static str,
    /// Whose plans are tried.
    pub plans: Plans,
    /// How many seeds a test gives it; `None` where chance finds it too rarely for a test.
    pub within: Option<usize>,
    /// How the ids of what the test finds begin: the promise that the bug breaks.
    pub breaks: &'static [&'static str],
    /// The test with a schedule that finds it, where chance hardly does.
    pub schedule: Option<&'static str>,
}

/// Plans, in the order of their seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plans {
    /// Of one node.
    One,
    /// Of one node with a group.
    Group,
    /// Of one node with a classic group of which a member that works for long, and commits most of the time, stands still
    /// for longer than its session and a rebalance.
    SilentMembers,
    /// Of several nodes.
    Several,
    /// Those of several nodes in which a voter is asked twice.
    SplitVotes,
    /// Those in which copies are damaged.
    Damages,
    /// Those that acknowledge from the page cache.
    PageCache,
    /// Those in which disks are lost.
    LostDisks,
    /// Those in which partitions move.
    Moves,
}

impl Plans {
    /// The plan of a seed, if it is one of them.
    pub fn of(self, seed: u64) -> Option<Plan> {
        let has =
            |plan: &Plan, is: fn(&Fault) -> bool| plan.events.iter().any(|Event { fault, .. }| is(fault));
        let plan = match self {
            Plans::One | Plans::Group | Plans::SilentMembers => Plan::single(seed),
            _ => Plan::cluster(seed),
        };
        let is_one = match self {
            Plans::One | Plans::Several => true,
            Plans::Group => !plan.members.is_empty(),
            Plans::SilentMembers => 1 < plan.members.len() && plan.events.iter().any(|e| is_silent(&plan, e)),
            Plans::SplitVotes => has(&plan, |fault| matches!(fault, Fault::SplitVote { .. })),
            Plans::Damages => {
                plan.flush == Flush::Each && has(&plan, |fault| matches!(fault, Fault::Damage { .. }))
            }
            Plans::PageCache => plan.flush == Flush::PageCache,
            Plans::LostDisks => has(&plan, |fault| {
                matches!(fault, Fault::LoseDisk { .. } | Fault::At { harm: Harm::Disk, .. })
            }),
            Plans::Moves => has(&plan, |fault| matches!(fault, Fault::Reassign { .. })),
        };
        is_one.then_some(plan)
    }

    /// The plans from a seed on.
    pub fn from(self, seed: u64) -> impl Iterator<Item = Plan> {
        (seed..).filter_map(move |seed| self.of(seed))
    }
}

/// Whether a member may go on with a commit after the group has gone on without it.
fn is_silent(plan: &Plan, event: &Event) -> bool {
    let Fault::MemberPause { member, for_ms: 9_000.. } = event.fault else { return false };
    let paused = &plan.members[member];
    paused.protocol == Protocol::Classic && 1_000 <= paused.work_ms && paused.commits_one_in <= 2
}

const fn mutant(name: &'static str, source: &'static str, plans: Plans, within: usize) -> Mutant {
    let within = if within == 0 { None } else { Some(within) };
    Mutant { name, source, plans, within, breaks: RECORDS, schedule: None }
}

const fn breaking(mutant: Mutant, breaks: &'static [&'static str]) -> Mutant {
    Mutant { breaks, ..mutant }
}

const fn scheduled(mutant: Mutant, schedule: &'static str) -> Mutant {
    Mutant { schedule: Some(schedule), ..mutant }
}

/// Replicas that disagree, or records that are lost.
const RECORDS: &[&str] = &["REPL", "LOST", "CHANGED"];

/// All of them.
pub const ALL: &[Mutant] = &[
    breaking(
        mutant(
            "replica/cuts-at-high-watermark",
            "followers before KIP-101 (KAFKA-1211)",
            Plans::Several,
            300,
        ),
        &["REPL", "LOST", "RAFT", "CHANGED"],
    ),
    mutant("replica/proposed-do-not-count", "KIP-497's maximal ISR (KAFKA-8836)", Plans::Several, 1_000),
    mutant("replica/commits-with-too-few", "KIP-966: the last replica standing", Plans::Several, 300),
    mutant("replica/one-copy-is-enough", "a leader that waits for its fastest follower", Plans::Several, 0),
    mutant("replica/joins-below-epoch", "KAFKA-7128: in sync by a stale high watermark", Plans::Several, 0),
    mutant("replica/counts-what-diverges", "KAFKA-13141", Plans::Several, 0),
    mutant("replica/sees-no-divergence", "KAFKA-6857: no epoch, no truncation", Plans::Several, 0),
    scheduled(
        mutant(
            "replica/appends-of-older-epochs",
            "KAFKA-7786: an answer of an earlier epoch",
            Plans::Several,
            0,
        ),
        "chaos/tests/mutants.rs",
    ),
    mutant("replica/notes-no-epoch", "KAFKA-7415: no epoch's start at an election", Plans::Several, 0),
    mutant("replica/waits-for-no-write", "KAFKA-13207: a role that changes under a write", Plans::Several, 0),
    mutant("partition/acknowledges-before-sync", "etcd #14370", Plans::One, 0),
    mutant(
        "fetcher/fetches-before-sync",
        "a follower whose fetch vouches for its page cache",
        Plans::Several,
        0,
    ),
    mutant("flusher/believes-failed-syncs", "fsyncgate (PostgreSQL, 2018)", Plans::One, 0),
    mutant("flusher/syncs-no-directories", "KAFKA-3968, etcd #6368", Plans::One, 0),
    mutant("producer/appends-duplicates", "KIP-98: retries that nobody recognises", Plans::One, 0),
    mutant("producer/loses-snapshots", "KAFKA-9892", Plans::One, 0),
    mutant("producer/notes-nothing", "KIP-98: a producer that nobody remembers", Plans::One, 0),
    mutant("controller/elects-anybody", "Kafka 0.8 (Jepsen, 2013)", Plans::Several, 0),
    mutant(
        "controller/trusts-doubted",
        "KIP-966: an unclean shutdown that is known and ignored",
        Plans::PageCache,
        0,
    ),
    mutant(
        "controller/keeps-eligible",
        "KAFKA-18635: eligible replicas that are never let go",
        Plans::Several,
        0,
    ),
    mutant("controller/knows-no-eligible", "before KIP-966", Plans::Several, 0),
    mutant("controller/completes-moves-early", "KAFKA-15665", Plans::Moves, 0),
    scheduled(
        mutant("controller/takes-stale-proposals", "KAFKA-12367", Plans::Several, 0),
        "core/tests/proposals.rs",
    ),
    mutant("controller/adds-fenced", "KIP-841 (KAFKA-13916)", Plans::Several, 0),
    scheduled(
        mutant("controller/adds-earlier-lives", "KIP-903 (KAFKA-14617)", Plans::LostDisks, 0),
        "core/tests/proposals.rs",
    ),
    mutant(
        "controller/trusts-other-disks",
        "a swapped disk (FoundationDB's simulation)",
        Plans::LostDisks,
        0,
    ),
    mutant(
        "broker/doubts-nothing",
        "KIP-966: an unclean shutdown that nobody notices",
        Plans::PageCache,
        200,
    ),
    mutant(
        "broker/doubts-nothing",
        "Protocol-aware recovery (FAST '18): damaged copies begun anew",
        Plans::Damages,
        300,
    ),
    breaking(
        mutant(
            "quorum/votes-before-disk",
            "a vote that is told before it is on disk (Raft §5.2)",
            Plans::SplitVotes,
            300,
        ),
        &["RAFT-2"],
    ),
    mutant("raft/commits-alone", "openraft #1802: progress without a majority", Plans::Several, 0),
    scheduled(
        mutant("raft/commits-earlier-epochs", "Raft, figure 8 (LogCabin #44)", Plans::Several, 0),
        "core/tests/mutants.rs",
    ),
    mutant("raft/elects-shorter-logs", "openraft #1220", Plans::Several, 0),
    scheduled(mutant("raft/checks-no-quorum", "KAFKA-15489", Plans::Several, 0), "core/tests/mutants.rs"),
    mutant("raft/needs-no-majority", "two leaders of one epoch (Raft §5.2)", Plans::Several, 0),
    breaking(
        mutant(
            "group/commits-of-anybody",
            "a coordinator that does not look who commits",
            Plans::SilentMembers,
            40,
        ),
        &["TWO OWNERS"],
    ),
    breaking(
        mutant("group/waits-for-nobody", "KIP-848: partitions in two hands (KAFKA-16147)", Plans::Group, 100),
        &["GROUP-1"],
    ),
    mutant("group/keeps-its-generation", "a rebalance that fences nobody", Plans::Group, 0),
    breaking(
        mutant(
            "shard/replies-before-commit",
            "a coordinator that answers before its log is committed",
            Plans::Group,
            100,
        ),
        &["COMMIT LOST", "SKIPPED", "TWO OWNERS"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_names_plans_that_there_are() {
        for mutant in ALL {
            assert!(mutant.plans.from(1).next().is_some(), "{mutant:?}");
        }
        assert!(30 <= ALL.len());
    }
}
