//! Questions of the form "what would happen?" and their answers (docs/API.md section 4).

use crate::employee::Presence;
use crate::id::PhoneId;
use crate::time::Wall;
use crate::trace::Step;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

wire_enum! {
    /// Which way the call goes, as seen from the extension.
    Direction {
        /// To the extension.
        Inbound = "inbound",
        /// From the extension.
        Outbound = "outbound",
    }
}

wire_enum! {
    /// What a phone does with a call.
    PhoneAct {
        /// Someone answers.
        Answer = "answer",
        /// The phone says busy.
        Busy = "busy",
        /// Someone declines.
        Decline = "decline",
        /// The phone doesn't respond.
        Unreachable = "unreachable",
        /// Someone presses a key.
        Key = "key",
    }
}

wire_enum! {
    /// How a call ends up.
    ExplainResult {
        /// A phone answers it.
        Answered = "answered",
        /// It rings until the caller gives up.
        Rings = "rings",
        /// The caller hears busy.
        Busy = "busy",
        /// Nobody answers and the call ends.
        NoAnswer = "no_answer",
        /// It is refused.
        Refused = "refused",
        /// Nobody has the number.
        NotFound = "not_found",
    }
}

/// Facts to assume about a phone instead of the live ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneFacts {
    /// Whether it can be reached.
    pub online: Option<bool>,
    /// Whether it is in do not disturb.
    pub dnd: Option<bool>,
    /// Whether it is in a call.
    pub in_call: Option<bool>,
}

/// What a phone is assumed to do once it rings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneOutcome {
    /// The phone.
    pub phone: PhoneId,
    /// How long it has rung then, in milliseconds.
    #[serde(default)]
    pub after_ms: u64,
    /// What happens.
    pub is: PhoneAct,
    /// The key, with `is: key`.
    #[serde(default)]
    pub key: Option<char>,
}

/// The question. What is left out comes from the live state; a phone without an outcome rings on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExplainRequest {
    /// Which way.
    pub direction: Direction,
    /// Who calls: a local number of the customer (a colleague's phone) or a public one. Outbound: the
    /// extension's number or the id of one of its phones; left out, its first SIP phone.
    #[serde(default)]
    pub from: Option<String>,
    /// What is dialled. Inbound: one of the extension's numbers; left out, its local one.
    #[serde(default)]
    pub to: Option<String>,
    /// When. Left out: now.
    #[serde(default)]
    pub at: Option<Wall>,
    /// The presence of the extension's employee.
    #[serde(default)]
    pub presence: Option<Presence>,
    /// Facts about phones.
    #[serde(default)]
    pub phones: BTreeMap<PhoneId, PhoneFacts>,
    /// What phones do.
    #[serde(default)]
    pub outcomes: Vec<PhoneOutcome>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// How the call ends up.
    pub result: ExplainResult,
    /// Why, step by step.
    pub steps: Vec<Step>,
}
