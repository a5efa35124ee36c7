//! The copy of the sources in which every check can be left out. It lies under `target/mutate`, with a
//! target directory of its own; files that are as they were keep their time, so that little is built.

use super::rules::{Mutant, UP_OR_DOWN, instrument};
use super::sql;
use crate::shell::{built, output, program, root};
use anyhow::Context;
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ACCESS: &str = "crates/model/src/access.rs";

/// Files that the copy has besides: what the instrumented sources call.
const INSERTED: &[(&str, &str)] = &[
    ("crates/model/src/mutant.rs", include_str!("inserted/model.rs")),
    ("crates/model/src/access/inserted.rs", include_str!("inserted/access.rs")),
    ("crates/store/src/mutant.rs", include_str!("inserted/store.rs")),
    ("crates/store/src/sql/inserted.rs", include_str!("inserted/sql.rs")),
    ("crates/admin/src/mutant.rs", include_str!("inserted/admin.rs")),
];

/// Where the copy lies, and what is built of it.
pub struct Copy {
    pub tree: PathBuf,
    pub target: PathBuf,
}

/// Makes it, or brings it up to date.
pub fn make() -> anyhow::Result<(Copy, Vec<Mutant>)> {
    let place = built("mutate")?;
    let copy = Copy { tree: place.join("tree"), target: place.join("target") };
    let files =
        output(program("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut mutants = Vec::new();
    let mut kept = BTreeSet::new();
    for path in files.lines() {
        // Removed, and not committed yet.
        let Ok(original) = fs::read(root().join(path)) else { continue };
        let mutated = match String::from_utf8(original.clone()) {
            Ok(text) if path.ends_with(".rs") => {
                let (text, found) = instrumented(path, &text)?;
                mutants.extend(found);
                text.into_bytes()
            }
            _ => original,
        };
        write(&copy.tree.join(path), &mutated)?;
        kept.insert(copy.tree.join(path));
    }
    for (path, text) in INSERTED {
        write(&copy.tree.join(path), text.as_bytes())?;
        kept.insert(copy.tree.join(path));
    }
    remove_others(&copy.tree, &kept)?;
    Ok((copy, mutants))
}

fn instrumented(path: &str, text: &str) -> anyhow::Result<(String, Vec<Mutant>)> {
    let (mut text, mut mutants) = instrument(path, text)?;
    match path {
        "crates/model/src/lib.rs" => text = library(&text, "pub mod mutant;"),
        "crates/store/src/lib.rs" | "crates/admin/src/lib.rs" => {
            text = library(&text, "mod mutant;")
        }
        ACCESS => {
            mutants.extend(least(&text)?);
            text = text.replace("fn least(", "fn least_as_written(");
            text += "\nmod inserted;\nuse inserted::least;\n";
        }
        _ => {}
    }
    if path.starts_with("crates/store/src/") && path != sql::PATH {
        text = sql::instrument_use(&text)?;
    }
    Ok((text, mutants))
}

/// A library with our module. What the mutants don't need of its imports is no news.
fn library(text: &str, module: &str) -> String {
    format!("#![allow(warnings)]\n{text}\n{module}\n")
}

/// The table of who may at least see and make what: one noun at a time, though rows have several.
fn least(access: &str) -> anyhow::Result<Vec<Mutant>> {
    let (_, nouns) = access.split_once("pub enum Noun {").context("the nouns")?;
    let (nouns, _) = nouns.split_once("\n}").context("the end of the nouns")?;
    let variant = Regex::new(r"\n    (\w+),")?;
    let nouns = variant.captures_iter(nouns).map(|noun| noun[1].to_owned());
    let cells = nouns.flat_map(|noun| [0, 1].map(|cell| format!("least({noun}).{cell}")));
    let mutants = cells.flat_map(|cell| UP_OR_DOWN.iter().map(move |way| format!("{cell}{way}")));
    let place = || format!("{ACCESS}: fn least");
    Ok(mutants
        .map(|name| Mutant { name: format!("model/access.rs: {name}"), place: place() })
        .collect())
}

fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().context("a folder")?)?;
    Ok(fs::write(path, content)?)
}

/// Removes what isn't in the sources any more.
fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
