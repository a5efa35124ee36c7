//! Media over real sockets on loopback. Each test has an address of its own, so that tests and their
//! processes don't meet; waiting is for a datagram, with a deadline.

mod ports;
mod relay;
mod world;
