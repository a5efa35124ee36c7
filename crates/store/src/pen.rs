//! The one connection that writes, made again after it was lost. Knows no statement and no job.

use crate::backend::{Backend, Connection};
use crate::budget::within;
use crate::error::StoreError;
use sqlx::Connection as _;
use std::time::Duration;
use tokio::time::Instant;

/// A connection that nobody used for so long is tried before a write depends on it.
const UNTRIED: Duration = Duration::from_secs(1);

/// What the writer writes with.
pub(crate) struct Pen {
    backend: Backend,
    connection: Option<Connection>,
    used: Instant,
}

impl Pen {
    pub(crate) fn new(backend: Backend, connection: Connection) -> Self {
        Self { backend, connection: Some(connection), used: Instant::now() }
    }

    /// The connection, as far as is known a good one.
    pub(crate) async fn ready(&mut self) -> Result<&mut Connection, StoreError> {
        // Taken out, so that it is gone if this is given up.
        let kept = match self.connection.take() {
            Some(mut kept) if self.is_untried() => kept.ping().await.ok().map(|()| kept),
            kept => kept,
        };
        let connection = match kept {
            Some(connection) => connection,
            None => self.backend.connect().await?,
        };
        self.used = Instant::now();
        Ok(self.connection.insert(connection))
    }

    /// Something went wrong with it. A server may have gone away; of a file, a full disk ends the
    /// transaction by itself, and the library goes on counting it.
    pub(crate) fn failed(&mut self) {
        self.connection = None;
    }

    pub(crate) async fn close(mut self) -> Result<(), StoreError> {
        match self.connection.take() {
            Some(connection) => within(async { Ok(connection.close().await?) }).await,
            None => Ok(()),
        }
    }

    fn is_untried(&self) -> bool {
        self.backend.is_shared() && self.used.elapsed() > UNTRIED
    }
}
