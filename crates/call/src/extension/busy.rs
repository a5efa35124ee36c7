//! Step 9: busy handling, by column.

use super::handling::Handling;
use crate::facts::{Column, Facts};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::cause::Cause;
use model::extension::{Busy, BusyAction, LocalBusyAction, MobileBusyAction};
use model::trace::{Outcome, Rule};

/// What a caller gets who finds the extension busy.
pub(crate) fn handle(facts: &Facts<'_>, trace: &mut Trace) -> Plan {
    let handling = of_column(facts, trace);
    let busy = Plan::End(Cause::Busy);
    match handling.action {
        LocalBusyAction::Busy => {
            handling.trace_action(facts, Outcome::Refused, trace);
            busy
        }
        LocalBusyAction::Number => handling.divert(facts, busy, trace),
        LocalBusyAction::Goto => handling.jump(facts, busy, trace),
        // There is no mailbox, no personal queue and nothing to press a key to yet.
        LocalBusyAction::Voicemail | LocalBusyAction::Queue | LocalBusyAction::Barge => {
            handling.trace_action(facts, Outcome::FallsBack, trace);
            busy
        }
    }
}

fn of_column<'a>(facts: &Facts<'a>, trace: &mut Trace) -> Handling<'a, LocalBusyAction> {
    let busy = &facts.extension.busy;
    match facts.column() {
        Column::Local => local(busy),
        Column::External => external(busy),
        Column::Mobile => mobile(busy).unwrap_or_else(|| {
            let (path, value) = ("busy.mobileAction", text(busy.mobile_action.as_str()));
            trace.setting(facts.extension.id, Rule::Busy, path, value, Outcome::Accepted);
            external(busy)
        }),
    }
}

fn local(busy: &Busy) -> Handling<'_, LocalBusyAction> {
    Handling {
        rule: Rule::Busy,
        action: busy.int_action,
        action_setting: ("busy.intAction", busy.int_action.as_str()),
        number: ("busy.intNumber", busy.int_number.as_ref()),
        goto: ("busy.intGoto", busy.int_goto),
    }
}

fn external(busy: &Busy) -> Handling<'_, LocalBusyAction> {
    let action = match busy.ext_action {
        BusyAction::Busy => LocalBusyAction::Busy,
        BusyAction::Voicemail => LocalBusyAction::Voicemail,
        BusyAction::Number => LocalBusyAction::Number,
        BusyAction::Goto => LocalBusyAction::Goto,
        BusyAction::Queue => LocalBusyAction::Queue,
    };
    Handling {
        rule: Rule::Busy,
        action,
        action_setting: ("busy.extAction", busy.ext_action.as_str()),
        number: ("busy.extNumber", busy.ext_number.as_ref()),
        goto: ("busy.extGoto", busy.ext_goto),
    }
}

/// None: as the external column says.
fn mobile(busy: &Busy) -> Option<Handling<'_, LocalBusyAction>> {
    let action = match busy.mobile_action {
        MobileBusyAction::External => return None,
        MobileBusyAction::Busy => LocalBusyAction::Busy,
        MobileBusyAction::Voicemail => LocalBusyAction::Voicemail,
        MobileBusyAction::Number => LocalBusyAction::Number,
        MobileBusyAction::Goto => LocalBusyAction::Goto,
        MobileBusyAction::Queue => LocalBusyAction::Queue,
    };
    Some(Handling {
        rule: Rule::Busy,
        action,
        action_setting: ("busy.mobileAction", busy.mobile_action.as_str()),
        number: ("busy.mobileNumber", busy.mobile_number.as_ref()),
        goto: ("busy.mobileGoto", busy.mobile_goto),
    })
}
