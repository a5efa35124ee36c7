//! The running server against real peers. Needs baresip, sipp, Schemathesis and the built binary: `cargo xtask test`.

mod calls;
mod disk;
mod drain;
mod durability;
mod explain;
mod isolation;
mod log;
mod peers;
mod phonebook;
mod registration;
mod schemathesis;
mod settings;
mod sharing;
