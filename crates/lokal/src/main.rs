//! The binary: reads its options, makes the demo on an empty store, wires the parts, waits for a
//! signal. What a call does is decided in `call`, what a request may do in `admin`.

mod demo;
mod explain;
mod first_admin;
mod offline;
mod options;
mod random;
mod serve;

use clap::Parser;
use options::{AdminCommand, Command, Options};
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let options = Options::parse();
    start_log();
    let done = match options.command {
        Some(Command::Explain(ref question)) => explain::run(&options, question),
        Some(Command::Admin(AdminCommand::Create(ref new))) => first_admin::run(&options, new),
        None => run_server(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lokal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_server(options: &Options) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::run(options))
}

fn start_log() {
    // rsipstack prints whole messages, credentials included, at INFO.
    let filter = EnvFilter::try_from_env("LOKAL_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info"))
        .add_directive("rsipstack=warn".parse().unwrap_or_default());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
