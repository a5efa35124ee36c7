//! Whose turn it is to change a thing that many change at once. The first try goes without; who was
//! overtaken waits for its turn, so that a crowd gets through one by one instead of overtaking each
//! other until they give up.

use std::hash::{DefaultHasher, Hash, Hasher};
use store::Subject;
use tokio::sync::{Mutex, MutexGuard};

/// Queues: things that share one wait for each other, which costs only those that were overtaken.
const QUEUES: u64 = 64;

/// The queues, each fair.
pub(crate) struct Turns(Vec<Mutex<()>>);

impl Turns {
    pub(crate) fn new() -> Self {
        Self((0..QUEUES).map(|_| Mutex::default()).collect())
    }

    /// Waits for the turn to change this thing; it lasts as long as the guard.
    pub(crate) async fn wait(&self, subject: Subject) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = DefaultHasher::new();
        subject.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % QUEUES).ok()?;
        let queue = self.0.get(place)?;
        Some(queue.lock().await)
    }
}
