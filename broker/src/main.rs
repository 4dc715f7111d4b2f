//! The `ottla` binary: arguments, then serve or a command; nothing else.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
