//! Bugs that can be put back on purpose, so that a search for them can be shown to find them.

/// Whether the bug of this name is put back. Always false, at no cost, in every build but those
/// of tests and benches, and of `cargo chaos mutants` and `--plant`, which alone have the crate `fail` with its feature
/// `failpoints`.
#[inline(always)]
pub fn is_planted(name: &str) -> bool {
    // The macro is empty without the feature.
    let _ = name;
    fail::fail_point!(name, |_| true);
    false
}
