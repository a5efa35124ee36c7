//! Section 3 of docs/CALLS.md: a phone of an extension dials. Where the number leads, and whether the
//! extension may dial it. What happens there is the business of whatever the call enters.

pub(crate) mod destinations;
pub(crate) mod dialled;

use crate::facts::Caller;
use crate::plan::Plan;
use crate::trace::Trace;
use dialled::Dialled;
use model::cause::Cause;
use model::directory::Directory;
use model::trace::{Outcome, Rule};

/// Where a local caller's call goes.
pub(crate) fn decide(
    directory: &Directory,
    caller: &Caller,
    dialled: &str,
    trace: &mut Trace,
) -> Plan {
    // Step 0: a phone without an extension has nobody's rights to dial with.
    let Some(extension) = caller.extension.and_then(|id| directory.extension(id)) else {
        trace.fact(None, Rule::Dialled, dialled::shown(dialled), Outcome::Refused);
        return Plan::End(Cause::Forbidden);
    };
    let dialled = dialled::read(directory, dialled, trace);
    let Some(reach) = dialled.reach() else { return Plan::End(Cause::NotFound) };
    if !destinations::permits(extension, reach, trace) {
        return Plan::End(Cause::Forbidden);
    }
    match dialled {
        Dialled::OnNet(on_net) => Plan::Enter(on_net.place),
        // Step 7 finds no trunk to send it by.
        _ => Plan::End(Cause::Unavailable),
    }
}
