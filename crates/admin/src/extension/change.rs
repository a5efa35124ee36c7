//! Changing an extension: what the body changes, whether this principal may, whether the result holds
//! together, and then one write.

use super::read::{Expand, document};
use super::rules::{self, Proposal};
use super::{phones, primary};
use crate::error::{Fault, Warning};
use crate::etag::{IfMatch, Seen};
use crate::patch::{self, MemberChange, Patch};
use crate::sent::{self, Body};
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Principal, Target};
use model::directory::Directory;
use model::extension::Extension;
use model::extension::members::MEMBERS;
use model::id::{CustomerId, ItemId};
use model::item::{ItemKind, Revision};
use model::member::Member;
use serde_json::Value;
use std::collections::BTreeSet;
use store::{Basis, Subject, Write};

/// A call may consume it between reading and writing.
pub(super) const NEXT_CALL: &str = "outbound.callerId.onNextCall";

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
        let target = self.0.store.target(Subject::Item(id)).await?;
        let leave = permit(who, Operation::Change(Noun::Extension, &[]), target.as_ref());
        let leave = leave.map_err(|error| name_members(error, body))?;
        let target = target.ok_or(AdminError::NotFound)?;
        let customers = self.customers_named(who, body).await?;
        let mut asker =
            Asker { who, target: &target, body, if_match, customers: &customers, next_call: None };
        let warnings = match asker.destination() {
            Some(to) => self.move_extension(&mut asker, &leave, id, to).await?,
            None => {
                let plan = |directory: &Directory| asker.plan(directory, id);
                self.write_planned(&leave, Subject::Item(id), if_match, plan).await?
            }
        };
        let seen = self.read_extension(who, id, expand).await?;
        Ok(Changed { seen, warnings })
    }

    /// `customer` and `billingCustomer` point out of the directory: those of them that a body names and
    /// this principal may write there.
    pub(super) async fn customers_named(
        &self,
        who: &Principal,
        body: &Body,
    ) -> Result<BTreeSet<CustomerId>, AdminError> {
        let mut named = BTreeSet::new();
        for member in MEMBERS.iter().filter(|member| is_customer(member)) {
            let id = body.get(member.path).and_then(Value::as_str).and_then(|id| id.parse().ok());
            let Some(id) = id else { continue };
            let target = self.0.store.customer_target(id).await?;
            let operation = Operation::Change(Noun::Extension, &[member]);
            if permit(who, operation, target.as_ref()).is_ok() {
                named.insert(id);
            }
        }
        Ok(named)
    }
}

/// The customers that a change points at and that the writer may not write to: they answer as those
/// that don't exist.
pub(super) fn customer_faults(
    customers: &BTreeSet<CustomerId>,
    changes: &[MemberChange],
) -> Vec<Fault> {
    let changes = changes.iter().filter(|change| is_customer(change.member));
    let foreign = changes.filter(|change| {
        let id = change.value.as_str().map(str::parse);
        id.is_some_and(|id| !id.is_ok_and(|id| customers.contains(&id)))
    });
    foreign.map(|change| Fault::of(change.member.path, "no such customer")).collect()
}

/// Who asks, for what, of which extension.
pub(super) struct Asker<'a> {
    pub(super) who: &'a Principal,
    target: &'a Target,
    body: &'a Body,
    pub(super) if_match: &'a IfMatch,
    /// Those that the body may name.
    pub(super) customers: &'a BTreeSet<CustomerId>,
    /// Whether the first attempt changed `onNextCall`.
    next_call: Option<bool>,
}

impl Asker<'_> {
    /// Another customer that the extension is to belong to, and that may be written to.
    fn destination(&self) -> Option<CustomerId> {
        let sent = self.body.get("customer").and_then(Value::as_str)?.parse().ok()?;
        (sent != self.target.customer && self.customers.contains(&sent)).then_some(sent)
    }

    /// The extension as it is, if that is what If-Match says.
    pub(super) fn seen<'d>(
        &self,
        directory: &'d Directory,
        id: ItemId,
    ) -> Result<(&'d Extension, Revision), AdminError> {
        let item = directory.item(id).ok_or(AdminError::NotFound)?;
        let before = item.extension().ok_or(AdminError::NotFound)?;
        if !self.if_match.allows(&item.revision.0.to_string()) {
            return Err(AdminError::Precondition);
        }
        Ok((before, item.revision))
    }

    fn plan(
        &mut self,
        directory: &Directory,
        id: ItemId,
    ) -> Result<(Write, Vec<Warning>), AdminError> {
        let (before, revision) = self.seen(directory, id)?;
        let mut patch = self.permitted_patch(directory, before)?;
        patch.faults.extend(customer_faults(self.customers, &patch.changes));
        let planned = propose(directory, before, Some(revision), patch)?;
        self.check_next_call(planned.next_call)?;
        Ok((planned.write, planned.warnings))
    }

    /// What the body changes, if this principal may change all of it.
    pub(super) fn permitted_patch(
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
    pub(super) fn check_next_call(&mut self, changes: bool) -> Result<(), AdminError> {
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

/// The extension with the changes made, if it holds together. One without a revision is new.
pub(super) fn propose(
    directory: &Directory,
    before: &Extension,
    revision: Option<Revision>,
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
    let this = (revision.is_none() || after != *before).then_some(after.clone());
    let changed =
        this.into_iter().chain(heir).map(|e| model::change::Changed::Item(ItemKind::Extension(e)));
    let based_on = revision.map(|revision| Basis::Item(after.id, revision));
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
