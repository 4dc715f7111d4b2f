//! Who votes: nodes, each with the log directory that it votes by (KIP-853).
//!
//! A voter whose disk is lost is another one: what it had acknowledged and voted for is gone. So a voter is a node and
//! a directory, and the log says which. A cluster that is new knows its nodes only, by its settings; it is *formed* in
//! two steps, before anything is committed without one of them:
//!
//! 1. Once all have fetched, the leader writes down the voters with their directories. Until the second step, whoever
//!    leads was elected by all, and what commits is on the disks of all.
//! 2. Once all have that, the leader writes down that the quorum is formed. From then on a majority commits.
//!
//! So whoever votes or stands knows the directories of all, but for those that were never there.

use std::collections::BTreeMap;

use super::control::Control;
use crate::types::{NodeId, Offset, Uuid};

/// A node with its log directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplicaKey {
    /// The node.
    pub node: NodeId,
    /// The directory; zero where it is not known.
    pub directory: Uuid,
}

/// Where a voter's controller listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoterEndpoint {
    /// The listener's name.
    pub listener: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl VoterEndpoint {
    /// Host and port; an IPv6 host stands in brackets.
    pub fn address(&self) -> String {
        let (host, port) = (&self.host, self.port);
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

/// A voter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voter {
    /// Its directory; zero for whichever it has.
    pub directory: Uuid,
    /// Where its controller listens; nowhere if nobody else is to reach it.
    pub endpoints: Vec<VoterEndpoint>,
}

/// The voters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoterSet(BTreeMap<NodeId, Voter>);

impl VoterSet {
    /// Whether this replica is one of them.
    pub fn has(&self, replica: ReplicaKey) -> bool {
        self.get(replica.node).is_some_and(|v| v.directory == Uuid::ZERO || v.directory == replica.directory)
    }

    /// The voter of a node.
    pub fn get(&self, node: NodeId) -> Option<&Voter> {
        self.0.get(&node)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The voters, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Voter)> {
        self.0.iter().map(|(node, voter)| (*node, voter))
    }

    /// Their nodes, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.0.keys().copied()
    }

    /// Where a voter's controller listens.
    pub fn address(&self, node: NodeId) -> Option<String> {
        self.get(node)?.endpoints.first().map(VoterEndpoint::address)
    }

    /// These and one more, or one of them as it is now.
    #[must_use]
    pub fn with(&self, node: NodeId, voter: Voter) -> VoterSet {
        let mut voters = self.clone();
        voters.0.insert(node, voter);
        voters
    }

    /// These without one.
    #[must_use]
    pub fn without(&self, node: NodeId) -> VoterSet {
        let mut voters = self.clone();
        voters.0.remove(&node);
        voters
    }

    /// Whether at most one replica is in only one of the two: then each majority of one meets each of the other.
    pub fn is_next_to(&self, other: &VoterSet) -> bool {
        let key = |(node, voter): (NodeId, &Voter)| ReplicaKey { node, directory: voter.directory };
        let lacks = |a: &VoterSet, b: &VoterSet| a.iter().map(key).filter(|replica| !b.has(*replica)).count();
        lacks(self, other) + lacks(other, self) <= 1
    }
}

impl FromIterator<(NodeId, Voter)> for VoterSet {
    fn from_iter<I: IntoIterator<Item = (NodeId, Voter)>>(voters: I) -> VoterSet {
        VoterSet(voters.into_iter().collect())
    }
}

/// The voters in force, and where the log says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// The voters.
    pub voters: VoterSet,
    /// The offset of the record that names them; `None` if only the settings do.
    pub at: Option<Offset>,
    /// The voters before that record.
    pub before: VoterSet,
    /// The quorum is formed.
    pub is_formed: bool,
}

/// What a log says of the voters, at each of its offsets.
#[derive(Clone, Debug, Default)]
pub struct VoterHistory {
    /// What holds below the first entry.
    first: Membership,
    sets: Vec<(Offset, VoterSet)>,
    formed_at: Option<Offset>,
}

impl VoterHistory {
    /// A log that says nothing yet, behind what the settings or a snapshot say.
    pub fn new(first: Membership) -> VoterHistory {
        VoterHistory { first, ..VoterHistory::default() }
    }

    /// A control record was appended; says whether it is about voters.
    pub fn note(&mut self, at: Offset, control: &Control) -> bool {
        match control {
            Control::Voters(voters) => self.sets.push((at, voters.clone())),
            Control::Formed if self.formed_at.is_none() => self.formed_at = Some(at),
            _ => return false,
        }
        true
    }

    /// The log was cut at `to`.
    pub fn cut(&mut self, to: Offset) {
        self.sets.retain(|(at, _)| *at < to);
        self.formed_at = self.formed_at.filter(|at| *at < to);
    }

    /// What holds by the log up to `end`.
    pub fn up_to(&self, end: Offset) -> Membership {
        let count = self.sets.partition_point(|(at, _)| *at < end);
        let is_formed = self.first.is_formed || self.formed_at.is_some_and(|at| at < end);
        let set = |place: usize| self.sets.get(place);
        match count.checked_sub(1).and_then(set) {
            Some((at, voters)) => {
                let before = count.checked_sub(2).and_then(set).map_or(&self.first.voters, |(_, set)| set);
                Membership { voters: voters.clone(), at: Some(*at), before: before.clone(), is_formed }
            }
            None => Membership { is_formed, ..self.first.clone() },
        }
    }

    /// What holds by the whole log.
    pub fn latest(&self) -> Membership {
        self.up_to(Offset(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[(i32, u8)]) -> VoterSet {
        let voter = |(id, dir): &(i32, u8)| {
            (NodeId(*id), Voter { directory: Uuid([*dir; 16]), endpoints: Vec::new() })
        };
        ids.iter().map(voter).collect()
    }

    #[test]
    fn a_voter_is_a_node_and_its_directory() {
        let voters = set(&[(1, 1), (2, 0)]);
        let key = |node, dir| ReplicaKey { node: NodeId(node), directory: Uuid([dir; 16]) };
        assert!(voters.has(key(1, 1)) && !voters.has(key(1, 9)));
        assert!(voters.has(key(2, 7)), "whichever it has");
        assert!(!voters.has(key(3, 3)));
        assert!(voters.is_next_to(&set(&[(1, 1), (2, 7)])));
        assert!(set(&[(1, 1), (2, 2)]).is_next_to(&set(&[(1, 1)])));
        assert!(!set(&[(1, 1), (2, 2)]).is_next_to(&set(&[(1, 1), (2, 9)])), "majorities that do not meet");
    }

    #[test]
    fn a_cut_log_says_what_it_said_before() {
        let given = Membership { voters: set(&[(1, 0), (2, 0)]), ..Membership::default() };
        let mut history = VoterHistory::new(given.clone());
        assert!(!history.note(Offset(0), &Control::LeaderChange { leader: NodeId(1), voters: Vec::new() }));
        assert!(history.note(Offset(1), &Control::Voters(set(&[(1, 1), (2, 2)]))));
        assert!(history.note(Offset(2), &Control::Formed));
        assert!(history.note(Offset(9), &Control::Voters(set(&[(1, 1)]))));
        let latest = history.latest();
        assert_eq!((latest.at, latest.is_formed, latest.voters.len()), (Some(Offset(9)), true, 1));
        assert_eq!((latest.before.len(), history.up_to(Offset(9)).at), (2, Some(Offset(1))));
        history.cut(Offset(2));
        let latest = history.latest();
        assert_eq!((latest.at, latest.is_formed), (Some(Offset(1)), false));
        history.cut(Offset(1));
        assert_eq!(history.latest(), given);
    }
}
