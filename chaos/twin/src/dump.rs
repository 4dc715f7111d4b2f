//! What Kafka's dump tool says of both brokers' files, line by line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::{brokers::dump, compare::Difference, value::Value};

/// The files of kept topics, by their names below the data directory.
fn files(data: &Path, prefix: &str) -> Result<BTreeMap<String, PathBuf>, String> {
    let entries = |dir: &Path| fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()));
    let mut found = BTreeMap::new();
    for topic in entries(data)?.flatten().filter(|e| e.file_name().to_string_lossy().starts_with(prefix)) {
        for file in entries(&topic.path())?.flatten() {
            let is_dumped = |end: &str| ["log", "index", "timeindex", "snapshot"].contains(&end);
            if file.path().extension().and_then(|e| e.to_str()).is_some_and(is_dumped) {
                let name =
                    format!("{}/{}", topic.file_name().to_string_lossy(), file.file_name().to_string_lossy());
                found.insert(name, file.path());
            }
        }
    }
    Ok(found)
}

/// The lines of a dump, by file; producer ids are named by first appearance.
fn sections(data: &Path, files: &BTreeMap<String, PathBuf>) -> Result<BTreeMap<String, Vec<String>>, String> {
    let text = dump(&files.values().cloned().collect::<Vec<_>>())?;
    let data = format!("{}/", data.display());
    let mut producers: BTreeMap<String, usize> = BTreeMap::new();
    let mut rename = |line: &str| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for at in 1..words.len() {
            if words[at - 1] == "producerId:" && !words[at].starts_with('-') {
                let next = producers.len();
                words[at] = format!("#{}", producers.entry(words[at].clone()).or_insert(next));
            }
        }
        words.join(" ")
    };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut file = String::new();
    for line in text.lines().map(|line| line.replace(&data, "")) {
        match line.strip_prefix("Dumping ") {
            Some(name) => file = name.to_owned(),
            None => found.entry(file.clone()).or_default().push(line),
        }
    }
    for (name, lines) in &mut found {
        if name.ends_with(".snapshot") {
            // Kafka writes producers in the order of a hash map: what follows their ids orders them.
            lines.sort_by_key(|line| line.split_once(" producerEpoch").map(|(_, rest)| rest.to_owned()));
        }
        lines.iter_mut().for_each(|line| *line = rename(line));
    }
    Ok(found)
}

/// Compares the dumps of the topics whose names begin with `prefix`; returns how many lines there were, and the
/// first difference of each file.
///
/// # Errors
/// The directories cannot be read, or the tool cannot be run.
pub fn compare(reference: &Path, ottla: &Path, prefix: &str) -> Result<(usize, Vec<Difference>), String> {
    let (their_files, our_files) = (files(reference, prefix)?, files(ottla, prefix)?);
    let (theirs, ours) = (sections(reference, &their_files)?, sections(ottla, &our_files)?);
    let mut differences = Vec::new();
    let names: BTreeSet<&String> = their_files.keys().chain(our_files.keys()).collect();
    for name in names {
        let is = |there: bool| if there { "there" } else { "not there" }.to_owned();
        let (a, b) = (their_files.contains_key(name), our_files.contains_key(name));
        let (reference, other) = if a == b {
            let empty = Vec::new();
            let (a, b) = (theirs.get(name).unwrap_or(&empty), ours.get(name).unwrap_or(&empty));
            let line = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
            let Some(at) = (0..a.len().max(b.len())).find(|at| a.get(*at) != b.get(*at)) else { continue };
            (line(a, at), line(b, at))
        } else {
            (is(a), is(b))
        };
        let (api, path) = ("files".to_owned(), name.clone());
        differences.push(Difference {
            step: 0,
            api,
            version: 0,
            request: Value::Null,
            path,
            reference,
            other,
        });
    }
    Ok((theirs.values().map(Vec::len).sum(), differences))
}
