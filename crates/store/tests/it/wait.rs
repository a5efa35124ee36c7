//! Waiting for what nobody reports: another store's memory, a database that comes back. Looked at until
//! a deadline, here and nowhere else.

use std::time::Duration;
use tokio::time::{Instant, interval, timeout};

/// Asks until there is an answer.
pub async fn until<T>(limit: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    let asking = async {
        let mut again = interval(Duration::from_millis(10));
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            again.tick().await;
        }
    };
    let answer = timeout(limit, asking).await;
    answer.unwrap_or_else(|_| panic!("nothing in {:?}", start.elapsed()))
}
