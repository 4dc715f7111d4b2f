//! The times of the quorum.

use std::time::Duration;

/// The times of the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// `controller.quorum.election.timeout.ms`: a node waits so long for a leader, and up to twice as long.
    pub election_timeout: Duration,
    /// `controller.quorum.fetch.timeout.ms`: a follower whose fetches fail for so long stands.
    pub fetch_timeout: Duration,
}

impl Default for Timing {
    /// Kafka's defaults.
    fn default() -> Timing {
        Timing { election_timeout: Duration::from_secs(1), fetch_timeout: Duration::from_secs(2) }
    }
}

/// A time of its own for each node, up to twice as long.
fn spread(time: Duration, random: u64) -> Duration {
    let most = time.as_nanos() as u64;
    time + Duration::from_nanos(if most == 0 { 0 } else { random % most })
}

impl Timing {
    pub(super) fn election(&self, random: u64) -> Duration {
        spread(self.election_timeout, random)
    }

    pub(super) fn fetch(&self, random: u64) -> Duration {
        self.fetch_timeout + Duration::from_nanos(random % (self.fetch_timeout.as_nanos() as u64 / 4).max(1))
    }

    /// A follower whose connection to the leader was lost, and stays so, stands after this time.
    pub(super) fn lost(&self, random: u64) -> Duration {
        spread(self.election_timeout / 50, random)
    }

    /// A leader that hears of no majority for so long leads no more (KAFKA-15489: half as long again).
    pub(super) fn check_quorum(&self) -> Duration {
        self.fetch_timeout * 3 / 2
    }

    /// Who fetches at all has fetched in this time: a fetch waits for half a second at most.
    pub(super) fn recent(&self) -> Duration {
        self.fetch_timeout / 2
    }

    /// The first successor stands at once, the others one after the other.
    pub(super) fn successor(&self, rank: Option<usize>, random: u64) -> Duration {
        match rank {
            Some(rank) => self.election_timeout / 4 * rank.min(8) as u32,
            None => self.election(random),
        }
    }
}
