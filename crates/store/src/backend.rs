//! The one module that names the database: how connections are opened, begun and told apart by
//! error. Knows no statement.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, Sqlite, SqliteConnection, SqlitePool};
use std::path::Path;
use std::time::Duration;

/// A connection.
pub(crate) type Connection = SqliteConnection;
/// A row.
pub(crate) type Row = sqlx::sqlite::SqliteRow;
/// The connections for reading.
pub(crate) type Readers = SqlitePool;
/// A transaction or a savepoint in one; rolled back when dropped.
pub(crate) type Transaction<'c> = sqlx::Transaction<'c, Sqlite>;

const READERS: u32 = 4;
/// Past this a reader hears 503: whoever asked would rather ask another node.
const ACQUIRE: Duration = Duration::from_secs(2);

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Statements carry names and numbers.
        .disable_statement_logging()
}

/// The one connection that writes.
pub(crate) async fn open_writer(file: &Path) -> Result<Connection, sqlx::Error> {
    options(file).connect().await
}

/// The connections that read.
pub(crate) async fn open_readers(file: &Path) -> Result<Readers, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        // A file has no network that could have gone away.
        .test_before_acquire(false)
        .connect_with(options(file).read_only(true))
        .await
}

/// Begins a write transaction; it has the write lock from the start, so it can't fail for it later.
pub(crate) async fn begin_write(
    connection: &mut Connection,
) -> Result<Transaction<'_>, sqlx::Error> {
    connection.begin_with("BEGIN IMMEDIATE").await
}

/// Begins a transaction in which every read sees the same instant.
pub(crate) async fn begin_read(readers: &Readers) -> Result<Transaction<'static>, sqlx::Error> {
    readers.begin().await
}

/// Did the statement point at a row that isn't there, or remove one that is pointed at?
pub(crate) fn is_reference(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_foreign_key_violation())
}
