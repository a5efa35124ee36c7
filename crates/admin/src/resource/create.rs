//! Making a resource: for which customer, whether this principal may, whether it holds together.

use super::change::{Draft, Planned, keeps_extra, propose};
use super::read::{document, seen};
use super::{Made, Written};
use crate::error::Fault;
use crate::patch;
use crate::sent::{self, Body};
use crate::{Admin, AdminError, drawn, permit, refused};
use model::access::{Noun, Operation, Principal, Target};
use model::directory::Directory;
use model::id::CustomerId;
use model::member::Member;
use serde_json::Value;
use store::Write;

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub id: String,
    /// As its maker sees it.
    pub written: Written,
}

impl Admin {
    /// Makes a resource of the members that the body sends; the others have their defaults.
    pub async fn create_resource<R: Made>(
        &self,
        who: &Principal,
        body: &Body,
    ) -> Result<Created, AdminError> {
        let target = self.customer_to_write(who, body).await?;
        let leave = permit(who, Operation::Create(R::NOUN), Some(&target))?;
        let directory = self.store.directory(&leave).await?;
        let before = R::draw(drawn()?, target.customer);
        let after = plan::<R>(who, &target, &directory, &before, body)?;
        let id = after.after.id();
        let logins = self.logins(R::subject(id), after.password.as_ref(), None).await?;
        let write = Write { based_on: None, changed: vec![after.after.put(&directory)] };
        self.store.write_with(&leave, write, logins).await.map_err(refused)?;
        let directory = self.store.directory(&leave).await?;
        let resource = R::lookup(&directory, id).ok_or(AdminError::NotFound)?;
        let seen = seen(&resource, &directory, &leave);
        Ok(Created { id: id.to_string(), written: Written { seen, warnings: after.warnings } })
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
        let target = self.store.customer_target(id).await?;
        match target {
            Some(target) if permit(who, Operation::Read(Noun::Choices), Some(&target)).is_ok() => {
                Ok(target)
            }
            _ => Err(fault("no such customer")),
        }
    }
}

fn plan<R: Made>(
    who: &Principal,
    target: &Target,
    directory: &Directory,
    before: &R,
    body: &Body,
) -> Result<Planned<R>, AdminError> {
    let (stored, extra) = document(before);
    let mut body = body.clone();
    let extra = if keeps_extra(before) {
        patch::take_extra(R::MEMBERS, &mut body, &extra)
    } else {
        Ok(extra)
    };
    let mut patch = patch::changes(R::MEMBERS, &body, &stored, &["customer"]);
    let members: Vec<&'static Member> = patch.changes.iter().map(|change| change.member).collect();
    permit(who, Operation::Change(R::NOUN, &members), Some(target))?;
    patch.faults.extend(needed::<R>(&body));
    propose(who, directory, before, Draft { stored, patch, extra })
}

fn needed<R: Made>(body: &Body) -> Vec<Fault> {
    let missing = |path: &&&str| sent::lookup(body, path).is_none_or(|value| value.is_null());
    let missing = R::NEEDED.iter().filter(missing);
    missing.map(|path| Fault::of(path, "is needed")).collect()
}
