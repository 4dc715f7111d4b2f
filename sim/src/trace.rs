//! The trace: one aligned line per event with simulated time and node, and a running hash of them all.

use std::{
    collections::VecDeque,
    fmt::{self, Write as _},
};

/// A hash of a name (FNV-1a).
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// A hash of many bytes: eight at a time, each multiplied and rotated in. It tells runs apart; it keeps
/// nobody out.
pub fn hash(bytes: &[u8]) -> u64 {
    hash_on(0xcbf2_9ce4_8422_2325, bytes)
}

fn hash_on(mut state: u64, bytes: &[u8]) -> u64 {
    let mut mix = |word: u64| state = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let (words, rest) = bytes.as_chunks();
    words.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(u64::from_le_bytes(last));
    mix(bytes.len() as u64);
    state
}

/// The events of a run.
#[derive(Debug, Default)]
pub struct Trace {
    hash: u64,
    events: u64,
    /// The line at hand.
    line: String,
    /// The last lines, where they are kept.
    lines: VecDeque<String>,
    keep: usize,
}

impl Trace {
    /// A trace that keeps its last `keep` lines.
    pub fn keeping(keep: usize) -> Trace {
        Trace { hash: hash(&[]), keep, ..Trace::default() }
    }

    /// Adds an event.
    pub fn add(&mut self, time_ns: u64, node: &str, event: fmt::Arguments<'_>) {
        let (ms, ns) = (time_ns / 1_000_000, time_ns % 1_000_000);
        self.line.clear();
        write!(self.line, "{ms:>7}.{ns:06} {node:<4} {event}").expect("writing to memory does not fail");
        self.hash = hash_on(self.hash, self.line.as_bytes());
        self.events += 1;
        if 0 < self.keep {
            if self.lines.len() == self.keep {
                self.lines.pop_front();
            }
            self.lines.push_back(self.line.clone());
        }
    }

    /// The hash of all events so far.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// How many events there were.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The lines that were kept.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }
}
