//! The record of a call (CDR): one per call, with its legs and its trace.

use crate::cause::Cause;
use crate::id::{CallId, CustomerId, EmployeeId, ItemId, LegId, PhoneId};
use crate::pii::Name;
use crate::time::Wall;
use crate::trace::Step;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// Who ended the call.
    TerminatedBy {
        /// The caller.
        Caller = "A",
        /// The callee.
        Callee = "B",
        /// The system.
        System = "S",
    }
}

wire_enum! {
    /// Why the call ended, in the family's words.
    TerminatedReason {
        /// The caller gave up.
        Cancel = "CANCEL",
        /// Hung up after an answer.
        Hangup = "HANGUP",
        /// Busy or declined.
        Busy = "BUSY",
        /// Not answered, or nobody could be reached.
        Unreachable = "UNREACHABLE",
        /// A fault.
        Error = "ERROR",
        /// Refused by a rule.
        Blocked = "BLOCKED",
        /// No such number.
        NotFound = "NOT_FOUND",
    }
}

/// One side of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The number, as it was shown or dialled.
    pub number: Option<String>,
    /// The name.
    pub name: Option<Name>,
    /// The extension, if it is one of the customer's.
    pub extension: Option<ItemId>,
    /// The employee who owned that extension at the time.
    pub employee: Option<EmployeeId>,
    /// The phone.
    pub phone: Option<PhoneId>,
}

/// One leg of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LegRecord {
    /// The leg.
    #[serde(rename = "_id")]
    pub id: LegId,
    /// The phone it went to or came from.
    pub phone: Option<PhoneId>,
    /// The extension it rang for, or came from.
    pub extension: Option<ItemId>,
    /// When it began.
    pub started: Wall,
    /// When it was answered.
    pub answered: Option<Wall>,
    /// When it ended.
    pub ended: Wall,
    /// Why it ended.
    pub cause: Cause,
}

/// The record of one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// The call.
    #[serde(rename = "_id")]
    pub id: CallId,
    /// The customer that it was in.
    pub customer: CustomerId,
    /// When it arrived.
    pub started: Wall,
    /// When the caller was answered.
    pub answered: Option<Wall>,
    /// When it ended.
    pub ended: Wall,
    /// Who called.
    pub caller: Party,
    /// Who was called: the extension that answered, else the one last entered.
    pub callee: Party,
    /// Who ended it.
    pub terminated_by: TerminatedBy,
    /// Why it ended.
    pub terminated_reason: TerminatedReason,
    /// Its legs, the caller's first.
    pub legs: Vec<LegRecord>,
    /// Why it went where it went.
    pub steps: Vec<Step>,
}
