//! What a datagram must be before anything parses it, and the answers that need no transaction.
//!
//! Runs on the thread that reads the socket: no state but `Admission`, no allocation but for an
//! answer, no panic on any bytes. Decides what a message is worth, never what is done with it; the
//! library parses what passes once more. Strangers get their 401 here too, so that they cost no
//! transaction.

mod admission;
mod answer;
mod head;
mod rules;

pub use admission::Admission;

use answer::Answer;
use head::Head;
use model::limits::SIP_MESSAGE_BYTES;
use rules::Refusal;
use std::net::SocketAddr;

/// What becomes of a datagram.
#[derive(Debug)]
pub enum Gate<'a> {
    /// To be parsed.
    Pass(Checked<'a>),
    /// To be sent back to the source; the datagram is done with.
    Answer(Vec<u8>),
    /// A new INVITE or a REGISTER without credentials: to be answered with 401.
    Challenge(Challenge<'a>),
    /// To be answered with a CRLF (RFC 5626 §4.4.1).
    KeepAlive,
    /// To be forgotten: it is no SIP, can't be answered, or mustn't be.
    Drop,
}

/// A message that the checks let through.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The message without line breaks before it and surplus bytes after it.
    pub bytes: &'a [u8],
    /// What it is.
    pub what: What,
    /// Whether there are credentials (Authorization).
    pub has_authorization: bool,
}

/// What a message is, as far as admission is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// An INVITE outside a dialog.
    NewInvite,
    /// A request within a dialog (To has a tag), other than ACK and CANCEL.
    InDialogRequest,
    /// An ACK.
    Ack,
    /// A CANCEL.
    Cancel,
    /// A REGISTER.
    Register,
    /// Any other request outside a dialog.
    OtherRequest,
    /// A response.
    Response,
}

/// A request that has to be challenged.
#[derive(Debug)]
pub struct Challenge<'a> {
    head: Head<'a>,
    source: SocketAddr,
}

impl Challenge<'_> {
    /// The 401 with these WWW-Authenticate values, in order.
    pub fn challenge_response(&self, challenges: &[String]) -> Vec<u8> {
        let mut answer = Answer::to(&self.head, self.source, 401, "Unauthorized");
        for challenge in challenges {
            answer.header("WWW-Authenticate", challenge);
        }
        answer.finish()
    }
}

/// Judges a datagram.
pub fn check(datagram: &[u8], source: SocketAddr) -> Gate<'_> {
    let message = trim_line_breaks(datagram);
    if message.is_empty() {
        // Two line breaks are a ping, one is the pong.
        let ping = datagram.starts_with(b"\r\n\r\n");
        return if ping { Gate::KeepAlive } else { Gate::Drop };
    }
    let Some(head) = Head::read(message) else { return Gate::Drop };
    if head.is_response() {
        return rules::response(&head, message).map_or(Gate::Drop, Gate::Pass);
    }
    match rules::request(&head, message) {
        Ok(checked) if is_strange(&checked) => Gate::Challenge(Challenge { head, source }),
        Ok(checked) if is_our_ack(&checked, &head) => Gate::Drop,
        Ok(checked) => Gate::Pass(checked),
        Err(refusal) => answer_with(&head, source, &refusal).map_or(Gate::Drop, Gate::Answer),
    }
}

/// The answer to a request that passed but can't be taken now (503 with `retry_after` seconds, for
/// instance); None for what mustn't be answered.
pub fn refuse(
    request: &[u8],
    source: SocketAddr,
    status: u16,
    reason: &str,
    retry_after: Option<u32>,
) -> Option<Vec<u8>> {
    let head = Head::read(trim_line_breaks(request)).filter(may_be_answered)?;
    let mut answer = Answer::to(&head, source, status, reason);
    if let Some(seconds) = retry_after {
        answer.header("Retry-After", &seconds.to_string());
    }
    Some(answer.finish())
}

fn answer_with(head: &Head<'_>, source: SocketAddr, refusal: &Refusal) -> Option<Vec<u8>> {
    let (status, reason) = (refusal.status, refusal.reason);
    may_be_answered(head).then(|| Answer::to(head, source, status, reason).finish())
}

/// An ACK is never answered (RFC 3261 §17.1.1.3), a response neither, and nothing whose sender
/// couldn't match the answer.
fn may_be_answered(head: &Head<'_>) -> bool {
    !head.is_response() && head.method() != Some("ACK") && head.can_be_matched()
}

/// Calls and registrations need credentials. Requests within dialogs come from where a dialog was
/// made with them.
fn is_strange(checked: &Checked<'_>) -> bool {
    matches!(checked.what, What::NewInvite | What::Register) && !checked.has_authorization
}

/// Whether an ACK is for an answer of this gate: no transaction waits for it.
fn is_our_ack(checked: &Checked<'_>, head: &Head<'_>) -> bool {
    checked.what == What::Ack && head.tag_of_to() == Some(answer::tag_for(head).as_str())
}

/// Line breaks before a message are skipped (RFC 3261 §7.5).
fn trim_line_breaks(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(b"\r\n") {
        bytes = rest;
    }
    bytes
}

/// Whether a message is longer than any that is taken.
fn is_too_large(message: &[u8]) -> bool {
    message.len() > SIP_MESSAGE_BYTES
}

#[cfg(test)]
mod tests;
