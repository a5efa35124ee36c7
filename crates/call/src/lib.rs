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

pub mod command;
pub mod input;
