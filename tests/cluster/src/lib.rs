//! A PostgreSQL of the tests' own: a cluster in a temporary folder, on a free port of the loopback
//! address. It ends with the process that started it, however that ends: a guard outside waits for the
//! other end of its pipe to close. Knows nothing of what is stored in it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

const GUARD: &str = include_str!("guard.sh");
/// Free ports that may be taken by somebody else before the cluster has one.
const PORTS: usize = 5;

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    guard: Mutex<Guard>,
    databases: AtomicU32,
}

#[derive(Debug)]
struct Guard {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// Whether a commit is on the disk when it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    /// As in production.
    Yes,
    /// Faster, and good enough as long as the machine runs.
    No,
}

impl Cluster {
    /// The one of this process, started on first use. Not durable.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Durable::No))
    }

    /// One of its own, for who wants to stop it.
    pub fn start(durable: Durable) -> Self {
        let mut started = (0..PORTS).filter_map(|_| {
            let port = free_port();
            Some((port, Guard::start(port, durable)?))
        });
        let (port, guard) = started.next().expect("a cluster that starts");
        Self { port, guard: Mutex::new(guard), databases: AtomicU32::new(0) }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database in it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://lokal@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database, and says its name.
    pub fn database(&self) -> String {
        self.database_like("template0")
    }

    /// Makes a database like another one, which nobody may be connected to, and says its name.
    pub fn database_like(&self, template: &str) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        name
    }

    /// Runs a statement in a database; what it prints.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        let output = Command::new(programs().join("psql"))
            .args(["-X", "-At", "-q", "-v", "ON_ERROR_STOP=1", "-U", "lokal", "-h", "127.0.0.1"])
            .args(["-p", &self.port.to_string(), "-d", database, "-c", statement])
            .output()
            .expect("psql");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Stops it at once, as a power cut would.
    pub fn stop(&self) {
        self.order("stop");
    }

    /// Starts it again on the same port.
    pub fn restart(&self) {
        self.order("start");
    }

    fn order(&self, order: &str) {
        let mut guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        let orders = guard.orders.as_mut().expect("a guard that takes orders");
        writeln!(orders, "{order}").expect("a guard that listens");
        assert_eq!(guard.answer().as_deref(), Some("done"));
    }
}

impl Guard {
    /// Nothing if the port is somebody else's by now.
    fn start(port: u16, durable: Durable) -> Option<Self> {
        let fsync = if durable == Durable::Yes { "on" } else { "off" };
        let mut process = unprivileged()
            // A group of its own: Ctrl-C at the tests is no order.
            .args(["setsid", "sh", "-c", GUARD, "guard"])
            .arg(programs())
            .args([&port.to_string(), fsync])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the cluster's guard");
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("a piped stdout"));
        let mut guard = Self { process, orders, answers };
        (guard.answer().as_deref() == Some("ready")).then_some(guard)
    }

    fn answer(&mut self) -> Option<String> {
        let mut line = String::new();
        let count = self.answers.read_line(&mut line).expect("the guard's answer");
        (count > 0).then(|| line.trim().to_owned())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.orders = None;
        self.process.wait().ok();
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made.
fn unprivileged() -> Command {
    if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        command.env("TMPDIR", "/tmp");
        return command;
    }
    Command::new("env")
}

/// Where PostgreSQL's programs are: Debian has them beside each other by version.
fn programs() -> PathBuf {
    let versions = Path::new("/usr/lib/postgresql").read_dir().into_iter().flatten().flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let mut found: Vec<_> = folders.filter(|bin| bin.join("initdb").is_file()).collect();
    found.sort();
    found.pop().expect("PostgreSQL: apt-get install postgresql")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
