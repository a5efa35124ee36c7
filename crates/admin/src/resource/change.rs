//! Changing a resource: what the body changes, whether this principal may, whether the result holds
//! together, and then one write; planned again on what others wrote meanwhile.

use super::read::{EXTRA, document, seen, shown};
use super::{Proposal, Resource, Written};
use crate::error::{Fault, Unavailable, Warning};
use crate::etag::IfMatch;
use crate::patch::{self, MemberChange, Patch};
use crate::sent::{self, Body};
use crate::{Admin, AdminError, permit, refused};
use model::access::{Operation, Principal, Target, View};
use model::directory::Directory;
use model::member::{Acts, Kind, Member, Writer, member};
use model::pii::Secret;
use model::token::TokenHash;
use serde_json::Value;
use store::{Ended, Logins, Subject, Write, WriteError};

/// Writes tried when others keep writing the same thing.
const ATTEMPTS: u32 = 5;

/// What isn't known here, as one member: who may write the rest may write that.
static EXTRA_MEMBER: Member =
    member(EXTRA, Kind::View, true, Writer::Manager, Acts::Is, "Members that aren't known here.");

/// What a change comes to.
pub(crate) struct Planned<R> {
    pub(crate) after: R,
    /// A password that was sent.
    pub(crate) password: Option<Secret<String>>,
    pub(crate) warnings: Vec<Warning>,
}

impl Admin {
    /// Changes the members that the body sends. A new password ends every login but the one of the
    /// token `in_use`.
    pub async fn change_resource<R: Resource>(
        &self,
        (who, in_use): (&Principal, Option<TokenHash>),
        id: R::Id,
        body: &Body,
        if_match: &IfMatch,
        expand_goto: bool,
    ) -> Result<Written, AdminError> {
        let target = self.0.store.target(R::subject(id)).await?;
        let leave = permit(who, Operation::Change(R::NOUN, &[]), target.as_ref())
            .map_err(|error| name_members::<R>(error, body))?;
        let target = target.ok_or(AdminError::NotFound)?;
        let (mut turn, mut logins) = (None, None);
        for attempt in 0..ATTEMPTS {
            if attempt > 0 && turn.is_none() {
                turn = self.0.turns.wait(R::subject(id)).await;
            }
            let directory = self.0.store.directory(&leave).await?;
            let before = R::lookup(&directory, id).ok_or(AdminError::NotFound)?;
            if !if_match.allows(&seen(&before, &directory, &leave).etag) {
                return Err(AdminError::Precondition);
            }
            let mut draft = draft(who, &target, &directory, &before, body)?;
            draft.elsewhere(self, who, &before).await?;
            let planned = propose(who, &directory, &before, draft)?;
            if planned.after != before || planned.password.is_some() {
                if logins.is_none() {
                    let password = planned.password.as_ref().map(|new| (R::subject(id), new));
                    logins = Some(self.logins(password, in_use).await?);
                }
                let (based_on, after) = (before.basis(&directory), planned.after.put(&directory));
                let write = Write { based_on: Some(based_on), changed: vec![after] };
                let logins = logins.clone().unwrap_or_default();
                match self.0.store.write_with(&leave, write, logins).await.map(drop) {
                    Ok(()) => {}
                    Err(error) if is_overtaken(&error, if_match) => continue,
                    Err(error) => return Err(refused(error)),
                }
            }
            let seen = self.read_permitted::<R>(&leave, id, expand_goto).await?;
            return Ok(Written { seen, warnings: planned.warnings });
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }

    /// What a new password changes, once it is hashed.
    pub(crate) async fn logins(
        &self,
        password: Option<(Subject, &Secret<String>)>,
        in_use: Option<TokenHash>,
    ) -> Result<Logins, AdminError> {
        let Some((Subject::Employee(employee), password)) = password else {
            return Ok(Logins::default());
        };
        let hash = self.0.passwords.hash(password.reveal()).await?;
        let ended = vec![Ended::Logins(employee, in_use)];
        Ok(Logins { passwords: vec![(employee, hash)], ended, ..Logins::default() })
    }
}

/// What the body makes of a resource, if this principal may make it so.
fn draft<R: Resource>(
    who: &Principal,
    target: &Target,
    directory: &Directory,
    before: &R,
    body: &Body,
) -> Result<Draft, AdminError> {
    let Parts { stored, body, extra } = parts(before, body);
    let patch = patch::changes(R::MEMBERS, &body, &shown(before, directory, View::Whole), &[]);
    let mut members: Vec<&'static Member> = patch.changes.iter().map(|c| c.member).collect();
    if extra.as_ref().is_ok_and(|extra| *extra != document(before).1) {
        members.push(&EXTRA_MEMBER);
    }
    permit(who, Operation::Change(R::NOUN, &members), Some(target))?;
    let denied = R::denied(who, before, &members);
    if !denied.is_empty() {
        return Err(AdminError::Denied(denied));
    }
    if members.iter().any(|member| member.path == "customer") {
        // What it points at would stay behind.
        return Err(AdminError::Conflict { member: "customer", by: None });
    }
    Ok(Draft { stored, patch, extra })
}

/// A thing as it is stored, and what a body says of it.
pub(super) struct Parts {
    pub(super) stored: Body,
    /// What was sent of members that are known.
    pub(super) body: Body,
    /// All that isn't known, if it fits.
    pub(super) extra: Result<Body, Fault>,
}

pub(super) fn parts<R: Resource>(before: &R, body: &Body) -> Parts {
    let (stored, extra) = document(before);
    let mut body = body.clone();
    let extra = match keeps_extra(before) {
        true => patch::take_extra(R::MEMBERS, &mut body, &extra),
        false => Ok(extra),
    };
    Parts { stored, body, extra }
}

/// What a body comes to, before it is known whether that holds together.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) stored: Body,
    pub(super) patch: Patch,
    pub(super) extra: Result<Body, Fault>,
}

impl Draft {
    /// Looks at what points out of the customer.
    pub(super) async fn elsewhere<R: Resource>(
        &mut self,
        admin: &Admin,
        who: &Principal,
        before: &R,
    ) -> Result<(), AdminError> {
        let faults = R::outside_faults(admin, who, before, &self.patch.changes).await?;
        self.patch.faults.extend(faults);
        Ok(())
    }
}

/// The resource with the changes made, if it holds together.
pub(super) fn propose<R: Resource>(
    who: &Principal,
    directory: &Directory,
    before: &R,
    draft: Draft,
) -> Result<Planned<R>, AdminError> {
    let Draft { stored: mut document, patch: Patch { changes, mut faults }, extra } = draft;
    let (secret, open): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| change.member.kind == Kind::Password);
    for change in open {
        sent::set(&mut document, change.member.path, change.value.clone());
    }
    let password = secret.first().and_then(|change| change.value.as_str());
    let password = password.map(|text| Secret::new(text.to_owned()));
    match extra {
        Ok(extra) if keeps_extra(before) => {
            document.insert(EXTRA.to_owned(), Value::Object(extra));
        }
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    let after = match serde_json::from_value::<R>(Value::Object(document)) {
        Ok(after) => after,
        // A needed member whose value was no good has none.
        Err(error) => return Err(invalid::<R>(faults, &error)),
    };
    let changes: &[MemberChange] = &changes;
    let proposal = Proposal { who, directory, before, after: &after, changes };
    faults.extend(R::faults(&proposal));
    let warnings = R::warnings(&proposal);
    if faults.is_empty() {
        return Ok(Planned { after, password, warnings });
    }
    sent::sort(&mut faults, &patch::paths(R::MEMBERS));
    Err(AdminError::Invalid(faults))
}

fn invalid<R: Resource>(mut faults: Vec<Fault>, error: &serde_json::Error) -> AdminError {
    if faults.is_empty() {
        faults.push(Fault::of("body", error.to_string()));
    }
    sent::sort(&mut faults, &patch::paths(R::MEMBERS));
    AdminError::Invalid(faults)
}

/// Whether what isn't known here is kept with the resource.
pub(super) fn keeps_extra<R: Resource>(resource: &R) -> bool {
    serde_json::to_value(resource).is_ok_and(|stored| stored.get(EXTRA).is_some())
}

/// Somebody without any right here is told the members it sent: which of them it would have changed
/// isn't for it to know.
fn name_members<R: Resource>(error: AdminError, body: &Body) -> AdminError {
    match error {
        AdminError::Denied(_) => AdminError::Denied(patch::members_sent(R::MEMBERS, body)),
        error => error,
    }
}

/// Whether the write can be planned again: somebody else's came first, or a thing it points at went.
fn is_overtaken(error: &WriteError, if_match: &IfMatch) -> bool {
    matches!(error, WriteError::Stale | WriteError::Missing { .. }) && !if_match.names_version()
}
