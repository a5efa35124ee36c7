//! The public numbers that customers hold (`/pbx/number`), and what each is used by: one extension's
//! `direct`, one TRUNK item, or one mobile of the platform's network.

use crate::id::{CustomerId, ItemId, NumberId, PhoneId};
use crate::member::{Acts, Kind, Member, Writer, member};
use crate::number::E164;
use crate::wire_enum::wire_enum;

/// A number that a customer holds; unique on the platform.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HeldNumber {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: NumberId,
    /// The number.
    pub number: E164,
    /// Who holds it.
    pub customer: CustomerId,
    /// Whether it may be used in the PBX.
    pub pbx: bool,
}

wire_enum! {
    /// What kind of thing uses a number.
    UserType {
        /// An extension's `direct`.
        Extension = "EXTENSION",
        /// A TRUNK item's `numbers`.
        Trunk = "TRUNK",
        /// A mobile's own number.
        Mvno = "MVNO",
    }
}

/// What uses a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberUser {
    /// An extension, as its direct number.
    Extension(ItemId),
    /// A TRUNK item.
    Trunk(ItemId),
    /// A mobile of the platform's network.
    Mvno(PhoneId),
}

/// `usedBy`, as shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UsedBy {
    /// The id of the extension, item or phone.
    #[serde(rename = "_id")]
    pub id: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: UserType,
}

impl NumberUser {
    /// As `usedBy` shows it.
    pub fn view(self) -> UsedBy {
        match self {
            Self::Extension(id) => UsedBy { id: id.to_string(), kind: UserType::Extension },
            Self::Trunk(id) => UsedBy { id: id.to_string(), kind: UserType::Trunk },
            Self::Mvno(id) => UsedBy { id: id.to_string(), kind: UserType::Mvno },
        }
    }
}

/// All members, in the order of the wire.
#[rustfmt::skip]
pub const MEMBERS: &[Member] = {
    use self::Acts::{Acts, Is};
    use Kind::{Bool, E164, Id, View};
    use Writer::{Never, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the number."),
        member("number", E164, false, Reseller, Acts, "The number, unique on the platform."),
        member("customer", Id, false, Reseller, Is, "Who holds it."),
        member("pbx", Bool, false, Reseller, Is, "Whether it may be used in the PBX."),
        member("usedBy", View, true, Never, Is, "The extension, TRUNK item or mobile that uses it."),
    ]
};
