//! What the members of an extension have to agree with: one another, and the customer's other things
//! (docs/API.md section 3); what every dialplan item has to is in `item::rules`. Only what a change touches is looked at, so that a setting that was stored
//! under other circumstances doesn't stand in the way of every later change.

use super::PATHS;
use crate::error::{Fault, Warning};
use crate::item::rules as item;
use crate::patch::MemberChange;
use crate::sent::{self, Body};
use model::country;
use model::directory::Directory;
use model::extension::members::{MEMBERS, lookup};
use model::extension::{Destinations, Extension};
use model::id::ItemId;
use model::member::Kind;
use model::number::{CallerIdChoice, Number};
use model::phone::{Line, Phone};
use serde_json::Value;
use std::collections::BTreeSet;

/// The columns of `noAnswer` and `busy`: each has an action, a number and a goto.
pub(crate) const COLUMNS: [&str; 6] =
    ["noAnswer.ext", "noAnswer.int", "noAnswer.mobile", "busy.ext", "busy.int", "busy.mobile"];

/// An extension as it is to be, and what it is held against.
pub(super) struct Proposal<'a> {
    pub(super) directory: &'a Directory,
    /// As it is to be.
    pub(super) after: &'a Extension,
    /// The same as JSON.
    pub(super) document: &'a Body,
    pub(super) changes: &'a [MemberChange],
    /// What is wrong with other members already: they keep their old values here.
    pub(super) unread: &'a [Fault],
}

/// Every fault, in the seed's order.
pub(super) fn faults(proposal: &Proposal<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> =
        proposal.changes.iter().filter_map(|change| proposal.fault(change)).collect();
    faults.extend(COLUMNS.iter().filter_map(|column| proposal.action_fault(column)));
    sent::sort(&mut faults, &PATHS);
    faults
}

/// What is stored all the same, and probably not meant.
pub(super) fn warnings(proposal: &Proposal<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let after = proposal.after;
    let narrowed = proposal.changes("outbound.destinations");
    for member in MEMBERS.iter().filter(|member| narrowed && member.kind == Kind::Number) {
        let stored = proposal.text(member.path).and_then(|text| Number::parse(text).ok());
        if stored.is_some_and(|number| !proposal.may_divert_to(&number)) {
            warnings.push(Warning { member: member.path, code: "destination_not_allowed" });
        }
    }
    let delayed = proposal.changes("mobileDelay") || proposal.changes("noAnswer.timeout");
    if delayed && after.mobile_delay > 0 && after.mobile_delay >= after.no_answer.timeout {
        let at = warnings.iter().take_while(|warning| warning.member == "redirect").count();
        warnings.insert(at, Warning { member: "mobileDelay", code: "not_before_no_answer" });
    }
    warnings
}

impl Proposal<'_> {
    fn changes(&self, path: &str) -> bool {
        self.changes.iter().any(|change| change.member.path == path)
    }

    fn text(&self, path: &str) -> Option<&str> {
        sent::lookup(self.document, path).and_then(Value::as_str)
    }

    /// What is wrong with the new value of one member.
    fn fault(&self, change: &MemberChange) -> Option<Fault> {
        let text = change.value.as_str()?;
        let member = change.member;
        let detail = match (member.path, member.kind) {
            ("startAudio", _) => item::audio_fault(),
            ("ringtone" | "musicOnHold", _) => item::music_fault(self.directory, text),
            ("employee", _) => self.employee_fault(),
            (_, Kind::Goto) => item::goto_fault(self.directory, self.after.id, text),
            (_, Kind::LocalNumber) => {
                item::local_number_fault(self.directory, text).or_else(|| self.closes_loop())
            }
            (_, Kind::E164) => {
                item::held_fault(self.directory, text).or_else(|| self.closes_loop())
            }
            (_, Kind::CallerId) => self.caller_id_fault(text),
            ("redirect", _) => self.divert_fault(text).or_else(|| self.loop_fault()),
            (_, Kind::Number) => self.divert_fault(text),
            _ => None,
        };
        detail.map(|detail| Fault::of(member.path, detail))
    }

    fn employee_fault(&self) -> Option<&'static str> {
        let employee = self.after.employee.and_then(|id| self.directory.employee(id));
        employee.is_none().then_some("no such employee")
    }

    /// A number that is shared, the extension's own direct or mobile, the default.
    fn caller_id_fault(&self, text: &str) -> Option<&'static str> {
        let Ok(CallerIdChoice::Number(number)) = CallerIdChoice::parse(text) else { return None };
        let mobile =
            |phone: &Phone| matches!(&phone.line, Line::Mvno { number: own, .. } if *own == number);
        let may_show = self.directory.is_shared(&number)
            || self.directory.customer.settings.default_number.as_ref() == Some(&number)
            || self.after.direct.as_ref() == Some(&number)
            || self.directory.phones_of(self.after.id).any(|phone| mobile(phone));
        (!may_show).then_some("not a number that it may show")
    }

    fn divert_fault(&self, text: &str) -> Option<&'static str> {
        let number = Number::parse(text).ok()?;
        match &number {
            Number::Local(_) if self.reached_by(&number).is_none() => Some("no such local number"),
            _ if !self.may_divert_to(&number) => {
                Some("not allowed by outbound.destinations, or by the countries of the settings")
            }
            _ => None,
        }
    }

    fn may_divert_to(&self, number: &Number) -> bool {
        let Number::Public(public) = number else { return true };
        let customer = &self.directory.customer;
        let national = || country::is_national(public, &customer.country);
        let mut countries = customer.settings.countries.iter();
        // What stays inside: a direct, or a phone's own number (docs/CALLS.md section 1).
        self.reached_by(number).is_some()
            || self.directory.phone_by_number(public).is_some()
            || match self.after.outbound.destinations {
                Destinations::Any => {
                    national() || countries.any(|country| country::is_national(public, country))
                }
                Destinations::National => national(),
                Destinations::None | Destinations::Local => false,
            }
    }

    /// Follows `redirect` from extension to extension: coming by one again is a loop.
    fn loop_fault(&self) -> Option<&'static str> {
        self.came_by_again().map(|_| "leads back to where a call has been: a loop")
    }

    /// A new number can be the one that a redirect elsewhere waits for.
    fn closes_loop(&self) -> Option<&'static str> {
        let back = !self.changes("redirect") && self.came_by_again() == Some(self.after.id);
        back.then_some("makes its redirect lead back to it: a loop")
    }

    /// The first item that a redirected call comes by twice.
    fn came_by_again(&self) -> Option<ItemId> {
        let mut seen = BTreeSet::from([self.after.id]);
        let mut next = self.after.redirect.as_ref();
        while let Some(id) = next.and_then(|number| self.reached_by(number)) {
            if !seen.insert(id) {
                return Some(id);
            }
            next = self.directory.item(id).and_then(|item| item.kind.redirect());
        }
        None
    }

    /// The item that a number reaches once the proposal is in force.
    fn reached_by(&self, number: &Number) -> Option<ItemId> {
        let (own, item) = match number {
            Number::Local(number) => {
                (self.after.number.as_ref() == Some(number), self.directory.item_by_number(number))
            }
            Number::Public(number) => {
                (self.after.direct.as_ref() == Some(number), self.directory.item_by_direct(number))
            }
        };
        if own {
            return Some(self.after.id);
        }
        // What it was reached by before reaches it no longer.
        item.map(|item| item.id()).filter(|id| *id != self.after.id)
    }

    /// Action NUMBER needs the number of its column, GOTO the goto.
    fn action_fault(&self, column: &str) -> Option<Fault> {
        let action = lookup(&format!("{column}Action"))?.path;
        let needed = match self.text(action) {
            Some("NUMBER") => format!("{column}Number"),
            Some("GOTO") => format!("{column}Goto"),
            _ => return None,
        };
        if self.unread.iter().any(|fault| fault.member == needed) {
            return None;
        }
        let touched = self.changes(action) || self.changes(&needed);
        let missing = touched && self.text(&needed).is_none();
        missing.then(|| Fault::of(action, format!("needs {needed}")))
    }
}
