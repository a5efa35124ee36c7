//! Phones: one resource for each kind, since each has members and rights of its own.

mod external;

pub use external::ExternalPhone;

use crate::error::Fault;
use crate::resource::{Proposal, Resource};
use model::id::ItemId;
use model::phone::{Phone, PhoneType};

/// The phone rings for an extension of the same customer, or for none.
fn extension_fault<R: Resource>(
    proposal: &Proposal<'_, R>,
    extension: Option<ItemId>,
) -> Option<Fault> {
    let there = extension.is_none_or(|id| proposal.directory.extension(id).is_some());
    proposal.fault("extension", there, "no such extension")
}

/// The phone, if it is of this kind.
fn of_kind(phone: &Phone, kind: PhoneType) -> Option<Phone> {
    (phone.kind() == kind).then(|| phone.clone())
}
