//! Listing extensions: which of them, in which order, and how much of each. Filter and order look at
//! what is shown of an extension to whoever asks, and at nothing else of it.

use super::phones::{self, Registered};
use super::read::{Expand, expanded};
use crate::page::{Limits, ListQuery, Order, Page};
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Principal, Target, View, decide};
use model::directory::Directory;
use model::extension::{CondensedExtension, Extension, MaskedExtension};
use model::id::EmployeeId;
use model::item::Item;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::sync::Arc;

/// How many a list shows.
pub const LIMITS: Limits = Limits { default: 50, most: 1000 };
/// What a list may be sorted by, the default first.
pub const SORTS: &[&str] = &["name", "number", "redirect", "direct", "employee"];

/// What somebody wants to see of the extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtensionsQuery {
    /// What every list takes.
    pub list: ListQuery,
    /// The extensions of this employee alone.
    pub employee: Option<EmployeeId>,
    /// What is shown beside the members; any of it shows every member.
    pub expand: Expand,
}

/// An extension in a list.
#[derive(Clone, Debug)]
pub enum ListedExtension {
    /// What everybody may see.
    Masked(MaskedExtension),
    /// What says which one it is.
    Condensed(CondensedExtension),
    /// Every member.
    Whole(Arc<Item>),
    /// Every member, and what was asked for beside them.
    Expanded(Map<String, Value>),
}

impl Serialize for ListedExtension {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Masked(extension) => extension.serialize(serializer),
            Self::Condensed(extension) => extension.serialize(serializer),
            Self::Whole(item) => item.extension().serialize(serializer),
            Self::Expanded(members) => members.serialize(serializer),
        }
    }
}

/// An extension that may be shown, and how much of it.
struct Row {
    item: Arc<Item>,
    view: View,
}

impl Admin {
    /// A page of the customer's extensions, or of one employee's.
    pub async fn list_extensions(
        &self,
        who: &Principal,
        query: &ExtensionsQuery,
    ) -> Result<Page<ListedExtension>, AdminError> {
        let list = &query.list;
        let order = Order::of(list, SORTS)?;
        let mut target = self.customer_asked(who, list.customer).await?;
        target.owners = query.employee.into_iter().collect();
        let permit = permit(who, Operation::List(Noun::Extension), Some(&target))?;
        let directory = self.0.store.directory(&permit).await?;
        let mut rows = rows(who, &target, &directory, query.employee);
        if let Some(filter) = list.filter.as_deref().map(str::to_lowercase) {
            rows.retain(|row| row.contains(&filter));
        }
        let rows = order.sort(rows, Row::text, |row| row.item.id());
        let page = Page::cut(rows, list, LIMITS, "extensions");
        let registered = if query.expand.phones {
            let ids = page.entries.iter().filter(|row| row.view == View::Whole);
            let ids = ids.map(|row| row.item.id());
            self.registered_of(&permit, &directory, ids).await?
        } else {
            Registered::default()
        };
        Ok(page.map(|row| row.show(&directory, query, &registered)))
    }
}

/// Every extension that this principal may see.
fn rows(
    who: &Principal,
    target: &Target,
    directory: &Directory,
    employee: Option<EmployeeId>,
) -> Vec<Row> {
    let mut one = target.clone();
    let mut row = |item: &Arc<Item>| {
        one.owners.clear();
        one.owners.extend(item.extension()?.employee);
        let permit = decide(who, Operation::Read(Noun::Extension), &one).ok()?;
        Some(Row { item: item.clone(), view: permit.view() })
    };
    match employee {
        Some(employee) => {
            let ids = directory.extensions_of(employee).map(|extension| extension.id);
            ids.filter_map(|id| row(directory.item(id)?)).collect()
        }
        None => directory.items().filter_map(row).collect(),
    }
}

impl Row {
    /// The value of a member that is shown.
    fn text(&self, member: &str) -> Option<String> {
        let extension = self.item.extension()?;
        let text = match (member, self.view) {
            ("name", _) => Some(extension.name.as_str()),
            ("number", _) => extension.number.as_ref().map(|number| number.as_str()),
            (_, View::Masked) => None,
            ("redirect", View::Whole) => extension.redirect.as_ref().map(|number| number.as_str()),
            ("direct", View::Whole) => extension.direct.as_ref().map(|number| number.as_str()),
            ("notes", View::Whole) => extension.notes.as_deref(),
            ("employee", View::Whole) => return extension.employee.map(|id| id.to_string()),
            _ => None,
        };
        text.map(str::to_owned)
    }

    /// Whether what people know an extension by has this text in it.
    fn contains(&self, filter: &str) -> bool {
        let has =
            |member| self.text(member).is_some_and(|text| text.to_lowercase().contains(filter));
        ["name", "number", "direct", "redirect", "notes"].into_iter().any(has)
    }

    fn show(
        self,
        directory: &Directory,
        query: &ExtensionsQuery,
        registered: &Registered,
    ) -> ListedExtension {
        let extension: Option<&Extension> = self.item.extension();
        match (extension, self.view) {
            (Some(extension), View::Masked) => ListedExtension::Masked(extension.into()),
            (Some(extension), View::Whole) if query.expand != Expand::default() => {
                let phones = query.expand.phones;
                let phones = phones.then(|| phones::views(directory, extension.id, registered));
                ListedExtension::Expanded(expanded(extension, directory, query.expand, phones))
            }
            (Some(extension), View::Whole) if !query.list.full => {
                ListedExtension::Condensed(extension.into())
            }
            _ => ListedExtension::Whole(self.item),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::{CustomerId, ItemId};
    use model::item::{ItemKind, Revision};
    use model::number::{E164, LocalNumber, Number};
    use model::pii::Name;

    fn row(view: View) -> Row {
        let (id, customer) = (ItemId::from_bytes([1; 12]), CustomerId::from_bytes([2; 12]));
        let mut extension = Extension::new(id, customer, Name::new("Donald Duck"));
        extension.number = LocalNumber::parse("592").ok();
        extension.redirect = Number::parse("777").ok();
        extension.direct = E164::parse("+4570305051").ok();
        extension.notes = Some("Angry".to_owned());
        extension.employee = Some(EmployeeId::from_bytes([3; 12]));
        let kind = ItemKind::Extension(extension);
        Row { item: Arc::new(Item::new(Revision(1), kind)), view }
    }

    #[test]
    fn what_is_hidden_is_neither_found_nor_sorted_by() {
        for (filter, member, masked) in [
            ("donald", "name", true),
            ("592", "number", true),
            ("777", "redirect", false),
            ("+457030", "direct", false),
            ("angry", "notes", false),
        ] {
            assert!(row(View::Whole).contains(filter), "{filter}");
            assert_eq!(row(View::Masked).contains(filter), masked, "{filter}");
            assert_eq!(row(View::Masked).text(member).is_some(), masked, "{member}");
        }
        assert!(row(View::Whole).text("employee").is_some());
        assert_eq!(row(View::Masked).text("employee"), None);
    }
}
