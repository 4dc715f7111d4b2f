//! The quorum of the metadata log: who leads it, and what is committed (Raft, Ongaro 2014; KIP-595).
//!
//! | in role    | on                                | does                                        |
//! |------------|-----------------------------------|---------------------------------------------|
//! | Unattached | `Start`                           | raises the epoch, votes for itself, persists|
//! | Candidate  | `Persisted`, a majority granted   | becomes leader: the driver appends a leader |
//! |            |                                   | change record in the new epoch              |
//! | Leader     | `Durable(end)` of a voter         | commits what a majority has made durable,   |
//! |            |                                   | once that reaches into its own epoch (§5.4.2)|
//!
//! A vote counts only after it is on disk, and an entry only where it is durable. The voters are a set;
//! a single node is a quorum of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::types::{LeaderEpoch, NodeId, Offset};

/// What a voter must remember across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ElectionState {
    /// The latest epoch it knows of.
    pub epoch: LeaderEpoch,
    /// Its vote in that epoch.
    pub voted_for: Option<NodeId>,
}

/// What happens to the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The node is up, with its log opened.
    Start,
    /// The state of the last [`Effect::Persist`] is on disk.
    Persisted,
    /// The leader change record was appended; the leader's epoch begins at its offset.
    EpochBegan(Offset),
    /// The log of a voter is durable up to there.
    Durable(NodeId, Offset),
}

/// What the driver must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the state down durably, then say [`Input::Persisted`].
    Persist(ElectionState),
    /// Append a leader change record in this epoch, then say [`Input::EpochBegan`].
    BecomeLeader(LeaderEpoch),
    /// Everything below the offset is committed.
    Commit(Offset),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    Unattached,
    Candidate { granted: BTreeSet<NodeId> },
    Leader { epoch_start: Option<Offset>, durable: BTreeMap<NodeId, Offset> },
}

/// One voter.
#[derive(Clone, Debug)]
pub struct Raft {
    me: NodeId,
    voters: BTreeSet<NodeId>,
    state: ElectionState,
    role: Role,
    high_watermark: Offset,
}

impl Raft {
    /// A voter with the state that it had persisted.
    ///
    /// # Panics
    /// `me` is not among the voters.
    pub fn new(me: NodeId, voters: BTreeSet<NodeId>, state: ElectionState) -> Raft {
        assert!(voters.contains(&me), "a voter is among the voters");
        Raft { me, voters, state, role: Role::Unattached, high_watermark: Offset(0) }
    }

    /// The epoch that this node leads, if it does.
    pub fn leads(&self) -> Option<LeaderEpoch> {
        matches!(self.role, Role::Leader { .. }).then_some(self.state.epoch)
    }

    /// Where committed entries end.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// Takes an input; appends what must be done.
    pub fn step(&mut self, input: Input, effects: &mut Vec<Effect>) {
        match (&mut self.role, input) {
            (Role::Unattached, Input::Start) => {
                self.state =
                    ElectionState { epoch: LeaderEpoch(self.state.epoch.0 + 1), voted_for: Some(self.me) };
                self.role = Role::Candidate { granted: BTreeSet::new() };
                effects.push(Effect::Persist(self.state));
            }
            (Role::Candidate { granted }, Input::Persisted) => {
                granted.insert(self.me);
                if majority(self.voters.len()) <= granted.len() {
                    self.role = Role::Leader { epoch_start: None, durable: BTreeMap::new() };
                    effects.push(Effect::BecomeLeader(self.state.epoch));
                }
            }
            (Role::Leader { epoch_start, .. }, Input::EpochBegan(offset)) => *epoch_start = Some(offset),
            (Role::Leader { epoch_start, durable }, Input::Durable(voter, end)) => {
                let known = durable.entry(voter).or_insert(end);
                *known = end.max(*known);
                let committed = committed(&self.voters, durable);
                if epoch_start.is_some_and(|start| start < committed) && self.high_watermark < committed {
                    self.high_watermark = committed;
                    effects.push(Effect::Commit(committed));
                }
            }
            (Role::Unattached | Role::Candidate { .. }, Input::EpochBegan(_) | Input::Durable(..)) => {}
            (Role::Unattached | Role::Leader { .. }, Input::Persisted) => {}
            (Role::Candidate { .. } | Role::Leader { .. }, Input::Start) => {}
        }
    }
}

/// How many voters are more than half.
pub fn majority(voters: usize) -> usize {
    voters / 2 + 1
}

/// Up to where a majority of the voters is durable.
fn committed(voters: &BTreeSet<NodeId>, durable: &BTreeMap<NodeId, Offset>) -> Offset {
    let mut ends: Vec<Offset> = voters.iter().map(|v| durable.get(v).copied().unwrap_or(Offset(0))).collect();
    ends.sort_unstable();
    ends[voters.len() - majority(voters.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_of_one_leads_after_its_vote_is_on_disk_and_commits_what_is_durable() {
        let state = ElectionState { epoch: LeaderEpoch(4), voted_for: None };
        let mut raft = Raft::new(NodeId(1), [NodeId(1)].into(), state);
        let mut step = |input| {
            let mut effects = Vec::new();
            raft.step(input, &mut effects);
            (effects, raft.leads(), raft.high_watermark())
        };
        let voted = ElectionState { epoch: LeaderEpoch(5), voted_for: Some(NodeId(1)) };
        assert_eq!(step(Input::Start), (vec![Effect::Persist(voted)], None, Offset(0)));
        assert_eq!(
            step(Input::Persisted),
            (vec![Effect::BecomeLeader(LeaderEpoch(5))], Some(LeaderEpoch(5)), Offset(0))
        );
        // Entries of earlier epochs are not committed before one of its own is (raft §5.4.2).
        assert_eq!(step(Input::Durable(NodeId(1), Offset(9))).0, []);
        assert_eq!(step(Input::EpochBegan(Offset(9))).0, []);
        assert_eq!(step(Input::Durable(NodeId(1), Offset(10))).0, [Effect::Commit(Offset(10))]);
        assert_eq!(step(Input::Durable(NodeId(1), Offset(8))).2, Offset(10));
    }

    #[test]
    fn the_committed_end_is_what_a_majority_has() {
        let voters: BTreeSet<NodeId> = (1..=3).map(NodeId).collect();
        let durable = BTreeMap::from([(NodeId(1), Offset(9)), (NodeId(3), Offset(5))]);
        assert_eq!(committed(&voters, &durable), Offset(5));
        assert_eq!((majority(1), majority(3), majority(4)), (1, 2, 3));
    }
}
