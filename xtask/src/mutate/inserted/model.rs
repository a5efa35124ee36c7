//! Put into the copy of `model` by `cargo xtask mutate`: which one check isn't made. The environment
//! says so, so that all mutants are one build.

use crate::access::View;
use std::sync::LazyLock;

static CHOSEN: LazyLock<String> = LazyLock::new(|| std::env::var("MUTANT").unwrap_or_default());

/// Whether this mutant is to be.
pub fn is(mutant: &str) -> bool {
    *CHOSEN == mutant
}

/// The condition, or true.
pub fn or_true(mutant: &str, condition: bool) -> bool {
    is(mutant) || condition
}

/// The condition, or false.
pub fn or_false(mutant: &str, condition: bool) -> bool {
    !is(mutant) && condition
}

/// The condition, or what the end of the mutant's name says.
pub fn either(mutant: &str, condition: bool) -> bool {
    match CHOSEN.strip_prefix(mutant) {
        Some(" = true") => true,
        Some(" = false") => false,
        _ => condition,
    }
}

/// The value, or none.
pub fn or_none<T>(mutant: &str, value: Option<T>) -> Option<T> {
    value.filter(|_| !is(mutant))
}

/// Whether the value is moved: up, down, or not.
pub fn moved(mutant: &str) -> isize {
    match CHOSEN.strip_prefix(mutant) {
        Some(" + 1") => 1,
        Some(" - 1") => -1,
        _ => 0,
    }
}

/// The view, or everything.
pub fn whole(mutant: &str, view: View) -> View {
    if is(mutant) { View::Whole } else { view }
}
