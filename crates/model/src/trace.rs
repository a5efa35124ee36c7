//! The trace of a call: one typed step per rule that was looked at, in order, with the setting that
//! decided. Sentences are made when somebody reads.

use crate::id::ItemId;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

wire_enum! {
    /// The rules of calls.md, one word each.
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
        /// `redirect` (section 2 step 2).
        Redirect = "redirect",
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
    /// The step with its sentence.
    pub fn of(step: Step) -> Self {
        let sentence = sentence(&step);
        Self { step, sentence }
    }
}

/// The step in plain English: what decided, what it was, what followed.
pub fn sentence(step: &Step) -> String {
    let value = match &step.value {
        StepValue::Null => "not set".to_owned(),
        StepValue::Bool(true) => "on".to_owned(),
        StepValue::Bool(false) => "off".to_owned(),
        StepValue::Count(count) => count.to_string(),
        StepValue::Text(text) => text.clone(),
    };
    let subject = match &step.setting {
        Some(setting) => format!("{setting} is {value}"),
        None if step.value == StepValue::Null => rule_words(step.rule).to_owned(),
        None => format!("{}: {value}", rule_words(step.rule)),
    };
    format!("{subject}; {}.", outcome_words(step.outcome))
}

const fn rule_words(rule: Rule) -> &'static str {
    match rule {
        Rule::Caller => "The caller",
        Rule::Dialled => "The caller dialled",
        Rule::Destinations => "Permitted destinations",
        Rule::Entered => "The call entered",
        Rule::Limits => "Items visited and diversions made",
        Rule::Redirect => "Redirect",
        Rule::Presence => "The employee's presence",
        Rule::Phones => "Phone",
        Rule::InCall => "Calls that its phones are in",
        Rule::Ring => "Ringing",
        Rule::Busy => "Busy handling",
        Rule::NoAnswer => "No-answer handling",
        Rule::Diversion => "Diversion",
        Rule::End => "The call ended",
    }
}

const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSet => "nothing to do",
        Outcome::Accepted => "the call goes on",
        Outcome::Skipped => "skipped for this caller",
        Outcome::Busy => "handled as busy",
        Outcome::NoAnswer => "handled as not answered",
        Outcome::Diverted => "the call is diverted",
        Outcome::Jumped => "the call jumps there",
        Outcome::Refused => "the call is refused",
        Outcome::LimitReached => "the limit is reached and the call ends",
        Outcome::Rings => "it rings",
        Outcome::KeepsRinging => "it keeps ringing",
        Outcome::Unreachable => "it can't be reached",
        Outcome::Dnd => "it is in do not disturb",
        Outcome::Declined => "the call was declined",
        Outcome::Answered => "answered",
        Outcome::Cancelled => "the caller gave up",
        Outcome::HungUp => "hung up",
        Outcome::NotFound => "no such number",
        Outcome::FallsBack => "that can't be done, so the default follows",
    }
}
