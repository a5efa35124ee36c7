//! How long the database may take: past that whoever asked hears that it is unavailable. Knows no
//! statement; which of the two fits where is the caller's choice.

use crate::error::StoreError;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// Past this whoever asked would rather ask another node. A connection that stalls without closing
/// ends no other way: the system keeps it for a quarter of an hour.
pub(crate) const BUDGET: Duration = Duration::from_secs(2);

/// What the future comes to, if it comes to it within the budget. Dropped otherwise.
pub(crate) async fn within<T, E: From<StoreError>>(
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    match timeout(BUDGET, future).await {
        Ok(done) => done,
        Err(_) => Err(too_slow().into()),
    }
}

/// What the future comes to, unless nothing at all happens for as long as the budget. For work whose
/// whole takes as long as there is much of it.
pub(crate) async fn unless_stalled<T, E: From<StoreError>>(
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let mut future = pin!(future);
    let mut stalled = pin!(sleep_until(Instant::now() + BUDGET));
    poll_fn(|context| {
        if let std::task::Poll::Ready(done) = future.as_mut().poll(context) {
            return std::task::Poll::Ready(done);
        }
        if stalled.as_mut().poll(context).is_ready() {
            return std::task::Poll::Ready(Err(too_slow().into()));
        }
        // Something woke it: the database has answered something.
        stalled.as_mut().reset(Instant::now() + BUDGET);
        stalled.as_mut().poll(context).map(|()| Err(too_slow().into()))
    })
    .await
}

fn too_slow() -> StoreError {
    StoreError::unavailable("the database doesn't answer")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn steps(count: u32, each: Duration) -> Result<(), StoreError> {
        for _ in 0..count {
            sleep_until(Instant::now() + each).await;
        }
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_budget_is_for_the_whole_and_a_stall_for_each_step() {
        let second = Duration::from_secs(1);
        for (count, each, is_within, is_moving) in
            [(1, second, true, true), (10, second, false, true), (1, BUDGET + second, false, false)]
        {
            let start = Instant::now();
            let whole = within::<_, StoreError>(steps(count, each)).await;
            assert_eq!(whole.is_ok(), is_within, "{count} times {each:?}");
            assert!(start.elapsed() <= BUDGET + Duration::from_millis(10));
            let moving = unless_stalled::<_, StoreError>(steps(count, each)).await;
            assert_eq!(moving.is_ok(), is_moving, "{count} times {each:?}");
        }
    }
}
