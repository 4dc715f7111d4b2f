//! Bugs that are put back for as long as something is tried.

use std::{
    any::Any,
    sync::{Mutex, PoisonError},
};

/// Tries something with a bug: one at a time in a process.
pub(crate) fn with_bug<T>(name: &str, attempt: impl FnOnce() -> T) -> T {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let scenario = fail::FailScenario::setup();
    fail::cfg(name, "return").expect("the name of a bug");
    let tried = attempt();
    scenario.teardown();
    tried
}

/// What a panic said.
pub(crate) fn said(panic: &(dyn Any + Send)) -> String {
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}
