//! What points at a thing that is to be removed, and so keeps it.

use model::directory::Directory;
use model::held::NumberUser;
use model::id::{ItemId, NumberId};
use model::item::Item;
use model::limits::REFERENCES_SHOWN;
use model::number::LocalNumber;
use model::phone::Phone;
use model::pii::Name;
use serde::Serialize;
use store::Subject;

/// Something that points at something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The id of what points.
    #[serde(rename = "_id")]
    pub id: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// The local number that reaches it, if any.
    pub number: Option<LocalNumber>,
    /// The path of the member by which it points.
    pub member: &'static str,
}

/// What points at this thing; the first of them, where they are many.
pub(crate) fn references(directory: &Directory, subject: Subject) -> Vec<Reference> {
    let mut found = match subject {
        Subject::Item(id) => to_item(directory, id),
        Subject::Number(id) => to_number(directory, id),
        Subject::Employee(_) | Subject::Phone(_) | Subject::Customer(_) => Vec::new(),
    };
    found.truncate(REFERENCES_SHOWN);
    found
}

pub(crate) fn to_item(directory: &Directory, id: ItemId) -> Vec<Reference> {
    let gotos = directory.items().flat_map(|item| {
        let to_it = item.kind.gotos().into_iter().filter(move |(_, to)| *to == id);
        to_it.map(|(member, _)| by_item(item, member))
    });
    let customer = &directory.customer;
    let breakout = customer.settings.voicemail_breakout == Some(id);
    let breakout = breakout.then(|| Reference {
        id: customer.id.to_string(),
        kind: "SETTINGS",
        name: Some(customer.name.clone()),
        number: None,
        member: "voicemailBreakout",
    });
    gotos.chain(breakout).collect()
}

fn to_number(directory: &Directory, id: NumberId) -> Vec<Reference> {
    let user = directory.number(id).and_then(|held| directory.user_of(&held.number));
    let reference = match user {
        Some(NumberUser::Extension(id)) => directory.item(id).map(|item| by_item(item, "direct")),
        Some(NumberUser::Trunk(id)) => directory.item(id).map(|item| by_item(item, "numbers")),
        Some(NumberUser::Mvno(id)) => directory.phone(id).map(|phone| by_phone(phone, "number")),
        None => None,
    };
    reference.into_iter().collect()
}

/// The item, pointing by this member.
pub(crate) fn by_item(item: &Item, member: &'static str) -> Reference {
    let summary = item.summary();
    let (id, kind) = (summary.id.to_string(), summary.kind.as_str());
    Reference { id, kind, name: Some(summary.name), number: summary.number, member }
}

/// The phone, pointing by this member.
pub(crate) fn by_phone(phone: &Phone, member: &'static str) -> Reference {
    let (id, kind) = (phone.id.to_string(), phone.kind().as_str());
    Reference { id, kind, name: None, number: None, member }
}
