//! Chaos: runs the production broker in a simulated world, breaks that world, and judges what clients saw.
//!
//! A seed becomes a [`plan`]; [`run`] carries it out and records a [`history`]; [`check`] judges it.

/// A run makes and drops millions of small values; the system's allocator takes a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod check;
pub mod cluster;
pub mod group;
pub mod history;
pub mod plan;
pub mod run;

mod serve;

pub use cluster::{plan::ClusterPlan, run_cluster};
pub use plan::Plan;
pub use run::{Verdict, run};
pub use serve::serve;
