//! Which leader epoch began at which offset (KIP-101): where a follower must cut its log, and what
//! OffsetForLeaderEpoch answers. Kept in Kafka's text file `leader-epoch-checkpoint`.

use crate::types::{LeaderEpoch, Offset};

/// Epochs and their start offsets, both ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaderEpochs(Vec<(LeaderEpoch, Offset)>);

impl LeaderEpochs {
    /// Reads the checkpoint's text; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<LeaderEpochs> {
        let mut lines = text.lines();
        if lines.next()? != "0" {
            return None;
        }
        let count: usize = lines.next()?.parse().ok()?;
        let mut epochs = LeaderEpochs::default();
        for line in lines {
            let (epoch, start) = line.split_once(' ')?;
            epochs.0.push((LeaderEpoch(epoch.parse().ok()?), Offset(start.parse().ok()?)));
        }
        let ascends = epochs.0.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1);
        (epochs.0.len() == count && ascends).then_some(epochs)
    }

    /// The checkpoint's text.
    pub fn print(&self) -> String {
        let lines: String = self.0.iter().map(|(epoch, start)| format!("{epoch} {start}\n")).collect();
        format!("0\n{}\n{lines}", self.0.len())
    }

    /// The latest epoch.
    pub fn latest(&self) -> Option<LeaderEpoch> {
        self.0.last().map(|(epoch, _)| *epoch)
    }

    /// Notes that records from `start` on belong to `epoch`; says whether that is new. An epoch that got
    /// no record gives way to the next one.
    pub fn assign(&mut self, epoch: LeaderEpoch, start: Offset) -> bool {
        if self.latest().is_some_and(|latest| epoch <= latest) {
            return false;
        }
        while self.0.last().is_some_and(|(_, last)| start <= *last) {
            self.0.pop();
        }
        self.0.push((epoch, start));
        true
    }

    /// Forgets what begins at or after `end`: the log was cut there.
    pub fn truncate_from_end(&mut self, end: Offset) {
        self.0.retain(|(_, start)| *start < end);
    }

    /// Forgets what lies below `log_start`; the epoch that reaches across it now begins there.
    pub fn truncate_from_start(&mut self, log_start: Offset) {
        let below = self.0.iter().filter(|(_, start)| *start <= log_start).count();
        if 1 < below {
            self.0.drain(..below - 1);
        }
        if let Some(first) = self.0.first_mut()
            && 0 < below
        {
            first.1 = log_start;
        }
    }

    /// The epoch of the record at `offset`.
    pub fn epoch_at(&self, offset: Offset) -> Option<LeaderEpoch> {
        self.0.iter().rev().find(|(_, start)| *start <= offset).map(|(epoch, _)| *epoch)
    }

    /// The largest epoch at most `asked`, and where it ends; `None` if `asked` is later than ours or we
    /// know of none. Before the first epoch: `asked` itself and where the first begins.
    pub fn end_of(&self, asked: LeaderEpoch, log_end: Offset) -> Option<(LeaderEpoch, Offset)> {
        let latest = self.latest()?;
        if latest < asked || asked == LeaderEpoch(-1) {
            return None;
        }
        if latest == asked {
            return Some((asked, log_end));
        }
        let after = self.0.iter().position(|(epoch, _)| asked < *epoch).expect("the latest is later");
        let end = self.0[after].1;
        Some(after.checked_sub(1).map_or((asked, end), |at| (self.0[at].0, end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs() -> LeaderEpochs {
        LeaderEpochs::parse("0\n3\n1 10\n3 20\n4 35\n").unwrap()
    }

    #[test]
    fn the_end_of_an_epoch_is_the_start_of_the_next() {
        let end = |epoch| epochs().end_of(LeaderEpoch(epoch), Offset(50)).map(|(e, o)| (e.0, o.0));
        assert_eq!(end(4), Some((4, 50)));
        assert_eq!(end(3), Some((3, 35)));
        assert_eq!(end(2), Some((1, 20)));
        assert_eq!(end(0), Some((0, 10)));
        assert_eq!((end(5), end(-1)), (None, None));
    }

    #[test]
    fn an_epoch_without_records_gives_way() {
        let mut e = epochs();
        assert!(e.assign(LeaderEpoch(6), Offset(50)) && e.assign(LeaderEpoch(7), Offset(50)));
        assert!(!e.assign(LeaderEpoch(7), Offset(60)));
        assert_eq!(e.print(), "0\n4\n1 10\n3 20\n4 35\n7 50\n");
        e.truncate_from_end(Offset(35));
        e.truncate_from_start(Offset(25));
        assert_eq!(e.print(), "0\n1\n3 25\n");
    }
}
