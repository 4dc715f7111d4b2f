//! `ottla serve`: settings from flags, environment and file; then a broker until it is told to stop.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use clap::Args;
use ottla_broker::{StartError, real};
use ottla_core::config::{BrokerConfig, OTTLA_BROKER, kafka, parse_properties};
use ottla_net::env::TokioEnv;
use tokio::signal::unix::{SignalKind, signal};

use super::{EXIT_USAGE, Output};

#[derive(Args, Default)]
pub(super) struct ServeArguments {
    /// A properties file with Kafka's settings.
    #[arg(long)]
    config: Option<String>,
    /// A setting, as name=value; wins over environment and file.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
}

/// Collects the settings: flags win over the environment, the environment over the file.
fn settings(arguments: &ServeArguments) -> Result<BrokerConfig, String> {
    let mut config = BrokerConfig::default();
    if let Some(file) = &arguments.config {
        let text = std::fs::read_to_string(file).map_err(|e| format!("--config {file}: {e}"))?;
        let lines = parse_properties(&text)
            .map_err(|line| format!("--config {file}: line {line} is not of the form name=value"))?;
        for (name, value) in lines {
            config.set(&name, &value).map_err(|e| format!("--config {file}: {e}"))?;
        }
    }
    for setting in kafka::BROKER.iter().chain(OTTLA_BROKER) {
        let plain = setting.name.strip_prefix("ottla.").unwrap_or(setting.name);
        let variable = format!("OTTLA_{}", plain.replace(['.', '-'], "_").to_uppercase());
        if let Ok(value) = std::env::var(&variable) {
            config.set(setting.name, &value).map_err(|e| format!("{variable}: {e}"))?;
        }
    }
    for setting in &arguments.settings {
        let (name, value) =
            setting.split_once('=').ok_or_else(|| format!("--set {setting}: give it as name=value"))?;
        config.set(name.trim(), value).map_err(|e| format!("--set {e}"))?;
    }
    Ok(config)
}

fn log(format: Output) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Output::Json => builder.json().init(),
        Output::Text => builder.with_ansi(std::io::stderr().is_terminal()).init(),
    }
}

pub(super) fn main(arguments: &ServeArguments, log_format: Output) -> ExitCode {
    let config = match settings(arguments) {
        Ok(config) => config,
        Err(why) => {
            eprintln!("ottla: {why}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    log(log_format);
    // A broken invariant stops the process: tokio would swallow a task's panic.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        std::process::abort();
    }));
    for name in config.ignored() {
        tracing::warn!("the setting {name} is Kafka's, and has no effect in this release");
    }
    raise_descriptor_limit();
    let cores = match config.number("ottla.cores") {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        cores => cores as usize,
    };
    let result = TokioEnv::run(cores, async |env| serve(env, config).await);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("ottla: {e}");
            match e {
                StartError::Refused(_) => ExitCode::from(EXIT_USAGE),
                StartError::Failed { .. } => ExitCode::FAILURE,
            }
        }
    }
}

/// Each partition and each connection takes a descriptor.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the limit in force is what there is.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

async fn serve(env: TokioEnv, config: BrokerConfig) -> Result<(), StartError> {
    let dir = config.log_dirs().join(",");
    let stop_signal = |kind| {
        signal(kind).map_err(|source| StartError::Failed { doing: "listening for signals".into(), source })
    };
    let (mut terminate, mut interrupt) =
        (stop_signal(SignalKind::terminate())?, stop_signal(SignalKind::interrupt())?);
    let told = async {
        ottla_core::env::until(async { interrupt.recv().await.unwrap_or(()) }, terminate.recv()).await;
    };
    // In a cluster it waits for a majority, however long: it can be told not to.
    let Some(running) = ottla_core::env::until(told, real::start(env, config)).await else { return Ok(()) };
    let running = running?;
    let address = running.addresses.first().cloned().unwrap_or_default();
    // Whoever started it may have closed the other end: a broker serves all the same.
    let _ = writeln!(
        std::io::stdout(),
        "ottla serves Kafka clients on {address}, data in {dir}\n\
         try: echo hello | ottla produce greetings -b {address} && ottla consume greetings -b {address}"
    );
    ottla_core::env::until(async { interrupt.recv().await.unwrap_or(()) }, terminate.recv()).await;
    real::stop(running).await;
    Ok(())
}
