//! Schemathesis asks a running demo whatever the OpenAPI document allows and forbids, and holds the
//! answers against it. How is in `schemathesis.toml`.

use interop::Server;
use interop::process::Running;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What one run may take; on a quiet machine it takes 40 seconds.
const LIMIT: Duration = Duration::from_secs(600);

/// Where `cargo xtask test` puts it: beside what cargo builds.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let target = test.ancestors().nth(3).expect("the target directory");
    let program = target.join("schemathesis/bin/schemathesis");
    assert!(program.is_file(), "{} isn't there: run cargo xtask test", program.display());
    program
}

#[track_caller]
fn nothing_is_found_as(token: &str) {
    let server = Server::start();
    let demo = server.demo();
    let configuration = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis.toml");
    let reports = tempfile::tempdir().expect("a directory for reports");
    let mut command = Command::new(program());
    command.current_dir(reports.path()).arg("--config-file").arg(configuration);
    command.args(["run", &format!("{}/openapi.json", demo.http()), "--no-color"]);
    command.args(["--header", &format!("Authorization: Bearer {}", demo.token(token))]);
    command.env("EXTENSION", &server.extension("592").id);
    command.env("CUSTOMER", demo.customer("Duckburg"));
    let mut run = Running::start(&mut command);
    let status = run.wait_for_end(LIMIT);
    assert!(status.success(), "{status}\n{run}");
    // It passes too where it has nothing to test.
    let tested = run.said().iter().any(|line| line.contains("Tested:") && !line.ends_with(" 0"));
    assert!(tested, "{run}");
}

#[test]
fn schemathesis_finds_nothing_as_an_owner() {
    nothing_is_found_as("owner");
}

#[test]
fn schemathesis_finds_nothing_as_an_admin() {
    nothing_is_found_as("admin");
}
