//! Bytes to meaning and back.

pub mod messages;
pub mod wire;
