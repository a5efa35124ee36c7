//! Commands: what an exchange asks of the edges. Imperative, infallible (a failure comes back as a
//! fact), harmless when repeated.

use model::call::Presented;
use model::cause::Cause;
use model::id::{CallId, LegId, PhoneId};
use model::record::CallRecord;

/// A command for one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The call.
    pub call: CallId,
    /// What to do.
    pub what: What,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Tell the caller that it rings (180).
    SignalRinging {
        /// The caller's leg.
        leg: LegId,
    },
    /// Tell the caller that the call is being forwarded (181).
    SignalDiverted {
        /// The caller's leg.
        leg: LegId,
    },
    /// Answer the caller, with the media of the leg it was bridged with.
    AnswerLeg {
        /// The caller's leg.
        leg: LegId,
    },
    /// Refuse the caller's unanswered leg.
    RefuseLeg {
        /// The caller's leg.
        leg: LegId,
        /// Why.
        cause: Cause,
    },
    /// Call a phone on a new leg.
    RingPhone {
        /// The new leg.
        leg: LegId,
        /// The caller's leg, whose media offer the new leg is made from.
        on_behalf_of: LegId,
        /// The phone.
        phone: PhoneId,
        /// The caller, as this phone is to see it.
        presented: Presented,
        /// Hops left.
        hops_left: u8,
    },
    /// Stop calling a phone.
    CancelLeg {
        /// The phone's leg.
        leg: LegId,
        /// Why: `CompletedElsewhere` or `Cancelled`.
        cause: Cause,
    },
    /// End an answered leg.
    HangUpLeg {
        /// The leg.
        leg: LegId,
        /// Why.
        cause: Cause,
    },
    /// Let two legs hear each other.
    BridgeLegs {
        /// One.
        a: LegId,
        /// The other.
        b: LegId,
    },
    /// Keep the record of the call, which is over.
    KeepRecord(Box<CallRecord>),
}
