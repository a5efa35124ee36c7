//! Habits that no lint knows: where a library may be named, what nobody may call, how files open.

use crate::workspace::sources;

/// Words that may appear in some places only, and those places.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rsipstack::", &["crates/sip/src/wire/"]),
    ("sqlx::", &["crates/store/"]),
    // A queue without a limit grows with what strangers send.
    ("unbounded_channel", &[]),
    ("mpsc::channel()", &[]),
    // A sleep is a guess; wait for a fact, or set a timer that something can end.
    ("thread::sleep", &[]),
    ("time::sleep(", &[]),
];

/// Longest file; a longer one is two.
const LONGEST_FILE: usize = 600;

#[test]
fn words_stay_where_they_belong() {
    for (path, text) in everything_but_this() {
        for (word, places) in ONLY_IN {
            let allowed = places.iter().any(|place| path.starts_with(place));
            let line = text.lines().position(|line| line.contains(word));
            assert!(allowed || line.is_none(), "{path}:{} names {word}", line.unwrap_or(0) + 1);
        }
    }
}

#[test]
fn every_file_says_what_it_decides() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{path} doesn't open with //!");
    }
}

#[test]
fn no_file_is_too_long() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{path} has {lines} lines");
    }
}

/// This file and the layer table name the words in order to ban them.
fn everything_but_this() -> impl Iterator<Item = (String, String)> {
    sources().into_iter().filter(|(path, _)| !path.starts_with("xtask/tests/"))
}
