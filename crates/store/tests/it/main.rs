//! The store from outside: on a real file, opened, closed and opened again.

mod access;
mod history;
mod keeping;
mod publishing;
mod world;
mod writing;
