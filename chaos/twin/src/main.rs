//! `cargo twin`: starts Apache Kafka and Ottla, asks both the same, and prints where their answers differ.

// It measures real processes.
#![allow(clippy::disallowed_methods)]

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Parser;
use ottla_twin::{
    brokers::Broker,
    differences,
    run::{Target, apis},
    session::{Options, Session},
};

#[derive(Parser)]
#[command(name = "twin", about = "Asks Ottla and Apache Kafka the same, and compares their answers")]
struct Arguments {
    /// Compares Ottla with this broker instead of a Kafka of its own.
    #[arg(long, value_name = "HOST:PORT")]
    against: Option<String>,
    /// Only this API; may be given more than once.
    #[arg(long)]
    api: Vec<String>,
    /// The seed of the drawn cases; a new one otherwise.
    #[arg(long)]
    seed: Option<u64>,
    /// Ends drawing after so many minutes.
    #[arg(long)]
    minutes: Option<u64>,
    /// Drawn requests for each version of an API.
    #[arg(long, default_value_t = 200)]
    requests: usize,
    /// A script to run, and no other; may be given more than once.
    #[arg(long)]
    script: Vec<PathBuf>,
    /// Where scripts of differences are written.
    #[arg(long, default_value = "target/twin")]
    out: PathBuf,
    /// Prints the answers of both too.
    #[arg(long)]
    show: bool,
    /// Prints the differences that are meant, as docs/differences.md has them, and ends.
    #[arg(long)]
    page: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.page {
        print!("{}", differences::page());
        return ExitCode::SUCCESS;
    }
    match compare(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("twin: {why}");
            ExitCode::from(2)
        }
    }
}

fn compare(arguments: Arguments) -> Result<bool, String> {
    let apis = apis()?;
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let folder = own.parent().unwrap_or(&own).to_owned();
    let reference = match &arguments.against {
        Some(address) => Target::new(address, &apis)?,
        None => Target::of(Broker::kafka()?, &apis)?,
    };
    // Run by cargo, it compares what the sources say.
    if let Ok(cargo) = std::env::var("CARGO") {
        let profile = folder.file_name().and_then(|n| n.to_str()).filter(|n| *n != "debug").unwrap_or("dev");
        let arguments = ["build", "--quiet", "-p", "ottla-broker", "--profile", profile];
        if !Command::new(cargo).args(arguments).status().is_ok_and(|s| s.success()) {
            return Err("the broker cannot be built".into());
        }
    }
    let ottla = Target::of(Broker::ottla(&folder.join("ottla"))?, &apis)?;
    let fresh = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| u64::from(d.subsec_nanos()));
    let seed = arguments.seed.unwrap_or_else(fresh);
    println!("seed {seed}");
    let options = Options {
        apis: arguments.api,
        seed,
        minutes: arguments.minutes,
        requests: arguments.requests,
        scripts: arguments.script,
        out: arguments.out,
        show: arguments.show,
    };
    let mut session = Session::new(reference, ottla, &apis)?;
    let mut report = session.run(&options)?;
    session.finish(&mut report)?;
    print!("{report}");
    if options.is_whole() {
        report.stale().for_each(|meant| println!("STALE {}: it is named, and did not occur", meant.id));
    }
    Ok(report.is_clean(&options))
}
