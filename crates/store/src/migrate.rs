//! Brings the schema up to date: numbered files, in order, each in its own transaction with the note
//! that it ran. Knows nothing of what the tables mean.

use crate::backend::{self, Connection};
use crate::error::{OpenError, StoreError};
use crate::sql;
use sqlx::Row;

/// Every migration, oldest first; its version is its place.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_settings", include_str!("../migrations/sqlite/0001_settings.sql")),
    ("0002_calls", include_str!("../migrations/sqlite/0002_calls.sql")),
    ("0003_numbers", include_str!("../migrations/sqlite/0003_numbers.sql")),
    ("0005_logins", include_str!("../migrations/sqlite/0005_logins.sql")),
];

/// Runs the migrations that haven't run yet.
pub(crate) async fn run(connection: &mut Connection) -> Result<(), OpenError> {
    sqlx::query(sql::MAKE_SCHEMA_VERSION).execute(&mut *connection).await?;
    let row = sqlx::query(sql::SCHEMA_VERSION).fetch_one(&mut *connection).await?;
    let found: i64 = row.try_get(0)?;
    let numbered = (1i64..).zip(MIGRATIONS);
    let known = numbered.clone().last().map_or(0, |(version, _)| version);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for (version, (name, text)) in numbered.filter(|(version, _)| *version > found) {
        step(connection, version, name, text)
            .await
            .map_err(|error| OpenError::Migration { name, source: StoreError::from(error) })?;
        tracing::info!(migration = name, "schema brought forward");
    }
    Ok(())
}

async fn step(
    connection: &mut Connection,
    version: i64,
    name: &'static str,
    text: &'static str,
) -> Result<(), sqlx::Error> {
    let mut transaction = backend::begin_write(connection).await?;
    sqlx::raw_sql(text).execute(&mut *transaction).await?;
    sqlx::query(sql::ADD_SCHEMA_VERSION)
        .bind(version)
        .bind(name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Executor, SqlSafeStr};

    async fn migrated(folder: &tempfile::TempDir) -> Connection {
        let file = folder.path().join("store.sqlite");
        std::fs::File::create(&file).unwrap();
        let mut connection = backend::open_writer(&file).await.unwrap();
        run(&mut connection).await.unwrap();
        connection
    }

    #[tokio::test]
    async fn every_statement_prepares() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = migrated(&folder).await;
        for (name, text) in sql::ALL {
            let prepared = (&mut connection).prepare(text.into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
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
        let folder = tempfile::tempdir().unwrap();
        let mut connection = migrated(&folder).await;
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

    #[tokio::test]
    async fn of_those_who_have_one_login_name_one_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.sqlite");
        std::fs::File::create(&file).unwrap();
        let mut connection = backend::open_writer(&file).await.unwrap();
        for (_, text) in MIGRATIONS.iter().take_while(|(name, _)| *name != "0005_logins") {
            sqlx::raw_sql(*text).execute(&mut connection).await.unwrap();
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
        let (_, text) = MIGRATIONS.iter().find(|(name, _)| *name == "0005_logins").unwrap();
        sqlx::raw_sql(*text).execute(&mut connection).await.unwrap();
        let rows = sqlx::query("SELECT id, login FROM employee WHERE login IS NOT NULL");
        let rows = rows.fetch_all(&mut connection).await.unwrap();
        let kept: Vec<(String, String)> =
            rows.iter().map(|row| (row.get("id"), row.get("login"))).collect();
        assert_eq!(kept, [("1".to_owned(), "donald@duckburg.example".to_owned())]);
        let ids = sqlx::query("SELECT DISTINCT id FROM token WHERE length(id) = 24");
        assert_eq!(ids.fetch_all(&mut connection).await.unwrap().len(), 2);
    }
}
