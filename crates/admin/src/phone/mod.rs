//! Phones: one resource for each kind, since each has members and rights of its own.

mod credentials;
mod external;
mod mvno;
mod sip;

pub use credentials::Issued;
pub use external::ExternalPhone;
pub use mvno::Mvno;
pub use sip::SipPhone;

use crate::error::Fault;
use crate::resource::{Proposal, Resource};
use model::directory::Directory;
use model::id::ItemId;
use model::number::{E164, LocalNumber};
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

/// What a phone is found by beside its own members: its extension's numbers and the name there.
fn found_by<'a>(phone: &Phone, directory: &'a Directory) -> Vec<&'a str> {
    let extension = phone.extension.and_then(|id| directory.extension(id));
    let Some(extension) = extension else { return Vec::new() };
    let number = extension.number.as_ref().map(LocalNumber::as_str);
    let direct = extension.direct.as_ref().map(E164::as_str);
    [number, direct, Some(extension.name.as_str())].into_iter().flatten().collect()
}
