//! Step 3: `inboundGoto` sends each call elsewhere once, however often it comes back.

use crate::facts::{Facts, Place};
use crate::plan::Plan;
use crate::trace::{Trace, optional};
use model::trace::{Outcome, Rule};
use std::ops::ControlFlow;

/// Sends the call on, unless it was there on behalf of this extension before.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan> {
    let extension = facts.extension;
    let exists = |item| facts.directory.item(item).is_some();
    let outcome = match extension.inbound_goto {
        None => Outcome::NotSet,
        Some(_) if facts.call.sent_on_by.contains(&extension.id) => Outcome::Skipped,
        Some(item) if exists(item) => Outcome::Jumped,
        Some(_) => Outcome::FallsBack,
    };
    let value = optional(extension.inbound_goto);
    trace.setting(extension.id, Rule::InboundGoto, "inboundGoto", value, outcome);
    match extension.inbound_goto {
        Some(item) if outcome == Outcome::Jumped => {
            ControlFlow::Break(Plan::SendOn(Place::item(item)))
        }
        _ => ControlFlow::Continue(()),
    }
}
