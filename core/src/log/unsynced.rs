//! Which partitions may have acknowledged what no sync has covered.
//!
//! A topic with page-cache flush acknowledges what it has written, and a power loss takes that. Whoever comes back from
//! one must not pass for a replica that has everything. So before the first such acknowledgement of a partition a file
//! of its log directory says so, durably, with the kernel's boot in which that was: a process that is started again
//! under the same kernel finds everything in the page cache.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;

use crate::{
    framed::{frame, unframe},
    types::Uuid,
};

/// The file's name.
pub const UNSYNCED_FILE: &str = ".ottla-unsynced";

/// A partition: the topic's id, and its number.
pub type Place = (Uuid, i32);

/// What the file says: the partitions, and the boot in which each was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsynced(BTreeMap<Place, Uuid>);

#[derive(Clone, PartialEq, prost::Message)]
struct Stored {
    #[prost(message, repeated, tag = "1")]
    partitions: Vec<StoredPlace>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct StoredPlace {
    #[prost(bytes = "vec", tag = "1")]
    topic_id: Vec<u8>,
    #[prost(int32, tag = "2")]
    index: i32,
    #[prost(bytes = "vec", tag = "3")]
    boot: Vec<u8>,
}

impl Unsynced {
    /// Notes a partition.
    pub fn insert(&mut self, place: Place, boot: Uuid) {
        self.0.insert(place, boot);
    }

    /// The partitions that may lack something under the kernel of this boot: all that were noted under another one, and
    /// the others where the page cache cannot be believed.
    pub fn in_doubt(&self, boot: Uuid, cache_in_doubt: bool) -> BTreeSet<Place> {
        self.0
            .iter()
            .filter(|(_, noted)| cache_in_doubt || **noted != boot)
            .map(|(place, _)| *place)
            .collect()
    }

    /// The file's bytes, framed.
    pub fn to_file(&self) -> Vec<u8> {
        let stored = |((topic, index), boot): (&Place, &Uuid)| StoredPlace {
            topic_id: topic.0.to_vec(),
            index: *index,
            boot: boot.0.to_vec(),
        };
        frame(&Stored { partitions: self.0.iter().map(stored).collect() }.encode_to_vec())
    }

    /// Reads the file; `None` if it is damaged.
    pub fn from_file(bytes: &[u8]) -> Option<Unsynced> {
        let stored = Stored::decode(unframe(bytes)?).ok()?;
        let read = |p: StoredPlace| {
            let (topic, boot) = (p.topic_id.try_into().ok()?, p.boot.try_into().ok()?);
            Some(((Uuid(topic), p.index), Uuid(boot)))
        };
        stored.partitions.into_iter().map(read).collect::<Option<_>>().map(Unsynced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_under_another_kernel_is_in_doubt() {
        let (now, before) = (Uuid([1; 16]), Uuid([2; 16]));
        let (kept, lost) = ((Uuid([7; 16]), 0), (Uuid([7; 16]), 3));
        let mut noted = Unsynced::default();
        noted.insert(kept, now);
        noted.insert(lost, before);
        let file = noted.to_file();
        assert_eq!(Unsynced::from_file(&file), Some(noted.clone()));
        assert_eq!(noted.in_doubt(now, false), [lost].into());
        assert_eq!(noted.in_doubt(now, true), [kept, lost].into());
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert_eq!(Unsynced::from_file(&damaged), None);
        }
    }
}
