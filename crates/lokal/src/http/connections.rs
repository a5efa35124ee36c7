//! How many connections there may be, and which one goes when there are too many: the one that has
//! rested for longest between requests. Knows nothing of HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The connections of one listener.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: u32,
    permits: Arc<Semaphore>,
    resting: Mutex<Resting>,
}

/// Connections between requests, by when they came to rest.
#[derive(Debug, Default)]
struct Resting {
    turn: u64,
    since: BTreeMap<u64, Arc<Notify>>,
    /// Someone waits for the next one that comes to rest.
    wanted: bool,
    /// Connections that had to go.
    displaced: u64,
}

/// A connection's place among them, given up when it is dropped.
#[derive(Debug)]
pub struct Seat {
    connections: Connections,
    go: Arc<Notify>,
    turn: Mutex<Option<u64>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connections {
    /// At most so many.
    pub fn new(most: usize) -> Self {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let permits = Arc::new(Semaphore::new(most as usize));
        Self(Arc::new(Inner { most, permits, resting: Mutex::default() }))
    }

    /// A seat for a new connection; there is one as soon as another connection rests or ends.
    pub async fn seat(&self) -> Seat {
        let permits = &self.0.permits;
        let permit = match Arc::clone(permits).try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => {
                self.close_oldest();
                // Never closed.
                Arc::clone(permits).acquire_owned().await.ok()
            }
        };
        self.resting().wanted = false;
        let go = Arc::new(Notify::new());
        let seat = Seat { connections: self.clone(), go, turn: Mutex::new(None), _permit: permit };
        seat.rest();
        seat
    }

    /// Has the connection closed that has rested for longest, or the next one that comes to rest.
    pub fn close_oldest(&self) {
        let mut resting = self.resting();
        match resting.since.pop_first() {
            Some((_, go)) => {
                resting.displaced += 1;
                go.notify_one();
            }
            None => resting.wanted = true,
        }
    }

    /// Completes when no connection is left; nobody may ask for a seat meanwhile.
    pub async fn all_ended(&self) {
        let _ = self.0.permits.acquire_many(self.0.most).await;
    }

    /// Those that are open.
    pub fn open(&self) -> u64 {
        u64::from(self.0.most).saturating_sub(self.0.permits.available_permits() as u64)
    }

    /// Those that had to go for others so far.
    pub fn displaced(&self) -> u64 {
        self.resting().displaced
    }

    fn resting(&self) -> MutexGuard<'_, Resting> {
        self.0.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// A request has come.
    pub fn work(&self) {
        if let Some(turn) = self.turn().take() {
            self.connections.resting().since.remove(&turn);
        }
    }

    /// The request is answered.
    pub fn rest(&self) {
        let mut own = self.turn();
        let mut resting = self.connections.resting();
        resting.turn += 1;
        *own = Some(resting.turn);
        if std::mem::take(&mut resting.wanted) {
            resting.displaced += 1;
            self.go.notify_one();
        } else {
            let turn = resting.turn;
            resting.since.insert(turn, Arc::clone(&self.go));
        }
    }

    /// Whether it is between requests.
    pub fn is_idle(&self) -> bool {
        self.turn().is_some()
    }

    /// Completes when another needs the seat.
    pub async fn asked_to_go(&self) {
        self.go.notified().await;
    }

    fn turn(&self) -> MutexGuard<'_, Option<u64>> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.work();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Whether it was asked to go.
    async fn goes(seat: &Seat) -> bool {
        tokio::time::timeout(Duration::ZERO, seat.asked_to_go()).await.is_ok()
    }

    #[tokio::test]
    async fn who_has_rested_for_longest_goes_first() {
        let connections = Connections::new(2);
        let (first, second) = (connections.seat().await, connections.seat().await);
        first.work();
        first.rest();
        connections.close_oldest();
        assert!(goes(&second).await && !goes(&first).await);
        drop(second);
        assert_eq!((connections.open(), connections.displaced()), (1, 1));
        first.work();
        connections.close_oldest();
        assert!(!goes(&first).await, "it works");
        first.rest();
        assert!(goes(&first).await);
    }
}
