//! How old what is in memory may be. Alone on the database, memory is the truth; where others write
//! as well, it is as old as the last time that their changes were asked for. Knows no SQL: who asks
//! for them tells it here.

use crate::budget::BUDGET;
use crate::error::StoreError;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

/// Others' changes are asked for many times within this.
const FRESH: Duration = Duration::from_secs(2);

/// Since when nothing in memory is older.
type AsOf = Option<Instant>;

/// Whether to answer from memory.
#[derive(Debug)]
pub(crate) struct Freshness {
    as_of: watch::Sender<AsOf>,
    asked: Notify,
}

impl Freshness {
    /// Nobody else writes.
    pub(crate) fn alone() -> Self {
        Self { as_of: watch::Sender::new(None), asked: Notify::new() }
    }

    /// Others write as well; what is in memory was read at this instant.
    pub(crate) fn shared(as_of: Instant) -> Self {
        Self { as_of: watch::Sender::new(Some(as_of)), asked: Notify::new() }
    }

    /// Others' changes up to this instant are in memory.
    pub(crate) fn confirm(&self, instant: Instant) {
        self.as_of.send_if_modified(|as_of| {
            let is_later = as_of.is_some_and(|as_of| as_of < instant);
            if is_later {
                *as_of = Some(instant);
            }
            is_later
        });
    }

    /// Resolves once memory may answer. Past its time, somebody has to ask the database first; if
    /// nobody succeeds within the budget, it is unavailable.
    pub(crate) async fn wait(&self) -> Result<(), StoreError> {
        if is_fresh(*self.as_of.borrow()) {
            return Ok(());
        }
        let mut as_of = self.as_of.subscribe();
        self.asked.notify_one();
        let confirmed = as_of.wait_for(|as_of| is_fresh(*as_of));
        match timeout(BUDGET, confirmed).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(StoreError::unavailable("what is in memory may be old")),
        }
    }

    /// Resolves once somebody waits.
    pub(crate) async fn asked(&self) {
        self.asked.notified().await;
    }
}

fn is_fresh(as_of: AsOf) -> bool {
    as_of.is_none_or(|as_of| as_of.elapsed() < FRESH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn memory_answers_for_two_seconds_and_alone_for_ever() {
        advance(Duration::from_secs(10)).await;
        let now = Instant::now();
        let ago = |millis| Some(now.checked_sub(Duration::from_millis(millis)).unwrap());
        for (as_of, expected) in [
            (None, true),
            (ago(0), true),
            (ago(1999), true),
            (ago(2000), false),
            (ago(9000), false),
            // Confirmed meanwhile, by a clock that was read later.
            (Some(now + Duration::from_secs(1)), true),
        ] {
            assert_eq!(is_fresh(as_of), expected, "{as_of:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_answered_once_somebody_succeeded_and_refused_if_nobody_does() {
        let freshness = Freshness::shared(Instant::now());
        assert!(freshness.wait().await.is_ok());
        advance(FRESH).await;
        let asking = async {
            freshness.asked().await;
            freshness.confirm(Instant::now());
        };
        assert!(tokio::join!(freshness.wait(), asking).0.is_ok());
        advance(FRESH).await;
        let start = Instant::now();
        // What succeeds now began too long ago.
        freshness.confirm(start.checked_sub(FRESH).unwrap());
        let refused = freshness.wait().await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(start.elapsed() <= BUDGET + Duration::from_millis(10));
    }

    #[tokio::test(start_paused = true)]
    async fn an_older_success_that_arrives_later_makes_nothing_older() {
        let start = Instant::now();
        let freshness = Freshness::shared(start);
        advance(FRESH).await;
        freshness.confirm(Instant::now());
        freshness.confirm(start);
        assert!(is_fresh(*freshness.as_of.borrow()));
    }
}
