//! Typed ids: 12 random bytes, 24 hex digits on the wire.
//!
//! Either case is read, lower case is written. Nothing here draws randomness: an id is made from
//! bytes that the caller drew.

use std::fmt;
use std::str::FromStr;

/// The text isn't 24 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 24 hex digits")]
pub struct InvalidId;

fn nibble(digit: u8) -> Result<u8, InvalidId> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(InvalidId),
    }
}

fn parse(text: &str) -> Result<[u8; 12], InvalidId> {
    let digits: &[u8; 24] = text.as_bytes().try_into().map_err(|_| InvalidId)?;
    let mut bytes = [0; 12];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Ok(bytes)
}

fn digit(nibble: u8) -> u8 {
    match nibble {
        0..10 => b'0' + nibble,
        _ => b'a' + nibble - 10,
    }
}

fn print(bytes: &[u8; 12], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Answers are full of ids, and formatting byte by byte takes ten times as long.
    let mut digits = [0; 24];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 0xf)];
    }
    f.write_str(std::str::from_utf8(&digits).unwrap_or_default())
}

macro_rules! typed_id {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 12]);

        impl $name {
            /// The id made of these bytes.
            pub const fn from_bytes(bytes: [u8; 12]) -> Self {
                Self(bytes)
            }
            /// The bytes of the id.
            pub const fn bytes(&self) -> &[u8; 12] {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                print(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                print(&self.0, f)
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse(text).map(Self)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

typed_id! {
    /// A customer: the tenant that owns everything else.
    CustomerId;
    /// A dialplan item; an extension is one.
    ItemId;
    /// An employee of a customer.
    EmployeeId;
    /// A phone: SIP, MVNO or EXTERNAL.
    PhoneId;
    /// A carrier trunk: where calls of the public network come from and go to.
    CarrierId;
    /// A public number that a customer holds.
    NumberId;
    /// A sound (`startAudio`).
    AudioId;
    /// A music on hold class (`ringtone`, `musicOnHold`).
    MusicId;
    /// A product that a SIP phone is billed as.
    ProductId;
    /// A rate plan of a mobile.
    RatePlanId;
    /// A call, from its arrival to its record.
    CallId;
    /// One leg of a call: the server's side of one dialog with one party.
    LegId;
    /// A machine token, as paths name it.
    TokenId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_case_is_read_and_lower_case_written() {
        let id: ItemId = "1234567890ABCDEF12345678".parse().unwrap();
        assert_eq!(id.to_string(), "1234567890abcdef12345678");
    }

    #[test]
    fn anything_but_24_hex_digits_is_refused() {
        for text in
            ["", "1234567890abcdef1234567", "1234567890abcdef123456789", "g234567890abcdef12345678"]
        {
            assert_eq!(text.parse::<ItemId>(), Err(InvalidId), "{text}");
        }
    }
}
