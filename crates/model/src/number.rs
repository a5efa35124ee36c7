//! Phone numbers: local (1-7 of `0-9 * #`), public (E.164 with `+`), and either of them.

use crate::pii::hide;
use std::fmt;

/// The text isn't a number of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNumber {
    /// Not 1-7 of `0-9 * #`.
    #[error("a local number is 1-7 of 0-9 * #")]
    Local,
    /// Not `+` and 8-15 digits.
    #[error("a public number is + and 8-15 digits, the first not 0 (E.164)")]
    E164,
    /// Neither.
    #[error("a number is local (1-7 of 0-9 * #) or public (+ and 8-15 digits)")]
    Number,
    /// Neither a public number nor `SECRET`.
    #[error("a caller id is a public number (+ and 8-15 digits) or SECRET")]
    CallerId,
}

/// ASCII characters, and zeros up to `N`. Extensions have several numbers each and there are many of them:
/// a text of its own for each would take twice the room. Orders as the text does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Characters<const N: usize>([u8; N]);

impl<const N: usize> Characters<N> {
    /// The first `N` characters of an ASCII text.
    fn of(text: &str) -> Self {
        let mut characters = [0; N];
        characters.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        Self(characters)
    }
    fn as_str(&self) -> &str {
        let text = self.0.split(|byte| *byte == 0).next().unwrap_or_default();
        // Only ASCII got in.
        std::str::from_utf8(text).unwrap_or_default()
    }
}

macro_rules! number_text {
    ($name:ident) => {
        impl $name {
            /// The number, to show it on purpose.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                hide(self.as_str(), f)
            }
        }
    };
}

macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A local number: dialable inside one customer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalNumber(Characters<7>);
number_text!(LocalNumber);
serde_as_text!(LocalNumber);

impl LocalNumber {
    /// Reads 1-7 of `0-9 * #`.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let fits = (1..=7).contains(&text.len());
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
        if fits && digits { Ok(Self(Characters::of(text))) } else { Err(InvalidNumber::Local) }
    }
}

/// A public number, E.164 with its `+`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(Characters<16>);
number_text!(E164);
serde_as_text!(E164);

impl E164 {
    /// Stands where a number is still to be given. Nobody has it: 999 is no country's.
    pub fn blank() -> Self {
        Self(Characters::of("+99999999"))
    }
    /// Reads `+` and 8-15 digits of which the first isn't 0.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let digits = text.strip_prefix('+').ok_or(InvalidNumber::E164)?;
        let fits = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        if fits && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(Characters::of(text)))
        } else {
            Err(InvalidNumber::E164)
        }
    }
}

/// A number that a setting sends calls to: local or public.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Number {
    /// An item of the same customer.
    Local(LocalNumber),
    /// The public network, or an on-net number of the same customer.
    Public(E164),
}
serde_as_text!(Number);

impl Number {
    /// Reads either kind.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        if text.starts_with('+') {
            E164::parse(text).map(Self::Public).map_err(|_| InvalidNumber::Number)
        } else {
            LocalNumber::parse(text).map(Self::Local).map_err(|_| InvalidNumber::Number)
        }
    }
    /// The number, to show it on purpose.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Local(number) => number.as_str(),
            Self::Public(number) => number.as_str(),
        }
    }
}

/// What `outbound.callerId.*` holds: a number to show, or none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CallerIdChoice {
    /// `SECRET`: show no number.
    Secret,
    /// This number.
    Number(E164),
}
serde_as_text!(CallerIdChoice);

impl CallerIdChoice {
    /// Reads `SECRET` or a public number.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        match text {
            "SECRET" => Ok(Self::Secret),
            _ => E164::parse(text).map(Self::Number).map_err(|_| InvalidNumber::CallerId),
        }
    }
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Secret => "SECRET",
            Self::Number(number) => number.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_numbers_are_one_to_seven_of_digits_star_and_hash() {
        for good in ["5", "592", "*97", "#21#", "1234567"] {
            assert_eq!(LocalNumber::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "12345678", "59a", "+4570305051", "5 2"] {
            assert_eq!(LocalNumber::parse(bad), Err(InvalidNumber::Local), "{bad}");
        }
    }

    #[test]
    fn local_numbers_order_as_their_texts_do() {
        let texts = ["#", "#21#", "*97", "1", "10", "1000000", "1000001", "11", "2", "592"];
        let mut numbers: Vec<_> = texts.iter().map(|t| LocalNumber::parse(t).unwrap()).collect();
        numbers.reverse();
        numbers.sort();
        let sorted: Vec<&str> = numbers.iter().map(LocalNumber::as_str).collect();
        assert_eq!(sorted, texts);
    }

    #[test]
    fn public_numbers_have_a_plus_and_8_to_15_digits() {
        assert!(E164::parse("+4570305051").is_ok());
        for bad in ["4570305051", "+0570305051", "+4570305", "+4570305051234567", "+45703050x1", ""]
        {
            assert_eq!(E164::parse(bad), Err(InvalidNumber::E164), "{bad}");
        }
    }

    #[test]
    fn debug_hides_numbers() {
        let number = Number::parse("+4570305051").unwrap();
        assert!(!format!("{number:?}").contains("7030"));
    }
}
