//! A server under measurement: started, asked what it used, ended.

use super::scenario;
use crate::shell::{built, output, program};
use anyhow::Context;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

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
    /// Processes that work for it and aren't its children.
    pub also: Vec<u32>,
    child: Child,
}

impl Server {
    /// A server that was started already.
    pub fn of(name: &'static str, sip: &'static str, accounts: PathBuf, child: Child) -> Self {
        Self { name, sip, accounts, also: Vec::new(), child }
    }

    /// CPU seconds used so far by its threads, its child processes' included.
    pub fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let mut nanoseconds = 0.0;
        for process in fs::read_dir("/proc")?.flatten().filter(|process| self.owns(&process.path()))
        {
            // Threads come and go; one that is gone is not counted.
            let threads = fs::read_dir(process.path().join("task")).into_iter().flatten().flatten();
            let spent = threads.filter_map(|thread| spent(&thread.path()));
            nanoseconds += spent.sum::<f64>();
        }
        Ok(nanoseconds / 1e9)
    }

    /// Whether a folder of /proc is the server's or a child's.
    fn owns(&self, process: &Path) -> bool {
        let own = self.child.id().to_string();
        let id = process.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
        let named = id.is_some_and(|id| id == self.child.id() || self.also.contains(&id));
        let parent = || {
            let stat = fs::read_to_string(process.join("stat")).ok()?;
            // The name is in parentheses and may hold anything.
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
            Some(fields.nth(1)? == own)
        };
        named || parent().unwrap_or(false)
    }

    /// Memory that it holds, in bytes.
    pub fn resident_bytes(&self) -> anyhow::Result<f64> {
        self.bytes("VmRSS:")
    }

    /// The most memory that it held so far, in bytes.
    pub fn most_resident_bytes(&self) -> anyhow::Result<f64> {
        self.bytes("VmHWM:")
    }

    fn bytes(&self, name: &'static str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with(name)).context(name)?;
        let kibibytes = line.split_whitespace().nth(1).context("a number")?;
        Ok(kibibytes.parse::<f64>()? * 1024.0)
    }
}

/// Nanoseconds on a core of a thread of /proc.
fn spent(thread: &Path) -> Option<f64> {
    fs::read_to_string(thread.join("schedstat")).ok()?.split_whitespace().next()?.parse().ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM, so that Kamailio ends its children too; it may have ended by itself.
        let _ = program("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
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
    let mut command = lokal()?;
    command.arg("--data").arg(place.join("accounts"));
    command.args(["--http", "127.0.0.1:18080", "--sip", SIP, "--rtp", "127.0.0.1:20000-29999"]);
    let (child, _) = start(command.arg("--no-demo").env("LOKAL_LOG", "warn"), "lokal is ready")?;
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

/// lokal without options.
pub fn lokal() -> anyhow::Result<Command> {
    Ok(program(&built("release")?.join("lokal").display().to_string()))
}

/// An example of the package lokal.
pub fn example(name: &str) -> anyhow::Result<Command> {
    Ok(program(&built("release")?.join("examples").join(name).display().to_string()))
}

/// Starts a server and waits for the line in which it says `ready`.
pub fn start(command: &mut Command, ready: &str) -> anyhow::Result<(Child, String)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("a piped stdout")?).lines();
    let line = lines.find_map(|line| line.ok().filter(|line| line.contains(ready)));
    let line = line.with_context(|| {
        format!("{} ended before it was ready", command.get_program().display())
    })?;
    thread::spawn(move || lines.for_each(drop));
    Ok((child, line))
}
