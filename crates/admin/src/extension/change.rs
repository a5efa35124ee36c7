//! Changing an extension: what the body changes, whether this principal may, whether the result holds
//! together, and then one write.

use super::read::{Expand, document};
use super::rules::{self, Proposal};
use super::{phones, primary};
use crate::error::{Fault, Unavailable, Warning};
use crate::etag::{IfMatch, Seen};
use crate::patch::{self, MemberChange, Patch};
use crate::sent::{self, Body};
use crate::{Admin, AdminError, permit, refused};
use model::access::{Noun, Operation, Principal, Target};
use model::directory::Directory;
use model::extension::Extension;
use model::extension::members::MEMBERS;
use model::id::{CustomerId, ItemId};
use model::item::{ItemKind, Revision};
use model::member::Member;
use serde_json::Value;
use store::{Basis, Subject, Write, WriteError};

/// Writes tried when others keep writing the same extension.
const ATTEMPTS: u32 = 5;
/// A call may consume it between reading and writing.
const NEXT_CALL: &str = "outbound.callerId.onNextCall";

/// A changed extension, as its writer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The extension.
    pub seen: Seen,
    /// What was stored and probably isn't meant.
    pub warnings: Vec<Warning>,
}

/// A change that holds together: what to write over which revision.
pub(super) struct Planned {
    pub(super) write: Write,
    pub(super) warnings: Vec<Warning>,
    next_call: bool,
}

impl Admin {
    /// Changes the members that the body sends. Without `if_match` a write that others overtook is
    /// planned again on what they wrote, in turn with the others that were overtaken.
    pub async fn change_extension(
        &self,
        who: &Principal,
        id: ItemId,
        body: &Body,
        if_match: &IfMatch,
        expand: Expand,
    ) -> Result<Changed, AdminError> {
        let target = self.store.target(Subject::Item(id)).await?;
        let leave = permit(who, Operation::Change(Noun::Extension, &[]), target.as_ref());
        let leave = leave.map_err(|error| name_members(error, body))?;
        let target = target.ok_or(AdminError::NotFound)?;
        let mut asker = Asker { who, target: &target, body, if_match, next_call: None };
        let mut turn = None;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 && turn.is_none() {
                turn = self.turns.wait(Subject::Item(id)).await;
            }
            let directory = self.store.directory(&leave).await?;
            let planned = self.plan(&mut asker, &directory, id).await?;
            if !planned.write.changed.is_empty() {
                match self.store.write(&leave, planned.write).await {
                    Ok(_) => {}
                    Err(error) if is_overtaken(&error, if_match) => continue,
                    Err(error) => return Err(refused(error)),
                }
            }
            let seen = self.read_extension(who, id, expand).await?;
            return Ok(Changed { seen, warnings: planned.warnings });
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }

    async fn plan(
        &self,
        asker: &mut Asker<'_>,
        directory: &Directory,
        id: ItemId,
    ) -> Result<Planned, AdminError> {
        let item = directory.item(id).ok_or(AdminError::NotFound)?;
        let before = item.extension().ok_or(AdminError::NotFound)?;
        if !asker.if_match.allows(&item.revision.0.to_string()) {
            return Err(AdminError::Precondition);
        }
        let mut patch = asker.permitted_patch(directory, before)?;
        patch.faults.extend(self.customer_faults(asker, &patch.changes).await?);
        let planned = propose(directory, before, item.revision, patch)?;
        asker.check_next_call(planned.next_call)?;
        Ok(planned)
    }

    /// `customer` and `billingCustomer` point out of the directory.
    async fn customer_faults(
        &self,
        asker: &Asker<'_>,
        changes: &[MemberChange],
    ) -> Result<Vec<Fault>, AdminError> {
        let mut faults = Vec::new();
        for change in changes.iter().filter(|c| is_customer(c.member)) {
            let Some(text) = change.value.as_str() else { continue };
            let id: Option<CustomerId> = text.parse().ok();
            let target = match id {
                Some(id) => self.store.customer_target(id).await?,
                None => None,
            };
            let operation = Operation::Change(Noun::Extension, &[change.member]);
            if permit(asker.who, operation, target.as_ref()).is_err() {
                faults.push(Fault::of(change.member.path, "no such customer"));
            } else if change.member.path == "customer" {
                // Its employee, phones and gotos would stay behind.
                return Err(AdminError::Conflict { member: "customer", by: None });
            }
        }
        Ok(faults)
    }
}

/// Who asks, for what, of which extension.
struct Asker<'a> {
    who: &'a Principal,
    target: &'a Target,
    body: &'a Body,
    if_match: &'a IfMatch,
    /// Whether the first attempt changed `onNextCall`.
    next_call: Option<bool>,
}

impl Asker<'_> {
    /// What the body changes, if this principal may change all of it.
    fn permitted_patch(
        &self,
        directory: &Directory,
        before: &Extension,
    ) -> Result<Patch, AdminError> {
        let mut body = self.body.clone();
        let phones_kept = phones::take_sent_back(&mut body, directory, before.id);
        let patch = changes(&body, &document(before));
        let members: Vec<&'static Member> =
            patch.changes.iter().map(|change| change.member).collect();
        let mut denied =
            match permit(self.who, Operation::Change(Noun::Extension, &members), Some(self.target))
            {
                Ok(_) => Vec::new(),
                Err(AdminError::Denied(members)) => members,
                Err(error) => return Err(error),
            };
        if !phones_kept {
            denied.push("phones".to_owned());
        }
        if denied.is_empty() { Ok(patch) } else { Err(AdminError::Denied(denied)) }
    }

    /// Keeps a consumed `onNextCall` from being armed again by somebody who only sends back what was
    /// read: a body with `_id` in it is a document read earlier, and a later attempt changes what the
    /// first one left.
    fn check_next_call(&mut self, changes: bool) -> Result<(), AdminError> {
        let changed_at_first = *self.next_call.get_or_insert(changes);
        let arms = sent::lookup(self.body, NEXT_CALL).is_some_and(|number| !number.is_null());
        let sent_back = self.body.contains_key("_id") || !changed_at_first;
        if changes && arms && sent_back && !self.if_match.names_version() {
            return Err(AdminError::Precondition);
        }
        Ok(())
    }
}

/// What a body changes of an extension. With an employee its name is the employee's, whatever is sent.
pub(super) fn changes(body: &Body, current: &Body) -> Patch {
    let employee = body.get("employee").or_else(|| current.get("employee"));
    let ignored: &[&str] =
        if employee.is_some_and(|employee| !employee.is_null()) { &["name"] } else { &[] };
    patch::changes(MEMBERS, body, current, ignored)
}

/// The extension with the changes made, if it holds together.
pub(super) fn propose(
    directory: &Directory,
    before: &Extension,
    revision: Revision,
    patch: Patch,
) -> Result<Planned, AdminError> {
    let Patch { changes, mut faults } = patch;
    let mut proposed = document(before);
    for change in &changes {
        sent::set(&mut proposed, change.member.path, change.value.clone());
    }
    let mut after: Extension = serde_json::from_value(Value::Object(proposed.clone()))
        .map_err(|error| AdminError::Invalid(vec![Fault::of("extension", error.to_string())]))?;
    let (unread, changes) = (faults.as_slice(), changes.as_slice());
    let proposal = Proposal { directory, after: &after, document: &proposed, changes, unread };
    let warnings = rules::warnings(&proposal);
    let found = rules::faults(&proposal);
    faults.extend(found);
    let changed = |path: &str| changes.iter().any(|change| change.member.path == path);
    let (said, next_call) = (changed("primary"), changed(NEXT_CALL));
    let heir = primary::settle(directory, before, &mut after, said).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    if !faults.is_empty() {
        sent::sort(&mut faults, &super::PATHS);
        return Err(AdminError::Invalid(faults));
    }
    let this = (after != *before).then_some(after.clone());
    let changed = this
        .into_iter()
        .chain(heir)
        .map(|e| model::change::Changed::Item(ItemKind::Extension(Box::new(e))));
    let based_on = Some(Basis::Item(after.id, revision));
    let write = Write { based_on, changed: changed.collect() };
    Ok(Planned { write, warnings, next_call })
}

fn is_customer(member: &Member) -> bool {
    matches!(member.path, "customer" | "billingCustomer")
}

/// Somebody without any right here is told the members it sent: which of them it would have changed
/// isn't for it to know.
fn name_members(error: AdminError, body: &Body) -> AdminError {
    match error {
        AdminError::Denied(_) => AdminError::Denied(patch::members_sent(MEMBERS, body)),
        error => error,
    }
}

/// Whether the write can be planned again: somebody else's came first, or a thing it points at went.
fn is_overtaken(error: &WriteError, if_match: &IfMatch) -> bool {
    matches!(error, WriteError::Stale | WriteError::Missing { .. }) && !if_match.names_version()
}
