//! The production environment: tokio's timers and sockets, real files, the kernel's randomness.
//!
//! One current-thread runtime per core. A task stays on the core that it was spawned on; nothing on the
//! hot path is handed to another thread.

// Here the environment meets the world.
#![allow(clippy::disallowed_methods)]

mod descriptors;
mod disk;
mod network;

use std::{
    future::Future,
    io,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

pub use disk::{TokioDisk, TokioFile, TokioRegion, TokioTicket};
pub use network::{TokioIncoming, TokioListener, TokioNetwork, TokioStream};
use ottla_core::{
    env::Env,
    types::{Mono, Timestamp, Uuid},
};
use tokio::{runtime::Handle, sync::oneshot};

use self::descriptors::Reserve;

/// What tokio takes for never: thirty years.
const NEVER: Duration = Duration::from_secs(86_400 * 365 * 30);

/// The environment of a real process. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct TokioEnv {
    start: Instant,
    cores: Arc<[Handle]>,
    reserve: Reserve,
    network: TokioNetwork,
    boot: Uuid,
}

impl TokioEnv {
    /// Runs `main` to its end on the calling thread, with `cores - 1` further threads for tasks.
    ///
    /// # Panics
    /// The operating system gives no thread or no event queue.
    pub fn run<T, F: Future<Output = T>>(cores: usize, main: impl FnOnce(TokioEnv) -> F) -> T {
        let runtime =
            || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event queue");
        let own = runtime();
        let mut handles = vec![own.handle().clone()];
        let mut stops = Vec::new();
        for core in 1..cores.max(1) {
            let other = runtime();
            handles.push(other.handle().clone());
            let (stop, stopped) = oneshot::channel::<()>();
            let run = move || other.block_on(async { stopped.await.unwrap_or(()) });
            let thread = thread::Builder::new().name(format!("ottla-{core}")).spawn(run).expect("a thread");
            stops.push((stop, thread));
        }
        let reserve = Reserve::new();
        let network = TokioNetwork::new(reserve.clone());
        let (start, boot) = (Instant::now(), kernel_boot().unwrap_or_else(|| Uuid::from_random(random)));
        let env = TokioEnv { start, cores: handles.into(), reserve, network, boot };
        let result = own.block_on(main(env));
        for (stop, thread) in stops {
            drop(stop);
            thread.join().expect("a core's thread ends");
        }
        result
    }
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    let read = rustix::rand::getrandom(&mut bytes[..], rustix::rand::GetRandomFlags::empty());
    assert_eq!(read, Ok(8), "the kernel gives random bytes");
    u64::from_be_bytes(bytes)
}

/// The kernel's own name for its boot (random(4)); where it has none, no boot is like another.
fn kernel_boot() -> Option<Uuid> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let number = u128::from_str_radix(&text.trim().replace('-', ""), 16).ok()?;
    Some(Uuid(number.to_be_bytes()))
}

impl Env for TokioEnv {
    type Region = TokioRegion;
    type Disk = TokioDisk;
    type Network = TokioNetwork;
    type Sleep = tokio::time::Sleep;

    fn now(&self) -> Mono {
        Mono(self.start.elapsed().as_nanos() as u64)
    }

    fn wall(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since.map_or(0, |d| d.as_millis() as i64))
    }

    fn sleep_until(&self, at: Mono) -> tokio::time::Sleep {
        let at = self.start + Duration::from_nanos(at.0).min(NEVER);
        tokio::time::sleep_until(at.into())
    }

    fn random_u64(&self) -> u64 {
        random()
    }

    fn boot_id(&self) -> Uuid {
        self.boot
    }

    fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let _ = name;
        drop(tokio::spawn(task));
    }

    fn cores(&self) -> usize {
        self.cores.len()
    }

    fn spawn_on(&self, core: usize, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let _ = name;
        drop(self.cores[core % self.cores.len()].spawn(task));
    }

    fn open_disk(&self, dir: &str) -> io::Result<TokioDisk> {
        TokioDisk::open(dir, self.reserve.clone())
    }

    fn network(&self) -> &TokioNetwork {
        &self.network
    }
}
