//! How fast the simulator is: one broker, four clients and 500 acknowledged appends in each simulated second,
//! against real time. `cargo bench -p ottla-chaos --bench speed`
#![allow(clippy::disallowed_methods)]

use std::time::Instant;

use ottla_chaos::{Plan, plan::ClientPlan, run};
use ottla_core::record::Codec;

const ROUNDS: u64 = 7;

fn main() {
    let mut rates: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|round| {
            let client =
                ClientPlan { idempotent: true, acks: -1, codec: Codec::None, every_ms: 8, value_bytes: 200 };
            // A clock that is slow, a sleep that is late: a little more than 500 is asked for.
            let mut clients = vec![client; 4];
            clients[0].every_ms = 7;
            let plan = Plan {
                seconds: 60,
                clients,
                partitions: 4,
                checkpoint_ms: 5_000,
                events: Vec::new(),
                ..Plan::single(round)
            };
            let began = Instant::now();
            let verdict = run(&plan, 0);
            assert_eq!(verdict.violation, None);
            let simulated = verdict.simulated.as_secs_f64();
            (simulated / began.elapsed().as_secs_f64(), verdict.acknowledged as f64 / simulated)
        })
        .collect();
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (speed, appends) = rates[rates.len() / 2];
    println!(
        "one broker, four clients, {appends:.0} acknowledged appends a simulated second: {speed:.0} simulated seconds a second on one core (median of {ROUNDS} runs)"
    );
}
