//! All legs that are alive or lingering: found by id, by our tag and by INVITE, with their timers
//! and the places that they take.
//!
//! Doesn't know what legs do.

use crate::leg::{Leg, Outputs, Standing};
use crate::message::ServerKey;
use crate::wire::gate::Admission;
use model::id::{CustomerId, LegId};
use model::limits::CALLS_PER_CUSTOMER;
use model::time::Mono;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

/// Every leg.
#[derive(Debug, Default)]
pub struct Legs {
    slots: HashMap<LegId, Slot>,
    id_by_tag: HashMap<Box<str>, LegId>,
    id_by_invite: HashMap<ServerKey, LegId>,
    due: BTreeSet<(Mono, LegId)>,
    /// Callers' legs that aren't over.
    calls_by_customer: HashMap<CustomerId, usize>,
    /// INVITEs without a final response.
    admission: Admission,
}

#[derive(Debug)]
struct Slot {
    leg: Leg,
    tag: Box<str>,
    due: Option<Mono>,
    /// What a caller takes until it is given back.
    caller: Option<CallerPlace>,
}

/// Whom a caller's places are counted for.
#[derive(Clone, Copy, Debug)]
pub struct CallerPlace {
    /// Its INVITE.
    pub invite: ServerKey,
    /// Where it came from.
    pub source: IpAddr,
    /// Whose phone it is.
    pub customer: CustomerId,
}

impl Legs {
    /// Takes places for a new call; false if there are none.
    pub fn take_places(&mut self, place: CallerPlace) -> bool {
        let calls = self.calls_by_customer.get(&place.customer).copied().unwrap_or(0);
        if calls >= CALLS_PER_CUSTOMER || !self.admission.admit(place.source) {
            return false;
        }
        self.calls_by_customer.insert(place.customer, calls + 1);
        true
    }

    /// Gives the places back: the call came to nothing.
    pub fn give_places_back(&mut self, place: CallerPlace) {
        self.admission.release(place.source);
        give_back(&mut self.calls_by_customer, place.customer);
    }

    /// Adds a leg under our tag; a caller's has its places.
    pub fn insert(&mut self, id: LegId, tag: Box<str>, leg: Leg, caller: Option<CallerPlace>) {
        if let Some(place) = caller {
            self.id_by_invite.insert(place.invite, id);
        }
        self.id_by_tag.insert(tag.clone(), id);
        self.slots.insert(id, Slot { leg, tag, due: None, caller });
        self.settle(id, Standing::Unanswered);
    }

    /// Whether there is such a leg.
    pub fn contains(&self, id: LegId) -> bool {
        self.slots.contains_key(&id)
    }

    /// The leg whose dialog has our tag.
    pub fn id_by_tag(&self, tag: &str) -> Option<LegId> {
        self.id_by_tag.get(tag).copied()
    }

    /// The caller whose INVITE this is, until its final response.
    pub fn id_by_invite(&self, invite: ServerKey) -> Option<LegId> {
        self.id_by_invite.get(&invite).copied()
    }

    /// Lets a leg handle something, and sees to its timer and places. Unknown legs are left alone.
    pub fn with(&mut self, id: LegId, out: &mut Outputs, act: impl FnOnce(&mut Leg, &mut Outputs)) {
        let Some(slot) = self.slots.get_mut(&id) else { return };
        let before = slot.leg.standing();
        act(&mut slot.leg, out);
        self.settle(id, before);
    }

    /// The leg whose timer is the first to be due, if it is by now.
    pub fn due(&self, now: Mono) -> Option<LegId> {
        self.due.first().filter(|(due, _)| *due <= now).map(|(_, id)| *id)
    }

    /// When the first timer is due.
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.due.first().map(|(due, _)| *due)
    }

    fn settle(&mut self, id: LegId, before: Standing) {
        let Some(slot) = self.slots.get_mut(&id) else { return };
        let standing = slot.leg.standing();
        let due = slot.leg.poll_timeout();
        if due != slot.due {
            slot.due.map(|old| self.due.remove(&(old, id)));
            due.map(|new| self.due.insert((new, id)));
            slot.due = due;
        }
        if let Some(place) = slot.caller {
            if before == Standing::Unanswered && standing != Standing::Unanswered {
                self.id_by_invite.remove(&place.invite);
                self.admission.release(place.source);
            }
            if before < Standing::Over && standing >= Standing::Over {
                give_back(&mut self.calls_by_customer, place.customer);
            }
        }
        if standing == Standing::Gone {
            self.remove(id);
        }
    }

    fn remove(&mut self, id: LegId) {
        let Some(slot) = self.slots.remove(&id) else { return };
        self.id_by_tag.remove(&slot.tag);
        slot.due.map(|due| self.due.remove(&(due, id)));
    }
}

/// Counts one down, and forgets whoever has none left.
fn give_back(counts: &mut HashMap<CustomerId, usize>, customer: CustomerId) {
    if let Some(count) = counts.get_mut(&customer) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&customer);
        }
    }
}

#[cfg(test)]
impl Legs {
    /// Whether nothing at all is kept.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
            && self.id_by_tag.is_empty()
            && self.id_by_invite.is_empty()
            && self.due.is_empty()
            && self.calls_by_customer.is_empty()
    }
}
