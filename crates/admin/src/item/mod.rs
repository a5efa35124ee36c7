//! Dialplan items: what all kinds have in common, and one file for each kind but the extension.
//!
//! A kind says what its members are and how it is told from the others; the rules follow from what
//! each member holds.

mod dialplan;
mod lookup;
mod number;
pub(crate) mod rules;
mod trunk;

pub use dialplan::DialplanQuery;
pub use lookup::LookupQuery;

use crate::error::Fault;
use crate::etag::Seen;
use crate::page::Limits;
use crate::patch::MemberChange;
use crate::resource::{Made, Proposal, Resource};
use crate::sent::{self, Body};
use bytes::Bytes;
use model::access::Noun;
use model::change::Changed;
use model::directory::Directory;
use model::id::{CustomerId, ItemId};
use model::item::{Item, ItemKind};
use model::member::{Kind, Member};
use model::number::Number;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Basis, Subject};

/// A kind of dialplan item that is a resource of its own.
pub trait DialplanItem:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Its members, in the order of the wire: `_id type customer name number startAudio redirect notes`
    /// and what only this kind has.
    const MEMBERS: &'static [Member];
    /// Members that are shown when it is listed without `full`.
    const CONDENSED: &'static [&'static str];
    /// What the array of a list is called.
    const PLURAL: &'static str;
    /// What it is called in the OpenAPI document.
    const SCHEMA: &'static str;

    /// A new one with defaults and a blank name.
    fn blank(id: ItemId, customer: CustomerId) -> Self;
    /// The item, if it is of this kind.
    fn of(kind: &ItemKind) -> Option<&Self>;
    /// As an item.
    fn into_kind(self) -> ItemKind;
}

impl<K: DialplanItem> Resource for K {
    type Id = ItemId;

    const NOUN: Noun = Noun::Item;
    const MEMBERS: &'static [Member] = K::MEMBERS;
    const CONDENSED: &'static [&'static str] = K::CONDENSED;
    const SORTS: &'static [&'static str] = &["number", "name", "redirect"];
    const LIMITS: Limits = Limits { default: 50, most: 100 };
    const PLURAL: &'static str = K::PLURAL;
    const SCHEMA: &'static str = K::SCHEMA;

    fn subject(id: ItemId) -> Subject {
        Subject::Item(id)
    }
    fn lookup(directory: &Directory, id: ItemId) -> Option<Self> {
        K::of(&directory.item(id)?.kind).cloned()
    }
    fn all(directory: &Directory) -> Vec<Self> {
        directory.items().filter_map(|item| K::of(&item.kind)).cloned().collect()
    }
    fn put(self, _: &Directory) -> Changed {
        Changed::Item(self.into_kind())
    }
    fn basis(&self, directory: &Directory) -> Basis {
        let id = self.clone().into_kind().id();
        let revision = directory.item(id).map(|item| item.revision);
        Basis::Item(id, revision.unwrap_or_default())
    }
    fn seen(&self, directory: &Directory, body: Bytes) -> Seen {
        let Basis::Item(_, revision) = self.basis(directory) else { return Seen::hashed(body) };
        Seen::whole(body, revision)
    }
    fn faults(proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        let after = proposal.after.clone().into_kind();
        let fault = |change: &MemberChange| {
            let detail = fault(proposal.directory, &after, change)?;
            Some(Fault::of(change.member.path, detail))
        };
        proposal.changes.iter().filter_map(fault).collect()
    }
}

impl<K: DialplanItem> Made for K {
    const NEEDED: &'static [&'static str] = &["name"];

    fn draw(id: [u8; 12], customer: CustomerId) -> Self {
        K::blank(ItemId::from_bytes(id), customer)
    }
    fn id(&self) -> ItemId {
        self.clone().into_kind().id()
    }
    fn gone(id: ItemId) -> Changed {
        Changed::ItemGone(id)
    }
}

/// What is wrong with the new value of one member.
fn fault(directory: &Directory, after: &ItemKind, change: &MemberChange) -> Option<&'static str> {
    if let (Kind::Numbers(_), Some(numbers)) = (change.member.kind, change.value.as_array()) {
        let mut numbers = numbers.iter().filter_map(Value::as_str);
        return numbers.find_map(|number| rules::held_fault(directory, number));
    }
    let text = change.value.as_str()?;
    match (change.member.path, change.member.kind) {
        ("startAudio", _) => rules::audio_fault(),
        ("musicOnHold", _) => rules::music_fault(directory, text),
        (_, Kind::Goto) => rules::goto_fault(directory, after.id(), text),
        (_, Kind::LocalNumber) => rules::local_number_fault(directory, text),
        ("redirect", _) => rules::target_fault(directory, &Number::parse(text).ok()?)
            .or_else(|| rules::loop_fault(directory, after.id(), after.redirect())),
        _ => None,
    }
}

/// Shows each goto as `{_id, type, number, name}`; one whose item is gone stays an id.
pub(crate) fn expand_gotos(members: &[Member], document: &mut Body, directory: &Directory) {
    for member in members.iter().filter(|member| member.kind == Kind::Goto) {
        let id = sent::lookup(document, member.path).and_then(Value::as_str);
        let item = id.and_then(|id| id.parse().ok()).and_then(|id| directory.item(id));
        if let Some(summary) = item.map(|item| Item::summary(item)) {
            // Plain structs with string keys: serde_json has no way to fail on them.
            sent::set(document, member.path, serde_json::to_value(summary).unwrap_or_default());
        }
    }
}
