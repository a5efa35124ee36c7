//! Answers made from a request alone (RFC 3261 §8.2.6, §8.2.7; RFC 3581 §4).
//!
//! Doesn't decide to answer. What a request says comes back without control characters, so that an
//! answer is well-formed whatever the request was.

use super::head::Head;
use crate::header::split_list;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;

/// An answer that is being written.
pub(super) struct Answer {
    text: String,
}

impl Answer {
    /// Status line and the headers that every answer repeats.
    pub(super) fn to(head: &Head<'_>, source: SocketAddr, status: u16, reason: &str) -> Self {
        let mut answer = Self { text: String::with_capacity(512) };
        answer.line(&format!("SIP/2.0 {status} {reason}"));
        for (position, via) in head.vias().enumerate() {
            let via = clean(via);
            answer.header("Via", &if position == 0 { with_source(&via, source) } else { via });
        }
        answer.header("From", &clean(head.from.unwrap_or_default()));
        answer.header("To", &with_tag(head));
        answer.header("Call-ID", &clean(head.call_id.unwrap_or_default()));
        answer.header("CSeq", &clean(head.cseq.unwrap_or_default()));
        answer
    }

    /// Adds a header.
    pub(super) fn header(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}: {value}"));
    }

    /// The bytes to send.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.header("Content-Length", "0");
        self.line("");
        self.text.into_bytes()
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push_str("\r\n");
    }
}

/// The tag that answers without state carry: the same for a retransmission, and for the ACK of an
/// INVITE (§8.2.7). The hash has no key, for nothing is protected by it.
pub(super) fn tag_for(head: &Head<'_>) -> String {
    let mut hash = DefaultHasher::new();
    let number = head.cseq.and_then(|cseq| cseq.split(u8::is_ascii_whitespace).next());
    (head.call_id, head.tag_of_from(), number).hash(&mut hash);
    format!("{:016x}", hash.finish())
}

fn with_tag(head: &Head<'_>) -> String {
    let to = clean(head.to.unwrap_or_default());
    if head.tag_of_to().is_some() { to } else { format!("{to};tag={}", tag_for(head)) }
}

/// The topmost Via with where the request really came from: `received` always, `rport` if asked
/// for.
fn with_source(via: &str, source: SocketAddr) -> String {
    let mut text = String::with_capacity(via.len() + 64);
    for (position, value) in split_list(via).enumerate() {
        if position > 0 {
            text.push_str(", ");
            text.push_str(value);
        } else {
            sign_via(&mut text, value, source);
        }
    }
    text
}

fn sign_via(text: &mut String, value: &str, source: SocketAddr) {
    let mut parts = value.split(';').map(str::trim_ascii);
    text.push_str(parts.next().unwrap_or_default());
    // Writing to a String can't fail.
    for part in parts {
        let name = part.split('=').next().unwrap_or_default().trim_ascii_end();
        if name.eq_ignore_ascii_case("rport") {
            let _ = write!(text, ";rport={}", source.port());
        } else if !name.eq_ignore_ascii_case("received") {
            let _ = write!(text, ";{part}");
        }
    }
    let _ = write!(text, ";received={}", source.ip().to_canonical());
}

/// A value on one line, control characters as spaces.
fn clean(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    text.replace("\r\n", "")
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}
