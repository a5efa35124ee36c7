//! `/pbx/settings`: what holds for all calls of a customer. Kept with the customer itself.

use crate::error::Fault;
use crate::item::rules;
use crate::page::Limits;
use crate::resource::{Proposal, Resource};
use model::access::Noun;
use model::change::Changed;
use model::customer::Customer;
use model::directory::Directory;
use model::id::CustomerId;
use model::member::{Kind, Member};
use model::settings;
use model::settings::members::MEMBERS;
use serde::{Deserialize, Serialize};
use store::Subject;

/// A customer's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(settings::Settings);

impl Resource for Settings {
    type Id = CustomerId;

    const NOUN: Noun = Noun::Settings;
    const MEMBERS: &'static [Member] = MEMBERS;
    const MASKED: &'static [&'static str] = model::settings::members::SECRET;
    // They are never listed.
    const SORTS: &'static [&'static str] = &[];
    const LIMITS: Limits = Limits { default: 1, most: 1 };
    const PLURAL: &'static str = "settings";
    const SCHEMA: &'static str = "Settings";

    fn subject(id: CustomerId) -> Subject {
        Subject::Customer(id)
    }
    fn lookup(directory: &Directory, id: CustomerId) -> Option<Self> {
        let customer = &directory.customer;
        (customer.id == id).then(|| Self(customer.settings.clone()))
    }
    fn all(directory: &Directory) -> Vec<Self> {
        vec![Self(directory.customer.settings.clone())]
    }
    fn put(self, directory: &Directory) -> Changed {
        Changed::Customer(Customer { settings: self.0, ..directory.customer.as_ref().clone() })
    }
    fn faults(proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        let fault = |change: &crate::patch::MemberChange| {
            let text = change.value.as_str()?;
            let detail = match (change.member.path, change.member.kind) {
                ("defaultMusicOnHold", _) => rules::music_fault(proposal.directory, text),
                (_, Kind::Goto) => rules::missing_item_fault(proposal.directory, text),
                (_, Kind::E164) => rules::held_fault(proposal.directory, text),
                _ => None,
            };
            detail.map(|detail| Fault::of(change.member.path, detail))
        };
        proposal.changes.iter().filter_map(fault).collect()
    }
}
