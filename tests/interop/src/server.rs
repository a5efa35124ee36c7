//! `lokal` itself: started on an empty data directory and ports of its own, stopped by SIGTERM, started
//! again on the same data.

use crate::demo::{Account, Demo, Extension};
use crate::http::Api;
use crate::loopback;
use crate::process::Running;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;
use tempfile::TempDir;

/// RTP ports of one server: more calls than a test makes.
const RTP_PORTS: u16 = 100;
/// What ending may take: live calls have half a minute to end by themselves.
const DRAIN_LIMIT: Duration = Duration::from_secs(45);

/// A running server with its demo.
pub struct Server {
    process: Running,
    data: PathBuf,
    _folder: TempDir,
    demo: Demo,
    /// What each start is told beside the addresses.
    arguments: Vec<String>,
    /// Of that, what isn't about ports.
    given: Vec<String>,
}

impl Server {
    /// Starts one with a fresh demo, and waits until it serves.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with a fresh demo and these arguments.
    #[track_caller]
    pub fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a data directory");
        let data = folder.path().to_owned();
        Self::make(folder, data, arguments)
    }

    /// Starts one with a fresh demo in `data`, which lies in `folder`.
    #[track_caller]
    pub fn start_in(folder: TempDir, data: PathBuf) -> Self {
        Self::make(folder, data, &[])
    }

    #[track_caller]
    fn make(folder: TempDir, data: PathBuf, arguments: &[&str]) -> Self {
        let given: Vec<String> = arguments.iter().copied().map(str::to_owned).collect();
        let arguments: Vec<String> = rtp().into_iter().chain(given.iter().cloned()).collect();
        let process = serve(&data, "127.0.0.1:0", "127.0.0.1:0", &arguments);
        let demo = Demo::read(&data);
        Self { process, data, _folder: folder, demo, arguments, given }
    }

    /// Asks it to end.
    pub fn terminate(&mut self) {
        self.process.terminate();
    }

    /// Asks it to end, again if it was asked already, and waits for that.
    #[track_caller]
    pub fn stop(&mut self) -> ExitStatus {
        self.terminate();
        self.process.wait_for_end(DRAIN_LIMIT)
    }

    /// Kills it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again on the same data and addresses, once it was stopped.
    #[track_caller]
    pub fn start_again(&mut self) {
        let http = self.demo.http().trim_start_matches("http://").to_owned();
        self.process = serve(&self.data, &http, self.demo.sip(), &self.arguments);
    }

    /// Starts another server on the same database, which has to be one that several may share.
    #[track_caller]
    pub fn beside(&self) -> Beside {
        let folder = tempfile::tempdir().expect("a data directory");
        let arguments: Vec<String> = rtp().into_iter().chain(self.given.iter().cloned()).collect();
        let process = serve(folder.path(), "127.0.0.1:0", "127.0.0.1:0", &arguments);
        let line = process.wait_for_line("lokal is ready");
        let http = line.split_once("HTTP ").and_then(|(_, rest)| rest.split(',').next());
        let base = format!("http://{}", http.expect("an address"));
        Beside { base, _process: process, _folder: folder }
    }

    /// What `lokal` prints for a subcommand on this server's data.
    #[track_caller]
    pub fn command_line(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(binary());
        command.args(arguments).arg("--data").arg(&self.data);
        let output = command.output().expect("lokal runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// What the demo consists of.
    pub fn demo(&self) -> &Demo {
        &self.demo
    }

    /// The API with one of the demo's tokens.
    #[track_caller]
    pub fn api(&self, token: &str) -> Api {
        Api::new(self.demo.http(), self.demo.token(token))
    }

    /// A Duckburg telephone's account.
    #[track_caller]
    pub fn account(&self, number: &str) -> Account {
        self.demo.account("Duckburg", number)
    }

    /// A Duckburg extension.
    #[track_caller]
    pub fn extension(&self, number: &str) -> Extension {
        self.demo.extension("Duckburg", number)
    }

    /// Its log so far.
    pub fn log(&self) -> Vec<String> {
        self.process.said()
    }
}

/// A server on the database of another, which has made the demo.
pub struct Beside {
    base: String,
    _process: Running,
    _folder: TempDir,
}

impl Beside {
    /// The API with a token that the other's demo has.
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.base, token)
    }
}

/// RTP ports that no other server has.
fn rtp() -> [String; 2] {
    let first = loopback::claim(RTP_PORTS);
    ["--rtp".to_owned(), format!("{first}-{}", first.port() + RTP_PORTS - 1)]
}

#[track_caller]
fn serve(data: &Path, http: &str, sip: &str, arguments: &[String]) -> Running {
    let mut command = Command::new(binary());
    command.arg("--data").arg(data).args(["--http", http, "--sip", sip]).args(arguments);
    let process = Running::start(&mut command);
    process.wait_for_line("lokal is ready");
    process
}

/// The binary that was built beside this test: `target/<profile>/deps/it-…` and `target/<profile>/lokal`.
#[track_caller]
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let profile = test.parent().and_then(Path::parent).expect("the profile's directory");
    let binary = profile.join("lokal");
    assert!(binary.is_file(), "{} isn't built: run cargo xtask test", binary.display());
    binary
}
