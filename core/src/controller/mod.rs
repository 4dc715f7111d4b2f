//! The controller: a shard that decides about topics, partitions and brokers.
//!
//! A command is handled against the image and answered with records; only [`Image::replay`] changes
//! state, on the controller and on every broker alike. What the controller knows beside the log, who was heard of
//! and when, is in [`Sessions`].

pub mod brokers;
mod configs;
pub mod elections;
pub mod image;
pub mod partitions;
pub mod placement;
pub mod reassign;
pub mod records;
pub mod snapshot;
mod topics;

pub use brokers::Sessions;
pub use configs::{ConfigChange, alter_configs, replace_configs};
pub use image::{BrokerImage, Image, PartitionImage, TopicImage};
pub use topics::{
    NewTopic, TopicDefaults, allocate_producer_ids, create_partitions, create_topics, delete_topic,
};

use crate::errors::ErrorCode;

/// Why a command was refused: what the client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: ErrorCode,
    /// The sentence.
    pub message: String,
}

/// Refuses.
///
/// # Errors
/// Always.
pub fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code, message: message.into() })
}
