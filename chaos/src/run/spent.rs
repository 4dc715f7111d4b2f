//! What the real time of a run goes to.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Real time, by what it went to. It differs from run to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// All of it.
    pub total: Duration,
    /// Looking at what must hold in every moment.
    pub invariants: Duration,
    /// Recovering images of disks.
    pub images: Duration,
    /// Reading everything back in the end, and judging it.
    pub judging: Duration,
}

/// Two runs are the same whatever time they took.
impl PartialEq for Spent {
    fn eq(&self, _: &Spent) -> bool {
        true
    }
}

impl Eq for Spent {}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, other: Spent) {
        self.total += other.total;
        self.invariants += other.invariants;
        self.images += other.images;
        self.judging += other.judging;
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share =
            |part: Duration| 100.0 * part.as_secs_f64() / self.total.as_secs_f64().max(f64::MIN_POSITIVE);
        let (invariants, images, judging) = (share(self.invariants), share(self.images), share(self.judging));
        let rest = 100.0 - invariants - images - judging;
        write!(
            f,
            "of the time, {rest:.0} % went to nodes, clients and their world, {invariants:.0} % to invariants, {images:.0} % to \
             images of disks, {judging:.0} % to reading back and judging"
        )
    }
}

/// The machine's clock, and not the one that simulation shows.
pub(super) fn now() -> Duration {
    let now = clock_gettime(ClockId::Monotonic);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}
