//! The trace while it is written: one step per rule that was looked at. It knows when it is and
//! keeps to its limit; what a step says is the rule's business.

use model::id::ItemId;
use model::limits::TRACE_STEPS;
use model::time::Mono;
use model::trace::{Outcome, Rule, Step, StepValue};
use std::borrow::Cow;

/// The steps of one call so far.
#[derive(Debug)]
pub(crate) struct Trace {
    started: Mono,
    now: Mono,
    steps: Vec<Step>,
}

impl Trace {
    /// The trace of a call that arrives now.
    pub(crate) fn new(now: Mono) -> Self {
        Self { started: now, now, steps: Vec::new() }
    }

    /// Steps from here on happen at `now`.
    pub(crate) fn set_now(&mut self, now: Mono) {
        self.now = now;
    }

    /// A step that a setting of an item decided.
    pub(crate) fn setting(
        &mut self,
        item: ItemId,
        rule: Rule,
        path: &'static str,
        value: StepValue,
        outcome: Outcome,
    ) {
        self.push(Some(item), rule, Some(path), value, outcome);
    }

    /// A step that something other than a setting decided.
    pub(crate) fn fact(
        &mut self,
        item: Option<ItemId>,
        rule: Rule,
        value: StepValue,
        outcome: Outcome,
    ) {
        self.push(item, rule, None, value, outcome);
    }

    fn push(
        &mut self,
        item: Option<ItemId>,
        rule: Rule,
        path: Option<&'static str>,
        value: StepValue,
        outcome: Outcome,
    ) {
        // The last place is for how the call ended.
        let room = if rule == Rule::End { TRACE_STEPS } else { TRACE_STEPS - 1 };
        if self.steps.len() >= room {
            return;
        }
        let after = self.now.since(self.started).as_millis();
        let after_ms = u64::try_from(after).unwrap_or(u64::MAX);
        let setting = path.map(Cow::Borrowed);
        self.steps.push(Step { after_ms, item, rule, setting, value, outcome });
    }

    /// The steps so far.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// A word, a number to dial, an id.
pub(crate) fn text(value: impl ToString) -> StepValue {
    StepValue::Text(value.to_string())
}

/// A number to dial, or null.
pub(crate) fn optional(value: Option<impl ToString>) -> StepValue {
    value.map_or(StepValue::Null, text)
}

/// A count, or a number of seconds.
pub(crate) fn count(value: usize) -> StepValue {
    StepValue::Count(u32::try_from(value).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_trace_still_takes_the_end() {
        let mut trace = Trace::new(Mono::default());
        for _ in 0..=TRACE_STEPS {
            trace.fact(None, Rule::Entered, StepValue::Null, Outcome::Accepted);
        }
        assert_eq!(trace.steps().len(), TRACE_STEPS - 1);
        trace.fact(None, Rule::End, text("loop_limit"), Outcome::LimitReached);
        assert_eq!(trace.steps().last().map(|step| step.rule), Some(Rule::End));
        assert_eq!(trace.steps().len(), TRACE_STEPS);
    }
}
