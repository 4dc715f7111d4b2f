//! Whether the page cache of a log directory can be believed.
//!
//! After a failed sync the kernel may call pages clean that the medium never got. A process that is started
//! on the same kernel would read them, take them for durable, and lose them with the power. So a failed sync
//! is noted in a file, and whoever opens the directory next reads from the medium what it recovers. The note
//! need not be durable: a kernel that is started anew has an empty cache.

use std::io;

use bytes::Bytes;
use ottla_core::env::{Disk, File, OpenMode};

const FILE: &str = ".ottla-sync-state";
const BELIEVED: &[u8] = b"1";
const IN_DOUBT: &[u8] = b"0";
/// A disk whose syncs fail may fail a write as well.
const TRIES: usize = 5;

/// The note of one directory.
pub(crate) struct SyncState<D: Disk> {
    disk: D,
    file: D::File,
}

impl<D: Disk> SyncState<D> {
    /// Opens the note; says whether the cache can be believed. If not, it cannot be again until
    /// [`SyncState::believe`].
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) fn open(disk: &D) -> io::Result<(SyncState<D>, bool)> {
        let file = disk.open(FILE, OpenMode::Create)?;
        let mut found = [0; 1];
        let read = file.read_at(0, &mut found)?;
        // A directory that nobody wrote to yet holds nothing to doubt.
        Ok((SyncState { disk: disk.clone(), file }, read == 0 || found == BELIEVED))
    }

    /// Syncs files and directories, and notes it if that fails.
    ///
    /// # Errors
    /// The disk fails: what was to be synced may be on no medium, though it can be read.
    pub(crate) async fn sync(&self, files: &[D::File], dirs: &[&str]) -> io::Result<()> {
        let result = self.disk.sync(files, dirs).await;
        if result.is_err() {
            self.doubt().await;
        }
        result
    }

    async fn write(&self, note: &'static [u8]) -> io::Result<()> {
        self.disk.submit(&self.file, 0, &mut vec![Bytes::from_static(note)]).await
    }

    /// What was recovered is durable.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) async fn believe(&self) -> io::Result<()> {
        self.write(BELIEVED).await
    }

    async fn doubt(&self) {
        for _ in 0..TRIES {
            match self.write(IN_DOUBT).await {
                Ok(()) => return,
                Err(e) => {
                    tracing::error!("noting a failed sync failed: {e}; restart the machine, not the process")
                }
            }
        }
    }
}
