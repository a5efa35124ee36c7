//! The server's side of one dialog with one party, as pure state machines: `Caller` for phones that
//! call us (UAS), `Phone` for phones that we call (UAC), `Session` for either once it is answered.
//!
//! Messages and commands in, `Output` out, time as an argument. Knows no socket, library, account
//! or other leg. Every leg ends in exactly one fact, `Failed` or `Ended`, whoever ended it; after
//! that it lingers for 64*T1 to answer what still comes.

mod caller;
mod dialog;
mod phone;
mod session;

pub use caller::{Arrival, Caller};
pub use phone::{Phone, Ring};

use crate::boundary::{OfferId, Sdp, SipFact};
use crate::message::{Outgoing, Reply, Request, Response, ServerKey};
use model::cause::Cause;
use model::time::Mono;
use std::collections::VecDeque;
use std::time::Duration;

/// 64*T1 (RFC 3261 §17.1.1.2): how long an ACK is waited for, and how long late responses come.
pub const LINGER: Duration = Duration::from_secs(32);

/// What a leg wants done.
#[derive(Clone, Debug)]
pub enum Output {
    /// Keep a transaction for this request: from here on its repetitions are absorbed. What is
    /// answered without one is answered without state.
    Accept(ServerKey),
    /// Answer a request.
    Respond(ServerKey, Reply),
    /// Send an INVITE; its responses come back by its branch.
    Invite(Outgoing),
    /// Send a request whose response doesn't matter.
    Send(Outgoing),
    /// Send the ACK of a 2xx, which has no transaction.
    Acknowledge(Outgoing),
    /// Forget the INVITE with this branch.
    Abandon(String),
    /// Tell the core.
    Fact(SipFact),
}

/// Outputs in order.
pub type Outputs = VecDeque<Output>;

/// How far a leg has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No final response to its INVITE.
    Unanswered,
    /// Answered, or waiting for the ACK that lets us hang up.
    Answered,
    /// Ended; it answers what still comes.
    Over,
    /// It may be dropped.
    Gone,
}

/// A leg of either kind.
#[derive(Debug)]
pub enum Leg {
    /// It called us.
    Caller(Caller),
    /// We call it.
    Phone(Phone),
}

impl Leg {
    /// A request within the leg's dialog, ACK and CANCEL apart.
    pub fn handle_request(
        &mut self,
        key: ServerKey,
        request: &Request,
        now: Mono,
        out: &mut Outputs,
    ) {
        match self {
            Self::Caller(caller) => caller.handle_request(key, request, now, out),
            Self::Phone(phone) => phone.handle_request(key, request, now, out),
        }
    }

    /// The ACK of a 2xx of ours.
    pub fn handle_ack(&mut self, ack: &Request, now: Mono, out: &mut Outputs) {
        match self {
            Self::Caller(caller) => caller.handle_ack(ack, now, out),
            Self::Phone(phone) => phone.handle_ack(ack, now, out),
        }
    }

    /// A CANCEL of the INVITE that made the leg. It has been answered.
    pub fn handle_cancel(&mut self, key: ServerKey, now: Mono, out: &mut Outputs) {
        if let Self::Caller(caller) = self {
            caller.handle_cancel(key, now, out);
        }
    }

    /// A response to an INVITE of the leg.
    pub fn handle_response(&mut self, response: &Response, now: Mono, out: &mut Outputs) {
        if let Self::Phone(phone) = self {
            phone.handle_response(response, now, out);
        }
    }

    /// Sends a provisional response to a caller.
    pub fn signal(&mut self, status: u16, now: Mono, out: &mut Outputs) {
        if let Self::Caller(caller) = self {
            caller.signal(status, now, out);
        }
    }

    /// Answers a caller.
    pub fn answer(&mut self, body: Sdp, now: Mono, out: &mut Outputs) {
        if let Self::Caller(caller) = self {
            caller.answer(body, now, out);
        }
    }

    /// Ends the leg as far as it has come: refuses, cancels or hangs up.
    pub fn end(&mut self, cause: Cause, now: Mono, out: &mut Outputs) {
        match self {
            Self::Caller(caller) => caller.end(cause, now, out),
            Self::Phone(phone) => phone.end(cause, now, out),
        }
    }

    /// Answers an offer within the call.
    pub fn answer_offer(
        &mut self,
        offer: OfferId,
        body: Option<Sdp>,
        now: Mono,
        out: &mut Outputs,
    ) {
        match self {
            Self::Caller(caller) => caller.answer_offer(offer, body, now, out),
            Self::Phone(phone) => phone.answer_offer(offer, body, now, out),
        }
    }

    /// It is `poll_timeout()`, or later.
    pub fn handle_timeout(&mut self, now: Mono, out: &mut Outputs) {
        match self {
            Self::Caller(caller) => caller.handle_timeout(now, out),
            Self::Phone(phone) => phone.handle_timeout(now, out),
        }
    }

    /// When to call `handle_timeout`.
    pub fn poll_timeout(&self) -> Option<Mono> {
        match self {
            Self::Caller(caller) => caller.poll_timeout(),
            Self::Phone(phone) => phone.poll_timeout(),
        }
    }

    /// How far the leg has come.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Caller(caller) => caller.standing(),
            Self::Phone(phone) => phone.standing(),
        }
    }
}

/// Answers a request to a leg that is over: its BYE crossed ours, or came again.
fn respond_over(key: ServerKey, request: &Request, out: &mut Outputs) {
    let status = if request.method == crate::message::Method::Bye { 200 } else { 481 };
    out.push_back(Output::Respond(key, Reply::new(status)));
}

/// 500 with the pause of RFC 3261 §14.2: an offer of theirs is still open.
fn busy_with_offer(request: &Request) -> Reply {
    Reply::new(500).header("Retry-After", (request.cseq % 10 + 1).to_string())
}

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
