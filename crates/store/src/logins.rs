//! How employees and phones prove themselves: what a write changes of that, and what a login asks for. Kept apart
//! from the settings, so that no snapshot and no reader of those ever has a password.

use crate::backend::Connection;
use crate::error::{StoreError, WriteError};
use crate::perform::{Writing, ours, pointing};
use crate::token::{Ended, IssuedToken};
use crate::{read, sql};
use model::audit::{Action, ThingKind};
use model::id::{CustomerId, EmployeeId};
use model::phone::SipAccount;
use model::pii::Secret;

/// What a write changes beside the settings.
#[derive(Clone, Debug, Default)]
pub struct Logins {
    /// Passwords, as hashed: each takes the place of the employee's before.
    pub passwords: Vec<(EmployeeId, Secret<String>)>,
    /// Tokens to end.
    pub ended: Vec<Ended>,
    /// Tokens to make.
    pub issued: Vec<IssuedToken>,
    /// What a phone proves itself with, in place of what it had. Its stored bindings end.
    pub account: Option<SipAccount>,
    /// The digest realm that what phones prove themselves with is for, if that comes from elsewhere. An
    /// installation without other SIP accounts takes it over, at its next start; else it has to be its own.
    pub realm: Option<String>,
}

/// Who has a login name.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The customer that it works for.
    pub customer: CustomerId,
    /// The employee.
    pub employee: EmployeeId,
    /// The hash of its password, if it has one.
    pub password: Option<Secret<String>>,
}

/// A login name as it is compared: in lower case.
pub(crate) fn comparable(name: &str) -> String {
    name.to_lowercase()
}

/// Who has this login name.
pub(crate) async fn candidate(
    connection: &mut Connection,
    name: &str,
) -> Result<Option<Candidate>, StoreError> {
    // Nobody is called so, and PostgreSQL refuses to look for it.
    if name.contains('\0') {
        return Ok(None);
    }
    let query = sqlx::query(sql::CANDIDATE).bind(comparable(name));
    let Some(row) = query.fetch_optional(connection).await? else { return Ok(None) };
    Ok(Some(Candidate {
        customer: read::id(&row, "customer")?,
        employee: read::id(&row, "employee")?,
        password: read::optional_text(&row, "hash")?.map(Secret::new),
    }))
}

impl Writing<'_> {
    /// Makes what a write changes of logins.
    pub(crate) async fn change_logins(&mut self, logins: Logins) -> Result<(), WriteError> {
        for (employee, _) in &logins.passwords {
            let employee = (ThingKind::Employee, employee.to_string());
            self.note_login(employee, Action::PasswordSet, Vec::new());
        }
        for (employee, hash) in logins.passwords {
            self.put_password(employee, &hash).await?;
        }
        if let Some(realm) = &logins.realm {
            self.take_realm(realm).await?;
        }
        for ended in logins.ended {
            self.end(ended).await?;
        }
        for token in logins.issued {
            self.issue(token).await?;
        }
        Ok(())
    }

    async fn put_password(
        &mut self,
        employee: EmployeeId,
        hash: &Secret<String>,
    ) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_PASSWORD)
            .bind(employee.to_string())
            .bind(&self.key)
            .bind(hash.reveal());
        let row = query.fetch_optional(&mut *self.connection).await;
        ours(row.map_err(pointing("employee"))?)
    }

    async fn take_realm(&mut self, realm: &str) -> Result<(), WriteError> {
        let query = sqlx::query(sql::TAKE_REALM).bind(realm).bind(&self.key);
        match query.fetch_optional(&mut *self.connection).await? {
            Some(_) => Ok(()),
            None => Err(WriteError::Taken { member: "realm", by: None }),
        }
    }

    /// A login name is unique on the platform.
    pub(crate) async fn check_login(
        &mut self,
        employee: &str,
        login: Option<&str>,
    ) -> Result<(), WriteError> {
        let Some(login) = login else { return Ok(()) };
        let query = sqlx::query(sql::LOGIN_TAKEN).bind(login).bind(employee);
        let Some(row) = query.fetch_optional(&mut *self.connection).await? else { return Ok(()) };
        let holder: CustomerId = read::id(&row, "customer")?;
        let by = (holder == self.customer).then(|| read::id::<EmployeeId>(&row, "id"));
        let by = by.transpose()?.map(|id| id.to_string());
        Err(WriteError::Taken { member: "emailAddress", by })
    }
}
