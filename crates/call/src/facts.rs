//! What is known of a call when a rule looks at it, in the words of docs/CALLS.md section 1.

use crate::live::Live;
use model::call::{Presented, Privacy, Provenance};
use model::directory::Directory;
use model::extension::Extension;
use model::id::{CallId, ItemId, PhoneId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a call came from, fixed when it enters the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// INT: an authenticated phone of the same customer.
    Local,
    /// EXT: everything else, whatever number it shows.
    External,
}

/// As what a call enters an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// By the item's number, a goto or a forward.
    Normal,
    /// By the own number of this mobile phone of the extension.
    MobileDirect(PhoneId),
}

/// An item, and as what the call enters it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The item.
    pub(crate) item: ItemId,
    /// As what.
    pub(crate) entry: Entry,
}

impl Place {
    /// An item as such: by its number, a goto, a forward.
    pub(crate) const fn item(item: ItemId) -> Self {
        Self { item, entry: Entry::Normal }
    }
}

/// Which third of `noAnswer.*` and `busy.*` applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// `ext*`.
    External,
    /// `int*`.
    Local,
    /// `mobile*`.
    Mobile,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Where the call came from.
    pub(crate) origin: Origin,
    /// The calling phone, if it is one of the customer's.
    pub(crate) phone: Option<PhoneId>,
    /// The extension of that phone. A local caller without one may not call.
    pub(crate) extension: Option<ItemId>,
    /// The caller as colleagues see it.
    pub(crate) presented: Presented,
}

impl Caller {
    /// An authenticated phone: its extension's number and name are shown, whatever it says itself.
    pub(crate) fn phone(directory: &Directory, phone: PhoneId, privacy: Privacy) -> Self {
        let extension = directory.phone(phone).and_then(|phone| phone.extension);
        let extension = extension.and_then(|id| directory.extension(id));
        Self { phone: Some(phone), ..Self::local(extension, privacy) }
    }

    /// A local caller of which only the extension is known.
    pub(crate) fn local(extension: Option<&Extension>, privacy: Privacy) -> Self {
        let number = extension.and_then(|extension| extension.number.as_ref());
        let presented = Presented {
            number: number.map(|number| number.as_str().to_owned()),
            name: extension.map(|extension| extension.name.clone()),
            provenance: Provenance::AuthenticatedPhone,
            privacy,
        };
        let extension = extension.map(|extension| extension.id);
        Self { origin: Origin::Local, phone: None, extension, presented }
    }

    /// Somebody outside.
    pub(crate) fn outside(presented: Presented) -> Self {
        Self { origin: Origin::External, phone: None, extension: None, presented }
    }
}

/// What a call carries from item to item.
#[derive(Clone, Debug)]
pub(crate) struct CallFacts {
    /// The call.
    pub(crate) id: CallId,
    /// Who calls.
    pub(crate) caller: Caller,
    /// How many items it has entered.
    pub(crate) visits: u32,
    /// The extensions that have diverted it, each once.
    pub(crate) diverted_by: BTreeSet<ItemId>,
    /// The extensions that have sent it on by their `inboundGoto`, each once.
    pub(crate) sent_on_by: BTreeSet<ItemId>,
}

/// The item that a call is in, with the settings that were in force when it entered.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The snapshot.
    pub(crate) directory: Arc<Directory>,
    /// The item, and as what it was entered.
    pub(crate) place: Place,
}

/// Everything that a rule of an extension may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// The settings in force.
    pub(crate) directory: &'a Directory,
    /// The extension that the call is in.
    pub(crate) extension: &'a Extension,
    /// As what it was entered.
    pub(crate) entry: Entry,
    /// What is live at this instant.
    pub(crate) live: &'a Live,
    /// The call so far.
    pub(crate) call: &'a CallFacts,
}

impl<'a> Facts<'a> {
    /// The facts of a call in an extension; None if it is in another kind of item.
    pub(crate) fn new(visit: &'a Visit, call: &'a CallFacts, live: &'a Live) -> Option<Self> {
        let extension = visit.directory.extension(visit.place.item)?;
        let entry = visit.place.entry;
        Some(Self { directory: &visit.directory, extension, entry, live, call })
    }

    /// The column that applies.
    pub(crate) fn column(&self) -> Column {
        match (self.entry, self.call.caller.origin) {
            (Entry::MobileDirect(_), _) => Column::Mobile,
            (Entry::Normal, Origin::Local) => Column::Local,
            (Entry::Normal, Origin::External) => Column::External,
        }
    }
}
