//! The model from outside: the table of members against the serialised extension, access rules,
//! snapshots.

mod access;
mod directory;
mod members;
mod sentences;
