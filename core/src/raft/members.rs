//! How voters come and go, as the leader and the others go by it.

use super::{Effect, Membership, NoChange, Progress, Raft, ReplicaKey, Role, Voter, VoterSet, majority};
use crate::{
    situations::{Situation, reached},
    types::{Mono, NodeId, Offset, Uuid},
};

impl Raft {
    /// Goes by what the log says of the voters now.
    pub(super) fn take_members(
        &mut self,
        now: Mono,
        random: u64,
        members: Membership,
        effects: &mut Vec<Effect>,
    ) {
        if self.members.at != members.at {
            reached(Situation::VotersChanged);
        }
        self.members = members;
        let (others, may_stand): (Vec<ReplicaKey>, _) = (self.others().collect(), self.may_stand());
        match &mut self.role {
            Role::Leader { voters, is_changing, .. } => {
                *is_changing = false;
                let known = std::mem::take(voters);
                for ReplicaKey { node, directory } in others {
                    let same = |p: &&Progress| directory == Uuid::ZERO || p.directory == directory;
                    let progress = known.get(&node).filter(same);
                    voters.insert(node, progress.copied().unwrap_or_else(|| Progress::new(now)));
                }
                self.deadline = self.quorum_deadline();
                self.commit(effects);
            }
            Role::Prospective { .. } | Role::Candidate { .. } if !may_stand => {
                self.detach(now, random, effects);
            }
            _ => {}
        }
    }

    /// Changes the voters, if it leads and everything before is settled.
    pub(super) fn change(&mut self, now: Mono, to: VoterSet, effects: &mut Vec<Effect>) {
        let (formed, named) = (self.members.is_formed, self.members.at);
        let is_near = self.members.voters.is_next_to(&to) && !to.is_empty();
        let (epoch, committed, me) = (self.state.epoch, self.high_watermark, self.me.node);
        let (known, silent_since) = (&self.members.voters, self.timing.recent());
        let Role::Leader { epoch_start, is_changing, voters } = &mut self.role else {
            return effects.push(Effect::NoChange(NoChange::NotLeader));
        };
        let is_settled = |at: Option<Offset>| at.is_some_and(|at| at < committed);
        // A leader that has committed nothing may not know the last change (dissertation's errata; KIP-853).
        if !formed || *is_changing || !is_settled(named) || !is_settled(*epoch_start) {
            return effects.push(Effect::NoChange(NoChange::NotYet));
        }
        if !is_near {
            return effects.push(Effect::NoChange(NoChange::TooMuch));
        }
        // Whoever is new has caught up just now.
        let is_there = |node: &NodeId| {
            let heard = voters.get(node).filter(|progress| progress.has_fetched);
            *node == me
                || known.get(*node).is_none()
                || heard.is_some_and(|p| now < p.heard_at + silent_since)
        };
        if to.nodes().filter(is_there).count() < majority(to.len()) {
            return effects.push(Effect::NoChange(NoChange::TooFew));
        }
        *is_changing = true;
        effects.push(Effect::WriteVoters(epoch, to));
    }

    /// Forms a new quorum, and resigns where the voters do without this node.
    pub(super) fn settle(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        let (committed, epoch, me) = (self.high_watermark, self.state.epoch, self.me);
        let (is_voter, is_formed, named) = (self.is_voter(), self.members.is_formed, self.members.at);
        let Role::Leader { epoch_start: Some(_), voters, is_changing } = &mut self.role else { return };
        match named {
            _ if *is_changing => {}
            None if voters.values().all(|progress| progress.has_fetched) => {
                *is_changing = true;
                let directory = |node| voters.get(&node).map_or(me.directory, |progress| progress.directory);
                let name = |(node, voter): (NodeId, &Voter)| {
                    (node, Voter { directory: directory(node), endpoints: voter.endpoints.clone() })
                };
                let named = self.members.voters.iter().map(name).collect();
                effects.push(Effect::WriteVoters(epoch, named));
            }
            Some(at) if !is_formed && at < committed => {
                *is_changing = true;
                effects.push(Effect::WriteFormed(epoch));
            }
            Some(at) if !is_voter && at < committed => self.resign(now, effects),
            _ => {}
        }
    }
}
