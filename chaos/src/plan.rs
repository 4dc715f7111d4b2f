//! What a run does, drawn from its seed: every knob varies, and many seeds have few kinds of fault.

use std::fmt;

use ottla_client::group::Protocol;
use ottla_core::record::Codec;
use ottla_sim::draw::Draws;

/// A fault and when it begins, in milliseconds of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at_ms: u64,
    /// What.
    pub fault: Fault,
}

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The broker's process ends and comes back after so many milliseconds.
    ProcessCrash(u64),
    /// The broker's node loses power and comes back after so many milliseconds.
    PowerLoss(u64),
    /// The broker's process stands still for so many milliseconds.
    Pause(u64),
    /// What the broker sends does not arrive for so many milliseconds.
    BlockOut(u64),
    /// What is sent to the broker does not arrive for so many milliseconds.
    BlockIn(u64),
    /// Both.
    Partition(u64),
    /// Every connection of the broker is reset.
    Reset,
    /// The broker's wall clock jumps by so many milliseconds.
    ClockJump(i64),
    /// One in so many syncs fails for a second; the process is then restarted.
    FailedSyncs(u64),
    /// One in so many writes fails for a second; the process is then restarted.
    FailedWrites(u64),
    /// The disk is full for a second; the process is then restarted.
    FullDisk,
    /// A member of the group ends and comes back after so many milliseconds.
    MemberCrash(usize, u64),
    /// A member of the group stands still for so many milliseconds.
    MemberPause(usize, u64),
    /// Every connection of a member is reset.
    MemberReset(usize),
}

/// A member of the consumer group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberPlan {
    /// How the group shares out.
    pub protocol: Protocol,
    /// It has a `group.instance.id`.
    pub is_static: bool,
    /// It names its topic by a regular expression, where the protocol has them.
    pub has_pattern: bool,
    /// The group shares out in turn, and not by ranges; the coordinator by ranges, and not evenly.
    pub takes_turns: bool,
    /// Milliseconds between two heartbeats.
    pub heartbeat_ms: u64,
    /// Milliseconds that it works on what a poll gave, at most.
    pub work_ms: u64,
    /// It commits after one in so many polls.
    pub commits_one_in: u64,
}

/// A producing client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientPlan {
    /// Each record once.
    pub idempotent: bool,
    /// 1, or -1 for all.
    pub acks: i16,
    /// How it compresses.
    pub codec: Codec,
    /// Milliseconds between two records.
    pub every_ms: u64,
    /// Bytes of a value, at most.
    pub value_bytes: u64,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The seed it was drawn from.
    pub seed: u64,
    /// Simulated seconds under faults, at least.
    pub seconds: u64,
    /// Acknowledgements, at least.
    pub acknowledgements: u64,
    /// Partitions of the topic.
    pub partitions: i32,
    /// The clients; each writes to one partition.
    pub clients: Vec<ClientPlan>,
    /// The members of the group that reads the topic; half of the seeds have none.
    pub members: Vec<MemberPlan>,
    /// Milliseconds between two recovery checkpoints.
    pub checkpoint_ms: u64,
    /// The faults, by time.
    pub events: Vec<Event>,
    /// The promise is broken on purpose: acknowledged before it is synced.
    pub acknowledge_before_sync: bool,
}

impl Plan {
    /// The plan of a seed.
    pub fn from_seed(seed: u64) -> Plan {
        let mut draw = Draws::new(seed).stream("plan", 0);
        let seconds = 30 + draw.below(5);
        let client = |draw: &mut ottla_sim::draw::Stream| ClientPlan {
            idempotent: draw.below(3) != 0,
            acks: if draw.below(4) == 0 { 1 } else { -1 },
            codec: Codec::ALL[draw.below(5) as usize],
            every_ms: draw.range(4, 15),
            value_bytes: [20, 200, 2_000][draw.below(3) as usize],
        };
        let clients: Vec<ClientPlan> = (0..draw.range(3, 5)).map(|_| client(&mut draw)).collect();
        let kinds = draw.bits();
        let end_ms = seconds * 1_000;
        let mut events = Vec::new();
        // Three crashes, one of them a power loss, and what the seed likes beside them.
        for n in 0..3 + draw.below(3) {
            let at_ms = 500 + draw.below(end_ms - 1_500);
            let down_ms = draw.range(5, 1_500);
            let fault = if n == 0 || draw.below(2) == 0 {
                Fault::PowerLoss(down_ms)
            } else {
                Fault::ProcessCrash(down_ms)
            };
            events.push(Event { at_ms, fault });
        }
        for n in 0..draw.below(8) {
            let (at_ms, for_ms) = (500 + draw.below(end_ms - 1_500), draw.range(10, 3_000));
            let fault = match (n + kinds) % 9 {
                0 => Fault::Pause(for_ms),
                1 => Fault::BlockOut(for_ms),
                2 => Fault::BlockIn(for_ms),
                3 => Fault::Partition(for_ms),
                4 => Fault::Reset,
                5 => Fault::ClockJump(draw.below(20_000_000) as i64 - 10_000_000),
                6 => Fault::FailedSyncs(draw.range(1, 20)),
                7 => Fault::FailedWrites(draw.range(1, 50)),
                _ => Fault::FullDisk,
            };
            events.push(Event { at_ms, fault });
        }
        let members = members(seed, end_ms, &mut events);
        events.sort_by_key(|e| e.at_ms);
        let (partitions, checkpoint_ms) = (clients.len() as i32, draw.range(200, 10_000));
        Plan {
            seed,
            seconds,
            acknowledgements: 2_000,
            partitions,
            clients,
            members,
            checkpoint_ms,
            events,
            acknowledge_before_sync: false,
        }
    }
}

/// The members of a seed's group; what happens to them joins the events.
fn members(seed: u64, end_ms: u64, events: &mut Vec<Event>) -> Vec<MemberPlan> {
    let mut draw = Draws::new(seed).stream("group", 0);
    if draw.below(2) == 0 {
        return Vec::new();
    }
    let takes_turns = draw.below(2) == 0;
    // A stream of its own: what was drawn before it was there stays.
    let mut protocols = Draws::new(seed).stream("group-protocol", 0);
    let protocol = if protocols.below(2) == 0 { Protocol::Classic } else { Protocol::Consumer };
    let members: Vec<MemberPlan> = (0..draw.range(1, 5))
        .map(|_| MemberPlan {
            protocol,
            is_static: draw.below(4) == 0,
            has_pattern: protocols.below(4) == 0,
            takes_turns,
            heartbeat_ms: draw.range(200, 2_000),
            work_ms: [10, 300, 3_000][draw.below(3) as usize],
            commits_one_in: draw.range(1, 6),
        })
        .collect();
    for _ in 0..draw.below(7) {
        let at_ms = 500 + draw.below(end_ms - 1_500);
        let member = draw.below(members.len() as u64) as usize;
        let fault = match draw.below(3) {
            0 => Fault::MemberCrash(member, draw.range(5, 12_000)),
            1 => Fault::MemberPause(member, draw.range(100, 12_000)),
            _ => Fault::MemberReset(member),
        };
        events.push(Event { at_ms, fault });
    }
    members
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}", self.seed)?;
        writeln!(f, "at least {} s and {} acknowledgements", self.seconds, self.acknowledgements)?;
        writeln!(f, "partitions {}, checkpoint every {} ms", self.partitions, self.checkpoint_ms)?;
        if self.acknowledge_before_sync {
            writeln!(f, "planted: acknowledges before it syncs")?;
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
