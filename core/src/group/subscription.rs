//! What consumers of the classic protocol say to each other through the coordinator: ConsumerProtocolSubscription and
//! ConsumerProtocolAssignment (KIP-429, KIP-792, KIP-881). The coordinator reads them where members of both protocols
//! are in one group.

use std::collections::BTreeSet;

use bytes::{BufMut, Bytes, BytesMut};

/// Partitions, topic by topic, by their names.
pub type Named = Vec<(String, Vec<i32>)>;

/// What a consumer says when it joins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscribed {
    /// The version that it writes, and reads.
    pub version: i16,
    /// The topics that it reads.
    pub topics: BTreeSet<String>,
    /// What it has not given back; nothing where its assignor takes everything back first.
    pub owned: Named,
    /// Its rack.
    pub rack: Option<String>,
}

/// The latest version of both messages.
const LATEST: i16 = 3;

/// What is left of a message.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn i16(&mut self) -> Option<i16> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i16::from_be_bytes(*taken))
    }

    fn i32(&mut self) -> Option<i32> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i32::from_be_bytes(*taken))
    }

    fn take(&mut self, count: i32) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// The inner `None` is null.
    fn text(&mut self) -> Option<Option<String>> {
        match self.i16()? {
            -1 => Some(None),
            length => std::str::from_utf8(self.take(length.into())?).ok().map(|text| Some(text.to_owned())),
        }
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.i32()?).map(|_| one(self)).collect()
    }

    fn topics(&mut self) -> Option<BTreeSet<String>> {
        self.many(|rest| rest.text()?).map(|topics| topics.into_iter().collect())
    }

    fn named(&mut self) -> Option<Named> {
        self.many(|rest| Some((rest.text()??, rest.many(Self::i32)?)))
    }

    fn user_data(&mut self) -> Option<()> {
        match self.i32()? {
            -1 => Some(()),
            length => self.take(length).map(|_| ()),
        }
    }
}

/// The topics of a subscription, whatever follows them.
pub fn topics_of(metadata: &[u8]) -> Option<BTreeSet<String>> {
    let mut rest = Rest(metadata);
    rest.i16()?;
    rest.topics()
}

/// Reads a subscription; one of a later version as far as it is known here.
pub fn read_subscription(metadata: &[u8]) -> Option<Subscribed> {
    let mut rest = Rest(metadata);
    let version = rest.i16().filter(|version| 0 <= *version)?;
    let topics = rest.topics()?;
    rest.user_data()?;
    let owned = if 1 <= version { rest.named()? } else { Named::new() };
    if 2 <= version {
        // The generation in which it had that is no more of use than what it has.
        rest.i32()?;
    }
    let rack = if 3 <= version { rest.text()? } else { None };
    Some(Subscribed { version: version.min(LATEST), topics, owned, rack })
}

/// Reads an assignment; an empty one where nothing was assigned yet.
pub fn read_assignment(assignment: &[u8]) -> Option<Named> {
    if assignment.is_empty() {
        return Some(Named::new());
    }
    let mut rest = Rest(assignment);
    rest.i16().filter(|version| 0 <= *version)?;
    rest.named()
}

/// Writes an assignment for a member that reads this version.
pub fn write_assignment(version: i16, assigned: &Named) -> Bytes {
    let mut out = BytesMut::new();
    out.put_i16(version);
    out.put_i32(assigned.len() as i32);
    for (topic, partitions) in assigned {
        out.put_i16(topic.len() as i16);
        out.put_slice(topic.as_bytes());
        out.put_i32(partitions.len() as i32);
        partitions.iter().for_each(|partition| out.put_i32(*partition));
    }
    // No user data.
    out.put_i32(-1);
    out.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_assigned_is_read_back() {
        let named: Named = vec![("flights".into(), vec![0, 3]), ("planes".into(), vec![])];
        let bytes = write_assignment(1, &named);
        assert_eq!(read_assignment(&bytes), Some(named));
        assert_eq!(read_assignment(&[]), Some(Named::new()));
        for cut in 1..bytes.len() - 4 {
            assert_eq!(read_assignment(&bytes[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn each_version_of_a_subscription_is_read() {
        let mut bytes = vec![0, 3, 0, 0, 0, 1, 0, 1, b'a', 0xff, 0xff, 0xff, 0xff];
        let zero = [&[0, 0], &bytes[2..]].concat();
        let plain = Subscribed { topics: ["a".to_owned()].into(), ..Subscribed::default() };
        assert_eq!(read_subscription(&zero), Some(plain.clone()));
        bytes.extend([0, 0, 0, 1, 0, 1, b'a', 0, 0, 0, 1, 0, 0, 0, 5]);
        let one = [&[0, 1], &bytes[2..]].concat();
        let owned = vec![("a".to_owned(), vec![5])];
        assert_eq!(
            read_subscription(&one),
            Some(Subscribed { version: 1, owned: owned.clone(), ..plain.clone() })
        );
        bytes.extend([0, 0, 0, 7, 0, 1, b'r']);
        let three = Subscribed { version: 3, owned, rack: Some("r".into()), ..plain };
        assert_eq!(read_subscription(&bytes), Some(three));
        for cut in 0..bytes.len() {
            assert_eq!(read_subscription(&bytes[..cut]), None, "cut at {cut}");
        }
        assert_eq!(topics_of(&bytes), Some(["a".to_owned()].into()));
    }
}
