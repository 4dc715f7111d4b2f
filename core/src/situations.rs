//! What a search must get into sometimes (FoundationDB's `TEST`, Antithesis' `sometimes`), and of what was going
//! wrong meanwhile: who never gets there has shown nothing about it.
//!
//! A thread counts for itself, and only where debug assertions are on: a release build has nothing of it.

use std::cell::{Cell, RefCell};

/// How many kinds of faults can be told apart; the first stands for none.
pub const FAULTS: usize = 16;

macro_rules! situations {
    ($($name:ident = $sentence:literal,)*) => {
        /// A situation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Situation { $($name,)* }

        impl Situation {
            /// All of them, each with a sentence that says what it is.
            pub const ALL: &'static [(Situation, &'static str)] = &[$((Situation::$name, $sentence),)*];
        }
    };
}

situations! {
    CommitsUnderProposal = "a high watermark rises while a change of the in-sync set is pending",
    ProposalRefused = "the controller refuses an in-sync set",
    Diverges = "a follower's log is another than its leader's",
    Cut = "a follower cuts its log",
    BegunAnew = "a follower begins its log anew",
    NotEnough = "a producer is told that too few are in sync",
    EligibleElected = "somebody leads who was eligible and not in sync",
    UncleanElected = "somebody leads who may lack what was committed",
    MoveCompleted = "a reassignment is over",
    InDoubt = "a copy is taken out of an in-sync set because it is in doubt",
    Duplicate = "a producer's retry is recognised",
    OutOfOrder = "a producer's sequence number is refused",
    EpochFenced = "a producer's epoch is refused",
    TornTail = "recovery cuts what a loss of power left of the last writes",
    SnapshotRestored = "recovery begins from a snapshot of producers",
    VoteRefused = "a voter is refused a vote",
    QuorumLost = "a leader of the quorum has heard of too few, and gives up",
    VotersChanged = "the voters of the quorum change",
    GenerationFenced = "a member of an older generation is refused",
    StaticReplaced = "a static member comes back under its name",
}

/// How often each situation was reached, by what was going wrong.
pub type Reached = Vec<[u32; FAULTS]>;

thread_local! {
    static REACHED: RefCell<Reached> = const { RefCell::new(Vec::new()) };
    static FAULTY: Cell<u32> = const { Cell::new(0) };
}

/// Says that a situation was reached.
#[inline(always)]
pub fn reached(mark: Situation) {
    if cfg!(debug_assertions) {
        count(mark);
    }
}

#[cold]
fn count(mark: Situation) {
    let faulty = FAULTY.get();
    REACHED.with_borrow_mut(|reached| {
        reached.resize(Situation::ALL.len(), [0; FAULTS]);
        for (kind, count) in reached[mark as usize].iter_mut().enumerate() {
            *count += u32::from(faulty & 1 << kind != 0 || faulty == 0 && kind == 0);
        }
    });
}

/// A kind of fault, from 1 on, begins or ends in this thread's world.
pub fn fault(kind: usize, is_on: bool) {
    let bit = 1 << kind.min(FAULTS - 1);
    FAULTY.set(if is_on { FAULTY.get() | bit } else { FAULTY.get() & !bit });
}

/// What this thread has reached, and begins anew.
pub fn take() -> Reached {
    FAULTY.set(0);
    let mut reached = REACHED.take();
    reached.resize(Situation::ALL.len(), [0; FAULTS]);
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reached_counts_for_what_goes_wrong() {
        take();
        reached(Situation::Cut);
        fault(3, true);
        reached(Situation::Cut);
        fault(3, false);
        let reached = take();
        let (cut, others): (u32, u32) =
            (reached[Situation::Cut as usize].iter().sum(), reached.iter().flatten().sum());
        assert_eq!((cut, others, reached[Situation::Cut as usize][3]), (2, 2, 1));
        assert_eq!(take().iter().flatten().sum::<u32>(), 0);
    }
}
