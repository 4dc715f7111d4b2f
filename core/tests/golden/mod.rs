//! Golden scripts: a line says when, who and what; indented lines say what came of it. Lines that begin with `#` are for
//! the reader. `OTTLA_BLESS=1` writes down what comes now, to be read before it is believed.

// Each test is a crate of its own and uses a part.
#![allow(dead_code)]

use std::{collections::BTreeMap, fs, path::Path};

/// What a script is performed on.
pub(crate) trait Stage {
    /// Carries a line out.
    fn run(&mut self, line: &str);
    /// What was written down so far.
    fn out(&mut self) -> &mut String;
}

/// Performs every script of a folder, each on a stage of its own.
pub(crate) fn perform_all<S: Stage>(folder: &str, stage: impl Fn() -> S) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are scripts");
    for path in paths {
        let script = fs::read_to_string(&path).unwrap();
        let performed = perform(&script, stage());
        if std::env::var_os("OTTLA_BLESS").is_some() {
            fs::write(&path, &performed).unwrap();
            continue;
        }
        assert_eq!(script, performed, "{}", path.display());
    }
}

fn perform<S: Stage>(script: &str, mut stage: S) -> String {
    for line in script.lines().filter(|line| !line.starts_with("  ")) {
        stage.out().push_str(line);
        stage.out().push('\n');
        if !line.is_empty() && !line.starts_with('#') {
            stage.run(line);
        }
    }
    std::mem::take(stage.out())
}

/// A line: when, who, what, and what else is given, as `name=value` or as a word.
pub(crate) struct Line<'a> {
    pub(crate) at_ms: u64,
    pub(crate) who: &'a str,
    pub(crate) verb: &'a str,
    given: BTreeMap<&'a str, &'a str>,
}

impl<'a> Line<'a> {
    pub(crate) fn read(line: &'a str) -> Line<'a> {
        let mut words = line.split_whitespace();
        let mut next = || words.next().unwrap_or_else(|| panic!("«{line}» is too short"));
        let (at_ms, who, verb) = (next().parse().expect("a time in ms"), next(), next());
        let given = words.map(|word| word.split_once('=').unwrap_or((word, ""))).collect();
        Line { at_ms, who, verb, given }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.given.get(name).copied()
    }

    /// A number, or what it is otherwise.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str, otherwise: N) -> N {
        self.text(name).map_or(otherwise, |value| value.parse().ok().expect("a number"))
    }

    /// Numbers with commas between them.
    pub(crate) fn numbers(&self, name: &str) -> Option<Vec<i32>> {
        self.text(name).map(|list| {
            list.split(',').filter(|n| !n.is_empty()).map(|n| n.parse().expect("a number")).collect()
        })
    }

    /// The first word that is no `name=value`: a topic, or a partition.
    pub(crate) fn place(&self) -> &'a str {
        let bare = self.given.iter().find(|(name, value)| value.is_empty() && !name.is_empty());
        bare.map(|(name, _)| *name).expect("a topic or a partition")
    }
}

/// Numbers as scripts show them.
pub(crate) fn show(numbers: &[i32]) -> String {
    numbers.iter().map(i32::to_string).collect::<Vec<_>>().join(" ")
}
