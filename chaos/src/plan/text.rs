//! How values of other crates stand in the text of a plan.

use ottla_client::group::Protocol;
use ottla_core::record::Codec;
use ottla_sim::Crash;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Codec")]
pub(super) enum CodecText {
    // `None` is a word of the text's own.
    #[serde(rename = "Uncompressed")]
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Protocol")]
pub(super) enum ProtocolText {
    Classic,
    Consumer,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Crash")]
pub(super) enum CrashText {
    Process,
    Power,
}
