//! The part of a write that is about tokens: making and ending them, and how many an employee has.

use crate::backend::{Connection, Row};
use crate::error::{StoreError, WriteError};
use crate::perform::{Writing, pointing, there};
use crate::token::{Ended, Ends, Grant, IssuedToken, MachineToken, NewToken};
use crate::uses::LastUse;
use crate::{clock, read, sql};
use model::audit::{Action, MemberChange, ThingKind};
use model::id::{EmployeeId, TokenId};
use model::limits::{ENDED_LOGINS_KEPT, LOGINS_PER_EMPLOYEE, MACHINE_TOKENS_PER_EMPLOYEE};
use model::pii::{Name, Secret};
use model::time::Wall;
use model::token::TokenKind;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::sync::Arc;

/// Removes logins that ended long ago.
pub(crate) async fn drop_ended(connection: &mut Connection, now: Wall) -> Result<(), StoreError> {
    let kept = i64::try_from(ENDED_LOGINS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let query = sqlx::query(sql::DROP_ENDED_LOGINS).bind(now.0.saturating_sub(kept));
    query.execute(connection).await?;
    Ok(())
}

impl Writing<'_> {
    /// Makes a machine token with a customer.
    pub(crate) async fn make_token(&mut self, token: NewToken) -> Result<(), WriteError> {
        let NewToken { hash, employee, expires } = token;
        let mut id = [0; 12];
        getrandom::fill(&mut id).map_err(|_| StoreError::unavailable("no random bytes"))?;
        let (id, kind, created) = (TokenId::from_bytes(id), TokenKind::Machine, clock::wall());
        let (name, proved) = (None, None);
        self.insert(IssuedToken { hash, id, employee, kind, name, created, expires, proved }).await
    }

    /// Makes a token, as far as the employee may have another. Logging in is nothing to be noted.
    pub(crate) async fn issue(&mut self, token: IssuedToken) -> Result<(), WriteError> {
        if token.kind == TokenKind::Machine {
            let shown = json!({ "_id": token.id, "name": token.name });
            self.note_token(token.employee, Action::TokenMade, (Value::Null, shown));
        }
        if let Some(proved) = &token.proved {
            self.check_password(token.employee, proved).await?;
        }
        match token.kind {
            TokenKind::Machine => self.check_machine_tokens(token.employee).await?,
            TokenKind::Login | TokenKind::Persist => self.make_room(token.employee).await?,
        }
        self.insert(token).await
    }

    async fn insert(&mut self, token: IssuedToken) -> Result<(), WriteError> {
        let used = (token.kind != TokenKind::Machine).then_some(token.created);
        sqlx::query(sql::MAKE_TOKEN)
            .bind(token.hash.bytes().as_slice())
            .bind(&self.key)
            .bind(token.employee.to_string())
            .bind(token.expires.map(|wall| wall.0))
            .bind(token.id.to_string())
            .bind(token.kind.as_str())
            .bind(token.name.as_ref().map(Name::as_str))
            .bind(token.created.0)
            .bind(used.map(|wall| wall.0))
            .execute(&mut *self.connection)
            .await
            .map_err(pointing("employee"))?;
        let grant = Grant {
            customer: self.customer,
            employee: token.employee,
            kind: token.kind,
            ends: Ends::of(token.kind, token.expires),
            last_use: Arc::new(LastUse::stored(used)),
        };
        self.tokens.push((token.hash, Some(grant)));
        Ok(())
    }

    /// The password that was proved must not have been changed meanwhile.
    async fn check_password(
        &mut self,
        employee: EmployeeId,
        proved: &Secret<String>,
    ) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PASSWORD).bind(&self.key).bind(employee.to_string());
        let row = query.fetch_optional(&mut *self.connection).await?;
        let hash = row.map(|row| row.try_get::<String, _>("hash")).transpose()?;
        if hash.as_ref() == Some(proved.reveal()) { Ok(()) } else { Err(WriteError::Stale) }
    }

    async fn check_machine_tokens(&mut self, employee: EmployeeId) -> Result<(), WriteError> {
        let query = sqlx::query(sql::MACHINE_TOKENS).bind(&self.key).bind(employee.to_string());
        let count: i64 = query.fetch_one(&mut *self.connection).await?.try_get(0)?;
        if count < i64::from(MACHINE_TOKENS_PER_EMPLOYEE) {
            Ok(())
        } else {
            Err(WriteError::Taken { member: "token", by: None })
        }
    }

    /// Ends the logins that were unused for longest, so that there is room for one more.
    async fn make_room(&mut self, employee: EmployeeId) -> Result<(), WriteError> {
        let rows = sqlx::query(sql::DROP_OLDER_LOGINS)
            .bind(&self.key)
            .bind(employee.to_string())
            .bind(i64::from(LOGINS_PER_EMPLOYEE - 1))
            .fetch_all(&mut *self.connection)
            .await?;
        for row in rows {
            self.tokens.push((read::token_hash(&row)?, None));
        }
        Ok(())
    }

    fn note_token(
        &mut self,
        employee: EmployeeId,
        action: Action,
        (before, after): (Value, Value),
    ) {
        let changed = MemberChange::Told { member: "token".to_owned(), before, after };
        self.note_login((ThingKind::Employee, employee.to_string()), action, vec![changed]);
    }

    /// Ends tokens, and notes which.
    pub(crate) async fn end(&mut self, ended: Ended) -> Result<(), WriteError> {
        let (Ended::Logins(employee, _) | Ended::All(employee) | Ended::Machine(employee, _)) =
            ended;
        let mut logins = false;
        for row in self.drop_tokens(ended).await? {
            if row.try_get::<&str, _>("kind")? == TokenKind::Machine.as_str() {
                let gone = json!({ "_id": read::optional_text(&row, "id")? });
                self.note_token(employee, Action::TokenEnded, (gone, Value::Null));
            } else {
                logins = true;
            }
        }
        if logins {
            let employee = (ThingKind::Employee, employee.to_string());
            self.note_login(employee, Action::LoginsEnded, Vec::new());
        }
        Ok(())
    }

    pub(crate) async fn drop_tokens(&mut self, ended: Ended) -> Result<Vec<Row>, WriteError> {
        let rows = match ended {
            Ended::Logins(employee, except) => {
                let except = except.map(|hash| hash.bytes().to_vec()).unwrap_or_default();
                let query = sqlx::query(sql::DROP_LOGINS).bind(&self.key);
                let query = query.bind(employee.to_string()).bind(except);
                query.fetch_all(&mut *self.connection).await?
            }
            Ended::All(employee) => {
                let query = sqlx::query(sql::DROP_TOKENS_OF_EMPLOYEE).bind(&self.key);
                query.bind(employee.to_string()).fetch_all(&mut *self.connection).await?
            }
            Ended::Machine(employee, token) => {
                let (id, hash) = match token {
                    MachineToken::Id(id) => (Some(id.to_string()), None),
                    MachineToken::Hash(hash) => (None, Some(hash.bytes().to_vec())),
                };
                let query = sqlx::query(sql::DROP_MACHINE_TOKEN).bind(&self.key);
                let query = query.bind(employee.to_string()).bind(id).bind(hash);
                let rows = query.fetch_all(&mut *self.connection).await?;
                there(rows.first())?;
                rows
            }
        };
        for row in &rows {
            self.tokens.push((read::token_hash(row)?, None));
        }
        Ok(rows)
    }
}
