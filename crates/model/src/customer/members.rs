//! The members of a customer.

use crate::language::Language;
use crate::member::{Acts, Kind, Member, Writer, member};

/// All members, in the order of the wire.
#[rustfmt::skip]
pub const MEMBERS: &[Member] = {
    use self::Acts::{Acts, Is, Stored};
    use Kind::{Country, Domain, Enum, Id, Name, TimeZone};
    use Writer::{Manager, Never, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the customer."),
        member("name", Name, false, Manager, Is, "Its name."),
        member("reseller", Id, true, Reseller, Is, "The customer that resells to it; resellers can have one themselves."),
        member("country", Country, false, Reseller, Acts, "Where it is: which numbers are national, which reach help."),
        member("timeZone", TimeZone, false, Reseller, Stored, "The zone of its schedules and of scheduled deletions."),
        member("language", Enum(Language::WORDS), false, Manager, Stored, "What its people speak."),
        member("sipDomain", Domain, true, Reseller, Stored, "The host that its phones may name, unique on the platform."),
    ]
};
