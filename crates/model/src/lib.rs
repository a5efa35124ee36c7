//! The words everyone uses, by noun: ids, numbers, extensions and the other dialplan items, phones,
//! customers, employees, who may do what, the `Directory` of one customer, causes, limits.
//!
//! Serde here is the wire format of the HTTP API. Nothing here does I/O, and nothing that only one
//! crate uses lives here.

pub mod access;
pub mod audit;
pub mod binding;
pub mod call;
pub mod carrier;
pub mod cause;
pub mod change;
pub mod country;
pub mod customer;
pub mod directory;
pub mod employee;
pub mod explain;
pub mod extension;
pub mod held;
pub mod id;
pub mod item;
pub mod language;
pub mod limits;
pub mod member;
pub mod music;
pub mod number;
pub mod phone;
pub mod pii;
pub mod record;
pub mod screen;
pub mod sentence;
pub mod settings;
pub mod time;
pub mod token;
pub mod trace;
pub mod trunk;
mod wire_enum;
