//! Step 0: how many items a call may visit. Diversions are counted where they are made (`diversion`), and an
//! extension has a blocklist (`screen`).

use crate::facts::CallFacts;
use crate::plan::Plan;
use crate::trace::{Trace, count};
use model::cause::Cause;
use model::id::ItemId;
use model::limits::ITEM_VISITS;
use model::trace::{Outcome, Rule};
use std::ops::ControlFlow;

/// Ends a call that has visited too many items.
pub(crate) fn apply(item: ItemId, call: &CallFacts, trace: &mut Trace) -> ControlFlow<Plan> {
    let within = call.visits <= ITEM_VISITS;
    let outcome = if within { Outcome::Accepted } else { Outcome::LimitReached };
    trace.fact(Some(item), Rule::Limits, count(call.visits as usize), outcome);
    if within { ControlFlow::Continue(()) } else { ControlFlow::Break(Plan::End(Cause::LoopLimit)) }
}
