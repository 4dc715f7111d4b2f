//! The `chaos` command.
// It measures real time, outside of any run.
#![allow(clippy::disallowed_methods)]

use std::{
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use clap::{Parser, Subcommand};
use ottla_broker::GroupStats;
use ottla_chaos::{ClusterPlan, Plan, Verdict, group::check::Seen, run, run_cluster};
use ottla_sim::world::Counts;

#[derive(Parser)]
#[command(
    name = "chaos",
    about = "Searches for violations of Ottla's guarantees; any of them replays from its seed"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One run: its plan, its verdict, its trace hash.
    Run {
        /// The seed.
        #[arg(long)]
        seed: u64,
        /// Prints the last lines of the trace.
        #[arg(long, default_value_t = 0)]
        trace: usize,
        /// A cluster of three or five nodes.
        #[arg(long)]
        cluster: bool,
        /// Plants a bug: acknowledges before it syncs.
        #[arg(long)]
        acknowledge_before_sync: bool,
    },
    /// A sweep over seeds; prints totals and the seeds that failed.
    Hunt {
        /// How many seeds.
        #[arg(long, default_value_t = 100)]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// Threads.
        #[arg(long, default_value_t = 2)]
        jobs: usize,
        /// Ends after so many seconds of real time.
        #[arg(long)]
        seconds: Option<u64>,
        /// Clusters of three or five nodes.
        #[arg(long)]
        cluster: bool,
        /// Plants a bug: acknowledges before it syncs.
        #[arg(long)]
        acknowledge_before_sync: bool,
    },
}

fn main() -> ExitCode {
    // A run that is meant to go wrong logs much; RUST_LOG shows it.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "off".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match Arguments::parse().command {
        Command::Run { seed, trace, cluster: true, acknowledge_before_sync: _ } => {
            let plan = ClusterPlan::from_seed(seed);
            print!("{plan}");
            tell(&run_cluster(&plan, trace), !plan.members.is_empty())
        }
        Command::Run { seed, trace, cluster: false, acknowledge_before_sync } => {
            let plan = Plan { acknowledge_before_sync, ..Plan::from_seed(seed) };
            print!("{plan}");
            tell(&run(&plan, trace), !plan.members.is_empty())
        }
        Command::Hunt { seeds, from, jobs, seconds, cluster, acknowledge_before_sync } => {
            let judge = |seed: u64| {
                if cluster {
                    return run_cluster(&ClusterPlan::from_seed(seed), 0);
                }
                run(&Plan { acknowledge_before_sync, ..Plan::from_seed(seed) }, 0)
            };
            hunt((from, seeds), jobs, seconds.unwrap_or(u64::MAX), cluster, judge)
        }
    }
}

fn tell(verdict: &Verdict, has_group: bool) -> ExitCode {
    verdict.trace.iter().for_each(|line| println!("{line}"));
    println!("{}", sentence(verdict));
    println!("{:?}", verdict.counts);
    if has_group {
        println!("{:?} {:?}", verdict.groups, verdict.seen);
    }
    if verdict.violation.is_some() { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn sentence(v: &Verdict) -> String {
    let what = v.violation.clone().map_or("holds".to_owned(), |violation| format!("VIOLATED {violation}"));
    let (ack, time) = (v.acknowledged, v.simulated.as_secs_f64());
    format!(
        "{what}; {ack} acknowledged in {time:.1} simulated seconds; {} events, trace {:016x}",
        v.events, v.trace_hash
    )
}

/// What a sweep came to.
#[derive(Default)]
struct Total {
    counts: Counts,
    groups: (GroupStats, Seen),
    acknowledged: u64,
    simulated: f64,
    runs: u64,
    failed: Vec<u64>,
}

fn hunt(
    (from, seeds): (u64, u64),
    jobs: usize,
    seconds: u64,
    cluster: bool,
    judge: impl Fn(u64) -> Verdict + Sync,
) -> ExitCode {
    let flag = if cluster { " --cluster" } else { "" };
    let next = AtomicU64::new(from);
    let total = Mutex::new(Total::default());
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if from + seeds <= seed || seconds <= began.elapsed().as_secs() {
                        return;
                    }
                    let judged = std::panic::AssertUnwindSafe(|| judge(seed));
                    let verdict = std::panic::catch_unwind(judged);
                    let mut total = total.lock().expect("no thread panics under the lock");
                    total.runs += 1;
                    match verdict {
                        Ok(verdict) => {
                            total.counts += verdict.counts;
                            total.groups.0 += verdict.groups;
                            total.groups.1.generations += verdict.seen.generations;
                            total.groups.1.commits += verdict.seen.commits;
                            total.acknowledged += verdict.acknowledged;
                            total.simulated += verdict.simulated.as_secs_f64();
                            if verdict.violation.is_some() {
                                println!("seed {seed}: {}", sentence(&verdict));
                                total.failed.push(seed);
                            }
                        }
                        Err(_) => {
                            println!("seed {seed}: PANIC");
                            total.failed.push(seed);
                        }
                    }
                }
            });
        }
    });
    let Total { counts, groups, acknowledged, simulated, runs, failed } =
        total.into_inner().expect("no thread panicked");
    let real = began.elapsed().as_secs_f64();
    println!(
        "{runs} seeds in {real:.1} s: {acknowledged} acknowledged, {simulated:.0} simulated seconds, {:.0} a second",
        simulated / real
    );
    println!("{counts:?}");
    println!("{:?} {:?}", groups.0, groups.1);
    println!(
        "{} failed{}",
        failed.len(),
        failed.first().map_or(String::new(), |s| format!("; the first: cargo chaos run --seed {s}{flag}"))
    );
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
