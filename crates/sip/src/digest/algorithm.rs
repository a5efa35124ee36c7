//! The two hash algorithms and what digest computes with them (RFC 7616 §3.4).
//!
//! Knows neither header nor nonce lifetime.

use md5::Md5;
use model::phone::SipAccount;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A hash that passwords are proven with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// MD5 (RFC 3261): all that most phones know.
    Md5,
    /// SHA-256 (RFC 8760).
    Sha256,
}

impl Algorithm {
    /// The algorithm of this name; MD5 if none is named (RFC 7616 §3.4). The `-sess` variants
    /// aren't offered.
    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("MD5") => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("SHA-256") => Some(Self::Sha256),
            Some(_) => None,
        }
    }

    /// Its name in headers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// The account's HA1. A stranger gets one that nothing hashes to, so that the work that follows
    /// is the same and its duration doesn't tell who exists.
    pub(super) fn ha1_of(self, account: Option<&SipAccount>) -> &str {
        match (self, account) {
            (Self::Md5, Some(account)) => account.ha1_md5.reveal(),
            (Self::Sha256, Some(account)) => account.ha1_sha256.reveal(),
            (Self::Md5, None) => "--------------------------------",
            (Self::Sha256, None) => {
                "----------------------------------------------------------------"
            }
        }
    }

    /// The hash of these parts joined by colons, in lower-case hex.
    pub(super) fn hash(self, parts: &[&str]) -> String {
        match self {
            Self::Md5 => hash_with(Md5::new(), parts),
            Self::Sha256 => hash_with(Sha256::new(), parts),
        }
    }
}

fn hash_with<D: Digest>(mut hash: D, parts: &[&str]) -> String {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            hash.update(b":");
        }
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        let cases = [
            (None, Some(Algorithm::Md5)),
            (Some("md5"), Some(Algorithm::Md5)),
            (Some("sha-256"), Some(Algorithm::Sha256)),
            (Some("MD5-sess"), None),
            (Some("SHA-512-256"), None),
        ];
        for (name, algorithm) in cases {
            assert_eq!(Algorithm::named(name), algorithm, "{name:?}");
        }
    }

    #[test]
    fn strangers_cost_as_much_as_accounts() {
        for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
            assert_eq!(algorithm.ha1_of(None).len(), algorithm.hash(&[]).len());
        }
    }
}
