//! The control records of the metadata log and of its snapshots, in Kafka's formats (LeaderChangeMessage, VotersRecord,
//! KRaftVersionRecord, SnapshotHeaderRecord and SnapshotFooterRecord; KIP-595, KIP-630, KIP-853).

use bytes::BytesMut;

use super::voters::{ReplicaKey, Voter, VoterEndpoint, VoterSet};
use crate::{
    record::{
        BatchBuilder, BatchView, Codec,
        batch::{attributes, records},
    },
    types::{LeaderEpoch, NodeId, Offset, Timestamp, Uuid},
};

/// A control record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// An epoch begins.
    LeaderChange {
        /// Who leads it.
        leader: NodeId,
        /// The voters.
        voters: Vec<ReplicaKey>,
    },
    /// The voters, from here on.
    Voters(VoterSet),
    /// The quorum is formed: Kafka's `kraft.version` 1.
    Formed,
    /// A snapshot begins; the time of the last record that it covers.
    SnapshotHeader(Timestamp),
    /// A snapshot is whole.
    SnapshotFooter,
}

const LEADER_CHANGE: i16 = 2;
const SNAPSHOT_HEADER: i16 = 3;
const SNAPSHOT_FOOTER: i16 = 4;
const KRAFT_VERSION: i16 = 5;
const KRAFT_VOTERS: i16 = 6;

impl Control {
    fn kind(&self) -> i16 {
        match self {
            Control::LeaderChange { .. } => LEADER_CHANGE,
            Control::SnapshotHeader(_) => SNAPSHOT_HEADER,
            Control::SnapshotFooter => SNAPSHOT_FOOTER,
            Control::Formed => KRAFT_VERSION,
            Control::Voters(_) => KRAFT_VOTERS,
        }
    }

    fn value(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Control::LeaderChange { leader, voters } => {
                out.extend(1i16.to_be_bytes());
                out.extend(leader.0.to_be_bytes());
                write_length(&mut out, voters.len());
                for voter in voters {
                    out.extend(voter.node.0.to_be_bytes());
                    out.extend(voter.directory.0);
                    out.push(0);
                }
                // Who granted its vote is not written down.
                write_length(&mut out, 0);
            }
            Control::SnapshotHeader(last) => {
                out.extend(0i16.to_be_bytes());
                out.extend(last.0.to_be_bytes());
            }
            Control::SnapshotFooter => out.extend(0i16.to_be_bytes()),
            Control::Formed => out.extend([0, 0, 0, 1]),
            Control::Voters(voters) => {
                out.extend(0i16.to_be_bytes());
                write_length(&mut out, voters.len());
                voters.iter().for_each(|(node, voter)| write_voter(&mut out, node, voter));
            }
        }
        // No tagged fields.
        out.push(0);
        out
    }

    fn read(key: &[u8], value: &[u8]) -> Result<Control, String> {
        let kind = match key {
            [0, 0, a, b, ..] => i16::from_be_bytes([*a, *b]),
            _ => return Err("a control record's key is none that this release knows".into()),
        };
        let mut rest = Reader(value);
        let damaged = || format!("a control record of kind {kind} is cut off, or of a version unknown here");
        let read = match kind {
            LEADER_CHANGE => rest.leader_change(),
            SNAPSHOT_HEADER => {
                rest.version(0).and_then(|()| Some(Control::SnapshotHeader(Timestamp(rest.i64()?))))
            }
            SNAPSHOT_FOOTER => rest.version(0).map(|()| Control::SnapshotFooter),
            KRAFT_VERSION => rest.version(0).and_then(|()| rest.version(1)).map(|()| Control::Formed),
            KRAFT_VOTERS => rest.voters(),
            _ => return Err(format!("this release does not know control records of kind {kind}")),
        };
        read.filter(|_| rest.no_tags().is_some() && rest.0.is_empty()).ok_or_else(damaged)
    }
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    let mut left = length + 1;
    while 0x7f < left {
        out.push(left as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_length(out, text.len());
    out.extend(text.as_bytes());
}

fn write_voter(out: &mut Vec<u8>, node: NodeId, voter: &Voter) {
    out.extend(node.0.to_be_bytes());
    out.extend(voter.directory.0);
    write_length(out, voter.endpoints.len());
    for endpoint in &voter.endpoints {
        write_text(out, &endpoint.listener);
        write_text(out, &endpoint.host);
        out.extend(endpoint.port.to_be_bytes());
        out.push(0);
    }
    // It knows kraft.version 0 to 1.
    out.extend([0, 0, 0, 1, 0]);
    out.push(0);
}

/// What is left of a record's value.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn version(&mut self, known: i16) -> Option<()> {
        (i16::from_be_bytes(self.take()?) == known).then_some(())
    }

    fn i32(&mut self) -> Option<i32> {
        self.take().map(i32::from_be_bytes)
    }

    fn i64(&mut self) -> Option<i64> {
        self.take().map(i64::from_be_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        let mut value = 0usize;
        for shift in (0..35).step_by(7) {
            let [byte] = self.take()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return value.checked_sub(1);
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = self.length()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    /// No release has written tagged fields.
    fn no_tags(&mut self) -> Option<()> {
        (self.take()? == [0]).then_some(())
    }

    /// Version 0, which earlier releases wrote, has no directories.
    fn leader_change(&mut self) -> Option<Control> {
        let version = i16::from_be_bytes(self.take()?);
        let has_directories = (0..=1).contains(&version).then_some(version == 1)?;
        let leader = NodeId(self.i32()?);
        let voters = self.replicas(has_directories)?;
        let _granted = self.replicas(has_directories)?;
        Some(Control::LeaderChange { leader, voters })
    }

    fn replicas(&mut self, has_directories: bool) -> Option<Vec<ReplicaKey>> {
        let length = self.length()?;
        let one = |_| {
            let node = NodeId(self.i32()?);
            let directory = if has_directories { Uuid(self.take()?) } else { Uuid::ZERO };
            self.no_tags()?;
            Some(ReplicaKey { node, directory })
        };
        (0..length).map(one).collect()
    }

    fn voters(&mut self) -> Option<Control> {
        self.version(0)?;
        let voters: Option<VoterSet> = (0..self.length()?).map(|_| self.voter()).collect();
        voters.map(Control::Voters)
    }

    fn voter(&mut self) -> Option<(NodeId, Voter)> {
        let (node, directory) = (NodeId(self.i32()?), Uuid(self.take()?));
        let endpoints = (0..self.length()?).map(|_| {
            let (listener, host) = (self.text()?, self.text()?);
            let port = u16::from_be_bytes(self.take()?);
            self.no_tags()?;
            Some(VoterEndpoint { listener, host, port })
        });
        let endpoints = endpoints.collect::<Option<_>>()?;
        let _versions: [u8; 4] = self.take()?;
        self.no_tags()?;
        self.no_tags()?;
        Some((node, Voter { directory, endpoints }))
    }
}

/// A control batch of these records.
pub fn control_batch(controls: &[Control], base: Offset, epoch: LeaderEpoch, now: Timestamp) -> BytesMut {
    let mut builder = BatchBuilder::new(Codec::None);
    (builder.flags, builder.leader_epoch, builder.base_offset) = (attributes::CONTROL, epoch, base);
    for control in controls {
        let key = [&0i16.to_be_bytes()[..], &control.kind().to_be_bytes()].concat();
        builder.push(now.0, Some(&key), Some(&control.value()), &[]);
    }
    BytesMut::from(&builder.build()[..])
}

/// The control records of a batch, and where they lie; none in a batch of other records.
///
/// # Errors
/// It has one that this release does not know.
pub fn controls_of(batch: &BatchView<'_>) -> Result<Vec<(Offset, Control)>, String> {
    if !batch.is_control() {
        return Ok(Vec::new());
    }
    let one = |r: crate::record::batch::Record<'_>| {
        let control = Control::read(r.key.unwrap_or_default(), r.value.unwrap_or_default())?;
        Ok((batch.base_offset() + r.offset_delta, control))
    };
    records(batch.payload()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let directory = Uuid(*b"0123456789abcdef");
        let endpoint = VoterEndpoint { listener: "CONTROLLER".into(), host: "h".repeat(300), port: 9093 };
        let voter = Voter { directory, endpoints: vec![endpoint] };
        let voters: VoterSet = [(NodeId(1), voter), (NodeId(7), Voter::default())].into_iter().collect();
        let all = [
            Control::LeaderChange {
                leader: NodeId(7),
                voters: vec![ReplicaKey { node: NodeId(1), directory }],
            },
            Control::Voters(voters),
            Control::Formed,
            Control::SnapshotHeader(Timestamp(1_700_000_000_000)),
            Control::SnapshotFooter,
        ];
        let bytes = control_batch(&all, Offset(40), LeaderEpoch(3), Timestamp(5));
        let view = BatchView::new(&bytes).expect("it is whole");
        assert!(view.is_control() && view.is_intact());
        let read = controls_of(&view).expect("all are known");
        let expected: Vec<_> = (40..).map(Offset).zip(all.clone()).collect();
        assert_eq!(read, expected);
        for control in &all {
            let (kind, value) = (control.kind().to_be_bytes(), control.value());
            for cut in 0..value.len() {
                let read = Control::read(&[0, 0, kind[0], kind[1]], &value[..cut]);
                assert!(read.is_err(), "{control:?} cut to {cut} bytes is {read:?}");
            }
        }
        assert!(Control::read(&[0, 0, 0, 9], &[]).unwrap_err().contains("kind 9"));
    }
}
