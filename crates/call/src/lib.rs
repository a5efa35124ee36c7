//! What happens to a call, decided without I/O: facts in, commands out.
//!
//! `Exchange` is everything live in one customer; a `Call` in it is one call. It knows no SIP word,
//! no clock, no socket and no database: time and ids come with each input.
//!
//! ```text
//!   facts ──► Exchange::handle(input, now) ──► poll_command() until None
//!                      ▲                            │
//!                      └──── at poll_timeout() ◄────┘
//! ```
//!
//! A call follows one plan after the other until it rings or ends. The rules that make the plans
//! (`inbound`, `outbound`, `item`, `extension`, `diversion`) read facts, write the trace and do nothing else;
//! live calls and `explain` run the same ones.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod call;
pub mod command;
mod diversion;
mod exchange;
mod explain;
mod extension;
mod facts;
mod inbound;
pub mod input;
mod item;
mod live;
mod on_net;
mod outbound;
mod plan;
pub mod timer;
mod trace;

pub use exchange::Exchange;
