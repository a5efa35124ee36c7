//! Running other programs from the workspace's root, with their output passed on as it comes.

use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// cargo, the one that runs us.
pub fn cargo() -> Command {
    program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
}

/// A program in the workspace's root.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Runs it; an error unless it ends well.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = shown(command);
    println!("\n> {name}");
    let status = command.status().with_context(|| format!("{name} can't be started"))?;
    ensure!(status.success(), "{name}: {status}");
    Ok(())
}

/// Runs it and gives back what it prints.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = shown(command);
    let output = command.output().with_context(|| format!("{name} can't be started"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program is, if it is installed.
pub fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|place| place.join(name)).find(|file| file.is_file())
}

/// Where cargo puts what it builds for a profile (`debug`, `release`).
pub fn built(profile: &str) -> anyhow::Result<PathBuf> {
    Ok(target()?.join(profile))
}

/// Where cargo puts what it builds.
pub fn target() -> anyhow::Result<PathBuf> {
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let metadata: serde_json::Value = serde_json::from_str(&output(cargo().args(arguments))?)?;
    let target = metadata["target_directory"].as_str().context("a target directory")?;
    Ok(PathBuf::from(target))
}

fn shown(command: &Command) -> String {
    let mut words = vec![Path::new(command.get_program()).file_name().unwrap_or_default()];
    words.extend(command.get_args());
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
