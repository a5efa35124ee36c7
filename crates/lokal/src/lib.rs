//! The binary: reads its configuration, makes the demo on an empty store, wires the parts, waits for
//! a signal. What a call does is decided in `call`, what a request may do in `admin`.

mod config;
mod demo;
mod explain;
mod first_admin;
mod health;
mod http;
mod log;
mod metrics;
mod offline;
mod options;
mod portable;
mod random;
mod serve;

use axum::Router;
use clap::Parser;
use config::{Config, Loaded};
use options::{AdminCommand, Command, ConfigCommand, Options};
use std::process::ExitCode;

/// What the binary does. The server answers `more` beside the API, inside the same layers.
pub fn main(more: Router) -> ExitCode {
    let options = Options::parse();
    if let Some(Command::Config(ConfigCommand::Example)) = options.command {
        print!("{}", config::example());
        return ExitCode::SUCCESS;
    }
    let loaded = match config::load(&options.given, options.config.as_deref()) {
        Ok(loaded) => loaded,
        Err(problems) => {
            eprintln!("lokal: the configuration has to be put right:\n{problems}");
            return ExitCode::FAILURE;
        }
    };
    loaded.hints.iter().for_each(|hint| eprintln!("lokal: {hint}"));
    match run(&options, &loaded, more) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lokal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options, loaded: &Loaded, more: Router) -> anyhow::Result<()> {
    log::start(&loaded.config)?;
    match &options.command {
        Some(Command::Explain(question)) => explain::run(&loaded.config, question),
        Some(Command::Admin(AdminCommand::Create(new))) => first_admin::run(&loaded.config, new),
        Some(Command::Export(asked)) => portable::export(&loaded.config, asked),
        Some(Command::Import(asked)) => portable::import(&loaded.config, asked),
        Some(Command::Config(_)) => {
            print!("{}", config::effective(loaded));
            Ok(())
        }
        None => run_server(&loaded.config, more),
    }
}

fn run_server(config: &Config, more: Router) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::run(config, more))
}
