//! The environment of a simulated node.

use std::{fmt, future::Future, io, sync::Arc, time::Duration};

use ottla_core::{
    env::Env,
    types::{Mono, Timestamp, Uuid},
};

use crate::{
    disk::{SimDisk, SimRegion},
    net::SimNetwork,
    timers::SimSleep,
    trace::fnv,
    world::{Life, World},
};

/// One incarnation of a node. Once the node went down, nothing that it does has an effect.
#[derive(Clone)]
pub struct SimEnv {
    pub(crate) world: World,
    pub(crate) life: Arc<Life>,
    network: SimNetwork,
}

impl SimEnv {
    pub(crate) fn new(world: World, life: Arc<Life>) -> SimEnv {
        let network = SimNetwork { world: world.clone(), life: life.clone() };
        SimEnv { world, life, network }
    }

    /// The world that it lives in.
    pub fn world(&self) -> &World {
        &self.world
    }
}

impl Env for SimEnv {
    type Region = SimRegion;
    type Disk = SimDisk;
    type Network = SimNetwork;
    type Sleep = SimSleep;

    fn now(&self) -> Mono {
        let since_boot = i128::from(self.world.now_ns() - self.life.boot_ns);
        Mono((since_boot + since_boot * i128::from(self.life.drift_ppm) / 1_000_000) as u64)
    }

    fn wall(&self) -> Timestamp {
        let state = self.world.state();
        Timestamp(self.world.wall_ms(&state.nodes[&*self.life.node]))
    }

    fn sleep_until(&self, at: Mono) -> SimSleep {
        let Life { boot_ns, drift_ppm, .. } = *self.life;
        // The inverse of the node's clock, rounded up.
        let since_boot = (i128::from(at.0) * 1_000_000).div_euclid(1_000_000 + i128::from(drift_ppm)) + 1;
        let at_ns = u64::try_from(i128::from(boot_ns) + since_boot).unwrap_or(u64::MAX);
        SimSleep::until(&self.world, at_ns)
    }

    fn random_u64(&self) -> u64 {
        self.world.state().nodes.get_mut(&*self.life.node).expect("it was booted").random.bits()
    }

    fn boot_id(&self) -> Uuid {
        let Life { node, kernel, .. } = &*self.life;
        let (node, kernel) = (crate::trace::fnv(node.as_bytes()).to_be_bytes(), kernel.to_be_bytes());
        Uuid(std::array::from_fn(|at| if at < 8 { node[at] } else { kernel[at - 8] }))
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
        self.life.check()?;
        Ok(SimDisk::open(self, dir))
    }

    fn network(&self) -> &SimNetwork {
        &self.network
    }

    async fn race(&self, point: &'static str) {
        let pause_us = {
            let mut state = self.world.state();
            let draws = state.draws;
            let race =
                state.races.entry(point).or_insert_with(|| draws.stream("race", fnv(point.as_bytes())));
            // Mostly nobody comes between; sometimes a sync, an answer or an election does.
            match race.below(32) {
                0 => race.below(20_000),
                1..4 => race.below(1_000),
                _ => return,
            }
        };
        let wait = Duration::from_micros(pause_us);
        SimSleep::until(&self.world, self.world.now_ns() + wait.as_nanos() as u64).await;
    }

    fn trace(&self, event: fmt::Arguments<'_>) {
        self.world.trace(&self.life.node, event);
    }
}
