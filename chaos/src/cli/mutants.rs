//! Puts bugs back, one at a time in a process of its own, and tells how soon each is found.

use std::{
    env,
    io::Write as _,
    path::Path,
    process::{Command, ExitCode, Stdio},
    sync::OnceLock,
    time::Instant,
};

use clap::Args;
use ottla_chaos::mutants::{ALL, Mutant};
use serde::{Deserialize, Serialize};

use super::exit_code;

#[derive(Args)]
pub(super) struct Mutants {
    /// Independent ranges of seeds that each is searched for in.
    #[arg(long, default_value_t = 3)]
    ranges: u64,
    /// Seeds of each range, at most.
    #[arg(long, default_value_t = 300)]
    seeds: usize,
    /// Processes at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Only mutants with this in their names.
    #[arg(long, default_value = "")]
    only: String,
    /// Only their names.
    #[arg(long)]
    list: bool,
    /// Searches for the mutant of this number in this process, and tells of it as JSON.
    #[arg(long, hide = true)]
    search: Option<usize>,
}

/// How a search in one range ended.
#[derive(Serialize, Deserialize)]
struct Found {
    seeds: u64,
    seconds: f64,
    /// The seed, and the violation.
    what: Option<(u64, String)>,
}

/// Where the bugs are compiled in: never where `ottla` is built for users.
const TARGET_DIR: &str = "target/mutants";
/// Ranges of seeds begin this far apart.
const RANGE: u64 = 100_000;

impl Mutants {
    pub(super) fn carry_out(&self) -> Result<ExitCode, String> {
        let chosen: Vec<(usize, &Mutant)> =
            ALL.iter().enumerate().filter(|(_, mutant)| mutant.name.contains(&self.only)).collect();
        if self.list {
            chosen.iter().for_each(|(_, mutant)| println!("{}", mutant.name));
            return Ok(ExitCode::SUCCESS);
        }
        if !cfg!(feature = "mutants") {
            return build_and_go_on();
        }
        if let Some(at) = self.search {
            let mutant = ALL.get(at).ok_or_else(|| format!("there is no mutant {at}"))?;
            return self.search(mutant);
        }
        let own = env::current_exe().map_err(|e| e.to_string())?;
        println!(
            "{:<36} {:>8} {:>8}  found as, by the seed; where it comes from",
            "mutant", "seeds", "seconds"
        );
        let mut lines = chosen.chunks(self.jobs.max(1)).flat_map(|some| {
            let running = some.iter().map(|(at, mutant)| {
                let mut command = Command::new(&own);
                command.args(["mutants", "--search", &at.to_string()]);
                command.args(["--ranges", &self.ranges.to_string(), "--seeds", &self.seeds.to_string()]);
                (command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn(), *mutant)
            });
            let running: Vec<_> = running.collect();
            running.into_iter().map(|(child, mutant)| {
                let output = child.and_then(std::process::Child::wait_with_output);
                let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
                let found: Result<Vec<Found>, String> = text
                    .map_err(|e| e.to_string())
                    .and_then(|text| serde_json::from_str(&text).map_err(|e| e.to_string()));
                let is_found = found.as_ref().is_ok_and(|found| found.iter().any(|f| f.what.is_some()));
                (line(mutant, found.as_deref()), is_found, mutant.schedule.is_some())
            })
        });
        let (mut all, mut count) = (true, 0);
        for (line, is_found, has_schedule) in lines.by_ref() {
            println!("{line}");
            // A table that grows is looked at while it does.
            let _ = std::io::stdout().flush();
            (all, count) = (all && (is_found || has_schedule), count + usize::from(is_found));
        }
        drop(lines);
        println!("{count} of {} found", chosen.len());
        Ok(exit_code(all))
    }

    fn search(&self, mutant: &Mutant) -> Result<ExitCode, String> {
        plant(mutant.name)?;
        let range = |n: u64| {
            let began = Instant::now();
            let mut seeds = 0;
            let what = mutant.plans.from(1 + n * RANGE).take(self.seeds).find_map(|plan| {
                seeds += 1;
                ottla_chaos::run(&plan, 0).violation.map(|violation| (plan.seed, violation))
            });
            Found { seeds, seconds: began.elapsed().as_secs_f64(), what }
        };
        let found: Vec<Found> = (0..self.ranges).map(range).collect();
        println!("{}", serde_json::to_string(&found).expect("numbers and texts"));
        Ok(ExitCode::SUCCESS)
    }
}

/// What is planted in this process.
static PLANTED: OnceLock<String> = OnceLock::new();

/// The command that runs a plan as this process does.
pub(super) fn replay(file: &Path) -> String {
    let planted = PLANTED.get().map_or(String::new(), |name| format!("--plant {name} "));
    format!("cargo chaos {planted}replay {}", file.display())
}

/// Puts a bug back, by its name, for as long as this process lives. Where it is not compiled in, a program in which it is
/// does what was asked for, and has ended.
pub(super) fn plant_one(name: &str) -> Result<Option<ExitCode>, String> {
    if !ALL.iter().any(|mutant| mutant.name == name) {
        return Err(format!(
            "--plant {name}: there is no such mutant; `cargo chaos mutants --list` has their names"
        ));
    }
    if !cfg!(feature = "mutants") {
        return build_and_go_on().map(Some);
    }
    PLANTED.get_or_init(|| name.to_owned());
    plant(name).map(|()| None)
}

/// Puts a bug back, for as long as this process lives.
#[cfg(feature = "mutants")]
fn plant(name: &str) -> Result<(), String> {
    fail::cfg(name, "return")
}

#[cfg(not(feature = "mutants"))]
fn plant(name: &str) -> Result<(), String> {
    Err(format!("{name} is not compiled in"))
}

fn line(mutant: &Mutant, found: Result<&[Found], &String>) -> String {
    let (name, source) = (mutant.name, mutant.source);
    let found = match found {
        Ok(found) => found,
        Err(why) => return format!("{name:<36} the search failed: {why}"),
    };
    let mut hits: Vec<&Found> = found.iter().filter(|found| found.what.is_some()).collect();
    hits.sort_by_key(|found| found.seeds);
    let Some(median) = hits.get(hits.len().saturating_sub(1) / 2) else {
        let tried: u64 = found.iter().map(|found| found.seeds).sum();
        let by_schedule =
            mutant.schedule.map_or(String::new(), |test| format!("; by a schedule of its own: {test}"));
        return format!("{name:<36} never, in {tried} seeds{by_schedule}; {source}");
    };
    let missed = found.len() - hits.len();
    let missed = if missed == 0 { String::new() } else { format!(" (not in {missed} ranges)") };
    let (seed, violation) = median.what.as_ref().map_or((0, ""), |(seed, what)| (*seed, what.as_str()));
    let id = violation.split(':').next().unwrap_or_default();
    let (seeds, seconds) = (median.seeds, median.seconds);
    format!("{name:<36} {seeds:>8} {seconds:>8.1}  {id}, {seed}{missed}; {source}")
}

/// Builds this command with the bugs, where it is not in the way of any other build, and lets that go on.
fn build_and_go_on() -> Result<ExitCode, String> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--profile", "sim", "-p", "ottla-chaos", "--features", "mutants"]);
    command.args(["--target-dir", TARGET_DIR, "--"]).args(env::args().skip(1));
    let status = command.status().map_err(|e| format!("cargo does not run: {e}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(exit_code(false), ExitCode::from))
}
