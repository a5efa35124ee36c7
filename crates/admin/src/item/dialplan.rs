//! `/pbx/dialplan`: the items of all kinds together, and what points at one.

use super::expand_gotos;
use crate::page::{Limits, ListQuery, Order, Page, page};
use crate::resource::shown;
use crate::sent::Body;
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Permit, Principal, Target, View};
use model::directory::Directory;
use model::extension::members::MEMBERS as EXTENSION;
use model::id::{CustomerId, ItemId};
use model::item::{Item, ItemKind, ItemType};
use model::trunk::{MEMBERS as TRUNK, Trunk};
use serde::Serialize;
use serde_json::Value;
use store::Subject;

const LIMITS: Limits = Limits { default: 50, most: 100 };
const SORTS: &[&str] = &["number", "name", "redirect", "type"];
/// What is shown of an item without `full`.
const CONDENSED: &[&str] = &["_id", "type", "customer", "name", "number", "redirect"];
/// What is shown of an item that points at another.
const POINTING: &[&str] = &["_id", "type", "name", "number", "redirect", "notes"];

/// Which items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialplanQuery {
    /// Page, filter and order.
    pub list: ListQuery,
    /// Of this kind alone.
    pub kind: Option<ItemType>,
    /// Only those that have a local number.
    pub exclude_no_number: bool,
}

impl Admin {
    /// A page of a customer's items of all kinds.
    pub async fn list_dialplan(
        &self,
        who: &Principal,
        query: &DialplanQuery,
    ) -> Result<Page, AdminError> {
        let list = &query.list;
        let order = Order::of(list, SORTS)?;
        let permit = self.dialplan_of(who, list.customer).await?;
        let directory = self.0.store.directory(&permit).await?;
        let full = list.full || list.expand_goto;
        let items = directory.items().filter(|item| {
            query.kind.is_none_or(|kind| item.kind.item_type() == kind)
                && !(query.exclude_no_number && item.number().is_none())
        });
        let entry = |item: &std::sync::Arc<Item>| match full {
            true => whole(item, &directory),
            false => some(item, &directory, CONDENSED),
        };
        let mut page = page(items.map(entry).collect(), list, &order, LIMITS, "dialplanItems");
        if list.expand_goto {
            let entries = page.entries.iter_mut().filter_map(|entry| entry.as_object_mut());
            entries.for_each(|entry| expand(entry, &directory));
        }
        Ok(page)
    }

    /// The items whose gotos point at this one: their ids, or what is worth knowing of each.
    pub async fn references(
        &self,
        who: &Principal,
        id: ItemId,
        expanded: bool,
    ) -> Result<Vec<Value>, AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        // The dialplan isn't anybody's own, whoever has the extension.
        let target = target.map(|target| Target { owners: Vec::new(), ..target });
        let permit = permit(who, Operation::Read(Noun::Item), target.as_ref())?;
        let directory = self.0.store.directory(&permit).await?;
        let points =
            |item: &&std::sync::Arc<Item>| item.kind.gotos().iter().any(|(_, to)| *to == id);
        let pointing = directory.items().filter(points);
        let entry = |item: &std::sync::Arc<Item>| match expanded {
            true => Value::Object(some(item, &directory, POINTING)),
            false => Value::String(item.id().to_string()),
        };
        Ok(pointing.map(entry).collect())
    }

    /// Leave to read the dialplan of this customer, or of the caller's own.
    pub(super) async fn dialplan_of(
        &self,
        who: &Principal,
        customer: Option<CustomerId>,
    ) -> Result<Permit, AdminError> {
        let target = self.customer_asked(who, customer).await?;
        permit(who, Operation::Read(Noun::Item), Some(&target))
    }
}

/// The item as a read of its own kind shows it.
fn whole(item: &Item, directory: &Directory) -> Body {
    match &item.kind {
        ItemKind::Extension(extension) => body(extension),
        ItemKind::Trunk(trunk) => shown::<Trunk>(trunk, directory, View::Whole),
        ItemKind::Bare(bare) => body(bare),
    }
}

/// Some members of the item; those that its kind hasn't are null.
fn some(item: &Item, directory: &Directory, members: &[&str]) -> Body {
    let mut all = whole(item, directory);
    let take = |name: &&str| ((*name).to_owned(), all.shift_remove(*name).unwrap_or_default());
    members.iter().map(take).collect()
}

fn expand(entry: &mut Body, directory: &Directory) {
    let kind = entry.get("type").and_then(Value::as_str).and_then(ItemType::parse);
    match kind {
        Some(ItemType::Extension) => expand_gotos(EXTENSION, entry, directory),
        Some(ItemType::Trunk) => expand_gotos(TRUNK, entry, directory),
        _ => {}
    }
}

fn body(item: &impl Serialize) -> Body {
    match serde_json::to_value(item) {
        Ok(Value::Object(body)) => body,
        // Plain structs with string keys: serde_json has no way to fail on them.
        _ => Body::new(),
    }
}
