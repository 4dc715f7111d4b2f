//! What a leader knows of the others: what they have, whether enough are heard of, what is committed.

use super::{Effect, Progress, Raft, ReplicaKey, Role, majority};
use crate::{
    planted::is_planted,
    situations::{Situation, reached},
    types::{LeaderEpoch, Mono, NodeId, Offset},
};

impl Raft {
    pub(super) fn fetched(
        &mut self,
        now: Mono,
        voter: ReplicaKey,
        epoch: LeaderEpoch,
        end: Offset,
        effects: &mut Vec<Effect>,
    ) {
        let is_voter = self.members.voters.has(voter);
        let Role::Leader { voters, .. } = &mut self.role else { return };
        if epoch != self.state.epoch || !is_voter {
            return;
        }
        // Who is no voter counts for nothing, and nor does what a lost disk had.
        let Some(progress) = voters.get_mut(&voter.node) else { return };
        let is_same = progress.directory == voter.directory;
        let end = if is_same { end.max(progress.end) } else { end };
        *progress = Progress { directory: voter.directory, end, heard_at: now, has_fetched: true };
        self.deadline = self.quorum_deadline();
        self.commit(effects);
    }

    /// When the quorum is lost unless somebody fetches: a majority, itself counted, must have been heard of.
    pub(super) fn quorum_deadline(&self) -> Mono {
        let Role::Leader { voters, .. } = &self.role else { return Mono::NEVER };
        let needed = majority(self.members.voters.len()) - usize::from(self.is_voter());
        if needed == 0 {
            return Mono::NEVER;
        }
        let mut heard: Vec<Mono> = voters.values().map(|progress| progress.heard_at).collect();
        heard.sort_unstable_by(|a, b| b.cmp(a));
        heard.get(needed - 1).map_or(Mono::NEVER, |at| *at + self.timing.check_quorum())
    }

    pub(super) fn check_quorum(&mut self, now: Mono, random: u64, effects: &mut Vec<Effect>) {
        self.deadline = self.quorum_deadline();
        if self.deadline <= now {
            if is_planted("raft/checks-no-quorum") {
                self.deadline = now + self.timing.check_quorum();
                return;
            }
            reached(Situation::QuorumLost);
            self.detach(now, random, effects);
        }
    }

    pub(super) fn resign(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        let Role::Leader { voters, .. } = &self.role else { return };
        let mut successors: Vec<(Offset, NodeId)> = voters.iter().map(|(id, p)| (p.end, *id)).collect();
        successors.sort_unstable_by(|a, b| b.cmp(a));
        let successors = successors.into_iter().map(|(_, id)| id).collect();
        effects.push(Effect::EndEpoch(self.state.epoch, successors));
        self.detach(now, u64::MAX, effects);
    }

    /// Commits what a majority of the voters has made durable, once that reaches into its own epoch; all of them, until
    /// the quorum is formed.
    pub(super) fn commit(&mut self, effects: &mut Vec<Effect>) {
        let Role::Leader { epoch_start: Some(start), voters, .. } = &self.role else { return };
        let start = *start;
        let mut ends: Vec<Offset> = voters.values().map(|progress| progress.end).collect();
        if self.is_voter() {
            ends.push(self.durable);
        }
        ends.sort_unstable_by(|a, b| b.cmp(a));
        let needed = if is_planted("raft/commits-alone") { 1 } else { self.needed() };
        let start = if is_planted("raft/commits-earlier-epochs") { Offset(0) } else { start };
        if let Some(end) = ends.get(needed - 1).copied().filter(|end| start < *end) {
            self.advance(end.min(self.log.offset), effects);
        }
    }

    pub(super) fn advance(&mut self, high_watermark: Offset, effects: &mut Vec<Effect>) {
        if self.high_watermark < high_watermark {
            self.high_watermark = high_watermark;
            effects.push(Effect::Commit(high_watermark));
        }
    }
}
