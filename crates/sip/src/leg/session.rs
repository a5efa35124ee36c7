//! An answered leg: offers of the far side, the ACKs we wait for, and its end.
//!
//! ```text
//!            hang_up, ACK missing          ACK, or 64*T1
//!   Up ─────────────────────► HangingUp ────────────────► Over
//!    └──────────────────────────────────────────────────────▲
//!                BYE; hang_up, nothing unacknowledged
//! ```
//!
//! We make no offers of our own but one: an INVITE without SDP is answered with our description
//! (RFC 3264 §4), and what the ACK then carries is told as `OfferReceived`, since to media it is one:
//! a description to adapt to. Its `AnswerOffer` goes nowhere.

use super::dialog::{Dialog, Order, Refresh};
use super::{LINGER, Output, Outputs, busy_with_offer, respond_over};
use crate::boundary::{OfferId, Sdp, SipFact};
use crate::cause;
use crate::message::{ALLOW, Method, Reply, Request, ServerKey};
use model::call::LegRef;
use model::cause::Cause;
use model::time::Mono;

/// An answered leg.
#[derive(Debug)]
pub struct Session {
    leg: LegRef,
    dialog: Dialog,
    /// Our description, last sent.
    description: Sdp,
    offers: u32,
    open: Option<OpenOffer>,
    unacknowledged: Option<Unacknowledged>,
    life: Life,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Up,
    /// The core has its fact; the BYE waits for the ACK (RFC 3261 §15).
    HangingUp(Cause),
    Over,
}

/// An offer of theirs that the core hasn't answered yet.
#[derive(Debug)]
struct OpenOffer {
    key: ServerKey,
    offer: OfferId,
    method: Method,
    cseq: u32,
    refresh: Refresh,
}

/// A 2xx to an INVITE whose ACK hasn't come.
#[derive(Clone, Copy, Debug)]
pub struct Unacknowledged {
    /// The CSeq of the INVITE.
    pub cseq: u32,
    /// When we give up.
    pub until: Mono,
    /// Whether the 2xx carried our offer, so that the ACK carries the answer.
    pub offered: bool,
}

impl Session {
    /// A leg that has just been answered with `description` from our side.
    pub fn new(
        leg: LegRef,
        dialog: Dialog,
        description: Sdp,
        unacknowledged: Option<Unacknowledged>,
    ) -> Self {
        Self { leg, dialog, description, offers: 0, open: None, unacknowledged, life: Life::Up }
    }

    /// Whether nothing is left to do.
    pub fn is_over(&self) -> bool {
        self.life == Life::Over
    }

    /// When to call `handle_timeout`.
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.unacknowledged.map(|waiting| waiting.until)
    }

    /// A request within the dialog, ACK and CANCEL apart.
    pub fn handle_request(
        &mut self,
        key: ServerKey,
        request: &Request,
        now: Mono,
        out: &mut Outputs,
    ) {
        if !self.dialog.owns(request) || self.life == Life::Over {
            return respond_over(key, request, out);
        }
        match (request.method, self.dialog.place(request.cseq)) {
            (_, Order::Stale) => out.push_back(Output::Respond(key, Reply::new(500))),
            (Method::Bye, _) => self.handle_bye(key, out),
            _ if self.life != Life::Up => respond_over(key, request, out),
            (Method::Invite | Method::Update, Order::New) => {
                out.push_back(Output::Accept(key));
                self.handle_offer(key, request, now, out);
            }
            // Its own repetitions never get here: this one came by another way (§8.2.2.2).
            (Method::Invite | Method::Update, _) => {
                out.push_back(Output::Respond(key, Reply::new(482)));
            }
            (Method::Options | Method::Info, _) => {
                out.push_back(Output::Respond(key, Reply::new(200).header("Allow", ALLOW)));
            }
            _ => out.push_back(Output::Respond(key, Reply::new(405).header("Allow", ALLOW))),
        }
    }

    fn handle_bye(&mut self, key: ServerKey, out: &mut Outputs) {
        out.push_back(Output::Respond(key, Reply::new(200)));
        self.drop_open_offer(out);
        self.tell_end(Cause::HungUp, out);
        self.unacknowledged = None;
        self.life = Life::Over;
    }

    /// Re-INVITE and UPDATE (RFC 3261 §14.2, RFC 3311 §5.2).
    fn handle_offer(&mut self, key: ServerKey, request: &Request, now: Mono, out: &mut Outputs) {
        if self.open.is_some() {
            return out.push_back(Output::Respond(key, busy_with_offer(request)));
        }
        if self.unacknowledged.is_some_and(|waiting| waiting.offered) {
            return out.push_back(Output::Respond(key, Reply::new(491)));
        }
        match (&request.sdp, request.method) {
            (Some(body), method) => {
                let offer = self.next_offer();
                let refresh = Refresh::of(request);
                self.open = Some(OpenOffer { key, offer, method, cseq: request.cseq, refresh });
                let fact = SipFact::OfferReceived { leg: self.leg, offer, body: body.clone() };
                out.push_back(Output::Fact(fact));
            }
            (None, Method::Invite) => {
                self.dialog.refresh(Refresh::of(request));
                self.wait_for_ack(request.cseq, true, now);
                let reply = Reply::new(200).sdp(self.description.clone());
                out.push_back(Output::Respond(key, reply));
            }
            (None, _) => {
                self.dialog.refresh(Refresh::of(request));
                out.push_back(Output::Respond(key, Reply::new(200)));
            }
        }
    }

    /// Answers the open offer if it is this one.
    pub fn answer_offer(
        &mut self,
        offer: OfferId,
        body: Option<Sdp>,
        now: Mono,
        out: &mut Outputs,
    ) {
        let Some(open) = self.open.take_if(|open| open.offer == offer) else { return };
        let Some(body) = body else {
            return out.push_back(Output::Respond(open.key, Reply::new(488)));
        };
        self.dialog.refresh(open.refresh);
        self.description = body.clone();
        if open.method == Method::Invite {
            self.wait_for_ack(open.cseq, false, now);
        }
        out.push_back(Output::Respond(open.key, Reply::new(200).sdp(body)));
    }

    fn wait_for_ack(&mut self, cseq: u32, offered: bool, now: Mono) {
        self.unacknowledged = Some(Unacknowledged { cseq, until: now.after(LINGER), offered });
    }

    /// The ACK of a 2xx of ours.
    pub fn handle_ack(&mut self, ack: &Request, out: &mut Outputs) {
        let Some(waiting) = self.unacknowledged.take_if(|waiting| waiting.cseq == ack.cseq) else {
            return;
        };
        if let Life::HangingUp(cause) = self.life {
            return self.send_bye(cause, out);
        }
        match (waiting.offered, &ack.sdp) {
            (true, Some(body)) => {
                let offer = self.next_offer();
                let fact = SipFact::OfferReceived { leg: self.leg, offer, body: body.clone() };
                out.push_back(Output::Fact(fact));
            }
            // Our offer stays without an answer: there is no media to have (RFC 3261 §13.2.2.4).
            (true, None) => self.hang_up(Cause::NotAcceptable, out),
            (false, _) => {}
        }
    }

    /// Ends the leg from our side; the BYE may have to wait.
    pub fn hang_up(&mut self, cause: Cause, out: &mut Outputs) {
        if self.life != Life::Up {
            return;
        }
        self.drop_open_offer(out);
        self.tell_end(cause, out);
        if self.unacknowledged.is_some() {
            self.life = Life::HangingUp(cause);
        } else {
            self.send_bye(cause, out);
        }
    }

    /// No ACK came (RFC 3261 §13.3.1.4).
    pub fn handle_timeout(&mut self, now: Mono, out: &mut Outputs) {
        if self.unacknowledged.take_if(|waiting| waiting.until <= now).is_none() {
            return;
        }
        self.drop_open_offer(out);
        self.tell_end(Cause::Unreachable, out);
        let cause = match self.life {
            Life::HangingUp(cause) => cause,
            Life::Up | Life::Over => Cause::Unreachable,
        };
        self.send_bye(cause, out);
    }

    fn send_bye(&mut self, cause: Cause, out: &mut Outputs) {
        let mut bye = self.dialog.request(Method::Bye);
        bye.reason = Some(cause::reason_of(cause));
        out.push_back(Output::Send(bye));
        self.life = Life::Over;
    }

    /// The only place that says `Ended`.
    fn tell_end(&self, cause: Cause, out: &mut Outputs) {
        if self.life == Life::Up {
            out.push_back(Output::Fact(SipFact::Ended { leg: self.leg, cause }));
        }
    }

    /// RFC 3261 §15.1.2: what is open when the dialog ends gets 487.
    fn drop_open_offer(&mut self, out: &mut Outputs) {
        if let Some(open) = self.open.take() {
            out.push_back(Output::Respond(open.key, Reply::new(487)));
        }
    }

    fn next_offer(&mut self) -> OfferId {
        self.offers = self.offers.saturating_add(1);
        OfferId(self.offers)
    }
}
