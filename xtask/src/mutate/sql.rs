//! The tenant predicates of the SQL statements. A mutant compares the parameter with itself instead, so
//! that it is still used.

use super::rules::{Mutant, Names, line};
use anyhow::Context;
use regex::{Captures, Regex};
use std::fmt::Write as _;

/// The file that has all statements.
pub const PATH: &str = "crates/store/src/sql.rs";

const STATEMENT: &str = "\n    ([A-Z_]+) = \"([^\"]*)\";";
const PREDICATE: &str = r"\b(?:\w+\.)?customer = (?:\$\d+|excluded\.customer)";
/// The tenant's own row.
const OWN_ROW: &str = r"\bid = \$\d+";

/// The file with its mutants beside it, and their names.
pub fn instrument(text: &str) -> anyhow::Result<(String, Vec<Mutant>)> {
    let statements = Regex::new(STATEMENT)?;
    let predicates = Regex::new(PREDICATE)?;
    let own_row = Regex::new(OWN_ROW)?;
    let mut names = Names::of(PATH);
    let (mut mutants, mut table) = (Vec::new(), String::new());
    for statement in statements.captures_iter(text) {
        let (constant, sql) = (&statement[1], &statement[2]);
        let of_customer = ["FROM customer ", "UPDATE customer "].iter().any(|of| sql.contains(of));
        let found = if of_customer { own_row.find_iter(sql) } else { predicates.find_iter(sql) };
        for found in found {
            let name = names.next(&format!("{constant} {}", found.as_str()));
            let (_, value) = found.as_str().split_once(" = ").context("an =")?;
            let mut mutated = sql.to_owned();
            mutated.replace_range(found.range(), &format!("{value} = {value}"));
            writeln!(table, "    ({name:?}, {constant}, {mutated:?}),")?;
            let place = statement.get(2).context("a text")?.start() + found.start();
            mutants.push(Mutant { name, place: format!("{PATH}:{}", line(text, place)) });
        }
    }
    let table = format!("pub(crate) const MUTANTS: &[(&str, &str, &str)] = &[\n{table}];\n");
    let uses = "mod inserted;\npub(crate) use inserted::*;\n";
    Ok((format!("{text}\n{uses}{table}"), mutants))
}

/// A file that uses the statements: by way of what chooses between them and their mutants.
pub fn instrument_use(text: &str) -> anyhow::Result<String> {
    let used = Regex::new(r"\bsql::([A-Z_]+)\b")?;
    let by_way = |found: &Captures<'_>| match &found[1] {
        "ALL" => "sql::all()".to_owned(),
        name => format!("sql::chosen(sql::{name})"),
    };
    Ok(used.replace_all(text, by_way).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{instrument, instrument_use};

    #[test]
    fn every_tenant_predicate_is_a_mutant() {
        let text = "statements! {\n    A = \"SELECT 1 FROM item WHERE customer = $1 AND id = $2\";\n    \
                    B = \"UPDATE customer SET reseller = $2 WHERE id = $1\";\n}\n";
        let (instrumented, mutants) = instrument(text).unwrap();
        let names: Vec<&str> = mutants.iter().map(|mutant| &*mutant.name).collect();
        assert_eq!(names, ["store/sql.rs: A customer = $1", "store/sql.rs: B id = $1"]);
        assert!(instrumented.contains("A, \"SELECT 1 FROM item WHERE $1 = $1 AND id = $2\")"));
    }

    #[test]
    fn uses_go_by_way_of_the_choice() {
        let used = instrument_use("query(sql::A); for one in sql::ALL {}").unwrap();
        assert_eq!(used, "query(sql::chosen(sql::A)); for one in sql::all() {}");
    }
}
