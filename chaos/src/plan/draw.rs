//! Plans from seeds: every knob varies, and many seeds have few kinds of fault, some of them often (swarm testing, Groce
//! et al., ISSTA 2012). Each concern has a stream of its own, so that what is drawn later changes nothing before it.

use ottla_client::group::Protocol;
use ottla_core::record::Codec;
use ottla_sim::{
    Crash,
    draw::{Draws, Stream},
};

use super::{ClientPlan, Event, Fault, Flush, Harm, MemberPlan, Oracle, Plan, QuorumPlan, Setting, Who};

impl Plan {
    /// The plan of a seed: one node in a quarter of the seeds, three or five in the others.
    pub fn from_seed(seed: u64) -> Plan {
        let is_single = Draws::new(seed).stream("size", 0).below(4) == 0;
        if is_single { Plan::single(seed) } else { Plan::cluster(seed) }
    }

    /// The plan of a seed for one node.
    pub fn single(seed: u64) -> Plan {
        let mut draw = Draws::new(seed).stream("plan", 0);
        let seconds = 30 + draw.below(5);
        let mut clients: Vec<ClientPlan> =
            (0..draw.range(3, 5)).map(|_| client(&mut draw, (3, 4), (4, 15))).collect();
        odd_clients(&mut Draws::new(seed).stream("odd", 0), &mut clients);
        let end_ms = seconds * 1_000;
        let mut events = single_events(&mut draw, end_ms);
        let mut group = Draws::new(seed).stream("group", 0);
        // A stream of its own: what was drawn before it was there stays.
        let mut protocols = Draws::new(seed).stream("group-protocol", 0);
        let members = single_members(&mut group, &mut protocols);
        events.extend(member_events(&mut group, members.len(), end_ms));
        let topic = TopicDraws::of(seed, &members);
        events.extend(topic.events(seed, (1, 1), clients.len() as u64, end_ms));
        events.sort_by_key(|e| e.at_ms);
        Plan {
            seed,
            nodes: 1,
            seconds,
            partitions: clients.len() as i32,
            min_in_sync: 1,
            unclean: false,
            flush: Flush::Each,
            oracle: Oracle::Promise,
            racks: 0,
            segment_ms: topic.segment_ms,
            retained_bytes: topic.retained_bytes,
            message_bytes: MESSAGE_BYTES,
            images: topic.images,
            readers: topic.readers,
            clients,
            members,
            checkpoint_ms: draw.range(200, 10_000),
            session_ms: 9_000,
            lag_ms: 30_000,
            rebalance_s: 300,
            quorum: QuorumPlan { is_found: false, snapshot_bytes: 20_000_000, retention_bytes: 100_000_000 },
            events,
        }
    }

    /// A plan of two seconds in which nothing goes wrong: what faults are added to, one at each event.
    pub fn short(nodes: usize) -> Plan {
        let client = |idempotent: bool, codec: Codec| ClientPlan {
            idempotent,
            acks: -1,
            codec,
            every_ms: 25,
            value_bytes: 200,
            oversized_one_in: 0,
        };
        let member = MemberPlan {
            protocol: Protocol::Classic,
            is_static: false,
            has_pattern: false,
            takes_turns: false,
            heartbeat_ms: 500,
            work_ms: 50,
            commits_one_in: 2,
        };
        let clients = vec![client(true, Codec::Lz4), client(false, Codec::None)];
        Plan {
            seconds: 2,
            nodes,
            partitions: 2,
            min_in_sync: nodes.min(2),
            clients,
            members: vec![member],
            flush: Flush::Each,
            oracle: Oracle::Promise,
            unclean: false,
            racks: 0,
            segment_ms: 500,
            retained_bytes: 0,
            message_bytes: MESSAGE_BYTES,
            images: 0,
            readers: 1,
            checkpoint_ms: 300,
            session_ms: 1_000,
            lag_ms: 500,
            rebalance_s: 300,
            quorum: QuorumPlan { is_found: false, snapshot_bytes: 1_000, retention_bytes: 1_000 },
            events: Vec::new(),
            seed: 1,
        }
    }

    /// The plan of a seed for three nodes, or five.
    pub fn cluster(seed: u64) -> Plan {
        let mut draw = Draws::new(seed).stream("cluster", 0);
        let nodes = if draw.below(3) == 0 { 5 } else { 3 };
        let seconds = 20 + draw.below(10);
        let mut clients: Vec<ClientPlan> =
            (0..draw.range(2, 5)).map(|_| client(&mut draw, (4, 6), (5, 40))).collect();
        odd_clients(&mut Draws::new(seed).stream("odd", 0), &mut clients);
        let members = members(&mut draw);
        let partitions = clients.len() as i32;
        let (checkpoint_ms, session_ms) =
            (draw.range(200, 10_000), [1_000, 3_000, 9_000][draw.below(3) as usize]);
        let lag_ms = [500, 3_000, 30_000][draw.below(3) as usize];
        let min_in_sync = if draw.below(5) == 0 { 1 } else { 2 };
        let end_ms = seconds * 1_000;
        let mut events = events(&mut draw, nodes, clients.len() as u64, end_ms);
        let rebalance_s = if draw.below(4) == 0 { 2 } else { 300 };
        let mut draw = Draws::new(seed).stream("quorum", 0);
        let quorum = quorum(&mut draw);
        let members = mixed(&mut Draws::new(seed).stream("migration", 0), members);
        events.extend(quorum_events(&mut draw, nodes, end_ms));
        events.extend(damages(&mut Draws::new(seed).stream("damage", 0), nodes, end_ms));
        events.extend(split_votes(&mut Draws::new(seed).stream("vote", 0), end_ms));
        events.extend(member_events(&mut Draws::new(seed).stream("members", 0), members.len(), end_ms));
        events.extend(aimed(&mut Draws::new(seed).stream("aim", 0), (partitions, members.len()), end_ms));
        let topic = TopicDraws::of(seed, &members);
        events.extend(topic.events(seed, (nodes, min_in_sync), clients.len() as u64, end_ms));
        events.sort_by_key(|e| e.at_ms);
        let from_cache = 2 <= min_in_sync && Draws::new(seed).stream("flush", 0).below(4) == 0;
        let mut setting = Draws::new(seed).stream("setting", 0);
        let racks = [0, 0, 2, 3][setting.below(4) as usize];
        // What a group has committed may be lost with the rest; then nothing is known of it.
        let unclean = setting.below(8) == 0 && members.is_empty();
        Plan {
            seed,
            nodes,
            seconds,
            partitions,
            min_in_sync,
            unclean,
            flush: if from_cache { Flush::PageCache } else { Flush::Each },
            oracle: Oracle::Promise,
            racks,
            segment_ms: topic.segment_ms,
            retained_bytes: topic.retained_bytes,
            message_bytes: MESSAGE_BYTES,
            images: topic.images,
            readers: topic.readers,
            clients,
            members,
            checkpoint_ms,
            session_ms,
            lag_ms,
            rebalance_s,
            quorum,
            events,
        }
    }
}

/// A producing client: one in so many is not idempotent, one in so many waits for the leader alone.
fn client(draw: &mut Stream, (plain, leader): (u64, u64), (least_ms, most_ms): (u64, u64)) -> ClientPlan {
    ClientPlan {
        idempotent: draw.below(plain) != 0,
        acks: if draw.below(leader) == 0 { 1 } else { -1 },
        codec: Codec::ALL[draw.below(5) as usize],
        every_ms: draw.range(least_ms, most_ms),
        value_bytes: [20, 200, 2_000][draw.below(3) as usize],
        oversized_one_in: 0,
    }
}

/// What a topic takes.
const MESSAGE_BYTES: u64 = 50_000;

/// In a quarter of the seeds some clients ask for no answers, or send what is refused.
fn odd_clients(draw: &mut Stream, clients: &mut [ClientPlan]) {
    if draw.below(4) != 0 {
        return;
    }
    for client in clients {
        match draw.below(4) {
            0 => (client.acks, client.idempotent) = (0, false),
            1 if client.acks != 0 => client.oversized_one_in = draw.range(5, 50),
            _ => {}
        }
    }
}

/// How the topic is kept, and who looks at it.
struct TopicDraws {
    segment_ms: u64,
    retained_bytes: u64,
    readers: usize,
    images: u64,
    trims: bool,
}

impl TopicDraws {
    fn of(seed: u64, members: &[MemberPlan]) -> TopicDraws {
        let mut draw = Draws::new(seed).stream("topic", 0);
        let segment_ms = [604_800_000, 604_800_000, 5_000, 500][draw.below(4) as usize];
        let is_cut = members.is_empty() && draw.below(4) == 0;
        let retained_bytes = if is_cut { draw.range(1, 100_000) } else { 0 };
        let readers = [0, 0, 1, 2][draw.below(4) as usize];
        let images = if draw.below(6) == 0 { draw.range(1, 4) } else { 0 };
        TopicDraws {
            segment_ms,
            retained_bytes,
            readers,
            images,
            trims: members.is_empty() && draw.below(4) == 0,
        }
    }

    /// What operators do with topics and whole machines, in some seeds.
    fn events(
        &self,
        seed: u64,
        (nodes, min_in_sync): (usize, usize),
        partitions: u64,
        end_ms: u64,
    ) -> Vec<Event> {
        let mut draw = Draws::new(seed).stream("operator", 0);
        let mut events = Vec::new();
        let mut add = |draw: &mut Stream, one_in: u64, most: u64, fault: &dyn Fn(&mut Stream) -> Fault| {
            let count = if draw.below(one_in) == 0 { draw.range(1, most) } else { 0 };
            for _ in 0..count {
                let at_ms = 3_000 + draw.below(end_ms - 4_000);
                events.push(Event { at_ms, fault: fault(draw) });
            }
        };
        add(&mut draw, 6, 2, &|draw| Fault::SideTopic { for_ms: draw.range(5, 2_000) });
        add(&mut draw, 8, 1, &|draw| Fault::Roll { for_ms: draw.range(50, 2_000) });
        if self.trims {
            add(&mut draw, 1, 4, &|draw| Fault::Trim { partition: draw.below(partitions) as i32 });
        }
        let mut settings = Draws::new(seed).stream("settings", 0);
        add(&mut settings, 4, 4, &|draw| {
            let replicas = nodes.min(3) as u64;
            let setting = match draw.below(3) {
                0 => Setting::MinInSync(draw.range(min_in_sync as u64, replicas) as usize),
                1 => Setting::SegmentMs([500, 5_000, 604_800_000][draw.below(3) as usize]),
                // A batch of what has piled up fits.
                _ => Setting::MessageBytes(draw.range(20_000, 100_000)),
            };
            Fault::Configure { setting }
        });
        if 3 <= nodes {
            add(&mut draw, 8, 2, &|draw| Fault::Swizzle {
                drawn: draw.bits(),
                for_ms: draw.range(50, 3_000),
            });
            add(&mut draw, 10, 1, &|draw| {
                let node = draw.range(1, nodes as u64) as usize;
                Fault::SwapDisks { node, other: 1 + node % nodes, for_ms: draw.range(10, 3_000) }
            });
        }
        events
    }
}

/// Three crashes, one of them a power loss, and what the seed likes beside them.
fn single_events(draw: &mut Stream, end_ms: u64) -> Vec<Event> {
    let kinds = draw.bits();
    let mut events = Vec::new();
    for n in 0..3 + draw.below(3) {
        let at_ms = 500 + draw.below(end_ms - 1_500);
        let for_ms = draw.range(5, 1_500);
        let how = if n == 0 || draw.below(2) == 0 { Crash::Power } else { Crash::Process };
        events.push(Event { at_ms, fault: Fault::Down { node: 1, how, for_ms } });
    }
    for n in 0..draw.below(8) {
        let (at_ms, for_ms) = (500 + draw.below(end_ms - 1_500), draw.range(10, 3_000));
        let isolate = |outward, inward| Fault::Isolate { node: 1, outward, inward, for_ms };
        let fault = match (n + kinds) % 9 {
            0 => Fault::Pause { node: 1, for_ms },
            1 => isolate(true, false),
            2 => isolate(false, true),
            3 => isolate(true, true),
            4 => Fault::Reset { node: 1 },
            5 => Fault::Jump { node: 1, by_ms: draw.below(20_000_000) as i64 - 10_000_000 },
            6 => Fault::FailedSyncs { node: 1, one_in: draw.range(1, 20) },
            7 => Fault::FailedWrites { node: 1, one_in: draw.range(1, 50) },
            _ => Fault::FullDisk { node: 1 },
        };
        events.push(Event { at_ms, fault });
    }
    events
}

fn single_members(draw: &mut Stream, protocols: &mut Stream) -> Vec<MemberPlan> {
    if draw.below(2) == 0 {
        return Vec::new();
    }
    let takes_turns = draw.below(2) == 0;
    let protocol = if protocols.below(2) == 0 { Protocol::Classic } else { Protocol::Consumer };
    let count = draw.range(1, 5);
    let one = |_| MemberPlan {
        protocol,
        is_static: draw.below(4) == 0,
        has_pattern: protocols.below(4) == 0,
        takes_turns,
        heartbeat_ms: draw.range(200, 2_000),
        work_ms: [10, 300, 3_000][draw.below(3) as usize],
        commits_one_in: draw.range(1, 6),
    };
    (0..count).map(one).collect()
}

/// What happens to the members of a group.
fn member_events(draw: &mut Stream, members: usize, end_ms: u64) -> Vec<Event> {
    let count = if members == 0 { 0 } else { draw.below(7) };
    let one = |_| {
        let at_ms = 500 + draw.below(end_ms - 1_500);
        let member = draw.below(members as u64) as usize;
        let fault = match draw.below(3) {
            0 => Fault::MemberDown { member, for_ms: draw.range(5, 12_000) },
            1 => Fault::MemberPause { member, for_ms: draw.range(100, 12_000) },
            _ => Fault::MemberReset { member },
        };
        Event { at_ms, fault }
    };
    (0..count).map(one).collect()
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
        let fault =
            if draw.below(3) == 0 { Fault::RemoveVoter { node } } else { Fault::LoseDisk { node, for_ms } };
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
        Event { at_ms, fault: Fault::Damage { node, for_ms: draw.range(10, 3_000) } }
    };
    (0..count).map(&mut one).collect()
}

/// In a quarter of the seeds a voter is asked twice.
fn split_votes(draw: &mut Stream, end_ms: u64) -> Vec<Event> {
    let count = if draw.below(4) == 0 { draw.range(1, 4) } else { 0 };
    let mut one = |_| {
        let at_ms = 3_000 + draw.below(end_ms - 4_000);
        Event { at_ms, fault: Fault::SplitVote { for_ms: draw.range(500, 5_000) } }
    };
    (0..count).map(&mut one).collect()
}

/// In a quarter of the seeds faults hit who matters.
fn aimed(draw: &mut Stream, (partitions, members): (i32, usize), end_ms: u64) -> Vec<Event> {
    let count = if draw.below(4) == 0 { draw.range(1, 5) } else { 0 };
    let one = |_| {
        let at_ms = 3_000 + draw.below(end_ms - 4_000);
        let partition = draw.below(partitions as u64) as i32;
        let who = match draw.below(6) {
            0 => Who::Leader(partition),
            1 => Who::Follower(partition, draw.below(2) as usize),
            2 | 3 => Who::LastInSync(partition),
            4 if 0 < members => Who::Coordinator,
            _ => Who::Controller,
        };
        let kinds = [Harm::Process, Harm::Power, Harm::Disk, Harm::Pause, Harm::Isolate, Harm::Cut];
        let harm = kinds[draw.below(6) as usize];
        let most_ms = [300, 3_000, 12_000][draw.below(3) as usize];
        Event { at_ms, fault: Fault::At { who, harm, for_ms: draw.range(10, most_ms) } }
    };
    (0..count).map(one).collect()
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
            0 | 1 => Fault::Down { node, how, for_ms },
            2 => Fault::AllDown { how, for_ms: for_ms.min(3_000) },
            3 => Fault::Pause { node, for_ms },
            4 => Fault::Block { from: node, to: other, for_ms },
            5 => {
                let which = draw.below(3);
                Fault::Isolate { node, outward: which != 1, inward: which != 0, for_ms }
            }
            6 => Fault::Reset { node },
            7 => Fault::Jump { node, by_ms: draw.below(20_000_000) as i64 - 10_000_000 },
            9 => Fault::Reassign { partition: draw.below(partitions) as i32, drawn: draw.bits() },
            10 if draw.below(2) == 0 => Fault::GiveUp { partition: draw.below(partitions) as i32 },
            10 => Fault::Elect,
            _ => {
                let one_in = draw.range(1, 20);
                if draw.below(2) == 0 {
                    Fault::FailedSyncs { node, one_in }
                } else {
                    Fault::FailedWrites { node, one_in }
                }
            }
        };
        events.push(Event { at_ms, fault });
    }
    events.sort_by_key(|e| e.at_ms);
    events
}
