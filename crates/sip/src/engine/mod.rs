//! The engine: every leg, the registrar and the front door, as one pure machine. Requests, responses
//! and commands in, `Output` out, time as an argument.
//!
//! Decides who may come in and which leg a message belongs to; what legs do is theirs. Knows no
//! socket, no library and no clock.

mod admit;
mod legs;
#[cfg(test)]
mod tests;

use crate::boundary::{Accounts, SipCommand, SipFact};
use crate::counts::Counts;
use crate::digest::{Realm, Verifier};
use crate::identity;
use crate::leg::{Leg, Output, Outputs, Phone, Ring};
use crate::message::{ALLOW, Method, Reply, Request, Response, ServerKey};
use crate::registrar::Registrar;
use legs::Legs;
use model::call::{LegRef, PhoneRef};
use model::cause::Cause;
use model::time::Now;
use std::sync::Arc;
use std::time::Duration;

/// Where ids, tags and Call-IDs come from: 16 random bytes each time.
pub type Draw = Box<dyn FnMut() -> u128 + Send>;

/// What an engine starts with.
pub struct Start {
    /// Our address, as phones see it in From.
    pub host: String,
    /// The protection space.
    pub realm: Realm,
    /// Whom we know.
    pub accounts: Arc<dyn Accounts>,
    /// Who is registered already.
    pub registrar: Registrar,
    /// Randomness.
    pub draw: Draw,
    /// Where registrations are counted.
    pub counts: Arc<Counts>,
}

/// The engine.
pub struct Engine {
    host: String,
    realm: Realm,
    accounts: Arc<dyn Accounts>,
    verifier: Verifier,
    registrar: Registrar,
    draw: Draw,
    counts: Arc<Counts>,
    legs: Legs,
    draining: bool,
    out: Outputs,
}

impl Engine {
    /// An engine without calls. The bindings it starts with are told as facts.
    pub fn new(start: Start) -> Self {
        let mut engine = Self {
            host: start.host,
            realm: start.realm,
            accounts: start.accounts,
            verifier: Verifier::default(),
            registrar: start.registrar,
            draw: start.draw,
            counts: start.counts,
            legs: Legs::default(),
            draining: false,
            out: Outputs::new(),
        };
        engine.tell_bindings();
        engine
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// A request that belongs to no transaction yet. It is always answered, at once or later.
    pub fn handle_request(&mut self, key: ServerKey, request: &Request, now: Now) {
        if let Some(tag) = &request.to_tag {
            return match self.legs.id_by_tag(tag) {
                Some(id) => self.legs.with(id, &mut self.out, |leg, out| {
                    leg.handle_request(key, request, now.mono, out);
                }),
                None => self.respond(key, Reply::new(481)),
            };
        }
        match request.method {
            Method::Invite => self.admit_call(key, request, now),
            Method::Register => self.register(key, request, now),
            Method::Options => {
                let reply = Reply::new(200).header("Allow", ALLOW);
                self.respond(key, reply.header("Accept", "application/sdp"));
            }
            Method::Bye | Method::Info | Method::Update => self.respond(key, Reply::new(481)),
            Method::Ack | Method::Cancel => {}
            Method::Other => self.respond(key, Reply::new(405).header("Allow", ALLOW)),
        }
    }

    /// The ACK of a 2xx.
    pub fn handle_ack(&mut self, ack: &Request, now: Now) {
        if let Some(id) = ack.to_tag.as_deref().and_then(|tag| self.legs.id_by_tag(tag)) {
            self.legs.with(id, &mut self.out, |leg, out| leg.handle_ack(ack, now.mono, out));
        }
    }

    /// A CANCEL of this INVITE. It has been answered itself.
    pub fn handle_cancel(&mut self, invite: ServerKey, now: Now) {
        if let Some(id) = self.legs.id_by_invite(invite) {
            self.legs.with(id, &mut self.out, |leg, out| leg.handle_cancel(invite, now.mono, out));
        }
    }

    /// A response to an INVITE of ours; every 2xx, however often it comes.
    pub fn handle_response(&mut self, response: &Response, now: Now) {
        if let Some(id) = self.legs.id_by_tag(&response.from_tag) {
            self.legs.with(id, &mut self.out, |leg, out| {
                leg.handle_response(response, now.mono, out);
            });
        }
    }

    /// A command of the core. Commands for legs that don't exist do nothing.
    pub fn handle_command(&mut self, command: SipCommand, now: Now) {
        let mono = now.mono;
        match command {
            SipCommand::SignalRinging { leg } => {
                self.with(leg, |leg, out| leg.signal(180, mono, out));
            }
            SipCommand::SignalDiverted { leg } => {
                self.with(leg, |leg, out| leg.signal(181, mono, out));
            }
            SipCommand::Answer { leg, body } => {
                self.with(leg, |leg, out| leg.answer(body, mono, out));
            }
            SipCommand::Refuse { leg, cause }
            | SipCommand::Cancel { leg, cause }
            | SipCommand::HangUp { leg, cause } => {
                self.with(leg, |leg, out| leg.end(cause, mono, out));
            }
            SipCommand::Forget { phone } => {
                self.registrar.forget(phone);
                self.tell_bindings();
            }
            SipCommand::AnswerOffer { leg, offer, body } => {
                self.with(leg, |leg, out| leg.answer_offer(offer, body, mono, out));
            }
            SipCommand::CallPhone { leg, phone, presented, hops_left, offer } => {
                let from = identity::write(&presented, &self.host);
                let tag = self.draw_tag();
                let call_id = format!("{:032x}", (self.draw)()).into();
                let ring = Ring { leg, tag, call_id, from, hops_left, offer };
                self.call_phone(phone, ring, now);
            }
        }
    }

    fn with(&mut self, leg: LegRef, act: impl FnOnce(&mut Leg, &mut Outputs)) {
        self.legs.with(leg.leg, &mut self.out, act);
    }

    fn call_phone(&mut self, phone: PhoneRef, ring: Ring, now: Now) {
        let leg = ring.leg;
        if self.legs.contains(leg.leg) {
            return;
        }
        let reaches = self.registrar.contacts_of(phone, now.wall);
        if reaches.is_empty() {
            let cause = Cause::Unreachable;
            return self.out.push_back(Output::Fact(SipFact::Failed { leg, cause }));
        }
        let tag = ring.tag.clone();
        let bindings = reaches.into_iter().map(|reach| (reach.uri, reach.destination));
        let called = Phone::call(ring, bindings, &mut self.out);
        self.legs.insert(leg.leg, tag, Leg::Phone(called), None);
    }

    /// From now on new calls get 503.
    pub fn handle_drain(&mut self) {
        self.draining = true;
    }

    /// It is `poll_timeout()`, or later.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some(id) = self.legs.due(now.mono) {
            self.legs.with(id, &mut self.out, |leg, out| leg.handle_timeout(now.mono, out));
        }
        if self.registrar.next_expiry().is_some_and(|expiry| expiry <= now.wall) {
            self.registrar.expire(now.wall);
            self.tell_bindings();
        }
    }

    /// How long nothing will be due.
    pub fn poll_timeout(&self, now: Now) -> Option<Duration> {
        let leg = self.legs.poll_timeout().map(|due| due.since(now.mono));
        let binding = self.registrar.next_expiry().map(|expiry| {
            Duration::from_millis(u64::try_from(expiry.0.saturating_sub(now.wall.0)).unwrap_or(0))
        });
        leg.into_iter().chain(binding).min()
    }

    fn respond(&mut self, key: ServerKey, reply: Reply) {
        self.out.push_back(Output::Respond(key, reply));
    }

    /// Passes on what the registrar has to tell.
    fn tell_bindings(&mut self) {
        self.counts.bindings.set(self.registrar.count());
        while let Some(fact) = self.registrar.poll_fact() {
            self.out.push_back(Output::Fact(fact));
        }
    }

    /// A tag of ours: 64 random bits (RFC 3261 §19.3 asks for 32).
    fn draw_tag(&mut self) -> Box<str> {
        let drawn = (self.draw)();
        format!("{:016x}", drawn >> 64).into()
    }
}
