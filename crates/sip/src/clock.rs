//! The clocks and the randomness of the machine: read here, passed as values everywhere else.

use model::time::{Mono, Now, Wall};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Both clocks. The monotonic one starts at zero when this is made.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// Starts the monotonic clock.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The instant that an input is handled at.
    pub fn now(self) -> Now {
        Now { mono: Mono(self.0.elapsed()), wall: wall() }
    }
}

/// The time of day.
pub fn wall() -> Wall {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// 16 bytes from the operating system.
pub fn draw() -> u128 {
    let mut bytes = [0; 16];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Guessable tags and ids would let strangers into calls.
        tracing::error!(%error, "no randomness; ending the process");
        std::process::abort();
    }
    u128::from_be_bytes(bytes)
}
