//! `/pbx/externalphone`: a phone on any other network, that rings with an extension.

use super::{extension_fault, of_kind};
use crate::error::Fault;
use crate::page::Limits;
use crate::resource::{Made, Proposal, Resource};
use model::access::Noun;
use model::change::Changed;
use model::directory::Directory;
use model::id::{CustomerId, PhoneId};
use model::member::Member;
use model::number::E164;
use model::phone::{Line, Phone, PhoneType, members};
use serde::{Deserialize, Serialize};
use store::Subject;

/// A phone of type EXTERNAL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExternalPhone(Phone);

impl Resource for ExternalPhone {
    type Id = PhoneId;

    const NOUN: Noun = Noun::ExternalPhone;
    const MEMBERS: &'static [Member] = members::EXTERNAL;
    const SORTS: &'static [&'static str] = &["number", "extension"];
    const LIMITS: Limits = Limits { default: 50, most: 1000 };
    const PLURAL: &'static str = "externalPhones";
    const SCHEMA: &'static str = "ExternalPhone";

    fn subject(id: PhoneId) -> Subject {
        Subject::Phone(id)
    }
    fn lookup(directory: &Directory, id: PhoneId) -> Option<Self> {
        of_kind(directory.phone(id)?, PhoneType::External).map(Self)
    }
    fn all(directory: &Directory) -> Vec<Self> {
        let phones = directory.phones().filter_map(|phone| of_kind(phone, PhoneType::External));
        phones.map(Self).collect()
    }
    fn put(self, _: &Directory) -> Changed {
        Changed::Phone(self.0)
    }
    fn faults(proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        let phone = &proposal.after.0;
        let mut faults: Vec<Fault> =
            extension_fault(proposal, phone.extension).into_iter().collect();
        if proposal.changes("number") || proposal.changes("extension") {
            let detail = number_fault(proposal.directory, phone);
            faults.extend(detail.map(|detail| Fault::of("number", detail)));
        }
        faults
    }
}

impl Made for ExternalPhone {
    const NEEDED: &'static [&'static str] = &["number"];

    fn draw(id: [u8; 12], customer: CustomerId) -> Self {
        let line = Line::External { number: E164::blank(), confirm_answer: true };
        Self(Phone::new(PhoneId::from_bytes(id), customer, line))
    }
    fn id(&self) -> PhoneId {
        self.0.id
    }
    fn gone(id: PhoneId) -> Changed {
        Changed::PhoneGone(id)
    }
}

/// Ringing its own extension would ring in a circle, and ringing twice at one place helps nobody.
fn number_fault(directory: &Directory, phone: &Phone) -> Option<&'static str> {
    let (extension, number) = (phone.extension?, phone.own_number()?);
    if directory.extension(extension)?.direct.as_ref() == Some(number) {
        return Some("is the number of the extension itself");
    }
    let mut others = directory.phones_of(extension).filter(|other| other.id != phone.id);
    others
        .any(|other| other.own_number() == Some(number))
        .then_some("rings for the extension already")
}
