//! Snapshots of the metadata log: the image and the voters up to an offset, in one file of batches (KIP-630).
//!
//! The file is named by the offset at which it ends and by the epoch of the record before. It begins with a header and
//! ends with a footer; one without is not whole.

use bytes::{Bytes, BytesMut};

use super::{Image, records::Record};
use crate::{
    raft::{
        LogEnd, Membership, VoterHistory,
        control::{Control, control_batch, controls_of},
    },
    record::{
        BatchBuilder, Codec,
        batch::{batches, records},
    },
    types::{LeaderEpoch, Offset, Timestamp},
};

/// How large a batch of a snapshot becomes, in bytes.
const BATCH_BYTES: usize = 256 * 1024;
/// How the names of snapshots end.
const ENDING: &str = ".checkpoint";

/// The name of a snapshot's file.
pub fn file_name(id: LogEnd) -> String {
    format!("{:020}-{:010}{ENDING}", id.offset.0, id.epoch.0)
}

/// Which snapshot a file's name says it is, if it is the name of one.
pub fn parse_file_name(name: &str) -> Option<LogEnd> {
    let (offset, epoch) = name.strip_suffix(ENDING)?.split_once('-')?;
    let id = LogEnd { epoch: LeaderEpoch(epoch.parse().ok()?), offset: Offset(offset.parse().ok()?) };
    (file_name(id) == name).then_some(id)
}

/// The bytes of a snapshot; `last` is the time of the last record that it covers.
pub fn write(image: &Image, members: &Membership, id: LogEnd, last: Timestamp) -> Bytes {
    let mut out = BytesMut::new();
    let mut next = Offset(0);
    let mut append = |batch: &[u8], count: i64| {
        out.extend_from_slice(batch);
        next = next + count;
        next
    };
    let mut controls = vec![Control::SnapshotHeader(last)];
    if members.at.is_some() {
        controls.push(Control::Voters(members.voters.clone()));
    }
    controls.extend(members.is_formed.then_some(Control::Formed));
    let mut base = append(&control_batch(&controls, Offset(0), id.epoch, last), controls.len() as i64);
    let fresh = |base: Offset| {
        let mut builder = BatchBuilder::new(Codec::None);
        (builder.base_offset, builder.leader_epoch) = (base, id.epoch);
        builder
    };
    let mut builder = fresh(base);
    for record in image.snapshot() {
        builder.push(last.0, None, Some(&record.encode()), &[]);
        if BATCH_BYTES <= builder.size() {
            base = append(&builder.build(), builder.count().into());
            builder = fresh(base);
        }
    }
    if 0 < builder.count() {
        base = append(&builder.build(), builder.count().into());
    }
    append(&control_batch(&[Control::SnapshotFooter], base, id.epoch, last), 1);
    out.freeze()
}

/// What a snapshot says: the image, the voters, and the time of the last record that it covers.
///
/// # Errors
/// It is not whole, or of a release that writes what this one does not know.
pub fn read(bytes: &[u8], id: LogEnd) -> Result<(Image, Membership, Timestamp), String> {
    let (mut image, mut voters) = (Image::default(), VoterHistory::default());
    let (mut last, mut is_whole, mut read_to) = (None, false, 0);
    // The records of a snapshot lie at offsets of its own: what they say holds from its end on.
    let at = id.offset + -1;
    for (start, batch) in batches(bytes) {
        if !batch.is_intact() || is_whole {
            return Err(format!("{} is damaged", file_name(id)));
        }
        read_to = start + batch.size().unwrap_or(0);
        for (_, control) in controls_of(&batch)? {
            match control {
                Control::SnapshotHeader(time) => last = Some(time),
                Control::SnapshotFooter => is_whole = true,
                control => {
                    voters.note(at, &control);
                }
            }
        }
        if !batch.is_control() {
            for record in records(batch.payload()) {
                image.replay(&Record::decode(record.value.unwrap_or_default())?);
            }
        }
    }
    match last {
        Some(last) if is_whole && read_to == bytes.len() => Ok((image, voters.latest(), last)),
        _ => Err(format!("{} is cut off", file_name(id))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        controller::records::{Cluster, Partition, Topic},
        raft::{Voter, VoterSet},
        types::{NodeId, Uuid},
    };

    #[test]
    fn a_snapshot_is_the_image_and_half_of_one_is_none() {
        let mut image = Image::default();
        image.replay(&Record::Cluster(Cluster { id: vec![7; 16] }));
        for topic in 0..40u8 {
            image.replay(&Record::Topic(Topic { id: vec![topic; 16], name: format!("t{topic}") }));
            for index in 0..200 {
                let partition = Partition {
                    topic_id: vec![topic; 16],
                    index,
                    replicas: vec![1, 2, 3],
                    in_sync: vec![1, 2, 3],
                    leader: 1,
                    ..Default::default()
                };
                image.replay(&Record::Partition(partition));
            }
        }
        let id = LogEnd { epoch: LeaderEpoch(5), offset: Offset(123) };
        let voter = Voter { directory: Uuid([3; 16]), endpoints: Vec::new() };
        let voters: VoterSet = [(NodeId(1), voter)].into_iter().collect();
        let members =
            Membership { voters, at: Some(Offset(122)), before: VoterSet::default(), is_formed: true };
        let bytes = write(&image, &members, id, Timestamp(77));
        assert!(3 < batches(&bytes).count(), "it has several batches of records");
        let (read_image, read_members, last) = read(&bytes, id).expect("it is whole");
        assert_eq!(read_image, image);
        assert_eq!((read_members, last), (members, Timestamp(77)));
        for cut in (0..bytes.len()).step_by(997).chain([bytes.len() - 1]) {
            assert!(read(&bytes[..cut], id).is_err(), "{cut} of {} bytes", bytes.len());
        }
        let mut damaged = bytes.to_vec();
        damaged[bytes.len() / 2] ^= 1;
        assert!(read(&damaged, id).is_err());
        let name = file_name(id);
        assert_eq!(name, "00000000000000000123-0000000005.checkpoint");
        assert_eq!(parse_file_name(&name), Some(id));
        assert_eq!(parse_file_name("123-5.checkpoint"), None);
        assert_eq!(parse_file_name(&format!("{name}.tmp")), None);
    }
}
