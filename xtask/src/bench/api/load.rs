//! Load at a fixed rate by oha, on a core of its own, and what the server's core spent meanwhile.

use crate::bench::server::Server;
use crate::shell::{self, cargo, program, root};
use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Where the load comes from; servers have the other core.
const LOAD_CORE: &str = "1";
/// Connections that are kept open.
const CONNECTIONS: &str = "16";

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// A regular expression; oha draws a URL from it for each request.
    pub url: String,
    /// The token to present, if any.
    pub token: Option<String>,
    /// The media type to ask for; any, if none.
    pub accept: Option<&'static str>,
    /// The lines of this file are bodies to PATCH with, drawn at random; without one it is a GET.
    pub bodies: Option<PathBuf>,
}

/// One round of load.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Requests a second.
    pub rate: u32,
    /// How long, in seconds.
    pub seconds: u32,
}

/// What a round came to.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// CPU microseconds of the server for each request.
    pub cpu: f64,
    /// Requests a second that were answered.
    pub rate: f64,
    /// Microseconds that half of the requests, and 99 % of them, took at most; from when each was due.
    pub p50: f64,
    /// The same of 99 %.
    pub p99: f64,
}

/// A round under way.
pub struct Running {
    oha: Child,
    load: Load,
}

/// Makes sure that oha is there: in a root of its own among the build's files.
pub fn install() -> anyhow::Result<()> {
    if oha().is_file() {
        return Ok(());
    }
    let mut install = cargo();
    install.args(["install", "oha", "--locked", "--no-default-features", "--features", "rustls"]);
    shell::run(install.arg("--root").arg(tools()))
}

fn tools() -> PathBuf {
    root().join("target/tools")
}

fn oha() -> PathBuf {
    tools().join("bin/oha")
}

/// Its version, as it prints it.
pub fn version() -> anyhow::Result<String> {
    let text = shell::output(program(&oha().display().to_string()).arg("--version"))?;
    Ok(text.trim().to_owned())
}

impl Target {
    /// A GET that shows no token.
    pub fn open(url: String) -> Self {
        Self { url, ..Self::default() }
    }

    /// A GET.
    pub fn get(url: String, token: &str) -> Self {
        Self { url, token: Some(token.to_owned()), ..Self::default() }
    }

    /// A PATCH there instead, with one of these bodies.
    pub fn patch(self, bodies: &Path) -> Self {
        Self { bodies: Some(bodies.to_owned()), ..self }
    }

    /// Begins a round.
    pub fn start(&self, load: Load) -> anyhow::Result<Running> {
        let mut command = program("taskset");
        command.args(["-c", LOAD_CORE]).arg(oha());
        command.args(["--no-tui", "--output-format", "json", "--worker-threads", "1", "-w"]);
        command.args(["-c", CONNECTIONS, "-z", &format!("{}s", load.seconds)]);
        command.args(["-q", &load.rate.to_string(), "--latency-correction"]);
        if let Some(token) = &self.token {
            command.args(["-H", &format!("Authorization: Bearer {token}")]);
        }
        if let Some(accept) = self.accept {
            command.args(["-A", accept]);
        }
        if let Some(bodies) = &self.bodies {
            command.args(["-m", "PATCH", "-T", "application/json", "-Z"]).arg(bodies);
        }
        Ok(Running { oha: spawn(command.args(["--rand-regex-url", &self.url]))?, load })
    }
}

fn spawn(command: &mut Command) -> anyhow::Result<Child> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    command.spawn().context("taskset (util-linux) can't be started")
}

impl Running {
    /// Waits for its end; `spent` is the CPU that the server used since the start, asked then.
    pub fn end(self, spent: impl FnOnce() -> anyhow::Result<f64>) -> anyhow::Result<Round> {
        let output = self.oha.wait_with_output()?;
        let seconds = spent()?;
        ensure!(output.status.success(), "oha: {}", output.status);
        let told: Value = serde_json::from_slice(&output.stdout).context("oha's figures")?;
        let statuses = told["statusCodeDistribution"].as_object().context("statuses")?;
        let all = statuses.values().filter_map(Value::as_f64).sum::<f64>();
        let good = statuses.get("200").and_then(Value::as_f64).unwrap_or_default();
        ensure!(all > 0.0 && good >= all, "answers by status: {statuses:?}");
        ensure!(
            told["errorDistribution"].as_object().is_none_or(serde_json::Map::is_empty),
            "errors: {}",
            told["errorDistribution"]
        );
        let percentile = |name: &str| told["latencyPercentiles"][name].as_f64().map(|s| s * 1e6);
        Ok(Round {
            cpu: seconds * 1e6 / good,
            rate: good / f64::from(self.load.seconds),
            p50: percentile("p50").context("p50")?,
            p99: percentile("p99").context("p99")?,
        })
    }
}

/// A round from its start to its end.
pub fn round(server: &Server, target: &Target, load: Load) -> anyhow::Result<Round> {
    let before = server.cpu_seconds()?;
    target.start(load)?.end(|| Ok(server.cpu_seconds()? - before))
}
