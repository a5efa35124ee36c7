//! Memory of a live call: what a server holds with 1,000 calls up for a minute and a half, beyond what it
//! held after a warm-up.

use super::report::Report;
use super::server::{Server, pause};
use super::sipp::{self, Callee, load, quiet};
use anyhow::{Context, ensure};
use std::time::Duration;

const CALLS: u32 = 1000;
const RATE: u32 = 100;
/// Longer than anything that a call's set-up leaves behind.
const HOLD: Duration = Duration::from_secs(90);
/// All are up by then, none has ended.
const LOOK: Duration = Duration::from_secs(85);

/// Measures a lokal that was just started. `after_bursts` is what one held after the highest rates, in bytes.
pub fn measure(lokal: &Server, after_bursts: f64, report: &mut Report) -> anyhow::Result<()> {
    let callee = Callee::start()?;
    let mut warm_up = calls(lokal, 200, Duration::from_millis(100));
    ensure!(quiet(&mut warm_up).status()?.success(), "calls failed in the warm-up");
    let before = lokal.resident_bytes()?;
    let mut held = calls(lokal, CALLS, HOLD);
    let mut held = quiet(&mut held).spawn().context("sipp can't be started")?;
    pause(LOOK);
    let during = lokal.resident_bytes()?;
    let passed = held.wait()?.success();
    drop(callee);
    report.add(
        "KB per live call, 1,000 held · MB idle · MB after bursts",
        format!(
            "{:.1} · {:.0} · {:.0}",
            (during - before) / f64::from(CALLS) / 1e3,
            before / 1e6,
            after_bursts / 1e6
        ),
        if passed { "0 failures" } else { "some of the calls failed" }.to_owned(),
    );
    Ok(())
}

fn calls(lokal: &Server, count: u32, hold: Duration) -> std::process::Command {
    let mut command = sipp::sipp("uac.xml", sipp::CALLER_PORT);
    load(&mut command, lokal, RATE, count);
    command.args(["-d", &hold.as_millis().to_string(), "-timeout", "150s", "-timeout_error"]);
    command
}
