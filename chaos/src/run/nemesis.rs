//! What goes wrong in a run, and when.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use ottla_client::{
    Client, ClientConfig, ClientError,
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{env::Env, group::partition_of, situations};
use ottla_sim::{Crash, disk::DiskFaults};

use super::{OPERATOR, Run, member_name, name};
use crate::{
    NO_PANIC, group,
    plan::{Fault, Flush, Harm, Oracle, Plan, Setting, Who},
    workload::{OFFSETS_TOPIC, TOPIC, Target},
};

/// How long a node that is told to stop has for it.
const STOP_MS: u64 = 3_000;

/// How far operators asked to have each partition's records removed.
pub(crate) type Trimmed = Arc<Mutex<BTreeMap<i32, i64>>>;

/// What a fault does at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    Down(usize, Crash),
    Up(usize),
    Hold(usize),
    Release(usize),
    Block(usize, usize),
    Unblock(usize, usize),
    /// From and to the clients.
    BlockClients(usize, bool, bool),
    UnblockClients(usize, bool, bool),
    Reset(usize),
    Jump(usize, i64),
    Disk(usize, DiskFaults),
    Operate(Operation),
    /// A node goes down, and its disk with it, if nothing is lost by that.
    LoseDisk(usize),
    /// A fault finds its node.
    Aim(Who, Harm, u64),
    /// No more fits on a node's disk.
    FillDisk(usize),
    /// A node is told to stop.
    Stop(usize),
    /// Two nodes go down, change disks, and come up.
    SwapDisks(usize, usize),
    /// They get back what is theirs.
    SwapBack(usize, usize),
    /// A copy is made of a node's disks.
    CopyDisks(usize),
    /// A node goes down, and has what was copied then.
    StaleDisks(usize),
    MemberDown(usize),
    MemberUp(usize),
    MemberHold(usize),
    MemberRelease(usize),
    MemberReset(usize),
    /// Two nodes go down, and what the first has of the partitions is damaged, if nothing is lost by that.
    Damage(usize, usize),
    /// The active controller goes down, and gives its vote to one half of the others; what it knows of that is lost, if
    /// it was not kept, and the other half asks. Its links are whole again after so many milliseconds.
    SplitVote(u64),
}

/// What an operator does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Reassign(i32, [i32; 3]),
    GiveUp(i32),
    Elect,
    RemoveVoter(i32),
    Trim(i32),
    Configure(Setting),
    /// A topic of this number, with so many replicas, and so long between what happens to it.
    SideTopic(u64, i16, Duration),
}

impl Run<'_> {
    pub(super) fn block(&mut self, from: &str, to: &str, is_blocked: bool) {
        let count = self.blocks.entry((from.to_owned(), to.to_owned())).or_default();
        match (is_blocked, *count) {
            (true, 0) => self.world.block(from, to, true),
            (false, 1) => self.world.block(from, to, false),
            _ => {}
        }
        *count = if is_blocked { *count + 1 } else { count.saturating_sub(1) };
    }

    pub(super) fn schedule(&mut self, at: Duration, action: Action) {
        let place = self.timeline.partition_point(|(planned, _)| *planned <= at);
        self.timeline.insert(place, (at, action));
    }

    pub(super) async fn act(&mut self, action: Action) {
        let (world, plan) = (self.world, self.plan);
        world.trace("plan", format_args!("{action:?}"));
        if let Some((kind, is_on)) = kind(&action) {
            situations::fault(kind, is_on);
        }
        match action {
            Action::Down(node, how) => {
                self.downs[node] += 1;
                self.crash(node, how).await;
            }
            Action::Up(node) => {
                self.downs[node] -= 1;
                if self.downs[node] == 0 && !world.is_up(&name(node)) {
                    self.boot(node);
                }
            }
            Action::Hold(node) => world.hold(&name(node)),
            Action::Release(node) => world.release(&name(node)),
            Action::Block(from, to) => self.block(&name(from), &name(to), true),
            Action::Unblock(from, to) => self.block(&name(from), &name(to), false),
            Action::BlockClients(node, out, inn) => self.block_clients(node, (out, inn), true),
            Action::UnblockClients(node, out, inn) => self.block_clients(node, (out, inn), false),
            Action::Reset(node) => world.reset_connections(&name(node)),
            Action::Jump(node, by_ms) => world.jump_clock(&name(node), by_ms),
            // After a sync that failed the page cache is not believed.
            Action::Disk(_, faults)
                if plan.flush == Flush::PageCache && 0 < faults.sync_fails && !self.may_harm() => {}
            Action::Disk(node, faults) => world.set_disk_faults(&name(node), faults),
            Action::LoseDisk(node) => {
                self.downs[node] += 1;
                let may_lose = self.may_harm();
                let how = if may_lose || plan.flush == Flush::Each { Crash::Power } else { Crash::Process };
                self.down(node, how).await;
                if may_lose {
                    world.lose_disks(&name(node));
                    self.lost.push(node);
                }
            }
            Action::Aim(who, harm, for_ms) => {
                let Some(node) = self.find(who) else {
                    self.missed += 1;
                    return;
                };
                self.harm(node, harm, for_ms);
            }
            Action::FillDisk(node) => {
                let used: u64 = world.files(&name(node)).iter().map(|(_, size)| size).sum();
                let faults = DiskFaults { capacity_bytes: used + 1_000, ..DiskFaults::default() };
                world.set_disk_faults(&name(node), faults);
            }
            Action::Stop(node) => self.stop(node),
            Action::SwapDisks(..) | Action::SwapBack(..) => self.swap_disks(action).await,
            Action::CopyDisks(node) => {
                self.copies.insert(node, world.copy_disks(&name(node)));
            }
            Action::StaleDisks(node) => {
                self.downs[node] += 1;
                let copy = self.copies.remove(&node);
                // Who has forgotten what it said breaks what was promised: then it loses power, and no more.
                if let (Some(copy), Oracle::Everything) = (copy, plan.oracle) {
                    self.down(node, Crash::Power).await;
                    world.put_disks(&name(node), copy);
                } else {
                    self.crash(node, Crash::Power).await;
                }
            }
            Action::MemberDown(member) => {
                self.member_downs[member] += 1;
                if world.is_up(&member_name(member)) {
                    world.crash(&member_name(member), Crash::Process).await;
                }
            }
            Action::MemberUp(member) => {
                self.member_downs[member] -= 1;
                if self.member_downs[member] == 0 {
                    self.boot_member(member);
                }
            }
            Action::MemberHold(member) => world.hold(&member_name(member)),
            Action::MemberRelease(member) => world.release(&member_name(member)),
            Action::MemberReset(member) => world.reset_connections(&member_name(member)),
            Action::Damage(node, next) => {
                let may_damage = self.may_harm();
                for node in [next, node] {
                    self.downs[node] += 1;
                    self.down(node, Crash::Process).await;
                }
                if may_damage {
                    self.damage(node);
                }
            }
            Action::SplitVote(for_ms) => self.split_vote(for_ms).await,
            // Whoever lets a voter go while another's disk is lost may have no majority any more.
            Action::Operate(Operation::RemoveVoter(_)) if self.is_any_lost() => {}
            Action::Operate(operation) => {
                if matches!(operation, Operation::RemoveVoter(_)) {
                    self.removal_at = Some(world.elapsed());
                }
                let (env, trimmed) = (self.operator.clone(), self.trimmed.clone());
                world.spawn(OPERATOR, operate(env, Target::of(plan).bootstrap, operation, trimmed));
            }
        }
    }

    /// Who an aimed fault hits now, as far as anybody knows.
    fn find(&self, who: Who) -> Option<usize> {
        let views = self.quorum();
        let newest = views.iter().map(|(_, view)| view).max_by_key(|view| view.replayed)?;
        let partition = |topic: &str, index: i32| newest.image.topic(topic)?.partitions.get(index as usize);
        let node = match who {
            Who::Leader(index) => partition(TOPIC, index)?.leader?.0,
            Who::Follower(index, n) => {
                let partition = partition(TOPIC, index)?;
                let leader = partition.leader.map(|leader| leader.0);
                *partition.replicas.iter().filter(|node| Some(**node) != leader).nth(n)?
            }
            Who::LastInSync(index) => match partition(TOPIC, index)?.in_sync[..] {
                [last] => last,
                _ => return None,
            },
            Who::Controller => {
                return views
                    .iter()
                    .filter_map(|(node, view)| Some((view.controls?, *node)))
                    .max()
                    .map(|(_, node)| node);
            }
            Who::Coordinator => {
                let count = newest.image.topic(OFFSETS_TOPIC)?.partitions.len() as i32;
                partition(OFFSETS_TOPIC, partition_of(group::GROUP, count))?.leader?.0
            }
        };
        usize::try_from(node).ok()
    }

    fn block_clients(&mut self, node: usize, (out, inn): (bool, bool), is_blocked: bool) {
        for client in self.clients() {
            if out {
                self.block(&name(node), &client, is_blocked);
            }
            if inn {
                self.block(&client, &name(node), is_blocked);
            }
        }
    }
}

/// The kinds of faults that coverage tells apart, by their numbers.
pub const FAULT_NAMES: [&str; 9] = [
    "nothing",
    "a node is down",
    "a node stands still",
    "links are cut",
    "a clock jumped",
    "a disk fails",
    "a disk was lost",
    "an operator acts",
    "a member is away",
];

/// What kind of fault begins, or ends, with an action. What only ever begins colours all that follows.
fn kind(action: &Action) -> Option<(usize, bool)> {
    Some(match action {
        Action::Down(..) | Action::Damage(..) | Action::SplitVote(_) | Action::Stop(_) => (1, true),
        Action::SwapDisks(..) | Action::StaleDisks(_) => (1, true),
        Action::SwapBack(..) => (1, false),
        Action::Up(_) => (1, false),
        Action::Hold(_) => (2, true),
        Action::Release(_) => (2, false),
        Action::Block(..) | Action::BlockClients(..) | Action::Reset(_) => (3, true),
        Action::Unblock(..) | Action::UnblockClients(..) => (3, false),
        Action::Jump(..) => (4, true),
        Action::Disk(..) | Action::FillDisk(_) => (5, true),
        Action::LoseDisk(_) => (6, true),
        Action::Operate(_) => (7, true),
        Action::MemberDown(_) | Action::MemberHold(_) | Action::MemberReset(_) => (8, true),
        Action::MemberUp(_) | Action::MemberRelease(_) => (8, false),
        Action::Aim(..) | Action::CopyDisks(_) => return None,
    })
}

/// An operator that is refused, or does not reach anybody, leaves it at that.
pub(crate) async fn operate<E: Env>(env: E, bootstrap: String, operation: Operation, trimmed: Trimmed) {
    let mut config = ClientConfig::new(&bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let place = |partition: i32| (TOPIC.to_owned(), partition);
    let told = match operation {
        Operation::Reassign(partition, to) => client.reassign(&[(place(partition), Some(to.to_vec()))]).await,
        Operation::GiveUp(partition) => client.reassign(&[(place(partition), None)]).await,
        Operation::Elect => client.elect(None, false).await,
        Operation::RemoveVoter(node) => remove_voter(&client, node).await.map(|()| Vec::new()),
        Operation::Trim(partition) => trim(&client, partition, &trimmed).await.map(|()| Vec::new()),
        Operation::Configure(setting) => configure(&client, setting).await.map(|()| Vec::new()),
        Operation::SideTopic(number, replicas, pause) => {
            side_topic(&client, number, replicas, pause).await.map(|()| Vec::new())
        }
    };
    env.trace(format_args!("{operation:?}: {told:?}"));
}

/// A voter is let go; it asks for its place again by itself.
async fn remove_voter<E: Env>(client: &Client<E>, node: i32) -> Result<(), ClientError> {
    let quorum = client.describe_quorum().await?;
    let partition = quorum.topics.first().and_then(|topic| topic.partitions.first());
    let voter = partition.and_then(|p| p.current_voters.iter().find(|voter| voter.replica_id == node));
    match voter {
        Some(voter) => client.remove_voter(node, voter.replica_directory_id).await,
        None => Ok(()),
    }
}

async fn configure<E: Env>(client: &Client<E>, setting: Setting) -> Result<(), ClientError> {
    let (name, value) = match setting {
        Setting::MinInSync(min) => ("min.insync.replicas", min as u64),
        Setting::SegmentMs(ms) => ("segment.ms", ms),
        Setting::MessageBytes(bytes) => ("max.message.bytes", bytes),
    };
    client.alter_topic_config(TOPIC, name, Some(&value.to_string())).await
}

/// The older half of a partition's records is removed.
async fn trim<E: Env>(client: &Client<E>, partition: i32, trimmed: &Trimmed) -> Result<(), ClientError> {
    let start = client.list_offset(TOPIC, partition, -2).await?;
    let end = client.list_offset(TOPIC, partition, -1).await?;
    let to = start + (end - start) / 2;
    // It may be done and never answered.
    trimmed.lock().expect(NO_PANIC).entry(partition).and_modify(|at| *at = to.max(*at)).or_insert(to);
    client.delete_records(TOPIC, partition, to).await.map(drop)
}

/// A topic comes, is written to, grows and goes.
async fn side_topic<E: Env>(
    client: &Client<E>,
    number: u64,
    replicas: i16,
    pause: Duration,
) -> Result<(), ClientError> {
    let (name, env) = (format!("side-{number}"), client.env().clone());
    client.create_topic(&name, 2, replicas, &[]).await?;
    let config = ProducerConfig { delivery_timeout: Duration::from_secs(2), ..ProducerConfig::default() };
    let producer = Producer::new(client.clone(), config);
    for partition in [0, 1] {
        let value = Some(Bytes::from_static(b"beside"));
        let record = ProducerRecord {
            topic: name.as_str().into(),
            partition: Some(partition),
            value,
            ..ProducerRecord::default()
        };
        // Whether it comes through is not what is judged.
        drop(producer.send(record).await);
    }
    env.sleep(pause).await;
    let grown = client.create_partitions(&name, 4).await;
    env.sleep(pause).await;
    client.delete_topic(&name).await.and(grown)
}

/// Three different nodes, drawn from a number.
fn three_of(nodes: usize, drawn: u64) -> [i32; 3] {
    let all = shuffled(nodes, drawn);
    std::array::from_fn(|at| all[at] as i32)
}

/// The moments of a plan.
pub(crate) fn timeline(plan: &Plan) -> VecDeque<(Duration, Action)> {
    let moments = plan.events.iter().flat_map(|event| moments(plan, event.at_ms, event.fault));
    let mut actions: Vec<(Duration, Action)> = moments.collect();
    actions.sort_by_key(|(at, _)| *at);
    actions.into()
}

/// The moments of a fault.
pub(super) fn moments(plan: &Plan, at: u64, fault: Fault) -> Vec<(Duration, Action)> {
    let mut actions = Vec::new();
    let mut add = |at: u64, action: Action| actions.push((Duration::from_millis(at), action));
    match fault {
        Fault::Down { node, how, for_ms } => {
            add(at, Action::Down(node, how));
            add(at + for_ms, Action::Up(node));
        }
        Fault::AllDown { how, for_ms } => {
            for node in 1..=plan.nodes {
                add(at, Action::Down(node, how));
                add(at + for_ms * node as u64, Action::Up(node));
            }
        }
        Fault::Pause { node, for_ms } => {
            add(at, Action::Hold(node));
            add(at + for_ms, Action::Release(node));
        }
        Fault::Block { from, to, for_ms } => {
            add(at, Action::Block(from, to));
            add(at + for_ms, Action::Unblock(from, to));
        }
        Fault::Isolate { node, outward, inward, for_ms } => {
            for other in (1..=plan.nodes).filter(|other| *other != node) {
                if outward {
                    add(at, Action::Block(node, other));
                    add(at + for_ms, Action::Unblock(node, other));
                }
                if inward {
                    add(at, Action::Block(other, node));
                    add(at + for_ms, Action::Unblock(other, node));
                }
            }
            add(at, Action::BlockClients(node, outward, inward));
            add(at + for_ms, Action::UnblockClients(node, outward, inward));
        }
        Fault::Reset { node } => add(at, Action::Reset(node)),
        Fault::Jump { node, by_ms } => add(at, Action::Jump(node, by_ms)),
        Fault::Reassign { partition, drawn } => {
            let to = three_of(plan.nodes, drawn);
            add(at, Action::Operate(Operation::Reassign(partition, to)));
        }
        Fault::Damage { node, for_ms } => {
            let next = 1 + node % plan.nodes;
            add(at, Action::Damage(node, next));
            add(at + for_ms, Action::Up(node));
            add(at + for_ms + 2_000, Action::Up(next));
        }
        Fault::SplitVote { for_ms } => add(at, Action::SplitVote(for_ms)),
        Fault::LoseDisk { node, for_ms } => {
            add(at, Action::LoseDisk(node));
            add(at + for_ms, Action::Up(node));
        }
        Fault::RemoveVoter { node } => add(at, Action::Operate(Operation::RemoveVoter(node as i32))),
        Fault::GiveUp { partition } => add(at, Action::Operate(Operation::GiveUp(partition))),
        Fault::Elect => add(at, Action::Operate(Operation::Elect)),
        Fault::Configure { setting } => add(at, Action::Operate(Operation::Configure(setting))),
        Fault::FailedSyncs { node, one_in } => {
            let faults = DiskFaults { sync_fails: 1_000_000 / one_in, ..DiskFaults::default() };
            fails(&mut add, at, node, Action::Disk(node, faults));
        }
        Fault::FailedWrites { node, one_in } => {
            let faults = DiskFaults { write_fails: 1_000_000 / one_in, ..DiskFaults::default() };
            fails(&mut add, at, node, Action::Disk(node, faults));
        }
        Fault::FullDisk { node } => fails(&mut add, at, node, Action::FillDisk(node)),
        Fault::MemberDown { member, for_ms } => {
            add(at, Action::MemberDown(member));
            add(at + for_ms, Action::MemberUp(member));
        }
        Fault::MemberPause { member, for_ms } => {
            add(at, Action::MemberHold(member));
            add(at + for_ms, Action::MemberRelease(member));
        }
        Fault::MemberReset { member } => add(at, Action::MemberReset(member)),
        Fault::Cut { node, for_ms } => cut(&mut add, at, (node, plan.nodes), for_ms),
        Fault::Roll { for_ms } => {
            // Who does not stop in time is killed.
            let each = STOP_MS + 2 * for_ms;
            for node in 1..=plan.nodes {
                let at = at + each * (node as u64 - 1);
                add(at, Action::Stop(node));
                add(at + STOP_MS, Action::Down(node, Crash::Process));
                add(at + STOP_MS + for_ms, Action::Up(node));
            }
        }
        Fault::SwapDisks { node, other, for_ms } => {
            add(at, Action::SwapDisks(node, other));
            add(at + for_ms, Action::SwapBack(node, other));
        }
        Fault::StaleDisk { node, age_ms } => {
            add(at.saturating_sub(age_ms), Action::CopyDisks(node));
            add(at, Action::StaleDisks(node));
            add(at + 50, Action::Up(node));
        }
        Fault::Swizzle { drawn, for_ms } => swizzle(&mut add, at, (plan.nodes, drawn), for_ms),
        Fault::Trim { partition } => add(at, Action::Operate(Operation::Trim(partition))),
        Fault::SideTopic { for_ms } => {
            let (number, replicas) = (at, plan.replicas() as i16);
            let pause = Duration::from_millis(for_ms);
            add(at, Action::Operate(Operation::SideTopic(number, replicas, pause)));
        }
        // The trace says when.
        Fault::AtEvent { .. } => {}
        Fault::At { who, harm, for_ms } => add(at, Action::Aim(who, harm, for_ms)),
    }
    actions
}

/// A node and the other nodes do not hear each other.
fn cut(add: &mut impl FnMut(u64, Action), at: u64, (node, nodes): (usize, usize), for_ms: u64) {
    for other in (1..=nodes).filter(|other| *other != node) {
        for (from, to) in [(node, other), (other, node)] {
            add(at, Action::Block(from, to));
            add(at + for_ms, Action::Unblock(from, to));
        }
    }
}

/// Nodes are cut off one by one in an order, and come back in another (FoundationDB's swizzle-clogging).
fn swizzle(add: &mut impl FnMut(u64, Action), at: u64, (nodes, drawn): (usize, u64), for_ms: u64) {
    let (going, coming) = (shuffled(nodes, drawn), shuffled(nodes, drawn.rotate_left(32)));
    let step = for_ms / nodes as u64;
    for (n, node) in going.into_iter().enumerate() {
        let back = coming.iter().position(|other| *other == node).unwrap_or(0);
        let from = at + step * n as u64;
        let until = at + for_ms + step * back as u64;
        cut(add, from, (node, nodes), until - from);
    }
}

/// All nodes in an order that a number gives.
fn shuffled(nodes: usize, drawn: u64) -> Vec<usize> {
    let (mut left, mut drawn, mut all) = ((1..=nodes).collect::<Vec<_>>(), drawn, Vec::new());
    while !left.is_empty() {
        all.push(left.remove((drawn % left.len() as u64) as usize));
        drawn /= 7;
    }
    all
}

/// An aimed fault once its node is known.
pub(super) fn aimed(node: usize, harm: Harm, for_ms: u64) -> Fault {
    match harm {
        Harm::Process => Fault::Down { node, how: Crash::Process, for_ms },
        Harm::Power => Fault::Down { node, how: Crash::Power, for_ms },
        Harm::Disk => Fault::LoseDisk { node, for_ms },
        Harm::Pause => Fault::Pause { node, for_ms },
        Harm::Isolate => Fault::Isolate { node, outward: true, inward: true, for_ms },
        Harm::Cut => Fault::Cut { node, for_ms },
    }
}

/// A disk fails for a second; then an operator restarts the process.
fn fails(add: &mut impl FnMut(u64, Action), at: u64, node: usize, how: Action) {
    add(at, how);
    add(at + 1_000, Action::Down(node, Crash::Process));
    add(at + 1_050, Action::Up(node));
}
