//! Step 7: is the extension in a call, and does it mind? The call that asks doesn't count.

use super::{busy, phones};
use crate::facts::Facts;
use crate::plan::Plan;
use crate::trace::{Trace, count};
use model::id::CallId;
use model::trace::{Outcome, Rule, StepValue};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Sends the call to the busy handling if the extension is in a call and has no call waiting.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan> {
    let extension = facts.extension;
    let others = other_calls(facts).len();
    if others == 0 {
        trace.fact(Some(extension.id), Rule::InCall, count(others), Outcome::Accepted);
        return ControlFlow::Continue(());
    }
    let waits = extension.call_waiting;
    let outcome = if waits { Outcome::Accepted } else { Outcome::Busy };
    trace.setting(extension.id, Rule::InCall, "callWaiting", StepValue::Bool(waits), outcome);
    if waits { ControlFlow::Continue(()) } else { ControlFlow::Break(busy::handle(facts, trace)) }
}

fn other_calls(facts: &Facts<'_>) -> BTreeSet<CallId> {
    let phones = phones::of_entry(facts);
    let calls = phones.flat_map(|phone| facts.live.lines.calls_of(phone.id));
    calls.filter(|call| *call != facts.call.id).collect()
}
