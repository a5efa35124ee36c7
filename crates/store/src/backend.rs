//! The one module that knows that there are two databases: how connections are opened and begun, and
//! told apart by error. Knows no statement about settings.

use crate::budget::{BUDGET, unless_stalled, within};
use crate::database::{Database, PostgresUrl};
use crate::error::StoreError;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgListener, PgPoolOptions, Postgres};
use sqlx::{
    Any, AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Database as _, Executor as _,
};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

/// A connection.
pub(crate) type Connection = AnyConnection;
/// A row.
pub(crate) type Row = AnyRow;
/// A transaction or a savepoint in one; rolled back when dropped.
pub(crate) type Transaction<'c> = sqlx::Transaction<'c, Any>;

/// Readers of one process, on a file and on a server.
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 16;
/// A server's connection that nobody used for so long may be gone without a word.
const IDLE: Duration = Duration::from_secs(30);

/// What the writer's connection is made with: a commit that was acknowledged survives a power cut.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
/// What every connection to a server is made with. Waiting for a lock ends before we stop waiting for
/// the answer; a node that went away in the middle of a write doesn't keep the others from writing.
const POSTGRES_SETTINGS: &[(&str, &str)] = &[
    ("options[lock_timeout]", "1500"),
    ("options[statement_timeout]", "5000"),
    ("options[idle_in_transaction_session_timeout]", "2000"),
];
/// One write at a time on the whole platform: the order of `change.seq` is the order of commits, and
/// what a write has checked holds until it is committed. The number is ours alone in the database.
const POSTGRES_BEGIN_WRITE: &str = "BEGIN; SELECT pg_advisory_xact_lock(7810267431)";
const POSTGRES_BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// A migration takes as long as it takes, and whoever starts meanwhile waits for it.
const POSTGRES_BEGIN_MIGRATION: &str = "BEGIN; SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(7810267431)";

const CHANNEL: &str = "lokal_change";
const NOTIFY: &str = "NOTIFY lokal_change";

/// How to reach the database.
#[derive(Clone)]
pub(crate) struct Backend {
    writing: AnyConnectOptions,
    reading: AnyConnectOptions,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// The options hold a password.
impl std::fmt::Debug for Backend {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(formatter)
    }
}

impl Backend {
    /// Of a database; SQLite's is this file, which must be there.
    pub(crate) fn new(database: &Database, file: &Path) -> Result<Self, sqlx::Error> {
        install_default_drivers();
        match database {
            Database::Folder => Self::sqlite(file),
            Database::Postgres(url) => Ok(Self::postgres(url)),
        }
    }

    fn sqlite(file: &Path) -> Result<Self, sqlx::Error> {
        // As a URL: what isn't plain in a file's name is written as its byte.
        let bytes = file.as_os_str().as_bytes().iter();
        let path: String = bytes.map(|byte| format!("%{byte:02x}")).collect();
        // Statements carry names and numbers.
        let options = |mode: &str| {
            let url = format!("sqlite:{path}?mode={mode}").parse::<AnyConnectOptions>();
            url.map(AnyConnectOptions::disable_statement_logging)
        };
        Ok(Self { writing: options("rw")?, reading: options("ro")?, kind: Kind::Sqlite })
    }

    fn postgres(url: &PostgresUrl) -> Self {
        let mut options = url.options().disable_statement_logging();
        options.database_url.query_pairs_mut().extend_pairs(POSTGRES_SETTINGS);
        Self { writing: options.clone(), reading: options, kind: Kind::Postgres }
    }

    /// Whether other processes may write to it as well.
    pub(crate) fn is_shared(&self) -> bool {
        self.kind == Kind::Postgres
    }

    /// A connection that may write.
    pub(crate) async fn connect(&self) -> Result<Connection, StoreError> {
        if self.is_shared() {
            return within(async { Ok(self.writing.connect().await?) }).await;
        }
        let mut connection = self.writing.connect().await?;
        connection.execute(SQLITE_WRITER).await?;
        Ok(connection)
    }

    /// The connections that read.
    pub(crate) async fn open_readers(&self) -> Result<Readers, sqlx::Error> {
        let options = AnyPoolOptions::new().acquire_timeout(BUDGET).max_lifetime(None);
        let options = match self.kind {
            // A file has no network that could have gone away.
            Kind::Sqlite => options
                .max_connections(SQLITE_READERS)
                .idle_timeout(None)
                .test_before_acquire(false),
            Kind::Postgres => options.max_connections(POSTGRES_READERS).idle_timeout(IDLE),
        };
        Ok(Readers { pool: options.connect_with(self.reading.clone()).await?, kind: self.kind })
    }

    /// Hears of other processes' commits.
    pub(crate) async fn listen(&self) -> Result<PgListener, StoreError> {
        within(async {
            let options = sqlx::postgres::PgConnectOptions::try_from(&self.reading)?;
            let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.ignore_pool_close_event(true);
            listener.listen(CHANNEL).await?;
            Ok(listener)
        })
        .await
    }
}

/// Tells the other processes that there was a commit.
pub(crate) async fn notify(connection: &mut Connection) -> Result<(), StoreError> {
    connection.execute(NOTIFY).await?;
    Ok(())
}

fn kind(connection: &Connection) -> Kind {
    if connection.backend_name() == Postgres::NAME { Kind::Postgres } else { Kind::Sqlite }
}

/// Begins a write transaction; it has the write lock from the start, so it can't fail for it later.
pub(crate) async fn begin_write(
    connection: &mut Connection,
) -> Result<Transaction<'_>, sqlx::Error> {
    match kind(connection) {
        Kind::Sqlite => connection.begin_with("BEGIN IMMEDIATE").await,
        Kind::Postgres => connection.begin_with(POSTGRES_BEGIN_WRITE).await,
    }
}

/// Begins the transaction of a migration, and takes which of its two texts is meant.
pub(crate) async fn begin_migration<T>(
    connection: &mut Connection,
    sqlite: T,
    postgres: T,
) -> Result<(Transaction<'_>, T), sqlx::Error> {
    match kind(connection) {
        Kind::Sqlite => Ok((begin_write(connection).await?, sqlite)),
        Kind::Postgres => Ok((connection.begin_with(POSTGRES_BEGIN_MIGRATION).await?, postgres)),
    }
}

/// Begins a transaction in which every read sees the same instant.
pub(crate) async fn begin_read(
    connection: &mut Connection,
) -> Result<Transaction<'_>, sqlx::Error> {
    match kind(connection) {
        Kind::Sqlite => connection.begin().await,
        Kind::Postgres => connection.begin_with(POSTGRES_BEGIN_READ).await,
    }
}

/// The connections for reading. A file's take as long as the disk does; only a server can be silent.
#[derive(Clone, Debug)]
pub(crate) struct Readers {
    pool: AnyPool,
    kind: Kind,
}

impl Readers {
    /// Lets one of them read.
    pub(crate) async fn read<T>(
        &self,
        read: impl AsyncFnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.pool.acquire().await?;
        if self.kind == Kind::Sqlite {
            return read(&mut connection).await;
        }
        let done = within(read(&mut connection)).await;
        give_back(connection, done)
    }

    /// Lets one of them read what may be much.
    pub(crate) async fn read_much<T>(
        &self,
        read: impl AsyncFnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.pool.acquire().await?;
        if self.kind == Kind::Sqlite {
            return read(&mut connection).await;
        }
        let done = unless_stalled(read(&mut connection)).await;
        give_back(connection, done)
    }

    /// How many read at this moment.
    pub(crate) fn in_use(&self) -> usize {
        (self.pool.size() as usize).saturating_sub(self.pool.num_idle())
    }

    /// Ends all of them.
    pub(crate) async fn close(&self) {
        let _ = tokio::time::timeout(BUDGET, self.pool.close()).await;
    }
}

/// What failed may be the connection. Put back into the pool, it would be waited for again.
fn give_back<T>(
    mut connection: PoolConnection<Any>,
    done: Result<T, StoreError>,
) -> Result<T, StoreError> {
    if done.is_err() {
        connection.close_on_drop();
    }
    done
}

/// Did the statement point at a row that isn't there, or remove one that is pointed at?
pub(crate) fn is_reference(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_foreign_key_violation())
}
