//! A deterministic world: nodes with clocks, disks and a network, all of it drawn from one seed.
//!
//! madsim gives the executor, virtual time and seeded scheduling. Disk, network and clocks are ours, because
//! they must fail as real ones do: see [`disk`] and [`net`] for the models. A run is [`world::run`]; the
//! same seed gives the same [`trace`] hash, alone, again, inside a sweep, in debug and in release.

#[cfg(not(madsim))]
compile_error!(
    "the simulator needs `--cfg madsim`: build from the workspace, whose .cargo/config.toml sets it, and unset RUSTFLAGS"
);

pub mod disk;
pub mod draw;
pub mod env;
mod image;
pub mod media;
pub mod net;
mod timers;
pub mod trace;
pub mod world;

pub use env::SimEnv;
pub use timers::SimSleep;
pub use world::{Crash, World, run};
