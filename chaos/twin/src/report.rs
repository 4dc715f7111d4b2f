//! What a run came to: the table, the differences, the coverage.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    differences::{MEANT, Meant},
    session::Options,
};

/// The error codes that the comments of Kafka's response classes (`org.apache.kafka.common.requests`) name for
/// each API, and those that later versions added to it (KIP-227, KIP-320, KIP-516, KIP-890).
const DOCUMENTED: &[(&str, &[i64])] = &[
    (
        "Produce",
        &[0, 2, 3, 6, 10, 17, 18, 19, 20, 21, 29, 31, 32, 43, 45, 46, 47, 48, 49, 53, 56, 59, 76, 87, 100],
    ),
    ("Fetch", &[0, -1, 1, 2, 3, 6, 9, 29, 56, 70, 71, 74, 75, 76, 78, 100, 103, 106]),
    ("ListOffsets", &[0, -1, 3, 5, 6, 9, 29, 42, 43, 56, 74, 75, 78]),
    ("Metadata", &[0, 3, 5, 9, 17, 29, 100]),
    ("ApiVersions", &[0, 35, 42]),
    ("CreateTopics", &[0, 7, 17, 29, 31, 36, 37, 38, 39, 40, 41, 42, 44]),
    ("DeleteTopics", &[0, 3, 7, 17, 29, 41, 42, 73, 100]),
    ("DeleteRecords", &[-1, 0, 1, 3, 6, 7, 29, 44, 56]),
    ("InitProducerId", &[0, 14, 15, 16, 31, 42, 47, 49, 51, 53, 90]),
    ("OffsetForLeaderEpoch", &[0, 3, 6, 29, 56, 74, 75]),
    ("DescribeConfigs", &[0, 3, 17, 29, 31, 42]),
    ("CreatePartitions", &[0, 3, 7, 17, 29, 37, 39, 41, 42, 44, 60]),
    ("DescribeCluster", &[0, 31, 42, 115]),
];

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
    /// Lines of Kafka's dump tool that were compared.
    pub dumped: usize,
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
        writeln!(f, "\n{:<24} {:<44} never seen", "error codes", "both have given")?;
        let text =
            |codes: &mut dyn Iterator<Item = &i64>| codes.map(i64::to_string).collect::<Vec<_>>().join(" ");
        for (api, codes) in &self.codes {
            let documented = DOCUMENTED.iter().find(|row| row.0 == api).map_or(&[][..], |row| row.1);
            let never = text(&mut documented.iter().filter(|code| !codes.contains(code)));
            writeln!(f, "{api:<24} {:<44} {never}", text(&mut codes.iter()))?;
        }
        writeln!(f, "\ndifferences that are meant:")?;
        for meant in MEANT {
            let count = self.meant.get(meant.id).copied().unwrap_or(0);
            writeln!(f, "{:<24} {count:>9} times", meant.id)?;
        }
        let Report { scripts, dumped, pairs_per_second, .. } = self;
        writeln!(
            f,
            "\n{scripts} scripts, {dumped} lines of dumped files, {pairs_per_second:.0} request pairs a second"
        )?;
        // Last, where one looks first.
        self.unexplained.iter().try_for_each(|line| writeln!(f, "DIFFERENT {line}"))?;
        writeln!(f, "{} unexplained", self.unexplained.len())
    }
}
