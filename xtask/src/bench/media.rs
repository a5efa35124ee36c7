//! 300 relayed calls: the server's CPU, packets lost, and the delay added to the same packets without a
//! server. `rtpgen` sends 50 packets a second each way; the callee echoes.

use super::report::Report;
use super::server::{Server, compile, pause};
use super::sipp::{self, Callee, ECHO_PORT, load, quiet};
use anyhow::Context;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CALLS: u32 = 300;
const RATE: u32 = 50;
const HOLD: Duration = Duration::from_secs(25);
/// All calls are up by then.
const SET_UP: Duration = Duration::from_secs(8);
/// How long CPU is measured.
const WINDOW: Duration = Duration::from_secs(12);
/// rtpgen's own port for the first flow of the run without a server.
const FIRST_PORT: u32 = 40_000;

/// Measures lokal and, if they are there, Kamailio with rtpengine: the proxy first, then its relay.
pub fn measure(
    lokal: &Server,
    peer: Option<&(Server, Server)>,
    place: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let generator = compile("rtpgen", place)?;
    let direct = without_server(&generator, place)?;
    let ours = through(&[lokal], &generator, place)?;
    let theirs = match peer {
        Some((proxy, relay)) => Some(through(&[proxy, relay], &generator, place)?),
        None => None,
    };
    let beside = |shown: fn(&Relayed) -> String| {
        let theirs = theirs.as_ref().map(shown);
        theirs.map_or_else(
            || "not installed".to_owned(),
            |theirs| format!("Kamailio + rtpengine {theirs}"),
        )
    };
    report.add(
        "300 relayed calls: % of a core · % of packets lost",
        cost(&ours),
        format!("{}; lost without a server {}", beside(cost), direct["lost_pct"]),
    );
    report.add(
        "300 relayed calls: round trip p50 · p99 · max (ms, both ways)",
        delays(&ours),
        format!("{}; without a server {}", beside(delays), milliseconds(&direct)),
    );
    Ok(())
}

/// What rtpgen saw, and the share of a core that the servers used meanwhile.
struct Relayed {
    seen: Value,
    core: f64,
}

fn cost(relayed: &Relayed) -> String {
    format!("{:.1} · {}", relayed.core * 100.0, relayed.seen["lost_pct"])
}

fn delays(relayed: &Relayed) -> String {
    milliseconds(&relayed.seen)
}

fn milliseconds(seen: &Value) -> String {
    format!("{} · {} · {}", seen["rtt_ms_p50"], seen["p99"], seen["max"])
}

/// The same number of flows straight to the echo.
fn without_server(generator: &Path, place: &Path) -> anyhow::Result<Value> {
    let flows = place.join("direct.log");
    let mut text = String::new();
    for flow in 0..CALLS {
        writeln!(text, "PAIR {} {ECHO_PORT}", FIRST_PORT + 2 * flow)?;
    }
    fs::write(&flows, text)?;
    let _callee = Callee::start()?;
    let generator = generate(generator, &flows)?;
    pause(WINDOW);
    finish(generator)
}

/// The flows of real calls, whose ports sipp writes to its log as they are answered. The first server
/// takes the calls.
fn through(servers: &[&Server], generator: &Path, place: &Path) -> anyhow::Result<Relayed> {
    let front = servers.first().context("a server")?;
    let flows = place.join(format!("relayed by {}.log", front.name));
    let _callee = Callee::start()?;
    let generator = generate(generator, &flows)?;
    let mut command = sipp::sipp("uac_rtpgen.xml", sipp::CALLER_PORT);
    load(&mut command, front, RATE, CALLS);
    command.args(["-d", &HOLD.as_millis().to_string(), "-trace_logs", "-log_file"]).arg(&flows);
    let mut calls = quiet(&mut command).spawn().context("sipp can't be started")?;
    pause(SET_UP);
    let before = cpu_seconds(servers)?;
    pause(WINDOW);
    let used = cpu_seconds(servers)? - before;
    let seen = finish(generator)?;
    calls.kill()?;
    calls.wait()?;
    Ok(Relayed { seen, core: used / WINDOW.as_secs_f64() })
}

fn cpu_seconds(servers: &[&Server]) -> anyhow::Result<f64> {
    servers.iter().map(|server| server.cpu_seconds()).sum()
}

fn generate(generator: &Path, flows: &Path) -> anyhow::Result<Child> {
    let mut command = Command::new(generator);
    command.arg(flows).stdout(Stdio::piped()).spawn().context("rtpgen can't be started")
}

/// Ends it and reads its one line of JSON.
fn finish(generator: Child) -> anyhow::Result<Value> {
    Command::new("kill").args(["-TERM", &generator.id().to_string()]).status()?;
    let output = generator.wait_with_output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}
