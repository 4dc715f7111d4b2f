//! The command line: one file a command.

mod bench;
mod cluster;
mod consume;
mod group;
mod placement;
mod produce;
mod quorum;
mod serve;
mod topic;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ottla_client::{Client, ClientConfig};
use ottla_net::env::TokioEnv;

/// A distributed commit log that speaks the Kafka protocol. Without a command it serves one node on
/// 127.0.0.1:9092 with data in ./ottla-data.
#[derive(Parser)]
#[command(name = "ottla", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t = Output::Text)]
    output: Output,
    /// How a broker's log is printed.
    #[arg(long, global = true, value_enum, default_value_t = Output::Text)]
    log_format: Output,
}

#[derive(Subcommand)]
enum Command {
    /// Serves.
    Serve(serve::ServeArguments),
    /// Creates, lists, describes and deletes topics.
    Topic(topic::TopicArguments),
    /// Lists, describes and deletes groups of consumers, and resets their offsets.
    Group(group::GroupArguments),
    /// Writes lines of standard input as records.
    Produce(produce::ProduceArguments),
    /// Reads records.
    Consume(consume::ConsumeArguments),
    /// Runs a local cluster, or shows how a cluster stands.
    Cluster(cluster::ClusterArguments),
    /// Shows who votes about the metadata, who leads, and how far each has come.
    Quorum(quorum::QuorumArguments),
    /// Moves partitions to other brokers.
    Reassign(placement::ReassignArguments),
    /// Elects leaders of partitions: the preferred ones, or any.
    Elect(placement::ElectArguments),
    /// Measures a broker.
    Bench(bench::BenchArguments),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

/// Where the brokers are.
#[derive(Args, Clone)]
struct Connect {
    /// Addresses of some brokers, comma-separated.
    #[arg(long, short = 'b', global = true, env = "OTTLA_BOOTSTRAP", default_value = "127.0.0.1:9092")]
    bootstrap: String,
}

impl Connect {
    fn client(&self, env: &TokioEnv) -> Client<TokioEnv> {
        Client::new(env.clone(), ClientConfig::new(&self.bootstrap))
    }
}

/// The usage or the settings are wrong.
const EXIT_USAGE: u8 = 2;

/// Why a command failed, as a sentence.
type Failure = Box<dyn std::error::Error>;

pub(crate) fn main() -> ExitCode {
    let Arguments { command, output, log_format } = Arguments::parse();
    let command = command.unwrap_or_else(|| Command::Serve(serve::ServeArguments::default()));
    let result = match command {
        Command::Serve(arguments) => return serve::main(&arguments, log_format),
        Command::Topic(arguments) => TokioEnv::run(1, async |env| topic::main(env, arguments, output).await),
        Command::Group(arguments) => TokioEnv::run(1, async |env| group::main(env, arguments, output).await),
        Command::Produce(arguments) => {
            TokioEnv::run(1, async |env| produce::main(env, arguments, output).await)
        }
        Command::Consume(arguments) => {
            TokioEnv::run(1, async |env| consume::main(env, arguments, output).await)
        }
        Command::Cluster(arguments) => {
            TokioEnv::run(1, async |env| cluster::main(env, arguments, output).await)
        }
        Command::Quorum(arguments) => {
            TokioEnv::run(1, async |env| quorum::main(env, arguments, output).await)
        }
        Command::Reassign(arguments) => {
            TokioEnv::run(1, async |env| placement::reassign(env, arguments, output).await)
        }
        Command::Elect(arguments) => {
            TokioEnv::run(1, async |env| placement::elect(env, arguments, output).await)
        }
        Command::Bench(arguments) => TokioEnv::run(1, async |env| bench::main(env, arguments, output).await),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("ottla: {e}");
            ExitCode::FAILURE
        }
    }
}
