//! The simulated disk keeps the durability contract, and the simulated network the one of streams, whatever they draw.

use std::time::Duration;

use ottla_core::env::{
    Env,
    contract::{Loss, check, check_stream},
};
use ottla_sim::{Crash, disk::SimDisk, run};

#[test]
fn the_simulated_disk_keeps_the_contract() {
    let mut lost = 0;
    for seed in 0..200 {
        for (loss, crash) in [(Loss::Process, Crash::Process), (Loss::Power, Crash::Power)] {
            let counts = run(seed, 0, move |world| async move {
                let env = world.boot("n");
                let (outer, disk) = (world.clone(), env.open_disk("data").unwrap());
                let strike = async |disk: SimDisk| {
                    drop(disk);
                    outer.crash("n", crash).await;
                    outer.sleep(Duration::from_millis(5)).await;
                    outer.boot("n").open_disk("data").unwrap()
                };
                check(disk, loss, strike).await;
                world.counts()
            });
            lost += counts.lost_entries + counts.torn_files;
        }
    }
    assert!(100 < lost, "only {lost} things were lost: the contract was hardly tried");
}

#[test]
fn simulated_streams_wake_who_waits_for_many_bytes() {
    for seed in 0..50 {
        run(seed, 0, |world| async move {
            let env = world.boot("n");
            check_stream(&env, "n").await;
        });
    }
}
