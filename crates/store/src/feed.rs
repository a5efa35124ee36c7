//! When others' changes are followed: as soon as they say that there is one, and anyway many times a
//! second; and at once when somebody needs to know and the usual connection is silent. Knows nothing
//! of what a change is.

use crate::backend::{self, Backend, Connection};
use crate::budget::{unless_stalled, within};
use crate::error::StoreError;
use crate::follow::Follower;
use crate::freshness::Freshness;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

/// How long others' changes wait if nobody says that there are some.
const POLL: Duration = Duration::from_millis(250);
/// However busy others are, changes are fetched together for so long.
const TOGETHER: Duration = Duration::from_millis(10);

/// What following needs.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    pub(crate) backend: Backend,
    pub(crate) follower: Arc<Follower>,
    pub(crate) freshness: Arc<Freshness>,
}

impl Feed {
    /// Follows until the tasks are dropped.
    pub(crate) fn start(self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        tasks.spawn(self.clone().follow());
        tasks.spawn(self.follow_when_asked());
        tasks
    }

    async fn follow(self) {
        let mut again = interval(POLL);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_lost = false;
        loop {
            again.tick().await;
            let Err(error) = self.follow_until_lost(&mut is_lost).await;
            if !is_lost {
                tracing::warn!(?error, "other nodes' changes can't be followed");
            }
            is_lost = true;
        }
    }

    async fn follow_until_lost(&self, was_lost: &mut bool) -> Result<Infallible, StoreError> {
        let mut connection = self.backend.connect().await?;
        let mut listener = self.backend.listen().await?;
        loop {
            self.poll(&mut connection).await?;
            if std::mem::take(was_lost) {
                tracing::info!("other nodes' changes are followed again");
            }
            let polled = Instant::now();
            tokio::select! {
                () = sleep_until(polled + POLL) => {}
                heard = listener.recv() => { heard?; }
                () = self.follower.told() => within(backend::notify(&mut connection)).await?,
            }
            sleep_until(polled + TOGETHER).await;
        }
    }

    /// A connection that is silent tells nobody, so here it is a new one each time.
    async fn follow_when_asked(self) {
        loop {
            self.freshness.asked().await;
            let asking = async { self.poll(&mut self.backend.connect().await?).await };
            if let Err(error) = within(asking).await {
                tracing::debug!(?error, "the database was asked in vain");
            }
        }
    }

    async fn poll(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let started = Instant::now();
        unless_stalled(async {
            let mut transaction = backend::begin_read(connection).await?;
            self.follower.catch_up(&mut transaction).await?;
            Ok::<_, StoreError>(transaction.commit().await?)
        })
        .await?;
        self.freshness.confirm(started);
        Ok(())
    }
}
