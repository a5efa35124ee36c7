//! A call enters an item: admission, then the work of its kind. One file per kind as they come to
//! exist; until then a bare item is a flow with no next item.

mod trunk;

use crate::extension;
use crate::extension::admission;
use crate::facts::{CallFacts, Facts, Visit};
use crate::live::Live;
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::cause::Cause;
use model::item::ItemKind;
use model::trace::{Outcome, Rule};
use std::ops::ControlFlow;

/// What happens to a call in the item that it has just entered.
pub(crate) fn decide(visit: &Visit, call: &CallFacts, live: &Live, trace: &mut Trace) -> Plan {
    let id = visit.place.item;
    let Some(item) = visit.directory.item(id) else {
        trace.fact(Some(id), Rule::Entered, text("gone"), Outcome::NotFound);
        return Plan::End(Cause::NotFound);
    };
    let kind = text(item.summary().kind.as_str());
    trace.fact(Some(id), Rule::Entered, kind.clone(), Outcome::Accepted);
    if let ControlFlow::Break(plan) = admission::apply(id, call, trace) {
        return plan;
    }
    match (&item.kind, Facts::new(visit, call, live)) {
        (_, Some(facts)) => extension::decide(&facts, trace),
        (ItemKind::Trunk(of), None) => trunk::decide(&visit.directory, of, trace),
        (ItemKind::Extension(_) | ItemKind::Bare(_), None) => {
            trace.fact(Some(id), Rule::Entered, kind, Outcome::FallsBack);
            Plan::End(Cause::NoAnswer)
        }
    }
}
