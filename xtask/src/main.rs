//! The project's own commands: `cargo xtask test | quick | bench | mutate`.

mod bench;
mod mutate;
mod prerequisites;
mod quick;
mod shell;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test    everything: format, lints, docs, all tests with real telephones
cargo xtask quick   format, lints and tests of what differs from the last commit
cargo xtask bench   measure calls of a release build and write bench/results/
cargo xtask bench api   measure its API
cargo xtask mutate  leave out one check at a time and see that a test notices (… NAME: those named so)";

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let done = match command.as_str() {
        "test" => return test::run(),
        "quick" => quick::run(),
        "bench" => bench::run(std::env::args().nth(2).as_deref()),
        "mutate" => mutate::run(&std::env::args().nth(2).unwrap_or_default()),
        _ => Err(anyhow::anyhow!("{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
