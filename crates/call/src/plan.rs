//! What the rules come to: the next thing that a call does.

use crate::facts::Place;
use model::cause::Cause;
use model::id::PhoneId;
use model::number::Number;
use std::time::Duration;

/// The next thing that a call does. A refusal is a plan too: deciding can't fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Enter an item.
    Enter(Place),
    /// Enter an item on behalf of the extension that the call is in, which does that once (`inboundGoto`).
    SendOn(Place),
    /// Divert to a number, on behalf of the item that the call is in.
    Divert(Number),
    /// Ring these phones of the extension that the call is in.
    Ring {
        /// The phones, in the order in which they are rung.
        phones: Vec<PhoneId>,
        /// How long, counted from now.
        timeout: Duration,
    },
    /// Go on ringing what rings, and whatever registers, without a time-out.
    KeepRinging,
    /// End the call.
    End(Cause),
}
