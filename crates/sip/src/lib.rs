//! SIP at the edge: messages become facts, commands become messages.
//!
//! No Call-ID, tag, CSeq, header or status number passes this boundary. We mint leg ids, commands are
//! infallible (failures come back as facts), and repeating one is harmless.
//!
//! `wire` alone names the SIP library; `leg`, `engine`, `digest` and `registrar` are pure, and `run`
//! joins them.

#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

pub mod boundary;
mod cause;
mod clock;
mod counts;
pub mod digest;
mod engine;
mod header;
mod identity;
mod leg;
mod message;
pub mod registrar;
mod run;
mod uri;
pub mod vital;
pub mod wire;

pub use counts::{Count, Counts};
pub use run::{Sip, SipConfig, StartError};
