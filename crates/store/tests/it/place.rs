//! Where a test's store is: a folder of its own, and SQLite in it or a PostgreSQL database of its own.
//! Cases are written once and run on both.

use cluster::Cluster;
use std::cell::Cell;
use std::path::Path;
use store::{Clock, Database, OpenError, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Which database a case runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

thread_local! {
    static ON: Cell<On> = const { Cell::new(On::Sqlite) };
}

/// Makes two tests of an async function: one on SQLite, one on PostgreSQL.
macro_rules! both {
    ($case:ident) => {
        mod $case {
            #[test]
            fn sqlite() {
                crate::place::run(crate::place::On::Sqlite, super::$case());
            }

            #[test]
            fn postgres() {
                crate::place::run(crate::place::On::Postgres, super::$case());
            }
        }
    };
}
pub(crate) use both;

/// Runs a case to its end.
pub fn run(on: On, case: impl Future<Output = ()>) {
    ON.set(on);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case);
}

/// A data folder and the database beside it.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    database: Database,
    name: String,
}

impl Place {
    /// A new one, on the database that the case runs on.
    pub async fn new() -> Self {
        match ON.get() {
            On::Sqlite => Self::at(Database::Folder),
            On::Postgres => {
                let cluster = Cluster::shared();
                let name = cluster.database_like(template().await);
                Self { name: name.clone(), ..Self::at(postgres(&cluster.url(&name))) }
            }
        }
    }

    /// A new folder beside this database.
    pub fn at(database: Database) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database, name: String::new() }
    }

    /// Another folder beside the same database.
    pub fn beside(&self) -> Self {
        Self { name: self.name.clone(), ..Self::at(self.database.clone()) }
    }

    /// Whether other stores may be on the same database.
    pub fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// The database's name in the shared cluster.
    pub fn database_name(&self) -> &str {
        &self.name
    }

    /// The store here.
    pub async fn open(&self) -> Store {
        self.try_open().await.unwrap()
    }

    /// The store here, if it opens.
    pub async fn try_open(&self) -> Result<Store, OpenError> {
        Store::open(self.path(), &self.database).await
    }

    /// The store here, at the time that this clock tells.
    pub async fn open_at(&self, clock: Clock) -> Store {
        Store::open_at(self.path(), &self.database, clock).await.unwrap()
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The PostgreSQL at a URL.
pub fn postgres(url: &str) -> Database {
    Database::Postgres(url.parse().unwrap())
}

/// The database that the others are copies of: migrated, and empty.
async fn template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let made = TEMPLATE.get_or_init(|| async {
        let cluster = Cluster::shared();
        let name = cluster.database();
        Place::at(postgres(&cluster.url(&name))).open().await.close().await;
        cluster.sql(&name, "DELETE FROM installation");
        name
    });
    made.await
}
