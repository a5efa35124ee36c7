//! What a SIP phone proves itself with (RFC 7616 §3.4.2). Knows neither challenge nor response.

use crate::id::{CustomerId, PhoneId};
use crate::pii::Secret;
use md5::Md5;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What a SIP phone proves itself with: hashes of the password, never the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipAccount {
    /// The digest user name, unique on the platform.
    pub username: String,
    /// The customer of the phone.
    pub customer: CustomerId,
    /// The phone.
    pub phone: PhoneId,
    /// Lower-case hex MD5 of `username:realm:password`.
    pub ha1_md5: Secret<String>,
    /// Lower-case hex SHA-256 of `username:realm:password`.
    pub ha1_sha256: Secret<String>,
}

/// What an account proves itself with over MD5: lower-case hex of `user:realm:password`.
pub fn ha1_md5(realm: &str, user: &str, password: &str) -> String {
    hex(&Md5::digest(text(realm, user, password)))
}

/// What an account proves itself with over SHA-256: lower-case hex of `user:realm:password`.
pub fn ha1_sha256(realm: &str, user: &str, password: &str) -> String {
    hex(&Sha256::digest(text(realm, user, password)))
}

fn text(realm: &str, user: &str, password: &str) -> String {
    format!("{user}:{realm}:{password}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ha1_is_of_user_realm_and_password() {
        // RFC 2617 §3.5 and the same account over SHA-256.
        let (realm, user, password) = ("testrealm@host.com", "Mufasa", "Circle Of Life");
        assert_eq!(ha1_md5(realm, user, password), "939e7578ed9e3c518a452acee763bce9");
        assert_eq!(ha1_sha256(realm, user, password).len(), 64);
    }
}
