//! Employees: read one, change its presence. Its other members are read-only here so far.

use crate::error::Fault;
use crate::etag::{IfMatch, Seen, json};
use crate::sent::{self, Body};
use crate::{Admin, AdminError, permit};
use model::access::{Operation, Principal};
use model::change::Changed;
use model::employee::{Employee, Presence};
use model::id::EmployeeId;
use serde_json::Value;
use store::{Basis, Write, WriteError};

/// The members of an employee, in their order.
pub const MEMBERS: &[&str] = &["_id", "customer", "name", "accessLevel", "presence", "deleteDate"];

impl Admin {
    /// The employee.
    pub async fn read_employee(&self, who: &Principal, id: EmployeeId) -> Result<Seen, AdminError> {
        let target = self.store.employee_target(id).await?;
        let permit = permit(who, Operation::ReadEmployee, target.as_ref())?;
        let directory = self.store.directory(&permit).await?;
        let employee = directory.employee(id).ok_or(AdminError::NotFound)?;
        Ok(Seen::hashed(json(employee.as_ref())))
    }

    /// Changes the employee's presence, the only member that can be changed so far.
    pub async fn change_employee(
        &self,
        who: &Principal,
        id: EmployeeId,
        body: &Body,
        if_match: &IfMatch,
    ) -> Result<Seen, AdminError> {
        let target = self.store.employee_target(id).await?;
        let permit = permit(who, Operation::WritePresence, target.as_ref())
            .map_err(|error| name_members(error, body))?;
        let directory = self.store.directory(&permit).await?;
        let employee = directory.employee(id).ok_or(AdminError::NotFound)?;
        let seen = Seen::hashed(json(employee.as_ref()));
        if !if_match.allows(&seen.etag) {
            return Err(AdminError::Precondition);
        }
        let Some(presence) = presence_sent(body, employee)? else { return Ok(seen) };
        let changed = Employee { presence, ..employee.as_ref().clone() };
        let body = json(&changed);
        let based_on = if_match.names_version().then(|| Basis::Employee(employee.as_ref().clone()));
        let write = Write { based_on, changed: vec![Changed::Employee(changed)] };
        self.store.write(&permit, write).await.map_err(refused)?;
        Ok(Seen::hashed(body))
    }
}

/// The presence that a body changes to, if it changes it.
fn presence_sent(body: &Body, employee: &Employee) -> Result<Option<Presence>, AdminError> {
    let mut faults = sent::unknown(body, MEMBERS);
    let sent = body.get("presence").map(|value| value.as_str().and_then(Presence::parse));
    if sent == Some(None) {
        let detail = format!("one of {}", Presence::WORDS.join(", "));
        faults.push(Fault::of("presence", detail));
        sent::sort(&mut faults, MEMBERS);
    }
    if !faults.is_empty() {
        return Err(AdminError::Invalid(faults));
    }
    let read_only = changes_others(body, employee);
    if !read_only.is_empty() {
        return Err(AdminError::Denied(read_only));
    }
    Ok(sent.flatten().filter(|presence| *presence != employee.presence))
}

/// Members that are sent with another value than they have, beside presence.
fn changes_others(body: &Body, employee: &Employee) -> Vec<String> {
    let current = serde_json::to_value(employee).unwrap_or_default();
    let changed = MEMBERS.iter().filter(|member| {
        let kept = current.get(**member).unwrap_or(&Value::Null);
        **member != "presence" && body.get(**member).is_some_and(|sent| !is_same(sent, kept))
    });
    changed.map(|member| (*member).to_owned()).collect()
}

/// Whether a value that was sent is the one kept; ids are read in either case.
fn is_same(sent: &Value, kept: &Value) -> bool {
    let id = |value: &Value| value.as_str().and_then(|text| text.parse::<EmployeeId>().ok());
    sent == kept || (id(sent).is_some() && id(sent) == id(kept))
}

fn name_members(error: AdminError, body: &Body) -> AdminError {
    match error {
        AdminError::Denied(_) => {
            let sent = MEMBERS.iter().filter(|member| body.contains_key(**member));
            AdminError::Denied(sent.map(|member| (*member).to_owned()).collect())
        }
        error => error,
    }
}

fn refused(error: WriteError) -> AdminError {
    match error {
        WriteError::WrongCustomer => AdminError::Denied(Vec::new()),
        WriteError::Taken { member, .. } => AdminError::Conflict { member, by: None },
        WriteError::Referenced { kind } => AdminError::Conflict { member: kind, by: None },
        WriteError::Stale => AdminError::Precondition,
        WriteError::Missing { .. } => AdminError::NotFound,
        WriteError::Store(error) => error.into(),
    }
}
