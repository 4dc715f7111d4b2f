//! The log and what keeps it right.

pub mod config;
pub mod controller;
pub mod env;
pub mod errors;
pub mod framed;
pub mod group;
pub mod limits;
pub mod log;
pub mod planted;
pub mod raft;
pub mod record;
pub mod replica;
pub mod shard;
pub mod situations;
pub mod types;
