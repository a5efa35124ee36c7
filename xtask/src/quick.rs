//! `cargo xtask quick`: format, lints and tests of the packages that differ from the last commit. Not of
//! their dependents: that is `cargo xtask test`'s.

use crate::shell::{self, cargo, output, program};
use std::collections::BTreeSet;

/// Runs it.
pub fn run() -> anyhow::Result<()> {
    shell::run(cargo().args(["fmt", "--all", "--check"]))?;
    let changed = output(program("git").args(["diff", "--name-only", "HEAD"]))?;
    let new = output(program("git").args(["ls-files", "--others", "--exclude-standard"]))?;
    let packages: BTreeSet<&str> = changed.lines().chain(new.lines()).filter_map(package).collect();
    if packages.is_empty() {
        println!("no package differs from the last commit");
        return Ok(());
    }
    if packages.contains("interop") {
        shell::run(cargo().args(["build", "--package", "lokal"]))?;
    }
    let chosen = packages.iter().flat_map(|package| ["--package", package]);
    let chosen: Vec<&str> = chosen.collect();
    let mut clippy = cargo();
    shell::run(clippy.arg("clippy").args(&chosen).args(["--all-targets", "--", "-D", "warnings"]))?;
    shell::run(cargo().arg("test").args(&chosen))
}

/// The package that a file belongs to.
fn package(path: &str) -> Option<&str> {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["crates" | "tests", package, _, ..] => Some(package),
        ["xtask", _, ..] => Some("xtask"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_file_belongs_to_the_package_that_it_lies_in() {
        for (path, expected) in [
            ("crates/call/src/lib.rs", Some("call")),
            ("tests/interop/scenarios/refuse.xml", Some("interop")),
            ("xtask/src/main.rs", Some("xtask")),
            ("bench/uac.xml", None),
            ("Cargo.lock", None),
        ] {
            assert_eq!(package(path), expected, "{path}");
        }
    }
}
