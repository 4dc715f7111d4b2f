//! Record batches, format version 2 (KIP-98), as producers make them and as files hold them.
//!
//! ```text
//! offset  size  field
//!      0     8  base offset             set by the leader; outside the checksum
//!      8     4  batch length            the bytes after this field
//!     12     4  partition leader epoch  set by the leader; outside the checksum
//!     16     1  magic                   2
//!     17     4  crc                     CRC-32C of everything from the attributes on
//!     21     2  attributes              bits 0-2 codec, 3 log append time, 4 transactional,
//!                                       5 control, 6 delete horizon
//!     23     4  last offset delta
//!     27     8  base timestamp          milliseconds since 1970
//!     35     8  max timestamp
//!     43     8  producer id
//!     51     2  producer epoch
//!     53     4  base sequence
//!     57     4  record count
//!     61     …  records                 compressed as a whole if the codec says so
//! ```
//! A record: length varint, attributes i8, timestamp delta varlong, offset delta varint, key and value
//! (varint length, -1 for null, then bytes), header count varint, then key and value of each header.

pub mod batch;
pub mod builder;
pub mod check;
pub mod compression;
pub mod stream;
pub mod varint;

pub use batch::{BatchView, Codec, Record};
pub use builder::BatchBuilder;
pub use check::{BatchError, Rules};

/// Bytes before the records.
pub const HEADER_BYTES: usize = 61;
/// Bytes before those that the batch length counts.
pub const LENGTH_OVERHEAD_BYTES: usize = 12;

/// The CRC-32C of `bytes` (Castagnoli's polynomial, as iSCSI's), by the processor's own instructions.
pub fn crc32c(bytes: &[u8]) -> u32 {
    crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, bytes) as u32
}
