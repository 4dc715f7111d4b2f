//! Who waits for a partition to come so far.

use std::sync::{Arc, Weak};

use ottla_core::types::Offset;
use tokio::sync::Notify;

/// What somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// It can be read here: followers fetch it.
    Written,
    /// It is kept here.
    Kept,
    /// It is committed: the high watermark is there.
    Committed,
}

/// Somebody who is told when `at` is reached, and again at each step from there to `last`: a connection waits for
/// several ends at once.
struct Waiter {
    what: Reached,
    at: Offset,
    last: Offset,
    signal: Weak<Notify>,
}

/// Those who wait for one partition.
#[derive(Default)]
pub(super) struct Waiters(Vec<Waiter>);

impl Waiters {
    /// Tells `signal` once `at` is reached.
    pub(super) fn wait(&mut self, what: Reached, at: Offset, signal: &Arc<Notify>) {
        let same = |w: &&mut Waiter| w.what == what && std::ptr::eq(w.signal.as_ptr(), Arc::as_ptr(signal));
        if let Some(waiter) = self.0.iter_mut().find(same) {
            (waiter.at, waiter.last) = (waiter.at.min(at), waiter.last.max(at));
            return;
        }
        self.0.retain(|w| 0 < w.signal.strong_count());
        self.0.push(Waiter { what, at, last: at, signal: Arc::downgrade(signal) });
    }

    /// So much is reached now.
    pub(super) fn tell(&mut self, what: Reached, reached: Offset) {
        self.0.retain_mut(|waiter| {
            if waiter.what != what || reached < waiter.at {
                return true;
            }
            if let Some(signal) = waiter.signal.upgrade() {
                signal.notify_one();
            }
            waiter.at = reached + 1;
            waiter.at <= waiter.last
        });
    }

    /// Nothing will be as it was: all look again.
    pub(super) fn tell_all(&mut self) {
        for waiter in self.0.drain(..) {
            if let Some(signal) = waiter.signal.upgrade() {
                signal.notify_one();
            }
        }
    }
}
