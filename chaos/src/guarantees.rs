//! What each configuration guarantees under each class of faults: what theory says, as plans that show it.

use ottla_core::record::Codec;
use ottla_sim::Crash;

use crate::plan::{ClientPlan, Event, Fault, Flush, Harm, Oracle, Plan, QuorumPlan, Who};

/// A class of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Processes end; their machines go on.
    ProcessCrash,
    /// A machine loses power; others' processes may end.
    PowerOfOne,
    /// All machines lose power at once.
    PowerOfAll,
    /// Machines do not hear each other.
    Partition,
    /// A disk is lost; others' processes may end.
    DiskLoss,
}

/// A configuration under a class of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The producers' `acks`.
    pub acks: i16,
    /// `min.insync.replicas`.
    pub min_in_sync: usize,
    /// `unclean.leader.election.enable`.
    pub unclean: bool,
    /// When a record is on disk.
    pub flush: Flush,
    /// What goes wrong.
    pub class: Class,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 5] =
        [Class::ProcessCrash, Class::PowerOfOne, Class::PowerOfAll, Class::Partition, Class::DiskLoss];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Class::ProcessCrash => "process crash",
            Class::PowerOfOne => "power loss of one",
            Class::PowerOfAll => "power loss of all",
            Class::Partition => "partition",
            Class::DiskLoss => "disk loss",
        }
    }
}

impl Cell {
    /// Every configuration under every class.
    pub fn all() -> Vec<Cell> {
        let mut all = Vec::new();
        for (acks, min_in_sync) in [0, 1, -1].into_iter().flat_map(|acks| [(acks, 1), (acks, 2)]) {
            for (unclean, flush) in
                [false, true].into_iter().flat_map(|u| [(u, Flush::Each), (u, Flush::PageCache)])
            {
                all.extend(Class::ALL.map(|class| Cell { acks, min_in_sync, unclean, flush, class }));
            }
        }
        all
    }

    /// Whether acknowledged records can be lost: by whom nobody waited for, by an election of somebody who lacks them, or
    /// because too few had them on what survives.
    pub fn may_lose(&self) -> bool {
        let loses_cache = self.flush == Flush::PageCache;
        if self.acks != -1 || self.unclean {
            return true;
        }
        match (self.class, self.min_in_sync) {
            (Class::ProcessCrash | Class::Partition, _) => false,
            (Class::PowerOfAll, _) => loses_cache,
            (Class::PowerOfOne, min) => loses_cache && min < 2,
            (Class::DiskLoss, min) => min < 2,
        }
    }

    /// A plan that may show it: five nodes, faults of the class and no others, some aimed so that what may go wrong does.
    pub fn plan(&self, seed: u64) -> Plan {
        let client = ClientPlan {
            idempotent: self.acks == -1,
            acks: self.acks,
            codec: Codec::None,
            every_ms: 10,
            value_bytes: 20,
            oversized_one_in: 0,
        };
        let mut draw = ottla_sim::draw::Draws::new(seed).stream("guarantees", 0);
        let partition = draw.below(3) as i32;
        let jitter = draw.below(400);
        let at = |at_ms: u64, who: Who, harm: Harm, for_ms: u64| Event {
            at_ms: at_ms + jitter,
            fault: Fault::At { who, harm, for_ms },
        };
        let harm = match self.class {
            Class::ProcessCrash => Harm::Process,
            Class::PowerOfOne | Class::PowerOfAll => Harm::Power,
            Class::Partition => Harm::Cut,
            Class::DiskLoss => Harm::Disk,
        };
        let shut_out = if self.class == Class::Partition { Harm::Cut } else { Harm::Process };
        let (leader, first, second) =
            (Who::Leader(partition), Who::Follower(partition, 0), Who::Follower(partition, 1));
        let all_down = |at_ms: u64| Event { at_ms, fault: Fault::AllDown { how: Crash::Power, for_ms: 200 } };
        let events = match (seed % 2, self.class) {
            // Followers leave, so that few are in sync; then the leader goes, and they come back before it.
            (0, Class::PowerOfAll) => {
                vec![
                    at(3_000, first, shut_out, 4_000),
                    at(4_500, second, shut_out, 2_500),
                    all_down(6_500 + jitter),
                ]
            }
            (0, _) => vec![
                at(3_000, first, shut_out, 6_000),
                at(4_600, second, shut_out, 5_500),
                at(6_500, leader, harm, 6_000),
            ],
            // Leadership moves while records are on their way.
            (_, Class::PowerOfAll) => vec![all_down(3_000 + jitter), all_down(7_000 + jitter)],
            (_, Class::PowerOfOne | Class::DiskLoss) => vec![at(4_000, leader, harm, 3_000)],
            _ => (0..3).map(|n| at(3_000 + 3_200 * n, Who::Leader(n as i32), harm, 2_900)).collect(),
        };
        Plan {
            seed,
            nodes: 5,
            seconds: 13,
            partitions: 3,
            min_in_sync: self.min_in_sync,
            unclean: self.unclean,
            flush: self.flush,
            oracle: Oracle::Everything,
            racks: 0,
            segment_ms: 604_800_000,
            retained_bytes: 0,
            message_bytes: 1 << 20,
            images: 0,
            readers: 0,
            clients: vec![client; 3],
            members: Vec::new(),
            checkpoint_ms: 2_000,
            session_ms: 2_000,
            lag_ms: 500,
            rebalance_s: 300,
            quorum: QuorumPlan { is_found: false, snapshot_bytes: 20_000_000, retention_bytes: 100_000_000 },
            events,
        }
    }
}
