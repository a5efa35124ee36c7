//! The members of an employee.

use super::{EmployeeState, Presence};
use crate::access::Level;
use crate::language::Language;
use crate::member::{Acts, Kind, Member, Writer, member};

/// All members, in the order of the wire.
#[rustfmt::skip]
pub const MEMBERS: &[Member] = {
    use self::Acts::{Acts, Is};
    use Kind::{Bool, Date, Enum, Id, Login, Name, Password, Text};
    use Writer::{Manager, Never, Own, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the employee."),
        member("customer", Id, false, Reseller, Is, "The customer it works for."),
        member("name", Name, false, Manager, Is, "Its name; the extensions it owns carry it."),
        member("accessLevel", Enum(Level::WORDS), false, Manager, Is, "What it may do; nobody grants more than it has."),
        member("state", Enum(EmployeeState::WORDS), false, Manager, Is, "DISABLED may not log in."),
        member("title", Text(100), true, Own, Is, "What it does."),
        member("department", Text(100), true, Manager, Is, "Where it does that."),
        member("language", Enum(Language::WORDS), false, Own, Is, "What it speaks."),
        member("primaryContact", Bool, false, Manager, Is, "Whom the operator asks about the customer."),
        member("emailAddress", Login, true, Manager, Is, "What it logs in with, unique on the platform."),
        member("noEmail", Bool, false, Manager, Is, "Whether that is a user name and no address."),
        member("password", Password, false, Own, Is, "What it proves itself with: written and never shown. Others set it only with `noEmail`."),
        member("presence", Enum(Presence::WORDS), false, Own, Acts, "Its extensions' `onPresence…` act on it."),
        member("deleteDate", Date, true, Manager, Is, "When it will be deleted: scheduled by DELETE, and null cancels."),
    ]
};
