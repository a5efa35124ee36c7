//! `/mvno`: a mobile of the platform's own network. Its number is held by the customer and used by
//! nothing else; whether somebody uses it shows in the store.

use super::{extension_fault, found_by, of_kind};
use crate::error::Fault;
use crate::page::Limits;
use crate::resource::{Made, Proposal, Resource};
use crate::{Admin, AdminError};
use model::access::Noun;
use model::change::Changed;
use model::directory::Directory;
use model::id::{CustomerId, PhoneId};
use model::member::Member;
use model::number::E164;
use model::phone::{Line, MvnoState, Phone, PhoneType, members};
use serde::{Deserialize, Serialize};
use store::Subject;

/// A phone of type MVNO.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mvno(Phone);

impl Resource for Mvno {
    type Id = PhoneId;

    const NOUN: Noun = Noun::Mvno;
    const MEMBERS: &'static [Member] = members::MVNO;
    const SORTS: &'static [&'static str] = &["number", "state"];
    const LIMITS: Limits = Limits { default: 100, most: 500 };
    const HAS_AVAILABLE: bool = true;
    const PLURAL: &'static str = "mvnos";
    const SCHEMA: &'static str = "Mvno";

    fn subject(id: PhoneId) -> Subject {
        Subject::Phone(id)
    }
    fn lookup(directory: &Directory, id: PhoneId) -> Option<Self> {
        of_kind(directory.phone(id)?, PhoneType::Mvno).map(Self)
    }
    fn all(directory: &Directory) -> Vec<Self> {
        directory.phones().filter_map(|phone| of_kind(phone, PhoneType::Mvno)).map(Self).collect()
    }
    fn put(self, _: &Directory) -> Changed {
        Changed::Phone(self.0)
    }
    fn is_available(&self) -> bool {
        self.0.extension.is_none()
    }
    fn also_found_by<'a>(&self, directory: &'a Directory) -> Vec<&'a str> {
        found_by(&self.0, directory)
    }
    fn faults(proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        let phone = &proposal.after.0;
        let held = phone.own_number().is_some_and(|own| proposal.directory.held(own).is_some());
        let mut faults = Vec::new();
        faults.extend(extension_fault(proposal, phone.extension));
        faults.extend(proposal.fault("number", held, "not a number that the customer holds"));
        faults
    }
}

impl Made for Mvno {
    const NEEDED: &'static [&'static str] = &["number"];

    fn draw(id: [u8; 12], customer: CustomerId) -> Self {
        let (state, rate_plan, new_rate_plan) = (MvnoState::Active, None, None);
        let line = Line::Mvno { number: E164::blank(), state, rate_plan, new_rate_plan };
        Self(Phone::new(PhoneId::from_bytes(id), customer, line))
    }
    fn id(&self) -> PhoneId {
        self.0.id
    }
    fn gone(id: PhoneId) -> Changed {
        Changed::PhoneGone(id)
    }
}

impl Admin {
    /// The mobile that has this number. Who may see it is decided when it is read.
    pub async fn mobile(&self, number: &E164) -> Result<PhoneId, AdminError> {
        self.0.store.mobile(number).await?.ok_or(AdminError::NotFound)
    }
}
