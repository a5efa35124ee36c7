//! `DELETE /employee/{id}`: now, or on a day.

use super::leaving::{self, Taking};
use super::{Employee, is_last_owner};
use crate::error::{Fault, Unavailable};
use crate::etag::IfMatch;
use crate::resource::Resource;
use crate::{Admin, AdminError, permit, refused};
use model::access::{self, Noun, Operation, Permit, Principal};
use model::change::Changed;
use model::directory::Directory;
use model::employee;
use model::id::EmployeeId;
use model::limits::DELETE_DAYS_AHEAD;
use model::time::{self, Wall};
use store::{Basis, Subject, Write, WriteError};

/// Writes tried when others keep writing to the customer.
const ATTEMPTS: u32 = 10;

/// How an employee is to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// Whether its extensions go with it; else they stay, without it.
    pub extensions: bool,
    /// Whether its mobiles of the platform's network go with it.
    pub mvno_accounts: bool,
    /// The day that begins without it (`2026-11-25`); now, if none.
    pub date: Option<String>,
}

impl Admin {
    /// Deletes an employee, or schedules that: then the instant.
    pub async fn remove_employee(
        &self,
        who: &Principal,
        id: EmployeeId,
        removal: &Removal,
        if_match: &IfMatch,
    ) -> Result<Option<Wall>, AdminError> {
        let target = self.0.store.target(Subject::Employee(id)).await?;
        let leave = permit(who, Operation::Remove(Noun::Employee), target.as_ref())?;
        let mut turn = None;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 && turn.is_none() {
                turn = self.0.turns.wait(Subject::Customer(leave.customer())).await;
            }
            let directory = self.0.store.directory(&leave).await?;
            let before = directory.employee(id).ok_or(AdminError::NotFound)?;
            may_go(who, &directory, before)?;
            if !if_match.allows(&self.tag(&leave, &directory, before)) {
                return Err(AdminError::Precondition);
            }
            let (changed, at) = plan(&directory, before, removal, self.0.store.now())?;
            match self.write_departure(&leave, &directory, changed).await {
                Ok(()) => {
                    self.0.departures.notify_one();
                    return Ok(at);
                }
                Err(WriteError::Stale | WriteError::Missing { .. }) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }

    fn tag(&self, leave: &Permit, directory: &Directory, before: &employee::Employee) -> String {
        crate::resource::seen(&Employee(before.clone()), directory, leave).etag
    }

    /// Writes what was planned on this directory, if it is still the customer's.
    pub(super) async fn write_departure(
        &self,
        leave: &Permit,
        directory: &Directory,
        changed: Vec<Changed>,
    ) -> Result<(), WriteError> {
        let based_on = Some(Basis::Customer(directory.revision));
        self.0.store.write(leave, Write { based_on, changed }).await.map(drop)
    }
}

fn may_go(
    who: &Principal,
    directory: &Directory,
    employee: &employee::Employee,
) -> Result<(), AdminError> {
    if !access::reaches(who, employee.id, employee.access_level) {
        return Err(AdminError::Denied(Vec::new()));
    }
    if is_last_owner(who, directory, employee) {
        return Err(AdminError::Conflict { member: "accessLevel", by: None });
    }
    Ok(())
}

/// What is written now, and when the employee goes if that is later.
fn plan(
    directory: &Directory,
    before: &employee::Employee,
    removal: &Removal,
    now: Wall,
) -> Result<(Vec<Changed>, Option<Wall>), AdminError> {
    let taking = Taking { extensions: removal.extensions, mvno_accounts: removal.mvno_accounts };
    let at = removal.date.as_deref().map(|date| when(date, directory, now)).transpose()?;
    let references = leaving::references(directory, before.id, taking);
    if !references.is_empty() {
        return Err(AdminError::Referenced(references));
    }
    let Some(at) = at else { return Ok((leaving::changes(directory, before.id, taking), None)) };
    let after = employee::Employee {
        delete_date: Some(at),
        delete_extensions: taking.extensions,
        delete_mvno_accounts: taking.mvno_accounts,
        ..before.clone()
    };
    Ok((vec![Employee(after).put(directory)], Some(at)))
}

/// The instant at which the date begins where the customer is.
fn when(date: &str, directory: &Directory, now: Wall) -> Result<Wall, AdminError> {
    let fault = |detail: &str| Fault::of("deleteDate", detail);
    let zone = &directory.customer.time_zone;
    let at = time::day_begins(date, zone)
        .ok_or_else(|| AdminError::Parameter(fault("deleteDate has to be a date: 2026-11-25")))?;
    if at <= now {
        return Err(AdminError::Invalid(vec![fault("has begun already")]));
    }
    if time::days_ahead(at, now, zone).is_none_or(|days| days > DELETE_DAYS_AHEAD) {
        let detail = format!("at most {DELETE_DAYS_AHEAD} days ahead");
        return Err(AdminError::Invalid(vec![fault(&detail)]));
    }
    Ok(at)
}
