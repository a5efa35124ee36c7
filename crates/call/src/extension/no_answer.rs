//! Step 10: no-answer handling, by column.

use super::handling::Handling;
use crate::facts::{Column, Facts};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::cause::Cause;
use model::extension::{MobileNoAnswerAction, NoAnswer, NoAnswerAction};
use model::trace::{Outcome, Rule};

/// What a caller gets whom nobody answers.
pub(crate) fn handle(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    let handling = of_column(facts, trace);
    let unanswered = Plan::End(Cause::NoAnswer);
    match handling.action {
        NoAnswerAction::Nothing => {
            handling.trace_action(facts, Outcome::KeepsRinging, trace);
            Plan::KeepRinging
        }
        NoAnswerAction::Number => handling.divert(facts, unanswered, trace),
        NoAnswerAction::Goto => handling.jump(facts, unanswered, trace),
        // There is no mailbox yet.
        NoAnswerAction::Voicemail => {
            handling.trace_action(facts, Outcome::FallsBack, trace);
            unanswered
        }
    }
}

fn of_column<'a>(facts: &Facts<'a>, trace: &mut Trace) -> Handling<'a, NoAnswerAction> {
    let no_answer = &facts.extension.no_answer;
    match facts.column() {
        Column::Local => local(no_answer),
        Column::External => external(no_answer),
        Column::Mobile => mobile(no_answer).unwrap_or_else(|| {
            let (path, value) = ("noAnswer.mobileAction", text(no_answer.mobile_action.as_str()));
            trace.setting(facts.extension.id, Rule::NoAnswer, path, value, Outcome::Accepted);
            external(no_answer)
        }),
    }
}

fn local(no_answer: &NoAnswer) -> Handling<'_, NoAnswerAction> {
    Handling {
        rule: Rule::NoAnswer,
        action: no_answer.int_action,
        action_setting: ("noAnswer.intAction", no_answer.int_action.as_str()),
        number: ("noAnswer.intNumber", no_answer.int_number.as_ref()),
        goto: ("noAnswer.intGoto", no_answer.int_goto),
    }
}

fn external(no_answer: &NoAnswer) -> Handling<'_, NoAnswerAction> {
    Handling {
        rule: Rule::NoAnswer,
        action: no_answer.ext_action,
        action_setting: ("noAnswer.extAction", no_answer.ext_action.as_str()),
        number: ("noAnswer.extNumber", no_answer.ext_number.as_ref()),
        goto: ("noAnswer.extGoto", no_answer.ext_goto),
    }
}

/// None: as the external column says.
fn mobile(no_answer: &NoAnswer) -> Option<Handling<'_, NoAnswerAction>> {
    let action = match no_answer.mobile_action {
        MobileNoAnswerAction::External => return None,
        MobileNoAnswerAction::Nothing => NoAnswerAction::Nothing,
        MobileNoAnswerAction::Voicemail => NoAnswerAction::Voicemail,
        MobileNoAnswerAction::Number => NoAnswerAction::Number,
        MobileNoAnswerAction::Goto => NoAnswerAction::Goto,
    };
    Some(Handling {
        rule: Rule::NoAnswer,
        action,
        action_setting: ("noAnswer.mobileAction", no_answer.mobile_action.as_str()),
        number: ("noAnswer.mobileNumber", no_answer.mobile_number.as_ref()),
        goto: ("noAnswer.mobileGoto", no_answer.mobile_goto),
    })
}
