//! How fast runs are: simulated seconds for each real one, on one core. `cargo bench -p ottla-chaos --bench speed`
#![allow(clippy::disallowed_methods)]

use std::time::Instant;

use ottla_chaos::{
    Plan, Verdict,
    plan::{ClientPlan, MemberPlan},
    run,
};
use ottla_client::group::Protocol;
use ottla_core::record::Codec;

const ROUNDS: u64 = 7;

/// Four clients that each append a record every so many milliseconds.
fn clients(every_ms: u64) -> Vec<ClientPlan> {
    let client = |at: usize| ClientPlan {
        idempotent: at != 0,
        acks: -1,
        codec: Codec::ALL[at],
        every_ms,
        value_bytes: 200,
        oversized_one_in: 0,
    };
    (0..4).map(client).collect()
}

/// One broker that is written to, nothing that goes wrong: what the executor, the disk and the network cost.
fn alone(seed: u64) -> Plan {
    let clients = clients(8).into_iter().map(|client| ClientPlan { codec: Codec::None, ..client }).collect();
    Plan {
        seconds: 60,
        clients,
        partitions: 4,
        members: Vec::new(),
        readers: 0,
        images: 0,
        checkpoint_ms: 5_000,
        events: Vec::new(),
        ..Plan::single(seed)
    }
}

/// Three nodes with all the faults of a seed, every checker; 500 operations in a simulated second: half of them append a
/// record, half of them give it to a member of a group of two.
fn cluster(seed: u64) -> Plan {
    let member = MemberPlan {
        protocol: if seed.is_multiple_of(2) { Protocol::Classic } else { Protocol::Consumer },
        is_static: false,
        has_pattern: false,
        takes_turns: false,
        heartbeat_ms: 1_000,
        work_ms: 100,
        commits_one_in: 3,
    };
    let drawn =
        (0..).map(|n| Plan::cluster(seed + 1_000 * n)).find(|plan| plan.nodes == 3 && plan.partitions <= 4);
    let plan = Plan {
        seconds: 30,
        clients: clients(15),
        readers: 0,
        members: vec![member; 2],
        partitions: 4,
        // Members would miss what they never read.
        retained_bytes: 0,
        ..drawn.expect("one")
    };
    let (all, mut plan) = (plan.events.clone(), Plan { events: Vec::new(), ..plan });
    for event in all {
        // Members are other ones than were drawn.
        plan.events.push(event);
        if plan.validate().is_err() {
            plan.events.pop();
        }
    }
    plan
}

fn measure(what: &str, plan: impl Fn(u64) -> Plan) {
    let one = |seed| {
        let plan = plan(seed);
        let began = Instant::now();
        let Verdict { violation, simulated, acknowledged, read, .. } = run(&plan, 0);
        assert_eq!(violation, None, "{plan}");
        let simulated = simulated.as_secs_f64();
        (simulated / began.elapsed().as_secs_f64(), (acknowledged + read) as f64 / simulated)
    };
    let mut rates: Vec<(f64, f64)> = (0..ROUNDS).map(one).collect();
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (speed, _) = rates[rates.len() / 2];
    let operations = rates.iter().map(|(_, operations)| operations).sum::<f64>() / ROUNDS as f64;
    println!(
        "{what}, {operations:.0} operations a simulated second: {speed:.0} simulated seconds a second on one core (median of {ROUNDS} runs)"
    );
}

fn main() {
    measure("one broker, four clients", alone);
    measure("three nodes, four clients, a group of two, faults", cluster);
}
