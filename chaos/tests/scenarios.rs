//! Plans that once failed, each as small as it could be made: docs/found.md tells what they found. They hold now.

use std::{fs, path::Path};

use ottla_chaos::{Plan, run};

#[test]
fn what_once_failed_holds() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> =
        fs::read_dir(&dir).expect("the directory").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", dir.display());
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        let plan = Plan::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        // A mended broker has another schedule, so that some are tried.
        for n in 0..4 {
            let plan = Plan { seed: plan.seed.wrapping_add(n << 32), ..plan.clone() };
            let verdict = run(&plan, 0);
            assert_eq!(verdict.violation, None, "{} with seed {}", file.display(), plan.seed);
        }
    }
}
