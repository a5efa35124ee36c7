//! A customer whole: its settings, and how its people, phones and machines prove themselves, as of one
//! instant. For exports alone: nothing else that reads meets a hash.

use crate::backend::{self, Connection, Row};
use crate::error::StoreError;
use crate::token::IssuedToken;
use crate::{read, sql};
use model::directory::Directory;
use model::id::{CustomerId, EmployeeId};
use model::phone::SipAccount;
use model::pii::{Name, Secret};
use model::time::Wall;
use model::token::TokenKind;
use sqlx::Row as _;

/// What a customer's people, phones and machines prove themselves with. Logins aren't among it.
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// Of SIP phones, by user name.
    pub accounts: Vec<SipAccount>,
    /// Password hashes, by employee.
    pub passwords: Vec<(EmployeeId, Secret<String>)>,
    /// Machine tokens, by id.
    pub tokens: Vec<IssuedToken>,
}

/// All that this customer has; none if it isn't there.
pub(crate) async fn customer(
    connection: &mut Connection,
    customer: CustomerId,
) -> Result<Option<(Directory, Proofs)>, StoreError> {
    let key = customer.to_string();
    let mut reading = backend::begin_read(connection).await?;
    let Some(directory) = read::directory(&mut reading, customer).await? else { return Ok(None) };
    let mut proofs = Proofs::default();
    let accounts = sqlx::query(sql::ACCOUNTS_OF_CUSTOMER).bind(&key);
    for row in accounts.fetch_all(&mut *reading).await? {
        proofs.accounts.push(read::account(&row)?);
    }
    let passwords = sqlx::query(sql::PASSWORDS_OF_CUSTOMER).bind(&key);
    for row in passwords.fetch_all(&mut *reading).await? {
        let hash = Secret::new(row.try_get("hash")?);
        proofs.passwords.push((read::id(&row, "employee")?, hash));
    }
    let tokens = sqlx::query(sql::TOKENS_OF_CUSTOMER).bind(&key);
    for row in tokens.fetch_all(&mut *reading).await? {
        proofs.tokens.push(token(&row)?);
    }
    reading.commit().await?;
    Ok(Some((directory, proofs)))
}

fn token(row: &Row) -> Result<IssuedToken, StoreError> {
    Ok(IssuedToken {
        hash: read::token_hash(row)?,
        id: read::id(row, "id")?,
        employee: read::id(row, "employee")?,
        kind: TokenKind::Machine,
        name: read::optional_text(row, "name")?.map(Name::new),
        created: Wall(row.try_get("created")?),
        expires: row.try_get::<Option<i64>, _>("expires")?.map(Wall),
        proved: None,
    })
}
