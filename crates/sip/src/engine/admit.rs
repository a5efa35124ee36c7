//! The front door: requests outside of any dialog.
//!
//! Who isn't proven leaves nothing behind: challenges and refusals are answered without state.
//! Identity is the digest user name alone; From, To and Contact prove nothing.

use super::Engine;
use super::legs::CallerPlace;
use crate::digest::Verdict;
use crate::header::NameAddress;
use crate::leg::{Arrival, Caller, Leg, Output};
use crate::message::{RETRY_AFTER_SECONDS, Reply, Request, ServerKey};
use crate::registrar::{ContactValue, RegisterRequest};
use model::call::{LegRef, PhoneRef};
use model::id::{CallId, LegId};
use model::phone::SipAccount;
use model::time::Now;
use std::sync::Arc;

/// Authorization headers looked at: one per algorithm and realm is normal.
const AUTHORIZATIONS: usize = 4;

impl Engine {
    /// An INVITE outside of a dialog (RFC 3261 §13.3).
    pub(super) fn admit_call(&mut self, key: ServerKey, invite: &Request, now: Now) {
        if self.draining {
            return self.respond(key, unavailable());
        }
        let Some(account) = self.authenticate(key, "INVITE", invite, now) else { return };
        let place =
            CallerPlace { invite: key, source: invite.source.ip(), customer: account.customer };
        if !self.legs.take_places(place) {
            return self.respond(key, unavailable());
        }
        let leg = LegRef {
            customer: account.customer,
            call: CallId::from_bytes(self.draw_id()),
            leg: LegId::from_bytes(self.draw_id()),
        };
        let tag = self.draw_tag();
        let from = PhoneRef { customer: account.customer, phone: account.phone };
        let arrival = Arrival { leg, from, tag: &tag, key };
        match Caller::arrive(arrival, invite, &mut self.out) {
            Some(caller) => self.legs.insert(leg.leg, tag, Leg::Caller(caller), Some(place)),
            None => {
                self.legs.give_places_back(place);
                self.respond(key, Reply::new(400));
            }
        }
    }

    /// A REGISTER (RFC 3261 §10.3).
    pub(super) fn register(&mut self, key: ServerKey, request: &Request, now: Now) {
        let Some(account) = self.authenticate(key, "REGISTER", request, now) else { return };
        // Its repetition would have the same nonce count, and be refused as a replay.
        self.out.push_back(Output::Accept(key));
        let (stars, contacts): (Vec<_>, Vec<_>) =
            request.contacts.iter().partition(|contact| contact.trim() == "*");
        let contacts = contacts.into_iter().map(|contact| read_contact(contact));
        let Some(contacts) = contacts.collect::<Option<Vec<_>>>() else {
            self.counts.registrations_refused.add();
            return self.respond(key, Reply::new(400));
        };
        let request = RegisterRequest {
            account,
            contacts,
            star: !stars.is_empty(),
            expires: request.expires,
            call_id: request.call_id.clone(),
            cseq: request.cseq,
            source: request.source,
        };
        let registered = self.registrar.register(request, now.wall);
        match registered.status {
            200 => self.counts.registrations.add(),
            _ => self.counts.registrations_refused.add(),
        }
        let mut reply = Reply::new(registered.status);
        for (uri, seconds) in registered.contacts {
            reply = reply.header("Contact", format!("<{uri}>;expires={seconds}"));
        }
        if let Some(seconds) = registered.min_expires {
            reply = reply.header("Min-Expires", seconds.to_string());
        }
        self.respond(key, reply);
        self.tell_bindings();
    }

    /// Whose request this is; None if it has been answered, stateless.
    fn authenticate(
        &mut self,
        key: ServerKey,
        method: &str,
        request: &Request,
        now: Now,
    ) -> Option<Arc<SipAccount>> {
        let verdict = self.verify(method, request, now);
        // A nonce that has run out is nobody's fault.
        let is_fault = !matches!(verdict, Verdict::Proven(_) | Verdict::Challenge { stale: true });
        if is_fault && method == "REGISTER" {
            self.counts.registrations_refused.add();
        }
        let reply = match verdict {
            Verdict::Proven(account) => {
                if request.require.is_empty() {
                    return Some(account);
                }
                // We offer no extension that a phone could require (RFC 3261 §8.2.2.3).
                Reply::new(420).header("Unsupported", request.require.join(", "))
            }
            Verdict::Refused => Reply::new(403),
            Verdict::Challenge { stale } => {
                let salt = (self.draw)() as u64;
                let challenges = self.realm.challenges(now.wall, stale, salt);
                challenges.into_iter().fold(Reply::new(401), |reply, challenge| {
                    reply.header("WWW-Authenticate", challenge)
                })
            }
        };
        self.respond(key, reply);
        None
    }

    /// The best verdict of all credentials.
    fn verify(&mut self, method: &str, request: &Request, now: Now) -> Verdict {
        let mut verdict = Verdict::Challenge { stale: false };
        for authorization in request.authorizations.iter().take(AUTHORIZATIONS) {
            let next = self.verifier.verify(
                &self.realm,
                self.accounts.as_ref(),
                method,
                &request.uri,
                authorization,
                now.wall,
            );
            match next {
                Verdict::Proven(_) => return next,
                Verdict::Challenge { stale: false } => {}
                Verdict::Challenge { stale: true } | Verdict::Refused => verdict = next,
            }
        }
        verdict
    }

    fn draw_id(&mut self) -> [u8; 12] {
        let drawn = (self.draw)().to_be_bytes();
        drawn.first_chunk().copied().unwrap_or_default()
    }
}

fn unavailable() -> Reply {
    Reply::new(503).header("Retry-After", RETRY_AFTER_SECONDS.to_string())
}

fn read_contact(contact: &str) -> Option<ContactValue> {
    let address = NameAddress::parse(contact)?;
    let expires = address.param("expires").and_then(|seconds| seconds.parse().ok());
    Some(ContactValue { uri: address.uri.to_owned(), expires })
}
