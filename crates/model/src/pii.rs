//! Numbers and names of people: `Debug` hides them, so that a log line can't leak them by accident.
//! Whoever really means to show one says `as_str`.

use compact_str::CompactString;
use std::fmt;

/// The name of a person or a function, as shown to others. 1-100 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Name(CompactString);

impl Name {
    /// Takes the text as it is; length is checked where it is written (`extension::members`).
    pub fn new(text: impl Into<CompactString>) -> Self {
        Self(text.into())
    }
    /// The name, to show it on purpose.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hide(&self.0, f)
    }
}

/// Prints the length and nothing else.
pub(crate) fn hide(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "<{} hidden>", text.chars().count())
}

/// A secret (digest hash, nonce key): never printed, never serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps it.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value, to use it on purpose.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_name_nor_secret() {
        assert_eq!(format!("{:?}", Name::new("Donald Duck")), "<11 hidden>");
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "<secret>");
    }
}
