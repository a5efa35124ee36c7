//! The heart from outside: scenarios whose ladder is the snapshot, and properties.

mod properties;
mod scenarios;
