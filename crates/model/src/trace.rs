//! The trace of a call: one typed step per rule that was looked at, in order, with the setting that
//! decided. Sentences are made when somebody reads (`sentence`).

use crate::directory::Directory;
use crate::id::ItemId;
use crate::sentence::sentence;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

wire_enum! {
    /// The rules of docs/CALLS.md, one word each.
    Rule {
        /// Who calls, as colleagues see it (section 1).
        Caller = "caller",
        /// What the caller dialled, and what that is (section 3 steps 1-4).
        Dialled = "dialled",
        /// `outbound.destinations` (section 3 step 4).
        Destinations = "destinations",
        /// A call enters an item.
        Entered = "entered",
        /// Item visits and diversions (section 2 step 0).
        Limits = "limits",
        /// The blocklist of the extension (section 2 step 0).
        Blocklist = "blocklist",
        /// `blockSecret` (section 2 step 1).
        BlockSecret = "block_secret",
        /// `redirect` (section 2 step 2).
        Redirect = "redirect",
        /// Where an item sends the call on (section 7).
        Goto = "goto",
        /// `inboundGoto` (section 2 step 3).
        InboundGoto = "inbound_goto",
        /// Presence policy (section 2 step 5).
        Presence = "presence",
        /// Which phones (section 2 step 6).
        Phones = "phones",
        /// In a call? (section 2 step 7).
        InCall = "in_call",
        /// Ringing, and what each phone did (section 2 step 8).
        Ring = "ring",
        /// Busy handling (section 2 step 9).
        Busy = "busy",
        /// No-answer handling (section 2 step 10).
        NoAnswer = "no_answer",
        /// A diversion (section 4).
        Diversion = "diversion",
        /// How the call ended.
        End = "end",
    }
}

wire_enum! {
    /// What a rule came to.
    Outcome {
        /// The rule doesn't apply: its setting isn't set, or there is nothing to limit.
        NotSet = "not_set",
        /// The rule lets the call go on.
        Accepted = "accepted",
        /// The rule is skipped for this caller.
        Skipped = "skipped",
        /// To the busy handling.
        Busy = "busy",
        /// To the no-answer handling.
        NoAnswer = "no_answer",
        /// The call is diverted.
        Diverted = "diverted",
        /// The call jumps to an item.
        Jumped = "jumped",
        /// The call is refused.
        Refused = "refused",
        /// A limit was reached.
        LimitReached = "limit_reached",
        /// Phones ring.
        Rings = "rings",
        /// Ringing goes on without a time-out.
        KeepsRinging = "keeps_ringing",
        /// The phone can't be reached.
        Unreachable = "unreachable",
        /// The phone is in do not disturb.
        Dnd = "dnd",
        /// Someone declined.
        Declined = "declined",
        /// Answered.
        Answered = "answered",
        /// The caller gave up.
        Cancelled = "cancelled",
        /// Hung up after an answer.
        HungUp = "hung_up",
        /// No item has the number.
        NotFound = "not_found",
        /// A value that can't be carried out yet, or points at nothing; what it falls back to follows.
        FallsBack = "falls_back",
    }
}

/// The value that a step found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StepValue {
    /// Not set.
    #[default]
    Null,
    /// true or false.
    Bool(bool),
    /// A number of seconds or a count.
    Count(u32),
    /// A word, a number to dial, an id.
    Text(String),
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Milliseconds since the call arrived.
    pub after_ms: u64,
    /// The item whose rule it is; none before an item was entered.
    pub item: Option<ItemId>,
    /// The rule.
    pub rule: Rule,
    /// The path of the member that decided (`busy.extAction`), if one did.
    pub setting: Option<Cow<'static, str>>,
    /// Its value.
    pub value: StepValue,
    /// What it came to.
    pub outcome: Outcome,
}

/// A step as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// The step.
    #[serde(flatten)]
    pub step: Step,
    /// It in plain English.
    pub sentence: String,
}

impl StepView {
    /// The step with its sentence, as things are called in `directory`.
    pub fn of(step: Step, directory: &Directory) -> Self {
        let sentence = sentence(&step, directory);
        Self { step, sentence }
    }
}
