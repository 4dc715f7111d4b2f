//! The members of a classic group, and the states that it goes through with them.

use bytes::Bytes;

use crate::{shard::Ticket, types::Mono};

/// The state, by Kafka's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody is there.
    Empty,
    /// Members join.
    PreparingRebalance,
    /// The leader assigns.
    CompletingRebalance,
    /// All work.
    Stable,
}

impl State {
    /// As tools show it.
    pub fn name(self) -> &'static str {
        match self {
            State::Empty => "Empty",
            State::PreparingRebalance => "PreparingRebalance",
            State::CompletingRebalance => "CompletingRebalance",
            State::Stable => "Stable",
        }
    }
}

/// What a protocol takes beside its name and its metadata, in bytes.
pub(super) const PROTOCOL_BYTES: usize = size_of::<(String, Bytes)>();

/// A member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// What its client calls itself.
    pub client_id: String,
    /// Where it connects from.
    pub client_host: String,
    pub(super) rebalance_timeout_ms: i32,
    pub(super) session_timeout_ms: i32,
    pub(super) protocols: Vec<(String, Bytes)>,
    /// What it was assigned.
    pub assignment: Bytes,
    pub(super) joining: Option<Ticket>,
    pub(super) syncing: Option<Ticket>,
    /// It has not been answered yet since it came.
    pub(super) is_new: bool,
    /// When it is given up, unless it is heard of.
    pub(super) due: Mono,
    /// Its place in the order in which members came.
    pub(super) arrival: u64,
}

impl Member {
    /// Its metadata for a protocol.
    pub fn metadata(&self, protocol: &str) -> Bytes {
        self.protocols.iter().find(|(name, _)| name == protocol).map_or_else(Bytes::new, |(_, m)| m.clone())
    }

    /// What it makes the coordinator keep, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let protocols =
            self.protocols.iter().map(|(name, metadata)| PROTOCOL_BYTES + name.len() + metadata.len());
        let names =
            self.client_id.len() + self.client_host.len() + self.instance.as_ref().map_or(0, String::len);
        size_of::<Member>() + names + protocols.sum::<usize>() + self.assignment.len()
    }

    /// Whether silence ends it: one that waits for an answer of ours is not silent.
    pub(super) fn can_expire(&self) -> bool {
        self.is_new || self.joining.is_none() && self.syncing.is_none()
    }
}
