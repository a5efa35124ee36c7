//! The boundary of this crate: everything it says (`SipFact`) and hears (`SipCommand`).

use bytes::Bytes;
use model::binding::Binding;
use model::call::{LegRef, PhoneRef, Presented};
use model::cause::Cause;
use model::phone::SipAccount;
use std::sync::Arc;

/// A session description as it travels: this crate decides when, `media::negotiate` what.
pub type Sdp = Bytes;

/// Which offer an answer belongs to: they count up on each leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferId(pub u32);

/// What happened.
#[derive(Clone, Debug)]
pub enum SipFact {
    /// An authenticated phone calls. 100 was sent; the leg waits for commands.
    CallArrived {
        /// Its leg; call and leg ids were minted here.
        leg: LegRef,
        /// The phone, by its digest credentials.
        from: PhoneRef,
        /// What From says, for the core to judge.
        presented: Presented,
        /// The user part of the request URI, unescaped.
        dialled: String,
        /// Max-Forwards, one less than received.
        hops_left: u8,
        /// The offer, if the INVITE carried one.
        offer: Option<Sdp>,
    },
    /// A phone that was called rings (180, 181, 182, 183 without SDP).
    Ringing {
        /// Its leg.
        leg: LegRef,
    },
    /// A phone that was called sends media before it answers (183 with SDP).
    EarlyMedia {
        /// Its leg.
        leg: LegRef,
        /// Its answer to our offer.
        answer: Sdp,
    },
    /// A phone that was called answered; the ACK is sent.
    Answered {
        /// Its leg.
        leg: LegRef,
        /// Its answer to our offer.
        answer: Sdp,
    },
    /// An unanswered leg ended: refused, unreachable, cancelled (by the caller, or as we asked).
    Failed {
        /// The leg.
        leg: LegRef,
        /// Why.
        cause: Cause,
    },
    /// An answered leg ended: BYE, or no ACK came.
    Ended {
        /// The leg.
        leg: LegRef,
        /// Why.
        cause: Cause,
    },
    /// A phone made a new offer within its call (hold, resume, a new address).
    OfferReceived {
        /// Its leg.
        leg: LegRef,
        /// To be named in the answer.
        offer: OfferId,
        /// The offer.
        body: Sdp,
    },
    /// A binding was made or refreshed; to be kept.
    BindingKept(Binding),
    /// A binding is gone.
    BindingDropped {
        /// The phone.
        phone: PhoneRef,
        /// The binding's key.
        key: String,
    },
    /// A phone has a binding now.
    PhoneReachable(PhoneRef),
    /// The last binding of a phone is gone.
    PhoneUnreachable(PhoneRef),
}

/// What to do.
#[derive(Clone, Debug)]
pub enum SipCommand {
    /// Send 180 to a caller.
    SignalRinging {
        /// The caller's leg.
        leg: LegRef,
    },
    /// Send 181 to a caller.
    SignalDiverted {
        /// The caller's leg.
        leg: LegRef,
    },
    /// Answer a caller.
    Answer {
        /// The caller's leg.
        leg: LegRef,
        /// Our answer, or our offer if the INVITE had none.
        body: Sdp,
    },
    /// Refuse a caller.
    Refuse {
        /// The caller's leg.
        leg: LegRef,
        /// Why.
        cause: Cause,
    },
    /// Call all bindings of a phone; the first to answer is the leg.
    CallPhone {
        /// The new leg.
        leg: LegRef,
        /// The phone.
        phone: PhoneRef,
        /// The caller as the phone is to see it.
        presented: Presented,
        /// Max-Forwards to send.
        hops_left: u8,
        /// Our offer.
        offer: Sdp,
    },
    /// Stop calling a phone.
    Cancel {
        /// Its leg.
        leg: LegRef,
        /// For the Reason header.
        cause: Cause,
    },
    /// End an answered leg.
    HangUp {
        /// The leg.
        leg: LegRef,
        /// For the Reason header.
        cause: Cause,
    },
    /// End all bindings of a phone: it proves itself with something else from now on.
    Forget {
        /// The phone.
        phone: PhoneRef,
    },
    /// Answer an offer made within a call; None refuses it with 488 and changes nothing.
    AnswerOffer {
        /// The leg.
        leg: LegRef,
        /// The offer.
        offer: OfferId,
        /// The answer.
        body: Option<Sdp>,
    },
}

/// Who knows the accounts of phones. The store does in production, a map in tests.
pub trait Accounts: Send + Sync + 'static {
    /// The account with this digest user name.
    fn account(&self, username: &str) -> Option<Arc<SipAccount>>;
}
