//! Access tokens: random text, known to the store by its hash alone.

use crate::wire_enum::wire_enum;
use sha2::{Digest, Sha256};

wire_enum! {
    /// How long a token lasts.
    TokenKind {
        /// From a login: ends some time after its last use.
        Login = "LOGIN",
        /// From a login that is to last: ends at logout.
        Persist = "PERSIST",
        /// Made for a machine: ends when it is revoked.
        Machine = "MACHINE",
    }
}

/// SHA-256 of a token. The token has 128 bits of randomness or more, so a plain hash is enough.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token as the client sends it.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
    /// The hash made of stored bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// The bytes to store.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<token hash>")
    }
}
