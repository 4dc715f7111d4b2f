//! Bytes to meaning and back: Kafka's wire protocol, and the production environment.
//!
//! Read in this order: [`frame`], [`receive`], [`header`], [`wire`], [`messages`]; then [`env`], the only place that
//! touches sockets, files, clocks and randomness; [`http`] puts HTTP on its streams.

pub mod env;
pub mod frame;
pub mod header;
pub mod http;
pub mod messages;
pub mod receive;
pub mod wire;
