//! Section 2 of docs/CALLS.md: a call enters an extension. One file per step, in the page's order; a step
//! lets the call go on or breaks with what to do instead.

pub(crate) mod admission;
pub(crate) mod block_secret;
pub(crate) mod busy;
pub(crate) mod handling;
pub(crate) mod in_call;
pub(crate) mod inbound_goto;
pub(crate) mod no_answer;
pub(crate) mod phones;
pub(crate) mod presence;
pub(crate) mod redirect;
pub(crate) mod ring;
pub(crate) mod screen;

use crate::facts::Facts;
use crate::plan::Plan;
use crate::trace::Trace;
use std::ops::ControlFlow;

/// What happens to a call that has entered the extension and was admitted (steps 0-8).
pub(crate) fn decide(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    match steps(facts, trace) {
        ControlFlow::Continue(plan) | ControlFlow::Break(plan) => plan,
    }
}

fn steps(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan, Plan> {
    screen::apply(facts, trace)?;
    block_secret::apply(facts, trace)?;
    redirect::apply(facts, trace)?;
    inbound_goto::apply(facts, trace)?;
    presence::apply(facts, trace)?;
    let phones = phones::apply(facts, trace)?;
    in_call::apply(facts, trace)?;
    ControlFlow::Continue(ring::plan(facts, phones, trace))
}
