//! The two images of a simulated disk, and what each kind of crash leaves of them (see [`crate::disk`]).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ottla_core::env::disk::parent;

use crate::{
    draw::{Draws, Stream},
    trace::hash,
    world::{Counts, Crash},
};

pub(crate) const SECTOR: usize = 512;

/// How a disk fails; chances are in a million operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

#[derive(Clone, Debug, Default)]
pub(crate) struct Inode {
    pub(crate) cached: Vec<u8>,
    pub(crate) durable: Vec<u8>,
    /// Sectors that the medium lacks and a sync would write.
    pub(crate) dirty: BTreeSet<usize>,
    pub(crate) len_dirty: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Dir,
    File(u64),
}

/// A change of names that no sync has covered.
#[derive(Clone, Debug)]
pub(crate) enum NameChange {
    Set(String, Option<Entry>),
    Rename(String, String),
}

#[derive(Clone)]
pub(crate) struct PendingWrite {
    pub(crate) number: u64,
    pub(crate) inode: u64,
    pub(crate) at: usize,
    pub(crate) bytes: Vec<u8>,
    pub(crate) due_ns: u64,
}

#[derive(Clone)]
pub(crate) struct PendingSync {
    /// When it is done.
    due_ns: u64,
    fails: bool,
    /// Sectors and lengths as they were when it was called.
    pub(crate) sectors: Vec<(u64, usize, Vec<u8>)>,
    pub(crate) lengths: Vec<(u64, usize)>,
    pub(crate) dirs: Vec<String>,
    pub(crate) names: Vec<NameChange>,
}

/// One disk with both images.
#[derive(Clone)]
pub(crate) struct DiskState {
    pub(crate) faults: DiskFaults,
    pub(crate) inodes: BTreeMap<u64, Inode>,
    pub(crate) next_inode: u64,
    pub(crate) names: BTreeMap<String, Entry>,
    pub(crate) durable_names: BTreeMap<String, Entry>,
    pub(crate) changes: Vec<NameChange>,
    pub(crate) writes: VecDeque<PendingWrite>,
    pub(crate) syncs: Vec<PendingSync>,
    pub(crate) next_number: u64,
    pub(crate) last_due_ns: u64,
    pub(crate) locked_by: Option<u64>,
    /// When the last sync will be done: syncs are done in the order of their calls, as a journal commits.
    pub(crate) last_sync_ns: u64,
    /// The incarnation that had a failed sync: all its later ones fail too.
    pub(crate) failed_for: Option<u64>,
    pub(crate) draws: Stream,
    pub(crate) crash_draws: Stream,
}

pub(crate) fn apply_change(names: &mut BTreeMap<String, Entry>, change: &NameChange) {
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

pub(crate) fn change_dir(change: &NameChange) -> &str {
    match change {
        NameChange::Set(path, _) | NameChange::Rename(_, path) => parent(path),
    }
}

impl Inode {
    pub(crate) fn write(&mut self, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if self.cached.len() < end {
            self.cached.resize(end, 0);
            self.len_dirty = true;
        }
        self.cached[at..end].copy_from_slice(bytes);
        self.dirty.extend(at / SECTOR..end.div_ceil(SECTOR));
    }

    pub(crate) fn set_len(&mut self, len: usize) {
        let old = self.cached.len();
        self.cached.resize(len, 0);
        self.len_dirty = true;
        // A shorter file's last sector changes with its length; a longer one's new sectors are zeros.
        self.dirty.extend(len.min(old) / SECTOR..len.max(old).div_ceil(SECTOR));
    }

    pub(crate) fn sector(image: &[u8], sector: usize) -> Vec<u8> {
        let start = (sector * SECTOR).min(image.len());
        image[start..(start + SECTOR).min(image.len())].to_vec()
    }

    /// Puts a sector into the medium's image; the length is a matter of its own.
    pub(crate) fn put_durable(&mut self, sector: usize, bytes: &[u8]) {
        let (start, end) = (sector * SECTOR, sector * SECTOR + bytes.len());
        if self.durable.len() < end {
            self.durable.resize(end, 0);
        }
        self.durable[start..end].copy_from_slice(bytes);
    }
}

impl DiskState {
    pub(crate) fn new(draws: Draws, entity: u64) -> DiskState {
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
            let contents = if let Entry::File(id) = entry { hash(&self.inodes[id].cached) } else { 0 };
            all.push_str(&format!("{path}={contents:x};"));
        }
        format!("files={} hash={:016x}", self.names.len(), hash(all.as_bytes()))
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

    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let Some(Entry::File(id)) = self.names.get(path) else { return None };
        self.inodes.get(id).map(|inode| inode.cached.clone())
    }

    pub(crate) fn empty(&mut self, path: &str) -> bool {
        let Some(Entry::File(id)) = self.names.get(path) else { return false };
        let inode = self.inodes.get_mut(id).expect("it is named");
        (inode.cached, inode.durable) = (Vec::new(), Vec::new());
        inode.dirty.clear();
        inode.len_dirty = false;
        true
    }

    pub(crate) fn change(&mut self, change: NameChange) {
        apply_change(&mut self.names, &change);
        self.changes.push(change);
    }

    /// Ends the syncs that are due, in the order in which they were begun, whether or not anybody waits.
    pub(crate) fn settle_syncs(&mut self, now_ns: u64) {
        let done = self.syncs.iter().take_while(|sync| sync.due_ns <= now_ns).count();
        for sync in self.syncs.drain(..done).collect::<Vec<_>>() {
            self.end_sync(sync);
        }
    }

    /// Lets writes that are due by `now`, or numbered up to `through`, reach the cache.
    pub(crate) fn settle(&mut self, now_ns: u64, through: u64) {
        while self.writes.front().is_some_and(|w| w.due_ns <= now_ns || w.number <= through) {
            let write = self.writes.pop_front().expect("it is there");
            if let Some(inode) = self.inodes.get_mut(&write.inode) {
                inode.write(write.at, &write.bytes);
            }
        }
    }

    pub(crate) fn crash(&mut self, how: Crash, now_ns: u64, counts: &mut Counts) {
        self.settle_syncs(now_ns);
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
    pub(crate) fn abandon_syncs(&mut self) {
        for sync in std::mem::take(&mut self.syncs).into_iter().rev() {
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

    pub(crate) fn lose_power(&mut self, counts: &mut Counts) {
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

    /// Begins a sync that is done, or fails, at `due_ns`.
    pub(crate) fn begin_sync(&mut self, inodes: &[u64], dirs: &[&str], due_ns: u64, fails: bool) {
        self.settle(0, self.next_number);
        let mut sync = PendingSync {
            due_ns,
            fails,
            sectors: Vec::new(),
            lengths: Vec::new(),
            dirs: dirs.iter().map(|d| (*d).to_owned()).collect(),
            names: Vec::new(),
        };
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
        self.syncs.push(sync);
    }

    fn end_sync(&mut self, sync: PendingSync) {
        if sync.fails {
            // The pages count as clean, and are not on the medium. Names are no pages: they are the journal's,
            // and wait for its next commit; where that cannot be written, the file system stops altogether.
            let later = std::mem::replace(&mut self.changes, sync.names);
            self.changes.extend(later);
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

    pub(crate) fn used_bytes(&self) -> u64 {
        self.inodes.values().map(|i| i.cached.len() as u64).sum()
    }
}
