//! sipp at both ends: load at a fixed rate, and a callee that answers everything.

use super::scenario;
use super::server::{Server, pause};
use crate::shell::program;
use anyhow::Context;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long each rate is held.
pub const SECONDS: u32 = 6;
/// Where calls come from.
pub const CALLER_PORT: &str = "16060";
/// Where the callee listens. Every telephone registers from this port: a server may hold a phone to
/// where it came from.
pub const CALLEE_PORT: &str = "16061";
/// Where the callee echoes audio.
pub const ECHO_PORT: u16 = 16_100;
/// It listens by then.
const START: Duration = Duration::from_secs(1);
/// Beyond the scheduled time, the run has not kept its rate.
const SLACK: Duration = Duration::from_secs(2);

/// What a run at one rate used.
pub struct Run {
    /// Scenarios begun per second.
    pub rate: u32,
    /// CPU milliseconds of the server for each.
    pub cpu_ms: f64,
}

/// The callee; it ends when dropped.
pub struct Callee(Child);

impl Callee {
    /// Starts one that answers, and echoes audio.
    pub fn start() -> anyhow::Result<Self> {
        let mut command = sipp("uas.xml", CALLEE_PORT);
        command.args(["-mp", &ECHO_PORT.to_string(), "-rtp_echo"]);
        let callee = Self(quiet(&mut command).spawn().context("sipp can't be started")?);
        pause(START);
        Ok(callee)
    }
}

impl Drop for Callee {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The highest of the rates that passes, tried upwards until one doesn't.
pub fn highest(
    rates: &[u32],
    mut attempt: impl FnMut(u32) -> anyhow::Result<Option<Run>>,
) -> anyhow::Result<Option<Run>> {
    let mut best = None;
    for &rate in rates {
        match attempt(rate)? {
            Some(run) => best = Some(run),
            None => break,
        }
    }
    Ok(best)
}

/// Runs a scenario at a rate for `SECONDS`; None if anything failed or the rate wasn't kept.
pub fn at_rate(
    server: &Server,
    command: &mut Command,
    rate: u32,
    hold: Duration,
) -> anyhow::Result<Option<Run>> {
    let count = rate * SECONDS;
    load(command, server, rate, count);
    command.args(["-timeout", "60s", "-timeout_error"]);
    let (begun, cpu) = (Instant::now(), server.cpu_seconds()?);
    let status = quiet(command).status().context("sipp can't be started")?;
    let used = server.cpu_seconds()? - cpu;
    let scheduled = Duration::from_secs(SECONDS.into()) + hold;
    let kept = begun.elapsed() <= scheduled + SLACK;
    let passed = status.success() && kept;
    println!("  {} at {rate}/s: {status}, {:.1} s", server.name, begun.elapsed().as_secs_f64());
    Ok(passed.then(|| Run { rate, cpu_ms: used * 1000.0 / f64::from(count) }))
}

/// Adds what a load needs: where to, whose accounts, how much.
pub fn load(command: &mut Command, server: &Server, rate: u32, count: u32) {
    command.arg(server.sip).arg("-inf").arg(&server.accounts).args(["-mp", "16000"]);
    let [rate, count] = [rate, count].map(|number| number.to_string());
    command.args(["-r", &rate, "-m", &count, "-l", &count]);
}

/// sipp with one of our scenarios, at one of our ports.
pub fn sipp(name: &str, port: &str) -> Command {
    let mut command = program("sipp");
    command.arg("-sf").arg(scenario(name)).args(["-i", "127.0.0.1", "-p", port, "-nostdin"]);
    command
}

/// Without its screens.
pub fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}
