//! Employees that are to be deleted on a day.

use model::id::{CustomerId, EmployeeId};
use model::time::Wall;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The customer that it works for.
    pub customer: CustomerId,
    /// The employee.
    pub employee: EmployeeId,
    /// When.
    pub at: Wall,
}
