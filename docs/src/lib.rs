//! The book, compiled: each page's samples are tests, and so are the house rules (`tests/tidy.rs`).

#[doc = include_str!("../../README.md")]
mod readme {}
