//! `/employee`: who works for a customer, what it may do, where it is.

mod departures;
mod first;
mod leaving;
mod remove;

pub use remove::Removal;

use crate::error::Fault;
use crate::page::Limits;
use crate::resource::{Made, Proposal, Resource};
use model::access::{self, Level, Noun, Principal};
use model::change::Changed;
use model::directory::Directory;
use model::employee::members::MEMBERS;
use model::employee::{self, EmployeeState};
use model::id::{CustomerId, EmployeeId};
use model::member::Member;
use model::pii::Name;
use serde::{Deserialize, Serialize};
use store::Subject;

/// What decides whether and as whom somebody is let in.
const LOGIN: &[&str] =
    &["accessLevel", "state", "emailAddress", "noEmail", "password", "deleteDate"];

/// An employee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Employee(employee::Employee);

impl Resource for Employee {
    type Id = EmployeeId;

    const NOUN: Noun = Noun::Employee;
    const MEMBERS: &'static [Member] = MEMBERS;
    const CONDENSED: &'static [&'static str] =
        &["_id", "customer", "name", "accessLevel", "state", "emailAddress", "presence"];
    const SORTS: &'static [&'static str] = &["name", "emailAddress"];
    const LIMITS: Limits = Limits { default: 100, most: 500 };
    const PLURAL: &'static str = "employees";
    const SCHEMA: &'static str = "Employee";

    fn subject(id: EmployeeId) -> Subject {
        Subject::Employee(id)
    }
    fn lookup(directory: &Directory, id: EmployeeId) -> Option<Self> {
        directory.employee(id).map(|employee| Self(employee.as_ref().clone()))
    }
    fn all(directory: &Directory) -> Vec<Self> {
        directory.employees().map(|employee| Self(employee.as_ref().clone())).collect()
    }
    fn put(mut self, _: &Directory) -> Changed {
        if self.0.delete_date.is_none() {
            (self.0.delete_extensions, self.0.delete_mvno_accounts) = (false, false);
        }
        Changed::Employee(self.0)
    }
    fn denied(who: &Principal, before: &Self, members: &[&'static Member]) -> Vec<String> {
        if access::reaches(who, before.0.id, before.0.access_level) {
            return Vec::new();
        }
        let denied = members.iter().map(|member| member.path).filter(|path| LOGIN.contains(path));
        denied.map(str::to_owned).collect()
    }
    fn faults(proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        let after = &proposal.after.0;
        let level = after.access_level <= proposal.who.level;
        let needs_login = proposal.before.0.access_level == Level::NoLogin
            && after.state == EmployeeState::Enabled
            && after.email_address.is_none()
            && proposal.changes("accessLevel");
        let is_address = after.email_address.as_ref().is_none_or(|login| login.contains('@'));
        let touched = proposal.changes("noEmail") || proposal.changes("emailAddress");
        let own = proposal.who.employee == after.id;
        let mut faults = Vec::new();
        faults.extend(proposal.fault("accessLevel", level, "above your own"));
        if needs_login {
            faults.push(Fault::of("emailAddress", "is needed to log in with"));
        }
        if touched && is_address == after.no_email && after.email_address.is_some() {
            let detail =
                if after.no_email { "is an address" } else { "isn't an address: set noEmail" };
            faults.push(Fault::of("emailAddress", detail));
        }
        let detail = "is scheduled by DELETE; null cancels";
        faults.extend(proposal.fault("deleteDate", after.delete_date.is_none(), detail));
        if lets_the_last_owner_go(proposal) {
            let path = if proposal.changes("accessLevel") { "accessLevel" } else { "state" };
            faults.push(Fault::of(path, LAST_OWNER));
        }
        let detail = "is set by the employee itself, unless it has noEmail";
        faults.extend(proposal.fault("password", own || after.no_email, detail));
        faults
    }
}

/// Somebody of the customer can't leave it without an OWNER, who alone makes others that; its reseller
/// can.
const LAST_OWNER: &str = "is the customer's last OWNER";

fn lets_the_last_owner_go(proposal: &Proposal<'_, Employee>) -> bool {
    let stays = is_owner(&proposal.after.0);
    !stays && is_last_owner(proposal.who, proposal.directory, &proposal.before.0)
}

fn is_owner(employee: &employee::Employee) -> bool {
    employee.access_level == Level::Owner && employee.may_log_in()
}

/// Whether this is the last OWNER, as far as that hinders `who`.
fn is_last_owner(who: &Principal, directory: &Directory, employee: &employee::Employee) -> bool {
    let mut others = directory.employees().filter(|other| other.id != employee.id);
    who.level < Level::Reseller && is_owner(employee) && !others.any(|other| is_owner(other))
}

impl Made for Employee {
    const NEEDED: &'static [&'static str] = &["name"];

    fn draw(id: [u8; 12], customer: CustomerId) -> Self {
        Self(employee::Employee::new(EmployeeId::from_bytes(id), customer, Name::new("")))
    }
    fn id(&self) -> EmployeeId {
        self.0.id
    }
    fn gone(id: EmployeeId) -> Changed {
        Changed::EmployeeGone(id)
    }
}
