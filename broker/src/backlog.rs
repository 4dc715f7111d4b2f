//! Work that waits for one worker: each owner stands in the backlog at most once, and none that has work is
//! missed, though owners and worker run on different cores.
//!
//! The rule that makes it so: the worker clears an owner's mark *before* it looks at what there is to do.
//! Then whatever an owner adds is either seen by that look, or finds the mark cleared and enters again.

#[cfg(test)]
use shuttle::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};
#[cfg(not(test))]
use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

/// Whether an owner stands in a backlog.
#[derive(Debug)]
pub(crate) struct Mark(AtomicBool);

impl Mark {
    pub(crate) fn new() -> Mark {
        Mark(AtomicBool::new(false))
    }

    /// The worker is about to look at the owner's work.
    pub(crate) fn clear(&self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// The owners that have work.
#[derive(Debug)]
pub(crate) struct Backlog<T>(Mutex<Vec<T>>);

impl<T> Backlog<T> {
    pub(crate) fn new() -> Backlog<T> {
        Backlog(Mutex::new(Vec::new()))
    }

    /// Enters an owner unless it waits already; returns how many wait since it came, 0 if it did not enter.
    pub(crate) fn enter(&self, mark: &Mark, owner: impl FnOnce() -> T) -> usize {
        if mark.0.swap(true, Ordering::SeqCst) {
            return 0;
        }
        let mut waiting = self.0.lock().expect(NO_PANIC);
        waiting.push(owner());
        waiting.len()
    }

    /// Takes all that wait. Each one's mark is cleared by whoever looks at its work.
    pub(crate) fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.0.lock().expect(NO_PANIC))
    }
}

const NO_PANIC: &str = "a panic under a lock ends the process";

#[cfg(test)]
mod tests {
    use shuttle::{sync::Arc, thread};

    use super::*;

    /// A partition as the flusher sees it.
    struct Owner {
        mark: Mark,
        /// Log end and durable end.
        ends: Mutex<(u32, u32)>,
    }

    /// One round of the flusher; says whether there was anything to do.
    fn round(backlog: &Backlog<Arc<Owner>>, clear_first: bool) -> bool {
        let taken = backlog.take();
        for owner in &taken {
            if clear_first {
                owner.mark.clear();
            }
            let end = owner.ends.lock().unwrap().0;
            thread::yield_now(); // The sync.
            if !clear_first {
                owner.mark.clear();
            }
            owner.ends.lock().unwrap().1 = end;
        }
        !taken.is_empty()
    }

    fn model(clear_first: bool) {
        let backlog = Arc::new(Backlog::new());
        let owners: Vec<_> =
            (0..2).map(|_| Arc::new(Owner { mark: Mark::new(), ends: Mutex::new((0, 0)) })).collect();
        let writers: Vec<_> = (0..3)
            .map(|n| {
                let (backlog, owner) = (backlog.clone(), owners[n % 2].clone());
                thread::spawn(move || {
                    for _ in 0..2 {
                        owner.ends.lock().unwrap().0 += 1;
                        backlog.enter(&owner.mark, || owner.clone());
                    }
                })
            })
            .collect();
        let flusher = {
            let backlog = backlog.clone();
            thread::spawn(move || (0..4).for_each(|_| _ = round(&backlog, clear_first)))
        };
        writers.into_iter().for_each(|w| w.join().unwrap());
        flusher.join().unwrap();
        while round(&backlog, clear_first) {}
        for owner in owners {
            let (end, durable) = *owner.ends.lock().unwrap();
            assert_eq!(end, durable, "a write was missed");
        }
    }

    #[test]
    fn nothing_that_was_written_is_missed() {
        shuttle::check_random(|| model(true), 5_000);
        shuttle::check_pct(|| model(true), 5_000, 3);
    }

    #[test]
    #[should_panic(expected = "a write was missed")]
    fn clearing_the_mark_after_the_look_is_found() {
        shuttle::check_random(|| model(false), 5_000);
    }
}
