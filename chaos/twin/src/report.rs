//! What a run came to: the table, the differences, the coverage.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    differences::{MEANT, Meant},
    session::Options,
};

/// What was asked of one API at one version.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row {
    /// Requests whose answers were compared.
    pub requests: u64,
    /// Those that were equal.
    pub equal: u64,
    /// Those whose differences are all meant.
    pub explained: u64,
    /// The others.
    pub different: u64,
}

/// A run's result.
#[derive(Default)]
pub struct Report {
    /// By API and version.
    pub rows: BTreeMap<(String, i16), Row>,
    /// How often each difference that is meant occurred.
    pub meant: BTreeMap<&'static str, u64>,
    /// One line for each kind of difference that is not, with its script's file.
    pub unexplained: Vec<String>,
    /// Error codes that both have given, by API.
    pub codes: BTreeMap<String, BTreeSet<i64>>,
    /// Scripts that were run.
    pub scripts: usize,
    /// Request pairs a second.
    pub pairs_per_second: f64,
}

impl Report {
    /// Entries of the list that did not occur.
    pub fn stale(&self) -> impl Iterator<Item = &'static Meant> {
        MEANT.iter().filter(|meant| !self.meant.contains_key(meant.id))
    }

    /// Whether nothing is unexplained, and no entry of the list is stale; the latter only counts where
    /// everything was asked.
    pub fn is_clean(&self, options: &Options) -> bool {
        self.unexplained.is_empty() && (!options.is_whole() || self.stale().next().is_none())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:>9} {:>9} {:>9} {:>10} {:>10}",
            "API", "version", "requests", "equal", "explained", "different"
        )?;
        for ((api, version), row) in &self.rows {
            let Row { requests, equal, explained, different } = row;
            writeln!(f, "{api:<24} {version:>9} {requests:>9} {equal:>9} {explained:>10} {different:>10}")?;
        }
        writeln!(f, "\nerror codes that both have given:")?;
        for (api, codes) in &self.codes {
            let codes: Vec<String> = codes.iter().map(i64::to_string).collect();
            writeln!(f, "{api:<24} {}", codes.join(" "))?;
        }
        writeln!(f, "\ndifferences that are meant:")?;
        for meant in MEANT {
            let count = self.meant.get(meant.id).copied().unwrap_or(0);
            writeln!(f, "{:<24} {count:>9} times", meant.id)?;
        }
        writeln!(f, "\n{} scripts, {:.0} request pairs a second", self.scripts, self.pairs_per_second)?;
        writeln!(f, "{} unexplained", self.unexplained.len())
    }
}
