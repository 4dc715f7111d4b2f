//! The trace: one aligned line per event with simulated time and node, and a running hash of them all.

use std::{collections::VecDeque, fmt};

/// A hash of bytes (FNV-1a).
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// The events of a run.
#[derive(Debug, Default)]
pub struct Trace {
    hash: u64,
    events: u64,
    /// The last lines, where they are kept.
    lines: VecDeque<String>,
    keep: usize,
}

impl Trace {
    /// A trace that keeps its last `keep` lines.
    pub fn keeping(keep: usize) -> Trace {
        Trace { hash: fnv(&[]), keep, ..Trace::default() }
    }

    /// Adds an event.
    pub fn add(&mut self, time_ns: u64, node: &str, event: fmt::Arguments<'_>) {
        let line = format!("{:>14.6} {node:<4} {event}", time_ns as f64 / 1e6);
        self.hash =
            line.bytes().fold(self.hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        self.events += 1;
        if 0 < self.keep {
            if self.lines.len() == self.keep {
                self.lines.pop_front();
            }
            self.lines.push_back(line);
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
