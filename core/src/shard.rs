//! Shards: state machines whose durable state is the replay of a partition's log.
//!
//! A shard decides; its driver does. A request is handled against the state and answered with records and
//! replies. The driver appends the records, replays each into the shard as soon as it is appended, and lets the
//! replies go once everything that was appended before them is committed. If an append fails, or the
//! partition's leadership is lost, the shard is dropped, and a new one is made by replay. So the next request
//! sees what the last one decided, and nobody is told of what could still be lost.

use crate::types::{Mono, Timestamp};

/// The driver's name for a request that is owed a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// The time of a step: timers run by the monotonic clock, what is stored has the wall clock's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The monotonic clock.
    pub mono: Mono,
    /// The wall clock.
    pub wall: Timestamp,
}

/// What a step has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<Record, Reply> {
    /// To be appended, in order, as one batch, and replayed.
    pub records: Vec<Record>,
    /// To be sent once everything appended so far is committed, these records included.
    pub replies: Vec<(Ticket, Reply)>,
}

impl<Record, Reply> Default for Decision<Record, Reply> {
    fn default() -> Self {
        Decision { records: Vec::new(), replies: Vec::new() }
    }
}

/// A record as a log holds it.
pub trait LogRecord: Sized {
    /// Its key and its value.
    fn encode(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>);

    /// Reads a record; `None` if it is of a kind that this release does not know, and may pass over.
    ///
    /// # Errors
    /// Its bytes are not what its kind and version say.
    fn decode(key: Option<&[u8]>, value: Option<&[u8]>) -> Result<Option<Self>, String>;
}

/// What a shard answers to requests of its kind.
pub type Decided<S> = Decision<<S as Shard>::Record, <S as Shard>::Reply>;

/// A state machine over a log. It reads no clock and draws nothing: times and ids are given to it.
pub trait Shard {
    /// What it is asked.
    type Request;
    /// What it answers.
    type Reply;
    /// What its log holds.
    type Record;

    /// Handles a request. Its reply may come with a later step.
    fn handle(&mut self, now: Now, ticket: Ticket, request: Self::Request, out: &mut Decided<Self>)
    where
        Self: Sized;

    /// When [`Shard::alarm`] is due; [`Mono::NEVER`] if nothing waits for time.
    fn next_alarm(&self) -> Mono;

    /// Does what is due.
    fn alarm(&mut self, now: Now, out: &mut Decided<Self>)
    where
        Self: Sized;

    /// Takes in a record of the log: the only way in which durable state changes.
    fn replay(&mut self, record: &Self::Record);

    /// The whole log has been replayed: what is not durable (sessions, timers) begins now.
    fn loaded(&mut self, now: Now);
}
