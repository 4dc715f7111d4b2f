//! The log and what keeps it right.

pub mod limits;
pub mod types;
pub mod env;
pub mod errors;
pub mod record;
pub mod log;
pub mod config;
pub mod controller;
pub mod raft;
