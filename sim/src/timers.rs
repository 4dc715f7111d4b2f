//! Timers of a simulated world.
//!
//! madsim keeps a timer until it is due, even if nobody waits any more, and then wakes whoever did. A broker has an alarm
//! for every request, and hardly one goes off: so they are kept here, where they can be taken out again, and madsim knows of
//! the next one only. A task of its own, the timekeeper, wakes whose time has come.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Mutex, MutexGuard},
    task::{Context, Poll, Waker},
    time::Duration,
};

use madsim::time::TimeHandle;

use crate::world::World;

/// When it is due, and its number.
type Key = (u64, u64);

/// Longer than any run: no timer is made for it.
const NEVER: Duration = Duration::from_secs(86_400 * 30);

#[derive(Default)]
pub(crate) struct Timers(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    waiting: BTreeMap<Key, Waker>,
    made: u64,
    /// What wakes the timekeeper, and when madsim does so next.
    keeper: Option<Waker>,
    next_ns: u64,
}

impl Timers {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("a run ends with its first panic")
    }

    /// Takes everything out; whoever waits is not woken.
    pub(crate) fn clear(&self) {
        let gone = std::mem::take(&mut *self.lock());
        drop(gone);
    }
}

impl Inner {
    /// Has madsim wake the timekeeper in time for the first timer.
    fn arm(&mut self, time: &TimeHandle, now_ns: u64) {
        let (Some(keeper), Some(((at_ns, _), _))) = (&self.keeper, self.waiting.first_key_value()) else {
            return;
        };
        if now_ns < self.next_ns && self.next_ns <= *at_ns {
            return;
        }
        self.next_ns = *at_ns;
        let deadline = time.now_instant() + Duration::from_nanos(at_ns.saturating_sub(now_ns));
        // The timer is madsim's from its first poll on; what polled it need not stay.
        let mut timer = pin!(time.sleep_until(deadline));
        timer.as_mut().reset(deadline);
        if timer.poll(&mut Context::from_waker(keeper)).is_ready() {
            keeper.wake_by_ref();
        }
    }
}

/// Wakes whose time has come, for as long as its node is up.
pub(crate) async fn keep_time(world: World) {
    poll_fn(|cx| {
        let now_ns = world.now_ns();
        let mut inner = world.timers().lock();
        let later = inner.waiting.split_off(&(now_ns + 1, 0));
        let due = std::mem::replace(&mut inner.waiting, later);
        if inner.keeper.is_none() {
            inner.keeper = Some(cx.waker().clone());
        }
        inner.arm(world.time(), now_ns);
        drop(inner);
        due.into_values().for_each(Waker::wake);
        Poll::<()>::Pending
    })
    .await;
}

/// Waits until a moment of simulated time.
pub struct SimSleep {
    world: World,
    at_ns: u64,
    key: Option<Key>,
}

impl SimSleep {
    pub(crate) fn until(world: &World, at_ns: u64) -> SimSleep {
        SimSleep { world: world.clone(), at_ns, key: None }
    }
}

impl Future for SimSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let now_ns = self.world.now_ns();
        if self.at_ns <= now_ns {
            return Poll::Ready(());
        }
        if NEVER < Duration::from_nanos(self.at_ns - now_ns) {
            return Poll::Pending;
        }
        let mut inner = self.world.timers().lock();
        let replaced = if let Some(waiting) = self.key.and_then(|key| inner.waiting.get_mut(&key)) {
            let is_same = waiting.will_wake(cx.waker());
            (!is_same).then(|| std::mem::replace(waiting, cx.waker().clone()))
        } else {
            inner.made += 1;
            let key = (self.at_ns, inner.made);
            inner.waiting.insert(key, cx.waker().clone());
            inner.arm(self.world.time(), now_ns);
            drop(inner);
            self.key = Some(key);
            return Poll::Pending;
        };
        // What a waker frees may have a timer itself.
        drop(inner);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for SimSleep {
    fn drop(&mut self) {
        let Some(key) = self.key else { return };
        let waiting = self.world.timers().lock().waiting.remove(&key);
        drop(waiting);
    }
}
