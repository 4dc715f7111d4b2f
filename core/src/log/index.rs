//! The sparse indexes of a segment: offset to position, and timestamp to offset.
//!
//! The active segment's entries are in memory and go to their file at a checkpoint; a sealed segment's are
//! read from the file when they are asked for, so that old data costs no memory. The files are Kafka's:
//! entries of fixed size, ascending, without a checksum. They are believed only below the recovery point.

use std::io;

use bytes::Bytes;

use crate::env::{Disk, File, OpenMode};

/// An entry of fixed size with an ascending key.
pub trait Entry: Copy {
    /// Its size in bytes.
    const BYTES: usize;
    /// The key that a lookup compares.
    fn key(&self) -> i64;
    /// Appends its bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads it from exactly its bytes.
    fn read(bytes: &[u8]) -> Self;
}

/// Where the batch lies whose *last* offset is `base + relative` (`.index`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetEntry {
    /// The batch's last offset less the segment's base offset.
    pub relative: u32,
    /// The batch's position in the segment's file.
    pub position: u32,
}

/// The largest timestamp up to an offset (`.timeindex`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeEntry {
    /// The largest timestamp so far, in milliseconds.
    pub timestamp: i64,
    /// The last offset of the batch that has it, less the segment's base offset.
    pub relative: u32,
}

impl Entry for OffsetEntry {
    const BYTES: usize = 8;
    fn key(&self) -> i64 {
        self.relative.into()
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.relative.to_be_bytes());
        out.extend(self.position.to_be_bytes());
    }
    fn read(bytes: &[u8]) -> Self {
        let word = |at: usize| u32::from_be_bytes(*bytes[at..].first_chunk().expect("an entry is complete"));
        Self { relative: word(0), position: word(4) }
    }
}

impl Entry for TimeEntry {
    const BYTES: usize = 12;
    fn key(&self) -> i64 {
        self.timestamp
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.timestamp.to_be_bytes());
        out.extend(self.relative.to_be_bytes());
    }
    fn read(bytes: &[u8]) -> Self {
        Self {
            timestamp: i64::from_be_bytes(*bytes.first_chunk().expect("an entry is complete")),
            relative: u32::from_be_bytes(*bytes[8..].first_chunk().expect("an entry is complete")),
        }
    }
}

/// An index of one segment.
#[derive(Debug)]
pub struct Index<T> {
    path: String,
    /// `None` once the segment is sealed and the file is complete.
    memory: Option<Vec<T>>,
    count: usize,
    in_file: usize,
    last_key: Option<i64>,
    /// The file may hold more than our entries, or was never synced.
    dirty: bool,
}

impl<T: Entry> Index<T> {
    /// An empty index in memory; an old file of the name is overwritten at the next checkpoint.
    pub fn new(path: String) -> Index<T> {
        Index { path, memory: Some(Vec::new()), count: 0, in_file: 0, last_key: None, dirty: true }
    }

    /// The index of a sealed segment, as its file has it.
    ///
    /// # Errors
    /// The disk cannot tell the file's length.
    pub fn sealed<D: Disk>(disk: &D, path: String) -> io::Result<Index<T>> {
        let bytes = match disk.open(&path, OpenMode::Existing) {
            Ok(file) => file.len()?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => 0,
            Err(e) => return Err(e),
        };
        let count = bytes as usize / T::BYTES;
        let mut index = Index { path, memory: None, count, in_file: count, last_key: None, dirty: false };
        index.last_key = index.last(disk)?.map(|entry: T| entry.key());
        Ok(index)
    }

    /// The entries of the file while they ascend and `keep` says so, in memory.
    ///
    /// # Errors
    /// The disk cannot read the file.
    pub fn load<D: Disk>(disk: &D, path: String, mut keep: impl FnMut(&T) -> bool) -> io::Result<Index<T>> {
        let bytes = crate::env::disk::read_file(disk, &path)?.unwrap_or_default();
        let mut entries: Vec<T> = Vec::new();
        for chunk in bytes.chunks_exact(T::BYTES) {
            let entry = T::read(chunk);
            if !keep(&entry) || entries.last().is_some_and(|last| entry.key() <= last.key()) {
                break;
            }
            entries.push(entry);
        }
        let (count, last_key) = (entries.len(), entries.last().map(Entry::key));
        Ok(Index { path, memory: Some(entries), count, in_file: count, last_key, dirty: true })
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The last entry's key.
    pub fn last_key(&self) -> Option<i64> {
        self.last_key
    }

    /// Adds an entry.
    ///
    /// # Panics
    /// The segment is sealed, or the entry does not ascend.
    pub fn push(&mut self, entry: T) {
        let entries = self.memory.as_mut().expect("a sealed segment gets no entries");
        assert!(self.last_key.is_none_or(|last| last < entry.key()), "LOG-4");
        self.last_key = Some(entry.key());
        entries.push(entry);
        self.count += 1;
    }

    /// Writes the entries that the file lacks; returns the file if it must be synced.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn persist<D: Disk>(&mut self, disk: &D) -> io::Result<Option<D::File>> {
        let Some(entries) = &self.memory else { return Ok(None) };
        if self.in_file == entries.len() && !self.dirty {
            return Ok(None);
        }
        let file = disk.open(&self.path, OpenMode::Create)?;
        let at = (self.in_file * T::BYTES) as u64;
        // What an earlier incarnation wrote past the recovery point must not be taken for ours.
        if file.len()? != at {
            file.set_len(at)?;
        }
        let mut bytes = Vec::with_capacity((entries.len() - self.in_file) * T::BYTES);
        entries[self.in_file..].iter().for_each(|entry| entry.write(&mut bytes));
        drop(disk.submit(&file, at, &mut vec![Bytes::from(bytes)]));
        self.in_file = entries.len();
        self.dirty = false;
        Ok(Some(file))
    }

    /// Keeps the entries in front for which `keep` says so, in memory: the segment is the active one again.
    ///
    /// # Errors
    /// The disk cannot read the file.
    pub fn cut<D: Disk>(&mut self, disk: &D, mut keep: impl FnMut(&T) -> bool) -> io::Result<()> {
        match &mut self.memory {
            None => *self = Index::load(disk, std::mem::take(&mut self.path), keep)?,
            Some(entries) => {
                let kept = entries.iter().take_while(|entry| keep(entry)).count();
                entries.truncate(kept);
                (self.count, self.last_key) = (kept, entries.last().map(Entry::key));
                self.in_file = self.in_file.min(kept);
                self.dirty = true;
            }
        }
        Ok(())
    }

    /// Forgets the entries in memory: the file has them all and is durable.
    pub fn seal(&mut self) {
        if self.memory.as_ref().is_some_and(|entries| entries.len() == self.in_file) {
            self.memory = None;
        }
    }

    /// The last entry.
    ///
    /// # Errors
    /// The disk cannot read the file.
    pub fn last<D: Disk>(&self, disk: &D) -> io::Result<Option<T>> {
        let Some(last) = self.count.checked_sub(1) else { return Ok(None) };
        Lookup::new(self, disk)?.get(last).map(Some)
    }

    /// The last entry whose key is at most `key`.
    ///
    /// # Errors
    /// The disk cannot read the file.
    pub fn floor<D: Disk>(&self, disk: &D, key: i64) -> io::Result<Option<T>> {
        self.around(disk, key).map(|(floor, _)| floor)
    }

    /// The last entry whose key is at most `key`, and the one after it.
    ///
    /// # Errors
    /// The disk cannot read the file.
    pub fn around<D: Disk>(&self, disk: &D, key: i64) -> io::Result<(Option<T>, Option<T>)> {
        let lookup = Lookup::new(self, disk)?;
        let (mut low, mut high) = (0, self.count);
        let (mut floor, mut after) = (None, None);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry = lookup.get(middle)?;
            if entry.key() <= key {
                floor = Some(entry);
                low = middle + 1;
            } else {
                after = Some(entry);
                high = middle;
            }
        }
        Ok((floor, after))
    }
}

/// One lookup: the entries in memory, or the file opened once.
enum Lookup<'a, T, F> {
    Memory(&'a [T]),
    File(F),
}

impl<'a, T: Entry, F: File> Lookup<'a, T, F> {
    fn new<D: Disk<File = F>>(index: &'a Index<T>, disk: &D) -> io::Result<Self> {
        match &index.memory {
            Some(entries) => Ok(Lookup::Memory(entries)),
            None if index.count == 0 => Ok(Lookup::Memory(&[])),
            None => disk.open(&index.path, OpenMode::Existing).map(Lookup::File),
        }
    }

    fn get(&self, at: usize) -> io::Result<T> {
        match self {
            Lookup::Memory(entries) => Ok(entries[at]),
            Lookup::File(file) => {
                let mut buf = [0; 16];
                let buf = &mut buf[..T::BYTES];
                if file.read_at((at * T::BYTES) as u64, buf)? < T::BYTES {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok(T::read(buf))
            }
        }
    }
}
