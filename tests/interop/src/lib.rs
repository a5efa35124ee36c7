//! The running server against real peers.
