//! Incremental fetch sessions (KIP-227): the broker remembers what a client fetches, so that a request
//! names only what changed.

use std::{collections::BTreeMap, time::Duration};

use ottla_core::{
    errors::ErrorCode,
    types::{Mono, Uuid},
};
use ottla_net::wire::Str;

/// A partition as a client asked for it, and what it was last told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FetchPartition {
    pub(crate) topic: Str,
    pub(crate) topic_id: Uuid,
    pub(crate) index: i32,
    pub(crate) fetch_offset: i64,
    pub(crate) leader_epoch: i32,
    pub(crate) last_fetched_epoch: i32,
    pub(crate) max_bytes: i32,
    /// High watermark and log start of the last answer; -1 before the first and after an error.
    pub(crate) told: (i64, i64),
}

impl FetchPartition {
    fn is_same(&self, topic: &str, topic_id: Uuid, index: i32) -> bool {
        self.index == index && self.topic_id == topic_id && self.topic == topic
    }
}

/// One session.
#[derive(Debug)]
pub(crate) struct FetchSession {
    epoch: i32,
    uses_ids: bool,
    last_used: Mono,
    /// In the order in which they are served; one that had data goes to the end.
    partitions: Vec<FetchPartition>,
}

/// All sessions of a broker.
#[derive(Debug)]
pub(crate) struct FetchSessions {
    slots: usize,
    sessions: BTreeMap<i32, FetchSession>,
}

/// How a fetch is to be answered.
#[derive(Debug)]
pub(crate) enum Context {
    /// All partitions, and no session.
    Sessionless(Vec<FetchPartition>),
    /// All partitions; a session begins if there is room.
    Full(Vec<FetchPartition>),
    /// What changed of session `id`.
    Incremental { id: i32, partitions: Vec<FetchPartition> },
}

impl Context {
    pub(crate) fn partitions(&self) -> &[FetchPartition] {
        match self {
            Context::Sessionless(p) | Context::Full(p) | Context::Incremental { partitions: p, .. } => p,
        }
    }
}

/// Sessions that were idle for so long give way to new ones.
const EVICTION: Duration = Duration::from_secs(120);

/// A forgotten partition.
pub(crate) type Forgotten = (Str, Uuid, i32);

impl FetchSessions {
    pub(crate) fn new(slots: usize) -> FetchSessions {
        FetchSessions { slots, sessions: BTreeMap::new() }
    }

    /// Finds out what a request with this session id and epoch means. The partitions of the request are in
    /// `partitions`, each once; `uses_ids` says that it names topics by id.
    ///
    /// # Errors
    /// There is no such session, its epoch is another, or it began with the other kind of names.
    pub(crate) fn begin(
        &mut self,
        (id, epoch): (i32, i32),
        uses_ids: bool,
        partitions: Vec<FetchPartition>,
        forgotten: &[Forgotten],
        now: Mono,
    ) -> Result<Context, ErrorCode> {
        if matches!(epoch, 0 | -1) {
            self.sessions.remove(&id);
            return Ok(if epoch == 0 { Context::Full(partitions) } else { Context::Sessionless(partitions) });
        }
        let session = self.sessions.get_mut(&id).ok_or(ErrorCode::FetchSessionIdNotFound)?;
        if session.epoch != epoch {
            return Err(ErrorCode::InvalidFetchSessionEpoch);
        }
        if session.uses_ids != uses_ids {
            return Err(ErrorCode::FetchSessionTopicIdError);
        }
        for new in partitions {
            match session.partitions.iter_mut().find(|p| p.is_same(&new.topic, new.topic_id, new.index)) {
                Some(known) => *known = FetchPartition { told: known.told, ..new },
                None => session.partitions.push(new),
            }
        }
        session
            .partitions
            .retain(|p| !forgotten.iter().any(|(topic, id, index)| p.is_same(topic, *id, *index)));
        session.epoch = if epoch == i32::MAX { 1 } else { epoch + 1 };
        session.last_used = now;
        Ok(Context::Incremental { id, partitions: session.partitions.clone() })
    }

    /// Opens a session with partitions that were just answered; returns its id, or 0 if there is no room.
    pub(crate) fn open(
        &mut self,
        partitions: Vec<FetchPartition>,
        uses_ids: bool,
        now: Mono,
        mut draw: impl FnMut() -> u64,
    ) -> i32 {
        if partitions.is_empty() {
            return 0;
        }
        if self.slots <= self.sessions.len() {
            let oldest =
                self.sessions.iter().min_by_key(|(_, s)| s.last_used).map(|(id, s)| (*id, s.last_used));
            match oldest.filter(|(_, used)| EVICTION <= now.since(*used)) {
                Some((id, _)) => self.sessions.remove(&id),
                None => return 0,
            };
        }
        let id = loop {
            let id = (draw() & 0x7fff_ffff) as i32;
            if id != 0 && !self.sessions.contains_key(&id) {
                break id;
            }
        };
        self.sessions.insert(id, FetchSession { epoch: 1, uses_ids, last_used: now, partitions });
        id
    }

    /// Notes what a session's client was told: positions by partition, and which had data.
    pub(crate) fn told(&mut self, id: i32, told: Vec<(FetchPartition, bool)>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        for (partition, had_data) in told {
            let same = |p: &FetchPartition| p.is_same(&partition.topic, partition.topic_id, partition.index);
            let Some(at) = session.partitions.iter().position(same) else { continue };
            session.partitions[at].told = partition.told;
            if had_data {
                let moved = session.partitions.remove(at);
                session.partitions.push(moved);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(index: i32) -> FetchPartition {
        let topic = Str::from_static("t");
        FetchPartition {
            topic,
            topic_id: Uuid::ZERO,
            index,
            fetch_offset: 0,
            leader_epoch: -1,
            last_fetched_epoch: -1,
            max_bytes: 1,
            told: (-1, -1),
        }
    }

    #[test]
    fn a_session_counts_its_epochs_and_remembers() {
        let mut sessions = FetchSessions::new(1);
        let now = Mono(0);
        let context = sessions.begin((0, 0), false, vec![partition(0), partition(1)], &[], now);
        assert!(matches!(context, Ok(Context::Full(_))));
        let id = sessions.open(vec![partition(0), partition(1)], false, now, || 7);
        assert_eq!((id, sessions.open(vec![partition(0)], false, now, || 8)), (7, 0));
        let mut next = |epoch, ids, forgotten: &[Forgotten]| {
            sessions
                .begin((7, epoch), ids, vec![], forgotten, now)
                .map(|c| c.partitions().iter().map(|p| p.index).collect::<Vec<_>>())
        };
        assert_eq!(next(2, false, &[]), Err(ErrorCode::InvalidFetchSessionEpoch));
        assert_eq!(next(1, true, &[]), Err(ErrorCode::FetchSessionTopicIdError));
        assert_eq!(next(1, false, &[]), Ok(vec![0, 1]));
        assert_eq!(next(2, false, &[(Str::from_static("t"), Uuid::ZERO, 0)]), Ok(vec![1]));
        assert_eq!(next(-1, false, &[]), Ok(vec![]));
        assert_eq!(next(3, false, &[]), Err(ErrorCode::FetchSessionIdNotFound));
    }
}
