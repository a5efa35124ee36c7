//! TRUNK: where calls of public numbers come in. They go on to its `goto`.

use crate::facts::Place;
use crate::plan::Plan;
use crate::trace::{Trace, optional};
use model::cause::Cause;
use model::directory::Directory;
use model::trace::{Outcome, Rule};
use model::trunk::Trunk;

/// Where the call goes on; a flow that leads nowhere ends unanswered.
pub(crate) fn decide(directory: &Directory, trunk: &Trunk, trace: &mut Trace) -> Plan {
    let next = trunk.goto.filter(|item| directory.item(*item).is_some());
    let outcome = match (trunk.goto, next) {
        (None, _) => Outcome::NotSet,
        (Some(_), None) => Outcome::FallsBack,
        (Some(_), Some(_)) => Outcome::Jumped,
    };
    trace.setting(trunk.id, Rule::Goto, "goto", optional(trunk.goto), outcome);
    next.map_or(Plan::End(Cause::NoAnswer), |item| Plan::Enter(Place::item(item)))
}
