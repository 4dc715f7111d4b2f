//! Every bound, in one place, with its unit and its reason. Relations between bounds are checked at compile time.

/// Largest request, in bytes. Kafka's `socket.request.max.bytes` at its default.
pub const REQUEST_SIZE_MAX_BYTES: usize = 100 * 1024 * 1024;
/// Most elements in an array of the wire.
pub const ARRAY_LENGTH_MAX: usize = 1_000_000;
/// Most elements for which memory is taken before they were read.
pub const ARRAY_AHEAD_MAX: usize = 1_000;
/// Most tagged fields in one struct of the wire.
pub const TAGGED_FIELDS_MAX: u32 = 10_000;
/// Longest string of the wire, in bytes: Kafka writes its length as `i16` where it is not compact.
pub const STRING_LENGTH_MAX_BYTES: usize = 0x7fff;
/// Longest topic name, in bytes: the name is part of a directory's name.
pub const TOPIC_NAME_MAX_BYTES: usize = 249;
/// Most partitions that one request may create.
pub const PARTITIONS_PER_REQUEST_MAX: usize = 10_000;
/// Most partitions that one broker serves.
pub const PARTITIONS_MAX: usize = 200_000;
/// Last batches that are remembered for each producer and partition (KIP-98: `max.in.flight` is at most five).
pub const PRODUCER_BATCHES_MAX: usize = 5;
/// Most bytes that one compressed batch may have when it is decompressed.
pub const DECOMPRESSED_SIZE_MAX_BYTES: usize = 64 * 1024 * 1024;
/// The receive buffer of a connection, in bytes: small enough that what is in flight stays in the L2 cache.
pub const RECEIVE_BUFFER_BYTES: usize = 256 * 1024;
/// Bytes of a long frame that one wake-up is for: fewer cost whoever sends them more wake-ups than copying.
pub const RECEIVE_LOW_WATER_BYTES: usize = 512 * 1024;
/// The last bytes of a long frame, which are not waited for together: a sender with Nagle's algorithm holds its last
/// segment, on the loopback of almost 64 KiB, until what it sent before was acknowledged.
pub const RECEIVE_LAST_BYTES: usize = 64 * 1024;
/// Longest that a frame may take to arrive before its receiver is woken for each part of it, and then the shortest before
/// its rate is judged, in milliseconds.
pub const RECEIVE_LOW_WATER_MAX_MS: u64 = 1_000;
/// The receive buffer of an idle connection, in bytes.
pub const RECEIVE_BUFFER_IDLE_BYTES: usize = 2 * 1024;
/// Most produce requests of one connection that wait for the high watermark.
pub const PRODUCE_IN_FLIGHT_MAX: usize = 512;
/// Most bytes of replies that wait for a client to read them, before its connection stops reading requests.
pub const REPLY_BYTES_MAX: usize = 1024 * 1024;
/// Longest that a client may leave a reply unread, in milliseconds.
pub const WRITE_STALL_MAX_MS: u64 = 60_000;
/// Slowest that a frame may arrive, in bytes a second, averaged over `FRAME_RATE_WINDOW_MS`.
pub const FRAME_RATE_MIN_BYTES_PER_S: u64 = 1024;
/// The window over which a frame's arrival is averaged, in milliseconds.
pub const FRAME_RATE_WINDOW_MS: u64 = 30_000;
/// Fetched ranges up to this size are copied into the reply; longer ones are sent from the file.
pub const FETCH_COPY_MAX_BYTES: usize = 16 * 1024;
/// Producer ids that are taken from the metadata log at a time (KIP-730).
pub const PRODUCER_ID_BLOCK: i64 = 1_000;
/// Bytes that are appended to a directory's logs between two recovery checkpoints.
pub const CHECKPOINT_EVERY_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes of records in one batch of a shard's log; more are cut into several batches.
pub const SHARD_BATCH_MAX_BYTES: usize = 512 * 1024;
/// Bytes that the members of one group may keep at the coordinator: metadata and assignments.
pub const GROUP_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Protocols that one member of a group may name.
pub const PROTOCOLS_MAX: usize = 1_000;
/// Bytes of one answer about groups: what lies behind is refused.
pub const GROUP_ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;
/// Memory of a compiled regular expression of a subscription, in bytes.
pub const REGEX_MAX_BYTES: usize = 512 * 1024;
/// Regular expressions that the members of one group may name: each is searched in all topics.
pub const REGEXES_MAX: usize = 100;
/// Shortest time between two searches for the topics of a group's regular expressions, in milliseconds.
pub const REGEX_REFRESH_MIN_MS: u64 = 10_000;
/// Ids of one group that were given out and have not joined.
pub const GROUP_PENDING_MAX: usize = 10_000;
/// Longest part of a member's id that its client's own name makes, in bytes.
pub const MEMBER_ID_NAME_MAX_BYTES: usize = 255;

const _: () = assert!(SHARD_BATCH_MAX_BYTES < GROUP_MAX_BYTES && GROUP_MAX_BYTES < REQUEST_SIZE_MAX_BYTES);
const _: () = assert!(RECEIVE_BUFFER_BYTES < REQUEST_SIZE_MAX_BYTES);
const _: () = assert!(ARRAY_AHEAD_MAX < ARRAY_LENGTH_MAX);
const _: () = assert!(RECEIVE_BUFFER_IDLE_BYTES < RECEIVE_BUFFER_BYTES);
const _: () = assert!(PARTITIONS_PER_REQUEST_MAX < PARTITIONS_MAX);
