//! `primary`: exactly one extension of each employee is the primary one. A change of `primary` or
//! `employee` takes the others along.

use crate::error::Fault;
use model::directory::Directory;
use model::extension::Extension;
use model::id::EmployeeId;

/// The other extensions that change with this one.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Others {
    /// No longer primary; to be written before this one.
    pub(super) before: Vec<Extension>,
    /// Primary now; to be written after it.
    pub(super) after: Vec<Extension>,
}

/// Settles who is primary once `before` has become `after`. `said` tells that the writer set
/// `primary`; otherwise it follows from the employee.
pub(super) fn settle(
    directory: &Directory,
    before: &Extension,
    after: &mut Extension,
    said: bool,
) -> Result<Others, Fault> {
    let moved = before.employee != after.employee;
    let mut others = Others::default();
    if !moved && before.primary == after.primary {
        return Ok(others);
    }
    if let Some(old) = before.employee.filter(|_| moved && before.primary) {
        others.after.extend(with_primary(siblings(directory, old, before).next(), true));
    }
    let Some(employee) = after.employee else {
        let refused = said && after.primary;
        after.primary = false;
        return if refused { Err(Fault::of("primary", "needs an employee")) } else { Ok(others) };
    };
    let rival = siblings(directory, employee, after).find(|sibling| sibling.primary);
    if moved && !said {
        after.primary = rival.is_none();
    }
    match (after.primary, rival) {
        (false, None) => Err(Fault::of("primary", "one extension of the employee has to be it")),
        (false, Some(_)) => Ok(others),
        (true, rival) => {
            others.before.extend(with_primary(rival, false));
            Ok(others)
        }
    }
}

fn siblings<'a>(
    directory: &'a Directory,
    employee: EmployeeId,
    this: &Extension,
) -> impl Iterator<Item = &'a Extension> {
    let id = this.id;
    directory.extensions_of(employee).filter(move |sibling| sibling.id != id)
}

fn with_primary(extension: Option<&Extension>, primary: bool) -> Option<Extension> {
    let mut extension = extension?.clone();
    extension.primary = primary;
    Some(extension)
}
