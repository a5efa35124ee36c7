//! Step 6: which phones of the extension can ring.

use super::{busy, no_answer};
use crate::facts::{Entry, Facts};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::id::PhoneId;
use model::phone::{Phone, PhoneType};
use model::trace::{Outcome, Rule};
use std::ops::ControlFlow;

/// The phones to ring. None left because of do not disturb is busy, none reachable is no answer.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan, Vec<PhoneId>> {
    let item = Some(facts.extension.id);
    let mut to_ring = Vec::new();
    let (mut in_dnd, mut offline) = (0, 0);
    for phone in of_entry(facts) {
        let outcome = judge(facts, phone);
        trace.fact(item, Rule::Phones, text(phone.id), outcome);
        match outcome {
            Outcome::Accepted => to_ring.push(phone.id),
            Outcome::Dnd => in_dnd += 1,
            Outcome::Unreachable => offline += 1,
            _ => {}
        }
    }
    if !to_ring.is_empty() {
        return ControlFlow::Continue(to_ring);
    }
    ControlFlow::Break(if in_dnd > 0 && offline == 0 {
        trace.fact(item, Rule::Phones, text("dnd"), Outcome::Busy);
        busy::handle(facts, trace)
    } else {
        trace.fact(item, Rule::Phones, text("unreachable"), Outcome::NoAnswer);
        no_answer::handle(facts, trace)
    })
}

/// Whether a phone that registers while the extension is rung is to ring too.
pub(crate) fn may_join(facts: &Facts<'_>, phone: PhoneId) -> bool {
    of_entry(facts).any(|of| of.id == phone && judge(facts, of) == Outcome::Accepted)
}

/// The phones that the entry is for, by id: a mobile's own number is for that mobile alone.
pub(crate) fn of_entry<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Phone> + use<'a> {
    let entry = facts.entry;
    let phones = facts.directory.phones_of(facts.extension.id).map(AsRef::as_ref);
    phones.filter(move |phone| match entry {
        Entry::Normal => true,
        Entry::MobileDirect(mobile) => phone.id == mobile,
    })
}

fn judge(facts: &Facts<'_>, phone: &Phone) -> Outcome {
    if facts.call.caller.phone == Some(phone.id) {
        return Outcome::Skipped;
    }
    if phone.dnd {
        return Outcome::Dnd;
    }
    match phone.kind() {
        PhoneType::Sip if facts.live.reachable.contains(&phone.id) => Outcome::Accepted,
        // Mobile and external phones are called over a trunk, and there is none.
        PhoneType::Sip | PhoneType::Mvno | PhoneType::External => Outcome::Unreachable,
    }
}
