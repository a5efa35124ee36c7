//! Moving an extension to another customer: nothing may point at it or out of it, and it has to hold
//! together there as a new one would.

use super::change::{Asker, NEXT_CALL, Planned, changes, customer_faults, propose};
use super::read::document;
use crate::error::{Unavailable, Warning};
use crate::etag::IfMatch;
use crate::reference::{Reference, by_item, by_phone, to_item};
use crate::sent;
use crate::{Admin, AdminError, permit, refused};
use model::access::{Noun, Operation, Permit};
use model::change::Changed;
use model::directory::Directory;
use model::extension::Extension;
use model::extension::members::MEMBERS;
use model::id::{CustomerId, ItemId};
use model::limits::REFERENCES_SHOWN;
use model::member::Kind;
use model::pii::Name;
use model::screen::{ScreenList, Screened};
use store::{Basis, Write, WriteError};

/// What points at things of the customer, beside the gotos.
const POINTING: [&str; 4] = ["employee", "direct", "ringtone", "musicOnHold"];
/// Writes tried when others keep writing.
const ATTEMPTS: u32 = 5;

impl Admin {
    /// Changes an extension and moves it to the customer `to`.
    pub(super) async fn move_extension(
        &self,
        asker: &mut Asker<'_>,
        leave: &Permit,
        id: ItemId,
        to: CustomerId,
    ) -> Result<Vec<Warning>, AdminError> {
        let target = self.0.store.customer_target(to).await?;
        let enter = permit(asker.who, Operation::Create(Noun::Extension), target.as_ref())?;
        for _ in 0..ATTEMPTS {
            let here = self.0.store.directory(leave).await?;
            let there = self.0.store.directory(&enter).await?;
            let (leaves, Planned { write, warnings, .. }) = asker.plan_move(id, &here, &there)?;
            match self.0.store.write_moving((leave, leaves), (&enter, write)).await {
                Ok(_) => return Ok(warnings),
                Err(error) if is_overtaken(&error, asker.if_match) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }
}

fn is_overtaken(error: &WriteError, if_match: &IfMatch) -> bool {
    matches!(error, WriteError::Stale | WriteError::Missing { .. }) && !if_match.names_version()
}

impl Asker<'_> {
    /// What leaves one customer, and what comes to the other.
    fn plan_move(
        &mut self,
        id: ItemId,
        here: &Directory,
        there: &Directory,
    ) -> Result<(Write, Planned), AdminError> {
        let (before, revision) = self.seen(here, id)?;
        let mut patch = self.permitted_patch(here, before)?;
        patch.faults.extend(customer_faults(self.customers, &patch.changes));
        let next_call = patch.changes.iter().any(|change| change.member.path == NEXT_CALL);
        self.check_next_call(next_call)?;
        let mut moved = document(before);
        for change in &patch.changes {
            sent::set(&mut moved, change.member.path, change.value.clone());
        }
        let bound = bonds(here, before, &moved);
        if patch.faults.is_empty() && !bound.is_empty() {
            return Err(AdminError::Referenced(bound));
        }
        // All of it is new there, and is looked at as that.
        let blank = Extension::new(id, there.customer.id, Name::new(""));
        let mut arriving = changes(&moved, &document(&blank));
        arriving.faults.extend(patch.faults);
        let mut planned = propose(there, &blank, None, arriving)?;
        planned.write.changed.extend(lists(here, id, there.customer.id));
        let based_on = Some(Basis::Item(id, revision));
        Ok((Write { based_on, changed: vec![Changed::ItemGone(id)] }, planned))
    }
}

/// What keeps the extension where it is: what points at it, and by which members it still would point
/// at things of its customer.
fn bonds(directory: &Directory, extension: &Extension, moved: &sent::Body) -> Vec<Reference> {
    let id = extension.id;
    let mut bonds = to_item(directory, id);
    bonds.extend(directory.phones_of(id).map(|phone| by_phone(phone, "extension")));
    let stored = document(extension);
    let points = |member: &&'static str| {
        let value = sent::lookup(moved, member);
        value.is_some_and(|value| !value.is_null()) && value == sent::lookup(&stored, member)
    };
    let gotos = MEMBERS.iter().filter(|member| member.kind == Kind::Goto).map(|member| member.path);
    let own = POINTING.into_iter().chain(gotos).filter(points);
    if let Some(item) = directory.item(id) {
        bonds.extend(own.map(|member| by_item(item, member)));
    }
    bonds.truncate(REFERENCES_SHOWN);
    bonds
}

/// Its lists, which go with it.
fn lists(directory: &Directory, extension: ItemId, customer: CustomerId) -> Vec<Changed> {
    let entries = ScreenList::ALL.iter().flat_map(|list| {
        directory.screen(extension, *list).map(move |entry| {
            Changed::Screened(Screened { customer, extension, list: *list, entry })
        })
    });
    entries.collect()
}
