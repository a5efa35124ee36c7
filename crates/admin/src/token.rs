//! Machine tokens of an employee: making one, listing them, ending them.

use crate::error::Fault;
use crate::{Admin, AdminError, permit, refused, value};
use model::access::{self, Level, Operation, Permit, Principal};
use model::id::{EmployeeId, TokenId};
use model::pii::Name;
use model::time::Wall;
use model::token::{TokenHash, TokenKind};
use serde::Serialize;
use store::{Ended, ListedToken, Logins, MachineToken, Subject, Write, WriteError};

/// A machine token that was made.
#[derive(Clone, Debug, Serialize)]
pub struct MadeToken {
    /// It is done.
    pub success: bool,
    /// The token: shown now and never again.
    pub token: String,
    /// What to end it by.
    #[serde(rename = "_id")]
    pub id: TokenId,
}

/// A machine token, as it is listed.
#[derive(Clone, Debug, Serialize)]
pub struct TokenView {
    /// What to end it by.
    #[serde(rename = "_id")]
    pub id: TokenId,
    /// What it is for.
    pub name: Option<Name>,
    /// When it was made.
    pub created: Wall,
    /// When it was last used.
    pub used: Option<Wall>,
}

impl From<ListedToken> for TokenView {
    fn from(ListedToken { id, name, created, used }: ListedToken) -> Self {
        Self { id, name, created, used }
    }
}

impl Admin {
    /// Makes a machine token. Nobody makes one that may do more than it may itself; an ADMIN's is its
    /// own to make.
    pub async fn make_token(
        &self,
        who: &Principal,
        employee: EmployeeId,
        name: Option<&str>,
    ) -> Result<MadeToken, AdminError> {
        let leave = self.over_tokens(who, Operation::Grant, employee).await?;
        let is_admins = self.level(&leave, employee).await? >= Level::ResellerAdmin;
        if is_admins && who.employee != employee {
            return Err(AdminError::Denied(Vec::new()));
        }
        let name = name.map(named).transpose()?;
        let (token, issued) = self.draw_token(employee, TokenKind::Machine, name)?;
        let id = issued.id;
        let logins = Logins { issued: vec![issued], ..Logins::default() };
        self.write_tokens(&leave, logins).await?;
        Ok(MadeToken { success: true, token, id })
    }

    /// The machine tokens of an employee.
    pub async fn list_tokens(
        &self,
        who: &Principal,
        employee: EmployeeId,
    ) -> Result<Vec<TokenView>, AdminError> {
        let leave = self.over_tokens(who, Operation::Revoke, employee).await?;
        let tokens = self.0.store.tokens(&leave, employee).await?;
        Ok(tokens.into_iter().map(TokenView::from).collect())
    }

    /// Ends a machine token, named by its id or by itself.
    pub async fn end_token(
        &self,
        who: &Principal,
        employee: EmployeeId,
        token: &str,
    ) -> Result<(), AdminError> {
        let leave = self.over_tokens(who, Operation::Revoke, employee).await?;
        let token = match token.parse() {
            Ok(id) => MachineToken::Id(id),
            Err(_) => MachineToken::Hash(TokenHash::of(token)),
        };
        let ended = vec![Ended::Machine(employee, token)];
        self.write_tokens(&leave, Logins { ended, ..Logins::default() }).await
    }

    /// Ends the logins of an employee, and with `all` its machine tokens.
    pub async fn clear_tokens(
        &self,
        who: &Principal,
        employee: EmployeeId,
        all: bool,
    ) -> Result<(), AdminError> {
        let leave = self.over_tokens(who, Operation::Revoke, employee).await?;
        let ended = if all { Ended::All(employee) } else { Ended::Logins(employee, None) };
        self.write_tokens(&leave, Logins { ended: vec![ended], ..Logins::default() }).await
    }

    /// Leave to do this to the tokens of an employee, which nobody above is reached by.
    async fn over_tokens(
        &self,
        who: &Principal,
        operation: Operation<'_>,
        employee: EmployeeId,
    ) -> Result<Permit, AdminError> {
        let target = self.0.store.target(Subject::Employee(employee)).await?;
        let leave = permit(who, operation, target.as_ref())?;
        let level = self.level(&leave, employee).await?;
        if access::reaches(who, employee, level) {
            Ok(leave)
        } else {
            Err(AdminError::Denied(Vec::new()))
        }
    }

    async fn level(&self, leave: &Permit, employee: EmployeeId) -> Result<Level, AdminError> {
        let directory = self.0.store.directory(leave).await?;
        let employee = directory.employee(employee).ok_or(AdminError::NotFound)?;
        Ok(employee.access_level)
    }

    async fn write_tokens(&self, leave: &Permit, logins: Logins) -> Result<(), AdminError> {
        let write = Write { based_on: None, changed: Vec::new() };
        match self.0.store.write_with(leave, write, logins).await {
            Ok(_) => Ok(()),
            Err(WriteError::Missing { .. }) => Err(AdminError::NotFound),
            Err(error) => Err(refused(error)),
        }
    }
}

fn named(name: &str) -> Result<Name, AdminError> {
    match value::name(name) {
        Ok(name) => Ok(Name::new(name)),
        Err(detail) => Err(AdminError::Invalid(vec![Fault::of("name", detail)])),
    }
}
