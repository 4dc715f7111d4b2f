//! A disk in memory, for unit tests: completed writes are there, and power loss keeps what was synced.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::{Ready, ready},
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use bytes::Bytes;

use super::disk::{Disk, File, OpenMode, Region, parent};

#[derive(Debug, Default)]
struct Contents {
    live: Vec<u8>,
    durable: Vec<u8>,
}

/// A file in memory.
#[derive(Clone, Debug, Default)]
pub struct MemFile(Arc<Mutex<Contents>>);

/// A directory in memory.
#[derive(Clone, Debug, Default)]
pub struct MemDisk(Arc<Mutex<Tree>>);

#[derive(Clone, Debug, Default)]
struct Tree {
    files: BTreeMap<String, MemFile>,
    dirs: BTreeSet<String>,
    durable_files: BTreeMap<String, MemFile>,
    durable_dirs: BTreeSet<String>,
}

/// A range of a file in memory, copied when it was made.
#[derive(Clone, Debug)]
pub struct MemRegion(Bytes);

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl MemDisk {
    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.0.lock().expect("no test panics while it holds the tree")
    }

    /// What a power loss leaves: synced contents under synced names.
    pub fn after_power_loss(&self) -> MemDisk {
        let tree = self.tree();
        let files: BTreeMap<_, _> = tree
            .durable_files
            .iter()
            .map(|(path, file)| {
                let durable = file.contents().durable.clone();
                (path.clone(), MemFile(Arc::new(Mutex::new(Contents { live: durable.clone(), durable }))))
            })
            .collect();
        let dirs = tree.durable_dirs.clone();
        MemDisk(Arc::new(Mutex::new(Tree {
            files: files.clone(),
            dirs: dirs.clone(),
            durable_files: files,
            durable_dirs: dirs,
        })))
    }
}

impl MemFile {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().expect("no test panics while it holds a file")
    }
}

impl Region for MemRegion {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read(&self) -> io::Result<Bytes> {
        Ok(self.0.clone())
    }
}

impl File for MemFile {
    type Region = MemRegion;

    fn len(&self) -> io::Result<u64> {
        Ok(self.contents().live.len() as u64)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.contents().live.resize(len as usize, 0);
        Ok(())
    }
    fn read_at(&self, at: u64, buf: &mut [u8]) -> io::Result<usize> {
        let contents = self.contents();
        let from = contents.live.get(at as usize..).unwrap_or_default();
        let count = from.len().min(buf.len());
        buf[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }
    fn region(&self, at: u64, len: u64) -> MemRegion {
        let contents = self.contents();
        MemRegion(Bytes::copy_from_slice(&contents.live[at as usize..(at + len) as usize]))
    }
    fn forget_clean(&self) {}
}

impl Disk for MemDisk {
    type Region = MemRegion;
    type File = MemFile;
    type Ticket = Ready<io::Result<()>>;

    fn lock(&self, _path: &str) -> io::Result<()> {
        Ok(())
    }
    fn open(&self, path: &str, mode: OpenMode) -> io::Result<MemFile> {
        let mut tree = self.tree();
        match (tree.files.get(path), mode) {
            (Some(file), OpenMode::Existing | OpenMode::Create) => return Ok(file.clone()),
            (Some(file), OpenMode::Truncate) => {
                file.set_len(0)?;
                return Ok(file.clone());
            }
            (None, OpenMode::Existing) => return Err(not_found()),
            (None, OpenMode::Create | OpenMode::Truncate) => {}
        }
        if !parent(path).is_empty() && !tree.dirs.contains(parent(path)) {
            return Err(not_found());
        }
        let file = MemFile::default();
        tree.files.insert(path.to_owned(), file.clone());
        Ok(file)
    }
    fn create_dir(&self, path: &str) -> io::Result<()> {
        self.tree().dirs.insert(path.to_owned());
        Ok(())
    }
    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let tree = self.tree();
        if !path.is_empty() && !tree.dirs.contains(path) {
            return Err(not_found());
        }
        let names = tree.files.keys().chain(&tree.dirs).filter(|p| parent(p) == path);
        let mut names: Vec<String> = names.map(|p| p.rsplit('/').next().unwrap_or(p).to_owned()).collect();
        names.sort();
        Ok(names)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut tree = self.tree();
        if let Some(file) = tree.files.remove(from) {
            tree.files.insert(to.to_owned(), file);
            return Ok(());
        }
        if !tree.dirs.remove(from) {
            return Err(not_found());
        }
        tree.dirs.insert(to.to_owned());
        let inside = format!("{from}/");
        let moved: Vec<String> = tree.files.keys().filter(|p| p.starts_with(&inside)).cloned().collect();
        for path in moved {
            let file = tree.files.remove(&path).expect("it was listed");
            tree.files.insert(format!("{to}/{}", &path[inside.len()..]), file);
        }
        Ok(())
    }
    fn remove(&self, path: &str) -> io::Result<()> {
        let mut tree = self.tree();
        let inside = format!("{path}/");
        let found = tree.files.remove(path).is_some() | tree.dirs.remove(path);
        tree.files.retain(|p, _| !p.starts_with(&inside));
        if found { Ok(()) } else { Err(not_found()) }
    }
    fn submit(&self, file: &MemFile, at: u64, slices: &mut Vec<Bytes>) -> Self::Ticket {
        let mut contents = file.contents();
        let mut at = at as usize;
        for slice in slices.drain(..) {
            let end = at + slice.len();
            if contents.live.len() < end {
                contents.live.resize(end, 0);
            }
            contents.live[at..end].copy_from_slice(&slice);
            at = end;
        }
        ready(Ok(()))
    }
    fn sync(&self, files: &[MemFile], dirs: &[&str]) -> Self::Ticket {
        for file in files {
            let mut contents = file.contents();
            contents.durable = contents.live.clone();
        }
        let mut tree = self.tree();
        for dir in dirs {
            let Tree { files, dirs: live_dirs, durable_files, durable_dirs } = &mut *tree;
            durable_files.retain(|p, _| parent(p) != *dir);
            durable_files
                .extend(files.iter().filter(|(p, _)| parent(p) == *dir).map(|(p, f)| (p.clone(), f.clone())));
            durable_dirs.retain(|p| parent(p) != *dir || live_dirs.contains(p));
            durable_dirs.extend(live_dirs.iter().filter(|p| parent(p) == *dir).cloned());
            let lost: Vec<String> = durable_files
                .keys()
                .filter(|p| !parent(p).is_empty() && !durable_dirs.contains(parent(p)))
                .cloned()
                .collect();
            for path in lost.iter().filter(|p| parent(parent(p)) == *dir) {
                durable_files.remove(path);
            }
        }
        ready(Ok(()))
    }
}
