//! A disk that crashes as real ones do.
//!
//! Each file has two images: what the page cache shows, and what the medium has. A write changes the first,
//! a sync copies the sectors that changed to the second. A process crash keeps the first. Power loss keeps
//! the second, plus a drawn choice of what was not synced: each sector of 512 bytes, the length, and each
//! directory entry survives or not on its own. A failed sync forgets which sectors had changed, so that no
//! later sync writes them (what Linux does since 4.13); names that it should have made durable wait for the next
//! sync, because ext4 and xfs keep them in a journal and shut down if that cannot be written.
//!
//! What this model calls legal is a superset of what ext4 and xfs do; renames are atomic, as both promise.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use ottla_core::env::{Disk, File, OpenMode, Region, disk::parent};

pub use crate::image::DiskFaults;
use crate::{
    env::SimEnv,
    image::{DiskState, Entry, Inode, NameChange, PendingWrite, SECTOR},
    timers::SimSleep,
    trace::hash,
    world::{Counts, Life, State, World},
};

/// A node's handle of one of its disks.
#[derive(Clone)]
pub struct SimDisk {
    env_world: World,
    life: Arc<Life>,
    key: Arc<str>,
}

/// An open file of a simulated disk.
#[derive(Clone)]
pub struct SimFile {
    disk: SimDisk,
    inode: u64,
}

/// A range of a simulated file.
#[derive(Clone)]
pub struct SimRegion {
    pub(crate) file: SimFile,
    pub(crate) at: u64,
    pub(crate) len: u64,
}

/// A write or sync that takes simulated time.
pub struct SimTicket {
    disk: SimDisk,
    sleep: SimSleep,
    what: What,
}

enum What {
    Write(u64),
    Sync { fails: bool },
    Failed(Option<io::Error>),
}

impl SimDisk {
    pub(crate) fn open(env: &SimEnv, dir: &str) -> SimDisk {
        let key: Arc<str> = format!("{}:{dir}", env.life.node).into();
        let disk = SimDisk { env_world: env.world.clone(), life: env.life.clone(), key };
        let mut state = env.world.state();
        let draws = state.draws;
        let entity = hash(disk.key.as_bytes());
        state.disks.entry(disk.key.to_string()).or_insert_with(|| DiskState::new(draws, entity));
        drop(state);
        disk
    }

    /// Works on the disk, if the node lives.
    fn with<T>(&self, work: impl FnOnce(&mut DiskState, &mut Counts, u64) -> io::Result<T>) -> io::Result<T> {
        self.life.check()?;
        let now = self.env_world.now_ns();
        let mut state = self.env_world.state();
        let State { disks, counts, .. } = &mut *state;
        let disk = disks.get_mut(&*self.key).expect("it was opened");
        disk.settle(now, 0);
        disk.settle_syncs(now);
        work(disk, counts, now)
    }

    fn ticket(&self, at_ns: u64, what: What) -> SimTicket {
        SimTicket { disk: self.clone(), sleep: SimSleep::until(&self.env_world, at_ns), what }
    }

    fn trace(&self, event: std::fmt::Arguments<'_>) {
        self.env_world.trace(&self.life.node, event);
    }
}

fn not_found(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{path} does not exist"))
}

fn failing(what: &str) -> io::Error {
    io::Error::other(format!("simulated input/output error while {what}"))
}

impl Future for SimTicket {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if let What::Failed(e) = &mut this.what {
            return Poll::Ready(Err(e.take().unwrap_or_else(|| failing("polled again"))));
        }
        if Pin::new(&mut this.sleep).poll(cx).is_pending() {
            return Poll::Pending;
        }
        let result = match this.what {
            What::Write(number) => this.disk.with(|disk, _, _| {
                disk.settle(0, number);
                Ok(())
            }),
            What::Sync { fails } => this.disk.with(|_, counts, _| {
                counts.failed_syncs += u64::from(fails);
                if fails { Err(failing("syncing")) } else { Ok(()) }
            }),
            What::Failed(_) => unreachable!("it was answered above"),
        };
        Poll::Ready(result)
    }
}

impl Region for SimRegion {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self) -> io::Result<Bytes> {
        let mut bytes = vec![0; self.len as usize];
        if self.file.read_at(self.at, &mut bytes)? < bytes.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes.into())
    }
}

impl File for SimFile {
    type Region = SimRegion;

    fn len(&self) -> io::Result<u64> {
        self.disk.with(|disk, _, _| Ok(disk.inodes.get(&self.inode).map_or(0, |i| i.cached.len() as u64)))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.with(|disk, _, _| {
            disk.settle(0, disk.next_number);
            if let Some(inode) = disk.inodes.get_mut(&self.inode) {
                inode.set_len(len as usize);
            }
            Ok(())
        })
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.disk.with(|disk, counts, _| {
            if disk.draws.chance(disk.faults.read_fails) {
                counts.failed_operations += 1;
                return Err(failing("reading"));
            }
            let Some(inode) = disk.inodes.get(&self.inode) else { return Ok(0) };
            let from = inode.cached.get(at as usize..).unwrap_or_default();
            let count = from.len().min(buf.len());
            buf[..count].copy_from_slice(&from[..count]);
            Ok(count)
        })
    }

    fn region(&self, at: u64, len: u64) -> SimRegion {
        SimRegion { file: self.clone(), at, len }
    }

    fn forget_clean(&self) {
        let forgotten = self.disk.with(|disk, _, _| {
            let Some(inode) = disk.inodes.get_mut(&self.inode) else { return Ok(()) };
            let mut fresh = inode.durable.clone();
            fresh.resize(if inode.len_dirty { inode.cached.len() } else { inode.durable.len() }, 0);
            for sector in &inode.dirty {
                let bytes = Inode::sector(&inode.cached, *sector);
                let start = (sector * SECTOR).min(fresh.len());
                let end = (start + bytes.len()).min(fresh.len());
                fresh[start..end].copy_from_slice(&bytes[..end - start]);
            }
            inode.cached = fresh;
            Ok(())
        });
        // A node that is down reads nothing any more.
        drop(forgotten);
    }
}

impl Disk for SimDisk {
    type Region = SimRegion;
    type File = SimFile;
    type Ticket = SimTicket;

    fn lock(&self, _path: &str) -> io::Result<()> {
        self.with(|disk, _, _| {
            if disk.locked_by.is_some_and(|by| by != self.life.incarnation) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            disk.locked_by = Some(self.life.incarnation);
            Ok(())
        })
    }

    fn open(&self, path: &str, mode: OpenMode) -> io::Result<SimFile> {
        let inode = self.with(|disk, _, _| {
            let found = match disk.names.get(path) {
                Some(Entry::File(id)) => Some(*id),
                Some(Entry::Dir) => return Err(io::Error::other(format!("{path} is a directory"))),
                None => None,
            };
            match (found, mode) {
                (Some(id), OpenMode::Existing | OpenMode::Create) => return Ok(id),
                (Some(id), OpenMode::Truncate) => {
                    disk.settle(0, disk.next_number);
                    disk.inodes.get_mut(&id).expect("it is named").set_len(0);
                    return Ok(id);
                }
                (None, OpenMode::Existing) => return Err(not_found(path)),
                (None, OpenMode::Create | OpenMode::Truncate) => {}
            }
            if !parent(path).is_empty() && disk.names.get(parent(path)) != Some(&Entry::Dir) {
                return Err(not_found(path));
            }
            let id = disk.next_inode;
            disk.next_inode += 1;
            disk.inodes.insert(id, Inode::default());
            disk.change(NameChange::Set(path.to_owned(), Some(Entry::File(id))));
            Ok(id)
        })?;
        Ok(SimFile { disk: self.clone(), inode })
    }

    fn create_dir(&self, path: &str) -> io::Result<()> {
        self.with(|disk, _, _| {
            if !disk.names.contains_key(path) {
                disk.change(NameChange::Set(path.to_owned(), Some(Entry::Dir)));
            }
            Ok(())
        })
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.with(|disk, _, _| {
            if !path.is_empty() && disk.names.get(path) != Some(&Entry::Dir) {
                return Err(not_found(path));
            }
            let inside = disk.names.keys().filter(|p| parent(p) == path);
            Ok(inside.map(|p| p.rsplit('/').next().unwrap_or(p).to_owned()).collect())
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.trace(format_args!("rename {from} {to}"));
        self.with(|disk, _, _| {
            if !disk.names.contains_key(from) {
                return Err(not_found(from));
            }
            disk.change(NameChange::Rename(from.to_owned(), to.to_owned()));
            Ok(())
        })
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.with(|disk, _, _| {
            if !disk.names.contains_key(path) {
                return Err(not_found(path));
            }
            disk.change(NameChange::Set(path.to_owned(), None));
            Ok(())
        })
    }

    fn submit(&self, file: &SimFile, at: u64, slices: &mut Vec<Bytes>) -> SimTicket {
        let mut bytes = Vec::with_capacity(slices.iter().map(Bytes::len).sum());
        slices.drain(..).for_each(|slice| bytes.extend_from_slice(&slice));
        self.trace(format_args!(
            "write inode={} at={at} len={} hash={:016x}",
            file.inode,
            bytes.len(),
            hash(&bytes)
        ));
        let submitted = self.with(|disk, counts, now| {
            if disk.draws.chance(disk.faults.write_fails) {
                counts.failed_operations += 1;
                return Err(failing("writing"));
            }
            let capacity = disk.faults.capacity_bytes;
            if capacity != u64::MAX && capacity < disk.used_bytes() + bytes.len() as u64 {
                return Err(io::Error::new(
                    io::ErrorKind::StorageFull,
                    "no space left on the simulated disk",
                ));
            }
            let delayed = disk.draws.chance(disk.faults.write_delayed);
            let due_ns = if delayed { now + disk.draws.range(1_000, 3_000_000) } else { now };
            // Writes complete in the order in which they were submitted.
            let due_ns = due_ns.max(disk.last_due_ns);
            disk.last_due_ns = due_ns;
            let number = disk.next_number;
            disk.next_number += 1;
            disk.writes.push_back(PendingWrite { number, inode: file.inode, at: at as usize, bytes, due_ns });
            disk.settle(now, 0);
            Ok((due_ns, number))
        });
        match submitted {
            Ok((due_ns, number)) => self.ticket(due_ns, What::Write(number)),
            Err(e) => self.ticket(0, What::Failed(Some(e))),
        }
    }

    fn sync(&self, files: &[SimFile], dirs: &[&str]) -> SimTicket {
        let inodes: Vec<u64> = files.iter().map(|f| f.inode).collect();
        self.trace(format_args!("sync inodes={inodes:?} dirs={dirs:?}"));
        let begun = self.with(|disk, _, now| {
            if disk.draws.chance(disk.faults.sync_fails) {
                disk.failed_for = Some(self.life.incarnation);
            }
            let fails = disk.failed_for == Some(self.life.incarnation);
            let mut took_us = disk.draws.range(50, disk.faults.sync_max_us.max(51));
            if disk.draws.chance(disk.faults.sync_hangs) {
                took_us *= 100;
            }
            disk.last_sync_ns = disk.last_sync_ns.max(now + took_us * 1_000);
            disk.begin_sync(&inodes, dirs, disk.last_sync_ns, fails);
            Ok((disk.last_sync_ns, fails))
        });
        match begun {
            Ok((due_ns, fails)) => self.ticket(due_ns, What::Sync { fails }),
            Err(e) => self.ticket(0, What::Failed(Some(e))),
        }
    }
}
