//! Kamailio beside lokal, where it is installed (`apt-get install kamailio kamailio-extra-modules
//! rtpengine-daemon`): a registrar in memory and a stateful proxy, as `bench/kamailio.cfg` sets it up, and
//! rtpengine for its media.

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

/// Starts it without media; None if it isn't installed.
pub fn start(place: &Path, extensions: usize) -> anyhow::Result<Option<Server>> {
    if installed("kamailio").is_none() {
        return Ok(None);
    }
    proxy(place, extensions, &[]).map(Some)
}

/// Starts it and the rtpengine that relays for it; None if one of them isn't installed.
pub fn start_with_media(
    place: &Path,
    extensions: usize,
) -> anyhow::Result<Option<(Server, Server)>> {
    if installed("kamailio").is_none() || installed("rtpengine").is_none() {
        return Ok(None);
    }
    let mut command = program("rtpengine");
    command.args(["--foreground", "--table=-1", "--interface=127.0.0.1", "--log-level=1"]);
    command.args(["--listen-ng=127.0.0.1:5169", "--port-min=30000", "--port-max=39999"]);
    let child = quiet(&mut command).spawn().context("rtpengine can't be started")?;
    let relay = Server::of("rtpengine", "", place.join("none"), child);
    Ok(Some((proxy(place, extensions, &["-A", "MEDIA=1"])?, relay)))
}

fn proxy(place: &Path, extensions: usize, defines: &[&str]) -> anyhow::Result<Server> {
    let accounts = place.join("kamailio.csv");
    fs::write(&accounts, accounts_text(extensions)?)?;
    let mut command = program("kamailio");
    command.arg("-f").arg(scenario("kamailio.cfg")).args(["-DD", "-E", "-m", "256"]).args(defines);
    let child = quiet(&mut command).spawn().context("kamailio can't be started")?;
    pause(START);
    Ok(Server::of("Kamailio", "127.0.0.1:5160", accounts, child))
}

/// Its accounts: the password is "pw" and the user name. Everyone calls the next one.
fn accounts_text(extensions: usize) -> anyhow::Result<String> {
    let mut text = "SEQUENTIAL\n".to_owned();
    for index in 0..extensions {
        let (user, callee) = (format!("u{index}"), format!("u{}", (index + 1) % extensions));
        let port = 40_000 + 2 * index;
        writeln!(
            text,
            "{user};[authentication username={user} password=pw{user}];{callee};{port}"
        )?;
    }
    Ok(text)
}
