//! Digest authentication of phones (RFC 7616, RFC 8760; RFC 3261 §22): who a request is from.
//!
//! Nonces are signed, so a challenge leaves nothing behind here; only nonces that an account has
//! proven itself with are remembered, and only so many. Knows no message, socket or clock.

mod algorithm;
mod credentials;
mod nonce;
mod realm;
mod replay;
mod verifier;

pub use realm::Realm;
pub use verifier::{Verdict, Verifier};
