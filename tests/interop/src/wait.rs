//! Waiting for something that doesn't report by itself: a file that grows, a record that is stored a
//! little later. Always ends: with the thing, or with a panic that names it.

use std::thread;
use std::time::{Duration, Instant};

/// How long a peer may take for anything that should happen at once. Generous: two cores, many tests.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks until there is something to see, and gives it back.
///
/// # Panics
/// When `PATIENCE` has passed; `what` names what was missing.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain: {what}");
        thread::park_timeout(PAUSE);
    }
}
