//! What tools see of groups, and do to them.

use bytes::Bytes;

use super::{
    GroupCoordinator, Live, Out, Stored,
    classic::ClassicGroup,
    consumer::Refused,
    member::State,
    messages::{ConsumerDescription, ConsumerMember, Described, Description, Listed},
    records::Record,
};
use crate::errors::ErrorCode;

impl GroupCoordinator {
    pub(super) fn delete(&mut self, name: &str, out: &mut Out<'_>) -> ErrorCode {
        if !self.groups.contains_key(name) {
            return ErrorCode::GroupIdNotFound;
        }
        if !self.is_empty(name) {
            return ErrorCode::NonEmptyGroup;
        }
        out.decision.records.extend(self.offsets.tombstones(name, |_, _, _| true));
        self.forget(name, out);
        ErrorCode::None
    }

    /// Whether nobody is in a group.
    pub(super) fn is_empty(&self, name: &str) -> bool {
        match self.groups.get(name) {
            Some(Live::Classic(group)) => group.state() == State::Empty,
            Some(Live::Consumers(_)) => self.consumers(name).is_none_or(|stored| stored.members.is_empty()),
            None => true,
        }
    }

    /// Whether nobody is in a group, or about to come.
    pub(super) fn is_idle(&self, name: &str) -> bool {
        self.is_empty(name) && self.classic(name).is_none_or(ClassicGroup::is_empty)
    }

    /// A group that is empty is no more.
    pub(super) fn forget(&mut self, name: &str, out: &mut Out<'_>) {
        if let Some(group) = self.groups.remove(name) {
            self.alarms.remove(&(group.alarm(), name.to_owned()));
        }
        out.decision.records.extend(self.tombstones(name));
    }

    /// What ends a group, offsets left out.
    pub(super) fn tombstones(&self, name: &str) -> Vec<Record> {
        match self.stored.get(name) {
            Some(Stored::Classic(_)) => vec![Record::Group(name.to_owned(), None)],
            Some(Stored::Consumers(stored)) => {
                let changes = stored.tombstones().into_iter();
                changes.map(|change| Record::Consumers(name.to_owned(), change)).collect()
            }
            None => Vec::new(),
        }
    }

    pub(super) fn describe(&self, name: &str) -> Result<Box<Description>, bool> {
        let group = self.classic(name).ok_or(self.groups.contains_key(name))?;
        let protocol = group.protocol().unwrap_or_default();
        let is_stable = group.state() == State::Stable;
        let members = group.members().map(|(id, member)| Described {
            id: id.to_owned(),
            instance: member.instance.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            metadata: if is_stable { member.metadata(protocol) } else { Bytes::new() },
            assignment: member.assignment.clone(),
        });
        Ok(Box::new(Description {
            state: group.state(),
            protocol_type: group.protocol_type().unwrap_or_default().to_owned(),
            protocol: if is_stable { protocol.to_owned() } else { String::new() },
            members: members.collect(),
        }))
    }

    pub(super) fn list(&self) -> Vec<Listed> {
        let listed = |(name, group): (&String, &Live)| match group {
            Live::Classic(group) => Listed {
                group: name.clone(),
                protocol_type: group.protocol_type().unwrap_or_default().to_owned(),
                state: group.state().name(),
                kind: "classic",
            },
            Live::Consumers(_) => Listed {
                group: name.clone(),
                protocol_type: "consumer".to_owned(),
                state: self.consumers(name).map_or("Empty", |stored| stored.state()),
                kind: "consumer",
            },
        };
        self.groups.iter().map(listed).collect()
    }

    pub(super) fn describe_consumers(&self, name: &str) -> Result<Box<ConsumerDescription>, Refused> {
        let code = ErrorCode::GroupIdNotFound;
        let Some(stored) = self.consumers(name) else {
            let why = match self.groups.contains_key(name) {
                true => format!("Group {name} is not a consumer group."),
                false => format!("Group {name} not found."),
            };
            return Err(Refused { code, why });
        };
        let members = stored.members.iter().map(|(id, subscription)| {
            let current = stored.current(id);
            ConsumerMember {
                id: id.clone(),
                subscription: subscription.clone(),
                epoch: current.epoch,
                held: current.assigned.keys().chain(current.revoking.keys()).copied().collect(),
                target: stored.targets.get(id).cloned().unwrap_or_default(),
            }
        });
        Ok(Box::new(ConsumerDescription {
            state: stored.state(),
            epoch: stored.epoch,
            target_epoch: stored.target_epoch,
            assignor: stored.assignor(&self.config.consumer.assignors).name(),
            members: members.collect(),
        }))
    }
}
