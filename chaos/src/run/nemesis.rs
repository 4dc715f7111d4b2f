//! What goes wrong in a run, and when.

use std::{collections::VecDeque, time::Duration};

use ottla_client::{Client, ClientConfig, ClientError};
use ottla_core::{env::Env, group::partition_of, situations};
use ottla_sim::{Crash, SimEnv, disk::DiskFaults};

use super::{OPERATOR, Run, member_name, name};
use crate::{
    group,
    plan::{Fault, Flush, Harm, Plan, Who},
    workload::{OFFSETS_TOPIC, TOPIC, Target},
};

/// What a fault does at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
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
pub(super) enum Operation {
    Reassign(i32, [i32; 3]),
    GiveUp(i32),
    Elect,
    RemoveVoter(i32),
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
                let now = world.elapsed().as_millis() as u64;
                for (at, action) in moments(plan, now, aimed(node, harm, for_ms)) {
                    self.schedule(at, action);
                }
            }
            Action::FillDisk(node) => {
                let used: u64 = world.files(&name(node)).iter().map(|(_, size)| size).sum();
                let faults = DiskFaults { capacity_bytes: used + 1_000, ..DiskFaults::default() };
                world.set_disk_faults(&name(node), faults);
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
                let env = self.operator.clone();
                world.spawn(OPERATOR, operate(env, Target::of(plan).bootstrap, operation));
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
        Action::Down(..) | Action::Damage(..) | Action::SplitVote(_) => (1, true),
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
        Action::Aim(..) => return None,
    })
}

/// An operator that is refused, or does not reach anybody, leaves it at that.
async fn operate(env: SimEnv, bootstrap: String, operation: Operation) {
    let mut config = ClientConfig::new(&bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let place = |partition: i32| (TOPIC.to_owned(), partition);
    let told = match operation {
        Operation::Reassign(partition, to) => client.reassign(&[(place(partition), Some(to.to_vec()))]).await,
        Operation::GiveUp(partition) => client.reassign(&[(place(partition), None)]).await,
        Operation::Elect => client.elect(None, false).await,
        Operation::RemoveVoter(node) => remove_voter(&client, node).await.map(|()| Vec::new()),
    };
    env.trace(format_args!("{operation:?}: {told:?}"));
}

/// A voter is let go; it asks for its place again by itself.
async fn remove_voter(client: &Client<SimEnv>, node: i32) -> Result<(), ClientError> {
    let quorum = client.describe_quorum().await?;
    let partition = quorum.topics.first().and_then(|topic| topic.partitions.first());
    let voter = partition.and_then(|p| p.current_voters.iter().find(|voter| voter.replica_id == node));
    match voter {
        Some(voter) => client.remove_voter(node, voter.replica_directory_id).await,
        None => Ok(()),
    }
}

/// Three different nodes, drawn from a number.
fn three_of(nodes: usize, drawn: u64) -> [i32; 3] {
    let mut all: Vec<i32> = (1..=nodes as i32).collect();
    let mut left = drawn;
    [(); 3].map(|()| {
        let at = (left % all.len() as u64) as usize;
        left /= 7;
        all.remove(at)
    })
}

/// The moments of a plan.
pub(super) fn timeline(plan: &Plan) -> VecDeque<(Duration, Action)> {
    let moments = plan.events.iter().flat_map(|event| moments(plan, event.at_ms, event.fault));
    let mut actions: Vec<(Duration, Action)> = moments.collect();
    actions.sort_by_key(|(at, _)| *at);
    actions.into()
}

/// The moments of a fault.
fn moments(plan: &Plan, at: u64, fault: Fault) -> Vec<(Duration, Action)> {
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

/// An aimed fault once its node is known.
fn aimed(node: usize, harm: Harm, for_ms: u64) -> Fault {
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
