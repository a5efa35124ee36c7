//! Pages of a list: which entries, in which order, and how many there are. Knows nothing of what is in
//! them.

use crate::AdminError;
use crate::error::Fault;
use crate::sent::{self, Body};
use model::id::CustomerId;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use std::cmp::Ordering;

/// How many entries a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Unless somebody says otherwise.
    pub default: usize,
    /// Whoever says what.
    pub most: usize,
}

/// What somebody wants to see of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Entries to pass over.
    pub offset: usize,
    /// Entries to show.
    pub limit: Option<usize>,
    /// Text that one of an entry's values has in it, in any case of letters.
    pub filter: Option<String>,
    /// The member to sort by; with `-` before it, descending.
    pub sort: Option<String>,
    /// Every member, not only those of the condensed view.
    pub full: bool,
    /// Of phones: only those without an extension.
    pub available: bool,
    /// Gotos as `{_id, type, number, name}`; makes it `full`.
    pub expand_goto: bool,
    /// Whose; left out, the caller's own customer.
    pub customer: Option<CustomerId>,
}

/// One page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T = Value> {
    /// Entries passed over.
    pub offset: usize,
    /// Entries that it has at most; less than was asked for where that was too many.
    pub limit: usize,
    /// Entries without paging.
    pub total: usize,
    /// What the array is called.
    pub plural: &'static str,
    /// The entries.
    pub entries: Vec<T>,
}

impl<T> Page<T> {
    /// The page that a query asks for, of all entries in their order.
    pub(crate) fn cut(
        all: Vec<T>,
        query: &ListQuery,
        limits: Limits,
        plural: &'static str,
    ) -> Self {
        let limit = query.limit.unwrap_or(limits.default).min(limits.most);
        let total = all.len();
        let entries = all.into_iter().skip(query.offset).take(limit).collect();
        Self { offset: query.offset, limit, total, plural, entries }
    }

    /// The same page with its entries shown otherwise.
    pub(crate) fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        let Self { offset, limit, total, plural, entries } = self;
        Page { offset, limit, total, plural, entries: entries.into_iter().map(show).collect() }
    }
}

impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("limit", &self.limit)?;
        map.serialize_entry("total", &self.total)?;
        map.serialize_entry(self.plural, &self.entries)?;
        map.end()
    }
}

/// What an entry is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order<'a> {
    member: &'a str,
    descending: bool,
}

impl<'a> Order<'a> {
    /// The order that a query asks for; `permitted` has the default first.
    pub(crate) fn of(query: &'a ListQuery, permitted: &[&'a str]) -> Result<Self, AdminError> {
        let Some(text) = query.sort.as_deref() else {
            let member = permitted.first().copied().unwrap_or("_id");
            return Ok(Self { member, descending: false });
        };
        let (member, descending) = text.strip_prefix('-').map_or((text, false), |m| (m, true));
        match permitted.iter().find(|one| **one == member) {
            Some(member) => Ok(Self { member, descending }),
            None => Err(AdminError::Parameter(Fault::of(
                "sort",
                format!("sort has to be one of {}, with - to descend", permitted.join(", ")),
            ))),
        }
    }

    /// The entries in this order, by the values and ids that `value` and `id` find: null last, ids break
    /// ties. Each value is looked at once.
    pub(crate) fn sort<T, I: Ord>(
        &self,
        entries: Vec<T>,
        value: impl Fn(&T, &str) -> Option<String>,
        id: impl Fn(&T) -> I,
    ) -> Vec<T> {
        let keyed = entries.into_iter();
        let mut keyed: Vec<_> = keyed
            .map(|entry| (value(&entry, self.member).as_deref().map(key), id(&entry), entry))
            .collect();
        keyed.sort_unstable_by(|(left, one, _), (right, other, _)| {
            self.compare(left.as_ref(), right.as_ref()).then_with(|| one.cmp(other))
        });
        keyed.into_iter().map(|(_, _, entry)| entry).collect()
    }

    fn compare(&self, left: Option<&Key>, right: Option<&Key>) -> Ordering {
        match (left, right) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(left), Some(right)) if self.descending => right.cmp(left),
            (Some(left), Some(right)) => left.cmp(right),
        }
    }
}

/// What a value is sorted by: of numbers their length comes first.
type Key = (usize, String);

/// Text in lower case; local numbers as people count, so that 99 comes before 592. An id may have
/// digits alone as well, and isn't one.
fn key(text: &str) -> Key {
    let text = text.to_lowercase();
    let is_number = (1..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (if is_number { text.len() } else { 0 }, text)
}

/// The value of a member, as text to sort by.
fn text(entry: &Body, member: &str) -> Option<String> {
    match sent::lookup(entry, member)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        value => Some(value.to_string()),
    }
}

/// The page that a query asks for, of all entries as whoever asks may see them: filter and order look
/// at nothing else.
pub(crate) fn page(
    mut entries: Vec<Body>,
    query: &ListQuery,
    order: &Order<'_>,
    limits: Limits,
    plural: &'static str,
) -> Page {
    entries.retain(|entry| finds(query, entry, &[]));
    cut(entries, query, order, limits, plural)
}

/// Whether the filter finds an entry, by its values or by more that is said of it.
pub(crate) fn finds(query: &ListQuery, entry: &Body, more: &[&str]) -> bool {
    let Some(filter) = query.filter.as_deref().map(str::to_lowercase) else { return true };
    entry.values().any(|value| contains(value, &filter))
        || more.iter().any(|text| text.to_lowercase().contains(&filter))
}

/// The page that a query asks for, of all entries that its filter finds.
pub(crate) fn cut(
    entries: Vec<Body>,
    query: &ListQuery,
    order: &Order<'_>,
    limits: Limits,
    plural: &'static str,
) -> Page {
    let entries = order.sort(entries, text, |entry| text(entry, "_id"));
    Page::cut(entries, query, limits, plural).map(Value::Object)
}

fn contains(value: &Value, filter: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(filter),
        Value::Array(values) => values.iter().any(|value| contains(value, filter)),
        Value::Object(members) => members.values().any(|value| contains(value, filter)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entries() -> Vec<Body> {
        let all = json!([
            {"_id": "3", "number": "592", "name": "Donald"},
            {"_id": "1", "number": "99", "name": "daisy"},
            {"_id": "2", "number": null, "name": "Gus"},
            {"_id": "4", "number": "592", "name": "Donald"},
        ]);
        all.as_array().unwrap().iter().map(|e| e.as_object().unwrap().clone()).collect()
    }

    fn ids(query: &ListQuery) -> Vec<String> {
        let order = Order::of(query, &["number", "name"]).unwrap();
        let limits = Limits { default: 3, most: 4 };
        let page = page(entries(), query, &order, limits, "things");
        page.entries.iter().map(|entry| entry["_id"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn entries_come_in_a_stable_order_and_null_comes_last() {
        let query = |sort: &str| ListQuery {
            sort: Some(sort.to_owned()),
            limit: Some(9),
            ..ListQuery::default()
        };
        assert_eq!(ids(&query("number")), ["1", "3", "4", "2"]);
        assert_eq!(ids(&query("-number")), ["3", "4", "1", "2"]);
        assert_eq!(ids(&query("name")), ["1", "3", "4", "2"]);
        let wrong = query("_id");
        assert!(Order::of(&wrong, &["number"]).is_err());
    }

    #[test]
    fn a_page_is_cut_and_filtered_and_says_of_how_many() {
        let all = ListQuery::default();
        assert_eq!(ids(&all).len(), 3);
        let later = ListQuery { offset: 3, limit: Some(100), ..ListQuery::default() };
        assert_eq!(ids(&later), ["2"]);
        let filtered = ListQuery { filter: Some("DA".to_owned()), ..ListQuery::default() };
        assert_eq!(ids(&filtered), ["1"]);
        let order = Order::of(&later, &["number"]).unwrap();
        let page = page(entries(), &later, &order, Limits { default: 1, most: 2 }, "things");
        assert_eq!((page.limit, page.total, page.offset), (2, 4, 3));
    }
}
