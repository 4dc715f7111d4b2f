//! A disk that crashes as real ones do.
//!
//! Each file has two images: what the page cache shows, and what the medium has. A write changes the first,
//! a sync copies the sectors that changed to the second. A process crash keeps the first. Power loss keeps
//! the second, plus a drawn choice of what was not synced: each sector of 512 bytes, the length, and each
//! directory entry survives or not on its own. A failed sync forgets which sectors had changed, so that no
//! later sync writes them (what Linux does since 4.13).
//!
//! What this model calls legal is a superset of what ext4 and xfs do; renames are atomic, as both promise.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use ottla_core::env::{Disk, File, OpenMode, Region, disk::parent};

use crate::{
    draw::{Draws, Stream},
    env::{SimEnv, SimSleep, alive},
    trace::fnv,
    world::{Counts, Crash, State, World},
};

const SECTOR: usize = 512;

/// How a disk fails; chances are in a million operations.
#[derive(Clone, Copy, Debug)]
pub struct DiskFaults {
    /// A sync fails.
    pub sync_fails: u64,
    /// A write fails.
    pub write_fails: u64,
    /// A read fails.
    pub read_fails: u64,
    /// A write stays in flight for a while.
    pub write_delayed: u64,
    /// Longest sync, in microseconds.
    pub sync_max_us: u64,
    /// A sync takes a hundred times as long.
    pub sync_hangs: u64,
    /// Bytes that it can hold.
    pub capacity_bytes: u64,
}

impl Default for DiskFaults {
    fn default() -> Self {
        DiskFaults {
            sync_fails: 0,
            write_fails: 0,
            read_fails: 0,
            write_delayed: 200_000,
            sync_max_us: 2_000,
            sync_hangs: 1_000,
            capacity_bytes: u64::MAX,
        }
    }
}

#[derive(Debug, Default)]
struct Inode {
    cached: Vec<u8>,
    durable: Vec<u8>,
    /// Sectors that the medium lacks and a sync would write.
    dirty: BTreeSet<usize>,
    len_dirty: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Dir,
    File(u64),
}

/// A change of names that no sync has covered.
#[derive(Clone, Debug)]
enum NameChange {
    Set(String, Option<Entry>),
    Rename(String, String),
}

struct PendingWrite {
    number: u64,
    inode: u64,
    at: usize,
    bytes: Vec<u8>,
    due_ns: u64,
}

struct PendingSync {
    number: u64,
    /// Sectors and lengths as they were when it was called.
    sectors: Vec<(u64, usize, Vec<u8>)>,
    lengths: Vec<(u64, usize)>,
    dirs: Vec<String>,
    names: Vec<NameChange>,
}

/// One disk with both images.
pub(crate) struct DiskState {
    pub(crate) faults: DiskFaults,
    inodes: BTreeMap<u64, Inode>,
    next_inode: u64,
    names: BTreeMap<String, Entry>,
    durable_names: BTreeMap<String, Entry>,
    changes: Vec<NameChange>,
    writes: VecDeque<PendingWrite>,
    syncs: Vec<PendingSync>,
    next_number: u64,
    last_due_ns: u64,
    locked_by: Option<u64>,
    /// When the last sync will be done: syncs are done in the order of their calls, as a journal commits.
    last_sync_ns: u64,
    /// The incarnation that had a failed sync: all its later ones fail too.
    failed_for: Option<u64>,
    draws: Stream,
    crash_draws: Stream,
}

fn apply_change(names: &mut BTreeMap<String, Entry>, change: &NameChange) {
    match change {
        NameChange::Set(path, Some(entry)) => {
            names.insert(path.clone(), entry.clone());
        }
        NameChange::Set(path, None) => {
            let inside = format!("{path}/");
            names.retain(|p, _| p != path && !p.starts_with(&inside));
        }
        NameChange::Rename(from, to) => {
            let inside = format!("{from}/");
            let moved: Vec<String> =
                names.keys().filter(|p| *p == from || p.starts_with(&inside)).cloned().collect();
            for path in moved {
                let entry = names.remove(&path).expect("it was listed");
                names.insert(format!("{to}{}", &path[from.len()..]), entry);
            }
        }
    }
}

fn change_dir(change: &NameChange) -> &str {
    match change {
        NameChange::Set(path, _) | NameChange::Rename(_, path) => parent(path),
    }
}

impl Inode {
    fn write(&mut self, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if self.cached.len() < end {
            self.cached.resize(end, 0);
            self.len_dirty = true;
        }
        self.cached[at..end].copy_from_slice(bytes);
        self.dirty.extend(at / SECTOR..end.div_ceil(SECTOR));
    }

    fn set_len(&mut self, len: usize) {
        let old = self.cached.len();
        self.cached.resize(len, 0);
        self.len_dirty = true;
        // A shorter file's last sector changes with its length; a longer one's new sectors are zeros.
        self.dirty.extend(len.min(old) / SECTOR..len.max(old).div_ceil(SECTOR));
    }

    fn sector(image: &[u8], sector: usize) -> Vec<u8> {
        let start = (sector * SECTOR).min(image.len());
        image[start..(start + SECTOR).min(image.len())].to_vec()
    }

    /// Puts a sector into the medium's image; the length is a matter of its own.
    fn put_durable(&mut self, sector: usize, bytes: &[u8]) {
        let (start, end) = (sector * SECTOR, sector * SECTOR + bytes.len());
        if self.durable.len() < end {
            self.durable.resize(end, 0);
        }
        self.durable[start..end].copy_from_slice(bytes);
    }
}

impl DiskState {
    fn new(draws: Draws, entity: u64) -> DiskState {
        DiskState {
            faults: DiskFaults::default(),
            inodes: BTreeMap::new(),
            next_inode: 1,
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            changes: Vec::new(),
            writes: VecDeque::new(),
            syncs: Vec::new(),
            next_number: 1,
            last_due_ns: 0,
            locked_by: None,
            last_sync_ns: 0,
            failed_for: None,
            draws: draws.stream("disk", entity),
            crash_draws: draws.stream("disk crash", entity),
        }
    }

    /// The files and their sizes, as the cache shows them.
    pub(crate) fn files(&self) -> Vec<(String, u64)> {
        let size = |id: &u64| self.inodes[id].cached.len() as u64;
        self.names
            .iter()
            .filter_map(|(p, e)| if let Entry::File(id) = e { Some((p.clone(), size(id))) } else { None })
            .collect()
    }

    /// A hash of names and contents, for the trace.
    pub(crate) fn digest(&self) -> String {
        let mut all = String::new();
        for (path, entry) in &self.names {
            let hash = if let Entry::File(id) = entry { fnv(&self.inodes[id].cached) } else { 0 };
            all.push_str(&format!("{path}={hash:x};"));
        }
        format!("files={} hash={:016x}", self.names.len(), fnv(all.as_bytes()))
    }

    pub(crate) fn corrupt(&mut self, path: &str, at: u64) -> bool {
        let Some(Entry::File(id)) = self.names.get(path) else { return false };
        let inode = self.inodes.get_mut(id).expect("it is named");
        let mut found = false;
        for image in [&mut inode.cached, &mut inode.durable] {
            if let Some(byte) = image.get_mut(at as usize) {
                *byte ^= 0x40;
                found = true;
            }
        }
        found
    }

    fn change(&mut self, change: NameChange) {
        apply_change(&mut self.names, &change);
        self.changes.push(change);
    }

    /// Lets writes that are due by `now`, or numbered up to `through`, reach the cache.
    fn settle(&mut self, now_ns: u64, through: u64) {
        while self.writes.front().is_some_and(|w| w.due_ns <= now_ns || w.number <= through) {
            let write = self.writes.pop_front().expect("it is there");
            if let Some(inode) = self.inodes.get_mut(&write.inode) {
                inode.write(write.at, &write.bytes);
            }
        }
    }

    pub(crate) fn crash(&mut self, how: Crash, counts: &mut Counts) {
        (self.locked_by, self.last_sync_ns) = (None, 0);
        // The kernel finishes the first few of the writes in flight.
        let kept = self.crash_draws.below(self.writes.len() as u64 + 1) as usize;
        let through = if kept == 0 { 0 } else { self.writes[kept - 1].number };
        self.settle(0, through);
        self.writes.clear();
        match how {
            Crash::Process => self.abandon_syncs(),
            Crash::Power => self.lose_power(counts),
        }
    }

    /// Syncs that were under way prove nothing: what they would have written is dirty still.
    fn abandon_syncs(&mut self) {
        for sync in std::mem::take(&mut self.syncs) {
            for (id, sector, _) in sync.sectors {
                if let Some(inode) = self.inodes.get_mut(&id) {
                    inode.dirty.insert(sector);
                    inode.len_dirty = true;
                }
            }
            for (id, _) in sync.lengths {
                if let Some(inode) = self.inodes.get_mut(&id) {
                    inode.len_dirty = true;
                }
            }
            let later = std::mem::take(&mut self.changes);
            self.changes = sync.names;
            self.changes.extend(later);
        }
    }

    fn lose_power(&mut self, counts: &mut Counts) {
        // What syncs under way had written so far is a matter of chance, as for all that is dirty.
        self.abandon_syncs();
        // Some losses take everything that was not synced, some little, most a part.
        let keep_percent = [0, 0, 50, 50, 50, 90, 100][self.crash_draws.below(7) as usize];
        for inode in self.inodes.values_mut() {
            let (mut kept, mut lost) = (0u64, 0u64);
            for sector in std::mem::take(&mut inode.dirty) {
                if self.crash_draws.below(100) < keep_percent {
                    let bytes = Inode::sector(&inode.cached, sector);
                    inode.put_durable(sector, &bytes);
                    kept += 1;
                } else {
                    lost += 1;
                }
            }
            if std::mem::take(&mut inode.len_dirty) && self.crash_draws.below(100) < keep_percent.max(20) {
                inode.durable.resize(inode.cached.len(), 0);
            } else if 0 < lost && 0 < kept {
                // Without the new length, sectors behind the old end are out of reach.
            }
            if 0 < kept && 0 < lost {
                counts.torn_files += 1;
            }
            inode.cached.clone_from(&inode.durable);
        }
        for change in std::mem::take(&mut self.changes) {
            if self.crash_draws.below(100) < keep_percent.max(30) {
                apply_change(&mut self.durable_names, &change);
            } else {
                counts.lost_entries += 1;
            }
        }
        // A file whose directory is gone is gone.
        let dirs: BTreeSet<String> =
            self.durable_names.iter().filter(|(_, e)| **e == Entry::Dir).map(|(p, _)| p.clone()).collect();
        self.durable_names.retain(|p, _| parent(p).is_empty() || dirs.contains(parent(p)));
        self.names = self.durable_names.clone();
        let used: BTreeSet<u64> = self
            .names
            .values()
            .filter_map(|e| if let Entry::File(id) = e { Some(*id) } else { None })
            .collect();
        self.inodes.retain(|id, _| used.contains(id));
    }

    fn begin_sync(&mut self, inodes: &[u64], dirs: &[&str]) -> u64 {
        self.settle(0, self.next_number);
        let mut sync = PendingSync {
            number: self.next_number,
            sectors: Vec::new(),
            lengths: Vec::new(),
            dirs: dirs.iter().map(|d| (*d).to_owned()).collect(),
            names: Vec::new(),
        };
        self.next_number += 1;
        for id in inodes {
            let Some(inode) = self.inodes.get_mut(id) else { continue };
            for sector in std::mem::take(&mut inode.dirty) {
                sync.sectors.push((*id, sector, Inode::sector(&inode.cached, sector)));
            }
            inode.len_dirty = false;
            sync.lengths.push((*id, inode.cached.len()));
        }
        let (covered, rest) = std::mem::take(&mut self.changes)
            .into_iter()
            .partition(|c| sync.dirs.iter().any(|d| d == change_dir(c)));
        (sync.names, self.changes) = (covered, rest);
        let number = sync.number;
        self.syncs.push(sync);
        number
    }

    fn end_sync(&mut self, number: u64, failed: bool) {
        let Some(at) = self.syncs.iter().position(|s| s.number == number) else { return };
        let sync = self.syncs.remove(at);
        if failed {
            // The pages count as clean, and are not on the medium.
            return;
        }
        for (id, sector, bytes) in sync.sectors {
            if let Some(inode) = self.inodes.get_mut(&id) {
                inode.put_durable(sector, &bytes);
            }
        }
        for (id, len) in sync.lengths {
            if let Some(inode) = self.inodes.get_mut(&id) {
                inode.durable.resize(len, 0);
            }
        }
        for change in &sync.names {
            apply_change(&mut self.durable_names, change);
        }
    }

    fn used_bytes(&self) -> u64 {
        self.inodes.values().map(|i| i.cached.len() as u64).sum()
    }
}

/// A node's handle of one of its disks.
#[derive(Clone)]
pub struct SimDisk {
    env_world: World,
    node: Arc<str>,
    incarnation: u64,
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
    sleep: Pin<Box<SimSleep>>,
    what: What,
}

enum What {
    Write(u64),
    Sync { number: u64, fails: bool },
    Failed(Option<io::Error>),
}

impl SimDisk {
    pub(crate) fn open(env: &SimEnv, dir: &str) -> SimDisk {
        let key: Arc<str> = format!("{}:{dir}", env.name).into();
        let disk = SimDisk {
            env_world: env.world.clone(),
            node: env.name.clone(),
            incarnation: env.incarnation,
            key,
        };
        let mut state = env.world.state();
        let draws = state.draws;
        let entity = fnv(disk.key.as_bytes());
        state.disks.entry(disk.key.to_string()).or_insert_with(|| DiskState::new(draws, entity));
        drop(state);
        disk
    }

    /// Works on the disk, if the node lives.
    fn with<T>(&self, work: impl FnOnce(&mut DiskState, &mut Counts, u64) -> io::Result<T>) -> io::Result<T> {
        alive(&self.env_world, &self.node, self.incarnation)?;
        let now = self.env_world.now_ns();
        let mut state = self.env_world.state();
        let State { disks, counts, .. } = &mut *state;
        let disk = disks.get_mut(&*self.key).expect("it was opened");
        disk.settle(now, 0);
        work(disk, counts, now)
    }

    fn ticket(&self, at_ns: u64, what: What) -> SimTicket {
        SimTicket { disk: self.clone(), sleep: Box::pin(SimSleep::until(&self.env_world, at_ns)), what }
    }

    fn trace(&self, event: std::fmt::Arguments<'_>) {
        self.env_world.trace(&self.node, event);
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
        if this.sleep.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        let result = match this.what {
            What::Write(number) => this.disk.with(|disk, _, _| {
                disk.settle(0, number);
                Ok(())
            }),
            What::Sync { number, fails } => this.disk.with(|disk, counts, _| {
                disk.end_sync(number, fails);
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

    fn preallocate(&self, _at: u64, _len: u64) {}
}

impl Disk for SimDisk {
    type Region = SimRegion;
    type File = SimFile;
    type Ticket = SimTicket;

    fn lock(&self, _path: &str) -> io::Result<()> {
        self.with(|disk, _, _| {
            if disk.locked_by.is_some_and(|by| by != self.incarnation) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            disk.locked_by = Some(self.incarnation);
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
        let bytes: Vec<u8> = slices.drain(..).flat_map(|s| s.to_vec()).collect();
        self.trace(format_args!(
            "write inode={} at={at} len={} hash={:016x}",
            file.inode,
            bytes.len(),
            fnv(&bytes)
        ));
        let submitted = self.with(|disk, counts, now| {
            if disk.draws.chance(disk.faults.write_fails) {
                counts.failed_operations += 1;
                return Err(failing("writing"));
            }
            if disk.faults.capacity_bytes < disk.used_bytes() + bytes.len() as u64 {
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
            let number = disk.begin_sync(&inodes, dirs);
            if disk.draws.chance(disk.faults.sync_fails) {
                disk.failed_for = Some(self.incarnation);
            }
            let fails = disk.failed_for == Some(self.incarnation);
            let mut took_us = disk.draws.range(50, disk.faults.sync_max_us.max(51));
            if disk.draws.chance(disk.faults.sync_hangs) {
                took_us *= 100;
            }
            disk.last_sync_ns = disk.last_sync_ns.max(now + took_us * 1_000);
            Ok((disk.last_sync_ns, number, fails))
        });
        match begun {
            Ok((due_ns, number, fails)) => self.ticket(due_ns, What::Sync { number, fails }),
            Err(e) => self.ticket(0, What::Failed(Some(e))),
        }
    }
}
