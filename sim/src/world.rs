//! The world: nodes that boot, crash, lose power, pause and come back; faults of their disks and links.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::Future,
    io,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use madsim::{
    runtime::{Handle, NodeHandle, Runtime},
    time::TimeHandle,
};

use crate::{
    disk::DiskFaults,
    draw::{Draws, Stream},
    env::SimEnv,
    image::DiskState,
    net::{LinkFaults, NetState},
    timers::{Timers, keep_time},
    trace::Trace,
};

/// How a node goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process ends: the kernel keeps the page cache and resets connections.
    Process,
    /// The power goes: what was not synced may be lost or torn, and peers hear nothing.
    Power,
}

/// What happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Processes that crashed.
    pub process_crashes: u64,
    /// Nodes that lost power.
    pub power_losses: u64,
    /// Files whose unsynced part survived in part.
    pub torn_files: u64,
    /// Directory entries that were lost.
    pub lost_entries: u64,
    /// Syncs that failed.
    pub failed_syncs: u64,
    /// Reads and writes that failed.
    pub failed_operations: u64,
    /// Links that were blocked, and connections that were reset.
    pub network_faults: u64,
    /// Nodes that were paused.
    pub pauses: u64,
    /// Clocks that jumped.
    pub clock_jumps: u64,
    /// Nodes that lost their disks.
    pub disk_losses: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.process_crashes += other.process_crashes;
        self.power_losses += other.power_losses;
        self.torn_files += other.torn_files;
        self.lost_entries += other.lost_entries;
        self.failed_syncs += other.failed_syncs;
        self.failed_operations += other.failed_operations;
        self.network_faults += other.network_faults;
        self.pauses += other.pauses;
        self.clock_jumps += other.clock_jumps;
        self.disk_losses += other.disk_losses;
    }
}

/// One incarnation of a node, from its boot to its crash.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) node: Arc<str>,
    pub(crate) incarnation: u64,
    /// How often its machine had lost power.
    pub(crate) kernel: u64,
    pub(crate) boot_ns: u64,
    /// Parts per million that its clock is fast.
    pub(crate) drift_ppm: i64,
    ended: AtomicBool,
}

impl Life {
    /// Fails once it has ended: nothing that it does has an effect then.
    pub(crate) fn check(&self) -> io::Result<()> {
        if self.ended.load(Ordering::Relaxed) { Err(io::Error::other("the node is down")) } else { Ok(()) }
    }
}

pub(crate) struct NodeState {
    incarnation: u64,
    kernel: u64,
    /// What it is while it is up.
    pub(crate) life: Option<Arc<Life>>,
    handle: Option<NodeHandle>,
    drift_ppm: i64,
    pub(crate) wall_offset_ms: i64,
    pub(crate) random: Stream,
}

pub(crate) struct State {
    pub(crate) nodes: BTreeMap<String, NodeState>,
    pub(crate) disks: BTreeMap<String, DiskState>,
    pub(crate) net: NetState,
    pub(crate) trace: Trace,
    pub(crate) counts: Counts,
    pub(crate) draws: Draws,
    /// What each point of a race draws from.
    pub(crate) races: BTreeMap<&'static str, Stream>,
    /// How often crash images were drawn.
    pub(crate) images: u64,
    /// What happens right after an event of this number.
    trap: Option<(u64, Trap)>,
}

/// What happens at an event: it is told whose event that is, and says whether it did what it is for.
type Trap = Box<dyn FnMut(&World, &str) -> bool + Send>;

/// A running world. Cloning is cheap.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    timers: Timers,
    handle: Handle,
    time: TimeHandle,
}

/// The node of madsim's whose task wakes all others in time.
const TIMEKEEPER: &str = "timekeeper";
/// Wall clocks begin here, give or take each node's offset: 2026-01-01.
const EPOCH_MS: i64 = 1_767_225_600_000;

/// Runs `main` in a world of its own, drawn from `seed`, on a fresh thread; the last `keep` lines of the
/// trace are kept.
///
/// # Panics
/// `main` panics, or leaves something behind that keeps the world: a run's memory ends with it.
pub fn run<T, F>(seed: u64, keep: usize, main: impl FnOnce(World) -> F + Send + 'static) -> T
where
    F: Future<Output = T> + 'static,
    T: Send + 'static,
{
    let body = move || {
        // The runtime seeds the hash keys of this thread, so it comes first.
        let runtime = Runtime::with_seed_and_config(seed, madsim::Config::default());
        let (result, left) = seeded_tokio(seed, || {
            let handle = runtime.handle().clone();
            runtime.block_on(async move {
                let world = World::new(seed, keep, handle);
                let result = main(world.clone()).await;
                world.shut_down().await;
                (result, Arc::downgrade(&world.0))
            })
        });
        drop(runtime);
        assert_eq!(left.strong_count(), 0, "something outlives its run, and keeps the world of it");
        result
    };
    let thread = thread::Builder::new()
        .name(format!("seed-{seed}"))
        .stack_size(8 << 20)
        .spawn(body)
        .expect("a thread");
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Runs `f` inside a tokio runtime whose random generator is seeded: tokio's channels draw from it.
fn seeded_tokio<T>(seed: u64, f: impl FnOnce() -> T) -> T {
    let seed = tokio::runtime::RngSeed::from_bytes(&seed.to_le_bytes());
    let runtime = tokio::runtime::Builder::new_current_thread().rng_seed(seed).build().expect("a runtime");
    let handle = runtime.handle().clone();
    let result = runtime.block_on(tokio::task::unconstrained(async move { f() }));
    assert_eq!(handle.metrics().num_alive_tasks(), 0, "tokio::spawn was used under simulation");
    result
}

impl World {
    fn new(seed: u64, keep: usize, handle: Handle) -> World {
        let draws = Draws::new(seed);
        let state = State {
            nodes: BTreeMap::new(),
            disks: BTreeMap::new(),
            net: NetState::new(draws),
            trace: Trace::keeping(keep),
            counts: Counts::default(),
            draws,
            races: BTreeMap::new(),
            images: 0,
            trap: None,
        };
        let (state, timers, time) = (Mutex::new(state), Timers::default(), TimeHandle::current());
        let world = World(Arc::new(Inner { state, timers, handle, time }));
        let keeper = world.0.handle.create_node().name(TIMEKEEPER).build();
        drop(keeper.spawn(keep_time(world.clone())));
        world
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("a run ends with its first panic")
    }

    /// Whether nobody up this thread's stack holds the state.
    pub(crate) fn is_free(&self) -> bool {
        self.0.state.try_lock().is_ok()
    }

    pub(crate) fn time(&self) -> &TimeHandle {
        &self.0.time
    }

    pub(crate) fn timers(&self) -> &Timers {
        &self.0.timers
    }

    /// Simulated time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.0.time.elapsed()
    }

    pub(crate) fn now_ns(&self) -> u64 {
        self.0.time.elapsed().as_nanos() as u64
    }

    /// The wall clock of a node: drifts, and jumps when it is told to.
    pub(crate) fn wall_ms(&self, node: &NodeState) -> i64 {
        let elapsed_ms = (self.now_ns() / 1_000_000) as i64;
        EPOCH_MS + elapsed_ms + elapsed_ms * node.drift_ppm / 1_000_000 + node.wall_offset_ms
    }

    /// Waits for simulated time.
    pub async fn sleep(&self, time: Duration) {
        madsim::time::sleep(time).await;
    }

    /// A stream of draws for a plan.
    pub fn draws(&self, domain: &'static str) -> Stream {
        self.state().draws.stream(domain, 0)
    }

    /// Adds an event to the trace.
    pub fn trace(&self, node: &str, event: fmt::Arguments<'_>) {
        let now = self.now_ns();
        let mut state = self.state();
        state.trace.add(now, node, event);
        let events = state.trace.events();
        if let Some((number, mut trap)) = state.trap.take_if(|(number, _)| *number <= events) {
            drop(state);
            if !trap(self, node) {
                self.state().trap = Some((number, trap));
            }
        }
    }

    /// Does something right after an event of this number or a later one, before whoever is at it goes on. It is told whose
    /// event that is, until it says that it did what it is for. There is one such thing at a time.
    pub fn at_event(&self, number: u64, trap: impl FnMut(&World, &str) -> bool + Send + 'static) {
        self.state().trap = Some((number, Box::new(trap)));
    }

    /// Nothing that a node does has an effect any more; what it was doing is not told. [`World::crash`] ends it.
    pub fn freeze(&self, name: &str) {
        let state = self.state();
        if let Some(life) = state.nodes.get(name).and_then(|node| node.life.as_ref()) {
            life.ended.store(true, Ordering::Relaxed);
        }
    }

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// The trace's hash and number of events so far.
    pub fn trace_hash(&self) -> (u64, u64) {
        let state = self.state();
        (state.trace.hash(), state.trace.events())
    }

    /// The lines of the trace that were kept.
    pub fn trace_lines(&self) -> Vec<String> {
        self.state().trace.lines().map(str::to_owned).collect()
    }

    /// Boots a node: it gets a new incarnation, and the disks it had.
    ///
    /// # Panics
    /// It is up already.
    pub fn boot(&self, name: &str) -> SimEnv {
        let handle = self.0.handle.create_node().name(name).build();
        let now = self.now_ns();
        let mut state = self.state();
        let draws = state.draws;
        let entity = crate::trace::fnv(name.as_bytes());
        let node = state.nodes.entry(name.to_owned()).or_insert_with(|| NodeState {
            incarnation: 0,
            kernel: 0,
            life: None,
            handle: None,
            drift_ppm: (draws.bits("drift", entity, 0) % 401) as i64 - 200,
            wall_offset_ms: (draws.bits("offset", entity, 0) % 2001) as i64 - 1000,
            random: draws.stream("node", entity),
        });
        assert!(node.life.is_none(), "{name} is up");
        node.incarnation += 1;
        node.handle = Some(handle);
        let incarnation = node.incarnation;
        let life = Arc::new(Life {
            node: name.into(),
            incarnation,
            kernel: node.kernel,
            boot_ns: now,
            drift_ppm: node.drift_ppm,
            ended: AtomicBool::new(false),
        });
        node.life = Some(life.clone());
        state.trace.add(now, name, format_args!("boot incarnation={incarnation}"));
        drop(state);
        SimEnv::new(self.clone(), life)
    }

    /// Starts a task on a node that is up.
    ///
    /// # Panics
    /// The node is down.
    pub fn spawn<F>(&self, name: &str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let handle = self.state().nodes[name].handle.clone().expect("the node is up");
        drop(handle.spawn(task));
    }

    /// Whether a node is up.
    pub fn is_up(&self, name: &str) -> bool {
        self.state().nodes.get(name).is_some_and(|n| n.life.is_some())
    }

    /// Takes a node down. Its tasks have no effect from this moment on.
    pub async fn crash(&self, name: &str, how: Crash) {
        let now = self.now_ns();
        let handle = {
            let mut state = self.state();
            let state = &mut *state;
            let node = state.nodes.get_mut(name).expect("the node was booted");
            if let Some(life) = node.life.take() {
                life.ended.store(true, Ordering::Relaxed);
            }
            node.incarnation += 1;
            match how {
                Crash::Process => state.counts.process_crashes += 1,
                Crash::Power => {
                    node.kernel += 1;
                    state.counts.power_losses += 1;
                }
            }
            state.trace.add(now, name, format_args!("crash {how:?}"));
            for (path, disk) in
                state.disks.iter_mut().filter(|(path, _)| path.starts_with(&format!("{name}:")))
            {
                disk.crash(how, now, &mut state.counts);
                state.trace.add(now, name, format_args!("disk {path} {}", disk.digest()));
            }
            state.net.crash(name, how, now);
            state.nodes.get_mut(name).and_then(|n| n.handle.take())
        };
        if let Some(handle) = handle {
            // A paused node cannot be killed: its tasks would be dropped under the executor's lock.
            self.0.handle.resume(handle.id());
            self.0.handle.kill(handle.id());
        }
        self.sleep(Duration::from_millis(1)).await;
    }

    /// Replaces all disks of a node by empty ones.
    ///
    /// # Panics
    /// The node is up.
    pub fn lose_disks(&self, name: &str) {
        assert!(!self.is_up(name), "{name} is taken down before its disks are");
        let now = self.now_ns();
        let mut state = self.state();
        let prefix = format!("{name}:");
        state.disks.retain(|path, _| !path.starts_with(&prefix));
        state.counts.disk_losses += 1;
        state.trace.add(now, name, format_args!("its disks are lost"));
    }

    /// Stops a node's tasks for a while; the world goes on.
    pub async fn pause(&self, name: &str, time: Duration) {
        self.trace(name, format_args!("pause {time:?}"));
        self.hold(name);
        self.sleep(time).await;
        self.release(name);
    }

    /// Stops a node's tasks until it is released, or crashes.
    pub fn hold(&self, name: &str) {
        let id = {
            let mut state = self.state();
            state.counts.pauses += 1;
            state.nodes.get(name).and_then(|n| n.handle.as_ref()).map(NodeHandle::id)
        };
        if let Some(id) = id {
            self.0.handle.pause(id);
        }
    }

    /// Lets a node's tasks go on.
    pub fn release(&self, name: &str) {
        let id = self.state().nodes.get(name).and_then(|n| n.handle.as_ref()).map(NodeHandle::id);
        if let Some(id) = id {
            self.0.handle.resume(id);
        }
    }

    /// Sets a node's wall clock forward or back.
    pub fn jump_clock(&self, name: &str, by_ms: i64) {
        {
            let mut state = self.state();
            state.counts.clock_jumps += 1;
            state.nodes.get_mut(name).expect("the node was booted").wall_offset_ms += by_ms;
        }
        self.trace(name, format_args!("clock jumps by {by_ms} ms"));
    }

    /// Sets how a node's disks fail from now on.
    pub fn set_disk_faults(&self, name: &str, faults: DiskFaults) {
        let mut state = self.state();
        let prefix = format!("{name}:");
        for (_, disk) in state.disks.iter_mut().filter(|(path, _)| path.starts_with(&prefix)) {
            disk.faults = faults;
        }
    }

    /// Changes a byte of a file, in the cache and on the medium; says whether the file has it.
    pub fn corrupt(&self, name: &str, path: &str, at: u64) -> bool {
        let mut state = self.state();
        let prefix = format!("{name}:");
        state
            .disks
            .iter_mut()
            .filter(|(disk, _)| disk.starts_with(&prefix))
            .any(|(_, disk)| disk.corrupt(path, at))
    }

    /// Takes away what a file of a node that is down holds, in the cache and on the medium; says whether there is such a
    /// file.
    ///
    /// # Panics
    /// The node is up.
    pub fn empty_file(&self, name: &str, path: &str) -> bool {
        assert!(!self.is_up(name), "{name} is taken down before its files are damaged");
        let now = self.now_ns();
        let mut state = self.state();
        let prefix = format!("{name}:");
        let mut disks = state.disks.iter_mut().filter(|(disk, _)| disk.starts_with(&prefix));
        let found = disks.any(|(_, disk)| disk.empty(path));
        state.trace.add(now, name, format_args!("{path} is emptied: {found}"));
        found
    }

    /// What a file of a node's disks holds, as far as it can be read.
    pub fn read_file(&self, name: &str, path: &str) -> Option<Vec<u8>> {
        let state = self.state();
        let prefix = format!("{name}:");
        let mut disks = state.disks.iter().filter(|(disk, _)| disk.starts_with(&prefix));
        disks.find_map(|(_, disk)| disk.read(path))
    }

    /// The files of a node's disks with their sizes.
    pub fn files(&self, name: &str) -> Vec<(String, u64)> {
        let state = self.state();
        let prefix = format!("{name}:");
        state
            .disks
            .iter()
            .filter(|(disk, _)| disk.starts_with(&prefix))
            .flat_map(|(_, disk)| disk.files())
            .collect()
    }

    /// Sets the latency of all links.
    pub fn set_link_faults(&self, faults: LinkFaults) {
        self.state().net.faults = faults;
    }

    /// Blocks what `from` sends to `to`, or lets it through again.
    pub fn block(&self, from: &str, to: &str, blocked: bool) {
        let now = self.now_ns();
        {
            let mut state = self.state();
            if blocked {
                state.counts.network_faults += 1;
            }
            state.net.block(from, to, blocked, now);
        }
        self.trace(from, format_args!("link to {to} {}", if blocked { "blocked" } else { "healed" }));
    }

    /// Resets every connection of a node.
    pub fn reset_connections(&self, name: &str) {
        let now = self.now_ns();
        let reset = {
            let mut state = self.state();
            let reset = state.net.reset(name, now);
            state.counts.network_faults += reset;
            reset
        };
        self.trace(name, format_args!("{reset} connections reset"));
    }

    /// The names of all nodes that were ever up.
    pub fn nodes(&self) -> BTreeSet<String> {
        self.state().nodes.keys().cloned().collect()
    }

    /// Ends every node, so that their tasks are freed with the run.
    async fn shut_down(&self) {
        for name in self.nodes() {
            if self.is_up(&name) {
                self.crash(&name, Crash::Process).await;
            }
        }
        self.0.handle.kill(TIMEKEEPER);
        self.0.timers.clear();
        self.sleep(Duration::from_millis(1)).await;
        let mut state = self.state();
        state.net.clear();
        state.disks.clear();
    }
}
