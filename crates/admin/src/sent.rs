//! The members that a JSON body sends, by path, and those in it that no one knows.
//!
//! Objects are groups: their members are looked at one by one, so that sending one leaves the others.

use crate::error::Fault;
use serde_json::{Map, Value};

/// A JSON object as a client sends it.
pub type Body = Map<String, Value>;

/// Faults reported for unknown members: a body of nothing else must not make a reply many times its
/// size.
const MOST_UNKNOWN: usize = 50;

/// The value at a path of nested objects.
pub(crate) fn lookup<'a>(body: &'a Body, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        Some((group, rest)) => lookup(body.get(group)?.as_object()?, rest),
        None => body.get(path),
    }
}

/// Puts a value at a path whose groups exist.
pub(crate) fn set(body: &mut Body, path: &str, value: Value) {
    match path.split_once('.') {
        Some((group, rest)) => {
            if let Some(Value::Object(group)) = body.get_mut(group) {
                set(group, rest, value);
            }
        }
        None => {
            body.insert(path.to_owned(), value);
        }
    }
}

/// Puts a value at a path, and makes the groups on the way.
pub(crate) fn place(body: &mut Body, path: &str, value: Value) {
    match path.split_once('.') {
        Some((group, rest)) => {
            let group = body.entry(group).or_insert_with(|| Value::Object(Body::new()));
            if let Value::Object(group) = group {
                place(group, rest, value);
            }
        }
        None => {
            body.insert(path.to_owned(), value);
        }
    }
}

/// What is sent that isn't a member, and groups that aren't objects (`known` are all paths).
pub(crate) fn unknown(body: &Body, known: &[&'static str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    walk(body, known, &mut Vec::new(), &mut faults);
    faults.truncate(MOST_UNKNOWN);
    faults
}

fn walk<'a>(body: &'a Body, known: &[&str], at: &mut Vec<&'a str>, faults: &mut Vec<Fault>) {
    for (name, value) in body {
        at.push(name);
        // A name with a dot in it must not pass for a path.
        let path = if name.contains('.') { String::new() } else { at.join(".") };
        let in_group =
            |member: &&str| member.strip_prefix(&path).is_some_and(|r| r.starts_with('.'));
        if !known.contains(&path.as_str()) {
            match (known.iter().any(in_group) && !path.is_empty(), value) {
                (true, Value::Object(group)) => walk(group, known, at, faults),
                (true, _) => faults.push(Fault::of(&path, "an object of members")),
                (false, _) => faults.push(Fault::unknown(at)),
            }
        }
        at.pop();
    }
}

/// Sorts faults into the order of the members; a group stands where its first member does, unknown
/// members come last.
pub(crate) fn sort(faults: &mut [Fault], known: &[&str]) {
    faults.sort_by_key(|fault| {
        let is_or_holds = |member: &&str| {
            let rest = member.strip_prefix(fault.member.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        known.iter().position(is_or_holds).unwrap_or(usize::MAX)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KNOWN: &[&str] = &["a", "b.c", "b.d.e"];

    fn faults(body: &Value) -> Vec<String> {
        let mut faults = unknown(body.as_object().unwrap(), KNOWN);
        sort(&mut faults, KNOWN);
        faults.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn unknown_members_are_named_at_every_depth() {
        for (body, pointers) in [
            (json!({"a": 1, "b": {"c": 1, "d": {"e": 1}}}), vec![]),
            (json!({"a": {"x": 1}}), vec![]),
            (json!({"x": 1}), vec!["/x"]),
            (json!({"b.c": 1}), vec!["/b.c"]),
            (json!({"b": {"d.e": 1}}), vec!["/b/d.e"]),
            (json!({"b": {"x": 1, "d": {"y": 1}}}), vec!["/b/x", "/b/d/y"]),
            (json!({"x": 1, "b": {"d": null}}), vec!["/b/d", "/x"]),
            (json!({"": 1}), vec!["/"]),
        ] {
            assert_eq!(faults(&body), pointers, "{body}");
        }
    }

    #[test]
    fn a_body_of_nothing_but_unknown_members_gets_a_short_reply() {
        let body: Body = (0..10_000).map(|n| (n.to_string(), Value::Null)).collect();
        assert_eq!(unknown(&body, KNOWN).len(), MOST_UNKNOWN);
    }

    #[test]
    fn values_are_set_where_they_are_found() {
        let mut body = json!({"b": {"c": 1}}).as_object().unwrap().clone();
        set(&mut body, "b.c", json!(2));
        assert_eq!(lookup(&body, "b.c"), Some(&json!(2)));
        assert_eq!(lookup(&body, "b.x"), None);
    }
}
