//! Why a leg or a call ended, in our words. `sip` has the one table to and from status codes.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// Why a leg ended or was refused.
    Cause {
        /// Someone hung up an answered call.
        HungUp = "hung_up",
        /// The caller gave up before an answer.
        Cancelled = "cancelled",
        /// Another phone took the call.
        CompletedElsewhere = "completed_elsewhere",
        /// Busy (486).
        Busy = "busy",
        /// The person refused (603, 600).
        Declined = "declined",
        /// The caller is on a blocklist (603).
        Blocked = "blocked",
        /// The caller doesn't show its number (433, RFC 5079).
        Anonymous = "anonymous",
        /// Nobody answered in time (480, 408 after ringing).
        NoAnswer = "no_answer",
        /// The phone can't be reached: not registered, no response, transport error.
        Unreachable = "unreachable",
        /// No such number (404).
        NotFound = "not_found",
        /// Not allowed (403).
        Forbidden = "forbidden",
        /// No common codec (488).
        NotAcceptable = "not_acceptable",
        /// Too many diversions or items (486 towards the caller).
        LoopLimit = "loop_limit",
        /// Max-Forwards reached zero (483).
        TooManyHops = "too_many_hops",
        /// Overload, draining, no port (503).
        Unavailable = "unavailable",
        /// Any other failure of the far side.
        Failed = "failed",
        /// A fault of ours: the call was ended to protect the others.
        Internal = "internal",
    }
}
