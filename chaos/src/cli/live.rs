//! A plan against real processes.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use ottla_chaos::{
    Plan,
    live::{self, Options},
};

use super::{exit_code, read};

#[derive(Args)]
pub(super) struct Live {
    /// The plan; one of three nodes is drawn from the seed otherwise.
    #[arg(long)]
    plan: Option<PathBuf>,
    /// The seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The `ottla` program.
    #[arg(long, default_value = "target/release/ottla")]
    binary: PathBuf,
    /// Where the nodes keep their data, and what they say.
    #[arg(long, default_value = "target/chaos/live")]
    dir: PathBuf,
    /// Each node is a host of its own, in a network namespace, so that links can be cut: takes root and iproute2.
    #[arg(long)]
    hosts: bool,
    /// Prints the plan, and does nothing.
    #[arg(long)]
    print: bool,
}

impl Live {
    pub(super) fn carry_out(&self) -> Result<ExitCode, String> {
        let drawn = match &self.plan {
            Some(file) => read(file)?,
            None => (self.seed..).map(Plan::cluster).find(|plan| plan.nodes == 3).expect("there is one"),
        };
        let (plan, left_out) = live::feasible(&drawn, self.hosts);
        if self.print {
            print!("{plan}");
            return Ok(ExitCode::SUCCESS);
        }
        if !self.binary.exists() {
            let binary = self.binary.display();
            return Err(format!("{binary} is not there: cargo build --release -p ottla-broker makes it"));
        }
        let (binary, dir, hosts) = (self.binary.clone(), self.dir.clone(), self.hosts);
        let verdict = live::run(&plan, &Options { binary, dir, hosts }, |step| println!("{step}"))?;
        println!(
            "{} faults done, {left_out} left out that nobody can do to {}; {} acknowledged, {} seen by readers",
            plan.events.len(),
            if hosts { "hosts" } else { "processes" },
            verdict.acknowledged,
            verdict.read
        );
        verdict.violations.iter().for_each(|violation| println!("VIOLATED {violation}"));
        if verdict.violations.is_empty() {
            println!("holds");
        }
        Ok(exit_code(verdict.violations.is_empty()))
    }
}
