//! sipp for what a well-behaved telephone doesn't do: a status of our choosing to every call. It registers
//! with the load scenario of `bench/` and answers with one of `scenarios/`.

use crate::demo::Account;
use crate::loopback;
use crate::process::Running;
use crate::wait::{self, PATIENCE};
use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// A telephone that refuses.
pub struct Refuser {
    process: Running,
    _directory: TempDir,
}

impl Refuser {
    /// Registers a telephone that rings and then answers one call with a status line such as
    /// `603 Decline`.
    #[track_caller]
    pub fn registered(server: &str, account: &Account, status: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory for sipp");
        let listening = loopback::claim(1);
        register(&directory, server, account, listening);
        let scenario = directory.path().join("refuse.xml");
        let text = include_str!("../scenarios/refuse.xml")
            .replace("SIP/2.0 STATUS", &format!("SIP/2.0 {status}"));
        fs::write(&scenario, text).expect("a file for sipp");
        let process = Running::start(sipp(server, listening, &scenario).args(["-m", "1"]));
        wait_until_bound(listening);
        Self { process, _directory: directory }
    }

    /// Waits until the call was refused and the refusal acknowledged.
    #[track_caller]
    pub fn wait_for_refusal(&mut self) {
        let status = self.process.wait_for_end(PATIENCE);
        assert!(status.success(), "{status}\n{}", self.process);
    }
}

/// Registers from the very port that will listen: a server may hold a phone to where it came from.
#[track_caller]
fn register(directory: &TempDir, server: &str, account: &Account, contact: SocketAddr) {
    let accounts = directory.path().join("accounts.csv");
    let Account { username, password } = account;
    let line = format!("{username};[authentication username={username} password={password}]");
    fs::write(&accounts, format!("SEQUENTIAL\n{line}\n")).expect("a file for sipp");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/register.xml");
    let mut command = sipp(server, contact, &scenario);
    command.arg("-inf").arg(accounts).args(["-m", "1", "-key", "contact_port"]);
    let mut process = Running::start(command.arg(contact.port().to_string()));
    let status = process.wait_for_end(PATIENCE);
    assert!(status.success(), "{status}\n{process}");
}

fn sipp(server: &str, local: SocketAddr, scenario: &Path) -> Command {
    let mut command = Command::new("sipp");
    command.arg(server).arg("-sf").arg(scenario).arg("-nostdin");
    command.args(["-i", &local.ip().to_string(), "-p", &local.port().to_string()]);
    command
}

/// sipp doesn't say when it listens; the system does, by no longer refusing a keep-alive.
#[track_caller]
fn wait_until_bound(address: SocketAddr) {
    wait::until("sipp listens", || {
        let socket = UdpSocket::bind((loopback::address(), 0)).ok()?;
        socket.connect(address).ok()?;
        socket.set_read_timeout(Some(Duration::from_millis(50))).ok()?;
        socket.send(b"\r\n\r\n").ok()?;
        let refused = socket.recv(&mut [0; 1]).err()?.kind() == ErrorKind::ConnectionRefused;
        (!refused).then_some(())
    });
}
