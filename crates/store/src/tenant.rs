//! What is always in memory of every customer, and the decision what to do with a directory that was
//! loaded while writes went on. Pure.

use crate::news::News;
use imbl::HashMap;
use model::change::{Change, Changed};
use model::directory::Directory;
use model::id::CustomerId;
use model::item::Revision;
use std::sync::Arc;

/// Customers above a customer: resellers of resellers of resellers are as deep as it gets.
pub(crate) const RESELLERS: usize = 16;

/// A customer, and its directory if that is loaded.
#[derive(Clone, Debug)]
pub(crate) struct Tenant {
    /// The last revision that was published.
    pub(crate) revision: Revision,
    /// Who resells to it.
    pub(crate) reseller: Option<CustomerId>,
    /// The loaded directory, never older than `revision`. Eviction would clear it here.
    pub(crate) directory: Option<Arc<Directory>>,
}

/// Every customer. A look-up among many touches half of what an ordered map's does, and each request makes one.
pub(crate) type Tenants = HashMap<CustomerId, Tenant>;

/// What to do with a directory that a load has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// Keep it from now on.
    Install,
    /// There is one already that is as new.
    Discard,
    /// It is older than what was published meanwhile: of no use to anybody.
    Late,
}

/// Decides about a directory that was loaded at `loaded`, where `current` is the one in memory and
/// `published` the last revision that was published.
pub(crate) fn decide(current: Option<Revision>, published: Revision, loaded: Revision) -> Loaded {
    if current.is_some_and(|current| current >= loaded) {
        Loaded::Discard
    } else if loaded < published {
        Loaded::Late
    } else {
        Loaded::Install
    }
}

/// Whether this ends the customer.
pub(crate) fn is_gone(changed: &[Changed]) -> bool {
    changed.iter().any(|changed| matches!(changed, Changed::CustomerGone(_)))
}

/// The tenant after a change. Its directory follows if it is loaded; a new customer's starts here.
pub(crate) fn follow(before: Option<&Tenant>, change: &Change) -> Option<Tenant> {
    let customer = change.changed.iter().rev().find_map(|changed| match changed {
        Changed::Customer(customer) => Some(customer),
        _ => None,
    });
    let mut tenant = match (before, customer) {
        (Some(tenant), _) => tenant.clone(),
        (None, Some(customer)) => Tenant {
            revision: Revision::default(),
            reseller: None,
            directory: Some(Arc::new(Directory::empty(customer.clone()))),
        },
        (None, None) => return None,
    };
    tenant.revision = tenant.revision.max(change.revision);
    if let Some(customer) = customer {
        tenant.reseller = customer.reseller;
    }
    tenant.directory = tenant.directory.map(|directory| Arc::new(directory.apply(change)));
    Some(tenant)
}

/// The tenant after what others have changed.
pub(crate) fn follow_news(before: Option<&Tenant>, news: &News) -> Option<Tenant> {
    let directory = before.and_then(|tenant| tenant.directory.as_ref());
    let after = directory.map_or(Revision::default(), |directory| directory.revision);
    news.changes(after)
        .iter()
        .fold(before.cloned(), |tenant, change| follow(tenant.as_ref(), change).or(tenant))
}

/// The tenant as it was read, if that is newer. Its directory comes along where it was loaded; one in
/// memory that is newer still stays.
pub(crate) fn newer(before: Option<&Tenant>, read: &Tenant) -> Option<Tenant> {
    if before.is_some_and(|tenant| tenant.revision >= read.revision) {
        return None;
    }
    let directories =
        [before.and_then(|tenant| tenant.directory.as_ref()), read.directory.as_ref()];
    let usable = directories.into_iter().flatten().filter(|d| d.revision >= read.revision);
    let directory = usable.max_by_key(|directory| directory.revision).cloned();
    Some(Tenant { directory, ..read.clone() })
}

/// The customer's reseller, that one's, and so on; ends at a circle.
pub(crate) fn resellers(tenants: &Tenants, customer: CustomerId) -> Vec<CustomerId> {
    let mut chain = Vec::new();
    let mut next = tenants.get(&customer).and_then(|tenant| tenant.reseller);
    while let Some(reseller) = next.filter(|id| *id != customer && !chain.contains(id)) {
        if chain.len() == RESELLERS {
            break;
        }
        chain.push(reseller);
        next = tenants.get(&reseller).and_then(|tenant| tenant.reseller);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_that_finishes_late_is_not_kept() {
        let r = Revision;
        for (current, published, loaded, expected) in [
            (None, r(3), r(3), Loaded::Install),
            // Committed but not published yet: the change will find it applied.
            (None, r(3), r(4), Loaded::Install),
            (None, r(4), r(3), Loaded::Late),
            (Some(r(3)), r(3), r(3), Loaded::Discard),
            (Some(r(4)), r(4), r(3), Loaded::Discard),
            (Some(r(3)), r(3), r(4), Loaded::Install),
        ] {
            assert_eq!(decide(current, published, loaded), expected, "{current:?} {published:?}");
        }
    }

    #[test]
    fn resellers_go_upward_and_a_circle_ends() {
        let id = |byte| CustomerId::from_bytes([byte; 12]);
        let tenant = |reseller| Tenant { revision: Revision(1), reseller, directory: None };
        let tenants: Tenants = [
            (id(1), tenant(Some(id(2)))),
            (id(2), tenant(Some(id(3)))),
            (id(3), tenant(Some(id(1)))),
            (id(4), tenant(None)),
        ]
        .into_iter()
        .collect();
        assert_eq!(resellers(&tenants, id(1)), [id(2), id(3)]);
        assert_eq!(resellers(&tenants, id(4)), []);
        assert_eq!(resellers(&tenants, id(5)), []);
    }
}
