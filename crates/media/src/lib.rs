//! RTP at the edge: which ports, what is offered and answered, and the threads that relay.
//!
//! The pure parts decide (`negotiate` what, `latch` from whom, `rtp` and `stream` how a header is
//! rewritten, `party` the three together); `thread` only reads, asks them and sends. Nothing here
//! knows what a call is for, who may talk to whom, or SIP.
//!
//! ```text
//!   switch ─► Media ─ bounded queue + waker ─► thread 0..n: every socket of its sessions
//!                └──── statistics, freed ports ◄───┘
//! ```
//!
//! RTCP is received and consumed, not forwarded: SSRC, sequence numbers and timestamps are rewritten,
//! so a report of one side would describe streams that the other never saw. Silence on RTCP ends no
//! call (RFC 3550 §6.3.5 only times out members).
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod config;
mod handle;
mod latch;
pub mod negotiate;
mod party;
mod ports;
mod rtp;
mod statistics;
mod stream;
mod thread;

pub use config::{MediaConfig, StartError};
pub use handle::{Media, OpenError};
pub use negotiate::Local;
pub use statistics::ThreadStatistics;
