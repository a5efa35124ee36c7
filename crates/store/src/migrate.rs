//! Brings the schema up to date: numbered files, in order, each in its own transaction with the note
//! that it ran. Knows nothing of what the tables mean.

use crate::backend::{self, Connection};
use crate::error::{OpenError, StoreError};
use crate::sql;
use sqlx::Row;

/// A migration: its name, and its text for each database.
struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Every migration, oldest first; its version is its place.
const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_settings",
        sqlite: include_str!("../migrations/sqlite/0001_settings.sql"),
        postgres: include_str!("../migrations/postgres/0001_settings.sql"),
    },
    Migration {
        name: "0002_calls",
        sqlite: include_str!("../migrations/sqlite/0002_calls.sql"),
        postgres: include_str!("../migrations/postgres/0002_calls.sql"),
    },
    Migration {
        name: "0003_numbers",
        sqlite: include_str!("../migrations/sqlite/0003_numbers.sql"),
        postgres: include_str!("../migrations/postgres/0003_numbers.sql"),
    },
    Migration {
        name: "0004_screening",
        sqlite: include_str!("../migrations/sqlite/0004_screening.sql"),
        postgres: include_str!("../migrations/postgres/0004_screening.sql"),
    },
    Migration {
        name: "0005_logins",
        sqlite: include_str!("../migrations/sqlite/0005_logins.sql"),
        postgres: include_str!("../migrations/postgres/0005_logins.sql"),
    },
    Migration {
        name: "0006_breakout",
        sqlite: include_str!("../migrations/sqlite/0006_breakout.sql"),
        postgres: include_str!("../migrations/postgres/0006_breakout.sql"),
    },
    Migration {
        name: "0007_audit",
        sqlite: include_str!("../migrations/sqlite/0007_audit.sql"),
        postgres: include_str!("../migrations/postgres/0007_audit.sql"),
    },
];

/// Runs the migrations that haven't run yet. Other processes may be doing the same.
pub(crate) async fn run(connection: &mut Connection) -> Result<(), OpenError> {
    let numbered = (1i64..).zip(MIGRATIONS);
    let known = numbered.clone().last().map_or(0, |(version, _)| version);
    let found = version(connection).await?;
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for (version, migration) in numbered.filter(|(version, _)| *version > found) {
        let name = migration.name;
        step(connection, version, migration)
            .await
            .map_err(|error| OpenError::Migration { name, source: StoreError::from(error) })?;
        tracing::info!(migration = name, "schema brought forward");
    }
    Ok(())
}

/// The schema's version; 0 if there is none yet.
async fn version(connection: &mut Connection) -> Result<i64, sqlx::Error> {
    let (mut transaction, ()) = backend::begin_migration(connection, (), ()).await?;
    sqlx::query(sql::MAKE_SCHEMA_VERSION).execute(&mut *transaction).await?;
    let row = sqlx::query(sql::SCHEMA_VERSION).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    row.try_get(0)
}

async fn step(
    connection: &mut Connection,
    version: i64,
    migration: &Migration,
) -> Result<(), sqlx::Error> {
    let Migration { name, sqlite, postgres } = *migration;
    let (mut transaction, text) = backend::begin_migration(connection, sqlite, postgres).await?;
    let row = sqlx::query(sql::SCHEMA_VERSION).fetch_one(&mut *transaction).await?;
    if row.try_get::<i64, _>(0)? >= version {
        return Ok(());
    }
    sqlx::raw_sql(text).execute(&mut *transaction).await?;
    sqlx::query(sql::ADD_SCHEMA_VERSION)
        .bind(version)
        .bind(name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::backend::Backend;
    use crate::database::Database;
    use cluster::Cluster;
    use sqlx::{Executor, SqlSafeStr};

    /// A new database of each kind, both migrated.
    pub(crate) async fn migrated() -> (tempfile::TempDir, [Connection; 2]) {
        let (folder, sqlite) = migrated_sqlite().await;
        (folder, [sqlite, migrated_postgres().await])
    }

    pub(crate) async fn migrated_sqlite() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.sqlite");
        std::fs::File::create(&file).unwrap();
        let mut sqlite = connected(&Database::Folder, &file).await;
        run(&mut sqlite).await.unwrap();
        (folder, sqlite)
    }

    pub(crate) async fn migrated_postgres() -> Connection {
        let mut postgres = connected(&empty_postgres(), std::path::Path::new("")).await;
        run(&mut postgres).await.unwrap();
        postgres
    }

    fn empty_postgres() -> Database {
        let cluster = Cluster::shared();
        Database::Postgres(cluster.url(&cluster.database()).parse().unwrap())
    }

    async fn connected(database: &Database, file: &std::path::Path) -> Connection {
        Backend::new(database, file).unwrap().connect().await.unwrap()
    }

    #[tokio::test]
    async fn every_statement_prepares() {
        let (_folder, connections) = migrated().await;
        for mut connection in connections {
            for (name, text) in sql::ALL {
                let prepared = (&mut connection).prepare(text.into_sql_str()).await;
                let database = connection.backend_name();
                assert!(prepared.is_ok(), "{name} on {database}: {:?}", prepared.err());
            }
        }
    }

    #[test]
    fn statements_use_nothing_that_only_one_database_takes() {
        let banned =
            ["ILIKE", "NOW(", "ROWID", "AUTOINCREMENT", "INSERT OR", "->", "JSON", "STRICT", "?"];
        for (name, text) in sql::ALL {
            let upper = text.to_uppercase();
            assert_eq!(banned.iter().find(|word| upper.contains(**word)), None, "{name}");
        }
    }

    #[tokio::test]
    async fn running_again_changes_nothing_and_a_newer_schema_is_refused() {
        let (_folder, connections) = migrated().await;
        for mut connection in connections {
            run(&mut connection).await.unwrap();
            sqlx::query(sql::ADD_SCHEMA_VERSION)
                .bind(99i64)
                .bind("later")
                .execute(&mut connection)
                .await
                .unwrap();
            let refused = run(&mut connection).await.unwrap_err();
            assert!(matches!(refused, OpenError::Newer { found: 99, .. }), "{refused}");
        }
    }

    #[tokio::test]
    async fn two_processes_that_start_together_both_find_it_migrated() {
        let database = empty_postgres();
        let nowhere = std::path::Path::new("");
        let (mut one, mut other) =
            tokio::join!(connected(&database, nowhere), connected(&database, nowhere));
        let (first, second) = tokio::join!(run(&mut one), run(&mut other));
        assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    }

    /// A store as it was before numbers were rows of their own: a customer that holds three, of which an
    /// extension uses one, and a mobile whose number nobody held.
    const BEFORE_NUMBERS: &str = r#"
        INSERT INTO customer (id, reseller, revision, version, document) VALUES
            ('c00000000000000000000001', NULL, 7, 1, '{"_id":"c00000000000000000000001",
              "name":"Duckburg","reseller":null,"country":"DK","timeZone":"Europe/Copenhagen",
              "defaultNumber":"+4570305050","numbers":["+4570305050","+4570305051"]}');
        INSERT INTO item (id, customer, kind, number, direct, employee, is_primary, revision, version,
            document) VALUES ('e00000000000000000000001', 'c00000000000000000000001', 'EXTENSION',
            '592', '+4570305051', NULL, 0, 7, 1, '{}');
        INSERT INTO phone (id, customer, extension, version, document) VALUES
            ('f00000000000000000000001', 'c00000000000000000000001', 'e00000000000000000000001', 1,
             '{"_id":"f00000000000000000000001","customer":"c00000000000000000000001",
               "extension":"e00000000000000000000001","dnd":false,"notes":null,"type":"MVNO",
               "number":"+4571919998","blocked":false,"ratePlan":null,"newRatePlan":null}');
    "#;

    #[tokio::test]
    async fn numbers_that_were_listed_by_their_customer_become_rows() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.sqlite");
        std::fs::File::create(&file).unwrap();
        let mut connection = connected(&Database::Folder, &file).await;
        version(&mut connection).await.unwrap();
        for (number, migration) in (1i64..).zip(MIGRATIONS).take(2) {
            step(&mut connection, number, migration).await.unwrap();
        }
        sqlx::raw_sql(BEFORE_NUMBERS).execute(&mut connection).await.unwrap();
        run(&mut connection).await.unwrap();

        let customer = "c00000000000000000000001".parse().unwrap();
        let rows = sqlx::query(sql::NUMBERS).bind("c00000000000000000000001");
        let rows = rows.fetch_all(&mut connection).await.unwrap();
        let held: Vec<model::held::HeldNumber> =
            rows.iter().map(|row| crate::read::document("number", row).unwrap()).collect();
        let mut texts: Vec<&str> = held.iter().map(|held| held.number.as_str()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["+4570305050", "+4570305051", "+4571919998"]);
        assert!(held.iter().all(|held| held.customer == customer && held.pbx));
        for (number, column) in [("+4570305051", "item"), ("+4571919998", "phone")] {
            let row = sqlx::query(sql::NUMBER_USED).bind(number).fetch_one(&mut connection).await;
            let user: Option<String> = row.unwrap().try_get(column).unwrap();
            assert!(user.is_some(), "{number}");
        }
    }

    #[tokio::test]
    async fn of_those_who_have_one_login_name_one_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.sqlite");
        std::fs::File::create(&file).unwrap();
        std::fs::File::create(&file).unwrap();
        let mut connection = connected(&Database::Folder, &file).await;
        version(&mut connection).await.unwrap();
        for (number, migration) in (1i64..).zip(MIGRATIONS).take(4) {
            step(&mut connection, number, migration).await.unwrap();
        }
        sqlx::raw_sql(
            r#"INSERT INTO customer (id, revision, version, document) VALUES ('c', 1, 2, '{}');
            INSERT INTO employee (id, customer, version, document) VALUES
                ('2', 'c', 2, '{"emailAddress": "donald@duckburg.example"}'),
                ('1', 'c', 2, '{"emailAddress": "Donald@Duckburg.example"}'),
                ('3', 'c', 2, '{"emailAddress": null}'), ('4', 'c', 2, '{}');
            INSERT INTO token (hash, customer, employee) VALUES (x'00', 'c', '1'), (x'01', 'c', '1')"#,
        )
        .execute(&mut connection)
        .await
        .unwrap();
        run(&mut connection).await.unwrap();
        let rows = sqlx::query("SELECT id, login FROM employee WHERE login IS NOT NULL");
        let rows = rows.fetch_all(&mut connection).await.unwrap();
        let kept: Vec<(String, String)> =
            rows.iter().map(|row| (row.get("id"), row.get("login"))).collect();
        assert_eq!(kept, [("1".to_owned(), "donald@duckburg.example".to_owned())]);
        let ids = sqlx::query("SELECT DISTINCT id FROM token WHERE length(id) = 24");
        assert_eq!(ids.fetch_all(&mut connection).await.unwrap().len(), 2);
    }
}
