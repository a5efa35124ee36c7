//! Where a number leads inside the customer (docs/CALLS.md section 1, "on-net"). Whether anybody may dial
//! it is decided elsewhere.

use crate::facts::{Entry, Place};
use model::directory::Directory;
use model::number::{E164, Number};

/// Where a number of the customer leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnNet {
    /// Where to.
    pub(crate) place: Place,
    /// The member of that item which has the number; none for a mobile's own number.
    pub(crate) member: Option<&'static str>,
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
    if let Some(item) = directory.item_by_direct(number) {
        return Some(OnNet { place: Place::item(item.id()), member: Some("direct") });
    }
    let mobile = directory.phone_by_number(number)?;
    let place = Place { item: mobile.extension?, entry: Entry::MobileDirect(mobile.id) };
    Some(OnNet { place, member: None })
}
