//! Step 2: `redirect` sends every call elsewhere, except the stand-in's own and one that would come
//! straight back.

use crate::facts::Facts;
use crate::on_net;
use crate::plan::Plan;
use crate::trace::{Trace, optional};
use model::number::Number;
use model::trace::{Outcome, Rule};
use std::ops::ControlFlow;

/// Diverts the call if the extension is redirected.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan> {
    let redirect = facts.extension.redirect.as_ref();
    let outcome = match redirect {
        None => Outcome::NotSet,
        Some(to) if is_skipped(facts, to) => Outcome::Skipped,
        Some(_) => Outcome::Diverted,
    };
    let value = optional(redirect.map(Number::as_str));
    trace.setting(facts.extension.id, Rule::Redirect, "redirect", value, outcome);
    match redirect {
        Some(to) if outcome == Outcome::Diverted => ControlFlow::Break(Plan::Divert(to.clone())),
        _ => ControlFlow::Continue(()),
    }
}

/// The target is the caller itself, so that the stand-in can reach the extension, or this extension.
fn is_skipped(facts: &Facts<'_>, to: &Number) -> bool {
    on_net::lookup(facts.directory, to).is_some_and(|target| {
        let target = target.place.item;
        target == facts.extension.id || Some(target) == facts.call.caller.extension
    })
}
