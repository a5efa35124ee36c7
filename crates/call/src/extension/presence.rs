//! Step 5: what the extension does with calls while its employee isn't simply at work.

use super::{busy, screen};
use crate::facts::{Entry, Facts, Origin};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::employee::Presence;
use model::extension::PresencePolicy;
use model::trace::{Outcome, Rule, StepValue};
use std::ops::ControlFlow;

/// Sends a call that the presence doesn't accept to the busy handling.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan> {
    let extension = facts.extension;
    let Some(employee) = extension.employee.and_then(|id| facts.directory.employee(id)) else {
        let value = StepValue::Null;
        trace.setting(extension.id, Rule::Presence, "employee", value, Outcome::Accepted);
        return ControlFlow::Continue(());
    };
    let (path, policy) = match employee.presence {
        Presence::Work => {
            let value = text(employee.presence.as_str());
            trace.fact(Some(extension.id), Rule::Presence, value, Outcome::Accepted);
            return ControlFlow::Continue(());
        }
        Presence::OffWork => ("onPresenceOffWork", extension.on_presence_off_work),
        Presence::Holiday => ("onPresenceHoliday", extension.on_presence_holiday),
        Presence::Busy => ("onPresenceBusy", extension.on_presence_busy),
    };
    let listed = screen::is_expected(facts);
    let accepted = accepts(policy, facts.call.caller.origin, facts.entry, listed);
    let outcome = if accepted { Outcome::Accepted } else { Outcome::Busy };
    trace.setting(extension.id, Rule::Presence, path, text(policy.as_str()), outcome);
    if accepted {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(busy::handle(facts, trace))
    }
}

/// The table of step 5.
const fn accepts(policy: PresencePolicy, origin: Origin, entry: Entry, listed: bool) -> bool {
    let local = matches!(origin, Origin::Local);
    let mobile_direct = matches!(entry, Entry::MobileDirect(_));
    match policy {
        PresencePolicy::Available => true,
        PresencePolicy::Busy => false,
        PresencePolicy::BusyNotMobile => local || mobile_direct,
        PresencePolicy::BusyNotMobileDirect => mobile_direct,
        PresencePolicy::Whitelist => listed,
        PresencePolicy::WhitelistInt => local || listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::PhoneId;

    /// Who is accepted: unlisted INT, EXT, MOBILE_DIRECT of an EXT caller, the same of an INT caller;
    /// then the four again, listed.
    type Row = [bool; 8];

    const YES: bool = true;
    const NO: bool = false;

    #[rustfmt::skip]
    const TABLE: &[(PresencePolicy, Row)] = &[
        (PresencePolicy::Available,           [YES, YES, YES, YES, YES, YES, YES, YES]),
        (PresencePolicy::Busy,                [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO]),
        (PresencePolicy::BusyNotMobile,       [YES, NO,  YES, YES, YES, NO,  YES, YES]),
        (PresencePolicy::BusyNotMobileDirect, [NO,  NO,  YES, YES, NO,  NO,  YES, YES]),
        (PresencePolicy::Whitelist,           [NO,  NO,  NO,  NO,  YES, YES, YES, YES]),
        (PresencePolicy::WhitelistInt,        [YES, NO,  NO,  YES, YES, YES, YES, YES]),
    ];

    #[test]
    fn each_policy_accepts_whom_it_should() {
        let direct = Entry::MobileDirect(PhoneId::from_bytes([1; 12]));
        let callers = [
            (Origin::Local, Entry::Normal),
            (Origin::External, Entry::Normal),
            (Origin::External, direct),
            (Origin::Local, direct),
        ];
        assert_eq!(TABLE.len(), PresencePolicy::ALL.len());
        for (policy, row) in TABLE {
            for (index, expected) in row.iter().enumerate() {
                let (origin, entry) = callers[index % 4];
                let listed = index >= 4;
                let accepted = accepts(*policy, origin, entry, listed);
                assert_eq!(accepted, *expected, "{policy:?} {origin:?} {entry:?} {listed}");
            }
        }
    }
}
