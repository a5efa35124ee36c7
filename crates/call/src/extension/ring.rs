//! Step 8, as far as it is decided beforehand: which phones, and for how long. What the phones do then
//! is followed by the call (`call::ringing`), which comes back here for what it means.

use super::{busy, no_answer};
use crate::facts::Facts;
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::id::PhoneId;
use model::trace::{Outcome, Rule, StepValue};
use std::time::Duration;

/// Ring them all at once.
pub(crate) fn plan(facts: &Facts<'_>, phones: Vec<PhoneId>, trace: &mut Trace) -> Plan {
    trace_timeout(facts, Outcome::Rings, trace);
    let timeout = Duration::from_secs(facts.extension.no_answer.timeout.into());
    Plan::Ring { phones, timeout }
}

/// Nobody answered in time.
pub(crate) fn timed_out(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    trace_timeout(facts, Outcome::NoAnswer, trace);
    no_answer::handle(facts, trace)
}

/// Somebody declined.
pub(crate) fn rejected(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    trace.fact(Some(facts.extension.id), Rule::Ring, text("rejected"), Outcome::Busy);
    busy::handle(facts, trace)
}

/// The last phone failed, and at least one was busy.
pub(crate) fn all_phones_busy(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    trace.fact(Some(facts.extension.id), Rule::Ring, text("all_phones_busy"), Outcome::Busy);
    busy::handle(facts, trace)
}

/// The last phone failed, and none was busy.
pub(crate) fn unreachable(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    trace.fact(Some(facts.extension.id), Rule::Ring, text("unreachable"), Outcome::NoAnswer);
    no_answer::handle(facts, trace)
}

fn trace_timeout(facts: &Facts<'_>, outcome: Outcome, trace: &mut Trace) {
    let value = StepValue::Count(facts.extension.no_answer.timeout);
    trace.setting(facts.extension.id, Rule::Ring, "noAnswer.timeout", value, outcome);
}
