//! Reading an extension: whole, masked or expanded, by what the permit says.

use super::{phones, spliced};
use crate::etag::{Seen, json};
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Permit, Principal, View};
use model::directory::Directory;
use model::extension::members::MEMBERS;
use model::extension::{Extension, MaskedExtension};
use model::id::ItemId;
use model::item::Item;
use model::phone::PhoneView;
use serde::Serialize;
use serde_json::{Map, Value};
use store::Subject;

/// What a whole view shows beside the extension itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expand {
    /// Gotos as `{_id, type, number, name}`.
    pub goto: bool,
    /// The phones, with which are online.
    pub phones: bool,
}

impl Admin {
    /// The extension as this principal may see it. The mask wins over every expansion.
    pub async fn read_extension(
        &self,
        who: &Principal,
        id: ItemId,
        expand: Expand,
    ) -> Result<Seen, AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        let permit = permit(who, Operation::Read(Noun::Extension), target.as_ref())?;
        if expand == Expand::default() {
            let item = self.0.store.item(&permit, id).await?.ok_or(AdminError::NotFound)?;
            return plain(&permit, &item);
        }
        let directory = self.0.store.directory(&permit).await?;
        self.show_extension(&permit, &directory, id, expand).await
    }

    async fn show_extension(
        &self,
        permit: &Permit,
        directory: &Directory,
        id: ItemId,
        expand: Expand,
    ) -> Result<Seen, AdminError> {
        let item = directory.item(id).ok_or(AdminError::NotFound)?;
        if permit.view() == View::Masked || expand == Expand::default() {
            return plain(permit, item);
        }
        item.extension().ok_or(AdminError::NotFound)?;
        let phones = if expand.phones {
            let registered = self.registered_of(permit, directory, [id]).await?;
            Some(phones::views(directory, id, &registered))
        } else {
            None
        };
        let body = spliced::expanded(&item.whole(), directory, expand.goto, phones.as_deref());
        Ok(Seen::expanded(body, item.revision))
    }
}

/// The extension itself, without what may be shown beside it.
fn plain(permit: &Permit, item: &Item) -> Result<Seen, AdminError> {
    let extension = item.extension().ok_or(AdminError::NotFound)?;
    Ok(match permit.view() {
        View::Masked => Seen::hashed(json(&MaskedExtension::from(extension))),
        _ => Seen::whole(item.whole(), item.revision),
    })
}

/// Every member, and what is asked for beside them.
pub(super) fn expanded(
    extension: &Extension,
    directory: &Directory,
    expand: Expand,
    phones: Option<Vec<PhoneView>>,
) -> Map<String, Value> {
    let mut document = document(extension);
    if expand.goto {
        crate::item::expand_gotos(MEMBERS, &mut document, directory);
    }
    if let Some(phones) = phones {
        document.insert("phones".to_owned(), value(&phones));
    }
    document
}

/// The extension as JSON, to look into.
pub(super) fn document(extension: &Extension) -> Map<String, Value> {
    match value(extension) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn value(shown: &impl Serialize) -> Value {
    // Plain structs with string keys: serde_json has no way to fail on them.
    serde_json::to_value(shown).unwrap_or_default()
}
