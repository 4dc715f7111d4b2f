//! A sweep over seeds.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ottla_broker::GroupStats;
use ottla_chaos::{
    Plan, Verdict,
    group::check::Seen,
    run::{FAULT_NAMES, Spent, run},
};
use ottla_core::situations::{FAULTS, Reached, Situation};
use ottla_sim::world::Counts;
use serde::{Deserialize, Serialize};

use super::{Draw, exit_code, in_parallel, json, mutants::replay, sentence, write};

#[derive(Args)]
pub(super) struct Hunt {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Begins no seed after so long, as in `10m`.
    #[arg(long, value_parser = humantime::parse_duration)]
    time: Option<Duration>,
    /// Keeps in this file how far it got, and goes on from there if there is one.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Where the plans of seeds that fail go.
    #[arg(long, default_value = "target/chaos")]
    failures: PathBuf,
    /// Prints a line of JSON for each seed and one for all, and nothing else.
    #[arg(long)]
    json: bool,
    /// Prints what the code under test has reached, by what was going wrong, and what it has not.
    #[arg(long)]
    coverage: bool,
    #[command(flatten)]
    draw: Draw,
}

/// What a sweep came to.
#[derive(Default)]
struct Total {
    counts: Counts,
    groups: GroupStats,
    seen: Seen,
    acknowledged: u64,
    simulated: f64,
    runs: u64,
    failed: BTreeMap<u64, String>,
    reached: Reached,
    spent: Spent,
    /// Seeds that are done, beyond the first that is not.
    done: std::collections::BTreeSet<u64>,
}

/// How far a sweep got: what its file holds.
#[derive(Serialize, Deserialize)]
struct State {
    /// All seeds below are done.
    next: u64,
    runs: u64,
    failed: BTreeMap<u64, String>,
}

impl Hunt {
    pub(super) fn carry_out(mut self) -> Result<ExitCode, String> {
        // What cannot be drawn is said at once.
        self.draw.plan(self.from)?;
        let end = self.from.saturating_add(self.seeds);
        let mut total = Total::default();
        if let Some(state) = self.read_state()? {
            self.from = state.next.max(self.from);
            (total.runs, total.failed) = (state.runs, state.failed);
        }
        let bar = if self.json { ProgressBar::hidden() } else { ProgressBar::new(end - self.from) };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} seeds, {per_sec}, {msg}, {eta} left");
        bar.set_style(style.expect("a legal template"));
        let (began, mut refused) = (Instant::now(), None);
        let is_over = AtomicBool::new(false);
        let is_time = || self.time.is_some_and(|time| time <= began.elapsed());
        let seeds = (self.from..end).take_while(|_| !is_over.load(Ordering::Relaxed) && !is_time());
        let work = |seed| {
            let plan = self.draw.plan(seed)?;
            let verdict = run(&plan, 0);
            Ok((plan, verdict))
        };
        in_parallel(self.jobs, seeds, work, |done: Result<(Plan, Verdict), String>| match done {
            Ok((plan, verdict)) => {
                self.take(&mut total, &plan, &verdict, &bar);
                let speed = total.simulated / began.elapsed().as_secs_f64();
                bar.set_message(format!("{speed:.0} simulated s/s, {} failed", total.failed.len()));
                bar.inc(1);
            }
            // What fits one plan may not fit another.
            Err(why) => {
                refused = Some(why);
                is_over.store(true, Ordering::Relaxed);
            }
        });
        bar.finish_and_clear();
        if let Some(why) = refused {
            return Err(why);
        }
        self.tell(&total, began.elapsed().as_secs_f64());
        Ok(exit_code(total.failed.is_empty()))
    }

    fn read_state(&self) -> Result<Option<State>, String> {
        let Some(file) = self.state.as_ref().filter(|file| file.exists()) else { return Ok(None) };
        let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        serde_json::from_str(&text).map(Some).map_err(|e| format!("{}: {e}", file.display()))
    }

    /// Adds the verdict of a seed.
    fn take(&self, total: &mut Total, plan: &Plan, verdict: &Verdict, bar: &ProgressBar) {
        let seed = plan.seed;
        total.runs += 1;
        total.counts += verdict.counts;
        total.groups += verdict.groups;
        total.seen.generations += verdict.seen.generations;
        total.seen.commits += verdict.seen.commits;
        total.acknowledged += verdict.acknowledged;
        total.spent += verdict.spent;
        total.simulated += verdict.simulated.as_secs_f64();
        total.reached.resize(Situation::ALL.len(), Default::default());
        for (total, reached) in total.reached.iter_mut().zip(&verdict.reached) {
            total.iter_mut().zip(reached).for_each(|(total, count)| *total = total.saturating_add(*count));
        }
        if self.json {
            println!("{}", json(Some(seed), verdict));
        }
        if let Some(violation) = &verdict.violation {
            total.failed.insert(seed, violation.clone());
            let file = self.failures.join(format!("{seed}.ron"));
            let kept = std::fs::create_dir_all(&self.failures).map_err(|e| e.to_string());
            if let Err(e) = kept.and_then(|()| write(&file, &plan.to_string())) {
                eprintln!("chaos: {e}");
            }
            if !self.json {
                let told = format!("seed {seed}: {}\n  {}", sentence(verdict), replay(&file));
                // Where there is no terminal, the bar prints nothing.
                if bar.is_hidden() { println!("{told}") } else { bar.println(told) }
            }
        }
        total.done.insert(seed);
        if let Some(file) = &self.state {
            let next = (self.from..).find(|seed| !total.done.contains(seed)).unwrap_or(u64::MAX);
            let state = State { next, runs: total.runs, failed: total.failed.clone() };
            let text = serde_json::to_string(&state).expect("numbers and texts");
            if let Err(e) = write(file, &text) {
                eprintln!("chaos: {e}");
            }
        }
    }

    fn tell(&self, total: &Total, real: f64) {
        let Total { runs, acknowledged, simulated, .. } = total;
        let speed = simulated / real;
        if self.json {
            let told = serde_json::json!({
                "seeds": runs, "failed": total.failed, "acknowledged": acknowledged,
                "simulated_seconds": simulated, "real_seconds": real,
            });
            println!("{told}");
            return;
        }
        println!(
            "{runs} seeds in {real:.1} s: {acknowledged} acknowledged, {simulated:.0} simulated seconds, {speed:.0} a second"
        );
        println!("{}", total.spent);
        println!("{:?}", total.counts);
        println!("{:?} {:?}", total.groups, total.seen);
        self.tell_reached(&total.reached);
        let first = total.failed.keys().next().map_or(String::new(), |seed| {
            format!("; the first: {}", replay(&self.failures.join(format!("{seed}.ron"))))
        });
        println!("{} failed{first}", total.failed.len());
    }

    fn tell_reached(&self, reached: &Reached) {
        if self.coverage {
            println!("reached, while");
            FAULT_NAMES.iter().enumerate().for_each(|(at, name)| println!("  {:>2}: {name}", at));
            let columns: String = (0..FAULT_NAMES.len()).map(|at| format!("{at:>8}")).collect();
            println!("{:<72}{columns}", "");
            for ((_, sentence), counts) in Situation::ALL.iter().zip(reached) {
                let counts: String = counts[..FAULT_NAMES.len()].iter().map(|n| format!("{n:>8}")).collect();
                println!("{sentence:<72}{counts}");
            }
        }
        let is_unreached = |counts: &[u32; FAULTS]| counts.iter().all(|count| *count == 0);
        let missing = Situation::ALL.iter().zip(reached).filter(|(_, counts)| is_unreached(counts));
        missing.for_each(|((_, sentence), _)| println!("never reached: {sentence}"));
    }
}
