//! Snapshots of the metadata log: each node writes its own, lets go of the log behind them, and gives them to who is too
//! far behind (KIP-630).

use std::sync::{Arc, Mutex, atomic::Ordering};

use bytes::{Bytes, BytesMut};
use ottla_core::{
    config::BrokerConfig,
    controller::{Image, snapshot},
    env::{
        Disk, Env, File, OpenMode,
        disk::{read_file, replace_file},
    },
    errors::ErrorCode,
    raft::{LogEnd, Membership},
    types::{LeaderEpoch, Mono, NodeId, Offset, Timestamp},
};
use ottla_net::messages::{
    ApiKey,
    generated::fetch_snapshot::{FetchSnapshotResponse, response::PartitionSnapshot},
};

use super::{METADATA_TOPIC, NO_PANIC, Quorum, Replayed, requests};
use crate::{StartError, peers::Lane};

/// Most bytes of a snapshot that a node takes from another.
const SNAPSHOT_MAX_BYTES: i64 = 1 << 30;

/// A snapshot on the disk.
#[derive(Clone, Copy, Debug)]
struct Kept {
    id: LogEnd,
    bytes: u64,
    /// The time of the last record that it covers.
    last: Timestamp,
}

/// The newest snapshot, read.
pub(crate) struct Newest {
    pub(crate) id: LogEnd,
    pub(crate) image: Image,
    pub(crate) members: Membership,
    pub(crate) last: Timestamp,
}

/// When snapshots are written, and how long they and the log behind them are kept.
struct Limits {
    /// `metadata.log.max.record.bytes.between.snapshots`.
    bytes_between: u64,
    /// `metadata.log.max.snapshot.interval.ms`; never for its sake, if that is 0.
    interval_ms: u64,
    /// `metadata.max.retention.bytes`; -1 for any number.
    retention_bytes: i64,
    /// `metadata.max.retention.ms`; -1 for ever.
    retention_ms: i64,
}

/// The snapshots of this node.
pub(super) struct Snapshots {
    limits: Limits,
    /// By where they end.
    kept: Mutex<Vec<Kept>>,
    /// When the last was written, or the node started.
    written_at: Mutex<Mono>,
    /// One is written or taken at a time.
    turn: tokio::sync::Mutex<()>,
}

/// The snapshots that were found on the disk.
pub(crate) struct Found {
    kept: Vec<Kept>,
    pub(crate) newest: Option<Newest>,
}

fn path(id: LogEnd) -> String {
    format!("{METADATA_TOPIC}-0/{}", snapshot::file_name(id))
}

/// Reads the snapshots beside a log that lies between two offsets.
///
/// # Errors
/// The disk cannot read, or the log begins behind what the newest covers.
pub(crate) fn find<D: Disk>(disk: &D, (start, end): (Offset, Offset)) -> Result<Found, StartError> {
    let reading = |e| StartError::disk("reading a snapshot of the metadata log", e);
    let dir = format!("{METADATA_TOPIC}-0");
    let names = disk.list(&dir).map_err(reading)?;
    let (mut kept, mut needless, mut newest) = (Vec::new(), Vec::new(), None);
    for id in names.iter().filter_map(|name| snapshot::parse_file_name(name)) {
        // One that was taken from another node, and never came into use; or one that is behind the log.
        if end < id.offset || id.offset < start {
            needless.push(id);
            continue;
        }
        let (found, bytes) = read(disk, id)?;
        kept.push(Kept { id, bytes, last: found.last });
        // Their names are in the order of their ends.
        newest = Some(found);
    }
    if newest.is_none() && Offset(0) < start {
        return Err(StartError::Refused(format!(
            "{dir}: the log begins at {start}, and there is no snapshot of what was before: restore it from a backup, or \
             let this node begin anew with an empty directory"
        )));
    }
    needless.into_iter().try_for_each(|id| disk.remove(&path(id)).map_err(reading))?;
    Ok(Found { kept, newest })
}

fn read<D: Disk>(disk: &D, id: LogEnd) -> Result<(Newest, u64), StartError> {
    let bytes = read_file(disk, &path(id));
    let bytes = bytes.map_err(|e| StartError::disk("reading a snapshot of the metadata log", e))?;
    let bytes = bytes.unwrap_or_default();
    let (image, members, last) = snapshot::read(&bytes, id).map_err(|why| {
        StartError::Refused(format!(
            "{METADATA_TOPIC}-0: {why}: remove it if the log begins at 0, or restore it from a backup"
        ))
    })?;
    Ok((Newest { id, image, members, last }, bytes.len() as u64))
}

/// Whether a whole snapshot ends there: a crash came between it and the log that was to begin behind it.
///
/// # Errors
/// The disk cannot read.
pub(crate) fn ends_at<D: Disk>(disk: &D, offset: Offset) -> Result<bool, StartError> {
    let names = disk.list(&format!("{METADATA_TOPIC}-0"));
    let names = names.map_err(|e| StartError::disk("reading a snapshot of the metadata log", e))?;
    let mut ids = names.iter().filter_map(|name| snapshot::parse_file_name(name));
    Ok(ids.any(|id| id.offset == offset && read(disk, id).is_ok()))
}

impl Snapshots {
    pub(super) fn new(found: Found, config: &BrokerConfig, now: Mono) -> Snapshots {
        let limits = Limits {
            bytes_between: config.number("metadata.log.max.record.bytes.between.snapshots").max(1) as u64,
            interval_ms: config.number("metadata.log.max.snapshot.interval.ms").max(0) as u64,
            retention_bytes: config.number("metadata.max.retention.bytes"),
            retention_ms: config.number("metadata.max.retention.ms"),
        };
        let (kept, written_at) = (Mutex::new(found.kept), Mutex::new(now));
        Snapshots { limits, kept, written_at, turn: tokio::sync::Mutex::default() }
    }

    fn keep(&self, new: Kept) {
        let mut kept = self.kept.lock().expect(NO_PANIC);
        kept.retain(|kept| kept.id.offset != new.id.offset);
        let at = kept.partition_point(|kept| kept.id.offset < new.id.offset);
        kept.insert(at, new);
    }

    pub(super) fn newest(&self) -> Option<LogEnd> {
        self.kept.lock().expect(NO_PANIC).last().map(|kept| kept.id)
    }

    /// The epoch of the record before `offset`, if a snapshot ends there.
    pub(super) fn epoch_before(&self, offset: Offset) -> Option<LeaderEpoch> {
        let kept = self.kept.lock().expect(NO_PANIC);
        kept.iter().find(|kept| kept.id.offset == offset).map(|kept| kept.id.epoch)
    }
}

impl<E: Env> Quorum<E> {
    /// Which snapshot a node must take that asks for the log from there, if it must: the log does not go back so far, or
    /// what the node has before it is not what was committed.
    pub(crate) fn snapshot_for(&self, from: Offset, last_epoch: LeaderEpoch) -> Option<LogEnd> {
        let start = self.partition.follower_position()?.log_start;
        let is_other = || self.snapshots.epoch_before(start).is_some_and(|epoch| epoch != last_epoch);
        let is_needed = from < start || Offset(0) < start && from == start && is_other();
        self.snapshots.newest().filter(|_| is_needed)
    }

    /// A part of a snapshot, and how long the whole is.
    ///
    /// # Errors
    /// There is no such snapshot, or the position lies outside of it.
    pub(crate) fn read_snapshot(
        &self,
        id: LogEnd,
        at: i64,
        max_bytes: i32,
    ) -> Result<(i64, Bytes), ErrorCode> {
        let known = self.snapshots.kept.lock().expect(NO_PANIC).iter().find(|kept| kept.id == id).copied();
        let size = known.ok_or(ErrorCode::SnapshotNotFound)?.bytes;
        if at < 0 || size <= at as u64 {
            return Err(ErrorCode::PositionOutOfRange);
        }
        let most = i64::from(max_bytes.clamp(1, requests::FETCH_MAX_BYTES)).min(size as i64 - at);
        let mut part = BytesMut::zeroed(most as usize);
        let file = self.disk.open(&path(id), OpenMode::Existing).map_err(|_| ErrorCode::SnapshotNotFound)?;
        let read = file.read_at(at as u64, &mut part).map_err(|_| ErrorCode::KafkaStorageError)?;
        part.truncate(read);
        Ok((size as i64, part.freeze()))
    }

    /// Writes a snapshot of what is committed, if it is time, and lets go of what is too old. Says whether the log's
    /// start moved: then the caller makes that durable, and calls [`Quorum::drop_snapshots`].
    pub(crate) async fn snapshot_if_due(&self) -> bool {
        let _turn = self.snapshots.turn.lock().await;
        let replayed = self.replayed.lock().expect(NO_PANIC).clone();
        let (now, limits) = (self.env.now(), &self.snapshots.limits);
        let since = now.since(*self.snapshots.written_at.lock().expect(NO_PANIC));
        let is_old = limits.interval_ms != 0 && u128::from(limits.interval_ms) <= since.as_millis();
        let is_due = limits.bytes_between <= replayed.bytes || is_old;
        let is_new = self.snapshots.newest().is_none_or(|id| id.offset < replayed.end);
        if is_due && is_new {
            self.write_snapshot(&replayed).await;
        }
        self.let_go()
    }

    async fn write_snapshot(&self, replayed: &Replayed) {
        let Some(epoch) = self.partition.epoch_at(replayed.end + -1) else { return };
        let id = LogEnd { epoch, offset: replayed.end };
        let members = self.members.voters.lock().expect(NO_PANIC).up_to(replayed.end);
        let bytes = snapshot::write(&replayed.image, &members, id, replayed.last);
        let size = bytes.len() as u64;
        *self.snapshots.written_at.lock().expect(NO_PANIC) = self.env.now();
        if let Err(e) = replace_file(&self.disk, &path(id), bytes).await {
            tracing::error!("writing a snapshot of the metadata log failed: {e}");
            return;
        }
        self.env.trace(format_args!("metadata snapshot {}", snapshot::file_name(id)));
        tracing::info!(end = %id.offset, bytes = size, "the metadata log has a snapshot");
        self.snapshots.keep(Kept { id, bytes: size, last: replayed.last });
        let mut now = self.replayed.lock().expect(NO_PANIC);
        now.bytes = now.bytes.saturating_sub(replayed.bytes);
    }

    /// Lets the log begin where a later snapshot ends, as long as there is too much, or it is too old.
    fn let_go(&self) -> bool {
        let (limits, wall) = (&self.snapshots.limits, self.env.wall());
        let kept = self.snapshots.kept.lock().expect(NO_PANIC);
        let mut total = self.partition.size_bytes() + kept.iter().map(|kept| kept.bytes).sum::<u64>();
        let mut start = None;
        for (old, next) in kept.iter().zip(kept.iter().skip(1)) {
            let is_much = 0 <= limits.retention_bytes && limits.retention_bytes as u64 <= total;
            let is_old = 0 <= limits.retention_ms && limits.retention_ms <= wall.0.saturating_sub(old.last.0);
            if !is_much && !is_old {
                break;
            }
            total = total.saturating_sub(old.bytes);
            start = Some(next.id.offset);
        }
        start.is_some_and(|start| self.partition.advance_start(start))
    }

    /// Removes the snapshots behind the log's start, which is durable.
    pub(crate) fn drop_snapshots(&self) {
        let Some(start) = self.partition.follower_position().map(|at| at.log_start) else { return };
        let mut kept = self.snapshots.kept.lock().expect(NO_PANIC);
        for gone in kept.extract_if(.., |kept| kept.id.offset < start) {
            if let Err(e) = self.disk.remove(&path(gone.id)) {
                tracing::warn!("removing a snapshot of the metadata log failed: {e}");
            }
        }
    }

    /// Takes a snapshot from the leader, and begins the log anew where it ends; says whether it has. `is_current` says
    /// whether this node still follows as it did.
    pub(super) async fn take_snapshot(
        self: &Arc<Self>,
        (epoch, leader): (LeaderEpoch, NodeId),
        id: LogEnd,
        is_current: impl Fn() -> bool,
    ) -> bool {
        let Some(bytes) = self.fetch_snapshot(epoch, leader, id).await else { return false };
        match snapshot::read(&bytes, id) {
            Ok((image, members, last)) => {
                self.install(epoch, &bytes, Newest { id, image, members, last }, is_current).await
            }
            Err(why) => {
                tracing::error!(%leader, "the leader's snapshot is of no use: {why}");
                false
            }
        }
    }

    async fn fetch_snapshot(
        self: &Arc<Self>,
        epoch: LeaderEpoch,
        leader: NodeId,
        id: LogEnd,
    ) -> Option<Bytes> {
        let address = self.address_of(leader)?;
        let mut bytes = BytesMut::new();
        loop {
            let at = bytes.len() as i64;
            let request = requests::fetch_snapshot(self.cluster_id(), self.replica(), epoch, id, at);
            let to = (&*address, Lane::Metadata);
            let asked =
                self.peers.ask(to, ApiKey::FetchSnapshot, &request, self.timing.fetch_timeout / 2).await;
            let answer: FetchSnapshotResponse = asked.ok()?;
            let part: PartitionSnapshot = answer.topics.into_iter().next()?.partitions.into_iter().next()?;
            if answer.error_code != 0 || part.error_code != 0 || part.position != at {
                // The leader has another by now, or is none.
                let code = ErrorCode::from_code(answer.error_code.max(part.error_code));
                tracing::debug!(%leader, "fetching a snapshot was refused: {code}");
                self.hear_of(part.current_leader.leader_id, part.current_leader.leader_epoch);
                return None;
            }
            self.is_heard(epoch);
            bytes.extend_from_slice(&part.unaligned_records);
            let is_over = part.unaligned_records.is_empty();
            if is_over || SNAPSHOT_MAX_BYTES < part.size || part.size < bytes.len() as i64 {
                tracing::error!(%leader, "the leader's snapshot has {} bytes: it is not taken", part.size);
                return None;
            }
            if part.size == bytes.len() as i64 {
                return Some(bytes.freeze());
            }
        }
    }

    /// Lets the log begin behind a snapshot, and then goes by what that says.
    async fn install(
        self: &Arc<Self>,
        epoch: LeaderEpoch,
        bytes: &Bytes,
        newest: Newest,
        is_current: impl Fn() -> bool,
    ) -> bool {
        let _turn = self.snapshots.turn.lock().await;
        let Newest { id, image, members, last } = newest;
        let size = bytes.len() as u64;
        if let Err(why) = self.check_cluster(&image) {
            tracing::error!("{why}");
            return false;
        }
        if id.offset <= self.replayed().0 {
            return false;
        }
        if let Err(e) = replace_file(&self.disk, &path(id), bytes.clone()).await {
            tracing::error!("writing the leader's snapshot failed: {e}");
            return false;
        }
        // From here on the next start takes it, if the log has begun behind it by then.
        if !is_current() || self.partition.cut_to(epoch, id.offset, true).await.is_err() {
            return false;
        }
        self.members.voters.lock().expect(NO_PANIC).restart(members);
        self.snapshots.keep(Kept { id, bytes: size, last });
        self.replace_image(id.offset, image, last);
        self.env.trace(format_args!("installed metadata snapshot {}", snapshot::file_name(id)));
        tracing::info!(end = %id.offset, "the metadata log begins anew behind the leader's snapshot");
        self.drop_snapshots();
        self.is_installed.store(true, Ordering::SeqCst);
        self.committed.notify_one();
        self.wake.notify_one();
        true
    }
}
