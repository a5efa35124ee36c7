//! The running server against real peers: what a test needs to start `lokal`, real telephones and an
//! HTTP client, and to wait for what they report. Decides nothing about calls; the tests in `tests/it`
//! do. Everything here panics with the peer's own log when a peer doesn't do what was asked.

pub mod baresip;
pub mod demo;
pub mod http;
pub mod loopback;
mod netstring;
pub mod process;
pub mod server;
pub mod sipp;
pub mod tone;
pub mod wait;

pub use baresip::Phone;
pub use demo::{Account, Demo, Extension};
pub use http::Api;
pub use server::Server;
