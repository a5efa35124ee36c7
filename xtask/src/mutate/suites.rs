//! The tests that can notice, built once, and run until the first one fails.

use super::copy::Copy;
use crate::shell::cargo;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Packages whose tests can notice; each may use those before it, and none after it.
pub const PACKAGES: &[&str] = &["model", "store", "admin", "api"];
/// A test that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(180);
/// Stands for a failing test where a test program dies or hangs.
const WHOLE: &str = "(as a whole)";

/// One test program: `api it`, `store lib`.
#[derive(Clone, Debug)]
pub struct Suite {
    pub name: String,
    executable: PathBuf,
    folder: PathBuf,
}

/// Builds all of them.
pub fn build(copy: &Copy) -> anyhow::Result<Vec<Suite>> {
    let mut build = cargo();
    build.current_dir(&copy.tree).env("CARGO_TARGET_DIR", &copy.target);
    build.args(["test", "--no-run", "--message-format", "json-render-diagnostics"]);
    build.args(PACKAGES.iter().flat_map(|package| ["--package", package]));
    let output = build.stderr(Stdio::inherit()).output().context("cargo can't be started")?;
    ensure!(output.status.success(), "the copy can't be built: {}", output.status);
    let messages = String::from_utf8(output.stdout)?;
    let messages = messages.lines().map(serde_json::from_str::<Value>);
    let messages: Vec<Value> = messages.collect::<Result<_, _>>()?;
    Ok(messages.iter().filter_map(|message| suite(copy, message)).collect())
}

fn suite(copy: &Copy, message: &Value) -> Option<Suite> {
    // Examples are built as well.
    if message["profile"]["test"] != true {
        return None;
    }
    let executable = PathBuf::from(message["executable"].as_str()?);
    let manifest = PathBuf::from(message["manifest_path"].as_str()?);
    let folder = manifest.parent()?.to_owned();
    let package = folder.strip_prefix(copy.tree.join("crates")).ok()?.to_str()?.to_owned();
    let kind = if message["target"]["kind"][0] == "test" { "it" } else { "lib" };
    Some(Suite { name: format!("{package} {kind}"), executable, folder })
}

impl Suite {
    /// The first test that fails with this mutant; of these tests, or of all but `except`.
    pub fn first_failure(
        &self,
        mutant: &str,
        only: &[&str],
        except: &[String],
    ) -> anyhow::Result<Option<String>> {
        let mut command = Command::new(&self.executable);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command.env("MUTANT", mutant).env("INSTA_UPDATE", "no").arg("--exact");
        command.args(only.iter().filter(|test| **test != WHOLE));
        command.args(except.iter().flat_map(|test| ["--skip", test]));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("a test program can't be started")?;
        let failure = watch(&mut child)?;
        // What is left of it can't tell anything new.
        let _ = child.kill();
        let status = child.wait()?;
        let ended_well = status.success() || failure.is_some();
        Ok(failure.or((!ended_well).then(|| WHOLE.to_owned())))
    }
}

/// The first test that a test program says has failed; none once it has ended.
fn watch(child: &mut Child) -> anyhow::Result<Option<String>> {
    let stdout = child.stdout.take().context("a piped stdout")?;
    let (tell, told) = mpsc::sync_channel(1);
    // Ends with the program, or when nobody listens any more.
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let ended = line.strip_prefix("test ").and_then(|line| line.split_once(" ... "));
            let Some((test, result)) = ended else { continue };
            let failed = result.starts_with("FAILED").then(|| test.to_owned());
            if tell.send(failed).is_err() {
                return;
            }
        }
    });
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(None) => {}
            Ok(Some(test)) => return Ok(Some(test)),
            Err(mpsc::RecvTimeoutError::Timeout) => return Ok(Some(WHOLE.to_owned())),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                child.wait()?;
                return Ok(None);
            }
        }
    }
}
