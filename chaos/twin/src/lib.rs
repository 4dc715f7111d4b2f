//! The twin: Ottla answers as Kafka answers, request by request, or the difference is written down with its
//! reason.
//!
//! A [`case`] is asked of both brokers ([`run`]), the answers are compared ([`compare`]), what is meant is
//! looked up ([`differences`]), and what is not is cut down ([`shrink`]) and written out as a script. Scripts
//! lie in `scripts/`; [`generate`] draws more from the schemas. [`codec`] reads the schemas at run time, so the
//! generated codec is checked too.

// It compares real processes over real sockets: nothing here runs in simulation.
#![allow(clippy::disallowed_methods)]

pub mod batch;
pub mod brokers;
pub mod case;
pub mod codec;
pub mod compare;
pub mod connection;
pub mod differences;
pub mod draw;
pub mod dump;
pub mod generate;
pub mod groups;
pub mod report;
pub mod run;
pub mod session;
pub mod shrink;
pub mod value;
