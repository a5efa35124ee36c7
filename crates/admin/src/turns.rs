//! Whose turn it is to change a thing that many change at once. The first try goes without; who was
//! overtaken waits for its turn, so that a crowd gets through one by one instead of overtaking each
//! other until they give up.

use model::id::ItemId;
use tokio::sync::{Mutex, MutexGuard};

/// Queues: things that share one wait for each other, which costs only those that were overtaken.
const QUEUES: usize = 64;

/// The queues, each fair.
pub(crate) struct Turns([Mutex<()>; QUEUES]);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }

    /// Waits for the turn to change this item; it lasts as long as the guard.
    pub(crate) async fn wait(&self, item: ItemId) -> Option<MutexGuard<'_, ()>> {
        // Ids are random, so any byte spreads them.
        let [first, ..] = item.bytes();
        let queue = self.0.get(usize::from(*first) % QUEUES)?;
        Some(queue.lock().await)
    }
}
