//! What counts as a check, as patterns, and what comes in its place so that a mutant can leave it out. A
//! check that is added is found by its pattern: nobody lists them. Knows nothing of files or tests.

use super::sql;
use anyhow::{Context, ensure};
use regex::Regex;
use std::collections::HashMap;
use std::ops::Range;

/// One check that is left out or otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The file and the text of the check; stays as it is when lines move.
    pub name: String,
    /// The file's path from the root, and the line.
    pub place: String,
}

/// What of a check can be otherwise, as ends of the mutant's name.
const LEFT_OUT: &[&str] = &[""];
const TRUE_OR_FALSE: &[&str] = &[" = true", " = false"];
pub const UP_OR_DOWN: &[&str] = &[" + 1", " - 1"];

const ADMIN: &str = "crates/admin/src/";
const STORE: &str = "crates/store/src/";
const WRITE: &str = "crates/store/src/write.rs";
const MODEL: &str = "crates/model/src/";
const ACCESS: &str = "crates/model/src/access.rs";

/// A path, perhaps with calls in it.
macro_rules! value {
    () => {
        r"[*&]?\b\w+(?:(?:\.|::)\w+|\([&\w:, ]*\))*"
    };
}

/// Two values around an operator.
macro_rules! compared {
    ($operator:literal) => {
        concat!(value!(), " ", $operator, " ", value!())
    };
}

/// The same, one of them a customer's id.
macro_rules! customers {
    ($operator:literal) => {
        concat!(
            r"[*&]?\b(?:\w+\.)*customer(?:\.id|\(\))? ",
            $operator,
            " ",
            value!(),
            "|",
            value!(),
            " ",
            $operator,
            r" [*&]?(?:\w+\.)*customer(?:\.id|\(\)|\b)",
        )
    };
}

/// A kind of check: which files have it, its pattern, a word that must be in it, what comes in its
/// place (NAME is the mutant's, HELP our module in `model`), and what can be otherwise.
type Rule = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const RULES: &[Rule] = &[
    // Permits, and what else depends on who asks.
    (ADMIN, r"\b(?:\w+::)*(permit|decide|reaches)\(", "", "crate::mutant::$1(NAME, ", LEFT_OUT),
    (ADMIN, r"\bpermit\.view\(\)", "", "HELP::whole(NAME, $0)", LEFT_OUT),
    (ADMIN, compared!("(?:==|<=|>=|<|>)"), "evel", "HELP::either(NAME, $0)", TRUE_OR_FALSE),
    (ADMIN, r"\b\w+\.may_log_in\(\)", "", "HELP::or_true(NAME, $0)", LEFT_OUT),
    (STORE, r"\b\w+\.may_log_in\(\)", "", "HELP::or_true(NAME, $0)", LEFT_OUT),
    // Whose a thing is.
    (STORE, r"\b(?:\w+::)*(ours|there|check_owner)\(", "", "crate::mutant::$1(NAME, ", LEFT_OUT),
    (STORE, r"\bwanted\.contains\(.*\?\)", "", "HELP::or_true(NAME, $0)", LEFT_OUT),
    (WRITE, r"=> (Some\(.*\)),", "", "=> HELP::or_none(NAME, $1),", LEFT_OUT),
    (ADMIN, customers!("=="), "", "HELP::or_true(NAME, $0)", LEFT_OUT),
    (STORE, customers!("=="), "", "HELP::or_true(NAME, $0)", LEFT_OUT),
    (ADMIN, customers!("!="), "", "HELP::or_false(NAME, $0)", LEFT_OUT),
    (STORE, customers!("!="), "", "HELP::or_false(NAME, $0)", LEFT_OUT),
    (MODEL, customers!("!="), "", "HELP::or_false(NAME, $0)", LEFT_OUT),
    // What `decide` decides by.
    (ACCESS, compared!("(?:==|<=|>=|<|>)"), "", "HELP::either(NAME, $0)", TRUE_OR_FALSE),
    (ACCESS, r"[\w.]+\.(?:contains\([&\w.]+\)|is_empty\(\))", "", "HELP::either(NAME, $0)", TRUE_OR_FALSE),
    (ACCESS, r"(if |=> |when\()(same\b|own\b|reads\([\w:]+\))", "", "${1}HELP::either(NAME, $2)", TRUE_OR_FALSE),
    (ACCESS, r"=> false,", "", "=> HELP::is(NAME),", LEFT_OUT),
    (ACCESS, r"Some\(View::Masked\)", "", "Some(HELP::whole(NAME, View::Masked))", LEFT_OUT),
    (ACCESS, r"=> (Standing::(?:Personal|Viewer|Manager|Reseller)),", "", "=> inserted::standing(NAME, $1),", UP_OR_DOWN),
    (ACCESS, r"=> (Standing::Admin),", "", "=> inserted::standing(NAME, $1),", &[" - 1"]),
    (ACCESS, r"=> (Standing::Stranger),", "", "=> inserted::standing(NAME, $1),", &[" + 1"]),
];

/// A check that was found in a file.
struct Check {
    range: Range<usize>,
    becomes: String,
    ways: &'static [&'static str],
}

/// The file with its checks in a form that can be left out, and the mutants that this makes.
pub fn instrument(path: &str, text: &str) -> anyhow::Result<(String, Vec<Mutant>)> {
    if path == sql::PATH {
        return sql::instrument(text);
    }
    let mut checks = checks(path, text)?;
    checks.sort_by_key(|check| check.range.start);
    let mut names = Names::of(path);
    let (mut mutants, mut instrumented, mut done) = (Vec::new(), String::new(), 0);
    let lines: Vec<usize> = checks.iter().map(|check| line(text, check.range.start)).collect();
    for (check, line) in checks.iter().zip(&lines) {
        ensure!(check.range.start >= done, "{path}:{line}: two checks overlap");
        let alone = lines.iter().filter(|other| *other == line).count() == 1;
        let whole = text.lines().nth(line - 1).context("a line")?.trim();
        let matched = &text[check.range.clone()];
        let name =
            names.next(&if alone { whole.to_owned() } else { format!("{whole} [{matched}]") });
        instrumented += &text[done..check.range.start];
        instrumented += &check.becomes.replace("NAME", &format!("{name:?}"));
        done = check.range.end;
        mutants.extend(
            check.ways.iter().map(|way| Mutant {
                name: format!("{name}{way}"),
                place: format!("{path}:{line}"),
            }),
        );
    }
    instrumented += &text[done..];
    Ok((instrumented, mutants))
}

fn checks(path: &str, text: &str) -> anyhow::Result<Vec<Check>> {
    let tests = Regex::new(r"#\[cfg\(test\)\]\n(?:pub\(crate\) )?mod \w+ \{")?;
    let tests = tests.find(text).map_or(text.len(), |tests| tests.start());
    let helpers = if path.starts_with(MODEL) { "crate::mutant" } else { "model::mutant" };
    let mut checks = Vec::new();
    for (files, pattern, of, becomes, ways) in RULES {
        // `model::access` has rules of its own.
        if !path.starts_with(files) || *files == MODEL && path == ACCESS {
            continue;
        }
        let template = becomes.replace("HELP", helpers);
        for found in Regex::new(pattern)?.captures_iter(text) {
            let start = found.get_match().start();
            if start >= tests || !found[0].contains(of) || !is_code(text, start) {
                continue;
            }
            let mut filled = String::new();
            found.expand(&template, &mut filled);
            checks.push(Check { range: found.get_match().range(), becomes: filled, ways });
        }
    }
    Ok(checks)
}

/// Whether this is neither in a comment nor where the check itself is defined.
fn is_code(text: &str, start: usize) -> bool {
    let before = text[..start].rsplit('\n').next().unwrap_or_default();
    !before.ends_with("fn ") && !before.trim_start().starts_with("//")
}

/// The line of a place in a text, from 1.
pub fn line(text: &str, place: usize) -> usize {
    text[..place].matches('\n').count() + 1
}

/// Names of mutants: the same text again in a file has its number.
pub struct Names {
    file: String,
    seen: HashMap<String, usize>,
}

impl Names {
    /// Those of a file.
    pub fn of(path: &str) -> Self {
        let file = path.replace("crates/", "").replace("src/", "");
        Self { file, seen: HashMap::new() }
    }

    /// The name of the next check, which has this text.
    pub fn next(&mut self, text: &str) -> String {
        let seen = self.seen.entry(text.to_owned()).or_default();
        *seen += 1;
        let number = if *seen == 1 { String::new() } else { format!(" #{seen}") };
        format!("{}: {text}{number}", self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::instrument;

    #[test]
    fn checks_are_found_and_can_be_left_out() {
        let (path, text) = (
            "crates/admin/src/thing.rs",
            "// permit(who)\nlet leave = permit(who, operation)?;\nif who.customer != of {\n",
        );
        let (instrumented, mutants) = instrument(path, text).unwrap();
        let names: Vec<&str> = mutants.iter().map(|mutant| &*mutant.name).collect();
        let [permit, customer] = names[..] else { panic!("{names:?}") };
        assert_eq!(permit, "admin/thing.rs: let leave = permit(who, operation)?;");
        assert_eq!(customer, "admin/thing.rs: if who.customer != of {");
        let expected = format!(
            "// permit(who)\nlet leave = crate::mutant::permit({permit:?}, who, operation)?;\n\
             if model::mutant::or_false({customer:?}, who.customer != of) {{\n"
        );
        assert_eq!(instrumented, expected);
    }

    #[test]
    fn names_stay_apart() {
        let path = "crates/model/src/access.rs";
        let text = "Level::Viewer if same => Standing::Viewer,\n_ if same => Standing::Stranger,\n\
                    _ if same => Standing::Stranger,\n";
        let (_, mutants) = instrument(path, text).unwrap();
        let places: Vec<&str> = mutants.iter().map(|mutant| &*mutant.place).collect();
        assert_eq!(places.iter().filter(|place| place.ends_with(":1")).count(), 4);
        assert!(mutants.iter().any(|mutant| mutant.name.ends_with("[if same] #2 = true")));
    }
}
