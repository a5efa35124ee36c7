//! Calls per second from extension to extension, each challenged, answered and held for a second. No audio.

use super::registrations::shown;
use super::report::Report;
use super::server::Server;
use super::sipp::{self, Callee, Run};
use std::time::Duration;

const RATES: &[u32] = &[50, 100, 200, 300, 400, 600, 800, 1000, 1300, 1600, 2000];
const HOLD: Duration = Duration::from_secs(1);

/// Measures lokal and, if it is there, Kamailio (a proxy: it holds no call).
pub fn measure(
    lokal: &Server,
    kamailio: Option<&Server>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let callee = Callee::start()?;
    let ours = best(lokal)?;
    let theirs = kamailio.map(best).transpose()?;
    drop(callee);
    report.add(
        "calls/s with 0 failures, 1 s hold · CPU ms each",
        shown(ours.as_ref()),
        theirs.map_or_else(
            || "Kamailio not installed".to_owned(),
            |run| format!("Kamailio {}", shown(run.as_ref())),
        ),
    );
    Ok(())
}

fn best(server: &Server) -> anyhow::Result<Option<Run>> {
    sipp::highest(RATES, |rate| {
        let mut command = sipp::sipp("uac.xml", sipp::CALLER_PORT);
        command.args(["-d", &HOLD.as_millis().to_string()]);
        sipp::at_rate(server, &mut command, rate, HOLD)
    })
}
