//! What a SIP phone is given to prove itself with: drawn here, told once, kept as hashes.

use crate::etag::{Seen, json};
use crate::sent::Body;
use crate::{AdminError, Unavailable};
use model::id::{CustomerId, PhoneId};
use model::phone::{SipAccount, ha1_md5, ha1_sha256};
use model::pii::Secret;

/// 32 characters that nobody takes for another: five bits each, all alike likely.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 80 bits: no two on a platform.
const USERNAME: usize = 16;
/// 130 bits: nobody guesses it, not even from its hash.
const PASSWORD: usize = 26;

/// Credentials that were just made.
#[derive(Clone, Debug)]
pub struct Issued {
    /// What is kept.
    pub(crate) account: SipAccount,
    password: Secret<String>,
}

impl Issued {
    /// New ones.
    pub(crate) fn draw(
        realm: &str,
        customer: CustomerId,
        phone: PhoneId,
    ) -> Result<Self, AdminError> {
        let (username, password) = (text::<USERNAME>()?, text::<PASSWORD>()?);
        let account = SipAccount {
            customer,
            phone,
            ha1_md5: Secret::new(ha1_md5(realm, &username, &password)),
            ha1_sha256: Secret::new(ha1_sha256(realm, &username, &password)),
            username,
        };
        Ok(Self { account, password: Secret::new(password) })
    }

    /// The phone with its password, this once.
    pub(crate) fn show(&self, seen: Seen) -> Seen {
        // We wrote it ourselves.
        let mut body: Body = serde_json::from_slice(&seen.body).unwrap_or_default();
        body.insert("password".to_owned(), self.password.reveal().as_str().into());
        Seen { body: json(&body), ..seen }
    }
}

fn text<const N: usize>() -> Result<String, AdminError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AdminError::Unavailable(Unavailable::Random))?;
    let character = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).map(|c| char::from(*c));
    Ok(bytes.iter().filter_map(character).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn credentials_are_long_clear_and_never_the_same() {
        let draw = || {
            Issued::draw("r", CustomerId::from_bytes([1; 12]), PhoneId::from_bytes([2; 12]))
                .unwrap()
        };
        let all: Vec<Issued> = (0..50).map(|_| draw()).collect();
        let passwords: BTreeSet<_> = all.iter().map(|one| one.password.reveal().clone()).collect();
        assert_eq!(passwords.len(), 50);
        for one in &all {
            let password = one.password.reveal();
            assert!(password.len() >= 24 && !password.contains(['0', 'o', '1', 'l']));
            assert_eq!(
                *one.account.ha1_md5.reveal(),
                ha1_md5("r", &one.account.username, password)
            );
            assert!(!format!("{one:?}").contains(password.as_str()));
        }
    }
}
