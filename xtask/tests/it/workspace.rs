//! The workspace as these tests see it: its packages from `cargo metadata`, its files from the disk.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a parent").to_owned()
}

/// A file's text.
#[track_caller]
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A dependency of a package of the workspace.
#[derive(Debug)]
pub struct Edge {
    /// The package.
    pub from: String,
    /// What it names in its Cargo.toml.
    pub to: String,
    /// Only for its tests.
    pub test_only: bool,
}

/// The packages of the workspace.
pub fn packages() -> Vec<String> {
    metadata().iter().filter_map(|package| package["name"].as_str().map(str::to_owned)).collect()
}

/// Every dependency that a package of the workspace names.
pub fn edges() -> Vec<Edge> {
    metadata().iter().flat_map(edges_of).collect()
}

/// Every Rust file: its path from the root, and its text.
pub fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for directory in ["crates", "tests", "xtask"] {
        collect(&root().join(directory), &mut found);
    }
    found
}

fn metadata() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--offline", "--no-deps", "--format-version", "1"];
    let output = Command::new(cargo).current_dir(root()).args(arguments).output().expect("cargo");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata's JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn edges_of(package: &Value) -> Vec<Edge> {
    let from = package["name"].as_str().expect("a name");
    let dependencies = package["dependencies"].as_array().expect("dependencies");
    let edge = |dependency: &Value| Edge {
        from: from.to_owned(),
        to: dependency["name"].as_str().expect("a name").to_owned(),
        test_only: dependency["kind"] == "dev",
    };
    dependencies.iter().map(edge).collect()
}

fn collect(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            found.push((shown, fs::read_to_string(&path).expect("a source file")));
        }
    }
}
