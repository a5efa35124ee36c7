//! Where a number leads inside the customer (docs/CALLS.md section 1, "on-net"). Whether anybody may dial
//! it is decided elsewhere.

use crate::facts::{Entry, Place};
use crate::trace::Trace;
use model::directory::Directory;
use model::number::{E164, Number};
use model::trace::{Outcome, Rule, StepValue};

/// Where a number of the customer leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnNet {
    /// Where to.
    pub(crate) place: Place,
    /// The member of that item which has the number; none for a mobile's own number.
    pub(crate) member: Option<&'static str>,
}

impl OnNet {
    /// Traces that this number was dialled, and by which member it leads there.
    pub(crate) fn trace(self, number: StepValue, trace: &mut Trace) {
        let item = self.place.item;
        match self.member {
            Some(member) => trace.setting(item, Rule::Dialled, member, number, Outcome::Accepted),
            None => trace.fact(Some(item), Rule::Dialled, number, Outcome::Accepted),
        }
    }
}

/// Where a number leads, if it is on-net.
pub(crate) fn lookup(directory: &Directory, number: &Number) -> Option<OnNet> {
    match number {
        Number::Local(local) => {
            let item = directory.item_by_number(local)?.id();
            Some(OnNet { place: Place::item(item), member: Some("number") })
        }
        Number::Public(public) => lookup_public(directory, public),
    }
}

fn lookup_public(directory: &Directory, number: &E164) -> Option<OnNet> {
    if let Some(item) = directory.item_by_public(number) {
        let member = if item.trunk().is_some() { "numbers" } else { "direct" };
        return Some(OnNet { place: Place::item(item.id()), member: Some(member) });
    }
    let mobile = directory.phone_by_number(number)?;
    let place = Place { item: mobile.extension?, entry: Entry::MobileDirect(mobile.id) };
    Some(OnNet { place, member: None })
}
