//! What the store counts for whoever runs it. Only the writer counts.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper ends of the classes of commits by duration, in seconds: from memory to a disk in trouble.
pub const COMMIT_SECONDS: [f64; 9] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 2.5];

/// Counts since the store was opened.
#[derive(Debug, Default)]
pub struct Counts {
    writes: AtomicU64,
    failed_writes: AtomicU64,
    failed_commits: AtomicU64,
    commit_nanos: AtomicU64,
    /// One more than there are ends: the last class has none.
    commits: [AtomicU64; COMMIT_SECONDS.len() + 1],
}

impl Counts {
    /// A write to settings was made, or not, for whatever reason.
    pub(crate) fn add_write(&self, made: bool) {
        let count = if made { &self.writes } else { &self.failed_writes };
        count.fetch_add(1, Relaxed);
    }

    /// A transaction that failed as a whole, or whose records and bindings did.
    pub(crate) fn add_failed_commit(&self) {
        self.failed_commits.fetch_add(1, Relaxed);
    }

    /// A transaction took so long, its statements included.
    pub(crate) fn add_commit(&self, took: Duration) {
        let class = COMMIT_SECONDS.iter().position(|end| took.as_secs_f64() <= *end);
        if let Some(commits) = self.commits.get(class.unwrap_or(COMMIT_SECONDS.len())) {
            commits.fetch_add(1, Relaxed);
        }
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.commit_nanos.fetch_add(nanos, Relaxed);
    }

    /// Writes to settings that were made.
    pub fn writes(&self) -> u64 {
        self.writes.load(Relaxed)
    }

    /// Writes to settings that weren't: stale, taken, or the store failed.
    pub fn failed_writes(&self) -> u64 {
        self.failed_writes.load(Relaxed)
    }

    /// Transactions that failed, or whose records and bindings did.
    pub fn failed_commits(&self) -> u64 {
        self.failed_commits.load(Relaxed)
    }

    /// Seconds that transactions took together.
    pub fn commit_seconds(&self) -> f64 {
        Duration::from_nanos(self.commit_nanos.load(Relaxed)).as_secs_f64()
    }

    /// Transactions by duration: each class of `COMMIT_SECONDS`, then those that took longer.
    pub fn commits(&self) -> [u64; COMMIT_SECONDS.len() + 1] {
        std::array::from_fn(|class| self.commits[class].load(Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_in_the_class_that_it_fits() {
        let counts = Counts::default();
        for millis in [0, 1, 7, 9_000] {
            counts.add_commit(Duration::from_millis(millis));
        }
        assert_eq!(counts.commits(), [1, 1, 0, 0, 1, 0, 0, 0, 0, 1]);
        assert!((counts.commit_seconds() - 9.008).abs() < 1e-9);
    }
}
