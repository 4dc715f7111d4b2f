//! The environment: the only door to time, chance, disk and network.
//!
//! Drivers carry one type parameter `E: Env`; machines carry none and are handed `now` and random values.
//! In production the environment is `ottla-net`'s `TokioEnv`, in simulation `ottla-sim`'s `SimEnv`.

pub mod contract;
pub mod disk;
pub mod mem;
pub mod net;

use std::{
    fmt,
    future::{Future, poll_fn},
    io,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

pub use disk::{Disk, File, OpenMode, Region};
pub use net::{Chunk, Incoming, Listener, Network, OutQueue, Stream};

use crate::types::{Mono, Timestamp, Uuid};

/// Time, chance, tasks, disks and the network of one node.
pub trait Env: Clone + Send + Sync + 'static {
    /// A range of a file that the network can send.
    type Region: Region;
    /// A log directory.
    type Disk: Disk<Region = Self::Region>;
    /// The network.
    type Network: Network<Region = Self::Region>;
    /// A timer.
    type Sleep: Future<Output = ()> + Send + 'static;

    /// Monotonic time since the node's start.
    fn now(&self) -> Mono;

    /// The wall clock: may jump, may run at another rate than [`Env::now`].
    fn wall(&self) -> Timestamp;

    /// Waits until `at`.
    fn sleep_until(&self, at: Mono) -> Self::Sleep;

    /// Sixty-four random bits.
    fn random_u64(&self) -> u64;

    /// The boot of the machine's kernel: what was written since is in the page cache, or on the medium.
    fn boot_id(&self) -> Uuid;

    /// Starts a task that dies with its node.
    fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static);

    /// How many cores run tasks.
    fn cores(&self) -> usize;

    /// Starts a task on a core, where it stays.
    fn spawn_on(&self, core: usize, name: &'static str, task: impl Future<Output = ()> + Send + 'static);

    /// Opens a directory as a disk of its own: one failure domain, one flusher.
    ///
    /// # Errors
    /// The directory can be neither found nor made.
    fn open_disk(&self, dir: &str) -> io::Result<Self::Disk>;

    /// The network.
    fn network(&self) -> &Self::Network;

    /// Notes an event in the trace that simulation compares; nothing in production.
    fn trace(&self, event: fmt::Arguments<'_>) {
        let _ = event;
    }

    /// A point at which somebody else may come between: nothing in production. Simulation lets time pass there in some
    /// runs, so that a race with what goes on meanwhile can happen in one thread.
    fn race(&self, point: &'static str) -> impl Future<Output = ()> + Send {
        let _ = point;
        std::future::ready(())
    }

    /// Waits for `time`.
    fn sleep(&self, time: Duration) -> Self::Sleep {
        self.sleep_until(self.now() + time)
    }
}

/// Waits for `work` until `alarm` completes; `None` means the alarm won. A tie goes to `work`.
pub async fn until<T>(alarm: impl Future<Output = ()>, work: impl Future<Output = T>) -> Option<T> {
    let (mut alarm, mut work) = (pin!(alarm), pin!(work));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => alarm.as_mut().poll(cx).map(|()| None),
    })
    .await
}

/// The result of a future that is complete already, without waiting.
pub fn ready<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
    match std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
