//! The heart from outside: scenarios whose ladder is the snapshot, and properties.

mod explain;
mod limits;
mod properties;
mod scenarios;
