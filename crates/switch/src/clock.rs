//! The one clock of the switch: what the core is told the time is.

use model::time::{Mono, Now, Wall};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A start that `Mono` counts from.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    /// A clock that starts now.
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// This instant.
    pub(crate) fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let wall = i64::try_from(wall.as_millis()).unwrap_or(i64::MAX);
        Now { mono: Mono(self.start.elapsed()), wall: Wall(wall) }
    }

    /// When `mono` is, for the runtime's timer.
    pub(crate) fn instant(&self, mono: Mono) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.start + mono.0)
    }
}
