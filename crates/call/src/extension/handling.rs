//! What steps 9 and 10 have in common: an action in one of three columns, with the number or item that
//! it may need. One that points at nothing falls back.

use crate::facts::{Facts, Place};
use crate::plan::Plan;
use crate::trace::{Trace, optional, text};
use model::id::ItemId;
use model::number::Number;
use model::trace::{Outcome, Rule, StepValue};

/// One column of `busy` or `noAnswer`.
pub(crate) struct Handling<'a, A> {
    /// Step 9 or step 10.
    pub(crate) rule: Rule,
    /// What to do.
    pub(crate) action: A,
    /// The action as a setting: its path and word.
    pub(crate) action_setting: (&'static str, &'static str),
    /// Where `NUMBER` diverts to, with its path.
    pub(crate) number: (&'static str, Option<&'a Number>),
    /// Where `GOTO` jumps to, with its path.
    pub(crate) goto: (&'static str, Option<ItemId>),
}

impl<A> Handling<'_, A> {
    /// The action, and what it comes to.
    pub(crate) fn trace_action(&self, facts: &Facts<'_>, outcome: Outcome, trace: &mut Trace) {
        let (path, word) = self.action_setting;
        trace.setting(facts.extension.id, self.rule, path, text(word), outcome);
    }

    /// Diverts to the number; without one, `otherwise`.
    pub(crate) fn divert(&self, facts: &Facts<'_>, otherwise: Plan, trace: &mut Trace) -> Plan {
        let (path, number) = self.number;
        let plan = number.map(|number| Plan::Divert(number.clone()));
        let value = optional(number.map(Number::as_str));
        self.conclude(facts, (path, value, Outcome::Diverted), plan, trace).unwrap_or(otherwise)
    }

    /// Jumps to the item; without one, `otherwise`.
    pub(crate) fn jump(&self, facts: &Facts<'_>, otherwise: Plan, trace: &mut Trace) -> Plan {
        let (path, goto) = self.goto;
        let exists = goto.filter(|item| facts.directory.item(*item).is_some());
        let plan = exists.map(|item| Plan::Enter(Place::item(item)));
        self.conclude(facts, (path, optional(goto), Outcome::Jumped), plan, trace)
            .unwrap_or(otherwise)
    }

    fn conclude(
        &self,
        facts: &Facts<'_>,
        (path, value, outcome): (&'static str, StepValue, Outcome),
        plan: Option<Plan>,
        trace: &mut Trace,
    ) -> Option<Plan> {
        let outcome = if plan.is_some() { outcome } else { Outcome::FallsBack };
        self.trace_action(facts, outcome, trace);
        trace.setting(facts.extension.id, self.rule, path, value, outcome);
        plan
    }
}
