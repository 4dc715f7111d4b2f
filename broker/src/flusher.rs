//! One flusher per log directory: syncs what waits, all of it in one round, without a timer; and writes
//! the directory's checkpoints.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ottla_core::{
    env::{Disk, Env, disk::replace_file, until},
    limits::CHECKPOINT_EVERY_BYTES,
    log::{
        SyncSet,
        checkpoint::{self, Offsets},
    },
};
use tokio::sync::Notify;

use crate::{
    backlog::{Backlog, Mark},
    partition::Partition,
    sync_state::SyncState,
};

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
    /// One checkpoint at a time: two would replace one file.
    turn: tokio::sync::Mutex<()>,
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
        })
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

    /// What was recovered is durable: the page cache can be believed from now on.
    pub(crate) async fn believe_cache(&self) -> std::io::Result<()> {
        self.sync_state.believe().await
    }

    /// Syncs for as long as the node lives.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            let round = self.dirty.take();
            if round.is_empty() {
                self.wake.notified().await;
                continue;
            }
            let sets: Vec<_> = round.iter().map(|p| p.sync_set()).collect();
            self.sync(&round, sets).await;
        }
    }

    /// Syncs the sets of partitions in one round and tells each; a failed sync is final for all of them.
    async fn sync(&self, partitions: &[Arc<Partition<E>>], sets: Vec<Option<SyncSet<E::Disk>>>) -> bool {
        let found = || sets.iter().flatten();
        let files: Vec<_> = found().flat_map(|s| s.files.iter().cloned()).collect();
        let mut dirs: Vec<&str> = found().flat_map(|s| s.dirs.iter().map(String::as_str)).collect();
        dirs.sort_unstable();
        dirs.dedup();
        let result = self.disk.sync(&files, &dirs).await;
        if result.is_err() {
            self.sync_state.doubt().await;
        }
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
    /// written. `all` gives the partitions of the directory.
    pub(crate) async fn run_checkpoints(
        self: Arc<Self>,
        interval: Duration,
        all: impl Fn() -> Vec<Arc<Partition<E>>>,
    ) {
        loop {
            self.wake_checkpoint.notified().await;
            until(self.env.sleep(interval), async {
                while self.synced_bytes.load(Ordering::Relaxed) < CHECKPOINT_EVERY_BYTES {
                    self.wake_checkpoint.notified().await;
                }
            })
            .await;
            self.checkpoint(&all()).await;
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
    pub(crate) async fn checkpoint(&self, all: &[Arc<Partition<E>>]) {
        let _turn = self.turn.lock().await;
        self.synced_bytes.store(0, Ordering::Relaxed);
        let touched = self.touched.take();
        let sets: Vec<_> = touched.iter().map(|p| p.checkpoint_set()).collect();
        if !self.sync(&touched, sets).await {
            return;
        }
        if self.write_checkpoint(all, checkpoint::RECOVERY_POINT_FILE, |p| p.checkpoint_offsets().0).await {
            touched.iter().for_each(|p| p.drop_snapshots());
        }
    }

    /// Writes the log start offsets down; says whether they are durable.
    pub(crate) async fn checkpoint_starts(&self, all: &[Arc<Partition<E>>]) -> bool {
        let _turn = self.turn.lock().await;
        self.write_checkpoint(all, checkpoint::LOG_START_FILE, |p| p.checkpoint_offsets().1).await
    }

    async fn write_checkpoint(
        &self,
        all: &[Arc<Partition<E>>],
        file: &str,
        offset: impl Fn(&Partition<E>) -> ottla_core::types::Offset,
    ) -> bool {
        let key = |p: &Partition<E>| (p.topic.to_string(), p.index);
        let offsets: Offsets = all.iter().map(|p| (key(p), offset(p))).filter(|(_, o)| 0 < o.0).collect();
        let written = replace_file(&self.disk, file, checkpoint::print(&offsets).into()).await;
        if let Err(e) = &written {
            tracing::error!("writing {file} failed: {e}");
        }
        written.is_ok()
    }
}
