//! Addresses that no other test process uses, so that no port has to be guessed: Linux answers on all of
//! 127.0.0.0/8, and a process id fits into the last three bytes. Within the process, ports are counted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};

static NEXT_PORT: AtomicU16 = AtomicU16::new(10_000);

/// The address of this process.
pub fn address() -> IpAddr {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    // Process ids have at most 22 bits; 64 more keeps clear of 127.0.0.1.
    IpAddr::V4(Ipv4Addr::new(127, 64 + high, middle, low))
}

/// `count` ports in a row at this process's address that nobody else was given.
pub fn claim(count: u16) -> SocketAddr {
    SocketAddr::new(address(), NEXT_PORT.fetch_add(count, Ordering::Relaxed))
}
