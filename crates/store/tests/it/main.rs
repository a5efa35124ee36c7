//! The store from outside: on a real file and on a real PostgreSQL, opened, closed and opened again.

mod access;
mod history;
mod keeping;
mod place;
mod publishing;
mod world;
mod writing;
