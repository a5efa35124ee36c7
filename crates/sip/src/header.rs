//! Reads and writes the header values that legs care about: lists, name-addresses, parameters and
//! the user part of a URI (RFC 3261 §20.10, §25.1).
//!
//! Knows no message and no dialog. Nothing here fails loudly: what can't be read is `None`.

use std::fmt::Write;

/// A name-address or bare address as in From, To, Contact, Record-Route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAddress<'a> {
    /// The display name as it stands, still quoted and escaped; empty for none.
    display: &'a str,
    /// The URI, without angle brackets.
    pub uri: &'a str,
    /// The header's own parameters, from the first `;` after the URI on.
    params: &'a str,
}

impl<'a> NameAddress<'a> {
    /// Reads one value. In the bare form everything after `;` belongs to the header (§20).
    pub fn parse(value: &'a str) -> Option<Self> {
        let value = value.trim();
        let name_end = display_end(value);
        let (display, rest) = value.split_at_checked(name_end)?;
        if let Some(inner) = rest.trim_start().strip_prefix('<') {
            let (uri, params) = inner.split_once('>')?;
            return Some(Self { display: display.trim(), uri: uri.trim(), params });
        }
        let uri_end = value.find(';').unwrap_or(value.len());
        let (uri, params) = value.split_at_checked(uri_end)?;
        (!uri.is_empty()).then_some(Self { display: "", uri: uri.trim(), params })
    }

    /// The display name without quotes and escapes; None if there is none.
    pub fn display(&self) -> Option<String> {
        let text = match self.display.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(quoted) => unquote(quoted),
            None => self.display.to_owned(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// The value of a header parameter; empty for one without a value.
    pub fn param(&self, name: &str) -> Option<&'a str> {
        param(self.params, name)
    }

    /// The tag (§19.3).
    pub fn tag(&self) -> Option<&'a str> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }
}

/// Where the display name ends: at the first `<` outside quotes, or at 0 for the bare form.
fn display_end(value: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, letter) in value.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => return at,
            _ => {}
        }
    }
    0
}

/// Looks a parameter up in `;name=value;flag`.
fn param<'a>(params: &'a str, name: &str) -> Option<&'a str> {
    params.split(';').find_map(|one| {
        let (key, value) = one.split_once('=').unwrap_or((one, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Splits a list header at its commas, those in quotes and angle brackets apart (§7.3.1).
pub fn split_list(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    let mut bracketed = false;
    value
        .split(move |letter| {
            match letter {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '<' if !quoted => bracketed = true,
                '>' if !quoted => bracketed = false,
                ',' => return !quoted && !bracketed,
                _ => {}
            }
            false
        })
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Removes the backslashes of a quoted string.
fn unquote(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut escaped = false;
    for letter in quoted.chars() {
        if letter == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            text.push(letter);
        }
    }
    text
}

/// A display name as a quoted string. Control characters are left out: a name must not be able to
/// begin a header of its own.
pub fn quote(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    text.push('"');
    for letter in name.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '"' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
    text
}

/// The user part of a SIP URI or the number of a `tel:` one, unescaped, without password and
/// parameters. Other schemes (`urn:service:sos`) are given whole, for the core to know them.
pub fn user_of(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    let user = match scheme.to_ascii_lowercase().as_str() {
        "sip" | "sips" => rest.split_once('@')?.0.split(':').next()?,
        "tel" => rest,
        _ => return Some(uri.to_owned()),
    };
    Some(unescape(user.split(';').next()?))
}

/// Whether a Record-Route entry routes loosely (§19.1.1).
pub fn is_loose(uri: &str) -> bool {
    uri.split(';').skip(1).any(|param| param.trim().eq_ignore_ascii_case("lr"))
}

/// Undoes %-escapes. Bytes that aren't UTF-8 become replacement characters.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%').then(|| tail.split_at_checked(2)).flatten();
        let value = escaped.and_then(|(digits, tail)| Some((hex_pair(digits)?, tail)));
        let (byte, tail) = value.unwrap_or((first, tail));
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// A user part, escaped (§25.1 `user`).
pub fn escape_user(user: &str) -> String {
    let mut text = String::with_capacity(user.len());
    for &byte in user.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_addresses_give_name_uri_and_tag() {
        let cases = [
            (
                "\"A. \\\"Al\\\" <x>\" <sip:a@h;lr>;tag=1",
                Some("A. \"Al\" <x>"),
                "sip:a@h;lr",
                Some("1"),
            ),
            ("Alice <sip:a@h>;x=1; tag = 2", Some("Alice"), "sip:a@h", Some("2")),
            ("<sip:a@h>", None, "sip:a@h", None),
            ("sip:a@h;tag=3", None, "sip:a@h", Some("3")),
            ("sip:a@h;tag=", None, "sip:a@h", None),
        ];
        for (value, display, uri, tag) in cases {
            let address = NameAddress::parse(value).unwrap();
            assert_eq!(address.display().as_deref(), display, "{value}");
            assert_eq!(address.uri, uri, "{value}");
            assert_eq!(address.tag(), tag, "{value}");
        }
        assert_eq!(NameAddress::parse("<sip:a@h"), None);
        assert_eq!(NameAddress::parse(""), None);
    }

    #[test]
    fn lists_split_at_outer_commas_only() {
        let value = "\"a,b\" <sip:1@h;x=1,2>, <sip:2@h>,,sip:3@h";
        let parts: Vec<_> = split_list(value).collect();
        assert_eq!(parts, ["\"a,b\" <sip:1@h;x=1,2>", "<sip:2@h>", "sip:3@h"]);
    }

    #[test]
    fn users_are_unescaped_and_bare() {
        let cases = [
            ("sip:592@h", Some("592")),
            ("sip:%2A21%23:pw@h;x=y", Some("*21#")),
            ("sip:592;phone-context=x@h", Some("592")),
            ("sips:a%zz%4@h", Some("a%zz%4")),
            ("tel:+4570305051;ext=1", Some("+4570305051")),
            ("urn:service:sos", Some("urn:service:sos")),
            ("sip:h", None),
            ("nonsense", None),
        ];
        for (uri, user) in cases {
            assert_eq!(user_of(uri).as_deref(), user, "{uri}");
        }
    }

    #[test]
    fn names_and_users_cannot_break_out() {
        assert_eq!(quote("a\"b\\c\r\nVia: x"), "\"a\\\"b\\\\cVia: x\"");
        assert_eq!(escape_user("*21#\r\n@<"), "*21%23%0D%0A%40%3C");
    }

    #[test]
    fn loose_routes_have_lr() {
        assert!(is_loose("sip:p;lr"));
        assert!(is_loose("sip:p;transport=udp;LR"));
        assert!(!is_loose("sip:lr@p"));
    }
}
