//! The store from outside: on a real file and on a real PostgreSQL, opened, closed and opened again.

mod access;
mod apart;
mod audit;
mod history;
mod keeping;
mod kinds;
mod outage;
mod place;
mod proxy;
mod publishing;
mod sharing;
mod verbatim;
mod wait;
mod world;
mod writing;
