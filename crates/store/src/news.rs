//! What other processes have changed: which things, sorted by customer, and how they come into memory
//! once they are read. Decides that following several revisions at once comes to the same as loading
//! them. Pure.

use crate::token::Grant;
use crate::write;
use model::change::{Change, Changed};
use model::id::{CustomerId, ItemId};
use model::item::{ItemKind, Revision};
use model::phone::SipAccount;
use model::token::TokenHash;
use std::collections::{BTreeMap, BTreeSet};

/// One row of the change feed.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) customer: CustomerId,
    pub(crate) revision: Revision,
    /// The kind of thing and its id.
    pub(crate) name: (String, String),
}

/// What changed in one customer since the revision that is in memory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) customer: CustomerId,
    pub(crate) revision: Revision,
    pub(crate) names: BTreeSet<(String, String)>,
}

/// The feed doesn't go back far enough.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pruned;

/// Sorts entries by customer, without those that are in memory already: our own among them. Every
/// revision has an entry, so one that is missing was dropped.
pub(crate) fn sort(
    entries: Vec<Entry>,
    known: impl Fn(CustomerId) -> Revision,
) -> Result<Vec<Named>, Pruned> {
    let mut sorted: BTreeMap<CustomerId, Named> = BTreeMap::new();
    for Entry { customer, revision, name, .. } in entries {
        let known = known(customer);
        if revision <= known {
            continue;
        }
        let nothing = Named { customer, revision: known, names: BTreeSet::new() };
        let named = sorted.entry(customer).or_insert(nothing);
        if revision.0 > named.revision.0.saturating_add(1) {
            return Err(Pruned);
        }
        named.revision = named.revision.max(revision);
        named.names.insert(name);
    }
    Ok(sorted.into_values().collect())
}

/// What changed in one customer, as it is at a revision.
#[derive(Debug)]
pub(crate) struct News {
    pub(crate) customer: CustomerId,
    pub(crate) revision: Revision,
    /// Everything but items that are there.
    pub(crate) changed: Vec<Changed>,
    /// Items, and the revision that each has.
    pub(crate) items: BTreeMap<ItemId, (Revision, ItemKind)>,
    /// Accounts by user name; none if it isn't this customer's.
    pub(crate) accounts: Vec<(String, Option<SipAccount>)>,
    /// Tokens; none if it is gone.
    pub(crate) tokens: Vec<(TokenHash, Option<Grant>)>,
}

impl News {
    pub(crate) fn of(customer: CustomerId, revision: Revision) -> Self {
        let (changed, items) = (Vec::new(), BTreeMap::new());
        let (accounts, tokens) = (Vec::new(), Vec::new());
        Self { customer, revision, changed, items, accounts, tokens }
    }

    /// The changes that bring a directory from this revision to that of the news.
    pub(crate) fn changes(&self, after: Revision) -> Vec<Change> {
        let mut first = self.changed.clone();
        write::order(&mut first);
        let newer = self.items.values().filter(|(revision, _)| *revision > after);
        let mut items: Vec<_> = newer.cloned().collect();
        items.sort_by_key(|(revision, _)| *revision);
        let items = items.into_iter().map(|(revision, item)| (revision, Changed::Item(item)));
        changes(self.customer, self.revision, first, items.collect())
    }
}

/// The changes that make all of it, up to revision `now`. Items come by rising revision, and each
/// keeps its own; employees go first, since names follow them.
pub(crate) fn changes(
    customer: CustomerId,
    now: Revision,
    first: Vec<Changed>,
    items: Vec<(Revision, Changed)>,
) -> Vec<Change> {
    let start = items.first().map_or(now, |(revision, _)| *revision);
    let mut changes = Vec::new();
    let mut change = Change { customer, revision: start, changed: first };
    for (revision, item) in items {
        if revision != change.revision {
            let next = Change { customer, revision, changed: Vec::new() };
            changes.push(std::mem::replace(&mut change, next));
        }
        change.changed.push(item);
    }
    changes.push(change);
    changes.push(Change { customer, revision: now, changed: Vec::new() });
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(customer: u8, revision: u64, id: &str) -> Entry {
        Entry {
            seq: 0,
            customer: CustomerId::from_bytes([customer; 12]),
            revision: Revision(revision),
            name: ("item".into(), id.into()),
        }
    }

    #[test]
    fn entries_count_from_what_is_known_and_a_hole_is_noticed() {
        let known = |customer: CustomerId| Revision(u64::from(customer.bytes()[0]));
        for (entries, expected) in [
            (vec![], Ok(vec![])),
            (vec![entry(4, 3, "a"), entry(4, 4, "b")], Ok(vec![])),
            (vec![entry(4, 4, "a"), entry(4, 5, "b"), entry(4, 5, "c")], Ok(vec![(4, 5, "b c")])),
            (vec![entry(4, 5, "a"), entry(4, 6, "b"), entry(4, 6, "a")], Ok(vec![(4, 6, "a b")])),
            (vec![entry(9, 10, "a"), entry(4, 5, "b")], Ok(vec![(4, 5, "b"), (9, 10, "a")])),
            (vec![entry(4, 6, "a")], Err(Pruned)),
            (vec![entry(4, 5, "a"), entry(4, 7, "b")], Err(Pruned)),
            (vec![entry(0, 1, "new")], Ok(vec![(0, 1, "new")])),
        ] {
            let shown = format!("{entries:?}");
            let sorted = sort(entries, known).map(|all| {
                let words = |named: &Named| {
                    named.names.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>().join(" ")
                };
                all.iter()
                    .map(|named| (named.customer.bytes()[0], named.revision.0, words(named)))
                    .collect::<Vec<_>>()
            });
            let expected = expected.map(|all| {
                all.into_iter()
                    .map(|(customer, revision, ids)| (customer, revision, ids.to_owned()))
                    .collect::<Vec<_>>()
            });
            assert_eq!(sorted, expected, "{shown}");
        }
    }
}
