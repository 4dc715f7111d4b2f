//! How members of a group come, go, and prove who they are.

use super::{
    Beaten, Group, Heartbeat, Refused,
    live::bytes,
    pattern::Pattern,
    stored::{AWAY, Change, Current, Held, MemberState, Stored, Subscription, member_tombstones},
};
use crate::{
    errors::ErrorCode,
    group::{
        messages::{Commit, Identity},
        records::CommittedOffset,
    },
    limits::{GROUP_MAX_BYTES, REGEXES_MAX},
};

/// As whom a member is heard of.
enum Admission<'a> {
    /// One that is in the group.
    Known,
    /// One that is not yet.
    New,
    /// The next one of a static member that is away.
    Replaces(&'a str),
}

impl Group<'_> {
    /// Lets a member in, or knows it, and takes in what it says of itself; returns whether it reads other topics than
    /// before.
    pub(super) fn admit(&mut self, beat: &Heartbeat) -> Result<bool, Refused> {
        let admission = self.recognise(beat)?;
        if matches!(admission, Admission::Known) && says_nothing(beat, &self.stored.members[&beat.member]) {
            return Ok(false);
        }
        let known = match admission {
            Admission::Known => &self.stored.members[&beat.member],
            Admission::Replaces(id) => &self.stored.members[id],
            Admission::New => &Subscription::default(),
        };
        let said = said(known, beat);
        self.check(&said, known, beat, &admission)?;
        let has_other_topics = known.topics != said.topics || known.regex != said.regex;
        let (is_changed, left) = (*known != said, known.regex.clone());
        let is_classic_no_more = known.classic.is_some() && said.classic.is_none();
        let replaced = match admission {
            Admission::Replaces(id) => Some(id.to_owned()),
            Admission::New | Admission::Known => None,
        };
        if let Some(id) = &replaced {
            if *id != beat.member {
                // It was another member until now: what it had is free.
                self.remove(&beat.member);
            }
            self.replace(id, &beat.member);
        }
        if is_changed || !self.stored.members.contains_key(&beat.member) {
            self.change(Change::Member(beat.member.clone(), Some(said)));
            self.forget_regex(&left);
        }
        if is_classic_no_more && self.stored.current(&beat.member).revoking.is_empty() {
            // It need not join or sync in time any more.
            self.live.revocations.remove(&beat.member);
        }
        Ok(has_other_topics)
    }

    fn recognise(&self, beat: &Heartbeat) -> Result<Admission<'_>, Refused> {
        let is_known = self.stored.members.contains_key(&beat.member);
        let Some(instance) = &beat.instance else {
            return match (is_known, beat.epoch) {
                (false, 0) => Ok(Admission::New),
                (false, _) => self.unknown(&beat.member),
                (true, _) => self.check_epoch(beat).map(|()| Admission::Known),
            };
        };
        let owner = self.member_of(instance);
        match (owner, beat.epoch) {
            // Whoever says its id was found to be the owner; a new one takes over.
            (Some(owner), 0) if beat.classic.is_some() => Ok(match owner == beat.member {
                true => Admission::Known,
                false => Admission::Replaces(owner),
            }),
            // A consumer of the classic protocol does not say that its instance stops: the next one takes over at once.
            (Some(owner), 0) if self.stored.members[owner].classic.is_some() => {
                Ok(match owner == beat.member {
                    true => Admission::Known,
                    false => Admission::Replaces(owner),
                })
            }
            (None, 0) => Ok(if is_known { Admission::Known } else { Admission::New }),
            (Some(owner), 0) if self.stored.current(owner).epoch == AWAY => Ok(Admission::Replaces(owner)),
            (Some(owner), 0) => Refused::new(
                ErrorCode::UnreleasedInstanceId,
                format!("The instance {instance} is taken by {owner}, which has not left."),
            ),
            (owner, _) => {
                self.check_instance(owner, instance, &beat.member)?;
                self.check_epoch(beat).map(|()| Admission::Known)
            }
        }
    }

    /// The member of an instance.
    fn member_of(&self, instance: &str) -> Option<&str> {
        self.live.instances.get(instance).map(String::as_str)
    }

    fn unknown<T>(&self, id: &str) -> Result<T, Refused> {
        Refused::new(ErrorCode::UnknownMemberId, format!("{id} is no member of group {}.", self.name))
    }

    fn check_instance(&self, owner: Option<&str>, instance: &str, id: &str) -> Result<(), Refused> {
        match owner {
            None => Refused::new(ErrorCode::UnknownMemberId, format!("Nobody has the instance {instance}.")),
            Some(owner) if owner != id => Refused::new(
                ErrorCode::FencedInstanceId,
                format!("The instance {instance} was taken over by {owner}."),
            ),
            Some(_) => Ok(()),
        }
    }

    /// A member is in the epoch that it was told, or in the one before, if the answer was lost and it has no more
    /// than it may have.
    fn check_epoch(&self, beat: &Heartbeat) -> Result<(), Refused> {
        let current = self.stored.current(&beat.member);
        let has_missed_the_answer = || {
            let is_mine = |place| current.assigned.contains_key(place);
            beat.epoch == current.previous_epoch
                && beat.epoch < current.epoch
                && beat.owned.as_ref().is_some_and(|owned| owned.iter().all(is_mine))
        };
        if beat.epoch == 0 || beat.epoch == current.epoch || has_missed_the_answer() {
            return Ok(());
        }
        let (said, known) = (beat.epoch, current.epoch);
        let how = if said < known { "smaller" } else { "greater" };
        Refused::new(
            ErrorCode::FencedMemberEpoch,
            format!("The member's epoch {said} is {how} than {known}, which it is in; it must join again."),
        )
    }

    /// What cannot be taken in.
    fn check(
        &self,
        said: &Subscription,
        known: &Subscription,
        beat: &Heartbeat,
        admission: &Admission<'_>,
    ) -> Result<(), Refused> {
        let size_max = self.config.consumer.size_max;
        let is_new = matches!(admission, Admission::New);
        if is_new && size_max <= self.stored.members.len() {
            return Refused::new(
                ErrorCode::GroupMaxSizeReached,
                format!("The group has its {size_max} members (group.consumer.max.size)."),
            );
        }
        let counted = if is_new { 0 } else { bytes(&beat.member, known) };
        let more = bytes(&beat.member, said).saturating_sub(counted);
        if 0 < more && GROUP_MAX_BYTES < self.live.bytes + more {
            return Refused::new(
                ErrorCode::GroupMaxSizeReached,
                format!("The members' subscriptions would take more than {GROUP_MAX_BYTES} bytes."),
            );
        }
        let has_other_regex = said.regex != known.regex && !said.regex.is_empty();
        if has_other_regex
            && !self.live.regexes.contains_key(&said.regex)
            && REGEXES_MAX <= self.live.regexes.len()
        {
            return Refused::new(
                ErrorCode::GroupMaxSizeReached,
                format!("The members name {REGEXES_MAX} regular expressions already: use one of them."),
            );
        }
        if has_other_regex && let Err(why) = Pattern::new(&said.regex) {
            let regex = &said.regex;
            return Refused::new(
                ErrorCode::InvalidRegularExpression,
                format!("SubscribedTopicRegex `{regex}` is not a valid regular expression: {why}."),
            );
        }
        Ok(())
    }

    /// The next member of a static one takes over what that had.
    fn replace(&mut self, old: &str, new: &str) {
        let member = self.stored.members[old].clone();
        let target = self.stored.targets.get(old).cloned();
        let assigned = self.stored.current(old).assigned.clone();
        if old != new {
            self.live.forget(old);
            member_tombstones(old).into_iter().for_each(|change| self.change(change));
            self.change(Change::Member(new.to_owned(), Some(member)));
            if target.is_some() {
                self.change(Change::Target(new.to_owned(), target));
            }
        }
        self.change(Change::Current(new.to_owned(), Some(Current { assigned, ..Current::default() })));
    }

    /// Ends what was found for a regular expression that nobody names any more.
    fn forget_regex(&mut self, regex: &str) {
        if self.stored.regexes.contains_key(regex) && !self.live.regexes.contains_key(regex) {
            self.change(Change::Regex(regex.to_owned(), None));
        }
    }

    /// A member leaves, or a static one leaves for a while.
    pub(in crate::group) fn leave(&mut self, beat: &Heartbeat) -> Result<Beaten, Refused> {
        let id = &beat.member;
        match &beat.instance {
            Some(instance) => self.check_instance(self.member_of(instance), instance, id)?,
            None if self.stored.members.contains_key(id) => {}
            None => return self.unknown(id),
        }
        if beat.epoch == AWAY {
            let current = self.stored.current(id).clone();
            let state = MemberState::Stable;
            let away = Current { epoch: AWAY, state, revoking: Held::new(), ..current };
            self.change(Change::Current(id.clone(), Some(away)));
            self.live.revocations.remove(id);
        } else {
            self.remove(id);
        }
        Ok(Beaten { member: id.clone(), epoch: beat.epoch, interval_ms: 0, assignment: None })
    }

    /// An administrator lets members go, by their ids or their instances (LeaveGroup). One that is named twice is
    /// known both times.
    pub(in crate::group) fn expel(&mut self, members: &[(String, Option<String>)]) -> Vec<ErrorCode> {
        let find = |(id, instance): &(String, Option<String>)| {
            let known = match instance {
                None => self.stored.members.contains_key(id).then_some(id.as_str()),
                Some(instance) => self.member_of(instance),
            };
            match known {
                None => Err(ErrorCode::UnknownMemberId),
                Some(known) if !id.is_empty() && known != id => Err(ErrorCode::FencedInstanceId),
                Some(known) => Ok(known.to_owned()),
            }
        };
        let found: Vec<Result<String, ErrorCode>> = members.iter().map(find).collect();
        found.iter().flatten().for_each(|id| self.remove(id));
        found.into_iter().map(|found| found.err().unwrap_or(ErrorCode::None)).collect()
    }

    /// A member is no more: what it had is free.
    pub(super) fn remove(&mut self, id: &str) {
        let Some(member) = self.stored.members.get(id) else { return };
        let regex = member.regex.clone();
        self.live.forget(id);
        member_tombstones(id).into_iter().for_each(|change| self.change(change));
        self.forget_regex(&regex);
        self.change(Change::Epoch(Some((self.stored.epoch + 1, self.stored.hash))));
    }
}

impl Stored {
    /// Whether who asks may commit: a member in its epoch, or in an earlier one if all that it commits was its own by
    /// then (KIP-1251); or anybody, if nobody is in the group. What does not fit is refused later.
    pub fn may_commit(
        &self,
        commit: &Commit,
        fits: impl Fn(&CommittedOffset) -> bool,
    ) -> Result<(), ErrorCode> {
        let Identity { member, generation: epoch, .. } = &commit.who;
        if *epoch < 0 && self.members.is_empty() {
            return Ok(());
        }
        let Some(known) = self.members.get(member) else { return Err(ErrorCode::UnknownMemberId) };
        if known.classic.is_some() {
            let is_current = *epoch == self.current(member).epoch;
            return if is_current { Ok(()) } else { Err(ErrorCode::IllegalGeneration) };
        }
        if !commit.knows_epochs {
            return Err(ErrorCode::UnsupportedVersion);
        }
        let current = self.current(member);
        let was_mine = |(_, partition, offset): &(String, i32, CommittedOffset)| {
            let place = (offset.topic_id, *partition);
            // What it has not given back yet is nobody else's.
            let since = current.assigned.get(&place).or_else(|| current.revoking.get(&place));
            !fits(offset) || since.is_some_and(|since| since <= epoch)
        };
        match *epoch {
            epoch if epoch == current.epoch => Ok(()),
            _ if *epoch < current.epoch && commit.offsets.iter().all(was_mine) => Ok(()),
            _ => Err(ErrorCode::StaleMemberEpoch),
        }
    }

    /// Whether who asks may fetch offsets: a member in its epoch, or somebody who does not say that it is one.
    pub fn may_fetch(&self, member: Option<&str>, epoch: i32) -> Result<(), ErrorCode> {
        match member {
            None if epoch < 0 => Ok(()),
            Some(id) if self.members.contains_key(id) => match self.current(id).epoch {
                known if known == epoch => Ok(()),
                _ => Err(ErrorCode::StaleMemberEpoch),
            },
            Some(_) | None => Err(ErrorCode::UnknownMemberId),
        }
    }
}

/// Whether a heartbeat is nothing but a sign of life.
fn says_nothing(beat: &Heartbeat, known: &Subscription) -> bool {
    let is_said = beat.classic != known.classic
        || beat.topics.is_some()
        || beat.regex.is_some()
        || beat.rack.is_some()
        || beat.assignor.is_some();
    let is_known_instance = beat.instance.is_none() || beat.instance == known.instance;
    let is_same_client = beat.client_id == known.client_id && beat.client_host == known.client_host;
    !is_said && beat.rebalance_timeout_ms == -1 && is_known_instance && is_same_client
}

/// What a member says of itself now: what it leaves out is as before.
fn said(known: &Subscription, beat: &Heartbeat) -> Subscription {
    let or = |said: &Option<String>, known: &Option<String>| said.clone().or_else(|| known.clone());
    Subscription {
        instance: or(&beat.instance, &known.instance),
        rack: or(&beat.rack, &known.rack),
        client_id: beat.client_id.clone(),
        client_host: beat.client_host.clone(),
        topics: beat.topics.clone().unwrap_or_else(|| known.topics.clone()),
        regex: beat.regex.clone().unwrap_or_else(|| known.regex.clone()),
        rebalance_timeout_ms: match beat.rebalance_timeout_ms {
            -1 => known.rebalance_timeout_ms,
            said => said,
        },
        assignor: if beat.classic.is_some() { None } else { or(&beat.assignor, &known.assignor) },
        classic: beat.classic.clone(),
    }
}
