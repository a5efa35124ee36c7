//! Section 4 of docs/CALLS.md: a call is diverted by an extension to a number. Whether it may be, and where
//! it goes on. A diversion that may not be made ends the call.

use crate::facts::Facts;
use crate::on_net;
use crate::outbound::{destinations, dialled};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::cause::Cause;
use model::limits::DIVERSIONS;
use model::number::Number;
use model::trace::{Outcome, Rule};

/// Where a diversion of the extension leads: `Enter`, or `End` if it may not be made.
pub(crate) fn decide(facts: &Facts<'_>, to: &Number, trace: &mut Trace) -> Plan {
    let by = facts.extension.id;
    let made = &facts.call.diverted_by;
    if made.contains(&by) || made.len() >= DIVERSIONS as usize {
        trace.fact(Some(by), Rule::Diversion, text("loop_limit"), Outcome::LimitReached);
        return Plan::End(Cause::LoopLimit);
    }
    if let Some(found) = on_net::lookup(facts.directory, to) {
        trace.fact(Some(by), Rule::Diversion, text(to.as_str()), Outcome::Diverted);
        return Plan::Enter(found.place);
    }
    if let Number::Public(number) = to {
        // Authorised as the diverting extension. What is permitted still finds no trunk.
        let reach = dialled::reach_of(facts.directory, number);
        destinations::permits(facts.extension, reach, trace);
    }
    trace.fact(Some(by), Rule::Diversion, text("diversion_denied"), Outcome::Refused);
    Plan::End(Cause::Busy)
}
