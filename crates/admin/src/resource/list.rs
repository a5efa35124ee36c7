//! Listing the resources of a customer.

use super::Resource;
use super::read::shown;
use crate::item::expand_gotos;
use crate::page::{ListQuery, Order, Page, cut, finds};
use crate::sent::Body;
use crate::{Admin, AdminError, permit};
use model::access::{Operation, Principal};

impl Admin {
    /// A page of what the customer has of this kind. Filter and order see only what is shown to whoever
    /// asks.
    pub async fn list_resources<R: Resource>(
        &self,
        who: &Principal,
        query: &ListQuery,
    ) -> Result<Page, AdminError> {
        let order = Order::of(query, R::SORTS)?;
        let target = self.customer_asked(who, query.customer).await?;
        let permit = permit(who, Operation::Read(R::NOUN), Some(&target))?;
        let directory = self.0.store.directory(&permit).await?;
        let entry = |one: R| {
            let entry = shown(&one, &directory, permit.view());
            finds(query, &entry, &one.also_found_by(&directory)).then_some(entry)
        };
        let all = R::all(&directory).into_iter();
        let entries = all.filter(|one| !query.available || one.is_available());
        let entries = entries.filter_map(entry).collect();
        let mut page = paged::<R>(entries, query, &order);
        if query.expand_goto {
            let expand = |entry: &mut Body| expand_gotos(R::MEMBERS, entry, &directory);
            page.entries.iter_mut().filter_map(|entry| entry.as_object_mut()).for_each(expand);
        }
        Ok(page)
    }
}

/// A page of what the filter found, condensed unless all is asked for.
fn paged<R: Resource>(entries: Vec<Body>, query: &ListQuery, order: &Order<'_>) -> Page {
    let mut page = cut(entries, query, order, R::LIMITS, R::PLURAL);
    let full = query.full || query.expand_goto || R::CONDENSED.is_empty();
    if !full {
        let entries = page.entries.iter_mut().filter_map(|entry| entry.as_object_mut());
        entries.for_each(condense::<R>);
    }
    page
}

fn condense<R: Resource>(entry: &mut Body) {
    entry.retain(|member, _| R::CONDENSED.contains(&member.as_str()));
}
