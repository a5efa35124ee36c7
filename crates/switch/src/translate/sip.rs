//! SIP facts as inputs of the core.

use call::input::{CallArrived, CameBy, Input, LegFact};
use model::call::{LegRef, PhoneRef, Presented};
use model::id::CustomerId;
use sip::boundary::SipFact;

/// The customer that a fact is about.
pub(crate) fn customer_of(fact: &SipFact) -> CustomerId {
    match fact {
        SipFact::CallArrived { leg, .. }
        | SipFact::Ringing { leg }
        | SipFact::EarlyMedia { leg, .. }
        | SipFact::Answered { leg, .. }
        | SipFact::Failed { leg, .. }
        | SipFact::Ended { leg, .. }
        | SipFact::OfferReceived { leg, .. } => leg.customer,
        SipFact::PhoneReachable(phone)
        | SipFact::PhoneUnreachable(phone)
        | SipFact::BindingDropped { phone, .. } => phone.customer,
        SipFact::BindingKept(binding) => binding.phone.customer,
    }
}

/// A call of a phone.
pub(crate) fn call_arrived(
    leg: LegRef,
    from: PhoneRef,
    presented: Presented,
    dialled: String,
    hops_left: u8,
) -> Input {
    Input::CallArrived(CallArrived {
        call: leg.call,
        leg: leg.leg,
        by: CameBy::Phone(from.phone),
        presented,
        dialled,
        hops_left,
    })
}

/// Something that happened to a leg.
pub(crate) fn leg_input(leg: LegRef, fact: LegFact) -> Input {
    Input::Leg { call: leg.call, leg: leg.leg, fact }
}
