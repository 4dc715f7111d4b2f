//! House rules that a compiler does not check.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut dirs: Vec<PathBuf> =
        ["core", "net", "sim", "broker", "chaos", "docs"].iter().map(|d| root().join(d)).collect();
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().unwrap() != "generated" {
                dirs.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(40 < found.len(), "the sources were found");
    found
}

#[test]
fn every_file_says_what_it_is_first() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name} does not begin with a sentence");
    }
}

#[test]
fn files_fit_a_sitting() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 700, "{name} has {lines} lines: what can leave it?");
    }
}

#[test]
fn every_invariant_in_the_code_is_written_down() {
    let page = fs::read_to_string(root().join("docs/invariants.md")).unwrap();
    for (name, text) in sources().iter().filter(|(name, _)| !name.starts_with("docs")) {
        for prefix in ["LOG-", "META-", "RAFT-", "REPL-"] {
            for (at, _) in text.match_indices(&format!("\"{prefix}")) {
                let id: String =
                    text[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                assert!(
                    page.contains(&format!("| {id} |")),
                    "{name} asserts {id}, which docs/invariants.md lacks"
                );
            }
        }
    }
}

#[test]
fn the_core_knows_no_runtime() {
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("core/src")) {
        for word in ["tokio::", "madsim::", "std::net", "std::fs", "std::thread"] {
            assert!(!text.contains(word), "{name} uses {word}");
        }
    }
    for (name, text) in
        sources().iter().filter(|(name, _)| name.starts_with("broker/src") && !name.contains("/cli/"))
    {
        for word in
            ["tokio::spawn", "tokio::time", "tokio::net", "madsim", "std::net", "std::fs", "std::thread"]
        {
            assert!(!text.contains(word), "{name} uses {word}");
        }
    }
}

#[test]
fn the_top_level_is_what_it_was_agreed_to_be() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "LICENSE",
        "CHANGELOG.md",
        "README.md",
        "core",
        "net",
        "sim",
        "broker",
        "chaos",
        "docs",
        "target",
        "ottla-data",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "{name} lies at the top");
    }
}
