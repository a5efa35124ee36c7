//! A server under measurement: started, asked what it used, ended.

use super::scenario;
use crate::shell::{built, output, program};
use anyhow::{Context, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Ticks per second of /proc/PID/stat (USER_HZ, the same on every Linux).
const TICKS_PER_SECOND: f64 = 100.0;
/// Where the measured lokal listens for SIP.
const SIP: &str = "127.0.0.1:15060";

/// A running server and the accounts that it knows.
pub struct Server {
    /// Its name in the table.
    pub name: &'static str,
    /// Where it listens for SIP.
    pub sip: &'static str,
    /// sipp's file of its accounts.
    pub accounts: PathBuf,
    child: Child,
}

impl Server {
    /// A server that was started already.
    pub fn of(name: &'static str, sip: &'static str, accounts: PathBuf, child: Child) -> Self {
        Self { name, sip, accounts, child }
    }

    /// CPU seconds used so far, its child processes' included.
    pub fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let mut ticks = 0.0;
        for process in fs::read_dir("/proc")?.flatten() {
            let Ok(stat) = fs::read_to_string(process.path().join("stat")) else { continue };
            ticks += self.ticks(&stat).unwrap_or(0.0);
        }
        Ok(ticks / TICKS_PER_SECOND)
    }

    /// utime + stime of a stat line, if it is the server's or a child's.
    fn ticks(&self, stat: &str) -> Option<f64> {
        let (id, rest) = stat.split_once(' ')?;
        // The name is in parentheses and may hold anything.
        let fields: Vec<&str> = rest.rsplit_once(')')?.1.split_whitespace().collect();
        let own = self.child.id().to_string();
        let ours = id == own || *fields.get(1)? == own;
        let number = |index: usize| fields.get(index)?.parse::<f64>().ok();
        if ours { Some(number(11)? + number(12)?) } else { None }
    }

    /// Memory that it holds, in bytes.
    pub fn resident_bytes(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
        let kibibytes = line.split_whitespace().nth(1).context("a number")?;
        Ok(kibibytes.parse::<f64>()? * 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM, so that Kamailio ends its children too; it may have ended by itself.
        let _ = program("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// lokal with its demo and HTTP at `http`.
pub fn with_demo(place: &Path, http: &str) -> anyhow::Result<Server> {
    let data = place.join("demo");
    let mut command = lokal(&data)?;
    command.args(["--http", http, "--sip", SIP, "--rtp", "127.0.0.1:20000-29999"]);
    let child = start(command.env("LOKAL_LOG", "warn"), "lokal is ready")?;
    Ok(Server::of("lokal", SIP, PathBuf::new(), child))
}

/// The ceiling: the same router answering `body` from memory to whoever asks.
pub fn same_bytes(place: &Path, http: &str, body: &[u8]) -> anyhow::Result<Server> {
    let file = place.join("body.json");
    fs::write(&file, body)?;
    let child = start(example("same_bytes")?.arg(http).arg(&file), http)?;
    Ok(Server::of("same bytes", "", PathBuf::new(), child))
}

/// lokal with many telephones, none of them registered.
pub fn with_accounts(place: &Path, extensions: usize) -> anyhow::Result<Server> {
    let mut fill = example("fill")?;
    fill.arg(place.join("accounts")).arg(extensions.to_string());
    fs::write(accounts(place), output(&mut fill)?)?;
    with_registered(place)
}

/// The same started anew: registrations outlive the server, what the load left in its memory doesn't.
pub fn with_registered(place: &Path) -> anyhow::Result<Server> {
    let mut command = lokal(&place.join("accounts"))?;
    command.args(["--http", "127.0.0.1:18080", "--sip", SIP, "--rtp", "127.0.0.1:20000-29999"]);
    let child = start(command.arg("--no-demo").env("LOKAL_LOG", "warn"), "lokal is ready")?;
    Ok(Server::of("lokal", SIP, accounts(place), child))
}

fn accounts(place: &Path) -> PathBuf {
    place.join("lokal.csv")
}

/// Waits, while something else is measured.
pub fn pause(length: Duration) {
    let end = Instant::now() + length;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        thread::park_timeout(left);
    }
}

/// A tool of `bench/` that is compiled when it is needed.
pub fn compile(name: &str, place: &Path) -> anyhow::Result<PathBuf> {
    let binary = place.join(name);
    let source = scenario(&format!("{name}.c"));
    output(program("cc").args(["-O2", "-o"]).arg(&binary).arg(source))?;
    Ok(binary)
}

fn lokal(data: &Path) -> anyhow::Result<Command> {
    let mut command = program(&built("release")?.join("lokal").display().to_string());
    command.arg("--data").arg(data);
    Ok(command)
}

fn example(name: &str) -> anyhow::Result<Command> {
    Ok(program(&built("release")?.join("examples").join(name).display().to_string()))
}

/// Starts a server and waits until it prints `ready`.
fn start(command: &mut Command, ready: &str) -> anyhow::Result<Child> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("a piped stdout")?).lines();
    let is_ready = lines.any(|line| line.is_ok_and(|line| line.contains(ready)));
    ensure!(is_ready, "{} ended before it was ready", command.get_program().display());
    thread::spawn(move || lines.for_each(drop));
    Ok(child)
}
