//! Incremental fetch sessions (KIP-227): the broker remembers what a client fetches, so that a request
//! names only what changed.

use std::{collections::BTreeMap, hash::RandomState, time::Duration};

use hashlink::LinkedHashMap;
use ottla_core::{
    errors::ErrorCode,
    types::{Mono, Uuid},
};
use ottla_net::wire::Str;

/// A partition as clients name it: by id, or by name where the id is zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FetchKey {
    pub(crate) topic_id: Uuid,
    pub(crate) topic: Str,
    pub(crate) index: i32,
}

/// A partition as a client asked for it, and what it was last told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FetchPartition {
    pub(crate) key: FetchKey,
    pub(crate) fetch_offset: i64,
    pub(crate) leader_epoch: i32,
    pub(crate) last_fetched_epoch: i32,
    pub(crate) max_bytes: i32,
    /// High watermark and log start of the last answer; -1 before the first and after an error.
    pub(crate) told: (i64, i64),
}

/// One session.
#[derive(Debug)]
struct FetchSession {
    epoch: i32,
    uses_ids: bool,
    last_used: Mono,
    /// In the order in which they are served; one that had data goes to the end. Every key owns its name: a
    /// slice of a request would keep the request's whole buffer.
    partitions: LinkedHashMap<FetchKey, FetchPartition, RandomState>,
}

/// All sessions of a broker.
#[derive(Debug)]
pub(crate) struct FetchSessions {
    slots: usize,
    sessions: BTreeMap<i32, FetchSession>,
}

/// How a fetch is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// All partitions, and no session.
    Sessionless,
    /// All partitions; a session begins if there is room.
    Full,
    /// What changed of this session.
    Incremental(i32),
}

/// Sessions that were idle for so long give way to new ones.
const EVICTION: Duration = Duration::from_secs(120);

fn owned(partition: &FetchPartition) -> FetchPartition {
    let mut owned = partition.clone();
    owned.key.topic = Str::from(partition.key.topic.to_string());
    owned
}

impl FetchSessions {
    pub(crate) fn new(slots: usize) -> FetchSessions {
        FetchSessions { slots, sessions: BTreeMap::new() }
    }

    /// Finds out what a request with this session id and epoch means. The partitions that it names are in
    /// `partitions`; those that are to be served are left there. `uses_ids` says that it names topics by id.
    ///
    /// # Errors
    /// There is no such session, its epoch is another, or it began with the other kind of names.
    pub(crate) fn begin(
        &mut self,
        (id, epoch): (i32, i32),
        uses_ids: bool,
        partitions: &mut Vec<FetchPartition>,
        forgotten: impl Iterator<Item = FetchKey>,
        now: Mono,
    ) -> Result<Context, ErrorCode> {
        if matches!(epoch, 0 | -1) {
            self.sessions.remove(&id);
            return Ok(if epoch == 0 { Context::Full } else { Context::Sessionless });
        }
        let session = self.sessions.get_mut(&id).ok_or(ErrorCode::FetchSessionIdNotFound)?;
        if session.epoch != epoch {
            return Err(ErrorCode::InvalidFetchSessionEpoch);
        }
        if session.uses_ids != uses_ids {
            return Err(ErrorCode::FetchSessionTopicIdError);
        }
        let mut forgotten = forgotten.peekable();
        // One that empties its session ends it, and is answered by itself.
        let asked = if forgotten.peek().is_some() { partitions.clone() } else { Vec::new() };
        for new in partitions.drain(..) {
            match session.partitions.get_mut(&new.key) {
                Some(known) => {
                    let FetchPartition {
                        key: _,
                        fetch_offset,
                        leader_epoch,
                        last_fetched_epoch,
                        max_bytes,
                        told: _,
                    } = new;
                    (known.fetch_offset, known.leader_epoch) = (fetch_offset, leader_epoch);
                    (known.last_fetched_epoch, known.max_bytes) = (last_fetched_epoch, max_bytes);
                }
                None => {
                    let new = owned(&new);
                    session.partitions.insert(new.key.clone(), new);
                }
            }
        }
        for key in forgotten {
            session.partitions.remove(&key);
        }
        session.epoch = if epoch == i32::MAX { 1 } else { epoch + 1 };
        session.last_used = now;
        partitions.extend(session.partitions.values().cloned());
        if partitions.is_empty() {
            self.sessions.remove(&id);
            *partitions = asked;
            return Ok(Context::Sessionless);
        }
        Ok(Context::Incremental(id))
    }

    /// Opens a session with partitions that were just answered; returns its id, or 0 if there is no room.
    pub(crate) fn open(
        &mut self,
        partitions: &[FetchPartition],
        uses_ids: bool,
        now: Mono,
        mut draw: impl FnMut() -> u64,
    ) -> i32 {
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
        let mut by_key = LinkedHashMap::with_capacity_and_hasher(partitions.len(), RandomState::new());
        for partition in partitions.iter().map(owned) {
            by_key.insert(partition.key.clone(), partition);
        }
        self.sessions.insert(id, FetchSession { epoch: 1, uses_ids, last_used: now, partitions: by_key });
        id
    }

    /// Notes what a session's client was told of a partition, and whether it got data.
    pub(crate) fn told(&mut self, id: i32, key: &FetchKey, told: (i64, i64), had_data: bool) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Some(partition) = session.partitions.get_mut(key) {
            partition.told = told;
        }
        if had_data {
            session.partitions.to_back(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(index: i32) -> FetchKey {
        FetchKey { topic: Str::from_static("t"), topic_id: Uuid::ZERO, index }
    }

    fn partition(index: i32) -> FetchPartition {
        let key = key(index);
        FetchPartition {
            key,
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
        let mut named = vec![partition(0), partition(1)];
        assert_eq!(sessions.begin((0, 0), false, &mut named, [].into_iter(), now), Ok(Context::Full));
        let id = sessions.open(&named, false, now, || 7);
        assert_eq!((id, sessions.open(&named, false, now, || 8)), (7, 0));
        let next = |sessions: &mut FetchSessions, epoch, ids, forgotten: Option<FetchKey>| {
            let mut served = Vec::new();
            let began = sessions.begin((7, epoch), ids, &mut served, forgotten.into_iter(), now);
            began.map(|_| served.iter().map(|p| p.key.index).collect::<Vec<_>>())
        };
        assert_eq!(next(&mut sessions, 2, false, None), Err(ErrorCode::InvalidFetchSessionEpoch));
        assert_eq!(next(&mut sessions, 1, true, None), Err(ErrorCode::FetchSessionTopicIdError));
        assert_eq!(next(&mut sessions, 1, false, None), Ok(vec![0, 1]));
        // One that had data is served last.
        sessions.told(7, &key(0), (5, 0), true);
        assert_eq!(next(&mut sessions, 2, false, None), Ok(vec![1, 0]));
        assert_eq!(next(&mut sessions, 3, false, Some(key(0))), Ok(vec![1]));
        assert_eq!(next(&mut sessions, -1, false, None), Ok(vec![]));
        assert_eq!(next(&mut sessions, 4, false, None), Err(ErrorCode::FetchSessionIdNotFound));
    }
}
