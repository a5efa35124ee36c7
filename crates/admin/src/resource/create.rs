//! Making a resource: for which customer, whether this principal may, whether it holds together.

use super::Made;
use super::change::{Draft, Parts, Planned, parts, propose};
use super::read::seen;
use crate::error::Fault;
use crate::once::{Created, Making, OnceKey};
use crate::patch;
use crate::sent::{self, Body};
use crate::{Admin, AdminError, drawn, permit};
use model::access::{Noun, Operation, Principal, Target};
use model::directory::Directory;
use model::id::CustomerId;
use model::member::Member;
use serde_json::Value;
use store::Write;

impl Admin {
    /// Makes a resource of the members that the body sends; the others have their defaults.
    pub async fn create_resource<R: Made>(
        &self,
        who: &Principal,
        body: &Body,
        once: Option<&OnceKey>,
    ) -> Result<Created, AdminError> {
        let target = self.customer_to_write(who, body).await?;
        let leave = permit(who, Operation::Create(R::NOUN), Some(&target))?;
        let before = R::draw(drawn()?, target.customer);
        let mut draft = draft_new::<R>(who, &target, &before, body)?;
        draft.elsewhere(self, who, &before).await?;
        let realm = &self.0.store.installation().realm;
        let mut issued = None;
        let plan = |directory: &Directory| {
            let planned = propose(who, directory, &before, draft.clone())?;
            let Planned { mut after, password, warnings } = planned;
            let (id, leave) = (after.id(), leave.clone());
            issued = after.issue(realm)?;
            let password = password.map(|password| (R::subject(id), password));
            let account = issued.as_ref().map(|issued| issued.account.clone());
            let write = Write { based_on: None, changed: vec![after.put(directory)] };
            let show = move |directory: &Directory| {
                let seen = seen(&R::lookup(directory, id)?, directory, &leave);
                let warnings = warnings.iter().map(ToString::to_string).collect();
                Some(Created { id: id.to_string(), seen, warnings })
            };
            Ok(Making { write, account, password, show: Box::new(show) })
        };
        let mut created = self.make(who, &leave, once, plan).await?;
        // What was made before with this key is shown without the secret: that isn't kept.
        if let Some(issued) = issued.filter(|_| created.id == before.id().to_string()) {
            created.seen = issued.show(created.seen);
        }
        Ok(created)
    }

    /// The customer that a new thing is to belong to. Another customer's answers exactly as one that
    /// doesn't exist.
    pub(crate) async fn customer_to_write(
        &self,
        who: &Principal,
        body: &Body,
    ) -> Result<Target, AdminError> {
        let fault = |detail: &str| AdminError::Invalid(vec![Fault::of("customer", detail)]);
        let text = match body.get("customer") {
            None | Some(Value::Null) => return Err(fault("is needed")),
            Some(Value::String(text)) => text,
            Some(_) => return Err(fault("a string")),
        };
        let id: CustomerId = text.parse().map_err(|_| fault("an id is 24 hex digits"))?;
        let target = self.0.store.customer_target(id).await?;
        match target {
            Some(target) if permit(who, Operation::Read(Noun::Choices), Some(&target)).is_ok() => {
                Ok(target)
            }
            _ => Err(fault("no such customer")),
        }
    }
}

/// What the body makes of a new resource, if this principal may make it so.
fn draft_new<R: Made>(
    who: &Principal,
    target: &Target,
    before: &R,
    body: &Body,
) -> Result<Draft, AdminError> {
    let Parts { stored, body, extra } = parts(before, body);
    let mut patch = patch::changes(R::MEMBERS, &body, &stored, &["customer"]);
    let members: Vec<&'static Member> = patch.changes.iter().map(|change| change.member).collect();
    permit(who, Operation::Change(R::NOUN, &members), Some(target))?;
    patch.faults.extend(needed::<R>(&body));
    Ok(Draft { stored, patch, extra })
}

/// A resource that isn't made in a customer's directory, because it is to be a customer.
pub(crate) fn plan_customer<R: Made>(
    who: &Principal,
    target: &Target,
    directory: &Directory,
    before: &R,
    body: &Body,
) -> Result<Planned<R>, AdminError> {
    let draft = draft_new(who, target, before, body)?;
    propose(who, directory, before, draft)
}

fn needed<R: Made>(body: &Body) -> Vec<Fault> {
    let missing = |path: &&&str| sent::lookup(body, path).is_none_or(|value| value.is_null());
    let missing = R::NEEDED.iter().filter(missing);
    missing.map(|path| Fault::of(path, "is needed")).collect()
}
