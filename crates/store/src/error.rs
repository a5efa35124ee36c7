//! What can go wrong, by whose fault: the store's (`StoreError`), the write's (`WriteError`), the
//! start's (`OpenError`). No SQL type shows: nobody else could do anything with one.

use model::item::Revision;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

/// Shared, because everybody whose write waited for the same commit gets it.
type Source = Arc<dyn Error + Send + Sync>;

/// The store failed; the request was fine.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// It can't be reached, is too busy, or is closed: 503.
    #[error("the store can't be reached")]
    Unavailable(#[source] Source),
    /// Something that is stored can't be read.
    #[error("the store holds something unreadable")]
    Corrupt(#[source] Corruption),
}

/// What can't be read, and why.
#[derive(Clone, Debug, thiserror::Error)]
#[error("stored {what} can't be read")]
pub struct Corruption {
    /// The kind of thing.
    pub what: &'static str,
    source: Source,
}

impl StoreError {
    pub(crate) fn unavailable(why: &'static str) -> Self {
        Self::Unavailable(Source::from(Box::<dyn Error + Send + Sync>::from(why)))
    }

    pub(crate) fn closed() -> Self {
        Self::unavailable("it is closed")
    }

    /// Something that is stored can't be read, and why.
    pub fn corrupt(what: &'static str, why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Corrupt(Corruption { what, source: Source::from(why.into()) })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as Sql;
        match error {
            Sql::ColumnDecode { .. } | Sql::ColumnNotFound(_) | Sql::Decode(_) => {
                Self::corrupt("column", error)
            }
            _ => Self::Unavailable(Arc::new(error)),
        }
    }
}

/// A write wasn't made. Nothing of it is stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError {
    /// What the write is based on has changed since, or is gone: 412.
    #[error("what it is based on has changed")]
    Stale,
    /// Somebody else has the value: 409.
    #[error("{member} is taken")]
    Taken {
        /// Which one: `number`, `direct`, `numbers`, `primary` (claimed twice in one write), `sipDomain`,
        /// `emailAddress`, `username`, `realm` or `_id`.
        member: &'static str,
        /// The id of who has it, if that is the same customer's.
        by: Option<String>,
    },
    /// The member points at something that the customer doesn't have: 404 or 400.
    #[error("{member} points at nothing")]
    Missing {
        /// The member: a goto's path, `employee`, `extension`, `reseller`, `phone`, `customer`,
        /// `voicemailBreakout`; `_id` for something to be removed.
        member: &'static str,
    },
    /// Something to be removed is still pointed at: 409.
    #[error("the {kind} is still pointed at")]
    Referenced {
        /// The kind of thing.
        kind: &'static str,
    },
    /// A list takes no more: 422.
    #[error("no more {member} fit")]
    Full {
        /// The member.
        member: &'static str,
    },
    /// Something in the write belongs to another customer than the permit.
    #[error("the write touches another customer")]
    WrongCustomer,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for WriteError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The store can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it can't be made.
    #[error("{path} can't be used")]
    Folder {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it open: one store, one process.
    #[error("{folder} is in use by another lokal{}; end that one first, or name another folder",
        process.map(|id| format!(" (process {id})")).unwrap_or_default())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The process that wrote its id into the lock file, if readable.
        process: Option<u32>,
    },
    /// It was written by a newer version of this program.
    #[error(
        "the store is at schema {found}, and this version knows {known}: it was used by a newer one"
    )]
    Newer {
        /// The schema found.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// A migration failed and was taken back.
    #[error("migration {name} failed")]
    Migration {
        /// Its file name.
        name: &'static str,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The system gives no random bytes.
    #[error("no random bytes")]
    Random(#[source] std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What a write came to.
pub(crate) type Written = Result<Revision, WriteError>;
