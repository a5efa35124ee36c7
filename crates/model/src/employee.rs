//! An employee: owns extensions, has a presence, may log in.

use crate::access::Level;
use crate::id::{CustomerId, EmployeeId};
use crate::pii::Name;
use crate::time::Wall;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Where an employee is, as far as calls are concerned.
    Presence {
        /// At work. An extension without employee counts as this.
        Work = "WORK",
        /// At work, busy: `onPresenceBusy` acts.
        Busy = "BUSY",
        /// Off work: `onPresenceOffWork` acts.
        OffWork = "OFF_WORK",
        /// On holiday: `onPresenceHoliday` acts.
        Holiday = "HOLIDAY",
    }
}

/// An employee, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Employee {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: EmployeeId,
    /// The customer it works for.
    pub customer: CustomerId,
    /// Its name; the extensions it owns carry it.
    pub name: Name,
    /// What it may do.
    pub access_level: Level,
    /// Where it is.
    pub presence: Presence,
    /// When it is to be deleted with its extensions; null if not scheduled.
    pub delete_date: Option<Wall>,
}
