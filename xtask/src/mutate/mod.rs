//! `cargo xtask mutate`: leaves out one tenant predicate or permit check at a time, and shows which test
//! notices. All mutants are one build of a copy of the sources; the environment variable MUTANT chooses.

mod copy;
mod harmless;
mod rules;
mod sql;
mod suites;

use crate::shell::root;
use anyhow::ensure;
use harmless::HARMLESS;
use rules::Mutant;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use suites::{PACKAGES, Suite};

/// Which suite knows most of a mutant's file, in this order; then the others.
const CLOSEST: &[(&str, &[&str])] = &[
    (sql::PATH, &["store lib", "store it", "api it"]),
    ("crates/store/", &["store it", "api it", "store lib"]),
    ("crates/model/src/access.rs", &["model it", "api it"]),
    ("crates/model/", &["model it", "model lib", "store it"]),
    ("", &["api it", "admin it", "admin lib"]),
];

/// Where that is kept which test noticed a mutant last time: asked first, it makes a run take minutes.
const MEMORY: &str = "xtask/src/mutate/noticed.json";

/// Tests that noticed something, and what: the suite and the test of each mutant.
type Noticed = BTreeMap<String, (String, String)>;

/// Runs the mutants whose name has this in it.
pub fn run(of: &str) -> anyhow::Result<()> {
    let (copy, mutants) = copy::make()?;
    ensure_known(&mutants)?;
    let suites = suites::build(&copy)?;
    let memory = root().join(MEMORY);
    let mut run = Run { suites, noticed: remembered(&memory), memory, latest: None };
    if of.is_empty() {
        run.ensure_green()?;
    }
    let chosen: Vec<_> = mutants.iter().filter(|mutant| mutant.name.contains(of)).collect();
    let (mut caught, mut harmless, mut wrong) = (0, 0, 0);
    for (place, mutant) in chosen.iter().enumerate() {
        let (noticed, reason) = (run.notice(mutant)?, reason(&mutant.name));
        let verdict = match (&noticed, reason) {
            (Some(test), None) => {
                caught += 1;
                format!("caught by {test}")
            }
            (None, Some(reason)) => {
                harmless += 1;
                format!("harmless: {reason}")
            }
            (Some(test), Some(_)) => {
                wrong += 1;
                format!("NOT HARMLESS, caught by {test}")
            }
            (None, None) => {
                wrong += 1;
                format!("SURVIVED at {}", mutant.place)
            }
        };
        println!("{}/{} {}\n    {verdict}", place + 1, chosen.len(), mutant.name);
    }
    println!("{caught} caught, {harmless} harmless, {wrong} survived or wrongly called harmless");
    ensure!(wrong == 0, "a check can be left out and no test notices");
    Ok(())
}

fn reason(name: &str) -> Option<&'static str> {
    HARMLESS.iter().find(|(mutant, _)| *mutant == name).map(|(_, reason)| *reason)
}

/// Names are what is remembered, chosen and reviewed.
fn ensure_known(mutants: &[Mutant]) -> anyhow::Result<()> {
    let names: BTreeSet<&str> = mutants.iter().map(|mutant| &*mutant.name).collect();
    ensure!(names.len() == mutants.len(), "two mutants have the same name");
    for (name, _) in HARMLESS {
        ensure!(names.contains(name), "called harmless, but not there any more: {name}");
    }
    Ok(())
}

fn remembered(memory: &PathBuf) -> Noticed {
    let text = fs::read_to_string(memory).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

struct Run {
    suites: Vec<Suite>,
    noticed: Noticed,
    memory: PathBuf,
    /// What noticed the mutant before: often it notices its neighbour too.
    latest: Option<(Suite, String)>,
}

impl Run {
    /// Without a mutant everything passes, else a failure says nothing.
    fn ensure_green(&self) -> anyhow::Result<()> {
        for suite in &self.suites {
            let failure = suite.first_failure("", &[], &[])?;
            ensure!(failure.is_none(), "{} fails without a mutant: {failure:?}", suite.name);
        }
        Ok(())
    }

    /// The test that notices, if one does. Asks first the one that did last time, then the one that noticed the
    /// mutant before, then those that noticed others, then all.
    fn notice(&mut self, mutant: &Mutant) -> anyhow::Result<Option<String>> {
        if let Some((suite, test)) = self.noticed.get(&mutant.name)
            && let Some(known) = self.suites.iter().find(|other| other.name == *suite)
            && known.first_failure(&mutant.name, &[test], &[])?.is_some()
        {
            return Ok(Some(format!("{suite}: {test}")));
        }
        let suites = self.closest_first(mutant);
        if let Some((suite, test)) = self.latest.clone()
            && suites.iter().any(|other| other.name == suite.name)
            && failure(&suite, mutant, &[&test])?.is_some()
        {
            return self.remember(mutant, &suite, test).map(Some);
        }
        for suite in &suites {
            let tests = self.noticed.values().filter(|(other, _)| *other == suite.name);
            let tests: BTreeSet<&str> = tests.map(|(_, test)| &**test).collect();
            let tests: Vec<&str> = tests.into_iter().collect();
            if tests.is_empty() {
                continue;
            }
            if let Some(test) = failure(suite, mutant, &tests)? {
                return self.remember(mutant, suite, test).map(Some);
            }
        }
        for suite in &suites {
            if let Some(test) = failure(suite, mutant, &[])? {
                return self.remember(mutant, suite, test).map(Some);
            }
        }
        Ok(None)
    }

    /// The suites that have the mutant in them; first those that know most of its file.
    fn closest_first(&self, mutant: &Mutant) -> Vec<Suite> {
        let closest = CLOSEST.iter().find(|(files, _)| mutant.place.starts_with(files));
        let closest = closest.map_or(&[][..], |(_, suites)| suites);
        let place = |name: &str| PACKAGES.iter().position(|package| name.starts_with(package));
        let package = place(mutant.place.trim_start_matches("crates/"));
        let mut suites = self.suites.clone();
        suites.retain(|suite| place(&suite.name) >= package);
        suites.sort_by_key(|suite| {
            closest.iter().position(|name| *name == suite.name).unwrap_or(closest.len())
        });
        suites
    }

    fn remember(&mut self, mutant: &Mutant, suite: &Suite, test: String) -> anyhow::Result<String> {
        let said = format!("{}: {test}", suite.name);
        self.latest = Some((suite.clone(), test.clone()));
        self.noticed.insert(mutant.name.clone(), (suite.name.clone(), test));
        fs::write(&self.memory, serde_json::to_string_pretty(&self.noticed)?)?;
        Ok(said)
    }
}

/// The first test that fails, and does so again: one that fails by chance has noticed nothing.
fn failure(suite: &Suite, mutant: &Mutant, only: &[&str]) -> anyhow::Result<Option<String>> {
    let mut by_chance = Vec::new();
    while let Some(test) = suite.first_failure(&mutant.name, only, &by_chance)? {
        if suite.first_failure(&mutant.name, &[&test], &[])?.is_some() {
            return Ok(Some(test));
        }
        println!("    {test} fails by chance");
        by_chance.push(test);
    }
    Ok(None)
}
