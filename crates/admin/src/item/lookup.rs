//! `/pbx/dialplan/lookup`: what each of many numbers reaches, as people write them.

use crate::error::Fault;
use crate::sent::Body;
use crate::{Admin, AdminError, question};
use model::access::Principal;
use model::country::public_number;
use model::directory::Directory;
use model::id::{CustomerId, ItemId};
use model::item::Item;
use model::limits::NUMBERS_LOOKED_UP;
use model::number::{E164, LocalNumber};
use model::pii::Name;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which numbers.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LookupQuery {
    /// Whose; left out, the caller's own customer.
    pub customer: Option<CustomerId>,
    /// The numbers.
    pub numbers: Vec<String>,
    /// Each number once, however often it is asked for.
    pub unique: bool,
}

const FORM: question::Form =
    question::Form { members: &["customer", "numbers", "unique"], least: &[] };

/// What a number reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The number: local, or E.164 where the text could be read as one.
    pub number: String,
    /// The item that it reaches.
    #[serde(rename = "_id")]
    pub id: Option<ItemId>,
    /// The kind of the item; EXTERNAL for other public numbers, INVALID for what is no number here.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The name of the item.
    pub name: Option<Name>,
}

impl Admin {
    /// The same as a body asks it.
    pub async fn look_up_body(
        &self,
        who: &Principal,
        body: &Body,
    ) -> Result<Vec<Found>, AdminError> {
        let query = question::read::<LookupQuery>(body, &FORM).map_err(AdminError::Invalid)?;
        self.look_up(who, query).await
    }

    /// What the numbers reach, in their order.
    pub async fn look_up(
        &self,
        who: &Principal,
        query: LookupQuery,
    ) -> Result<Vec<Found>, AdminError> {
        let permit = self.dialplan_of(who, query.customer).await?;
        if query.numbers.len() > NUMBERS_LOOKED_UP {
            let detail = format!("at most {NUMBERS_LOOKED_UP} numbers");
            return Err(AdminError::Invalid(vec![Fault::of("numbers", detail)]));
        }
        let directory = self.0.store.directory(&permit).await?;
        let mut found: Vec<Found> =
            query.numbers.iter().map(|text| find(&directory, text)).collect();
        if query.unique {
            let mut seen = BTreeSet::new();
            found.retain(|one| seen.insert(one.number.clone()));
        }
        Ok(found)
    }
}

fn find(directory: &Directory, text: &str) -> Found {
    if let Ok(number) = LocalNumber::parse(text) {
        let item = directory.item_by_number(&number).map(AsRef::as_ref);
        return reached(number.as_str(), item, "INVALID");
    }
    let customer = &directory.customer;
    let prefix = customer.settings.national_prefix.as_deref();
    match public_number(text, &customer.country, prefix) {
        Some(number) => reached(number.as_str(), item_behind(directory, &number), "EXTERNAL"),
        None => reached(text, None, "INVALID"),
    }
}

/// An item that uses the number, or the extension of the phone whose own it is.
fn item_behind<'a>(directory: &'a Directory, number: &E164) -> Option<&'a Item> {
    let of_phone = || {
        let phone = directory.phone_by_number(number)?;
        directory.item(phone.extension?)
    };
    directory.item_by_public(number).or_else(of_phone).map(AsRef::as_ref)
}

fn reached(number: &str, item: Option<&Item>, otherwise: &'static str) -> Found {
    Found {
        number: number.to_owned(),
        id: item.map(Item::id),
        kind: item.map_or(otherwise, |item| item.kind.item_type().as_str()),
        name: item.map(|item| item.kind.name().clone()),
    }
}
