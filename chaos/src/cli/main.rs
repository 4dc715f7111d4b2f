//! The `chaos` command.
// It measures real time, outside of any run.
#![allow(clippy::disallowed_methods)]

mod exhaustive;
mod guarantees;
mod hunt;
mod live;
mod mutants;

use std::{path::PathBuf, process::ExitCode, sync::Mutex, thread};

use clap::{Args, Parser, Subcommand, ValueEnum};
use ottla_chaos::{Plan, Verdict, report::report, run, shrink::Shrinker};

/// What was asked for cannot be done.
const USAGE: u8 = 2;

#[derive(Parser)]
#[command(
    name = "chaos",
    about = "Searches for violations of Ottla's guarantees; any of them replays from its seed",
    after_help = "It ends with 0 if all holds, with 1 if a violation was found, with 2 if what was asked for cannot be done."
)]
struct Arguments {
    /// Puts a bug of the table of `mutants` back first.
    #[arg(long, value_name = "MUTANT", global = true)]
    plant: Option<String>,
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
        #[command(flatten)]
        draw: Draw,
        #[command(flatten)]
        telling: Telling,
    },
    /// A sweep over seeds; tells how fast it goes, what happened, and the seeds that failed.
    Hunt(hunt::Hunt),
    /// One short plan, with a fault at each event of its trace in turn: complete for single faults of a kind.
    Exhaustive(exhaustive::Exhaustive),
    /// What each configuration guarantees under each class of faults: a table, with the seeds that show what does not hold.
    Guarantees(guarantees::Guarantees),
    /// A plan against real processes: the same clients and judges, and the faults that a machine lets be made.
    Live(live::Live),
    /// Puts bugs of real systems back, and tells how soon each is found.
    Mutants(mutants::Mutants),
    /// Runs a plan from a file.
    Replay {
        /// The plan, as `run` prints it and `hunt` leaves it.
        file: PathBuf,
        #[command(flatten)]
        telling: Telling,
    },
    /// Runs a plan, and writes a page of HTML that shows what went wrong: nothing else is needed to look at it.
    Report {
        /// The plan.
        file: PathBuf,
        /// Where the page goes; beside the file otherwise.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Makes a plan that fails as small as it can be while the same anomaly or invariant fails.
    Shrink {
        /// The plan.
        file: PathBuf,
        /// Where the small plan goes; beside the file otherwise.
        #[arg(long, short)]
        output: Option<PathBuf>,
        /// How many schedules are tried for each smaller plan.
        #[arg(long, default_value_t = 4)]
        schedules: u64,
        /// How many of them at once.
        #[arg(long, default_value_t = 2)]
        jobs: usize,
    },
}

/// How plans are drawn from seeds.
#[derive(Args, Clone)]
struct Draw {
    /// Which plans: the seed says how many nodes, or one node, or several.
    #[arg(long, value_enum, default_value_t = Nodes::Any)]
    nodes: Nodes,
    /// Sets a field of the plan, as in `--set flush=PageCache --set oracle=Everything`.
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Nodes {
    Any,
    One,
    Several,
}

#[derive(Args)]
struct Telling {
    /// Prints the last lines of the trace.
    #[arg(long, default_value_t = 0)]
    trace: usize,
    /// Prints the verdict as JSON, and nothing else.
    #[arg(long)]
    json: bool,
}

impl Draw {
    fn plan(&self, seed: u64) -> Result<Plan, String> {
        let drawn = match self.nodes {
            Nodes::Any => Plan::from_seed(seed),
            Nodes::One => Plan::single(seed),
            Nodes::Several => Plan::cluster(seed),
        };
        self.set.iter().try_fold(drawn, |plan, set| {
            let (field, value) = set.split_once('=').ok_or_else(|| format!("{set} is not FIELD=VALUE"))?;
            plan.with(field, value)
        })
    }
}

fn main() -> ExitCode {
    // A run that is meant to go wrong logs much; RUST_LOG shows it.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "off".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let simulates = !matches!(arguments.command, Command::Live(_) | Command::Mutants(_));
    let planted = match arguments.plant.as_deref() {
        None => Ok(None),
        Some(name) if simulates => mutants::plant_one(name),
        Some(_) => {
            Err("--plant: leave it out: `live` runs real processes, and `mutants` plants by itself".into())
        }
    };
    let done = planted.and_then(|ended| match ended {
        Some(ended) => Ok(ended),
        None => carry_out(arguments.command),
    });
    done.unwrap_or_else(|why| {
        eprintln!("chaos: {why}");
        ExitCode::from(USAGE)
    })
}

fn carry_out(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Run { seed, draw, telling } => draw.plan(seed).map(|plan| {
            if !telling.json {
                print!("{plan}");
            }
            tell(&run(&plan, telling.trace), &telling)
        }),
        Command::Hunt(hunt) => hunt.carry_out(),
        Command::Exhaustive(exhaustive) => exhaustive.carry_out(),
        Command::Guarantees(guarantees) => guarantees.carry_out(),
        Command::Live(live) => live.carry_out(),
        Command::Mutants(mutants) => mutants.carry_out(),
        Command::Replay { file, telling } => {
            read(&file).map(|plan| tell(&run(&plan, telling.trace), &telling))
        }
        Command::Report { file, output } => read(&file).and_then(|plan| {
            let output = output.unwrap_or_else(|| file.with_extension("html"));
            let (verdict, page) = report(&plan, &mutants::replay(&file));
            write(&output, &page)?;
            println!("{}\n{}", sentence(&verdict), output.display());
            Ok(exit_code(verdict.violation.is_none()))
        }),
        Command::Shrink { file, output, schedules, jobs } => {
            let output = output.unwrap_or_else(|| file.with_extension("small.ron"));
            read(&file).and_then(|plan| shrink(&plan, &output, (schedules, jobs)))
        }
    }
}

fn read(file: &PathBuf) -> Result<Plan, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    Plan::parse(&text).map_err(|e| format!("{}: {e}", file.display()))
}

fn write(file: &PathBuf, text: &str) -> Result<(), String> {
    std::fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}

/// Works on items in threads, as many as there are jobs, and takes in what becomes of each as it comes.
fn in_parallel<I: Send, T: Send>(
    jobs: usize,
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> T + Sync,
    take: impl FnMut(T) + Send,
) {
    let unbroken = "no thread panics under the lock";
    let (items, take) = (Mutex::new(items), Mutex::new(take));
    let one = || {
        loop {
            let Some(item) = items.lock().expect(unbroken).next() else { return };
            let done = work(item);
            (take.lock().expect(unbroken))(done);
        }
    };
    thread::scope(|scope| (0..jobs.max(1)).for_each(|_| drop(scope.spawn(one))));
}

fn exit_code(holds: bool) -> ExitCode {
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(verdict: &Verdict, telling: &Telling) -> ExitCode {
    if telling.json {
        println!("{}", json(None, verdict));
    } else {
        verdict.trace.iter().for_each(|line| println!("{line}"));
        println!("{:?}", verdict.counts);
        println!("{:?} {:?}", verdict.groups, verdict.seen);
        println!("{}", sentence(verdict));
    }
    exit_code(verdict.violation.is_none())
}

fn sentence(v: &Verdict) -> String {
    let what = v.violation.clone().map_or("holds".to_owned(), |violation| format!("VIOLATED {violation}"));
    let (ack, time) = (v.acknowledged, v.simulated.as_secs_f64());
    format!(
        "{what}; {ack} acknowledged in {time:.1} simulated seconds; {} events, trace {:016x}",
        v.events, v.trace_hash
    )
}

fn json(seed: Option<u64>, v: &Verdict) -> serde_json::Value {
    serde_json::json!({
        "seed": seed,
        "holds": v.violation.is_none(),
        "id": v.id(),
        "violation": v.violation,
        "acknowledged": v.acknowledged,
        "simulated_seconds": v.simulated.as_secs_f64(),
        "events": v.events,
        "trace": format!("{:016x}", v.trace_hash),
    })
}

fn shrink(plan: &Plan, output: &PathBuf, (schedules, jobs): (u64, usize)) -> Result<ExitCode, String> {
    let mut shrinker =
        Shrinker::new(plan, schedules, jobs).ok_or("the plan holds: there is nothing to shrink")?;
    println!("{}", shrinker.violation());
    while shrinker.step(|what| println!("  {what}")) {}
    let (small, runs) = (shrinker.plan(), shrinker.runs());
    write(output, &small.to_string())?;
    print!("{small}");
    println!("{}", shrinker.violation());
    println!(
        "{} of {} events, {} of {} nodes, {} of {} clients after {runs} runs: {}",
        small.events.len(),
        plan.events.len(),
        small.nodes,
        plan.nodes,
        small.clients.len() + small.members.len(),
        plan.clients.len() + plan.members.len(),
        mutants::replay(output)
    );
    Ok(exit_code(false))
}
