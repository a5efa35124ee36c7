//! `/pbx/phonebook/local`: the extensions that want to be found, as everybody of the customer sees
//! them.

use crate::page::{Limits, ListQuery, Order, Page, page};
use crate::sent::Body;
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Principal};
use model::extension::Extension;
use model::item::Item;
use serde_json::{Value, json};

/// How many the family shows.
const LIMITS: Limits = Limits { default: 50, most: 50_000 };
const SORTS: &[&str] = &["name", "number", "direct"];

impl Admin {
    /// A page of the local phone book.
    pub async fn local_phonebook(
        &self,
        who: &Principal,
        query: &ListQuery,
    ) -> Result<Page, AdminError> {
        let order = Order::of(query, SORTS)?;
        let target = self.customer_asked(who, query.customer).await?;
        let permit = permit(who, Operation::Read(Noun::Choices), Some(&target))?;
        let directory = self.0.store.directory(&permit).await?;
        let extensions = directory.items().filter_map(|item| Item::extension(item));
        let listed = extensions.filter(|extension| extension.phonebook).map(contact).collect();
        Ok(page(listed, query, &order, LIMITS, "contacts"))
    }
}

fn contact(extension: &Extension) -> Body {
    let Extension { id, name, number, direct, .. } = extension;
    match json!({ "_id": id, "name": name, "number": number, "direct": direct }) {
        Value::Object(contact) => contact,
        _ => Body::new(),
    }
}
