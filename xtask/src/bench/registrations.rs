//! Registrations per second, each challenged: REGISTER, 401, REGISTER, 200.

use super::report::Report;
use super::server::Server;
use super::sipp::{self, Run};
use anyhow::ensure;
use std::time::Duration;

const RATES: &[u32] = &[500, 1000, 2000, 3000, 4000, 6000, 8000];

/// Measures lokal and, if it is there, Kamailio.
pub fn measure(
    lokal: &Server,
    kamailio: Option<&Server>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let ours = best(lokal)?;
    let theirs = kamailio.map(best).transpose()?;
    report.add(
        "registrations/s with 0 failures · CPU ms each",
        shown(ours.as_ref()),
        theirs.map_or_else(
            || "Kamailio not installed".to_owned(),
            |run| format!("Kamailio {}", shown(run.as_ref())),
        ),
    );
    Ok(())
}

/// A run in the table.
pub fn shown(run: Option<&Run>) -> String {
    run.map_or_else(
        || "failed at the lowest rate".to_owned(),
        |run| format!("{} · {:.3}", run.rate, run.cpu_ms),
    )
}

/// Registers every account, gently.
pub fn all(server: &Server) -> anyhow::Result<()> {
    let registered = at(server, 200)?;
    ensure!(registered.is_some(), "{}: the telephones can't be registered", server.name);
    Ok(())
}

fn best(server: &Server) -> anyhow::Result<Option<Run>> {
    sipp::highest(RATES, |rate| at(server, rate))
}

fn at(server: &Server, rate: u32) -> anyhow::Result<Option<Run>> {
    let mut command = sipp::sipp("register.xml", sipp::CALLEE_PORT);
    command.args(["-key", "contact_port", sipp::CALLEE_PORT]);
    sipp::at_rate(server, &mut command, rate, Duration::ZERO)
}
