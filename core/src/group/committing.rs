//! Committed offsets: who may commit and fetch them, and when they end.

use std::{collections::BTreeSet, ops::Bound};

use super::{
    GroupCoordinator, Live, Out,
    classic::ClassicGroup,
    consumer::stored::Stored,
    member::State,
    messages::{Answer, Commit, Fetch},
    offsets::Committed,
    records::{CommittedOffset, OffsetKey, Record},
};
use crate::{errors::ErrorCode, limits::GROUP_ANSWER_MAX_BYTES, planted::is_planted, shard::Now};

/// What a fetched offset takes in an answer beside its metadata, in bytes.
const FETCHED_BYTES: usize = 32;

impl GroupCoordinator {
    pub(super) fn commit(&mut self, now: Now, commit: Commit, out: &mut Out<'_>) -> Answer {
        let (name, who) = (&commit.group, &commit.who);
        // A group that nobody joined takes offsets of those who are in none.
        if who.generation < 0 && !self.groups.contains_key(name) && self.is_full() {
            return Answer::Commit(vec![ErrorCode::PolicyViolation; commit.offsets.len()]);
        }
        if who.generation < 0 {
            let fresh = || Live::Classic(Box::new(ClassicGroup::new(name, now)));
            self.groups.entry(name.clone()).or_insert_with(fresh);
        }
        let metadata_max_bytes = self.config.metadata_max_bytes;
        let fits = |offset: &CommittedOffset| {
            // No unit takes more than three bytes: most need not be counted.
            let metadata = &offset.metadata;
            metadata.len() <= metadata_max_bytes || metadata.encode_utf16().count() <= metadata_max_bytes
        };
        let allowed = match self.groups.get(name) {
            Some(Live::Consumers(_)) => self.consumers(name).map(|stored| stored.may_commit(&commit, fits)),
            Some(Live::Classic(_)) => self.with(name, |_, group| group.may_commit(now, who)),
            None => None,
        };
        let unknown =
            Err(if commit.knows_epochs { ErrorCode::GroupIdNotFound } else { ErrorCode::IllegalGeneration });
        let code = match is_planted("group/commits-of-anybody") {
            true => ErrorCode::None,
            false => self.code(allowed.unwrap_or(unknown)),
        };
        let Commit { group: name, offsets, .. } = commit;
        if code != ErrorCode::None {
            return Answer::Commit(vec![code; offsets.len()]);
        }
        let mut codes = Vec::with_capacity(offsets.len());
        for (topic, partition, offset) in offsets {
            if !fits(&offset) {
                codes.push(ErrorCode::OffsetMetadataTooLarge);
                continue;
            }
            codes.push(ErrorCode::None);
            let key = OffsetKey { group: name.clone(), topic, partition };
            out.decision.records.push(Record::Offset(key, Some(offset)));
        }
        Answer::Commit(codes)
    }

    pub(super) fn fetch(&self, fetch: Fetch) -> Answer {
        let Fetch { group: name, member, epoch, places: wanted } = fetch;
        // Who is in a group of the classic protocol is not asked.
        let allowed = match self.consumers(&name) {
            Some(stored) => stored.may_fetch(member.as_deref(), epoch),
            None => Ok(()),
        };
        if let Err(code) = allowed {
            return Answer::Offsets(Err(code));
        }
        let (none, mut bytes) = (Committed::new(), 0);
        let committed = self.offsets.of(&name).unwrap_or(&none);
        let mut found = Vec::new();
        let mut take = |topic: String, index: i32, offset: Option<&CommittedOffset>| {
            // What is asked for again and again costs its size each time.
            bytes += FETCHED_BYTES + offset.map_or(0, |o| o.metadata.len());
            found.push((topic, index, offset.cloned()));
            if bytes <= GROUP_ANSWER_MAX_BYTES { Ok(()) } else { Err(ErrorCode::MessageTooLarge) }
        };
        let taken = match wanted {
            Some(wanted) => wanted.into_iter().try_for_each(|place| {
                let offset = committed.get(&place);
                take(place.0, place.1, offset)
            }),
            None => committed.iter().try_for_each(|((topic, index), o)| take(topic.clone(), *index, Some(o))),
        };
        Answer::Offsets(taken.map(|()| found))
    }

    pub(super) fn delete_offsets(&self, name: &str, places: &[(String, i32)], out: &mut Out<'_>) -> Answer {
        if name.is_empty() {
            return Answer::DeleteOffsets(ErrorCode::InvalidGroupId, Vec::new());
        }
        if !self.groups.contains_key(name) {
            return Answer::DeleteOffsets(ErrorCode::GroupIdNotFound, Vec::new());
        }
        // What consumers are subscribed to is in their metadata: a group that works keeps its offsets.
        let live = self.classic(name).filter(|g| g.state() != State::Empty);
        if live.is_some_and(|g| g.protocol_type() != Some("consumer")) {
            return Answer::DeleteOffsets(ErrorCode::NonEmptyGroup, Vec::new());
        }
        // Where it cannot be known what they read, they may read everything.
        let read = match (self.consumers(name), live) {
            (Some(stored), _) => Some(stored.topics()),
            (None, Some(group)) => group.subscribed_topics(),
            (None, None) => Some(BTreeSet::new()),
        };
        let is_subscribed = |topic: &str| read.as_ref().is_none_or(|topics| topics.contains(topic));
        let (mut codes, mut gone) = (Vec::with_capacity(places.len()), BTreeSet::new());
        for place in places {
            if is_subscribed(&place.0) {
                codes.push(ErrorCode::GroupSubscribedToTopic);
                continue;
            }
            codes.push(ErrorCode::None);
            let is_committed = self.offsets.of(name).is_some_and(|c| c.contains_key(place));
            if is_committed && gone.insert(place) {
                let (topic, partition) = place.clone();
                let key = OffsetKey { group: name.to_owned(), topic, partition };
                out.decision.records.push(Record::Offset(key, None));
            }
        }
        Answer::DeleteOffsets(ErrorCode::None, codes)
    }

    /// Ends offsets whose time is over, and groups that have nothing left: of one group, so that no step is long.
    /// The next step goes on behind it.
    pub(super) fn check(&mut self, now: Now, out: &mut Out<'_>) {
        let behind = self.checked.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut following = self.groups.range::<str, _>((behind, Bound::Unbounded));
        let Some(name) = following.next().map(|(name, _)| name.clone()) else {
            self.checked = None;
            self.next_check = now.mono + std::time::Duration::from_millis(self.config.check_interval_ms);
            return;
        };
        self.expire(&name, now, out);
        self.checked = Some(name);
    }

    /// KIP-211: offsets of a group that ended live on for a while, and those of a topic that a working group no
    /// longer reads.
    pub(super) fn expire(&mut self, name: &str, now: Now, out: &mut Out<'_>) {
        let (mut base, mut read) = (None, BTreeSet::new());
        match self.groups.get(name) {
            Some(Live::Classic(group)) if group.protocol_type().is_some() => {
                match (group.state(), group.subscribed_topics()) {
                    (State::Empty, _) => {
                        base = self.stored.get(name).map(|_| group.since()).filter(|since| 0 <= since.0);
                    }
                    (State::Stable, Some(topics)) => read = topics,
                    (State::Stable | State::PreparingRebalance | State::CompletingRebalance, _) => return,
                }
            }
            Some(Live::Classic(_)) => {}
            Some(Live::Consumers(_)) => read = self.consumers(name).map(Stored::topics).unwrap_or_default(),
            None => return,
        }
        let keeps = |topic: &str| read.contains(topic);
        let ended = self.offsets.expired(name, base, keeps, self.config.retention_ms, now.wall);
        let left = self.offsets.of(name).map_or(0, |c| c.len()) - ended.len();
        out.decision.records.extend(ended);
        if left == 0 && self.is_idle(name) {
            self.forget(name, out);
        }
    }
}
