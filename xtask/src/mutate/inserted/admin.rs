//! Put into the copy of `admin` by `cargo xtask mutate`: asks for a permit, or takes one for granted.

use crate::AdminError;
use model::access::{self, Denied, Level, Noun, Operation, Permit, Principal, Target};
use model::id::EmployeeId;
use model::mutant::is;

pub(crate) fn permit(
    mutant: &str,
    who: &Principal,
    operation: Operation<'_>,
    target: Option<&Target>,
) -> Result<Permit, AdminError> {
    let target = target.ok_or(AdminError::NotFound);
    if is(mutant) {
        return target.and_then(|target| granted(who, target).map_err(|_| AdminError::NotFound));
    }
    crate::permit(who, operation, Some(target?))
}

pub(crate) fn decide(
    mutant: &str,
    who: &Principal,
    operation: Operation<'_>,
    target: &Target,
) -> Result<Permit, Denied> {
    if is(mutant) { granted(who, target) } else { access::decide(who, operation, target) }
}

pub(crate) fn reaches(mutant: &str, who: &Principal, employee: EmployeeId, level: Level) -> bool {
    is(mutant) || access::reaches(who, employee, level)
}

/// What everybody gets where nobody asks.
fn granted(who: &Principal, target: &Target) -> Result<Permit, Denied> {
    let admin = Principal { level: Level::Admin, ..who.clone() };
    access::decide(&admin, Operation::Read(Noun::Customer), target)
}
