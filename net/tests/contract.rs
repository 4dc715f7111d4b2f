//! Real files keep the durability contract: across the end of a process, and, where a script can cut the
//! power of a file system (`.ci/power`), across that. Real sockets wake whoever waits for many bytes.
#![allow(clippy::disallowed_methods)]

use std::process::Command;

use ottla_core::env::{
    Env,
    contract::{Loss, check, check_stream},
};
use ottla_net::env::TokioEnv;

/// Where `.ci/power` has mounted a file system that it can cut off, and the command that does so and mounts
/// it again.
const POWER_DIR: &str = "OTTLA_POWER_DIR";
const POWER_CUT: &str = "OTTLA_POWER_CUT";

#[test]
fn real_files_survive_the_end_of_a_process() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().to_str().unwrap();
    TokioEnv::run(1, async |env| {
        let strike = async |disk| {
            drop(disk);
            env.open_disk(dir).unwrap()
        };
        check(env.open_disk(dir).unwrap(), Loss::Process, strike).await;
    });
}

#[test]
fn real_sockets_wake_who_waits_for_many_bytes() {
    TokioEnv::run(1, async |env| check_stream(&env, "127.0.0.1").await);
}

#[test]
fn real_files_survive_power_losses() {
    let (Ok(dir), Ok(cut)) = (std::env::var(POWER_DIR), std::env::var(POWER_CUT)) else {
        println!("no power to cut: {POWER_DIR} and {POWER_CUT} are not set");
        return;
    };
    TokioEnv::run(1, async |env| {
        for round in 0..20 {
            let dir = format!("{dir}/round-{round}");
            let disk = env.open_disk(&dir).unwrap();
            // The directory of a disk itself is made durable by whoever makes it.
            std::fs::File::open(&dir).and_then(|d| d.sync_all()).unwrap();
            std::fs::File::open(dir.rsplit_once('/').unwrap().0).and_then(|d| d.sync_all()).unwrap();
            let strike = async |disk| {
                drop(disk);
                assert!(Command::new("sh").args(["-c", &cut]).status().unwrap().success());
                env.open_disk(&dir).unwrap()
            };
            check(disk, Loss::Power, strike).await;
        }
    });
}
