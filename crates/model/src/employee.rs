//! An employee: owns extensions, has a presence, may log in.

pub mod members;

use crate::access::Level;
use crate::id::{CustomerId, EmployeeId};
use crate::language::Language;
use crate::member::Extra;
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

wire_enum! {
    /// Whether an employee may log in.
    #[derive(Default)]
    EmployeeState {
        /// As its access level says.
        #[default]
        Enabled = "ENABLED",
        /// Not, whatever its access level says.
        Disabled = "DISABLED",
    }
}

/// An employee. What it proves itself with is the store's alone.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
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
    /// Whether it may log in.
    #[serde(default)]
    pub state: EmployeeState,
    /// What it does.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it does that.
    #[serde(default)]
    pub department: Option<String>,
    /// What it speaks.
    #[serde(default)]
    pub language: Language,
    /// Whom the operator asks about the customer.
    #[serde(default)]
    pub primary_contact: bool,
    /// What it logs in with, unique on the platform in any case of letters.
    #[serde(default)]
    pub email_address: Option<String>,
    /// Whether that is a user name and no address.
    #[serde(default)]
    pub no_email: bool,
    /// Where it is.
    pub presence: Presence,
    /// When it is to be deleted; null if not scheduled.
    pub delete_date: Option<Wall>,
    /// Whether its extensions go with it then.
    #[serde(default)]
    pub delete_extensions: bool,
    /// Whether its mobiles go with it then.
    #[serde(default)]
    pub delete_mvno_accounts: bool,
    /// Members that aren't known here, as they were sent.
    #[serde(default)]
    pub extra: Extra,
}

impl Employee {
    /// An employee with defaults, who may not log in.
    pub fn new(id: EmployeeId, customer: CustomerId, name: Name) -> Self {
        Self {
            id,
            customer,
            name,
            access_level: Level::NoLogin,
            state: EmployeeState::default(),
            title: None,
            department: None,
            language: Language::default(),
            primary_contact: false,
            email_address: None,
            no_email: false,
            presence: Presence::Work,
            delete_date: None,
            delete_extensions: false,
            delete_mvno_accounts: false,
            extra: Extra::default(),
        }
    }

    /// Whether it may log in at all.
    pub fn may_log_in(&self) -> bool {
        self.access_level > Level::NoLogin && self.state == EmployeeState::Enabled
    }

    /// When its extensions are to be deleted with it.
    pub fn extensions_delete_date(&self) -> Option<Wall> {
        self.delete_date.filter(|_| self.delete_extensions)
    }
}
