//! Screening: the numbers on an extension's whitelist and blocklist.

use crate::id::{CustomerId, ItemId};
use crate::number::{E164, LocalNumber};
use crate::pii::{Name, hide};
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

wire_enum! {
    /// Which of an extension's lists.
    ScreenList {
        /// Callers who get through where a WHITELIST policy acts.
        Whitelist = "WHITELIST",
        /// Callers who never do.
        Blocklist = "BLOCKLIST",
    }
}

/// The text is none of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a number here is public (+ and 8-15 digits), local (1-7 of 0-9 * #), or their beginning and *"
)]
pub struct InvalidScreenNumber;

/// A number on a list: public, local, or with a `*` at its end all that begin like it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScreenNumber(Box<str>);

impl ScreenNumber {
    /// Reads a number or a beginning. `*` alone is none: it would be everybody.
    pub fn parse(text: &str) -> Result<Self, InvalidScreenNumber> {
        let fits = match text.strip_suffix('*') {
            Some(beginning) => is_beginning(beginning),
            None => E164::parse(text).is_ok() || LocalNumber::parse(text).is_ok(),
        };
        if fits { Ok(Self(text.into())) } else { Err(InvalidScreenNumber) }
    }
    /// The number, to show it on purpose.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether a caller with this number, local or public, is meant.
    pub fn covers(&self, number: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(beginning) => number.starts_with(beginning),
            None => *self.0 == *number,
        }
    }
}

fn is_beginning(text: &str) -> bool {
    match text.strip_prefix('+') {
        Some(digits) => {
            let fits = (1..=14).contains(&digits.len()) && !digits.starts_with('0');
            fits && digits.bytes().all(|b| b.is_ascii_digit())
        }
        None => text.len() <= 6 && LocalNumber::parse(text).is_ok(),
    }
}

impl fmt::Debug for ScreenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hide(&self.0, f)
    }
}

impl Serialize for ScreenNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ScreenNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreenEntry {
    /// The number.
    pub number: ScreenNumber,
    /// Whose it is, for people.
    pub name: Option<Name>,
}

/// An entry, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    /// The customer of the extension.
    pub customer: CustomerId,
    /// The extension.
    pub extension: ItemId,
    /// On which of its lists.
    pub list: ScreenList,
    /// What stands there.
    pub entry: ScreenEntry,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_covers_what_begins_like_it_and_a_number_itself_alone() {
        for (entry, number, covered) in [
            ("+4570305051", "+4570305051", true),
            ("+4570305051", "+45703050512", false),
            ("+45*", "+4570305051", true),
            ("+45*", "+4670305051", false),
            ("59*", "592", true),
            ("59*", "+59200000", false),
            ("592", "592", true),
        ] {
            assert_eq!(ScreenNumber::parse(entry).unwrap().covers(number), covered, "{entry}");
        }
    }

    #[test]
    fn numbers_are_public_local_or_the_beginning_of_either() {
        for good in ["+4570305051", "592", "*97", "+45*", "+4570305051*", "5*", "123456*", "#2*"] {
            assert_eq!(
                ScreenNumber::parse(good).map(|n| n.as_str().to_owned()).as_deref(),
                Ok(good)
            );
        }
        for bad in ["", "*", "+*", "+0*", "+45705", "12345678", "1234567*", "4*5x", "+45 *", "x*"] {
            assert_eq!(ScreenNumber::parse(bad), Err(InvalidScreenNumber), "{bad}");
        }
    }
}
