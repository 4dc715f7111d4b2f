//! One flusher per log directory: syncs what waits, all of it in one round, without a timer; and writes
//! the directory's checkpoints.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ottla_core::{
    env::{Disk, Env, disk::replace_file, until},
    errors::ErrorCode,
    limits::CHECKPOINT_EVERY_BYTES,
    log::{
        SyncSet,
        checkpoint::{self, Offsets},
        unsynced::{UNSYNCED_FILE, Unsynced},
    },
    planted::is_planted,
    types::{LeaderEpoch, Offset},
};
use tokio::sync::Notify;

use crate::{
    backlog::{Backlog, Mark},
    partition::Partition,
    sync_state::SyncState,
};

/// Gives the partitions of a directory; `None` once its broker is no more.
type Registry<E> = Arc<dyn Fn() -> Option<Vec<Arc<Partition<E>>>> + Send + Sync>;

/// What the directory's checkpoints say: files and their offsets.
pub(crate) type Inherited = std::collections::BTreeMap<&'static str, Offsets>;

/// The flusher of one directory.
pub struct Flusher<E: Env> {
    env: E,
    disk: E::Disk,
    sync_state: SyncState<E::Disk>,
    /// Partitions that wait for a sync.
    dirty: Backlog<Arc<Partition<E>>>,
    /// Partitions that the last checkpoint does not cover.
    touched: Backlog<Arc<Partition<E>>>,
    wake: Notify,
    wake_checkpoint: Notify,
    /// Records synced since the last checkpoint, in bytes.
    synced_bytes: AtomicU64,
    /// One checkpoint or cut at a time: two would replace one file.
    turn: tokio::sync::Mutex<()>,
    registry: Mutex<Option<Registry<E>>>,
    /// What an earlier process wrote of partitions that were not opened yet.
    inherited: Mutex<Inherited>,
    unsynced: tokio::sync::Mutex<Noted>,
}

/// Which partitions acknowledge what no sync has covered.
#[derive(Default)]
struct Noted {
    /// What the file says.
    written: Unsynced,
    /// What an earlier process noted, until the controller knows whom it makes doubtful.
    inherited: Unsynced,
}

/// Lets go what waits, once nobody flushes any more.
struct End<'a, E: Env>(&'a Flusher<E>);

impl<E: Env> Drop for End<'_, E> {
    fn drop(&mut self) {
        drop((self.0.dirty.take(), self.0.touched.take()));
    }
}

impl<E: Env> Flusher<E> {
    /// A flusher for `disk`; it works once [`Flusher::run`] is spawned.
    pub(crate) fn new(env: E, disk: E::Disk, sync_state: SyncState<E::Disk>) -> Arc<Flusher<E>> {
        Arc::new(Flusher {
            env,
            disk,
            sync_state,
            dirty: Backlog::new(),
            touched: Backlog::new(),
            wake: Notify::new(),
            wake_checkpoint: Notify::new(),
            synced_bytes: AtomicU64::new(0),
            turn: tokio::sync::Mutex::new(()),
            registry: Mutex::new(None),
            inherited: Mutex::default(),
            unsynced: tokio::sync::Mutex::default(),
        })
    }

    /// From now on `all` are the partitions of the directory, beside those of which only its checkpoints and its note of
    /// what is unsynced speak.
    pub(crate) fn register(
        &self,
        (inherited, unsynced): (Inherited, Unsynced),
        all: impl Fn() -> Option<Vec<Arc<Partition<E>>>> + Send + Sync + 'static,
    ) {
        *self.inherited.lock().expect(NO_PANIC) = inherited;
        let noted = self.unsynced.try_lock();
        *noted.expect("it does not run yet") = Noted { written: unsynced.clone(), inherited: unsynced };
        *self.registry.lock().expect(NO_PANIC) = Some(Arc::new(all));
    }

    /// All partitions are opened: what earlier checkpoints say of others says nothing.
    pub(crate) fn opened_all(&self) {
        self.inherited.lock().expect(NO_PANIC).clear();
    }

    /// The controller knows which partitions are in doubt: what was noted by earlier processes says nothing more.
    pub(crate) async fn settled_doubts(&self) {
        self.unsynced.lock().await.inherited = Unsynced::default();
    }

    /// Notes, durably, which partitions acknowledge what no sync has covered; from then on they may.
    async fn note_unsynced(&self) {
        let mut noted = self.unsynced.lock().await;
        let Some(all) = self.all() else { return };
        let (mut unsynced, mut others) = (noted.inherited.clone(), Vec::new());
        for partition in all.into_iter().filter(|p| p.is_unsynced()) {
            unsynced.insert((partition.topic_id, partition.index), self.env.boot_id());
            others.push(partition);
        }
        if unsynced != noted.written {
            if let Err(e) = replace_file(&self.disk, UNSYNCED_FILE, unsynced.to_file().into()).await {
                tracing::error!("writing {UNSYNCED_FILE} failed: {e}; everything is synced meanwhile");
                return;
            }
            noted.written = unsynced;
        }
        others.iter().for_each(|partition| partition.noted());
    }

    fn all(&self) -> Option<Vec<Arc<Partition<E>>>> {
        let registry = self.registry.lock().expect(NO_PANIC).clone();
        registry.and_then(|all| all())
    }

    /// Cuts a partition's log at `to`, or begins it anew there, in the steps that `core::log::truncate` names.
    ///
    /// # Errors
    /// The partition does not follow in `epoch`, or the disk fails.
    pub(crate) async fn cut(
        &self,
        partition: &Arc<Partition<E>>,
        epoch: LeaderEpoch,
        to: Offset,
        anew: bool,
    ) -> Result<(), ErrorCode> {
        let _turn = self.turn.lock().await;
        let must_write = partition.begin_cut(epoch, to, anew)?;
        let result = self.cut_begun(partition, (epoch, to, anew), must_write).await;
        partition.end_cut();
        result
    }

    async fn cut_begun(
        &self,
        partition: &Arc<Partition<E>>,
        (epoch, to, anew): (LeaderEpoch, Offset, bool),
        must_write: bool,
    ) -> Result<(), ErrorCode> {
        if must_write {
            let written =
                self.write_checkpoint(checkpoint::RECOVERY_POINT_FILE, |p| p.checkpoint_offsets().0).await
                    && self.write_checkpoint(checkpoint::LOG_START_FILE, |p| p.checkpoint_offsets().1).await;
            if !written {
                partition.fail("the checkpoint before a cut cannot be written");
                return Err(ErrorCode::KafkaStorageError);
            }
        }
        let set = partition.cut(epoch, to, anew, self.env.wall())?;
        let is_synced = self.sync(std::slice::from_ref(partition), vec![Some(set)]).await;
        if is_synced { Ok(()) } else { Err(ErrorCode::KafkaStorageError) }
    }

    /// Queues a partition for the next round, unless its mark says that it waits already.
    pub(crate) fn enqueue(&self, mark: &Mark, partition: &Arc<Partition<E>>) {
        if 0 < self.dirty.enter(mark, || partition.clone()) {
            self.wake.notify_one();
        }
    }

    /// Notes a partition for the next checkpoint, unless its mark says that it is noted already.
    pub(crate) fn touch(&self, mark: &Mark, partition: &Arc<Partition<E>>) {
        if self.touched.enter(mark, || partition.clone()) == 1 {
            self.wake_checkpoint.notify_one();
        }
    }

    /// Syncs what was opened.
    ///
    /// # Errors
    /// The disk fails.
    pub(crate) async fn sync_opened(
        &self,
        files: &[<E::Disk as Disk>::File],
        dirs: &[&str],
    ) -> std::io::Result<()> {
        self.sync_state.sync(files, dirs).await
    }

    /// What was recovered is durable: the page cache can be believed from now on.
    pub(crate) async fn believe_cache(&self) -> std::io::Result<()> {
        self.sync_state.believe().await
    }

    /// Syncs for as long as the node lives.
    pub(crate) async fn run(self: Arc<Self>) {
        // Partitions know their flusher: what waits would keep both, and they it.
        let _end = End(&self);
        loop {
            let round = self.dirty.take();
            if round.is_empty() {
                self.wake.notified().await;
                continue;
            }
            let sets: Vec<_> = round.iter().map(|p| p.sync_set()).collect();
            let is_synced = self.sync(&round, sets).await;
            if is_synced && round.iter().any(|p| p.waits_for_note()) {
                self.note_unsynced().await;
            }
        }
    }

    /// Syncs the sets of partitions in one round and tells each; a failed sync is final for all of them.
    async fn sync(&self, partitions: &[Arc<Partition<E>>], sets: Vec<Option<SyncSet<E::Disk>>>) -> bool {
        let found = || sets.iter().flatten();
        let files: Vec<_> = found().flat_map(|s| s.files.iter().cloned()).collect();
        let mut dirs: Vec<&str> = found().flat_map(|s| s.dirs.iter().map(String::as_str)).collect();
        dirs.sort_unstable();
        dirs.dedup();
        if is_planted("flusher/syncs-no-directories") {
            dirs.clear();
        }
        let mut result = self.sync_state.sync(&files, &dirs).await;
        if is_planted("flusher/believes-failed-syncs") {
            result = Ok(());
        }
        self.env.race("synced, and not told").await;
        for (partition, set) in partitions.iter().zip(&sets) {
            match (&result, set) {
                (Ok(()), Some(set)) => partition.synced(set),
                (Ok(()), None) => {}
                (Err(e), _) => partition.fail(&format!("syncing failed: {e}")),
            }
        }
        if let Err(e) = &result {
            tracing::error!("syncing failed: {e}; {} partitions are offline", partitions.len());
        }
        result.is_ok()
    }

    /// Writes a checkpoint whenever there is something to write and `interval` has passed, or much was
    /// written.
    pub(crate) async fn run_checkpoints(self: Arc<Self>, interval: Duration) {
        loop {
            self.wake_checkpoint.notified().await;
            until(self.env.sleep(interval), async {
                while self.synced_bytes.load(Ordering::Relaxed) < CHECKPOINT_EVERY_BYTES {
                    self.wake_checkpoint.notified().await;
                }
            })
            .await;
            self.checkpoint().await;
        }
    }

    /// Counts bytes that recovery would have to read.
    pub(crate) fn count(&self, bytes: u64) {
        let before = self.synced_bytes.fetch_add(bytes, Ordering::Relaxed);
        if before < CHECKPOINT_EVERY_BYTES && CHECKPOINT_EVERY_BYTES <= before + bytes {
            self.wake_checkpoint.notify_one();
        }
    }

    /// Makes all that was written durable with its indexes, and writes down that recovery may begin there.
    pub(crate) async fn checkpoint(&self) -> bool {
        let _turn = self.turn.lock().await;
        self.synced_bytes.store(0, Ordering::Relaxed);
        let touched = self.touched.take();
        let sets: Vec<_> = touched.iter().map(|p| p.checkpoint_set()).collect();
        if !self.sync(&touched, sets).await {
            return false;
        }
        let is_kept =
            self.write_checkpoint(checkpoint::RECOVERY_POINT_FILE, |p| p.checkpoint_offsets().0).await;
        if is_kept {
            touched.iter().for_each(|p| p.drop_snapshots());
        }
        self.write_checkpoint(checkpoint::HIGH_WATERMARK_FILE, Partition::durable_high_watermark).await;
        self.note_unsynced().await;
        is_kept
    }

    /// Writes the log start offsets down; says whether they are durable.
    pub(crate) async fn checkpoint_starts(&self) -> bool {
        let _turn = self.turn.lock().await;
        self.write_checkpoint(checkpoint::LOG_START_FILE, |p| p.checkpoint_offsets().1).await
    }

    async fn write_checkpoint(&self, file: &'static str, offset: impl Fn(&Partition<E>) -> Offset) -> bool {
        let mut offsets = self.inherited.lock().expect(NO_PANIC).get(file).cloned().unwrap_or_default();
        // Of partitions that nobody knows any more nothing could be said: what stands there stays.
        let Some(all) = self.all() else { return false };
        for partition in all {
            let key = (partition.topic.to_string(), partition.index);
            match offset(&partition) {
                Offset(0) => offsets.remove(&key),
                at => offsets.insert(key, at),
            };
        }
        let written = replace_file(&self.disk, file, checkpoint::print(&offsets).into()).await;
        if let Err(e) = &written {
            tracing::error!("writing {file} failed: {e}");
        }
        written.is_ok()
    }
}

const NO_PANIC: &str = "a panic under a lock ends the process";
