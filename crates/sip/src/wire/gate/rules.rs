//! What is asked of a message, rule by rule, and the status for each that is broken
//! (RFC 3261 §8.2, §16.3, §18.3).
//!
//! Judges and never answers.

use super::head::{Head, is_token};
use super::{Checked, What, is_too_large};
use crate::uri::SipUri;
use model::limits::SIP_HEADER_BYTES;

/// Why a request isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) reason: &'static str,
}

const fn bad(reason: &'static str) -> Refusal {
    Refusal { status: 400, reason }
}

const TOO_LARGE: Refusal = Refusal { status: 513, reason: "Message Too Large" };
const VERSION: Refusal = Refusal { status: 505, reason: "Version Not Supported" };
const NOT_IMPLEMENTED: Refusal = Refusal { status: 501, reason: "Not Implemented" };
const URI_TOO_LONG: Refusal = Refusal { status: 414, reason: "Request-URI Too Long" };
const SCHEME: Refusal = Refusal { status: 416, reason: "Unsupported URI Scheme" };
const TOO_MANY_HOPS: Refusal = Refusal { status: 483, reason: "Too Many Hops" };

/// The methods that the transaction library knows.
const METHODS: &[&str] = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "REGISTER",
    "OPTIONS",
    "SUBSCRIBE",
    "NOTIFY",
    "PUBLISH",
    "INFO",
    "PRACK",
    "UPDATE",
    "REFER",
    "MESSAGE",
];

/// URIs that calls may be made to; what they mean is decided later.
const SCHEMES: &[&str] = &["sip", "sips", "tel", "urn"];

/// Judges a request.
pub(super) fn request<'a>(head: &Head<'_>, message: &'a [u8]) -> Result<Checked<'a>, Refusal> {
    if is_too_large(message) {
        return Err(TOO_LARGE);
    }
    let method = start_line(head.start.ok_or(bad("Malformed Request Line"))?)?;
    if let Some(reason) = head.fault {
        return Err(bad(reason));
    }
    cseq(head, method)?;
    addresses(head)?;
    via(head)?;
    let what = what(method, head);
    hops(head, what)?;
    let bytes = cut(head, message).ok_or(bad("Bad Content-Length"))?;
    Ok(Checked { bytes, what, has_authorization: head.has_authorization })
}

/// Judges a response: there is nobody to complain to, so it is taken or not.
pub(super) fn response<'a>(head: &Head<'_>, message: &'a [u8]) -> Option<Checked<'a>> {
    let sound = !is_too_large(message)
        && head.fault.is_none()
        && is_status_line(head.start?)
        && head.can_be_matched()
        && METHODS.contains(&cseq_parts(head)?.1);
    let bytes = cut(head, message)?;
    let checked =
        Checked { bytes, what: What::Response, has_authorization: head.has_authorization };
    sound.then_some(checked)
}

/// The method of `METHOD uri SIP/2.0`.
fn start_line(line: &str) -> Result<&str, Refusal> {
    if line.len() > SIP_HEADER_BYTES {
        return Err(URI_TOO_LONG);
    }
    let mut parts = line.split(' ');
    let (Some(method), Some(uri), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(bad("Malformed Request Line"));
    };
    if method.is_empty() || !method.bytes().all(is_token) {
        return Err(bad("Malformed Method"));
    }
    let protocol = version.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("SIP/"));
    if !protocol {
        return Err(bad("Malformed Request Line"));
    }
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        return Err(VERSION);
    }
    if !METHODS.contains(&method) {
        return Err(NOT_IMPLEMENTED);
    }
    request_uri(uri).map(|()| method)
}

/// A request URI that means something: a known scheme, a host, no headers (§19.1.1).
fn request_uri(uri: &str) -> Result<(), Refusal> {
    const MALFORMED: Refusal = bad("Malformed Request URI");
    let (scheme, rest) = uri.split_once(':').ok_or(MALFORMED)?;
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{}|".contains(&byte));
    let named = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if rest.is_empty() || !plain || !named || !escapes_are_whole(uri) {
        return Err(MALFORMED);
    }
    if !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(SCHEME);
    }
    let hosted = scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips");
    if hosted && !SipUri::parse(uri).is_some_and(|uri| is_reachable(&uri)) {
        return Err(MALFORMED);
    }
    Ok(())
}

fn is_reachable(uri: &SipUri<'_>) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    uri.host.bytes().all(name)
        && uri.port_number().is_some_and(|port| port > 0)
        && uri.user != Some("")
        && !uri.rest.contains('?')
}

fn escapes_are_whole(uri: &str) -> bool {
    uri.split('%').skip(1).all(|after| {
        after.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    })
}

/// `SIP/2.0 ddd`, with or without a reason.
fn is_status_line(line: &str) -> bool {
    let mut parts = line.splitn(3, ' ');
    let version = parts.next().is_some_and(|version| version.eq_ignore_ascii_case("SIP/2.0"));
    let status = parts.next().is_some_and(|status| {
        status.len() == 3
            && status.starts_with(|first| matches!(first, '1'..='6'))
            && status.bytes().all(|digit| digit.is_ascii_digit())
    });
    version && status && !line.contains(|letter: char| letter.is_control() && letter != '\t')
}

/// The number, under 2^31 (§8.1.1.5), and the method of CSeq.
fn cseq_parts<'a>(head: &Head<'a>) -> Option<(u32, &'a str)> {
    let mut parts = std::str::from_utf8(head.cseq?).ok()?.split_ascii_whitespace();
    let (number, method) = (parts.next()?, parts.next()?);
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|number| digits && *number < 1 << 31)?;
    parts.next().is_none().then_some((number, method))
}

fn cseq(head: &Head<'_>, method: &str) -> Result<(), Refusal> {
    match cseq_parts(head) {
        Some((_, named)) if named == method => Ok(()),
        Some(_) => Err(bad("CSeq Method Mismatch")),
        None => Err(bad("Bad CSeq")),
    }
}

/// From with a tag, To, a Call-ID of one word.
fn addresses(head: &Head<'_>) -> Result<(), Refusal> {
    if !is_balanced(head.from) || head.tag_of_from().is_none() {
        return Err(bad("Bad From"));
    }
    if !is_balanced(head.to) {
        return Err(bad("Bad To"));
    }
    let call_id = head.call_id.unwrap_or_default();
    let word = !call_id.is_empty() && call_id.iter().all(u8::is_ascii_graphic);
    if word { Ok(()) } else { Err(bad("Bad Call-ID")) }
}

/// Whether quotes and angle brackets of an address pair, and something stands in it.
fn is_balanced(value: Option<&[u8]>) -> bool {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_i32);
    for byte in value.unwrap_or_default() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'<' if !quoted => depth += 1,
            b'>' if !quoted => depth -= 1,
            _ => {}
        }
        if !(0..=1).contains(&depth) {
            return false;
        }
    }
    value.is_some_and(|value| !value.is_empty()) && !quoted && depth == 0
}

/// The topmost Via names SIP/2.0, a transport and where it was sent from, and its branch isn't only
/// the magic cookie (§8.1.1.7): all such would be one transaction.
fn via(head: &Head<'_>) -> Result<(), Refusal> {
    const BAD: Refusal = bad("Bad Via");
    let text = std::str::from_utf8(head.via.ok_or(BAD)?).map_err(|_| BAD)?;
    let mut params = text.split(',').next().unwrap_or_default().split(';');
    let mut protocol = params.next().unwrap_or_default().splitn(3, '/').map(str::trim_ascii);
    let sip = protocol.next().is_some_and(|name| name.eq_ignore_ascii_case("SIP"));
    let two = protocol.next() == Some("2.0");
    let mut sent = protocol.next().unwrap_or_default().split_ascii_whitespace();
    let addressed = sent.next().is_some() && sent.next().is_some();
    let cookie_only = params.any(|param| param.trim_ascii() == "branch=z9hG4bK");
    if sip && two && addressed && !cookie_only { Ok(()) } else { Err(BAD) }
}

fn what(method: &str, head: &Head<'_>) -> What {
    match method {
        "ACK" => What::Ack,
        "CANCEL" => What::Cancel,
        "REGISTER" => What::Register,
        _ if head.tag_of_to().is_some() => What::InDialogRequest,
        "INVITE" => What::NewInvite,
        _ => What::OtherRequest,
    }
}

/// Max-Forwards is 0-255 (§20.22). At 0 nothing more is begun; what belongs to something begun has
/// arrived where it was to go.
fn hops(head: &Head<'_>, what: What) -> Result<(), Refusal> {
    let Some(value) = head.max_forwards else { return Ok(()) };
    let hops: u8 =
        number(value).and_then(|number| number.try_into().ok()).ok_or(bad("Bad Max-Forwards"))?;
    let begins = matches!(what, What::NewInvite | What::Register | What::OtherRequest);
    if hops == 0 && begins { Err(TOO_MANY_HOPS) } else { Ok(()) }
}

/// The message up to the end that Content-Length names; without one, all of it (§18.3).
fn cut<'a>(head: &Head<'_>, message: &'a [u8]) -> Option<&'a [u8]> {
    let body_at = head.body_at?;
    match head.content_length {
        Some(length) => message.get(..body_at.checked_add(number(length)?)?),
        None => Some(message),
    }
}

fn number(value: &[u8]) -> Option<usize> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(value).ok()?.parse().ok()).flatten()
}
