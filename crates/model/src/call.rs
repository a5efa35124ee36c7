//! Words about a live call that both the core and the edges speak.

use crate::id::{CallId, CustomerId, LegId, PhoneId};
use crate::pii::Name;
use crate::wire_enum::wire_enum;

/// An identifier of a leg with the call and customer that it belongs to: what the edges keep, and
/// all they need to hand a fact to the right place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegRef {
    /// The customer whose exchange has the call.
    pub customer: CustomerId,
    /// The call.
    pub call: CallId,
    /// The leg.
    pub leg: LegId,
}

wire_enum! {
    /// How well a caller's number is known, best first.
    Provenance {
        /// An authenticated phone of the customer.
        AuthenticatedPhone = "authenticated_phone",
        /// A trunk vouches for it.
        TrunkAsserted = "trunk_asserted",
        /// Only the From header says so.
        FromOnly = "from_only",
        /// The caller keyed it in.
        KeyedIn = "keyed_in",
        /// There is none.
        None = "none",
    }
}

wire_enum! {
    /// Whether a number may be shown.
    Privacy {
        /// It may.
        Open = "open",
        /// It may not (anonymous From, `Privacy: id`).
        Secret = "secret",
    }
}

/// A caller's identity as it crosses between legs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// The number as text, local or public; None for none.
    pub number: Option<String>,
    /// The name to show.
    pub name: Option<Name>,
    /// How well the number is known.
    pub provenance: Provenance,
    /// Whether the number may be shown.
    pub privacy: Privacy,
}

/// An authenticated phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneRef {
    /// Its customer.
    pub customer: CustomerId,
    /// The phone.
    pub phone: PhoneId,
}
