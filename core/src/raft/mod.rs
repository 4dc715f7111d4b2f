//! The quorum of the metadata log: who leads it, and what is committed (Raft, Ongaro and Ousterhout 2014; KIP-595;
//! pre-vote as in KIP-996; a leader that hears of no majority steps down, as in §6.2 of Ongaro's dissertation).
//!
//! | in role                            | on                                        | becomes                                           |
//! |------------------------------------|-------------------------------------------|---------------------------------------------------|
//! | Down                               | it starts                                 | Unattached                                        |
//! | Down                               | it starts as the only voter               | Candidate                                         |
//! | Unattached, Follower               | nobody leads for an election's time       | Prospective: asks whether it would be elected     |
//! | Unattached, Follower               | nobody leads, and it is the only voter    | Candidate                                         |
//! | Follower                           | nobody leads, and it is no voter          | Unattached                                        |
//! | Prospective                        | a majority would elect it                 | Candidate: the next epoch, its own vote, on disk  |
//! | Prospective                        | a majority would not, or the time is over | Unattached, for a while that is drawn             |
//! | Prospective                        | its vote goes to another                  | Unattached                                        |
//! | Candidate                          | a majority has voted for it               | Leader: the driver appends a leader change record |
//! | Candidate                          | a majority has not                        | Unattached, for a while that is drawn             |
//! | Candidate                          | the time is over                          | Prospective                                       |
//! | Leader                             | no majority has fetched for its time      | Unattached                                        |
//! | Leader                             | it resigns                                | Unattached                                        |
//! | Leader                             | its removal from the voters has committed | Unattached: it resigns                            |
//! | Unattached, Follower               | its leader resigns and has chosen it      | Candidate                                         |
//! | Follower                           | its leader resigns and has chosen another | Unattached, until its turn                        |
//! | Follower                           | the connection to its leader is lost      | Follower, for a short time only                   |
//! | Unattached, Prospective, Candidate | word of who leads its epoch               | Follower                                          |
//! | Prospective, Candidate             | it is no voter any more                   | Unattached                                        |
//! | any                                | word of a later epoch                     | Unattached in it, or Follower of its leader       |
//!
//! Followers fetch: how far a follower has fetched is how far it has the log on disk. A vote is told only after it is
//! on disk; an entry counts only where it is durable, and commits once a majority has it and it, or one behind it, is
//! of the leader's own epoch (§5.4.2). A single voter is a quorum of one. Who is no voter follows, and stands in one case
//! only: somebody counts it as a voter, by a change that others do not know of, and has less of the log. Neither the one
//! without its vote nor anybody else could win then. Once it has committed what it has, it resigns.
//!
//! Who votes is what the log says, committed or not (dissertation, §4.1); voters come and go one at a time, and only
//! after the change before has committed and the leader has committed in its epoch. How a new quorum learns its voters'
//! directories is in [`voters`](VoterSet). A vote does not say for which directory of the candidate it was: who comes
//! back with another one has forgotten its epochs, and stands in a later one than it was added in.

pub mod control;
mod leading;
mod members;
mod timing;
mod voters;

use std::collections::{BTreeMap, BTreeSet};

pub use timing::Timing;
pub use voters::{Membership, ReplicaKey, Voter, VoterEndpoint, VoterHistory, VoterSet};

use crate::{
    planted::is_planted,
    situations::{Situation, reached},
    types::{LeaderEpoch, Mono, NodeId, Offset, Uuid},
};

/// What a voter must remember across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ElectionState {
    /// The latest epoch it knows of.
    pub epoch: LeaderEpoch,
    /// Its vote in that epoch.
    pub voted_for: Option<NodeId>,
}

/// Where a log ends: the epoch of its last record, and the offset behind it. Of two logs the greater one is the more
/// up-to-date (§5.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LogEnd {
    /// The epoch of the last record.
    pub epoch: LeaderEpoch,
    /// The offset behind it.
    pub offset: Offset,
}

/// A request for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// It only asks how the vote would be.
    pub is_pre_vote: bool,
    /// The candidate's epoch: of a pre-vote the one that it is in.
    pub epoch: LeaderEpoch,
    /// The candidate.
    pub candidate: NodeId,
    /// Where its log ends.
    pub last: LogEnd,
}

/// An answer to a request for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The answer is to a pre-vote.
    pub is_pre_vote: bool,
    /// The voter's epoch.
    pub epoch: LeaderEpoch,
    /// The voter.
    pub voter: NodeId,
    /// Whether the candidate has it.
    pub is_granted: bool,
    /// Who leads the voter's epoch, if it hears from it.
    pub leader: Option<NodeId>,
}

/// What happens to the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The node is up, with its log opened and its end told.
    Start,
    /// Time has passed.
    Tick,
    /// This state is on disk.
    Persisted(ElectionState),
    /// The log ends there, and is durable up to the offset.
    Log(LogEnd, Offset),
    /// The leader change record was appended; the leader's epoch begins at its offset.
    EpochBegan(Offset),
    /// Somebody asks for a vote.
    Asked(Ballot),
    /// Somebody has answered.
    Answered(Vote),
    /// A node leads an epoch: BeginQuorumEpoch, or the answer to a fetch.
    Leads(LeaderEpoch, NodeId),
    /// The leader of the epoch has answered a fetch of ours; what it has committed.
    Heard(LeaderEpoch, Offset),
    /// The connection to the leader of the epoch was lost.
    Lost(LeaderEpoch, NodeId),
    /// A replica has fetched in this epoch from this offset: it has everything below on disk.
    Fetched(ReplicaKey, LeaderEpoch, Offset),
    /// The leader of the epoch has resigned; who should stand, in this order.
    Ended(LeaderEpoch, Vec<NodeId>),
    /// The node is to lead no more.
    Resign,
    /// What the log says of the voters: it has grown, or was cut.
    Members(Membership),
    /// The voters are to be these.
    Change(VoterSet),
}

/// Why voters are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChange {
    /// This node does not lead.
    NotLeader,
    /// The leader has committed nothing in its epoch, the quorum is not formed, or another change has not committed.
    NotYet,
    /// More than one voter would be another, or none is left.
    TooMuch,
    /// Of the voters that there would be, no majority is heard of: nothing could be committed any more.
    TooFew,
}

/// What the driver must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the state down durably, then say [`Input::Persisted`].
    Persist(ElectionState),
    /// Ask a voter; one with another directory is not whom this node means.
    Ask(ReplicaKey, Ballot),
    /// Answer a candidate.
    Answer(NodeId, Vote),
    /// Append a leader change record in this epoch, then say [`Input::EpochBegan`], and tell all voters who leads.
    Lead(LeaderEpoch),
    /// Lead no more.
    StepDown,
    /// Tell all voters that the epoch has ended, and who should stand.
    EndEpoch(LeaderEpoch, Vec<NodeId>),
    /// Fetch from this leader.
    Follow(LeaderEpoch, NodeId),
    /// Nobody is known to lead: ask around.
    FindLeader,
    /// Everything below the offset is committed.
    Commit(Offset),
    /// Append a record of these voters in this epoch, then say [`Input::Members`].
    WriteVoters(LeaderEpoch, VoterSet),
    /// Append the record that the quorum is formed, then say [`Input::Members`].
    WriteFormed(LeaderEpoch),
    /// The change that was asked for last is not made.
    NoChange(NoChange),
}

/// How far a voter has fetched, and when it was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    directory: Uuid,
    end: Offset,
    heard_at: Mono,
    has_fetched: bool,
}

impl Progress {
    /// Nothing is known yet.
    fn new(now: Mono) -> Progress {
        Progress { directory: Uuid::ZERO, end: Offset(0), heard_at: now, has_fetched: false }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    /// Not started.
    Down,
    Unattached,
    Prospective {
        granted: BTreeSet<NodeId>,
        refused: BTreeSet<NodeId>,
    },
    Candidate {
        granted: BTreeSet<NodeId>,
        refused: BTreeSet<NodeId>,
    },
    Follower {
        leader: NodeId,
        /// It has answered a fetch: until then that it leads is hearsay.
        has_answered: bool,
    },
    Leader {
        epoch_start: Option<Offset>,
        /// The other voters.
        voters: BTreeMap<NodeId, Progress>,
        /// A record about voters is being appended.
        is_changing: bool,
    },
}

/// A node of the quorum.
#[derive(Clone, Debug)]
pub struct Raft {
    me: ReplicaKey,
    members: Membership,
    timing: Timing,
    state: ElectionState,
    /// The state that is on disk.
    persisted: ElectionState,
    /// What must not be told before the state is on disk.
    held: Vec<Effect>,
    role: Role,
    log: LogEnd,
    durable: Offset,
    high_watermark: Offset,
    /// It is no voter, and somebody lacks its vote who has less of the log.
    is_missed: bool,
    /// When [`Input::Tick`] has something to do.
    deadline: Mono,
}

impl Raft {
    /// A node with the state that it had persisted; everything below `committed` is known to be.
    pub fn new(
        me: ReplicaKey,
        members: Membership,
        timing: Timing,
        state: ElectionState,
        committed: Offset,
    ) -> Raft {
        Raft {
            me,
            members,
            timing,
            state,
            persisted: state,
            held: Vec::new(),
            role: Role::Down,
            log: LogEnd::default(),
            durable: Offset(0),
            high_watermark: committed,
            is_missed: false,
            deadline: Mono::NEVER,
        }
    }

    /// The epoch that this node leads, if it does.
    pub fn leads(&self) -> Option<LeaderEpoch> {
        matches!(self.role, Role::Leader { .. }).then_some(self.state.epoch)
    }

    /// The latest epoch it knows of, and who leads it, if it knows.
    pub fn leader(&self) -> (LeaderEpoch, Option<NodeId>) {
        let leader = match &self.role {
            Role::Leader { .. } => Some(self.me.node),
            Role::Follower { leader, .. } => Some(*leader),
            Role::Down | Role::Unattached | Role::Prospective { .. } | Role::Candidate { .. } => None,
        };
        (self.state.epoch, leader)
    }

    /// The role, as in the table of this module.
    pub fn role(&self) -> &'static str {
        match self.role {
            Role::Down => "Down",
            Role::Unattached => "Unattached",
            Role::Prospective { .. } => "Prospective",
            Role::Candidate { .. } => "Candidate",
            Role::Follower { .. } => "Follower",
            Role::Leader { .. } => "Leader",
        }
    }

    /// Where committed entries end.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// Of a leader: how far each other voter has the log on disk, and when it last fetched; never, if it has not yet.
    pub fn progress(&self) -> Vec<(ReplicaKey, Offset, Option<Mono>)> {
        match &self.role {
            Role::Leader { voters, .. } => {
                let one = |voter: ReplicaKey| {
                    let p = voters.get(&voter.node)?;
                    let directory = if p.has_fetched { p.directory } else { voter.directory };
                    Some((ReplicaKey { directory, ..voter }, p.end, p.has_fetched.then_some(p.heard_at)))
                };
                self.others().filter_map(one).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Voters that have not fetched in the epoch that this node leads.
    pub fn silent_voters(&self) -> Vec<ReplicaKey> {
        let silent = self.progress().into_iter().filter(|(_, _, fetched_at)| fetched_at.is_none());
        silent.map(|(voter, ..)| voter).collect()
    }

    /// When to say [`Input::Tick`].
    pub fn deadline(&self) -> Mono {
        self.deadline
    }

    /// Takes an input; appends what must be done. `random` decides between nodes whose time is over at once.
    pub fn step(&mut self, now: Mono, random: u64, input: Input, effects: &mut Vec<Effect>) {
        let first = effects.len();
        let is_told_down =
            matches!(input, Input::Start | Input::Log(..) | Input::Persisted(_) | Input::Members(_));
        if self.role == Role::Down && !is_told_down {
            return;
        }
        match input {
            Input::Start => self.start(now, random, effects),
            Input::Tick if self.deadline <= now => self.time_is_over(now, random, effects),
            Input::Tick => {}
            Input::Persisted(state) => {
                self.persisted = state;
                if state == self.state {
                    effects.append(&mut self.held);
                    self.has_voted(now, effects);
                }
            }
            Input::Log(end, durable) => {
                (self.log, self.durable) = (end, durable);
                self.commit(effects);
            }
            Input::EpochBegan(offset) => {
                if let Role::Leader { epoch_start, .. } = &mut self.role {
                    *epoch_start = Some(offset);
                    self.commit(effects);
                }
            }
            Input::Asked(ballot) => self.asked(now, random, ballot, effects),
            Input::Answered(vote) => self.answered(now, random, vote, effects),
            Input::Leads(epoch, leader) => self.follow(now, random, epoch, leader, effects),
            Input::Heard(epoch, high_watermark) => {
                if epoch == self.state.epoch
                    && let Role::Follower { has_answered, .. } = &mut self.role
                {
                    *has_answered = true;
                    self.is_missed = false;
                    self.deadline = now + self.timing.fetch(random);
                    self.advance(high_watermark.min(self.log.offset), effects);
                }
            }
            Input::Lost(epoch, lost) => {
                if epoch == self.state.epoch
                    && let Role::Follower { leader, has_answered } = &mut self.role
                    && *leader == lost
                {
                    *has_answered = false;
                    self.deadline = self.deadline.min(now + self.timing.lost(random));
                }
            }
            Input::Fetched(voter, epoch, end) => self.fetched(now, voter, epoch, end, effects),
            Input::Ended(epoch, successors) => {
                if epoch == self.state.epoch && matches!(self.role, Role::Follower { .. } | Role::Unattached)
                {
                    let rank = successors.iter().position(|node| *node == self.me.node);
                    self.detach(now, random, effects);
                    match rank {
                        // The one that was chosen need not ask whether it would be: others may not know yet.
                        Some(0) if self.may_stand() => self.stand(now, random, effects),
                        rank => self.deadline = now + self.timing.successor(rank, random),
                    }
                }
            }
            Input::Resign => self.resign(now, effects),
            Input::Members(members) => self.take_members(now, random, members, effects),
            Input::Change(voters) => self.change(now, voters, effects),
        }
        self.settle(now, effects);
        self.hold_back(effects, first);
    }

    /// What tells others of a state that is not on disk waits until it is.
    fn hold_back(&mut self, effects: &mut Vec<Effect>, first: usize) {
        if self.persisted == self.state || is_planted("raft/votes-before-disk") {
            return;
        }
        let tells =
            |effect: &Effect| matches!(effect, Effect::Ask(..) | Effect::Answer(..) | Effect::Lead(_));
        let (held, rest): (Vec<Effect>, Vec<Effect>) = effects.drain(first..).partition(tells);
        self.held.extend(held);
        effects.extend(rest);
    }

    fn start(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        if self.role != Role::Down {
            return;
        }
        // Whatever it was in this epoch: it leads no epoch again that it may have led before.
        self.detach(now, random, effects);
        if self.is_alone() {
            self.stand(now, random, effects);
        }
    }

    fn is_alone(&self) -> bool {
        self.members.voters.len() == 1 && self.is_voter()
    }

    fn is_voter(&self) -> bool {
        self.members.voters.has(self.me)
    }

    /// Whether it stands: also where it is about to be let go, and nobody else may have what was committed
    /// (dissertation, §4.2.2), and where it is missed.
    fn may_stand(&self) -> bool {
        let is_settled = self.members.at.is_none_or(|at| at < self.high_watermark);
        let was = self.members.before.get(self.me.node).map(|voter| voter.directory);
        self.is_voter() || self.is_missed || !is_settled && was == Some(self.me.directory)
    }

    /// Its own vote, if it has one: who stands need not be a voter any more.
    fn own_vote(&self) -> BTreeSet<NodeId> {
        self.is_voter().then_some(self.me.node).into_iter().collect()
    }

    /// How many voters decide: more than half of them, and all of them until the quorum is formed. Fresh disks that
    /// know each other by their settings only elect nobody while a quorum has been formed without them.
    fn needed(&self) -> usize {
        let voters = self.members.voters.len();
        match self.members.is_formed {
            true if is_planted("raft/needs-no-majority") => majority(voters).saturating_sub(1).max(1),
            true => majority(voters),
            false => voters.max(1),
        }
    }

    fn others(&self) -> impl Iterator<Item = ReplicaKey> {
        let me = self.me.node;
        let key = |(node, voter): (NodeId, &Voter)| ReplicaKey { node, directory: voter.directory };
        self.members.voters.iter().map(key).filter(move |voter| voter.node != me)
    }

    /// Nobody leads as far as it knows.
    fn detach(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        if matches!(self.role, Role::Leader { .. }) {
            effects.push(Effect::StepDown);
        }
        self.role = Role::Unattached;
        self.deadline = now + self.timing.election(random);
        effects.push(Effect::FindLeader);
    }

    fn time_is_over(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        match &self.role {
            Role::Down => self.deadline = Mono::NEVER,
            Role::Leader { .. } => self.check_quorum(now, random, effects),
            Role::Unattached | Role::Follower { .. } if !self.may_stand() => {
                self.detach(now, random, effects);
            }
            Role::Unattached | Role::Follower { .. } | Role::Candidate { .. } => {
                self.probe(now, random, effects);
            }
            // Nobody answers: again, after a while that is another for each.
            Role::Prospective { .. } => self.detach(now, random, effects),
        }
    }

    /// Asks whether it would be elected: who would not be disturbs nobody (KIP-996).
    fn probe(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        self.role = Role::Prospective { granted: self.own_vote(), refused: BTreeSet::new() };
        self.deadline = now + self.timing.election(random);
        self.ask_all(true, effects);
        self.count(now, random, effects);
    }

    /// Stands in the next epoch.
    fn stand(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        let epoch = LeaderEpoch(self.state.epoch.0 + 1);
        self.write(ElectionState { epoch, voted_for: Some(self.me.node) }, effects);
        self.role = Role::Candidate { granted: BTreeSet::new(), refused: BTreeSet::new() };
        self.deadline = now + self.timing.election(random);
        self.ask_all(false, effects);
    }

    fn ask_all(&self, is_pre_vote: bool, effects: &mut Vec<Effect>) {
        let (epoch, candidate, last) = (self.state.epoch, self.me.node, self.log);
        let ballot = Ballot { is_pre_vote, epoch, candidate, last };
        effects.extend(self.others().map(|voter| Effect::Ask(voter, ballot)));
    }

    fn write(&mut self, state: ElectionState, effects: &mut Vec<Effect>) {
        // What was to be told of an earlier state is told no more.
        self.held.clear();
        self.state = state;
        effects.push(Effect::Persist(state));
    }

    /// The state is on disk: its own vote counts.
    fn has_voted(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        let own = self.own_vote();
        if let Role::Candidate { granted, .. } = &mut self.role {
            granted.extend(own);
            self.count(now, 0, effects);
        }
    }

    /// Those who are needed decide.
    fn count(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        let (needed, voters) = (self.needed(), &self.members.voters);
        let count = |said: &BTreeSet<NodeId>| said.iter().filter(|node| voters.get(**node).is_some()).count();
        let is_lost = |refused: &BTreeSet<NodeId>| voters.len() < needed + count(refused);
        match &self.role {
            Role::Prospective { granted, .. } if needed <= count(granted) => self.stand(now, random, effects),
            Role::Candidate { granted, .. } if needed <= count(granted) => self.lead(now, effects),
            Role::Prospective { refused, .. } | Role::Candidate { refused, .. } if is_lost(refused) => {
                self.detach(now, random, effects);
            }
            _ => {}
        }
    }

    fn lead(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        let voters = self.others().map(|voter| (voter.node, Progress::new(now))).collect();
        self.role = Role::Leader { epoch_start: None, voters, is_changing: false };
        self.deadline = self.quorum_deadline();
        effects.push(Effect::Lead(self.state.epoch));
    }

    fn asked(&mut self, now: Mono, random: u64, ballot: Ballot, effects: &mut Vec<Effect>) {
        self.learn(now, random, ballot.epoch, effects);
        let is_current = ballot.epoch == self.state.epoch;
        let is_up_to_date = self.log <= ballot.last || is_planted("raft/elects-shorter-logs");
        // Who hears from a leader elects no other (dissertation, §4.2.3). Hearsay keeps nobody from it: nodes that tell
        // each other of a leader that is gone would never elect one.
        let has_leader = match self.role {
            Role::Leader { .. } => true,
            Role::Follower { has_answered, .. } => has_answered || !ballot.is_pre_vote,
            Role::Down | Role::Unattached | Role::Prospective { .. } | Role::Candidate { .. } => false,
        };
        let is_granted = is_current
            && is_up_to_date
            && !has_leader
            && (ballot.is_pre_vote
                || self.state.voted_for.is_none_or(|voted_for| voted_for == ballot.candidate));
        if is_granted && !ballot.is_pre_vote && self.state.voted_for.is_none() {
            let epoch = self.state.epoch;
            self.write(ElectionState { epoch, voted_for: Some(ballot.candidate) }, effects);
            // Whoever has its vote gets time to win.
            self.role = Role::Unattached;
            self.deadline = now + self.timing.election(random);
        }
        self.is_missed |= is_current && !is_up_to_date && !has_leader && !self.is_voter();
        let epoch = self.state.epoch;
        let leader = match self.role {
            Role::Leader { .. } => Some(self.me.node),
            Role::Follower { leader, has_answered: true } => Some(leader),
            _ => None,
        };
        if !is_granted {
            reached(Situation::VoteRefused);
        }
        let vote = Vote { is_pre_vote: ballot.is_pre_vote, epoch, voter: self.me.node, is_granted, leader };
        effects.push(Effect::Answer(ballot.candidate, vote));
    }

    fn answered(&mut self, now: Mono, random: u64, vote: Vote, effects: &mut Vec<Effect>) {
        self.learn(now, random, vote.epoch, effects);
        if vote.epoch != self.state.epoch || self.members.voters.get(vote.voter).is_none() {
            return;
        }
        if let Some(leader) = vote.leader {
            return self.follow(now, random, vote.epoch, leader, effects);
        }
        match (&mut self.role, vote.is_pre_vote) {
            (Role::Prospective { granted, refused }, true)
            | (Role::Candidate { granted, refused }, false) => {
                let counted = if vote.is_granted { granted } else { refused };
                counted.insert(vote.voter);
            }
            _ => return,
        }
        self.count(now, random, effects);
    }

    /// Goes to a later epoch, if this is one.
    fn learn(&mut self, now: Mono, random: u64, epoch: LeaderEpoch, effects: &mut Vec<Effect>) {
        // No epoch follows the largest: nobody could stand any more.
        if self.state.epoch < epoch && epoch.0 < i32::MAX {
            self.write(ElectionState { epoch, voted_for: None }, effects);
            self.detach(now, random, effects);
        }
    }

    fn follow(
        &mut self,
        now: Mono,
        random: u64,
        epoch: LeaderEpoch,
        leader: NodeId,
        effects: &mut Vec<Effect>,
    ) {
        self.learn(now, random, epoch, effects);
        let is_news = !matches!(self.role, Role::Down | Role::Leader { .. } | Role::Follower { .. });
        if epoch != self.state.epoch || leader == self.me.node || !is_news {
            return;
        }
        self.role = Role::Follower { leader, has_answered: false };
        self.deadline = now + self.timing.fetch(random);
        effects.push(Effect::Follow(epoch, leader));
    }
}

/// How many voters are more than half.
pub fn majority(voters: usize) -> usize {
    voters / 2 + 1
}
