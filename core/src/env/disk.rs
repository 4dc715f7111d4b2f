//! Disks: what they promise, and how they are asked.
//!
//! # The durability contract
//! - A *process crash* keeps every completed write and every change of a directory.
//! - *Power loss* keeps what [`Disk::sync`] confirmed: the contents and length of the files it was given,
//!   and the entries of the directories it was given. Anything else may be there, be absent, or be torn
//!   at a sector. Names and contents are separate: a synced file in a directory that was never synced may
//!   be gone.
//! - A write is ordered by the call of [`Disk::submit`], and may complete later. Reads stop at completed
//!   writes. A sync covers the writes that were submitted before it was called, and fails if one of them
//!   failed.
//! - A failed sync is final for the disk: the pages may have been dropped and marked clean, so a second
//!   sync that succeeds would prove nothing. Every later sync of the process fails too.
//! - Syncs are done in the order of their calls.
//!
//! Calls that change names, and reads, are plain calls: they work on the kernel's cache. Only what waits
//! for the medium, or may be made to wait by it, returns a ticket.

use std::{future::Future, io};

use bytes::Bytes;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// It must exist.
    Existing,
    /// It is made if it does not exist.
    Create,
    /// It is made, or emptied.
    Truncate,
}

/// A range of a file, kept readable even if the file is removed.
pub trait Region: Clone + Send + Sync + 'static {
    /// Its length in bytes.
    fn len(&self) -> u64;

    /// Whether it holds nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its bytes, copied.
    ///
    /// # Errors
    /// The disk cannot read them.
    fn read(&self) -> io::Result<Bytes>;
}

/// An open file.
pub trait File: Clone + Send + Sync + 'static {
    /// What the network sends of it.
    type Region: Region;

    /// Its length in bytes.
    ///
    /// # Errors
    /// The disk cannot tell.
    fn len(&self) -> io::Result<u64>;

    /// Whether it holds nothing.
    ///
    /// # Errors
    /// The disk cannot tell.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Cuts it, or extends it with zeros.
    ///
    /// # Errors
    /// The disk refuses.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Fills `buf` from position `at`; returns fewer bytes only at the end of the file.
    ///
    /// # Errors
    /// The disk cannot read.
    fn read_at(&self, at: u64, buf: &mut [u8]) -> io::Result<usize>;

    /// A range of it.
    fn region(&self, at: u64, len: u64) -> Self::Region;

    /// Makes reads go to the medium, but for what still waits to be written to it. After a failed sync the
    /// cache may show bytes that the medium never got and that no later sync will write.
    fn forget_clean(&self);
}

/// A directory of files; paths are relative to it and use `/`.
pub trait Disk: Clone + Send + Sync + 'static {
    /// A range of a file.
    type Region: Region;
    /// An open file.
    type File: File<Region = Self::Region>;
    /// Resolves when a write is complete, or a sync durable.
    type Ticket: Future<Output = io::Result<()>> + Send + Unpin + 'static;

    /// Makes sure that only one process uses the directory, until that process ends.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if another holds it.
    fn lock(&self, path: &str) -> io::Result<()>;

    /// Opens a file.
    ///
    /// # Errors
    /// It does not exist, or the disk refuses.
    fn open(&self, path: &str, mode: OpenMode) -> io::Result<Self::File>;

    /// Makes a directory; one that exists is fine.
    ///
    /// # Errors
    /// The disk refuses.
    fn create_dir(&self, path: &str) -> io::Result<()>;

    /// Names in a directory, sorted; `""` is the disk's own.
    ///
    /// # Errors
    /// It does not exist, or the disk refuses.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;

    /// Gives a file or directory another name, replacing a file of that name.
    ///
    /// # Errors
    /// It does not exist, or the disk refuses.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file, or a directory with all that it holds.
    ///
    /// # Errors
    /// It does not exist, or the disk refuses.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Writes `slices` one after the other from position `at`, and leaves the list empty.
    ///
    /// The order of calls is the order of writes. The ticket resolves when readers see the bytes.
    fn submit(&self, file: &Self::File, at: u64, slices: &mut Vec<Bytes>) -> Self::Ticket;

    /// Makes durable what was submitted to `files` before this call, and the entries of `dirs`.
    fn sync(&self, files: &[Self::File], dirs: &[&str]) -> Self::Ticket;
}

/// Reads a whole file; `None` if it does not exist.
///
/// # Errors
/// The disk cannot read it.
pub fn read_file<D: Disk>(disk: &D, path: &str) -> io::Result<Option<Vec<u8>>> {
    let file = match disk.open(path, OpenMode::Existing) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut contents = vec![0; file.len()? as usize];
    let read = file.read_at(0, &mut contents)?;
    contents.truncate(read);
    Ok(Some(contents))
}

/// Replaces a file so that, whatever happens, either its old or its new contents are found: writes beside
/// it, syncs, renames, syncs the directory (rename(2) is atomic, and durable once the directory is).
///
/// # Errors
/// The disk refuses a step.
pub async fn replace_file<D: Disk>(disk: &D, path: &str, contents: Bytes) -> io::Result<()> {
    let beside = format!("{path}.tmp");
    let file = disk.open(&beside, OpenMode::Truncate)?;
    disk.submit(&file, 0, &mut vec![contents]).await?;
    disk.sync(std::slice::from_ref(&file), &[]).await?;
    disk.rename(&beside, path)?;
    disk.sync(&[], &[parent(path)]).await
}

/// The directory that a path lies in.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}
