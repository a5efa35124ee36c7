//! Whose token is this? Knows neither how it came nor how tokens are made.

use crate::{Admin, AdminError};
use model::access::{Level, Principal};
use model::token::TokenHash;

/// Why a token names nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// It is unknown, revoked, or its employee may not log in.
    #[error("the token isn't valid")]
    Invalid,
    /// It couldn't be looked up.
    #[error(transparent)]
    Failed(AdminError),
}

impl Admin {
    /// The principal that a token stands for.
    pub async fn authenticate(&self, token: &str) -> Result<Principal, AuthError> {
        let found = self.store.principal(TokenHash::of(token)).await;
        match found.map_err(|error| AuthError::Failed(error.into()))? {
            Some(principal) if principal.level > Level::NoLogin => Ok(principal),
            _ => Err(AuthError::Invalid),
        }
    }
}
