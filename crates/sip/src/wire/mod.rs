//! The SIP library and the datagrams before it: everything that touches bytes.

pub(crate) mod front;
pub mod gate;
mod read;
pub(crate) mod socket;
pub(crate) mod stack;
pub(crate) mod task;
mod write;
