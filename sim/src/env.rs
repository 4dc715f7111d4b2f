//! The environment of a simulated node.

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use madsim::time::Sleep;
use ottla_core::{
    env::Env,
    types::{Mono, Timestamp},
};

use crate::{
    disk::{SimDisk, SimRegion},
    net::SimNetwork,
    world::World,
};

/// One incarnation of a node. Once the node went down, nothing that it does has an effect.
#[derive(Clone)]
pub struct SimEnv {
    pub(crate) world: World,
    pub(crate) name: std::sync::Arc<str>,
    pub(crate) incarnation: u64,
    network: SimNetwork,
}

impl SimEnv {
    pub(crate) fn new(world: World, name: &str, incarnation: u64) -> SimEnv {
        let name: std::sync::Arc<str> = name.into();
        let network = SimNetwork { world: world.clone(), node: name.clone(), incarnation };
        SimEnv { world, name, incarnation, network }
    }

    /// The world that it lives in.
    pub fn world(&self) -> &World {
        &self.world
    }
}

/// Fails unless the incarnation is the node's, and the node is up.
pub(crate) fn alive(world: &World, node: &str, incarnation: u64) -> io::Result<()> {
    let state = world.state();
    let lives = state.nodes.get(node).is_some_and(|n| n.alive && n.incarnation == incarnation);
    if lives { Ok(()) } else { Err(io::Error::other("the node is down")) }
}

/// A timer in simulated time. madsim's own cannot be shorter than a millisecond, and adds to its heap at
/// each poll.
pub struct SimSleep {
    world: World,
    at_ns: u64,
    inner: Option<Pin<Box<Sleep>>>,
    waker: Option<Waker>,
}

impl SimSleep {
    pub(crate) fn until(world: &World, at_ns: u64) -> SimSleep {
        SimSleep { world: world.clone(), at_ns, inner: None, waker: None }
    }
}

impl Future for SimSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let now = self.world.now_ns();
        if self.at_ns <= now {
            return Poll::Ready(());
        }
        if self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        let time = self.world.time().clone();
        // Longer than any run: the executor's heap keeps no timer for it.
        let wait = Duration::from_nanos(self.at_ns - now).min(Duration::from_secs(86_400 * 30));
        let deadline = time.now_instant() + wait;
        let inner = self.inner.get_or_insert_with(|| Box::pin(time.sleep_until(deadline)));
        inner.as_mut().reset(deadline);
        let ready = inner.as_mut().poll(cx);
        self.waker = Some(cx.waker().clone());
        ready
    }
}

impl Env for SimEnv {
    type Region = SimRegion;
    type Disk = SimDisk;
    type Network = SimNetwork;
    type Sleep = SimSleep;

    fn now(&self) -> Mono {
        let state = self.world.state();
        let node = &state.nodes[&*self.name];
        let since_boot = self.world.now_ns() - node.boot_ns;
        Mono(
            (i128::from(since_boot) + i128::from(since_boot) * i128::from(node.drift_ppm) / 1_000_000) as u64,
        )
    }

    fn wall(&self) -> Timestamp {
        let state = self.world.state();
        Timestamp(self.world.wall_ms(&state.nodes[&*self.name]))
    }

    fn sleep_until(&self, at: Mono) -> SimSleep {
        let (boot_ns, drift_ppm) = {
            let state = self.world.state();
            let node = &state.nodes[&*self.name];
            (node.boot_ns, node.drift_ppm)
        };
        // The inverse of the node's clock, rounded up.
        let since_boot = (i128::from(at.0) * 1_000_000).div_euclid(1_000_000 + i128::from(drift_ppm)) + 1;
        let at_ns = u64::try_from(i128::from(boot_ns) + since_boot).unwrap_or(u64::MAX);
        SimSleep::until(&self.world, at_ns)
    }

    fn random_u64(&self) -> u64 {
        self.world.state().nodes.get_mut(&*self.name).expect("it was booted").random.bits()
    }

    fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let _ = name;
        drop(madsim::task::spawn(task));
    }

    fn cores(&self) -> usize {
        1
    }

    fn spawn_on(&self, core: usize, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let _ = core;
        self.spawn(name, task);
    }

    fn open_disk(&self, dir: &str) -> io::Result<SimDisk> {
        alive(&self.world, &self.name, self.incarnation)?;
        Ok(SimDisk::open(self, dir))
    }

    fn network(&self) -> &SimNetwork {
        &self.network
    }

    fn trace(&self, event: fmt::Arguments<'_>) {
        self.world.trace(&self.name, event);
    }
}
