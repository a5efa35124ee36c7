//! `cargo xtask bench`: what a release build costs, one file per measurement, one table at the end. Needs a
//! quiet machine; sipp and the server share its cores. `cargo xtask bench api` is the API's own.

mod api;
mod calls;
mod kamailio;
mod media;
mod memory;
mod registrations;
mod report;
mod server;
mod sipp;

use crate::prerequisites;
use crate::shell::{cargo, root, run as run_command};
use anyhow::Context;
use report::Report;
use std::fs;
use std::path::{Path, PathBuf};

/// Extensions with a telephone each that call one another.
const EXTENSIONS: usize = 1000;

/// Measures calls, or what `what` names.
pub fn run(what: Option<&str>) -> anyhow::Result<()> {
    let place = fresh_place()?;
    match what {
        None => calls_and_media(&place),
        Some("api") => api::run(&place),
        Some(other) => anyhow::bail!("there is no measurement {other}"),
    }
}

/// Builds lokal as it is released, and examples beside it.
fn build(examples: &[&str]) -> anyhow::Result<()> {
    let examples = examples.iter().flat_map(|example| ["--example", example]);
    run_command(
        cargo().args(["build", "--release", "--package", "lokal", "--bin", "lokal"]).args(examples),
    )
}

fn calls_and_media(place: &Path) -> anyhow::Result<()> {
    prerequisites::install()?;
    build(&["fill"])?;
    let mut report = Report::default();
    let lokal = server::with_accounts(place, EXTENSIONS)?;
    let kamailio = kamailio::start(place, EXTENSIONS)?;
    registrations::measure(&lokal, kamailio.as_ref(), &mut report)?;
    calls::measure(&lokal, kamailio.as_ref(), &mut report)?;
    drop(kamailio);
    let after_bursts = lokal.resident_bytes()?;
    drop(lokal);
    let lokal = server::with_registered(place)?;
    memory::measure(&lokal, after_bursts, &mut report)?;
    let peer = kamailio::start_with_media(place, EXTENSIONS)?;
    if let Some((proxy, _)) = &peer {
        registrations::all(proxy)?;
    }
    media::measure(&lokal, peer.as_ref(), place, &mut report)?;
    report.publish()
}

/// An empty directory for everything that the measurements write.
fn fresh_place() -> anyhow::Result<PathBuf> {
    let place = root().join("target/bench");
    if place.exists() {
        fs::remove_dir_all(&place).context("the last measurement's files")?;
    }
    fs::create_dir_all(&place)?;
    Ok(fs::canonicalize(place)?)
}

/// A file of `bench/`.
fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench").join(name)
}
