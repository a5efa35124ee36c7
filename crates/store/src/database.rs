//! Where the settings are kept: the choice between the databases, as its user states it. Decides what
//! a URL may look like; connecting is `backend`'s.

use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnectOptions;
use std::fmt;
use std::str::FromStr;

/// Which database.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Database {
    /// SQLite, in a file of the data folder.
    #[default]
    Folder,
    /// PostgreSQL, which several processes may share.
    Postgres(PostgresUrl),
}

/// Where a PostgreSQL is and who asks. Never shown: it may hold a password.
#[derive(Clone)]
pub struct PostgresUrl(AnyConnectOptions);

/// What a URL must look like. Says nothing of the one that doesn't: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected postgres://USER:PASSWORD@HOST:PORT/NAME")]
pub struct NotPostgres;

impl FromStr for PostgresUrl {
    type Err = NotPostgres;

    fn from_str(text: &str) -> Result<Self, NotPostgres> {
        let options: AnyConnectOptions = text.parse().map_err(|_| NotPostgres)?;
        let url = &options.database_url;
        let is_postgres = matches!(url.scheme(), "postgres" | "postgresql");
        let is_understood = is_postgres && !url.cannot_be_a_base();
        match PgConnectOptions::try_from(&options) {
            Ok(_) if is_understood => Ok(Self(options)),
            _ => Err(NotPostgres),
        }
    }
}

impl PostgresUrl {
    pub(crate) fn options(&self) -> AnyConnectOptions {
        self.0.clone()
    }
}

impl PartialEq for PostgresUrl {
    fn eq(&self, other: &Self) -> bool {
        self.0.database_url == other.0.database_url
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("postgres://…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgres_is_taken_and_no_password_is_shown() {
        for (text, is_taken) in [
            ("postgres://donald:secret@db.duckburg.example:5432/lokal", true),
            ("postgresql://db/lokal", true),
            ("postgres:///lokal?host=/run/postgresql", true),
            ("mysql://donald:secret@db/lokal", false),
            ("sqlite:///secret", false),
            ("/var/secret", false),
            ("postgres:secret@:x", false),
            ("postgres://donald:secret@db/lokal?sslmode=secret", false),
            ("", false),
        ] {
            let parsed = text.parse::<PostgresUrl>();
            assert_eq!(parsed.is_ok(), is_taken, "{text}");
            let shown = parsed.map_or_else(|error| error.to_string(), |url| format!("{url:?}"));
            assert!(!shown.contains("secret"), "{shown}");
        }
    }
}
