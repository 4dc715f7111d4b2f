//! Kafka's messages: generated ones for every API, and hand-written walks where the hot path needs no struct.

#[rustfmt::skip]
#[allow(clippy::all, unused_variables, unreachable_patterns, unused_parens, missing_docs)]
pub mod generated;

pub use generated::{ApiKey, ApiSpec, Request, Response};
