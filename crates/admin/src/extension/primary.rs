//! `primary`: exactly one extension of each employee is the primary one. A change of `primary` or
//! `employee` takes the others along.

use crate::error::Fault;
use model::directory::Directory;
use model::extension::Extension;
use model::id::EmployeeId;

/// Settles who is primary once `before` has become `after`: the other extension that is to be primary
/// now, if one is. `said` tells that the writer changed `primary`; otherwise it follows from the
/// employee. The one that was primary before is the store's to clear, with the same write.
pub(super) fn settle(
    directory: &Directory,
    before: &Extension,
    after: &mut Extension,
    said: bool,
) -> Result<Option<Extension>, Fault> {
    let moved = before.employee != after.employee;
    if !moved && before.primary == after.primary {
        return Ok(None);
    }
    let heir = match before.employee {
        Some(left) if moved && before.primary => siblings(directory, left, before).next(),
        _ => None,
    };
    let heir = heir.map(|heir| Extension { primary: true, ..heir.clone() });
    let Some(employee) = after.employee else {
        let refused = said && after.primary;
        after.primary = false;
        return if refused { Err(Fault::of("primary", "needs an employee")) } else { Ok(heir) };
    };
    let has_rival = siblings(directory, employee, after).any(|sibling| sibling.primary);
    if moved && !said {
        after.primary = !has_rival;
    }
    if after.primary || has_rival {
        Ok(heir)
    } else {
        Err(Fault::of("primary", "one extension of the employee has to be it"))
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
