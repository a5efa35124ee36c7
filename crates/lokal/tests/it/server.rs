//! A server of its own for each test, on free ports, ended with the test.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_lokal");

/// Runs the binary to its end.
pub fn lokal(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

/// A running server.
pub struct Server {
    folder: Option<TempDir>,
    process: Child,
    printed: String,
}

impl Server {
    /// Starts one with an empty data folder and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), arguments)
    }

    /// Starts one in this data folder.
    pub fn start_in(folder: TempDir, arguments: &[&str]) -> Self {
        let mut process = Command::new(BINARY)
            .args(["--http", "127.0.0.1:0", "--sip", "127.0.0.1:0"])
            .arg("--data")
            .arg(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = String::new();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        // Ends with the ready line, or with the process.
        while !printed.contains("lokal is ready") && lines.read_line(&mut printed).unwrap() > 0 {}
        assert!(printed.contains("lokal is ready"), "it ended early:\n{printed}");
        Self { folder: Some(folder), process, printed }
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    /// What it printed up to being ready.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// Base address of its API, as it printed it.
    pub fn http(&self) -> String {
        let (_, rest) = self.printed.split_once("HTTP ").unwrap();
        format!("http://{}", rest.split(',').next().unwrap())
    }

    /// Its `demo.json`.
    pub fn demo(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder().join("demo.json")).unwrap()).unwrap()
    }

    /// Sends SIGTERM and waits for the end.
    pub fn terminate(&mut self) -> ExitStatus {
        if let Some(ended) = self.process.try_wait().unwrap() {
            return ended;
        }
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.process.wait().unwrap()
    }

    /// Starts again on the same folder.
    pub fn restart(mut self) -> Self {
        self.terminate();
        let folder = self.folder.take().unwrap();
        Self::start_in(folder, &[])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
