//! The HTTP API: `router` is the table of contents, each endpoint has a file.
//!
//! Knows HTTP and nothing else: what may be done, and how, is `admin`'s.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod audit;
mod auth;
mod caller;
mod customer;
mod dialplan;
mod employee;
mod examples;
mod extension;
mod frame;
mod links;
mod openapi;
mod phone;
mod problem;
mod query;
mod record;
mod reply;
mod request;
mod request_id;
mod resource;
mod router;
mod schema;

pub use caller::PeerAddress;
pub use router::{framed, router, routes};
