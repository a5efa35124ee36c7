//! The record of a call that is over: who, when, which legs, who ended it and why.

use super::leg::Leg;
use super::{Call, Ending};
use crate::facts::{Caller, Visit};
use model::cause::Cause;
use model::directory::Directory;
use model::item::ItemKind;
use model::record::{CallRecord, Party, TerminatedBy, TerminatedReason};
use model::time::Wall;

impl Call {
    /// The record as of now, when the last leg is over.
    pub(super) fn record(&self, ending: Ending, now: Wall) -> CallRecord {
        let legs = std::iter::once(&self.caller).chain(&self.legs);
        CallRecord {
            id: self.id(),
            customer: self.customer,
            started: self.started,
            answered: self.caller.answered,
            ended: ending.at,
            caller: self.party.clone(),
            callee: self.callee(),
            terminated_by: ending.by,
            terminated_reason: ending.reason,
            legs: legs.map(|leg| leg.record(now)).collect(),
            steps: self.steps().to_vec(),
        }
    }

    /// The extension that answered, else the item last entered: only the latter rings, so it is one.
    fn callee(&self) -> Party {
        let Some(visit) = &self.visit else {
            return Party { number: self.dialled.clone(), ..Party::default() };
        };
        let answered = self.legs.iter().find(|leg| leg.answered.is_some());
        Party { phone: answered.and_then(|leg: &Leg| leg.phone), ..entered(visit) }
    }
}

/// The caller as a party of the record.
pub(super) fn caller(caller: &Caller, directory: &Directory) -> Party {
    let extension = caller.extension.and_then(|id| directory.extension(id));
    Party {
        number: caller.presented.number.clone(),
        name: caller.presented.name.clone(),
        extension: caller.extension,
        employee: extension.and_then(|extension| extension.employee),
        phone: caller.phone,
    }
}

fn entered(visit: &Visit) -> Party {
    let Some(item) = visit.directory.item(visit.place.item) else { return Party::default() };
    let summary = item.summary();
    let (extension, employee) = match &item.kind {
        ItemKind::Extension(extension) => (Some(extension.id), extension.employee),
        ItemKind::Trunk(_) | ItemKind::Bare(_) => (None, None),
    };
    let number = summary.number.map(|number| number.as_str().to_owned());
    Party { number, name: Some(summary.name), extension, employee, phone: None }
}

/// How a call ended that this side ended with this cause. A side ends it by giving up or hanging up;
/// any other cause is something that happened to it.
pub(super) fn ending(by: TerminatedBy, cause: Cause, at: Wall) -> Ending {
    let reason = reason(cause);
    let wanted = matches!(reason, TerminatedReason::Cancel | TerminatedReason::Hangup);
    Ending { at, by: if wanted { by } else { TerminatedBy::System }, reason }
}

const fn reason(cause: Cause) -> TerminatedReason {
    match cause {
        Cause::HungUp => TerminatedReason::Hangup,
        Cause::Cancelled => TerminatedReason::Cancel,
        Cause::Busy | Cause::Declined | Cause::CompletedElsewhere | Cause::LoopLimit => {
            TerminatedReason::Busy
        }
        Cause::NoAnswer | Cause::Unreachable => TerminatedReason::Unreachable,
        Cause::NotFound => TerminatedReason::NotFound,
        Cause::Forbidden | Cause::Blocked | Cause::Anonymous => TerminatedReason::Blocked,
        Cause::NotAcceptable
        | Cause::TooManyHops
        | Cause::Unavailable
        | Cause::Failed
        | Cause::Internal => TerminatedReason::Error,
    }
}
