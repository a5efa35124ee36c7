//! The TOML file: one key a setting, by the name of its flag. Which values are good isn't known here.

use super::origin::{Origin, Problem, Value};
use super::setting::{named, nearest};
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// The values of a file and all that is wrong with its form.
pub fn read(path: &Path, text: &str) -> (Vec<Value>, Vec<Problem>) {
    let at = |offset: usize| Origin::File(path.to_owned(), line(text, offset));
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let start = error.span().map_or(0, |span| span.start);
            Problem::new(at(start), format!("not TOML: {}", error.message()))
        })
        .collect();
    if !problems.is_empty() {
        // What was recovered may be anything: problems with it would be about what nobody wrote.
        return (Vec::new(), problems);
    }
    let mut values = Vec::new();
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        let origin = at(key.span().start);
        let name = key.get_ref().as_ref();
        let Some(setting) = named(name) else {
            problems.push(Problem::new(origin, unknown(name)));
            continue;
        };
        match plain(value.get_ref()) {
            Ok(text) => values.push(Value { setting, origin, text }),
            Err(kind) => {
                problems
                    .push(Problem::new(origin, format!("{name}: expected a value, not {kind}")));
            }
        }
    }
    (values, problems)
}

fn unknown(name: &str) -> String {
    match nearest(name) {
        Some(near) => format!("{name}: no such setting; did you mean {near}?"),
        None => format!("{name}: no such setting; lokal config example shows all"),
    }
}

/// The value as a flag would give it.
fn plain(value: &DeValue<'_>) -> Result<String, &'static str> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => Ok(number.to_string()),
        DeValue::Float(number) => Ok(number.to_string()),
        DeValue::Boolean(on) => Ok(on.to_string()),
        DeValue::Datetime(time) => Ok(time.to_string()),
        DeValue::Array(_) => Err("a list"),
        DeValue::Table(_) => Err("a table"),
    }
}

/// The line that holds this byte, from 1.
fn line(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
