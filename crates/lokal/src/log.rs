//! The log: lines for people or objects for machines, to standard error.

use crate::config::{Config, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts it; once.
pub fn start(config: &Config) -> anyhow::Result<()> {
    // rsipstack prints whole messages, credentials included, at INFO.
    let filter = EnvFilter::try_new(&config.log)?.add_directive("rsipstack=warn".parse()?);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        // Spans say whose call it is; the innermost is among them.
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).init(),
    }
    Ok(())
}
