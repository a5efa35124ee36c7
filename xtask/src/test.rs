//! `cargo xtask test`: everything a change must pass, with one line at the end that counts it. A check
//! that fails (format, lints, docs, build) counts as one failure; the others still run.

use crate::prerequisites;
use crate::shell::{self, cargo};
use anyhow::Context;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{ExitCode, Stdio};

/// How many tests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: usize,
    failed: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs everything; the exit code says whether all passed.
pub fn run() -> ExitCode {
    let mut count = Count::default();
    for check in
        [prerequisites::install, prerequisites::install_schemathesis, format, lints, docs, build]
    {
        if let Err(error) = check() {
            eprintln!("{error:#}");
            count.failed += 1;
        }
    }
    match tests() {
        Ok(tests) => count += tests,
        Err(error) => {
            eprintln!("{error:#}");
            count.failed += 1;
        }
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn format() -> anyhow::Result<()> {
    shell::run(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> anyhow::Result<()> {
    shell::run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn docs() -> anyhow::Result<()> {
    let arguments = ["doc", "--workspace", "--no-deps"];
    shell::run(cargo().env("RUSTDOCFLAGS", "-D warnings").args(arguments))
}

/// The binary that the interop tests start; cargo builds binaries for their own package's tests only.
fn build() -> anyhow::Result<()> {
    shell::run(cargo().args(["build", "--package", "lokal"]))
}

/// Runs the tests of the whole workspace, passing on what they print, and counts them.
fn tests() -> anyhow::Result<Count> {
    println!("\n> cargo test --workspace --no-fail-fast");
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).stdout(Stdio::piped());
    let mut tests = command.spawn().context("cargo test can't be started")?;
    let mut count = Count::default();
    for line in BufReader::new(tests.stdout.take().context("a piped stdout")?).lines() {
        let line = line?;
        println!("{line}");
        count += result(&line).unwrap_or_default();
    }
    // A test binary that dies prints no result, but cargo notices.
    if !tests.wait()?.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// Reads libtest's `test result: ok. 3 passed; 0 failed; …`.
fn result(line: &str) -> Option<Count> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = counts.split(';').find(|part| part.trim_end().ends_with(word))?;
        part.split_whitespace().next()?.parse().ok()
    };
    Some(Count { passed: number("passed")?, failed: number("failed")? })
}

#[cfg(test)]
mod tests {
    use super::{Count, result};

    #[test]
    fn only_result_lines_count() {
        let ok =
            "test result: ok. 31 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished";
        assert_eq!(result(ok), Some(Count { passed: 31, failed: 0 }));
        let failed =
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(result(failed), Some(Count { passed: 4, failed: 2 }));
        for line in ["test calls::busy ... ok", "31 passed; 0 failed", "", "test result: "] {
            assert_eq!(result(line), None, "{line}");
        }
    }
}
