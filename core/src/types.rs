//! The quantities of the field as types: two bare integers never travel together.

use std::{fmt, ops, str::FromStr, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A position in a partition: the number of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Offset(pub i64);

impl ops::Add<i64> for Offset {
    type Output = Offset;
    fn add(self, records: i64) -> Offset {
        Offset(self.0 + records)
    }
}

impl ops::Sub for Offset {
    type Output = i64;
    fn sub(self, earlier: Offset) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How often a partition, or the metadata quorum, has had a new leader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct LeaderEpoch(pub i32);

impl fmt::Display for LeaderEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A node of the cluster: Kafka's `node.id`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub i32);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An idempotent producer (KIP-98).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProducerId(pub i64);

/// Milliseconds since 1970 by a node's wall clock: may jump.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(pub i64);

/// Nanoseconds since a node's start: never goes back. Unlike the standard library's instant it can be
/// made, skewed and traced by a simulator.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Mono(pub u64);

impl Mono {
    /// An instant that is never reached.
    pub const NEVER: Mono = Mono(u64::MAX);

    /// The time since `earlier`; zero if that is later.
    pub fn since(self, earlier: Mono) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl ops::Add<Duration> for Mono {
    type Output = Mono;
    fn add(self, time: Duration) -> Mono {
        Mono(self.0.saturating_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)))
    }
}

/// A 128-bit id of a topic, cluster or directory; Kafka prints it as 22 characters of base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// «No id».
    pub const ZERO: Uuid = Uuid([0; 16]);

    /// An id from 128 random bits, marked as a version 4 UUID; its text never begins with a dash, as
    /// Kafka's do not, so that it can stand on a command line.
    pub fn from_random(mut draw: impl FnMut() -> u64) -> Uuid {
        loop {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&draw().to_be_bytes());
            bytes[8..].copy_from_slice(&draw().to_be_bytes());
            bytes[6] = bytes[6] & 0x0f | 0x40;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            let id = Uuid(bytes);
            if !id.to_string().starts_with('-') {
                return id;
            }
        }
    }
}

impl Uuid {
    /// As the rest of the world writes it: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    pub fn hyphenated(&self) -> String {
        let digits = format!("{:032x}", u128::from_be_bytes(self.0));
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Uuid {
    type Err = ();

    /// Reads the 22 characters that [`Uuid`] prints.
    fn from_str(text: &str) -> Result<Uuid, ()> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ())?;
        bytes.try_into().map(Uuid).map_err(|_| ())
    }
}

/// A topic's name that passed Kafka's rules: it cannot hold a path separator, so a directory may be named by it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TopicName(String);

impl TopicName {
    /// Checks a name.
    ///
    /// # Errors
    /// Kafka's sentence that says what is wrong with it.
    pub fn new(name: &str) -> Result<TopicName, String> {
        let wrong = |what: &str| Err(format!("Topic name is invalid: {what}"));
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        match name {
            "" => wrong("the empty string is not allowed"),
            "." | ".." => wrong("'.' or '..' is not allowed"),
            _ if crate::limits::TOPIC_NAME_MAX_BYTES < name.len() => {
                wrong(&format!("the length of '{name}' is longer than the max allowed length 249"))
            }
            _ if !name.chars().all(legal) => wrong(&format!(
                "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
            )),
            _ => Ok(TopicName(name.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether another name would share its metric's name: Kafka's metrics turn dots into underscores.
    pub fn collides(&self, other: &str) -> bool {
        self.0.len() == other.len()
            && self
                .0
                .bytes()
                .zip(other.bytes())
                .all(|(a, b)| a == b || matches!((a, b), (b'.', b'_') | (b'_', b'.')))
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The names of topics that clients may read but not produce to.
pub fn is_internal(topic: &str) -> bool {
    matches!(topic, "__consumer_offsets" | "__transaction_state" | "__share_group_state")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_print_as_kafka_prints_them() {
        let id = Uuid(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "MDEyMzQ1Njc4OWFiY2RlZg");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("short".parse::<Uuid>(), Err(()));
    }

    #[test]
    fn names_that_could_leave_the_directory_are_refused() {
        for name in ["", ".", "..", "a/b", "a\0b", "ü", "a b", &"x".repeat(250)] {
            assert!(TopicName::new(name).is_err(), "{name:?}");
        }
        assert!(TopicName::new(&"x".repeat(249)).is_ok());
        assert!(TopicName::new("a.b").unwrap().collides("a_b"));
        assert!(!TopicName::new("a.b").unwrap().collides("a-b"));
    }
}
