//! Chaos: runs the production broker in a simulated world, breaks that world, and judges what clients saw.
//!
//! A seed becomes a [`plan`]; [`run()`] carries it out and records a [`history`]; [`check`] judges it.

/// A run makes and drops millions of small values; the system's allocator takes a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod check;
pub mod group;
pub mod guarantees;
pub mod history;
pub mod live;
pub mod mutants;
pub mod plan;
pub mod readers;
pub mod report;
pub mod run;
pub mod shrink;

mod serve;
mod workload;

pub use plan::Plan;
pub use run::{Verdict, run};
pub use serve::serve;

const NO_PANIC: &str = "a run ends with its first panic";
