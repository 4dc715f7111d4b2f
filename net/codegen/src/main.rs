//! Writes the message codec of `ottla-net` from the schemas in `net/schema` (`cargo codegen`).

use std::{env, fs, path::Path, process::ExitCode};

use ottla_codegen::render_all;

fn main() -> ExitCode {
    let net = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("codegen lies in net");
    let files = match render_all(&net.join("schema")) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let target = net.join("src/messages/generated");
    fs::create_dir_all(&target).expect("net/src/messages can be written");
    for (name, text) in &files {
        fs::write(target.join(name), text).expect("a generated file can be written");
    }
    println!("{} files written to {}", files.len(), target.display());
    ExitCode::SUCCESS
}
