//! What SIP counts for whoever runs it. Plain numbers that only rise, but for the bindings; nothing here
//! decides anything, and nobody's name, number or address is in it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A number that anybody may read at any time.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// As many as this.
    pub(crate) fn set(&self, number: usize) {
        self.0.store(number as u64, Relaxed);
    }

    /// How many.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// The counts of one SIP edge. Each datagram counts once.
#[derive(Debug, Default)]
pub struct Counts {
    /// Datagrams handed on to be parsed.
    pub taken: Count,
    /// Requests without credentials, answered with 401.
    pub challenged: Count,
    /// Requests that break a rule, answered with an error.
    pub rejected: Count,
    /// Keep-alives, answered.
    pub kept_alive: Count,
    /// No SIP, or nothing that may be answered: dropped.
    pub unreadable: Count,
    /// New calls answered with 503, since too much waits.
    pub crowded: Count,
    /// Dropped, since the queue was full.
    pub lost: Count,
    /// REGISTERs that were carried out.
    pub registrations: Count,
    /// REGISTERs that were refused: wrong credentials, or a rule broken.
    pub registrations_refused: Count,
    /// Bindings there are.
    pub bindings: Count,
}
