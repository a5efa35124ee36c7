//! What is drawn once per installation and then stays. Knows where randomness comes from; what the
//! values are good for is `sip`'s business.

use crate::backend::Connection;
use crate::error::{OpenError, StoreError};
use crate::{hex, sql};
use model::pii::Secret;
use sqlx::Row;

/// What tells this installation from all others.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The digest realm (RFC 7616 §3.3): `lokal-` and 16 hex digits.
    pub realm: String,
    /// Signs digest nonces.
    pub nonce_key: Secret<[u8; 32]>,
}

/// Reads the installation's values, and draws those that aren't there yet.
pub(crate) async fn draw(connection: &mut Connection) -> Result<Installation, OpenError> {
    let realm = format!("lokal-{}", hex::print(&random::<8>()?));
    let realm = kept(connection, "realm", &realm).await?;
    let nonce_key = kept(connection, "nonce_key", &hex::print(&random::<32>()?)).await?;
    let nonce_key = hex::parse(&nonce_key)
        .ok_or_else(|| StoreError::corrupt("nonce key", "it isn't 64 hex digits"))?;
    Ok(Installation { realm, nonce_key: Secret::new(nonce_key) })
}

/// The stored value, which is `drawn` if there was none.
async fn kept(
    connection: &mut Connection,
    key: &'static str,
    drawn: &str,
) -> Result<String, sqlx::Error> {
    sqlx::query(sql::DRAW_INSTALLATION).bind(key).bind(drawn).execute(&mut *connection).await?;
    sqlx::query(sql::INSTALLATION).bind(key).fetch_one(connection).await?.try_get(0)
}

fn random<const N: usize>() -> Result<[u8; N], OpenError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| OpenError::Random(error.into()))?;
    Ok(bytes)
}
