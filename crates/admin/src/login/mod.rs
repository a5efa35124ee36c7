//! Logging in and out: whether a password is right, and the tokens that follow from it. Knows no
//! header and no cookie.

mod attempts;

pub(crate) use attempts::Attempts;

use crate::{Admin, AdminError, Unavailable, permit, refused};
use attempts::Attempt;
use model::access::{Level, Noun, Operation, Permit, Principal};
use model::audit::{Origin, Source};
use model::directory::Directory;
use model::id::{CustomerId, EmployeeId, TokenId};
use model::language::Language;
use model::limits::LOGIN_LIFE;
use model::pii::{Name, Secret};
use model::token::{TokenHash, TokenKind};
use serde::Serialize;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::PoisonError;
use std::time::Duration;
use store::{Candidate, Ended, IssuedToken, Logins, Subject, Write, WriteError};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// What somebody says to be let in.
#[derive(Debug)]
pub struct Credentials {
    /// The login name.
    pub username: String,
    /// The password.
    pub password: Secret<String>,
    /// Whether the token is to last until logout.
    pub persist: bool,
}

/// A login.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedIn {
    /// The token, which isn't kept here.
    pub token: String,
    /// How long it lasts after its last use; -1: until logout.
    pub expires_in_minutes: i64,
    /// Who logged in.
    pub employee: EmployeeId,
    /// Where it works.
    pub customer: CustomerId,
    /// What it may do.
    pub access_level: Level,
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Wrong: the name, the password, or the employee may not log in. Nobody learns which.
    #[error("the credentials are wrong")]
    Credentials,
    /// Too many failed; after so long it may be tried again.
    #[error("too many logins failed")]
    TooMany(Duration),
    /// It couldn't be found out.
    #[error(transparent)]
    Failed(AdminError),
}

/// Whom a token stands for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Validated {
    /// It does.
    pub success: bool,
    /// The employee.
    pub employee: EmployeeId,
    /// Where it works.
    pub customer: CustomerId,
    /// What it may do.
    pub access_level: Level,
    /// More, if asked for.
    #[serde(flatten)]
    pub extended: Option<Extended>,
}

/// More about whom a token stands for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Extended {
    /// The employee's name.
    pub name: Name,
    /// What it speaks.
    pub language: Language,
    /// The customer's name.
    pub customer_name: Name,
}

impl Admin {
    /// Lets somebody in, or not. An unknown name takes as long as a wrong password.
    pub async fn log_in(
        &self,
        credentials: Credentials,
        source: Source,
    ) -> Result<LoggedIn, LoginError> {
        let attempt = self.begin_login(&credentials.username, source.address)?;
        let came_to = self.prove_and_let_in(credentials, source).await;
        let mut attempts = self.0.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        match &came_to {
            Ok(_) => attempts.forgive(&attempt),
            Err(LoginError::Failed(_)) => attempts.take_back(&attempt),
            Err(LoginError::Credentials | LoginError::TooMany(_)) => {}
        }
        came_to
    }

    async fn prove_and_let_in(
        &self,
        credentials: Credentials,
        source: Source,
    ) -> Result<LoggedIn, LoginError> {
        let candidate = self.0.store.candidate(&credentials.username).await;
        let candidate = candidate.map_err(|error| LoginError::Failed(error.into()))?;
        let hash = candidate.as_ref().and_then(|candidate| candidate.password.clone());
        let proven = self.0.passwords.proves(credentials.password.reveal(), hash).await;
        if !proven.map_err(LoginError::Failed)? {
            return Err(LoginError::Credentials);
        }
        let candidate = candidate.ok_or(LoginError::Credentials)?;
        self.let_in(candidate, credentials.persist, source).await
    }

    fn begin_login(&self, username: &str, from: IpAddr) -> Result<Attempt, LoginError> {
        let mut attempts = self.0.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.begin(username, from, self.mono()).map_err(LoginError::TooMany)
    }

    /// A token for who has proved itself, if it may log in.
    async fn let_in(
        &self,
        candidate: Candidate,
        persist: bool,
        source: Source,
    ) -> Result<LoggedIn, LoginError> {
        let Candidate { customer, employee, password } = candidate;
        let failed = |error: AdminError| LoginError::Failed(error);
        let directory = self.0.store.directories().snapshot(customer).await;
        let directory = directory.map_err(|error| failed(error.into()))?;
        let found = directory.as_ref().and_then(|all| all.employee(employee));
        let found = found.filter(|found| found.may_log_in()).ok_or(LoginError::Credentials)?;
        let kind = if persist { TokenKind::Persist } else { TokenKind::Login };
        let (level, origin) = (found.access_level, Origin::Request(kind, source));
        let who = Principal { employee, customer, level, origin };
        let (token, mut issued) = self.draw_token(employee, kind, None).map_err(failed)?;
        issued.proved = password;
        let leave = self.own(&who).await.map_err(failed)?;
        let logins = Logins { issued: vec![issued], ..Logins::default() };
        let write = Write { based_on: None, changed: Vec::new() };
        match self.0.store.write_with(&leave, write, logins).await {
            Ok(_) => {}
            // The password was changed meanwhile.
            Err(WriteError::Stale) => return Err(LoginError::Credentials),
            Err(error) => return Err(failed(refused(error))),
        }
        let minutes = i64::try_from(LOGIN_LIFE.as_secs() / 60).unwrap_or(i64::MAX);
        Ok(LoggedIn {
            token,
            expires_in_minutes: if persist { -1 } else { minutes },
            employee,
            customer,
            access_level: who.level,
        })
    }

    /// A new token, and what is kept of it.
    pub(crate) fn draw_token(
        &self,
        employee: EmployeeId,
        kind: TokenKind,
        name: Option<Name>,
    ) -> Result<(String, IssuedToken), AdminError> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| AdminError::Unavailable(Unavailable::Random))?;
        let token = bytes.iter().fold(String::with_capacity(2 * TOKEN_BYTES), |mut hex, byte| {
            // Writing to a String has no way to fail.
            write!(hex, "{byte:02x}").ok();
            hex
        });
        let id = TokenId::from_bytes(crate::drawn()?);
        let (hash, created) = (TokenHash::of(&token), self.0.store.now());
        let (expires, proved) = (None, None);
        let issued = IssuedToken { hash, id, employee, kind, name, created, expires, proved };
        Ok((token, issued))
    }

    /// Leave to change one's own logins.
    async fn own(&self, who: &Principal) -> Result<Permit, AdminError> {
        let target = self.0.store.target(Subject::Employee(who.employee)).await?;
        permit(who, Operation::Revoke, target.as_ref())
    }

    /// Ends every login of whoever asks; machine tokens stay.
    pub async fn log_out(&self, who: &Principal) -> Result<(), AdminError> {
        let leave = self.own(who).await?;
        let ended = vec![Ended::Logins(who.employee, None)];
        let logins = Logins { ended, ..Logins::default() };
        let write = Write { based_on: None, changed: Vec::new() };
        self.0.store.write_with(&leave, write, logins).await.map_err(refused)?;
        Ok(())
    }

    /// Whom the token of this principal stands for.
    pub async fn validate(&self, who: &Principal, extend: bool) -> Result<Validated, AdminError> {
        let target = self.0.store.target(Subject::Employee(who.employee)).await?;
        let leave = permit(who, Operation::Read(Noun::Employee), target.as_ref())?;
        let directory = self.0.store.directory(&leave).await?;
        Ok(Validated {
            success: true,
            employee: who.employee,
            customer: who.customer,
            access_level: who.level,
            extended: extend.then(|| extended(&directory, who.employee)).flatten(),
        })
    }
}

fn extended(directory: &Directory, employee: EmployeeId) -> Option<Extended> {
    let employee = directory.employee(employee)?;
    Some(Extended {
        name: employee.name.clone(),
        language: employee.language,
        customer_name: directory.customer.name.clone(),
    })
}
