//! The members of the three kinds of phone, as `/pbx/sipphone`, `/mvno` and `/pbx/externalphone` show
//! them.

use super::MvnoState;
use super::PhoneType;
use crate::member::{Acts, Kind, Member, Writer, member};

/// A SIP phone's members, in the order of the wire.
#[rustfmt::skip]
pub const SIP: &[Member] = {
    use self::Acts::{Acts, Is};
    use Kind::{Bool, Enum, Id, Mac, Text};
    use Writer::{Manager, Never, Own, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the phone."),
        member("type", Enum(PhoneType::WORDS), false, Never, Is, "Always SIP."),
        member("customer", Id, false, Reseller, Is, "The customer it belongs to."),
        member("extension", Id, true, Manager, Acts, "The extension that it rings and calls for."),
        member("username", Text(64), false, Never, Acts, "Digest user name, generated."),
        member("model", Text(64), true, Manager, Is, "What it is."),
        member("macAddress", Mac, true, Manager, Is, "Its MAC address."),
        member("product", Id, true, Reseller, Is, "What it is billed as."),
        member("dnd", Bool, false, Own, Acts, "Never called while set."),
        member("notes", Text(1000), true, Manager, Is, "Free text."),
    ]
};

/// A mobile's members, in the order of the wire.
#[rustfmt::skip]
pub const MVNO: &[Member] = {
    use self::Acts::{Acts, Is, Stored};
    use Kind::{Bool, E164, Enum, Id, Text};
    use Writer::{Manager, Never, Own, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the mobile."),
        member("type", Enum(PhoneType::WORDS), false, Never, Is, "Always MVNO."),
        member("customer", Id, false, Reseller, Is, "The customer it belongs to."),
        member("extension", Id, true, Manager, Stored, "The extension that it rings and calls for."),
        member("number", E164, false, Reseller, Stored, "Its own number."),
        member("state", Enum(MvnoState::WORDS), false, Reseller, Stored, "A mobile that isn't ACTIVE is offline."),
        member("ratePlan", Id, true, Reseller, Is, "What it is billed as."),
        member("newRatePlan", Id, true, Reseller, Is, "What it will be billed as."),
        member("dnd", Bool, false, Own, Acts, "Never called while set."),
        member("notes", Text(1000), true, Manager, Is, "Free text."),
    ]
};

/// An external phone's members, in the order of the wire.
#[rustfmt::skip]
pub const EXTERNAL: &[Member] = {
    use self::Acts::{Acts, Is, Stored};
    use Kind::{Bool, E164, Enum, Id, Text};
    use Writer::{Manager, Never, Own, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the phone."),
        member("type", Enum(PhoneType::WORDS), false, Never, Is, "Always EXTERNAL."),
        member("customer", Id, false, Reseller, Is, "The customer it belongs to."),
        member("extension", Id, true, Manager, Stored, "The extension that it rings for."),
        member("number", E164, false, Manager, Stored, "Its number, on whatever network."),
        member("dnd", Bool, false, Own, Acts, "Never called while set."),
        member("confirmAnswer", Bool, false, Manager, Stored, "Whoever answers has to press 1, so that its voicemail can't take the call."),
        member("notes", Text(1000), true, Manager, Is, "Free text."),
    ]
};
