//! Real files. Writes are made where they are called: the page cache takes them in less time than a
//! thread takes to wake. Syncs go to one flusher thread per directory, which merges those that wait.

use std::{
    fs, io,
    os::{
        fd::AsFd,
        unix::fs::{FileExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Poll},
    thread,
};

use bytes::Bytes;
use ottla_core::env::{Disk, File, OpenMode, Region};
use rustix::fs::{FlockOperation, OFlags};
use tokio::sync::oneshot;

use super::descriptors::Reserve;

/// Slices in one system call.
const SLICES_MAX: usize = 64;
/// Threads that sync files of one round side by side.
const SYNC_THREADS: usize = 8;

/// An open file.
#[derive(Clone, Debug)]
pub struct TokioFile(Arc<fs::File>);

/// A range of a file, which stays open with it.
#[derive(Clone, Debug)]
pub struct TokioRegion {
    pub(super) file: Arc<fs::File>,
    pub(super) at: u64,
    pub(super) len: u64,
}

impl Region for TokioRegion {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self) -> io::Result<Bytes> {
        let mut bytes = vec![0; self.len as usize];
        self.file.read_exact_at(&mut bytes, self.at)?;
        Ok(bytes.into())
    }
}

impl File for TokioFile {
    type Region = TokioRegion;

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut read = 0;
        while read < buf.len() {
            match self.0.read_at(&mut buf[read..], at + read as u64) {
                Ok(0) => break,
                Ok(n) => read += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(read)
    }

    fn region(&self, at: u64, len: u64) -> TokioRegion {
        TokioRegion { file: self.0.clone(), at, len }
    }

    fn forget_clean(&self) {
        // Where the file system cannot, the cache is all there is.
        let _ = rustix::fs::fadvise(&self.0, 0, None, rustix::fs::Advice::DontNeed);
    }
}

/// A write that is complete, or a sync that the flusher will answer.
#[derive(Debug)]
pub enum TokioTicket {
    /// It is done; the result is taken once.
    Done(Option<io::Result<()>>),
    /// The flusher has it.
    Waiting(oneshot::Receiver<io::Result<()>>),
}

impl Future for TokioTicket {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            TokioTicket::Done(result) => Poll::Ready(result.take().unwrap_or(Ok(()))),
            TokioTicket::Waiting(answer) => {
                let gone = |_| Err(io::Error::other("the flusher has stopped"));
                Pin::new(answer).poll(cx).map(|result| result.unwrap_or_else(gone))
            }
        }
    }
}

struct SyncRequest {
    files: Vec<Arc<fs::File>>,
    dirs: Vec<PathBuf>,
    answer: oneshot::Sender<io::Result<()>>,
}

/// A directory with its flusher.
#[derive(Clone, Debug)]
pub struct TokioDisk {
    root: Arc<Path>,
    flusher: mpsc::Sender<SyncRequest>,
    /// Files whose lock ends with the process.
    locks: Arc<Mutex<Vec<fs::File>>>,
    reserve: Reserve,
}

impl TokioDisk {
    /// Opens `dir`, making it if it does not exist.
    ///
    /// # Errors
    /// It can be neither found nor made.
    pub(super) fn open(dir: &str, reserve: Reserve) -> io::Result<TokioDisk> {
        fs::create_dir_all(dir)?;
        let root: Arc<Path> = fs::canonicalize(dir)?.into();
        let (flusher, requests) = mpsc::channel();
        let kept = reserve.clone();
        thread::Builder::new().name("ottla-flusher".into()).spawn(move || flush(&requests, &kept))?;
        Ok(TokioDisk { root, flusher, locks: Arc::default(), reserve })
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// The flusher: takes all requests that wait, syncs their files once, answers them all.
fn flush(requests: &mpsc::Receiver<SyncRequest>, reserve: &Reserve) {
    // The kernel reports a lost page once, and then calls it clean: after a failure no sync proves anything.
    let mut failed: Option<io::Error> = None;
    while let Ok(first) = requests.recv() {
        let mut round = vec![first];
        round.extend(requests.try_iter());
        let mut files: Vec<Arc<fs::File>> = Vec::new();
        let mut dirs: Vec<PathBuf> = Vec::new();
        for request in &mut round {
            files.append(&mut request.files);
            dirs.append(&mut request.dirs);
        }
        files.sort_by_key(|file| Arc::as_ptr(file).addr());
        files.dedup_by(|a, b| Arc::ptr_eq(a, b));
        dirs.sort();
        dirs.dedup();
        if failed.is_none() {
            failed = sync_all(&files, &dirs, reserve).err();
        }
        for request in round {
            let copy = failed.as_ref().map_or(Ok(()), |e| Err(io::Error::new(e.kind(), e.to_string())));
            // Nobody waits any more: then nobody counts on it.
            let _ = request.answer.send(copy);
        }
    }
}

/// Syncs files and directories: a few threads take one after the other, so that a slow one holds up no other.
fn sync_all(files: &[Arc<fs::File>], dirs: &[PathBuf], reserve: &Reserve) -> io::Result<()> {
    let count = files.len() + dirs.len();
    let next = AtomicUsize::new(0);
    let take = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match files.get(at) {
                Some(file) => file.sync_data()?,
                None if at < count => reserve.open(|| fs::File::open(&dirs[at - files.len()]))?.sync_all()?,
                None => return Ok(()),
            }
        }
    };
    if count <= 2 {
        return take();
    }
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count.min(SYNC_THREADS)).map(|_| scope.spawn(take)).collect();
        threads.into_iter().try_for_each(|t| t.join().expect("a sync does not panic"))
    })
}

impl Disk for TokioDisk {
    type Region = TokioRegion;
    type File = TokioFile;
    type Ticket = TokioTicket;

    fn lock(&self, path: &str) -> io::Result<()> {
        let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(self.path(path))?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        self.locks.lock().expect("no thread panics with the lock").push(file);
        Ok(())
    }

    fn open(&self, path: &str, mode: OpenMode) -> io::Result<TokioFile> {
        let mut options = fs::OpenOptions::new();
        options
            .read(true)
            .write(true)
            .create(mode != OpenMode::Existing)
            .truncate(mode == OpenMode::Truncate);
        // A link in a log directory is none of ours.
        options.custom_flags(OFlags::NOFOLLOW.bits() as i32);
        let path = self.path(path);
        self.reserve.open(|| options.open(&path)).map(|file| TokioFile(Arc::new(file)))
    }

    fn create_dir(&self, path: &str) -> io::Result<()> {
        match fs::create_dir(self.path(path)) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
            _ => Ok(()),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.path(path))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let path = self.path(path);
        if fs::symlink_metadata(&path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
    }

    fn submit(&self, file: &TokioFile, at: u64, slices: &mut Vec<Bytes>) -> TokioTicket {
        let result = write_all(&file.0, at, slices);
        slices.clear();
        TokioTicket::Done(Some(result))
    }

    fn sync(&self, files: &[TokioFile], dirs: &[&str]) -> TokioTicket {
        let (answer, waiting) = oneshot::channel();
        let files = files.iter().map(|f| f.0.clone()).collect();
        let dirs = dirs.iter().map(|dir| self.path(dir)).collect();
        match self.flusher.send(SyncRequest { files, dirs, answer }) {
            Ok(()) => TokioTicket::Waiting(waiting),
            Err(_) => TokioTicket::Done(Some(Err(io::Error::other("the flusher has stopped")))),
        }
    }
}

fn write_all(file: &fs::File, mut at: u64, slices: &[Bytes]) -> io::Result<()> {
    for part in slices.chunks(SLICES_MAX) {
        let mut buffers = [io::IoSlice::new(&[]); SLICES_MAX];
        for (buffer, slice) in buffers.iter_mut().zip(part) {
            *buffer = io::IoSlice::new(slice);
        }
        let mut rest = &mut buffers[..part.len()];
        while !rest.is_empty() {
            match rustix::io::pwritev(file.as_fd(), rest, at) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    at += written as u64;
                    io::IoSlice::advance_slices(&mut rest, written);
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
    Ok(())
}
