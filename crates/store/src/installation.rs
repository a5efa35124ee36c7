//! What is drawn once per installation and then stays. Knows where randomness comes from; what the
//! values are good for is `sip`'s business.

use crate::backend::Connection;
use crate::error::{OpenError, StoreError};
use crate::sql;
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
    let realm = format!("lokal-{}", print(&random::<8>()?));
    let realm = kept(connection, "realm", &realm).await?;
    let nonce_key = kept(connection, "nonce_key", &print(&random::<32>()?)).await?;
    let nonce_key = parse(&nonce_key)
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

fn print(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let pairs = text.as_bytes().as_chunks::<2>().0;
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways() {
        let bytes: [u8; 32] = std::array::from_fn(|i| u8::try_from(i * 8).unwrap());
        assert_eq!(parse(&print(&bytes)), Some(bytes));
        assert_eq!(parse("0g"), None);
        assert_eq!(parse("00"), None);
    }
}
