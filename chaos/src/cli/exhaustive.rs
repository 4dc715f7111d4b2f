//! Every single fault: a short plan is run once for each event of its trace and each kind of harm.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use ottla_chaos::{
    Plan,
    plan::{Event, Fault, Harm},
    run,
};

use super::{exit_code, in_parallel, mutants::replay, read, sentence, write};

#[derive(Args)]
pub(super) struct Exhaustive {
    /// The plan, to which the faults are added; a short one otherwise.
    #[arg(long)]
    plan: Option<PathBuf>,
    /// How many nodes the short one has.
    #[arg(long, default_value_t = 1)]
    nodes: usize,
    /// The kinds of harm.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Kind::Process, Kind::Power, Kind::Pause, Kind::Isolate])]
    kinds: Vec<Kind>,
    /// Only every so many events.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// How long a harm lasts, in milliseconds.
    #[arg(long, default_value_t = 300)]
    for_ms: u64,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Where the plans that fail go.
    #[arg(long, default_value = "target/chaos")]
    failures: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Process,
    Power,
    Pause,
    Isolate,
}

impl Kind {
    fn harm(self) -> Harm {
        match self {
            Kind::Process => Harm::Process,
            Kind::Power => Harm::Power,
            Kind::Pause => Harm::Pause,
            Kind::Isolate => Harm::Isolate,
        }
    }
}

impl Exhaustive {
    pub(super) fn carry_out(&self) -> Result<ExitCode, String> {
        let base = match &self.plan {
            Some(file) => read(file)?,
            None => Plan::short(self.nodes),
        };
        base.validate()?;
        let alone = run(&base, 0);
        if alone.violation.is_some() {
            println!("without any more fault: {}", sentence(&alone));
            return Ok(exit_code(false));
        }
        let events = || (1..=alone.events_under_load).step_by(self.every.max(1));
        let with = |event: u64, harm: Harm| {
            let mut plan = base.clone();
            plan.events.push(Event { at_ms: 0, fault: Fault::AtEvent { event, harm, for_ms: self.for_ms } });
            plan
        };
        if let Some(kind) = self.kinds.first() {
            with(1, kind.harm()).validate()?;
        }
        let all = self.kinds.iter().flat_map(|kind| events().map(|event| with(event, kind.harm())));
        let bar = ProgressBar::new((events().count() * self.kinds.len()) as u64);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} runs, {per_sec}, {msg}, {eta} left");
        bar.set_style(style.expect("a legal template"));
        let (mut runs, mut failed, mut wrong) = (0u64, 0u64, Ok(()));
        let work = |plan: Plan| {
            let verdict = run(&plan, 0);
            (plan, verdict)
        };
        in_parallel(self.jobs, all, work, |(plan, verdict)| {
            runs += 1;
            bar.inc(1);
            if verdict.violation.is_some() {
                failed += 1;
                let file = self.failures.join(format!("exhaustive-{failed}.ron"));
                let made = std::fs::create_dir_all(&self.failures).map_err(|e| e.to_string());
                let kept = made.and_then(|()| write(&file, &plan.to_string()));
                if kept.is_err() {
                    wrong = kept;
                }
                let fault = plan.events.last().map(|event| event.fault);
                bar.suspend(|| {
                    println!("{fault:?}: {}\n  {}", sentence(&verdict), replay(&file));
                });
            }
            bar.set_message(format!("{failed} failed"));
        });
        bar.finish_and_clear();
        wrong?;
        println!(
            "{runs} runs: {} events under load, {} kinds of harm, {failed} failed",
            alone.events_under_load,
            self.kinds.len()
        );
        Ok(exit_code(failed == 0))
    }
}
