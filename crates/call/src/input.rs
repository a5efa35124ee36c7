//! Facts: what an exchange is told. Past tense, no SIP words.

use model::call::Presented;
use model::carrier::Carrier;
use model::cause::Cause;
use model::directory::Directory;
use model::id::{CallId, CarrierId, LegId, PhoneId};
use std::sync::Arc;

/// A fact about one customer.
#[derive(Clone, Debug)]
pub enum Input {
    /// Settings changed. Calls use the new snapshot from the next item they enter.
    DirectoryChanged(Arc<Directory>),
    /// A phone can be called.
    PhoneReachable(PhoneId),
    /// A phone can't be called any more.
    PhoneUnreachable(PhoneId),
    /// These carrier trunks work, those to be preferred first.
    CarriersChanged(Vec<Carrier>),
    /// A call arrived.
    CallArrived(CallArrived),
    /// Something happened to a leg of a call. Unknown calls and legs are ignored: facts about a leg
    /// that has just ended are normal.
    Leg {
        /// The call.
        call: CallId,
        /// The leg.
        leg: LegId,
        /// What happened.
        fact: LegFact,
    },
    /// It is `poll_timeout()`, or later.
    TimePassed,
}

/// What happened to a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegFact {
    /// The far phone rings.
    Ringing,
    /// The far phone answered.
    Answered,
    /// The leg ended without an answer: refused, unreachable, or the caller gave up (`Cancelled`).
    Failed(Cause),
    /// An answered leg ended.
    Ended(Cause),
}

/// What a call came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBy {
    /// This phone of the customer, which has proved itself.
    Phone(PhoneId),
    /// This carrier trunk.
    Carrier(CarrierId),
}

/// A call that came in.
#[derive(Clone, Debug)]
pub struct CallArrived {
    /// Its id, drawn by the edge.
    pub call: CallId,
    /// The caller's leg.
    pub leg: LegId,
    /// What it came by.
    pub by: CameBy,
    /// The caller as the edge saw it. Of a phone only the privacy counts: its extension has number and name.
    pub presented: Presented,
    /// What was dialled, as it came.
    pub dialled: String,
    /// Hops left (Max-Forwards), already one less than received.
    pub hops_left: u8,
}
