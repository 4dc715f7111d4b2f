//! The driver of shards: it appends what a shard decides to the shard's partition, and lets a reply go once
//! everything that the shard had decided by then is committed.
//!
//! ```text
//! ask ──► handle ──► append ──► replay ──► wait for the high watermark ──► reply
//! ```
//!
//! From handling to replay a request has the shard to itself, so the next one sees what it decided. A shard whose
//! append fails is dropped: what it held is no more than the replay of its log.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use bytes::BytesMut;
use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    limits::SHARD_BATCH_MAX_BYTES,
    planted::is_planted,
    record::{BatchBuilder, BatchView, Codec, batch::records},
    shard::{Decided, Decision, LogRecord, Now, Shard, Ticket},
    types::{LeaderEpoch, Mono},
};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

use crate::partition::{Appended, Partition};

/// A shard and its partition.
pub(crate) struct ShardDriver<E: Env, S: Shard> {
    env: E,
    partition: Arc<Partition<E>>,
    /// The leader epoch in which it is this broker's to drive.
    epoch: LeaderEpoch,
    state: Mutex<State<S>>,
    /// Told when an alarm is due earlier than the task knows that waits for it.
    earlier: Notify,
    stopping: CancellationToken,
    /// How often a log with records was replayed.
    loads: AtomicU64,
}

enum State<S: Shard> {
    /// The log is being replayed.
    Loading,
    Active(Active<S>),
    /// It is over: something could not be appended, or another broker leads. What it held is its log.
    Ended,
    /// The log failed, or holds what this release cannot read.
    Failed,
}

struct Active<S: Shard> {
    shard: S,
    waiting: BTreeMap<Ticket, oneshot::Sender<Decree<S::Reply>>>,
    tickets: u64,
    /// The alarm that the task waits for.
    armed: Mono,
}

/// A reply, and what must be committed before it is told.
struct Decree<R> {
    reply: R,
    after: Appended,
}

/// The pause after an alarm that could not be carried out.
const ALARM_BACKOFF: Duration = Duration::from_millis(100);

const NO_PANIC: &str = "a panic under a lock ends the process";

impl<E: Env, S> ShardDriver<E, S>
where
    S: Shard + Send + 'static,
    S::Record: LogRecord + Send,
    S::Request: Send,
    S::Reply: Send,
{
    /// A driver that replays the partition's log into `shard`, and then serves. Once a log that was not empty is
    /// loaded, `loaded` runs.
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        env: E,
        (partition, epoch): (Arc<Partition<E>>, LeaderEpoch),
        shard: S,
        stopping: CancellationToken,
        loaded: impl FnOnce(Arc<Self>) -> F + Send + 'static,
    ) -> Arc<Self> {
        let driver = Arc::new(ShardDriver {
            env,
            partition,
            epoch,
            state: Mutex::new(State::Loading),
            earlier: Notify::new(),
            stopping,
            loads: AtomicU64::new(0),
        });
        let is_empty = driver.partition.own_end().is_ok_and(|end| end.base == end.end);
        if is_empty {
            driver.activate(shard);
            driver.env.spawn("shard-alarms", driver.clone().run_alarms());
        } else {
            // Logs are read beside each other, and not where connections are accepted alone.
            let (loading, core) = (driver.clone(), driver.partition.index as usize);
            driver.env.spawn_on(core, "load-shard", async move {
                loading.load(shard).await;
                loaded(loading.clone()).await;
                loading.run_alarms().await;
            });
        }
        driver
    }

    /// The leader epoch that it was started in.
    pub(crate) fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// Ends it: another broker leads the partition, or this one in another epoch. Whoever waits is told.
    pub(crate) fn end(&self) {
        *self.lock() = State::Ended;
        self.earlier.notify_one();
    }

    /// Whether it is over, so that another one may begin with its log.
    pub(crate) fn is_over(&self) -> bool {
        matches!(*self.lock(), State::Ended)
    }

    /// The partition whose log it drives.
    pub(crate) fn partition(&self) -> &Arc<Partition<E>> {
        &self.partition
    }

    /// Asks the shard, and waits for its reply.
    ///
    /// # Errors
    /// The log is still being replayed, or it failed, or the broker stops.
    pub(crate) async fn ask(&self, request: S::Request) -> Result<S::Reply, ErrorCode> {
        self.ask_with(|| request).await
    }

    /// The same; the request is made when it is its turn.
    ///
    /// # Errors
    /// As [`ShardDriver::ask`].
    pub(crate) async fn ask_with(&self, make: impl FnOnce() -> S::Request) -> Result<S::Reply, ErrorCode> {
        let (waiter, reply) = oneshot::channel();
        self.step(|active, now, decision| {
            active.tickets += 1;
            let ticket = Ticket(active.tickets);
            active.waiting.insert(ticket, waiter);
            active.shard.handle(now, ticket, make(), decision);
        })?;
        let stopped = Err(ErrorCode::NotCoordinator);
        let Some(Ok(Decree { reply, after })) = self.stopping.run_until_cancelled(reply).await else {
            return stopped;
        };
        if !is_planted("shard/replies-before-commit") {
            self.partition.committed(&after).await.map_err(|_| ErrorCode::NotCoordinator)?;
        }
        self.env.race("a coordinator's change is committed, and not told").await;
        Ok(reply)
    }

    /// How often a log with records was replayed.
    pub(crate) fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    /// Looks at the shard as it is, committed or not. For metrics and checks.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&S) -> T) -> Option<T> {
        match &*self.lock() {
            State::Active(active) => Some(look(&active.shard)),
            State::Loading | State::Ended | State::Failed => None,
        }
    }

    /// Lets `compare` look at the shard beside the replay of its log into `fresh`, at a moment when all of it is
    /// committed. `None` while there is no shard.
    pub(crate) async fn replayed<T>(&self, mut fresh: S, compare: impl FnOnce(&S, &S) -> T) -> Option<T> {
        loop {
            let end = self.partition.own_end().ok()?;
            self.partition.committed(&end).await.ok()?;
            let state = self.lock();
            let State::Active(active) = &*state else { return None };
            if self.partition.own_end().ok()? == end {
                self.read_into(&mut fresh).ok()?;
                return Some(compare(&active.shard, &fresh));
            }
        }
    }

    fn read_into(&self, shard: &mut S) -> Result<(), String> {
        let mut unreadable = None;
        let read = self.partition.read_all(|batch| {
            if unreadable.is_none() {
                unreadable = replay_batch(shard, batch).err();
            }
        });
        read.map_err(|code| code.to_string())?;
        unreadable.map_or(Ok(()), Err)
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().expect(NO_PANIC)
    }

    fn now(&self) -> Now {
        Now { mono: self.env.now(), wall: self.env.wall() }
    }

    /// One step of the shard, to the end of its append.
    fn step(&self, act: impl FnOnce(&mut Active<S>, Now, &mut Decided<S>)) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        let active = match &mut *state {
            State::Loading => return Err(ErrorCode::CoordinatorLoadInProgress),
            State::Ended | State::Failed => return Err(ErrorCode::NotCoordinator),
            State::Active(active) => active,
        };
        // While too few replicas are in sync nothing is decided: it could not be kept.
        self.partition.check_append(self.epoch).map_err(|code| match code {
            ErrorCode::NotEnoughReplicas => ErrorCode::CoordinatorNotAvailable,
            _ => ErrorCode::NotCoordinator,
        })?;
        let mut decision = Decision::default();
        act(active, self.now(), &mut decision);
        let after = match self.append(&decision.records) {
            Ok(after) => after,
            Err(code) => {
                tracing::error!(
                    "{}-{}: what was decided cannot be appended: {code}; the coordinator ends",
                    self.partition.topic,
                    self.partition.index
                );
                *state = State::Ended;
                return Err(ErrorCode::NotCoordinator);
            }
        };
        decision.records.iter().for_each(|record| active.shard.replay(record));
        for (ticket, reply) in decision.replies {
            // Who does not wait any more was told nothing, and may ask again.
            if let Some(waiter) = active.waiting.remove(&ticket) {
                let _ = waiter.send(Decree { reply, after });
            }
        }
        let next = active.shard.next_alarm();
        if next < active.armed {
            active.armed = next;
            self.earlier.notify_one();
        }
        Ok(())
    }

    /// Appends the records, one batch if they fit; returns what must be committed for all of them to be.
    fn append(&self, decided: &[S::Record]) -> Result<Appended, ErrorCode> {
        if decided.is_empty() {
            return self.partition.own_end();
        }
        let wall = self.env.wall();
        let (mut builder, mut bytes, mut last) = (BatchBuilder::new(Codec::None), 0, None);
        for record in decided {
            let (key, value) = record.encode();
            let size = key.as_ref().map_or(0, Vec::len) + value.as_ref().map_or(0, Vec::len);
            if 0 < bytes && SHARD_BATCH_MAX_BYTES < bytes + size {
                let full = std::mem::replace(&mut builder, BatchBuilder::new(Codec::None));
                let batch = BytesMut::from(&full.build()[..]);
                last = Some(self.partition.append_own(batch, self.epoch, wall)?);
                bytes = 0;
            }
            builder.push(wall.0, key.as_deref(), value.as_deref(), &[]);
            bytes += size;
        }
        if 0 < bytes {
            let batch = BytesMut::from(&builder.build()[..]);
            last = Some(self.partition.append_own(batch, self.epoch, wall)?);
        }
        last.ok_or(ErrorCode::UnknownServerError)
    }

    fn activate(&self, mut shard: S) {
        shard.loaded(self.now());
        let armed = shard.next_alarm();
        let mut state = self.lock();
        // It may have been ended while it was loaded.
        if matches!(*state, State::Loading) {
            *state = State::Active(Active { shard, waiting: BTreeMap::new(), tickets: 0, armed });
        }
    }

    /// Replays the log up to its local end: all of that is this leader's to commit.
    async fn load(&self, mut shard: S) {
        let committed = match self.partition.own_end() {
            Ok(end) => self.partition.committed(&end).await,
            Err(code) => Err(code),
        };
        if let Err(code) = committed {
            tracing::info!("{}-{} is not loaded: {code}", self.partition.topic, self.partition.index);
            return self.end();
        }
        if let Err(why) = self.read_into(&mut shard) {
            tracing::error!("{}-{} cannot be loaded: {why}", self.partition.topic, self.partition.index);
            *self.lock() = State::Failed;
            return;
        }
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.activate(shard);
    }

    async fn run_alarms(self: Arc<Self>) {
        loop {
            let armed = match &mut *self.lock() {
                State::Active(active) => {
                    active.armed = active.shard.next_alarm();
                    active.armed
                }
                State::Loading | State::Ended | State::Failed => return,
            };
            let earlier = self.stopping.run_until_cancelled(self.earlier.notified());
            let told = match armed {
                Mono::NEVER => Some(earlier.await),
                armed => until(self.env.sleep_until(armed), earlier).await,
            };
            match told {
                Some(None) => return,
                Some(Some(())) => {}
                None => {
                    let rung = self.step(|active, now, decision| active.shard.alarm(now, decision));
                    if rung.is_err() {
                        // The shard has ended, which the next look sees, or nothing can be appended now.
                        let pause = self.env.sleep(ALARM_BACKOFF);
                        self.stopping.run_until_cancelled(pause).await;
                    }
                    // Several alarms may be due: others run in between.
                    let mut waited = false;
                    poll_fn(|cx| {
                        cx.waker().wake_by_ref();
                        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
                    })
                    .await;
                }
            }
        }
    }
}

fn replay_batch<S: Shard>(shard: &mut S, batch: &[u8]) -> Result<(), String>
where
    S::Record: LogRecord,
{
    let view = BatchView::new(batch).ok_or("a batch is cut off")?;
    if view.is_control() {
        return Ok(());
    }
    if view.codec() != Some(Codec::None) {
        return Err("a batch is compressed, which no broker of this kind does here".into());
    }
    for record in records(view.payload()) {
        if let Some(record) = S::Record::decode(record.key, record.value)? {
            shard.replay(&record);
        }
    }
    Ok(())
}
