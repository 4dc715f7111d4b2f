//! From message schemas to Rust: parse ([`schema`]), then print ([`render`]).
//!
//! The notation, one file an API:
//!
//! ```text
//! api Fetch 1 versions 4-18 flexible 12+ listeners broker,controller
//!
//! request
//!   replica_id: i32 @0-14 = -1          a field of versions 0 to 14 with its default
//!   topics: [FetchTopic]                an array; its struct is given by the lines below
//!     topic: string @0-12
//!   rack_id: string @11+ ?12+           nullable from version 12
//!   cluster_id: string @12+ ? #0        a tagged field (KIP-482) with tag 0
//!   struct Shared                       a struct that several fields name
//! ```

pub mod render;
pub mod schema;

use std::{fs, path::Path};

/// Renders every schema of a folder: (file name, contents) in order of API key.
///
/// # Errors
/// A sentence that names the file and line which could not be read.
pub fn render_all(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let mut apis = Vec::new();
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|e| e.to_string())?.path();
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        apis.push(schema::parse(&stem, &text).map_err(|e| format!("{}: {e}", path.display()))?);
    }
    apis.sort_by_key(|api| api.key);
    let mut files: Vec<_> = apis.iter().map(|api| (format!("{}.rs", api.module), render::api(api))).collect();
    files.push(("mod.rs".into(), render::index(&apis)));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_codec_is_what_the_schemas_say() {
        let net = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for (name, text) in render_all(&net.join("schema")).unwrap() {
            let committed = fs::read_to_string(net.join("src/messages/generated").join(&name)).unwrap();
            assert!(committed == text, "{name} is stale: run `cargo codegen`");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let mistake = |text: &str| schema::parse("x", text).unwrap_err();
        assert_eq!(mistake("request\n"), "line 1: the first line must begin with «api»");
        let head = "api X 1 versions 0 flexible 0+ listeners broker\nrequest\n";
        assert_eq!(mistake(&format!("{head}  a i32\n")), "line 3: a field is «name: type …»");
        assert_eq!(mistake(&format!("{head}  a: i32 %\n")), "line 3: «%» is no part of a field");
    }
}
