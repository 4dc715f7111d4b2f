//! How members of groups of both protocols are heard of.

use std::sync::Arc;

use super::{
    GroupCoordinator, Live, Out, Stored,
    classic::ClassicGroup,
    consumer::{self, Beaten, Heartbeat, Refused},
    member::State,
    messages::{Answer, Identity, Join, Joined, Sync, Synced},
};
use crate::{
    controller::Image,
    errors::ErrorCode,
    shard::{Now, Ticket},
    situations::{Situation, reached},
};

impl GroupCoordinator {
    pub(super) fn is_full(&self) -> bool {
        self.config.groups_max <= self.groups.len()
    }

    pub(super) fn join(&mut self, now: Now, ticket: Ticket, name: String, join: Join, out: &mut Out<'_>) {
        let refused = |code: ErrorCode| Joined::refused(code, &join.member);
        if name.is_empty() {
            return out.reply(ticket, refused(ErrorCode::InvalidGroupId));
        }
        if !(self.config.session_min_ms..=self.config.session_max_ms).contains(&join.session_timeout_ms) {
            return out.reply(ticket, refused(ErrorCode::InvalidSessionTimeout));
        }
        match self.groups.get(&name) {
            Some(Live::Classic(_)) => {}
            Some(Live::Consumers(_)) if self.is_empty(&name) => {
                if !join.member.is_empty() {
                    return out.reply(ticket, refused(ErrorCode::UnknownMemberId));
                }
                if join.protocols.is_empty() || join.protocol_type.is_empty() {
                    return out.reply(ticket, refused(ErrorCode::InconsistentGroupProtocol));
                }
                out.decision.records.extend(self.tombstones(&name));
                self.stored.remove(&name);
                self.begin(&name, Live::Classic(Box::new(ClassicGroup::new(&name, now))));
            }
            Some(Live::Consumers(_)) => {
                let before = self.before(&name);
                let joined = self.with_consumers(&name, now, out, |group| group.join(&join, &join.image));
                let joined = joined.unwrap_or(Err(ErrorCode::UnknownMemberId));
                let joined = joined.unwrap_or_else(refused);
                out.reply(ticket, joined);
                if let Some(before) = before {
                    self.downgrade(now, &name, before, out);
                }
                return;
            }
            None => {
                if !join.member.is_empty() {
                    return out.reply(ticket, refused(ErrorCode::UnknownMemberId));
                }
                if self.is_full() {
                    return out.reply(ticket, refused(ErrorCode::GroupMaxSizeReached));
                }
                self.begin(&name, Live::Classic(Box::new(ClassicGroup::new(&name, now))));
            }
        }
        self.with(&name, |config, group| group.join(config, now, ticket, join, out));
    }

    pub(super) fn heartbeat(
        &mut self,
        now: Now,
        name: &str,
        (who, image): (&Identity, &Arc<Image>),
        out: &mut Out<'_>,
    ) -> ErrorCode {
        if name.is_empty() {
            return ErrorCode::InvalidGroupId;
        }
        let beaten = self.with_consumers(name, now, out, |group| group.beat(who, image));
        let result = beaten.or_else(|| self.with(name, |_, group| group.heartbeat(now, who)));
        self.code(result.unwrap_or(Err(ErrorCode::UnknownMemberId)))
    }

    pub(super) fn sync(&mut self, now: Now, ticket: Ticket, name: &str, sync: Sync, out: &mut Out<'_>) {
        if name.is_empty() {
            return out.reply(ticket, Synced::refused(ErrorCode::InvalidGroupId));
        }
        let synced = self.with_consumers(name, now, out, |group| group.sync(&sync, &sync.image));
        if let Some(synced) = synced {
            return out.reply(ticket, synced.unwrap_or_else(Synced::refused));
        }
        if self.with(name, |_, group| group.sync(now, ticket, sync, out)).is_none() {
            out.reply(ticket, Synced::refused(ErrorCode::UnknownMemberId));
        }
    }

    pub(super) fn code(&mut self, result: Result<(), ErrorCode>) -> ErrorCode {
        let code = result.err().unwrap_or(ErrorCode::None);
        let is_fenced = matches!(
            code,
            ErrorCode::FencedInstanceId | ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration
        );
        self.counts.fenced += u64::from(is_fenced);
        if is_fenced {
            reached(Situation::GenerationFenced);
        }
        code
    }

    pub(super) fn leave(
        &mut self,
        now: Now,
        name: &str,
        members: &[(String, Option<String>)],
        out: &mut Out<'_>,
    ) -> Answer {
        if name.is_empty() {
            return Answer::Leave(ErrorCode::InvalidGroupId, Vec::new());
        }
        let before = self.before(name);
        let expelled = self.with_consumers(name, now, out, |group| group.expel(members));
        if let Some(codes) = expelled {
            if let Some(before) = before {
                self.downgrade(now, name, before, out);
            }
            return Answer::Leave(ErrorCode::None, codes);
        }
        let left = self.with(name, |config, group| {
            let codes: Vec<ErrorCode> = members
                .iter()
                .map(|(member, instance)| {
                    group.leave(member, instance.as_deref(), out).err().unwrap_or(ErrorCode::None)
                })
                .collect();
            if codes.contains(&ErrorCode::None) {
                group.left(config, now, out);
            }
            codes
        });
        let codes = left.unwrap_or_else(|| vec![ErrorCode::UnknownMemberId; members.len()]);
        Answer::Leave(ErrorCode::None, codes)
    }

    /// A member of the consumer protocol is heard of. Its group begins with it.
    pub(super) fn consumer_heartbeat(
        &mut self,
        now: Now,
        name: &str,
        beat: &Heartbeat,
        out: &mut Out<'_>,
    ) -> Result<Beaten, Refused> {
        let step = |group: &mut consumer::Group<'_>| match beat.epoch {
            0.. => group.heartbeat(beat),
            _ => group.leave(beat),
        };
        let answer = match self.groups.get(name) {
            Some(Live::Consumers(_)) => {
                let before = self.before(name);
                let answer = self.with_consumers(name, now, out, step);
                if let Some(before) = before {
                    self.downgrade(now, name, before, out);
                }
                answer
            }
            Some(Live::Classic(_)) if beat.epoch != 0 => {
                Some(Refused::not_found(format!("Group {name} is not a consumer group.")))
            }
            // Ids that were given out and not used are nobody's.
            Some(Live::Classic(group)) if group.state() != State::Empty => {
                Some(self.upgrade(now, name, beat, out))
            }
            None if beat.epoch != 0 => Some(Refused::not_found(format!("Group {name} not found."))),
            None if self.is_full() => {
                let why = "The coordinator has as many groups as it takes (ottla.groups.max).".to_owned();
                Some(Err(Refused { code: ErrorCode::GroupMaxSizeReached, why }))
            }
            Some(Live::Classic(_)) | None => Some(self.begin_consumers(now, name, beat, |_| {}, out)),
        };
        let answer = answer.unwrap_or_else(|| Refused::not_found(format!("Group {name} not found.")));
        if let Err(refused) = &answer {
            let fenced =
                [ErrorCode::UnknownMemberId, ErrorCode::FencedInstanceId, ErrorCode::FencedMemberEpoch];
            self.counts.fenced += u64::from(fenced.contains(&refused.code));
        }
        answer
    }

    /// The first member of a group of the consumer protocol; `prepare` puts in who is there already. If it is refused, what
    /// was there stays as it was.
    pub(super) fn begin_consumers(
        &mut self,
        now: Now,
        name: &str,
        beat: &Heartbeat,
        prepare: impl FnOnce(&mut consumer::Group<'_>),
        out: &mut Out<'_>,
    ) -> Result<Beaten, Refused> {
        let mut stored = Box::<consumer::stored::Stored>::default();
        let (mut live, mut records) = (consumer::Live::new(), self.tombstones(name));
        let mut group = consumer::Group {
            name,
            stored: &mut stored,
            live: &mut live,
            config: &self.config,
            now,
            records: &mut records,
        };
        prepare(&mut group);
        let beaten = group.heartbeat(beat)?;
        out.decision.records.append(&mut records);
        // Nobody waits in a group that was empty.
        if let Some(Live::Classic(group)) = self.groups.get_mut(name) {
            group.dismiss(out);
        }
        self.stored.insert(name.to_owned(), Stored::Consumers(stored));
        self.begin(name, Live::Consumers(live));
        self.counts.rebalances += 1;
        Ok(beaten)
    }
}
