//! Finds the start line and the headers that matter in the bytes of a message (RFC 3261 §7).
//!
//! Borrows everything. Notes what is wrong with the headers and lets the rules say what follows.

use crate::header::NameAddress;
use model::limits::{SIP_HEADER_BYTES, SIP_HEADERS, SIP_MESSAGE_BYTES};

/// A message up to its body.
#[derive(Debug)]
pub(super) struct Head<'a> {
    /// The first line, if it is text.
    pub(super) start: Option<&'a str>,
    /// All header lines.
    lines: &'a [u8],
    /// Where the body begins in the message; None if the headers don't end.
    pub(super) body_at: Option<usize>,
    pub(super) from: Option<&'a [u8]>,
    pub(super) to: Option<&'a [u8]>,
    pub(super) call_id: Option<&'a [u8]>,
    pub(super) cseq: Option<&'a [u8]>,
    /// The topmost Via line, maybe with several values.
    pub(super) via: Option<&'a [u8]>,
    pub(super) max_forwards: Option<&'a [u8]>,
    pub(super) content_length: Option<&'a [u8]>,
    pub(super) has_authorization: bool,
    /// What is wrong with the headers as such, in the words of a reason phrase.
    pub(super) fault: Option<&'static str>,
}

impl<'a> Head<'a> {
    /// Reads a message; None if it is too large to even look for the end of its headers.
    pub(super) fn read(message: &'a [u8]) -> Option<Self> {
        let within = message.get(..SIP_MESSAGE_BYTES).unwrap_or(message);
        let end = within.windows(4).position(|four| four == b"\r\n\r\n");
        if end.is_none() && within.len() < message.len() {
            return None;
        }
        let text = within.get(..end.unwrap_or(within.len()))?;
        let (start, lines) = split_line(text)?;
        let mut head = Self {
            start: std::str::from_utf8(start).ok(),
            lines,
            body_at: end.map(|end| end + 4),
            from: None,
            to: None,
            call_id: None,
            cseq: None,
            via: None,
            max_forwards: None,
            content_length: None,
            has_authorization: false,
            fault: None,
        };
        head.scan();
        Some(head)
    }

    fn scan(&mut self) {
        for line in Lines(self.lines).take(SIP_HEADERS) {
            let fault = self.judge(line);
            self.fault = self.fault.or(fault);
        }
        if Lines(self.lines).nth(SIP_HEADERS).is_some() {
            self.fault = self.fault.or(Some("Too Many Headers"));
        }
    }

    /// What is wrong with a line. It is kept all the same: an answer may need it.
    fn judge(&mut self, line: &'a [u8]) -> Option<&'static str> {
        let Some((name, value)) = field(line) else { return Some("Malformed Header") };
        let doubled = self.note(name, value);
        if line.len() > SIP_HEADER_BYTES {
            return Some("Header Too Long");
        }
        if is_text(value) { doubled } else { Some("Header Is Not Text") }
    }

    /// Keeps a header that matters; says so if a second one of its kind mustn't be.
    fn note(&mut self, name: &[u8], value: &'a [u8]) -> Option<&'static str> {
        let (place, doubled) = match Name::of(name)? {
            Name::Via => {
                self.via = self.via.or(Some(value));
                return None;
            }
            Name::Authorization => {
                self.has_authorization = true;
                return None;
            }
            Name::From => (&mut self.from, "Doubled From"),
            Name::To => (&mut self.to, "Doubled To"),
            Name::CallId => (&mut self.call_id, "Doubled Call-ID"),
            Name::CSeq => (&mut self.cseq, "Doubled CSeq"),
            Name::MaxForwards => (&mut self.max_forwards, "Doubled Max-Forwards"),
            Name::ContentLength => (&mut self.content_length, "Doubled Content-Length"),
        };
        let first = place.is_none();
        *place = place.or(Some(value));
        (!first).then_some(doubled)
    }

    /// Whether it calls itself a response.
    pub(super) fn is_response(&self) -> bool {
        let word = self.start.and_then(|start| start.get(..4));
        word.is_some_and(|word| word.eq_ignore_ascii_case("SIP/"))
    }

    /// The method of a request.
    pub(super) fn method(&self) -> Option<&'a str> {
        self.start?.split(' ').next()
    }

    /// Whether the sender of the request could tell what an answer belongs to (RFC 3261 §8.2.6).
    pub(super) fn can_be_matched(&self) -> bool {
        let headers = [self.via, self.from, self.to, self.call_id, self.cseq];
        headers.iter().all(|header| header.is_some_and(|value| !value.is_empty()))
    }

    /// The values of all Via headers, topmost first.
    pub(super) fn vias(&self) -> impl Iterator<Item = &'a [u8]> {
        Lines(self.lines)
            .take(SIP_HEADERS)
            .filter_map(field)
            .filter(|(name, _)| Name::of(name) == Some(Name::Via))
            .map(|(_, value)| value)
    }

    /// The tag of To.
    pub(super) fn tag_of_to(&self) -> Option<&'a str> {
        tag(self.to?)
    }

    /// The tag of From.
    pub(super) fn tag_of_from(&self) -> Option<&'a str> {
        tag(self.from?)
    }
}

/// The headers that matter here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Authorization,
    CSeq,
    CallId,
    ContentLength,
    From,
    MaxForwards,
    To,
    Via,
}

impl Name {
    /// By the long or the compact form (RFC 3261 §7.3.3), in any case.
    fn of(name: &[u8]) -> Option<Self> {
        let known: &[(&[u8], Self)] = &[
            (b"Via", Self::Via),
            (b"v", Self::Via),
            (b"From", Self::From),
            (b"f", Self::From),
            (b"To", Self::To),
            (b"t", Self::To),
            (b"Call-ID", Self::CallId),
            (b"i", Self::CallId),
            (b"CSeq", Self::CSeq),
            (b"Max-Forwards", Self::MaxForwards),
            (b"Content-Length", Self::ContentLength),
            (b"l", Self::ContentLength),
            (b"Authorization", Self::Authorization),
        ];
        known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, name)| *name)
    }
}

/// Lines with their continuation lines (RFC 3261 §7.3.1).
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let (line, rest) = split_line(self.0)?;
        self.0 = rest;
        Some(line)
    }
}

/// The first line and what follows its line break.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let continues = |at: usize| matches!(bytes.get(at + 2), Some(b' ' | b'\t'));
    let end = bytes
        .windows(2)
        .enumerate()
        .find(|(at, two)| *two == b"\r\n" && !continues(*at))
        .map_or(bytes.len(), |(at, _)| at);
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((line, rest.strip_prefix(b"\r\n").unwrap_or(rest)))
}

/// Name and value of a header line.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let named = !name.is_empty() && name.iter().copied().all(is_token);
    Some((name, value.strip_prefix(b":")?.trim_ascii())).filter(|_| named)
}

/// RFC 3261 §25.1 `token`.
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte)
}

/// Whether a value is UTF-8 without control characters but tabs and the line breaks of
/// continuation lines. All that are left within a line are of those if they come as CRLF.
fn is_text(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    text.split("\r\n")
        .all(|line| line.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control()))
}

fn tag(value: &[u8]) -> Option<&str> {
    NameAddress::parse(std::str::from_utf8(value).ok()?)?.tag()
}
