//! Steps of a trace as a principal may see them: inside an item that it sees masked, a step shows its
//! rule and its outcome and nothing that was set.

use model::access::{Noun, Operation, Principal, Target, View, decide};
use model::directory::Directory;
use model::id::ItemId;
use model::sentence::sentence;
use model::trace::{Outcome, Rule, Step, StepValue, StepView};
use serde::Serialize;

/// A step inside an item that the reader sees masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MaskedStep {
    /// The rule.
    pub rule: Rule,
    /// What it came to.
    pub outcome: Outcome,
}

/// A step as somebody may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ShownStep {
    /// All of it.
    Whole(StepView),
    /// Rule and outcome.
    Masked(MaskedStep),
}

impl ShownStep {
    /// The step in plain English, as far as it is shown.
    pub(crate) fn sentence(&self, directory: &Directory) -> String {
        match self {
            Self::Whole(view) => view.sentence.clone(),
            Self::Masked(MaskedStep { rule, outcome }) => {
                let (item, setting, value) = (None, None, StepValue::Null);
                let (rule, outcome) = (*rule, *outcome);
                let step = Step { after_ms: 0, item, rule, setting, value, outcome };
                sentence(&step, directory)
            }
        }
    }
}

/// The steps as `who` may see them. `of` is any target of the same customer.
pub(crate) fn show(
    steps: Vec<Step>,
    who: &Principal,
    of: &Target,
    directory: &Directory,
) -> Vec<ShownStep> {
    let show_one = |step: Step| match step.item {
        Some(item) if !sees_whole(who, of, directory, item) => {
            ShownStep::Masked(MaskedStep { rule: step.rule, outcome: step.outcome })
        }
        _ => ShownStep::Whole(StepView::of(step, directory)),
    };
    steps.into_iter().map(show_one).collect()
}

fn sees_whole(who: &Principal, of: &Target, directory: &Directory, item: ItemId) -> bool {
    let employee = directory.extension(item).and_then(|extension| extension.employee);
    let target = Target {
        customer: of.customer,
        resellers: of.resellers.clone(),
        owners: employee.into_iter().collect(),
    };
    decide(who, Operation::Read(Noun::Extension), &target)
        .is_ok_and(|permit| permit.view() == View::Whole)
}
