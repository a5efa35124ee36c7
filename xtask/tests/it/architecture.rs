//! The invariants of ARCHITECTURE.md name tests; those tests exist.

use crate::workspace::{sources, text};

#[test]
fn every_invariant_names_a_test_that_exists() {
    let document = text("ARCHITECTURE.md");
    let invariants: Vec<&str> = section(&document, "## Invariants").collect();
    assert!(invariants.len() >= 20, "{} invariants", invariants.len());
    let sources = sources();
    for invariant in invariants {
        let named: Vec<&str> = invariant.rsplit('`').skip(1).step_by(2).take(2).collect();
        let [test, package] = named[..] else { panic!("no test in: {invariant}") };
        let folders =
            [format!("crates/{package}/"), format!("tests/{package}/"), format!("{package}/")];
        let line = format!("fn {test}(");
        let found = sources.iter().any(|(path, text)| {
            folders.iter().any(|folder| path.starts_with(folder)) && text.contains(&line)
        });
        assert!(found, "{package} has no test {test}: {invariant}");
    }
}

/// The numbered lines of a section.
fn section<'a>(document: &'a str, title: &str) -> impl Iterator<Item = &'a str> {
    let lines = document.lines().skip_while(move |line| *line != title).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## "));
    lines.filter(|line| line.starts_with(|first: char| first.is_ascii_digit()))
}
