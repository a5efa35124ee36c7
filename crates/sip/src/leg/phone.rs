//! A phone that we call: an INVITE to each of its bindings (RFC 3261 §13.2).
//!
//! ```text
//!              first 2xx                  Session over
//!   Calling ───────────────► Answered ───────────────────► Over
//!      └─────────────────────────────────────────────────────▲
//!          end, Declined, all bindings refused
//! ```
//!
//! Each binding is a fork with a client transaction of its own; all have the same Call-ID and From
//! tag, so that one phone behind two bindings rings once (RFC 3261 §8.2.2.2). Every 2xx is
//! acknowledged, per To tag, for as long as a leg lingers; the first is the leg, the others get a BYE.

use super::dialog::{BRANCH, Dialog, Invite};
use super::session::Session;
use super::{LINGER, Output, Outputs, Standing, respond_over};
use crate::boundary::{OfferId, Sdp, SipFact};
use crate::cause;
use crate::message::{ALLOW, Method, Outgoing, Reply, Request, Response, ServerKey};
use model::call::LegRef;
use model::cause::Cause;
use model::time::Mono;
use std::net::SocketAddr;

/// 2xx responses with different To tags to one INVITE: more than a proxy ever forks to.
const DIALOGS_PER_FORK: usize = 8;

/// What is sent to every binding.
#[derive(Clone, Debug)]
pub struct Ring {
    /// The new leg.
    pub leg: LegRef,
    /// Our tag.
    pub tag: Box<str>,
    /// Call-ID.
    pub call_id: Box<str>,
    /// The From value, without the tag.
    pub from: String,
    /// Max-Forwards.
    pub hops_left: u8,
    /// Our offer.
    pub offer: Sdp,
}

/// A leg that we call.
#[derive(Debug)]
pub struct Phone {
    leg: LegRef,
    /// The From value, tag included.
    from: Box<str>,
    call_id: Box<str>,
    offer: Sdp,
    forks: Vec<Fork>,
    stage: Stage,
    rang: bool,
    /// The first answer that came early, with the To tag of whom it came from.
    early: Option<(String, Sdp)>,
    /// The weightiest refusal so far.
    refusal: Option<Cause>,
    /// The ACK of each 2xx, by To tag.
    acknowledged: Vec<(Box<str>, Box<Outgoing>)>,
}

#[derive(Debug)]
enum Stage {
    Calling,
    Answered(Box<Session>),
    Over { until: Mono, cause: Cause },
    Gone,
}

/// One binding.
#[derive(Debug)]
struct Fork {
    uri: Box<str>,
    destination: SocketAddr,
    branch: Box<str>,
    hops_left: u8,
    state: ForkState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ForkState {
    /// No response yet; a CANCEL must wait for one (RFC 3261 §9.1).
    Calling {
        cancel: Option<Cause>,
    },
    Proceeding,
    Cancelled,
    Done,
}

impl Phone {
    /// Sends the INVITEs. `bindings` are the request URIs and where they are reached.
    pub fn call(
        ring: Ring,
        bindings: impl Iterator<Item = (String, SocketAddr)>,
        out: &mut Outputs,
    ) -> Self {
        let forks = bindings.enumerate().map(|(at, (uri, destination))| Fork {
            uri: uri.into(),
            destination,
            branch: format!("{BRANCH}{}.i{at}", ring.tag).into(),
            hops_left: ring.hops_left,
            state: ForkState::Calling { cancel: None },
        });
        let phone = Self {
            leg: ring.leg,
            from: format!("{};tag={}", ring.from, ring.tag).into(),
            call_id: ring.call_id,
            offer: ring.offer,
            forks: forks.collect(),
            stage: Stage::Calling,
            rang: false,
            early: None,
            refusal: None,
            acknowledged: Vec::new(),
        };
        out.extend(phone.forks.iter().map(|fork| Output::Invite(phone.invite(fork))));
        phone
    }

    fn invite(&self, fork: &Fork) -> Outgoing {
        Outgoing {
            sdp: Some(self.offer.clone()),
            ..fork.outgoing(Method::Invite, &self.from, &self.call_id)
        }
    }

    /// How far it has come.
    pub fn standing(&self) -> Standing {
        match self.stage {
            Stage::Calling => Standing::Unanswered,
            Stage::Answered(_) => Standing::Answered,
            Stage::Over { .. } => Standing::Over,
            Stage::Gone => Standing::Gone,
        }
    }

    /// A response to one of the INVITEs.
    pub fn handle_response(&mut self, response: &Response, now: Mono, out: &mut Outputs) {
        let known = self.forks.iter().position(|fork| *fork.branch == response.branch);
        let Some(at) = known.filter(|_| *self.call_id == response.call_id) else { return };
        match response.status {
            100..200 => self.handle_provisional(at, response, out),
            200..300 => self.handle_success(at, response, now, out),
            status => self.handle_refusal(at, status, now, out),
        }
    }

    fn handle_provisional(&mut self, at: usize, response: &Response, out: &mut Outputs) {
        let Some(fork) = self.forks.get_mut(at) else { return };
        if let ForkState::Calling { cancel } = fork.state {
            fork.state = ForkState::Proceeding;
            if let Some(cause) = cancel {
                fork.cancel(cause, &self.from, &self.call_id, out);
            }
        }
        if matches!(self.stage, Stage::Calling) && response.status > 100 {
            self.tell_progress(response, out);
        }
    }

    fn tell_progress(&mut self, response: &Response, out: &mut Outputs) {
        let early = response.sdp.as_ref().filter(|_| self.early.is_none());
        if let Some(answer) = early {
            self.early = Some((response.to_tag.clone().unwrap_or_default(), answer.clone()));
            let fact = SipFact::EarlyMedia { leg: self.leg, answer: answer.clone() };
            out.push_back(Output::Fact(fact));
        }
        let rings = response.status != 183 || response.sdp.is_none();
        if rings && !self.rang {
            self.rang = true;
            out.push_back(Output::Fact(SipFact::Ringing { leg: self.leg }));
        }
    }

    /// RFC 3261 §13.2.2.4.
    fn handle_success(&mut self, at: usize, response: &Response, now: Mono, out: &mut Outputs) {
        let tag = response.to_tag.clone().unwrap_or_default();
        if let Some((_, ack)) = self.acknowledged.iter().find(|(known, _)| **known == *tag) {
            return out.push_back(Output::Acknowledge((**ack).clone()));
        }
        if self.acknowledged.len() >= DIALOGS_PER_FORK.saturating_mul(self.forks.len()) {
            return;
        }
        let Some(fork) = self.forks.get_mut(at) else { return };
        fork.state = ForkState::Done;
        let branch = format!("{}.{}", fork.branch, self.acknowledged.len());
        let invite = Invite {
            uri: &fork.uri,
            from: &self.from,
            destination: fork.destination,
            branch: &branch,
        };
        let dialog = Dialog::of_phone(&invite, response);
        let ack = dialog.ack(response.cseq);
        out.push_back(Output::Acknowledge(ack.clone()));
        self.acknowledged.push((tag.into(), Box::new(ack)));
        match self.stage {
            Stage::Calling => self.take_answer(dialog, response, now, out),
            Stage::Over { cause, .. } => bye(dialog, cause, out),
            Stage::Answered(_) | Stage::Gone => bye(dialog, Cause::CompletedElsewhere, out),
        }
    }

    /// The first 2xx is the leg, if it says where its media is.
    fn take_answer(&mut self, dialog: Dialog, response: &Response, now: Mono, out: &mut Outputs) {
        let tag = response.to_tag.as_deref().unwrap_or_default();
        let early = self.early.take().filter(|(from, _)| from == tag).map(|(_, answer)| answer);
        let Some(answer) = response.sdp.clone().or(early) else {
            bye(dialog, Cause::NotAcceptable, out);
            return self.fail(Cause::NotAcceptable, now, out);
        };
        self.cancel_forks(Cause::CompletedElsewhere, out);
        out.push_back(Output::Fact(SipFact::Answered { leg: self.leg, answer }));
        let session = Session::new(self.leg, dialog, std::mem::take(&mut self.offer), None);
        self.stage = Stage::Answered(Box::new(session));
    }

    fn handle_refusal(&mut self, at: usize, status: u16, now: Mono, out: &mut Outputs) {
        let Some(fork) = self.forks.get_mut(at) else { return };
        let again = fork.state == ForkState::Done;
        fork.state = ForkState::Done;
        if again || !matches!(self.stage, Stage::Calling) {
            return;
        }
        let cause = match cause::cause_of(status, self.rang) {
            // 487 that we didn't ask for: nobody gave up here.
            Cause::Cancelled => Cause::Failed,
            cause => cause,
        };
        let cause = self.refusal.map_or(cause, |before| cause::weightier(before, cause));
        self.refusal = Some(cause);
        let all_done = self.forks.iter().all(|fork| fork.state == ForkState::Done);
        if all_done || cause == Cause::Declined {
            self.fail(cause, now, out);
        }
    }

    /// Stops calling: the only place that says `Failed`.
    fn fail(&mut self, cause: Cause, now: Mono, out: &mut Outputs) {
        self.cancel_forks(cause, out);
        self.early = None;
        self.offer = Sdp::new();
        self.stage = Stage::Over { until: now.after(LINGER), cause };
        out.push_back(Output::Fact(SipFact::Failed { leg: self.leg, cause }));
    }

    fn cancel_forks(&mut self, cause: Cause, out: &mut Outputs) {
        for fork in &mut self.forks {
            match &mut fork.state {
                ForkState::Calling { cancel } => *cancel = Some(cause),
                ForkState::Proceeding => fork.cancel(cause, &self.from, &self.call_id, out),
                ForkState::Cancelled | ForkState::Done => {}
            }
        }
    }

    /// Cancels or hangs up.
    pub fn end(&mut self, cause: Cause, now: Mono, out: &mut Outputs) {
        match &mut self.stage {
            Stage::Calling => self.fail(cause, now, out),
            Stage::Answered(session) => session.hang_up(cause, out),
            Stage::Over { .. } | Stage::Gone => {}
        }
        self.settle(now);
    }

    /// A request of the phone within the dialog.
    pub fn handle_request(
        &mut self,
        key: ServerKey,
        request: &Request,
        now: Mono,
        out: &mut Outputs,
    ) {
        match &mut self.stage {
            Stage::Calling => {
                let reply = match request.method {
                    // Our offer is open (RFC 3311 §5.2).
                    Method::Update if request.sdp.is_some() => Reply::new(491),
                    Method::Update | Method::Options | Method::Info => Reply::new(200),
                    Method::Bye | Method::Invite => Reply::new(481),
                    _ => Reply::new(405).header("Allow", ALLOW),
                };
                out.push_back(Output::Respond(key, reply));
            }
            Stage::Answered(session) => session.handle_request(key, request, now, out),
            Stage::Over { .. } | Stage::Gone => respond_over(key, request, out),
        }
        self.settle(now);
    }

    /// The ACK of our 2xx to a re-INVITE.
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
            Stage::Calling | Stage::Gone => None,
            Stage::Answered(session) => session.poll_timeout(),
            Stage::Over { until, .. } => Some(*until),
        }
    }

    /// It is `poll_timeout()`, or later.
    pub fn handle_timeout(&mut self, now: Mono, out: &mut Outputs) {
        match &mut self.stage {
            Stage::Answered(session) => session.handle_timeout(now, out),
            Stage::Over { until, .. } if *until <= now => {
                let open = self.forks.iter().filter(|fork| fork.state != ForkState::Done);
                out.extend(open.map(|fork| Output::Abandon(fork.branch.to_string())));
                self.stage = Stage::Gone;
            }
            Stage::Calling | Stage::Over { .. } | Stage::Gone => {}
        }
        self.settle(now);
    }

    /// Lets go of the session once it is over.
    fn settle(&mut self, now: Mono) {
        if matches!(&self.stage, Stage::Answered(session) if session.is_over()) {
            let cause = Cause::CompletedElsewhere;
            self.stage = Stage::Over { until: now.after(LINGER), cause };
        }
    }
}

impl Fork {
    /// A request like the INVITE: CANCEL repeats all of it that identifies it (RFC 3261 §9.1).
    fn outgoing(&self, method: Method, from: &str, call_id: &str) -> Outgoing {
        Outgoing {
            method,
            uri: self.uri.to_string(),
            destination: self.destination,
            branch: self.branch.to_string(),
            routes: Vec::new(),
            from: from.to_owned(),
            to: format!("<{}>", self.uri),
            call_id: call_id.to_owned(),
            cseq: 1,
            max_forwards: self.hops_left,
            reason: None,
            sdp: None,
        }
    }

    fn cancel(&mut self, cause: Cause, from: &str, call_id: &str, out: &mut Outputs) {
        self.state = ForkState::Cancelled;
        let mut cancel = self.outgoing(Method::Cancel, from, call_id);
        cancel.reason = Some(cause::reason_of(cause));
        out.push_back(Output::Send(cancel));
    }
}

/// Ends a dialog that nobody wants.
fn bye(mut dialog: Dialog, cause: Cause, out: &mut Outputs) {
    let mut bye = dialog.request(Method::Bye);
    bye.reason = Some(cause::reason_of(cause));
    out.push_back(Output::Send(bye));
}
