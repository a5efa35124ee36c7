//! SIP at the edge: messages become facts, commands become messages.
//!
//! No Call-ID, tag, CSeq, header or status number passes this boundary. We mint leg ids, commands are
//! infallible (failures come back as facts), and repeating one is harmless.

pub mod boundary;
