//! What a run of a cluster does, drawn from its seed.

use std::fmt;

use ottla_client::group::Protocol;
use ottla_core::record::Codec;
use ottla_sim::{
    Crash,
    disk::DiskFaults,
    draw::{Draws, Stream},
};

use crate::plan::{ClientPlan, MemberPlan};

/// A fault of a cluster. Nodes are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// A node goes down and comes back after so many milliseconds.
    Down(usize, Crash, u64),
    /// All nodes go down at once, and come back after so many milliseconds, one after the other.
    AllDown(Crash, u64),
    /// A node stands still for so many milliseconds.
    Pause(usize, u64),
    /// What one node sends to another does not arrive for so many milliseconds.
    Block(usize, usize, u64),
    /// What a node sends to everybody does not arrive, or what it is sent, or both.
    Isolate(usize, bool, bool, u64),
    /// Every connection of a node is reset.
    Reset(usize),
    /// A node's wall clock jumps by so many milliseconds.
    Jump(usize, i64),
    /// A node's disk fails for a second; the process is then restarted.
    FailingDisk(usize, DiskFaults),
    /// An operator moves a partition to three nodes, drawn from this number.
    Reassign(i32, u64),
    /// An operator gives up the move of a partition.
    GiveUp(i32),
    /// An operator asks for preferred leaders.
    Elect,
    /// A node loses its disk, if the cluster stands that then, and comes back with an empty one after so many
    /// milliseconds.
    LoseDisk(usize, u64),
    /// The processes of a node and of the next one end together, so that too few are in sync. The node comes back after so
    /// many milliseconds, to copies that are damaged where they were durable if the cluster stands that; the next one two
    /// seconds later.
    Damage(usize, u64),
    /// The active controller goes down, and is all that either half of the others hears. When it has given its vote to one,
    /// it goes down again, and the other half is all that it hears. So many milliseconds later all hear each other again.
    SplitVote(u64),
    /// An operator lets a voter go.
    RemoveVoter(usize),
}

/// How the quorum of the metadata log is set up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuorumPlan {
    /// Its first voters are found by their addresses, and not named by their ids.
    pub is_found: bool,
    /// `metadata.log.max.record.bytes.between.snapshots`.
    pub snapshot_bytes: u64,
    /// `metadata.max.retention.bytes`.
    pub retention_bytes: u64,
}

/// A fault and when it begins, in milliseconds of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub at_ms: u64,
    /// What.
    pub fault: Fault,
}

/// A run of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterPlan {
    /// The seed it was drawn from.
    pub seed: u64,
    /// How many nodes; each is broker and controller.
    pub nodes: usize,
    /// Simulated seconds under faults, at least.
    pub seconds: u64,
    /// Partitions of the topic.
    pub partitions: i32,
    /// `min.insync.replicas`; every partition has three replicas.
    pub min_in_sync: usize,
    /// The producing clients; each writes to one partition.
    pub clients: Vec<ClientPlan>,
    /// The members of the group that reads the topic.
    pub members: Vec<MemberPlan>,
    /// Milliseconds between two recovery checkpoints.
    pub checkpoint_ms: u64,
    /// `broker.session.timeout.ms`.
    pub session_ms: u64,
    /// `replica.lag.time.max.ms`.
    pub lag_ms: u64,
    /// `leader.imbalance.check.interval.seconds`.
    pub rebalance_s: u64,
    /// The quorum.
    pub quorum: QuorumPlan,
    /// Records are acknowledged once they are in the page caches of all that are in sync. What is promised then stands
    /// one loss of power, or of a disk, at a time.
    pub page_cache: bool,
    /// The faults, by time.
    pub events: Vec<Event>,
}

impl ClusterPlan {
    /// The plan of a seed.
    pub fn from_seed(seed: u64) -> ClusterPlan {
        let mut draw = Draws::new(seed).stream("cluster", 0);
        let nodes = if draw.below(3) == 0 { 5 } else { 3 };
        let seconds = 20 + draw.below(10);
        let client = |draw: &mut Stream| ClientPlan {
            idempotent: draw.below(4) != 0,
            acks: if draw.below(6) == 0 { 1 } else { -1 },
            codec: Codec::ALL[draw.below(5) as usize],
            every_ms: draw.range(5, 40),
            value_bytes: [20, 200, 2_000][draw.below(3) as usize],
        };
        let clients: Vec<ClientPlan> = (0..draw.range(2, 5)).map(|_| client(&mut draw)).collect();
        let members = members(&mut draw);
        let partitions = clients.len() as i32;
        let (checkpoint_ms, session_ms) =
            (draw.range(200, 10_000), [1_000, 3_000, 9_000][draw.below(3) as usize]);
        let lag_ms = [500, 3_000, 30_000][draw.below(3) as usize];
        let min_in_sync = if draw.below(5) == 0 { 1 } else { 2 };
        let events = events(&mut draw, nodes, clients.len() as u64, seconds * 1_000);
        let rebalance_s = if draw.below(4) == 0 { 2 } else { 300 };
        // A stream of its own: what else is drawn stays what it was.
        let mut draw = Draws::new(seed).stream("quorum", 0);
        let quorum = quorum(&mut draw);
        let members = mixed(&mut Draws::new(seed).stream("migration", 0), members);
        let mut events = events;
        events.extend(quorum_events(&mut draw, nodes, seconds * 1_000));
        events.extend(damages(&mut Draws::new(seed).stream("damage", 0), nodes, seconds * 1_000));
        events.extend(split_votes(&mut Draws::new(seed).stream("vote", 0), seconds * 1_000));
        events.sort_by_key(|e| e.at_ms);
        let page_cache = 2 <= min_in_sync && Draws::new(seed).stream("flush", 0).below(4) == 0;
        ClusterPlan {
            seed,
            nodes,
            seconds,
            partitions,
            min_in_sync,
            clients,
            members,
            checkpoint_ms,
            session_ms,
            lag_ms,
            rebalance_s,
            quorum,
            page_cache,
            events,
        }
    }
}

fn members(draw: &mut Stream) -> Vec<MemberPlan> {
    if draw.below(3) != 0 {
        return Vec::new();
    }
    let protocol = if draw.below(2) == 0 { Protocol::Classic } else { Protocol::Consumer };
    let takes_turns = draw.below(2) == 0;
    let member = |draw: &mut Stream| MemberPlan {
        protocol,
        is_static: draw.below(4) == 0,
        has_pattern: draw.below(4) == 0,
        takes_turns,
        heartbeat_ms: draw.range(200, 2_000),
        work_ms: [10, 300][draw.below(2) as usize],
        commits_one_in: draw.range(1, 6),
    };
    (0..draw.range(1, 4)).map(|_| member(draw)).collect()
}

fn quorum(draw: &mut Stream) -> QuorumPlan {
    QuorumPlan {
        is_found: draw.below(3) == 0,
        snapshot_bytes: [1, 1_000, 5_000, 20_000_000][draw.below(4) as usize],
        retention_bytes: [1, 10_000, 100_000_000][draw.below(3) as usize],
    }
}

/// In a third of the groups, some members speak the other protocol.
fn mixed(draw: &mut Stream, mut members: Vec<MemberPlan>) -> Vec<MemberPlan> {
    if draw.below(3) != 0 {
        return members;
    }
    for member in &mut members {
        if draw.below(2) == 0 {
            member.protocol = match member.protocol {
                Protocol::Classic => Protocol::Consumer,
                Protocol::Consumer => Protocol::Classic,
            };
        }
    }
    members
}

/// Every other seed has some of what changes the voters.
fn quorum_events(draw: &mut Stream, nodes: usize, end_ms: u64) -> Vec<Event> {
    let count = if draw.below(2) == 0 { draw.range(1, 4) } else { 0 };
    let mut one = |_| {
        let at_ms = 3_000 + draw.below(end_ms - 4_000);
        let node = 1 + draw.below(nodes as u64) as usize;
        let most_ms = [300, 3_000, 12_000][draw.below(3) as usize];
        let for_ms = draw.range(10, most_ms);
        let fault = if draw.below(3) == 0 { Fault::RemoveVoter(node) } else { Fault::LoseDisk(node, for_ms) };
        Event { at_ms, fault }
    };
    (0..count).map(&mut one).collect()
}

/// In a quarter of the seeds copies are damaged while their node is down.
fn damages(draw: &mut Stream, nodes: usize, end_ms: u64) -> Vec<Event> {
    let count = if draw.below(4) == 0 { draw.range(1, 3) } else { 0 };
    let mut one = |_| {
        let at_ms = 3_000 + draw.below(end_ms - 4_000);
        let node = 1 + draw.below(nodes as u64) as usize;
        Event { at_ms, fault: Fault::Damage(node, draw.range(10, 3_000)) }
    };
    (0..count).map(&mut one).collect()
}

/// In a quarter of the seeds a voter is asked twice.
fn split_votes(draw: &mut Stream, end_ms: u64) -> Vec<Event> {
    let count = if draw.below(4) == 0 { draw.range(1, 4) } else { 0 };
    let mut one = |_| {
        let at_ms = 3_000 + draw.below(end_ms - 4_000);
        Event { at_ms, fault: Fault::SplitVote(draw.range(500, 5_000)) }
    };
    (0..count).map(&mut one).collect()
}

/// Swarm testing: each seed has a few kinds of faults, some of them often.
fn events(draw: &mut Stream, nodes: usize, partitions: u64, end_ms: u64) -> Vec<Event> {
    let kinds: Vec<u64> = (0..draw.range(1, 5)).map(|_| draw.below(11)).collect();
    let mut events = Vec::new();
    for _ in 0..draw.range(2, 14) {
        let at_ms = 2_000 + draw.below(end_ms - 3_000);
        let node = 1 + draw.below(nodes as u64) as usize;
        let other = 1 + (node + draw.below(nodes as u64 - 1) as usize) % nodes;
        let most_ms = [300, 3_000, 12_000][draw.below(3) as usize];
        let for_ms = draw.range(10, most_ms);
        let how = if draw.below(2) == 0 { Crash::Process } else { Crash::Power };
        let fault = match kinds[draw.below(kinds.len() as u64) as usize] {
            0 | 1 => Fault::Down(node, how, for_ms),
            2 => Fault::AllDown(how, for_ms.min(3_000)),
            3 => Fault::Pause(node, for_ms),
            4 => Fault::Block(node, other, for_ms),
            5 => {
                let which = draw.below(3);
                Fault::Isolate(node, which != 1, which != 0, for_ms)
            }
            6 => Fault::Reset(node),
            7 => Fault::Jump(node, draw.below(20_000_000) as i64 - 10_000_000),
            9 => Fault::Reassign(draw.below(partitions) as i32, draw.bits()),
            10 if draw.below(2) == 0 => Fault::GiveUp(draw.below(partitions) as i32),
            10 => Fault::Elect,
            _ => {
                let one_in = draw.range(1, 20);
                let faults = if draw.below(2) == 0 {
                    DiskFaults { sync_fails: 1_000_000 / one_in, ..DiskFaults::default() }
                } else {
                    DiskFaults { write_fails: 1_000_000 / one_in, ..DiskFaults::default() }
                };
                Fault::FailingDisk(node, faults)
            }
        };
        events.push(Event { at_ms, fault });
    }
    events.sort_by_key(|e| e.at_ms);
    events
}

impl fmt::Display for ClusterPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {} nodes, at least {} s", self.seed, self.nodes, self.seconds)?;
        writeln!(
            f,
            "partitions {}, min.insync.replicas {}, checkpoint every {} ms, broker session {} ms, replica lag {} ms, preferred leaders every {} s",
            self.partitions,
            self.min_in_sync,
            self.checkpoint_ms,
            self.session_ms,
            self.lag_ms,
            self.rebalance_s
        )?;
        writeln!(f, "{:?}", self.quorum)?;
        if self.page_cache {
            writeln!(f, "acknowledged from the page cache")?;
        }
        for (at, client) in self.clients.iter().enumerate() {
            writeln!(f, "client {at}: {client:?}")?;
        }
        for (at, member) in self.members.iter().enumerate() {
            writeln!(f, "member {at}: {member:?}")?;
        }
        self.events.iter().try_for_each(|e| writeln!(f, "{:>6} ms  {:?}", e.at_ms, e.fault))
    }
}
