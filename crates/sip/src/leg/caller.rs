//! A phone that calls us: the UAS side of an INVITE (RFC 3261 §13.3).
//!
//! ```text
//!            signal                answer             Session over
//!   Waiting ───────► Waiting ─────────────► Answered ───────────────► Over
//!      └────────────────────────────────────────────────────────────────▲
//!                 CANCEL, BYE, end
//! ```
//!
//! Doesn't know who is called, nor why it is refused.

use super::dialog::Dialog;
use super::session::{Session, Unacknowledged};
use super::{LINGER, Output, Outputs, Standing, busy_with_offer, respond_over};
use crate::boundary::{OfferId, Sdp, SipFact};
use crate::header::user_of;
use crate::message::{ALLOW, Method, RETRY_AFTER_SECONDS, Reply, Request, ServerKey};
use crate::{cause, identity};
use model::call::{LegRef, PhoneRef};
use model::cause::Cause;
use model::time::Mono;
use std::time::Duration;

/// How often the last 18x is repeated, so that no proxy gives up (RFC 3261 §13.3.1.1).
const REPEAT_PROVISIONAL: Duration = Duration::from_secs(60);

/// An authenticated INVITE, with what was drawn for it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The new leg.
    pub leg: LegRef,
    /// Whose credentials it had.
    pub from: PhoneRef,
    /// Our tag.
    pub tag: &'a str,
    /// The INVITE's transaction.
    pub key: ServerKey,
}

/// A leg that called us.
#[derive(Debug)]
pub struct Caller {
    leg: LegRef,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Waiting(Box<Waiting>),
    Answered(Box<Session>),
    Over { until: Mono },
    Gone,
}

#[derive(Debug)]
struct Waiting {
    key: ServerKey,
    dialog: Dialog,
    cseq: u32,
    offered: bool,
    /// The 18x that was sent last, and when to repeat it.
    provisional: Option<(u16, Mono)>,
}

impl Caller {
    /// Takes an INVITE: 100, and the core is told. None without a Contact, which is left to answer.
    pub fn arrive(arrival: Arrival<'_>, invite: &Request, out: &mut Outputs) -> Option<Self> {
        let dialog = Dialog::of_caller(invite, arrival.tag)?;
        out.push_back(Output::Accept(arrival.key));
        out.push_back(Output::Respond(arrival.key, Reply::new(100)));
        out.push_back(Output::Fact(SipFact::CallArrived {
            leg: arrival.leg,
            from: arrival.from,
            presented: identity::read(invite),
            dialled: user_of(&invite.uri).unwrap_or_default(),
            hops_left: invite.max_forwards.saturating_sub(1),
            offer: invite.sdp.clone(),
        }));
        let waiting = Waiting {
            key: arrival.key,
            dialog,
            cseq: invite.cseq,
            offered: invite.sdp.is_some(),
            provisional: None,
        };
        Some(Self { leg: arrival.leg, stage: Stage::Waiting(Box::new(waiting)) })
    }

    /// How far it has come.
    pub fn standing(&self) -> Standing {
        match self.stage {
            Stage::Waiting(_) => Standing::Unanswered,
            Stage::Answered(_) => Standing::Answered,
            Stage::Over { .. } => Standing::Over,
            Stage::Gone => Standing::Gone,
        }
    }

    /// Sends 180 or 181, once until another one is sent.
    pub fn signal(&mut self, status: u16, now: Mono, out: &mut Outputs) {
        if let Stage::Waiting(waiting) = &mut self.stage
            && waiting.provisional.is_none_or(|(last, _)| last != status)
        {
            waiting.signal(status, now, out);
        }
    }

    /// Answers. The 2xx is repeated below us until its ACK comes.
    pub fn answer(&mut self, body: Sdp, now: Mono, out: &mut Outputs) {
        let Stage::Waiting(waiting) = &self.stage else { return };
        let reply = Reply::new(200).tag(waiting.dialog.local_tag()).sdp(body.clone());
        out.push_back(Output::Respond(waiting.key, reply));
        let unacknowledged = Unacknowledged {
            cseq: waiting.cseq,
            until: now.after(LINGER),
            offered: !waiting.offered,
        };
        let session = Session::new(self.leg, waiting.dialog.clone(), body, Some(unacknowledged));
        self.stage = Stage::Answered(Box::new(session));
    }

    /// Refuses or hangs up.
    pub fn end(&mut self, cause: Cause, now: Mono, out: &mut Outputs) {
        match &mut self.stage {
            Stage::Waiting(_) => self.refuse(cause::status_of(cause), cause, now, out),
            Stage::Answered(session) => session.hang_up(cause, out),
            Stage::Over { .. } | Stage::Gone => {}
        }
        self.settle(now);
    }

    /// The caller gave up (RFC 3261 §9.2). After a final response this changes nothing.
    pub fn handle_cancel(&mut self, key: ServerKey, now: Mono, out: &mut Outputs) {
        if matches!(&self.stage, Stage::Waiting(waiting) if waiting.key == key) {
            self.refuse(487, Cause::Cancelled, now, out);
        }
    }

    fn refuse(&mut self, status: u16, cause: Cause, now: Mono, out: &mut Outputs) {
        let Stage::Waiting(waiting) = &self.stage else { return };
        let mut reply = Reply::new(status).tag(waiting.dialog.local_tag());
        if status == 503 {
            reply = reply.header("Retry-After", RETRY_AFTER_SECONDS.to_string());
        }
        out.push_back(Output::Respond(waiting.key, reply));
        out.push_back(Output::Fact(SipFact::Failed { leg: self.leg, cause }));
        self.stage = Stage::Over { until: now.after(LINGER) };
    }

    /// A request within the dialog.
    pub fn handle_request(
        &mut self,
        key: ServerKey,
        request: &Request,
        now: Mono,
        out: &mut Outputs,
    ) {
        match &mut self.stage {
            Stage::Waiting(_) => self.handle_early_request(key, request, now, out),
            Stage::Answered(session) => session.handle_request(key, request, now, out),
            Stage::Over { .. } | Stage::Gone => respond_over(key, request, out),
        }
        self.settle(now);
    }

    /// A request within the early dialog that a 180 makes (RFC 3261 §12.1).
    fn handle_early_request(
        &mut self,
        key: ServerKey,
        request: &Request,
        now: Mono,
        out: &mut Outputs,
    ) {
        let Stage::Waiting(waiting) = &self.stage else { return };
        if !waiting.dialog.owns(request) {
            return respond_over(key, request, out);
        }
        let reply = match request.method {
            Method::Bye => {
                self.refuse(487, Cause::Cancelled, now, out);
                Reply::new(200)
            }
            Method::Invite => busy_with_offer(request),
            Method::Update if request.sdp.is_some() => busy_with_offer(request),
            Method::Update | Method::Options | Method::Info => Reply::new(200),
            _ => Reply::new(405).header("Allow", ALLOW),
        };
        out.push_back(Output::Respond(key, reply));
    }

    /// The ACK of a 2xx of ours.
    pub fn handle_ack(&mut self, ack: &Request, now: Mono, out: &mut Outputs) {
        if let Stage::Answered(session) = &mut self.stage {
            session.handle_ack(ack, out);
        }
        self.settle(now);
    }

    /// Answers an offer within the call.
    pub fn answer_offer(
        &mut self,
        offer: OfferId,
        body: Option<Sdp>,
        now: Mono,
        out: &mut Outputs,
    ) {
        if let Stage::Answered(session) = &mut self.stage {
            session.answer_offer(offer, body, now, out);
        }
    }

    /// When to call `handle_timeout`.
    pub fn poll_timeout(&self) -> Option<Mono> {
        match &self.stage {
            Stage::Waiting(waiting) => waiting.provisional.map(|(_, repeat)| repeat),
            Stage::Answered(session) => session.poll_timeout(),
            Stage::Over { until } => Some(*until),
            Stage::Gone => None,
        }
    }

    /// It is `poll_timeout()`, or later.
    pub fn handle_timeout(&mut self, now: Mono, out: &mut Outputs) {
        match &mut self.stage {
            Stage::Waiting(waiting) => match waiting.provisional {
                Some((status, repeat)) if repeat <= now => waiting.signal(status, now, out),
                _ => {}
            },
            Stage::Answered(session) => session.handle_timeout(now, out),
            Stage::Over { until } if *until <= now => self.stage = Stage::Gone,
            Stage::Over { .. } | Stage::Gone => {}
        }
        self.settle(now);
    }

    /// Lets go of the session once it is over.
    fn settle(&mut self, now: Mono) {
        if matches!(&self.stage, Stage::Answered(session) if session.is_over()) {
            self.stage = Stage::Over { until: now.after(LINGER) };
        }
    }
}

impl Waiting {
    fn signal(&mut self, status: u16, now: Mono, out: &mut Outputs) {
        let reply = Reply::new(status).tag(self.dialog.local_tag());
        out.push_back(Output::Respond(self.key, reply));
        self.provisional = Some((status, now.after(REPEAT_PROVISIONAL)));
    }
}
