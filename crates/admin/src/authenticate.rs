//! Whose token is this? Knows neither how it came nor how tokens are made.

use crate::{Admin, AdminError};
use model::access::Principal;
use model::audit::{Origin, Source};
use model::token::TokenHash;
use store::{Bearer, Holder};

/// Why a token names nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// It is unknown, revoked, or its employee may not log in.
    #[error("the token isn't valid")]
    Invalid,
    /// It wasn't used for too long.
    #[error("the token has expired")]
    Expired,
    /// It couldn't be looked up.
    #[error(transparent)]
    Failed(AdminError),
}

impl Admin {
    /// The principal that a token stands for, in a request from there.
    pub async fn authenticate(
        &self,
        token: TokenHash,
        source: Source,
    ) -> Result<Principal, AuthError> {
        let found = self.0.store.bearer(token).await;
        match found.map_err(|error| AuthError::Failed(error.into()))? {
            Bearer::Known(Holder { employee, customer, level, kind }) => {
                Ok(Principal { employee, customer, level, origin: Origin::Request(kind, source) })
            }
            Bearer::Expired => Err(AuthError::Expired),
            Bearer::Unknown => Err(AuthError::Invalid),
        }
    }
}
