//! Where phones can be reached (RFC 3261 §10).
//!
//! A binding's destination is its contact where that is the host that the REGISTER came from, and
//! where it came from otherwise, since phones sit behind NAT. Knows no message, socket, clock or database:
//! credentials were judged before, facts go out, and what is stored comes back as opaque text.

mod held;
mod request;

pub use request::{ContactValue, RegisterReply, RegisterRequest};

use crate::boundary::SipFact;
use held::Held;
use model::binding::Binding;
use model::call::PhoneRef;
use model::limits::BINDINGS_PER_PHONE;
use model::time::Wall;
use request::Intent;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

/// One way to reach a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// For the request URI.
    pub uri: String,
    /// Where to send.
    pub destination: SocketAddr,
}

/// One binding with what was last said of it, so that the store is told only what it must know.
#[derive(Clone, Debug)]
struct Entry {
    held: Held,
    /// Its expiry as last stored.
    stored_expiry: Wall,
}

/// All bindings. Drain `poll_fact` after `new`, `register`, `forget` and `expire`.
#[derive(Debug, Default)]
pub struct Registrar {
    /// Never an empty list; never more than `BINDINGS_PER_PHONE` in one.
    bindings_by_phone: BTreeMap<PhoneRef, Vec<Entry>>,
    /// The earliest expiry of each phone that has bindings.
    due: BTreeSet<(Wall, PhoneRef)>,
    facts: VecDeque<SipFact>,
    count: usize,
}

impl Registrar {
    /// The registrar after a restart: stored bindings that still run count, the others are dropped
    /// from the store.
    pub fn new(initial: Vec<Binding>, now: Wall) -> Self {
        let mut registrar = Self::default();
        for binding in initial {
            match Held::restore(&binding).filter(|held| held.expires > now) {
                Some(held) => registrar.take_back(binding.phone, held),
                None => registrar.drop_stored(binding.phone, binding.key),
            }
        }
        registrar
    }

    fn take_back(&mut self, phone: PhoneRef, held: Held) {
        self.change(phone, |entries, _| {
            entries.push(Entry { stored_expiry: held.expires, held });
        });
    }

    fn drop_stored(&mut self, phone: PhoneRef, key: String) {
        self.facts.push_back(SipFact::BindingDropped { phone, key });
    }

    /// Handles the REGISTER of an authenticated phone (§10.3 steps 6-8): all of it or nothing.
    pub fn register(&mut self, request: RegisterRequest, now: Wall) -> RegisterReply {
        let phone = PhoneRef { customer: request.account.customer, phone: request.account.phone };
        let intent = match Intent::of(&request, now) {
            Ok(intent) => intent,
            Err(refusal) => return refusal,
        };
        if self.is_late(phone, &intent, &request) {
            return RegisterReply::refused(500);
        }
        self.change(phone, |entries, facts| carry_out(phone, intent, entries, facts));
        let contacts = self.current(phone, now).map(|held| {
            let left_ms = u64::try_from(held.expires.0.saturating_sub(now.0)).unwrap_or(0);
            (held.uri.clone(), u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX))
        });
        RegisterReply { status: 200, contacts: contacts.collect(), min_expires: None }
    }

    /// Ends all bindings of a phone.
    pub fn forget(&mut self, phone: PhoneRef) {
        self.change(phone, |entries, facts| drop_if(phone, entries, facts, |_| true));
    }

    /// Whether a binding that the request means to touch has already seen a later request.
    fn is_late(&self, phone: PhoneRef, intent: &Intent, request: &RegisterRequest) -> bool {
        let entries = self.bindings_by_phone.get(&phone).map(Vec::as_slice).unwrap_or_default();
        entries
            .iter()
            .filter(|entry| intent.touches(&entry.held.key()))
            .any(|entry| entry.held.is_newer_than(&request.call_id, request.cseq))
    }

    /// Where a phone can be reached, last registered first.
    pub fn contacts_of(&self, phone: PhoneRef, now: Wall) -> Vec<Reach> {
        self.current(phone, now)
            .map(|held| Reach { uri: held.uri.clone(), destination: held.destination })
            .collect()
    }

    fn current(&self, phone: PhoneRef, now: Wall) -> impl Iterator<Item = &Held> {
        let entries = self.bindings_by_phone.get(&phone).map(Vec::as_slice).unwrap_or_default();
        entries.iter().rev().map(|entry| &entry.held).filter(move |held| held.expires > now)
    }

    /// Drops what has run out.
    pub fn expire(&mut self, now: Wall) {
        while let Some((_, phone)) = self.due.first().filter(|(due, _)| *due <= now).copied() {
            self.change(phone, |entries, facts| {
                drop_if(phone, entries, facts, |held| held.expires <= now);
            });
        }
    }

    /// When `expire` has something to do next.
    pub fn next_expiry(&self) -> Option<Wall> {
        self.due.first().map(|(due, _)| *due)
    }

    /// How many bindings there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// What happened, oldest first.
    pub fn poll_fact(&mut self) -> Option<SipFact> {
        self.facts.pop_front()
    }

    /// Changes a phone's bindings, and says so if that makes or ends its being reachable.
    fn change(
        &mut self,
        phone: PhoneRef,
        act: impl FnOnce(&mut Vec<Entry>, &mut VecDeque<SipFact>),
    ) {
        let mut entries = self.bindings_by_phone.remove(&phone).unwrap_or_default();
        let was_reachable = !entries.is_empty();
        self.count = self.count.saturating_sub(entries.len());
        if let Some(due) = earliest(&entries) {
            self.due.remove(&(due, phone));
        }
        act(&mut entries, &mut self.facts);
        drop_surplus(phone, &mut entries, &mut self.facts);
        self.count += entries.len();
        match (was_reachable, entries.is_empty()) {
            (false, false) => self.facts.push_back(SipFact::PhoneReachable(phone)),
            (true, true) => self.facts.push_back(SipFact::PhoneUnreachable(phone)),
            _ => {}
        }
        if let Some(due) = earliest(&entries) {
            self.due.insert((due, phone));
            self.bindings_by_phone.insert(phone, entries);
        }
    }
}

fn earliest(entries: &[Entry]) -> Option<Wall> {
    entries.iter().map(|entry| entry.held.expires).min()
}

fn carry_out(
    phone: PhoneRef,
    intent: Intent,
    entries: &mut Vec<Entry>,
    facts: &mut VecDeque<SipFact>,
) {
    match intent {
        Intent::RemoveAll => drop_if(phone, entries, facts, |_| true),
        Intent::Change { removed, bound } => {
            drop_if(phone, entries, facts, |held| removed.contains(&held.key()));
            for held in bound {
                bind(phone, held, entries, facts);
            }
        }
    }
}

fn drop_if(
    phone: PhoneRef,
    entries: &mut Vec<Entry>,
    facts: &mut VecDeque<SipFact>,
    gone: impl Fn(&Held) -> bool,
) {
    for entry in entries.extract_if(.., |entry| gone(&entry.held)) {
        facts.push_back(SipFact::BindingDropped { phone, key: entry.held.key() });
    }
}

/// Puts a binding last, in place of the one with its key. It is stored if it is new, if more than
/// its expiry changed, or if half of the time that the store knows of has passed.
fn bind(phone: PhoneRef, held: Held, entries: &mut Vec<Entry>, facts: &mut VecDeque<SipFact>) {
    let key = held.key();
    let before = entries.extract_if(.., |entry| entry.held.key() == key).last();
    let known = before.filter(|entry| !held.differs(&entry.held)).map(|entry| entry.stored_expiry);
    let stored_expiry = match known.filter(|stored| serves(*stored, &held)) {
        Some(stored) => stored,
        None => {
            facts.push_back(SipFact::BindingKept(held.store(phone)));
            held.expires
        }
    };
    entries.push(Entry { held, stored_expiry });
}

/// Whether a stored expiry is still good enough for a binding that was refreshed: it isn't when
/// less than half of the new time is left of it, or when it promises more than the phone asked for.
fn serves(stored: Wall, held: &Held) -> bool {
    let granted_ms = held.expires.0.saturating_sub(held.registered.0);
    let left_ms = stored.0.saturating_sub(held.registered.0);
    (granted_ms / 2..=granted_ms).contains(&left_ms)
}

/// Drops the longest unrefreshed bindings of a phone that has too many.
fn drop_surplus(phone: PhoneRef, entries: &mut Vec<Entry>, facts: &mut VecDeque<SipFact>) {
    entries.sort_by_key(|entry| entry.held.registered);
    let surplus = entries.len().saturating_sub(BINDINGS_PER_PHONE);
    for entry in entries.drain(..surplus) {
        facts.push_back(SipFact::BindingDropped { phone, key: entry.held.key() });
    }
}

#[cfg(test)]
mod tests;
