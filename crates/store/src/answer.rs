//! What making a thing came to, kept for whoever asks for it again with the same key. It is written in
//! the transaction that makes the thing: either both are there or neither.

use crate::backend::Connection;
use crate::error::{StoreError, WriteError};
use crate::logins::Logins;
use crate::sql;
use model::change::Change;
use model::id::{CustomerId, EmployeeId};
use model::time::Wall;
use sqlx::Row;
use std::fmt;
use std::time::Duration;

/// The member of `WriteError::Taken` when something was made with the same key.
pub const KEY: &str = "Idempotency-Key";

/// What a thing is made with, so that it is made once.
#[derive(Clone, Debug)]
pub struct Once {
    /// Who makes it.
    pub employee: EmployeeId,
    /// The key that it chose.
    pub key: String,
    /// What tells this request from others with the key.
    pub request: String,
    /// When.
    pub asked: Wall,
    /// How long the answer is kept.
    pub kept: Duration,
}

/// What was answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The request.
    pub request: String,
    /// The answer.
    pub document: String,
}

/// How the answer follows from what was written.
pub(crate) type Answering = Box<dyn FnOnce(&Change) -> String + Send>;

/// What goes with a write that makes something.
pub(crate) struct Making {
    /// How what is made proves itself.
    pub(crate) logins: Logins,
    pub(crate) once: Option<Once>,
    pub(crate) answer: Answering,
}

impl fmt::Debug for Making {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Making").field("once", &self.once).finish_non_exhaustive()
    }
}

/// The answer that is kept for a key, if it hasn't expired.
pub(crate) async fn lookup(
    connection: &mut Connection,
    employee: EmployeeId,
    key: &str,
    now: Wall,
) -> Result<Option<Answer>, StoreError> {
    let query = sqlx::query(sql::ANSWER).bind(employee.to_string()).bind(key).bind(now.0);
    let row = query.fetch_optional(connection).await?;
    let answer = row.map(|row| {
        Ok(Answer { request: row.try_get("request")?, document: row.try_get("document")? })
    });
    answer.transpose()
}

/// Checks that nothing was made with this key, before anything else is, and forgets what has expired.
pub(crate) async fn check(connection: &mut Connection, once: &Once) -> Result<(), WriteError> {
    let expired = sqlx::query(sql::DROP_EXPIRED_ANSWERS).bind(once.asked.0);
    expired.execute(&mut *connection).await?;
    match lookup(connection, once.employee, &once.key, once.asked).await? {
        Some(_) => Err(WriteError::Taken { member: KEY, by: None }),
        None => Ok(()),
    }
}

/// Keeps an answer.
pub(crate) async fn keep(
    connection: &mut Connection,
    customer: CustomerId,
    once: &Once,
    document: &str,
) -> Result<(), WriteError> {
    let expires = once.asked.after(once.kept);
    sqlx::query(sql::KEEP_ANSWER)
        .bind(once.employee.to_string())
        .bind(&once.key)
        .bind(customer.to_string())
        .bind(&once.request)
        .bind(expires.0)
        .bind(document)
        .execute(connection)
        .await?;
    Ok(())
}
