//! What only one customer on the platform can have, and whether somebody has it already. Asked before
//! much is made at once, so that all that stands in the way is told; the write checks it again.

use crate::backend::Connection;
use crate::error::StoreError;
use crate::subject::Subject;
use crate::{logins, read, sql};
use model::id::{MusicId, TokenId};
use model::number::E164;
use model::token::TokenHash;

/// Something that is unique on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The id of something that belongs to a customer, or of a customer.
    Thing(Subject),
    /// The id of a music on hold class.
    Music(MusicId),
    /// The id of a token.
    Token(TokenId),
    /// A token itself.
    TokenHash(TokenHash),
    /// A digest user name.
    Username(String),
    /// What somebody logs in with.
    Login(String),
    /// The host that phones may name.
    SipDomain(String),
    /// A public number.
    Number(E164),
    /// The digest realm: taken if phones here prove themselves for another.
    Realm(String),
}

/// Whether somebody has it.
pub(crate) async fn is_taken(
    connection: &mut Connection,
    claim: &Claim,
) -> Result<bool, StoreError> {
    // Of things that are there: none is the one that asks.
    const NOBODY: &str = "";
    let query = match claim {
        Claim::Thing(subject) => {
            return Ok(read::customer_of(connection, *subject).await?.is_some());
        }
        Claim::Music(id) => sqlx::query(sql::MUSIC_THERE).bind(id.to_string()),
        Claim::Token(id) => sqlx::query(sql::TOKEN_THERE).bind(id.to_string()),
        Claim::TokenHash(hash) => sqlx::query(sql::TOKEN).bind(hash.bytes().as_slice()),
        Claim::Username(name) => sqlx::query(sql::ACCOUNT_THERE).bind(name.clone()),
        Claim::Login(name) => {
            sqlx::query(sql::LOGIN_TAKEN).bind(logins::comparable(name)).bind(NOBODY)
        }
        Claim::SipDomain(domain) => {
            sqlx::query(sql::SIP_DOMAIN_TAKEN).bind(domain.clone()).bind(NOBODY)
        }
        Claim::Realm(realm) => sqlx::query(sql::REALM_TAKEN).bind(realm.clone()),
        Claim::Number(number) => sqlx::query(sql::NUMBER_HELD).bind(number.as_str()).bind(NOBODY),
    };
    Ok(query.fetch_optional(connection).await?.is_some())
}
