//! Descriptors kept back, so that a flood of connections never stops a log from rolling its segment.

use std::{
    fs, io,
    os::fd::OwnedFd,
    sync::{Arc, Mutex, MutexGuard},
};

/// Descriptors that only files may take.
const RESERVED: usize = 64;

/// Open descriptors that stand for ones to come. Files take from them when the process has no other left;
/// connections are accepted only while all of them are there.
#[derive(Clone, Debug)]
pub(super) struct Reserve(Arc<Mutex<Vec<OwnedFd>>>);

/// Whether the process, or the machine, has no descriptor left.
pub(super) fn is_exhausted(e: &io::Error) -> bool {
    [rustix::io::Errno::MFILE, rustix::io::Errno::NFILE]
        .iter()
        .any(|x| e.raw_os_error() == Some(x.raw_os_error()))
}

impl Reserve {
    pub(super) fn new() -> Reserve {
        let reserve = Reserve(Arc::default());
        reserve.is_full();
        reserve
    }

    fn held(&self) -> MutexGuard<'_, Vec<OwnedFd>> {
        self.0.lock().expect("no thread panics with the lock")
    }

    /// Fills the reserve up; says whether it is full.
    pub(super) fn is_full(&self) -> bool {
        let mut held = self.held();
        while held.len() < RESERVED {
            match fs::File::open("/dev/null") {
                Ok(file) => held.push(file.into()),
                Err(_) => return false,
            }
        }
        true
    }

    /// Gives a descriptor up.
    pub(super) fn take(&self) {
        drop(self.held().pop());
    }

    /// Opens a file; gives up descriptors of the reserve for it where the process has no other. One that was given up
    /// may be taken by another thread that opens a file at the same time: then the next one is.
    pub(super) fn open(&self, open: impl Fn() -> io::Result<fs::File>) -> io::Result<fs::File> {
        loop {
            match open() {
                Err(e) if is_exhausted(&e) && self.held().pop().is_none() => return Err(e),
                Err(e) if is_exhausted(&e) => {}
                result => return result,
            }
        }
    }
}
