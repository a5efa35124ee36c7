//! Reads the Authorization header (RFC 7616 §3.4; RFC 3261 §25.1 `credentials`).
//!
//! Finds out what a client says, never whether it is true.

use super::algorithm::Algorithm;
use crate::header::split_list;
use std::borrow::Cow;

/// What an Authorization header turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed<'a> {
    /// Digest credentials with everything that a proof needs.
    Digest(Credentials<'a>),
    /// Another scheme, or Digest in a way that wasn't offered (another algorithm or qop).
    NotOffered,
    /// Digest, but parameters are missing, doubled or unreadable.
    Malformed,
}

/// Digest credentials with `qop=auth`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Credentials<'a> {
    pub(super) username: Cow<'a, str>,
    pub(super) realm: Cow<'a, str>,
    pub(super) nonce: Cow<'a, str>,
    pub(super) uri: Cow<'a, str>,
    pub(super) response: Cow<'a, str>,
    pub(super) cnonce: Cow<'a, str>,
    pub(super) algorithm: Algorithm,
    /// The nonce count as it stands; the hash is over its text.
    pub(super) count_text: Cow<'a, str>,
    /// The nonce count, never 0.
    pub(super) count: u32,
}

/// The parameters as they stand, before any is required.
#[derive(Debug, Default)]
struct Parameters<'a> {
    username: Option<Cow<'a, str>>,
    realm: Option<Cow<'a, str>>,
    nonce: Option<Cow<'a, str>>,
    uri: Option<Cow<'a, str>>,
    response: Option<Cow<'a, str>>,
    cnonce: Option<Cow<'a, str>>,
    algorithm: Option<Cow<'a, str>>,
    qop: Option<Cow<'a, str>>,
    nc: Option<Cow<'a, str>>,
}

impl<'a> Parsed<'a> {
    /// Reads the value of one Authorization header.
    pub(super) fn of(authorization: &'a str) -> Self {
        let authorization = authorization.trim_ascii();
        let scheme_end =
            authorization.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(0);
        let Some((scheme, list)) = authorization.split_at_checked(scheme_end) else {
            return Self::NotOffered;
        };
        if !scheme.eq_ignore_ascii_case("Digest") {
            return Self::NotOffered;
        }
        Parameters::read(list).map_or(Self::Malformed, Parameters::require)
    }
}

impl<'a> Parameters<'a> {
    fn read(list: &'a str) -> Option<Self> {
        let mut parameters = Self::default();
        for parameter in split_list(list) {
            let (name, value) = parameter.split_once('=')?;
            let value = plain(value.trim_ascii())?;
            let Some(place) = parameters.place(name.trim_ascii()) else { continue };
            // Two values for one name: whoever reads the other one decides otherwise.
            if place.replace(value).is_some() {
                return None;
            }
        }
        Some(parameters)
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<Cow<'a, str>>> {
        Some(match name.to_ascii_lowercase().as_str() {
            "username" => &mut self.username,
            "realm" => &mut self.realm,
            "nonce" => &mut self.nonce,
            "uri" => &mut self.uri,
            "response" => &mut self.response,
            "cnonce" => &mut self.cnonce,
            "algorithm" => &mut self.algorithm,
            "qop" => &mut self.qop,
            "nc" => &mut self.nc,
            _ => return None,
        })
    }

    fn require(self) -> Parsed<'a> {
        let Some(algorithm) = Algorithm::named(self.algorithm.as_deref()) else {
            return Parsed::NotOffered;
        };
        // Without qop there is no count, and without a count no protection against replay.
        if !self.qop.as_deref().is_some_and(|qop| qop.eq_ignore_ascii_case("auth")) {
            return Parsed::NotOffered;
        }
        self.complete(algorithm).map_or(Parsed::Malformed, Parsed::Digest)
    }

    fn complete(self, algorithm: Algorithm) -> Option<Credentials<'a>> {
        let count_text = self.nc?;
        let count = count(&count_text)?;
        Some(Credentials {
            username: self.username?,
            realm: self.realm?,
            nonce: self.nonce?,
            uri: self.uri?,
            response: self.response?,
            cnonce: self.cnonce?,
            algorithm,
            count_text,
            count,
        })
    }
}

/// Reads `nc`: 8 hex digits, counting from 1.
fn count(text: &str) -> Option<u32> {
    let spelled = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    spelled.then(|| u32::from_str_radix(text, 16).ok()).flatten().filter(|count| *count > 0)
}

/// A token as it is, a quoted string without quotes and backslashes; None if the quotes don't pair.
fn plain(value: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = value.strip_prefix('"') else {
        return (!value.contains('"')).then_some(Cow::Borrowed(value));
    };
    let mut text = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
    let unescaped = inner.strip_suffix('"').filter(|inner| *inner == text);
    let ended = letters.next().is_none();
    ended.then_some(unescaped.map_or(Cow::Owned(text), Cow::Borrowed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FULL: &str = "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:h\", \
                        response=\"x\", cnonce=\"c\", nc=0000000a, qop=auth, algorithm=MD5";

    fn credentials(text: &str) -> Credentials<'_> {
        match Parsed::of(text) {
            Parsed::Digest(credentials) => credentials,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn parameters_come_in_any_order_case_and_spacing() {
        let read = credentials(FULL);
        assert_eq!((read.username.as_ref(), read.count), ("a", 10));
        assert_eq!(read.algorithm, Algorithm::Md5);
        let odd = "dIGEST\r\n qop=\"AUTH\",NC=0000000A , opaque=\"x,y\",\tcnonce=c,response=x,\
                   uri=\"sip:h\",nonce=\"n\",realm=\"r\",  USERNAME = \"a\",,";
        let read = credentials(odd);
        assert_eq!((read.username.as_ref(), read.count), ("a", 10));
        assert_eq!(read.count_text, "0000000A");
    }

    #[test]
    fn quoted_strings_are_unescaped() {
        let cases = [
            ("plain", Some("plain")),
            ("\"a, b\"", Some("a, b")),
            ("\"\"", Some("")),
            (r#""a\"b\\c""#, Some(r#"a"b\c"#)),
            ("\"open", None),
            ("\"", None),
            (r#""open\""#, None),
            ("\"a\"b", None),
            ("a\"b\"", None),
        ];
        for (value, text) in cases {
            assert_eq!(plain(value).as_deref(), text, "{value}");
        }
    }

    #[test]
    fn what_was_not_offered_is_told_from_what_is_wrong() {
        let without = |part: &str| FULL.replace(part, "");
        let cases = [
            (String::new(), Parsed::NotOffered),
            ("Digest".to_owned(), Parsed::NotOffered),
            ("Basic YTpi".to_owned(), Parsed::NotOffered),
            (FULL.replace("MD5", "MD5-sess"), Parsed::NotOffered),
            (FULL.replace("qop=auth", "qop=auth-int"), Parsed::NotOffered),
            (without("qop=auth,"), Parsed::NotOffered),
            (without("username=\"a\","), Parsed::Malformed),
            (without("nc=0000000a,"), Parsed::Malformed),
            (FULL.replace("0000000a", "00000000"), Parsed::Malformed),
            (FULL.replace("0000000a", "+000000a"), Parsed::Malformed),
            (FULL.replace("0000000a", "a"), Parsed::Malformed),
            (FULL.replace("realm=\"r\"", "realm=\"r"), Parsed::Malformed),
            (format!("{FULL}, realm=\"other\""), Parsed::Malformed),
            (format!("{FULL}, nonsense"), Parsed::Malformed),
        ];
        for (text, parsed) in cases {
            assert_eq!(Parsed::of(&text), parsed, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(Digest )?\\PC*") {
            let _ = Parsed::of(&text);
        }
    }
}
