//! A world of voters: what nodes do for the machines of a quorum, over a network and disks that fail.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use ottla_core::{
    raft::{
        Ballot, Effect, ElectionState, Input, LogEnd, Membership, Raft, ReplicaKey, Timing, Vote, Voter,
        VoterHistory, VoterSet, control::Control, majority,
    },
    types::{LeaderEpoch, Mono, NodeId, Offset, Uuid},
};

/// A draw for everything: the case's seed.
struct Draw(u64);

impl Draw {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Began,
    Value(u64),
    Voters(VoterSet),
    Formed,
}

/// A record: the epoch it was written in, and what it says.
pub(crate) type Entry = (i32, Said);

#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// To the voter with this directory, zero for any.
    Ask(Uuid, Ballot),
    Answer(Vote),
    Leads(LeaderEpoch),
    Ended(LeaderEpoch, Vec<NodeId>),
    /// From where a follower with this directory fetches: its log's end, and the epoch that it follows in.
    Fetch(Uuid, LeaderEpoch, LogEnd),
    /// To a fetch from this end: what is behind it, or the epoch and the end where the logs part; what is committed.
    Fetched(LeaderEpoch, LogEnd, Result<Vec<Entry>, (i32, usize)>, Offset),
}

pub(crate) struct Node {
    pub(crate) id: NodeId,
    directory: Uuid,
    pub(crate) raft: Option<Raft>,
    pub(crate) log: Vec<Entry>,
    /// How much of it is on disk; the rest is lost with a crash.
    pub(crate) durable: usize,
    state: ElectionState,
    /// What is about to be on disk.
    writing: VecDeque<ElectionState>,
    follows: Option<(LeaderEpoch, NodeId)>,
    fetch_at: u64,
    /// What the machine was told last.
    members: Membership,
}

impl Node {
    fn describe(&self) -> String {
        let raft = self.raft.as_ref();
        let leader = raft.map(Raft::leader);
        let committed = raft.map_or(Offset(0), Raft::high_watermark);
        let (id, directory, end, members) = (self.id, self.directory, log_end(&self.log), &self.members);
        format!("{id} {directory}: {leader:?}, committed {committed}, {end:?}, {members:?}")
    }

    fn key(&self) -> ReplicaKey {
        ReplicaKey { node: self.id, directory: self.directory }
    }
}

pub(crate) struct World {
    draw: Draw,
    pub(crate) now_ms: u64,
    pub(crate) nodes: Vec<Node>,
    /// Who votes until the log says otherwise.
    given: Membership,
    directories: u8,
    /// Disks that were lost.
    pub(crate) lost: usize,
    /// Changes of voters that were written.
    pub(crate) changes: usize,
    pub(crate) network: Vec<(u64, NodeId, NodeId, Message)>,
    pub(crate) blocked: BTreeSet<(i32, i32)>,
    pub(crate) loss_one_in: u64,
    /// Who led each epoch.
    pub(crate) leaders: BTreeMap<i32, NodeId>,
    /// What was committed at each offset.
    pub(crate) committed: Vec<Entry>,
    /// How machines went from role to role, and on what.
    pub(crate) transitions: BTreeSet<Transition>,
}

/// From a role, on an input, to a role.
pub(crate) type Transition = (&'static str, &'static str, &'static str);

/// The name of an input; word of a later epoch is what it is, whatever brings it.
pub(crate) fn name_of(raft: &Raft, input: &Input) -> &'static str {
    let epoch = match input {
        Input::Asked(ballot) => ballot.epoch,
        Input::Answered(vote) => vote.epoch,
        Input::Leads(epoch, _) => *epoch,
        _ => LeaderEpoch(0),
    };
    match input {
        _ if raft.leader().0 < epoch => "LaterEpoch",
        Input::Start => "Start",
        Input::Tick => "Tick",
        Input::Persisted(_) => "Persisted",
        Input::Log(..) => "Log",
        Input::EpochBegan(_) => "EpochBegan",
        Input::Asked(_) => "Asked",
        Input::Answered(vote) if vote.leader.is_some() => "Leads",
        Input::Answered(_) => "Answered",
        Input::Leads(..) => "Leads",
        Input::Heard(..) => "Heard",
        Input::Lost(..) => "Lost",
        Input::Fetched(..) => "Fetched",
        Input::Ended(..) => "Ended",
        Input::Resign => "Resign",
        Input::Members(_) => "Members",
        Input::Change(_) => "Change",
    }
}

pub(crate) const TIMING: Timing =
    Timing { election_timeout: Duration::from_millis(300), fetch_timeout: Duration::from_millis(500) };

fn log_end(log: &[Entry]) -> LogEnd {
    LogEnd { epoch: LeaderEpoch(log.last().map_or(0, |e| e.0)), offset: Offset(log.len() as i64) }
}

impl World {
    pub(crate) fn new(seed: u64, voters: i32, observers: i32) -> World {
        let node = |id| Node {
            id: NodeId(id),
            directory: Uuid([id as u8; 16]),
            members: Membership::default(),
            raft: None,
            log: Vec::new(),
            durable: 0,
            state: ElectionState::default(),
            writing: VecDeque::new(),
            follows: None,
            fetch_at: 0,
        };
        let mut draw = Draw(seed);
        let loss_one_in = [u64::MAX, 20, 4][draw.below(3) as usize];
        let mut world = World {
            draw,
            now_ms: 0,
            nodes: (1..=voters + observers).map(node).collect(),
            given: Membership {
                voters: (1..=voters).map(|id| (NodeId(id), Voter::default())).collect(),
                ..Membership::default()
            },
            directories: (voters + observers) as u8,
            lost: 0,
            changes: 0,
            network: Vec::new(),
            blocked: BTreeSet::new(),
            loss_one_in,
            leaders: BTreeMap::new(),
            committed: Vec::new(),
            transitions: BTreeSet::new(),
        };
        (0..world.nodes.len()).for_each(|at| world.boot(at));
        world
    }

    pub(crate) fn boot(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if node.raft.is_some() {
            return;
        }
        node.members = self.given.clone();
        node.raft = Some(Raft::new(node.key(), self.given.clone(), TIMING, node.state, Offset(0)));
        self.told_of_log(at);
        self.step(at, Input::Start);
    }

    pub(crate) fn crash(&mut self, at: usize) {
        let kept = self.nodes[at].durable;
        let node = &mut self.nodes[at];
        node.log.truncate(kept);
        (node.raft, node.follows) = (None, None);
        node.writing.clear();
    }

    /// The disk is gone, and another takes its place.
    fn lose_disk(&mut self, at: usize) {
        self.crash(at);
        self.directories += 1;
        self.lost += 1;
        // What was sent to it was sent over connections that it does not have.
        let id = self.nodes[at].id;
        self.network.retain(|(_, _, to, _)| *to != id);
        let node = &mut self.nodes[at];
        (node.log, node.durable, node.state) = (Vec::new(), 0, ElectionState::default());
        node.directory = Uuid([self.directories; 16]);
    }

    /// Whether the disk of a node may be lost, without more being asked of the quorum than it promises: it is formed, and
    /// a majority of the voters that anybody goes by has kept its disk.
    fn may_lose_disk(&self, at: usize) -> bool {
        let is_lost =
            |key: ReplicaKey| self.nodes.iter().all(|node| node.key() != key) || self.nodes[at].key() == key;
        let bears = |members: &Membership| {
            let key = |(node, voter): (NodeId, &Voter)| ReplicaKey { node, directory: voter.directory };
            let voters = &members.voters;
            voters.iter().map(key).filter(|key| is_lost(*key)).count()
                <= voters.len() - majority(voters.len())
        };
        self.committed.iter().any(|entry| entry.1 == Said::Formed)
            && self.nodes.iter().filter(|node| node.members.at.is_some()).all(|node| bears(&node.members))
            && bears(&self.members(&self.committed))
    }

    /// An operator lets voters go whose disks are lost, and others come; sometimes one goes for no reason.
    fn operate(&mut self) {
        let leads = |node: &&Node| node.raft.as_ref().is_some_and(|raft| raft.leads().is_some());
        let Some(leader) = self.nodes.iter().find(leads) else { return };
        let (at, voters) = (leader.id.0 as usize - 1, leader.members.voters.clone());
        let is_there = |key: ReplicaKey| self.nodes.iter().any(|node| node.key() == key);
        let gone =
            voters.iter().find(|(node, v)| !is_there(ReplicaKey { node: *node, directory: v.directory }));
        // Whoever comes has caught up: a disk that forgot everything is not to decide with others that did.
        let committed = self.committed.len();
        let absent =
            self.nodes.iter().find(|node| voters.get(node.id).is_none() && committed <= node.durable);
        let to = match (gone, absent) {
            (Some((node, _)), _) => voters.without(node),
            (None, Some(node)) if self.draw.below(4) != 0 => {
                voters.with(node.id, Voter { directory: node.directory, endpoints: Vec::new() })
            }
            _ if 2 < voters.len() => voters.without(NodeId(1 + self.draw.below(voters.len() as u64) as i32)),
            _ => return,
        };
        self.step(at, Input::Change(to));
    }

    /// What a log says of the voters.
    fn members(&self, log: &[Entry]) -> Membership {
        let mut history = VoterHistory::new(self.given.clone());
        for (at, (_, said)) in log.iter().enumerate() {
            let control = match said {
                Said::Voters(voters) => Control::Voters(voters.clone()),
                Said::Formed => Control::Formed,
                Said::Began | Said::Value(_) => continue,
            };
            history.note(Offset(at as i64), &control);
        }
        history.latest()
    }

    fn told_of_log(&mut self, at: usize) {
        // Before the machine counts with what is new, it knows who votes by that.
        let members = self.members(&self.nodes[at].log);
        if self.nodes[at].members != members {
            self.nodes[at].members = members.clone();
            self.step(at, Input::Members(members));
        }
        let (end, durable) = (log_end(&self.nodes[at].log), self.nodes[at].durable);
        self.step(at, Input::Log(end, Offset(durable as i64)));
    }

    pub(crate) fn step(&mut self, at: usize, input: Input) {
        let (now, random) = (Mono(self.now_ms * 1_000_000), self.draw.next());
        let Some(raft) = &mut self.nodes[at].raft else { return };
        let mut effects = Vec::new();
        let (before, on) = (raft.role(), name_of(raft, &input));
        raft.step(now, random, input, &mut effects);
        if before != raft.role() {
            self.transitions.insert((before, on, raft.role()));
        }
        effects.into_iter().for_each(|effect| self.act(at, effect));
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: Message) {
        let is_blocked = self.blocked.contains(&(from.0, to.0));
        let is_lost = is_blocked || self.loss_one_in != u64::MAX && self.draw.below(self.loss_one_in) == 0;
        let at = self.now_ms + 1 + self.draw.below(30);
        // A request that got no answer is sent again.
        if !is_blocked && matches!(message, Message::Ask(..)) && self.draw.below(2) == 0 {
            let again = at + self.draw.below(200);
            self.network.push((again, from, to, message.clone()));
        }
        if !is_lost {
            self.network.push((at, from, to, message));
        }
    }

    fn act(&mut self, at: usize, effect: Effect) {
        let me = self.nodes[at].id;
        match effect {
            Effect::Persist(state) => self.nodes[at].writing.push_back(state),
            Effect::Ask(to, ballot) => self.send(me, to.node, Message::Ask(to.directory, ballot)),
            Effect::Answer(to, vote) => self.send(me, to, Message::Answer(vote)),
            Effect::Lead(epoch) => {
                let other = self.leaders.insert(epoch.0, me).filter(|other| *other != me);
                assert_eq!(other, None, "RAFT-2: two led epoch {}", epoch.0);
                let log = &self.nodes[at].log;
                let kept = log.len().min(self.committed.len());
                assert_eq!(
                    log[..kept],
                    self.committed[..kept],
                    "RAFT-3: {me:?} leads without what was committed"
                );
                assert_eq!(kept, self.committed.len(), "RAFT-3: {me:?} leads without what was committed");
                let start = self.nodes[at].log.len();
                self.nodes[at].follows = None;
                self.nodes[at].log.push((epoch.0, Said::Began));
                self.told_of_log(at);
                self.step(at, Input::EpochBegan(Offset(start as i64)));
                for to in self.nodes.iter().map(|n| n.id).filter(|to| *to != me).collect::<Vec<_>>() {
                    self.send(me, to, Message::Leads(epoch));
                }
            }
            Effect::StepDown | Effect::FindLeader => self.nodes[at].follows = None,
            Effect::EndEpoch(epoch, successors) => {
                let voters: Vec<NodeId> = self.nodes[at].members.voters.nodes().collect();
                for to in voters.into_iter().filter(|to| *to != me) {
                    self.send(me, to, Message::Ended(epoch, successors.clone()));
                }
            }
            Effect::Follow(epoch, leader) => self.nodes[at].follows = Some((epoch, leader)),
            Effect::WriteVoters(epoch, voters) => {
                self.changes += usize::from(self.nodes[at].members.is_formed);
                self.nodes[at].log.push((epoch.0, Said::Voters(voters)));
                self.told_of_log(at);
            }
            Effect::WriteFormed(epoch) => {
                self.nodes[at].log.push((epoch.0, Said::Formed));
                self.told_of_log(at);
            }
            Effect::NoChange(_) => {}
            Effect::Commit(end) => {
                let log = &self.nodes[at].log;
                let end = end.0 as usize;
                assert!(end <= log.len(), "RAFT-4: {me:?} commits what it has not");
                let known = end.min(self.committed.len());
                assert_eq!(log[..known], self.committed[..known], "RAFT-4: another was committed");
                self.committed.extend_from_slice(&log[known..end]);
            }
        }
    }

    fn deliver(&mut self, from: NodeId, to: NodeId, message: Message) {
        let at = to.0 as usize - 1;
        if self.nodes[at].raft.is_none() {
            return;
        }
        match message {
            // Another disk than the one that is meant has forgotten what it voted for.
            Message::Ask(directory, _) if ![Uuid::ZERO, self.nodes[at].directory].contains(&directory) => {}
            Message::Ask(_, ballot) => self.step(at, Input::Asked(ballot)),
            Message::Answer(vote) => self.step(at, Input::Answered(vote)),
            Message::Leads(epoch) => self.step(at, Input::Leads(epoch, from)),
            Message::Ended(epoch, successors) => self.step(at, Input::Ended(epoch, successors)),
            Message::Fetch(directory, epoch, end) => {
                if self.nodes[at].raft.as_ref().and_then(Raft::leads) != Some(epoch) {
                    return;
                }
                let room = 1 + self.draw.below(4) as usize * self.draw.below(8) as usize;
                let log = &self.nodes[at].log;
                let offset = end.offset.0 as usize;
                let is_prefix = offset <= log.len() && log_end(&log[..offset]) == end;
                let answer = if is_prefix {
                    // An answer has room for some of it.
                    Ok(log[offset..].iter().take(room).cloned().collect())
                } else {
                    let below = log.partition_point(|entry| entry.0 <= end.epoch.0);
                    Err((log_end(&log[..below]).epoch.0, below))
                };
                if is_prefix {
                    let replica = ReplicaKey { node: from, directory };
                    self.step(at, Input::Fetched(replica, epoch, end.offset));
                }
                let hw = self.nodes[at].raft.as_ref().map_or(Offset(0), Raft::high_watermark);
                self.send(to, from, Message::Fetched(epoch, end, answer, hw));
            }
            Message::Fetched(epoch, end, answer, hw) => {
                let node = &mut self.nodes[at];
                // An answer to an older fetch.
                if node.follows != Some((epoch, from)) || log_end(&node.log) != end {
                    return;
                }
                match answer {
                    Ok(more) => {
                        node.log.extend(more);
                        self.told_of_log(at);
                        self.step(at, Input::Heard(epoch, hw));
                    }
                    Err((of, below)) => {
                        let own = node.log.partition_point(|entry| entry.0 <= of);
                        let kept = below.min(own);
                        let committed = node.raft.as_ref().map_or(0, |raft| raft.high_watermark().0 as usize);
                        assert!(committed <= kept, "RAFT-5: {to:?} gives up what was committed");
                        node.log.truncate(kept);
                        node.durable = node.durable.min(kept);
                        self.told_of_log(at);
                        self.step(at, Input::Heard(epoch, Offset(0)));
                    }
                }
            }
        }
    }

    /// A millisecond: what is due is delivered, written and fetched.
    pub(crate) fn tick(&mut self) {
        self.now_ms += 1;
        let mut due: Vec<_> = Vec::new();
        self.network.retain_mut(|(at, from, to, message)| {
            let is_due = *at <= self.now_ms;
            if is_due {
                due.push((*from, *to, message.clone()));
            }
            !is_due
        });
        for (from, to, message) in due {
            self.deliver(from, to, message);
        }
        for at in 0..self.nodes.len() {
            let Some(raft) = &self.nodes[at].raft else { continue };
            let (deadline, leads) = (raft.deadline(), raft.leads());
            if deadline.0 <= self.now_ms * 1_000_000 {
                self.step(at, Input::Tick);
            }
            // A write takes its time.
            if !self.nodes[at].writing.is_empty()
                && self.draw.below(20) == 0
                && let Some(state) = self.nodes[at].writing.pop_front()
            {
                self.nodes[at].state = state;
                self.step(at, Input::Persisted(state));
            }
            if let Some(epoch) = leads {
                if self.draw.below(20) == 0
                    && self.nodes[at].raft.as_ref().is_some_and(|r| r.leads() == leads)
                {
                    let value = self.draw.next();
                    self.nodes[at].log.push((epoch.0, Said::Value(value)));
                    self.told_of_log(at);
                }
                if self.draw.below(5) == 0 {
                    self.nodes[at].durable = self.nodes[at].log.len();
                    self.told_of_log(at);
                }
            }
            let node = &mut self.nodes[at];
            if let Some((epoch, leader)) = node.follows
                && node.fetch_at <= self.now_ms
            {
                node.fetch_at = self.now_ms + 20 + self.draw.below(40);
                // What is fetched is synced before more is asked for.
                node.durable = node.log.len();
                let (me, end) = (node.key(), log_end(&node.log));
                self.told_of_log(at);
                self.send(me.node, leader, Message::Fetch(me.directory, epoch, end));
            }
            // Who knows no leader asks around.
            let node = &self.nodes[at];
            if node.follows.is_none() && self.now_ms.is_multiple_of(100) {
                let me = node.id;
                let known: Vec<(NodeId, LeaderEpoch)> = self
                    .nodes
                    .iter()
                    .filter_map(|n| Some((n.id, n.raft.as_ref()?.leads()?)))
                    .filter(|(id, _)| *id != me)
                    .collect();
                for (leader, epoch) in known {
                    self.send(leader, me, Message::Leads(epoch));
                }
            }
        }
    }

    pub(crate) fn run(&mut self, ms: u64) {
        (0..ms).for_each(|_| self.tick());
    }

    /// Faults for a while.
    fn harm(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        while self.now_ms < until {
            let count = self.nodes.len() as u64;
            let (a, b) = (self.draw.below(count) as usize, 1 + self.draw.below(count) as i32);
            match self.draw.below(19) {
                0 => self.crash(a),
                16 if self.may_lose_disk(a) => self.lose_disk(a),
                17 | 18 => self.operate(),
                1..=3 => self.boot(a),
                4 => {
                    self.blocked.insert((a as i32 + 1, b));
                }
                // From one side, or from both.
                5 => self.blocked.extend((1..=count as i32).map(|other| (a as i32 + 1, other))),
                6 => self.blocked.extend((1..=count as i32).map(|other| (other, a as i32 + 1))),
                7 | 8 => self.blocked.clear(),
                9 => self.step(a, Input::Resign),
                // A pause: its deadlines pass, and what was sent waits.
                10 => {
                    let id = self.nodes[a].id;
                    let late = self.now_ms + 700;
                    self.network.iter_mut().filter(|m| m.2 == id).for_each(|m| m.0 = late);
                }
                // Whoever votes crashes while it writes that down, and asks again.
                11 | 12 => {
                    let votes = |world: &World| world.nodes.iter().position(|n| !n.writing.is_empty());
                    let late = self.now_ms + 2_000;
                    while votes(self).is_none() && self.now_ms < late {
                        self.tick();
                    }
                    if let Some(at) = votes(self) {
                        let ms = self.draw.below(8);
                        self.run(ms);
                        self.crash(at);
                        self.boot(at);
                    }
                }
                // Whoever leads crashes soon after.
                13 | 14 => {
                    let leads = |n: &Node| n.raft.as_ref().is_some_and(|raft| raft.leads().is_some());
                    let late = self.now_ms + 2_000;
                    while !self.nodes.iter().any(leads) && self.now_ms < late {
                        self.tick();
                    }
                    let ms = self.draw.below(60);
                    self.run(ms);
                    if let Some(at) = self.nodes.iter().position(leads) {
                        self.crash(at);
                    }
                }
                _ => {}
            }
            let ms = 20 + self.draw.below(400);
            self.run(ms);
        }
    }
}

/// A world that was harmed for a while and healed; returns it once it has committed something new everywhere.
pub(crate) fn survive(seed: u64, voters: i32, observers: i32) -> World {
    let mut world = World::new(seed, voters, observers);
    world.harm(20_000);
    world.blocked.clear();
    world.loss_one_in = u64::MAX;
    (0..world.nodes.len()).for_each(|at| world.boot(at));
    let healed_at = world.now_ms;
    let before = world.committed.len();
    let has_all = |world: &World| {
        let behind = |node: &Node| node.raft.as_ref().map_or(0, |raft| raft.high_watermark().0 as usize);
        world.nodes.iter().all(|node| before < behind(node))
    };
    while !has_all(&world) {
        world.tick();
        if world.now_ms.is_multiple_of(200) {
            world.operate();
        }
        assert!(
            world.now_ms < healed_at + 15_000,
            "RAFT-6: nobody leads, or somebody does not follow: {:#?}",
            world.nodes.iter().map(Node::describe).collect::<Vec<_>>()
        );
    }
    world
}
