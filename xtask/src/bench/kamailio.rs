//! Kamailio beside lokal, where it is installed (`apt-get install kamailio kamailio-extra-modules`): a
//! registrar in memory and a stateful proxy, as `bench/kamailio.cfg` sets it up.

use super::scenario;
use super::server::{Server, pause};
use super::sipp::quiet;
use crate::shell::{installed, program};
use anyhow::Context;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Its processes are forked and listening by then.
const START: Duration = Duration::from_secs(2);

/// Starts it; None if it isn't installed.
pub fn start(place: &Path, extensions: usize) -> anyhow::Result<Option<Server>> {
    if installed("kamailio").is_none() {
        return Ok(None);
    }
    let accounts = place.join("kamailio.csv");
    fs::write(&accounts, accounts_text(extensions)?)?;
    let mut command = program("kamailio");
    command.arg("-f").arg(scenario("kamailio.cfg")).args(["-DD", "-E", "-m", "256"]);
    let child = quiet(&mut command).spawn().context("kamailio can't be started")?;
    pause(START);
    Ok(Some(Server::of("Kamailio", "127.0.0.1:5160", accounts, child)))
}

/// Its accounts: the password is "pw" and the user name. Everyone calls the next one.
fn accounts_text(extensions: usize) -> anyhow::Result<String> {
    let mut text = "SEQUENTIAL\n".to_owned();
    for index in 0..extensions {
        let (user, callee) = (format!("u{index}"), format!("u{}", (index + 1) % extensions));
        writeln!(text, "{user};[authentication username={user} password=pw{user}];{callee}")?;
    }
    Ok(text)
}
