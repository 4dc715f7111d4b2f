//! What a coordinator is asked, and what it answers.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    consumer::{
        Beaten, Heartbeat, Refused,
        stored::{Places, Subscription},
    },
    member::{PROTOCOL_BYTES, State},
    records::CommittedOffset,
};
use crate::{controller::Image, errors::ErrorCode};

/// What a coordinator is asked about a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// JoinGroup.
    Join(String, Join),
    /// SyncGroup.
    Sync(String, Sync),
    /// Heartbeat, and the topics that are there.
    Heartbeat(String, Identity, Arc<Image>),
    /// LeaveGroup: members by id and instance.
    Leave(String, Vec<(String, Option<String>)>),
    /// OffsetCommit.
    Commit(Commit),
    /// OffsetFetch.
    Fetch(Fetch),
    /// ConsumerGroupHeartbeat.
    Consumer(String, Box<Heartbeat>),
    /// ConsumerGroupDescribe.
    DescribeConsumers(String),
    /// OffsetDelete.
    DeleteOffsets(String, Vec<(String, i32)>),
    /// DescribeGroups.
    Describe(String),
    /// DeleteGroups.
    Delete(String),
    /// ListGroups.
    List,
    /// A topic was deleted: what was committed for it ends.
    TopicDeleted(String),
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The member's id.
    pub member: String,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// The generation that it joined; -1 for none.
    pub generation: i32,
}

/// What is asked with OffsetCommit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The group.
    pub group: String,
    /// The member that commits.
    pub who: Identity,
    /// By topic and partition.
    pub offsets: Vec<(String, i32, CommittedOffset)>,
    /// Its client knows the errors of member epochs (from version 9 on, KIP-848).
    pub knows_epochs: bool,
}

/// What is asked with OffsetFetch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetch {
    /// The group.
    pub group: String,
    /// The member that asks, if it says so (from version 9 on, KIP-848).
    pub member: Option<String>,
    /// Its epoch; -1 for none.
    pub epoch: i32,
    /// By topic and partition; everything if there are none.
    pub places: Option<Vec<(String, i32)>>,
}

/// What a coordinator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To a join.
    Join(Joined),
    /// To a sync.
    Sync(Synced),
    /// To a heartbeat.
    Heartbeat(ErrorCode),
    /// To members that leave: of the whole, and of each.
    Leave(ErrorCode, Vec<ErrorCode>),
    /// To a commit, for each partition.
    Commit(Vec<ErrorCode>),
    /// Committed offsets by topic and partition; `None` where there is none.
    Offsets(Result<Vec<(String, i32, Option<CommittedOffset>)>, ErrorCode>),
    /// To a deletion of offsets: of the whole, and of each partition.
    DeleteOffsets(ErrorCode, Vec<ErrorCode>),
    /// A group of the classic protocol; if there is none, whether there is one of the other protocol.
    Group(Result<Box<Description>, bool>),
    /// To ConsumerGroupHeartbeat.
    Consumer(Result<Beaten, Refused>),
    /// A group of the consumer protocol, or why there is none.
    Consumers(Result<Box<ConsumerDescription>, Refused>),
    /// To a deletion.
    Delete(ErrorCode),
    /// All groups.
    Groups(Vec<Listed>),
    /// What was to be done is done.
    Done,
}

/// A group as tools list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub group: String,
    /// The type of its protocol; empty for one that only commits.
    pub protocol_type: String,
    /// Its state's name.
    pub state: &'static str,
    /// `classic` or `consumer`.
    pub kind: &'static str,
}

/// A group as tools describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its state.
    pub state: State,
    /// The type of its protocol.
    pub protocol_type: String,
    /// The protocol that was chosen.
    pub protocol: String,
    /// Its members.
    pub members: Vec<Described>,
}

/// A group of the consumer protocol as tools describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerDescription {
    /// Its state's name.
    pub state: &'static str,
    /// Its epoch.
    pub epoch: i32,
    /// The epoch of its targets.
    pub target_epoch: i32,
    /// The assignor's name.
    pub assignor: &'static str,
    /// Its members.
    pub members: Vec<ConsumerMember>,
}

/// A member of such a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerMember {
    /// Its id.
    pub id: String,
    /// What it says of itself.
    pub subscription: Subscription,
    /// Its epoch.
    pub epoch: i32,
    /// What is in its hands.
    pub held: Places,
    /// What it is to get.
    pub target: Places,
}

/// A member as tools describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its id.
    pub id: String,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// Its metadata; empty until all have their assignments.
    pub metadata: Bytes,
    /// Its assignment; empty until all have theirs.
    pub assignment: Bytes,
}

/// What a member asks when it joins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Join {
    /// Its id; empty if it has none yet.
    pub member: String,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// The id that it gets if it has none: drawn by the caller.
    pub new_id: String,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    /// How long it may be silent.
    pub session_timeout_ms: i32,
    /// How long it may take to join again.
    pub rebalance_timeout_ms: i32,
    /// `consumer` for consumers.
    pub protocol_type: String,
    /// The protocols that it speaks, best first, each with its metadata.
    pub protocols: Vec<(String, Bytes)>,
    /// Its client joins again with the id it is given (from version 4 on, KIP-394).
    pub knows_member_ids: bool,
    /// Its client can be told that nothing is to be assigned (from version 9 on, KIP-814).
    pub skips_assignment: bool,
    /// The topics that are there.
    pub image: Arc<Image>,
}

impl Join {
    /// What its protocols make the coordinator keep, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.protocols.iter().map(|(name, metadata)| PROTOCOL_BYTES + name.len() + metadata.len()).sum()
    }
}

/// What a member that joins is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// None, or why not.
    pub code: ErrorCode,
    /// The generation; -1 if there is none.
    pub generation: i32,
    /// The type of protocol.
    pub protocol_type: Option<String>,
    /// The protocol that was chosen.
    pub protocol: Option<String>,
    /// The member that assigns.
    pub leader: String,
    /// The leader has nothing to assign.
    pub skip_assignment: bool,
    /// The member's own id.
    pub member: String,
    /// All members with their instances and metadata, for the leader.
    pub members: Vec<(String, Option<String>, Bytes)>,
}

impl Joined {
    /// A refusal.
    pub fn refused(code: ErrorCode, member: &str) -> Joined {
        Joined {
            code,
            generation: -1,
            protocol_type: None,
            protocol: None,
            leader: String::new(),
            skip_assignment: false,
            member: member.to_owned(),
            members: Vec::new(),
        }
    }
}

/// What a member asks when it wants its assignment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sync {
    /// The generation that it joined.
    pub generation: i32,
    /// Its id.
    pub member: String,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// The type of protocol, from version 5 on.
    pub protocol_type: Option<String>,
    /// The protocol, from version 5 on.
    pub protocol: Option<String>,
    /// The leader's assignments by member.
    pub assignments: Vec<(String, Bytes)>,
    /// The topics that are there.
    pub image: Arc<Image>,
}

/// A member's assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    /// None, or why not.
    pub code: ErrorCode,
    /// The type of protocol.
    pub protocol_type: Option<String>,
    /// The protocol.
    pub protocol: Option<String>,
    /// What it was assigned.
    pub assignment: Bytes,
}

impl Synced {
    /// A refusal.
    pub fn refused(code: ErrorCode) -> Synced {
        Synced { code, protocol_type: None, protocol: None, assignment: Bytes::new() }
    }
}

impl From<Joined> for Answer {
    fn from(joined: Joined) -> Answer {
        Answer::Join(joined)
    }
}

impl From<Synced> for Answer {
    fn from(synced: Synced) -> Answer {
        Answer::Sync(synced)
    }
}
