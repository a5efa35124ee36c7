//! The protection space of an installation and the challenges it sends (RFC 7616 §3.3).
//!
//! One realm, from the configuration and never from the request: accounts are hashed with it.

use super::algorithm::Algorithm;
use super::nonce::{NonceId, NonceKey, Standing};
use crate::header::quote;
use model::time::Wall;

/// What is offered, most preferred first (RFC 8760 §2.4). SHA-256 is understood but not offered:
/// clients in wide use don't skip a challenge they don't know, as §2.4 wants. libre 1.0 (baresip
/// 1.0.0) gives up wherever SHA-256 stands, sipp 3.6 when it stands first; and as long as MD5 is
/// accepted, offering more protects nobody.
const OFFERED: &[Algorithm] = &[Algorithm::Md5];

/// The realm of the installation with the key that its nonces are signed with.
#[derive(Clone, Debug)]
pub struct Realm {
    name: String,
    key: NonceKey,
}

impl Realm {
    /// The realm of this name. The key is random and kept, so that nonces outlive a restart.
    pub const fn new(name: String, nonce_key: [u8; 32]) -> Self {
        Self { name, key: NonceKey::new(nonce_key) }
    }

    /// Its name, which accounts are hashed with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The values of the WWW-Authenticate headers of a 401, in order. `stale` says that only the
    /// nonce was wrong. `salt` must not repeat within a millisecond: a counter will do, random is
    /// better (phones that share a nonce are challenged once more than they need to be).
    pub fn challenges(&self, now: Wall, stale: bool, salt: u64) -> Vec<String> {
        let nonce = self.key.print(NonceId { issued: now, salt });
        OFFERED.iter().map(|algorithm| self.challenge(*algorithm, &nonce, stale)).collect()
    }

    fn challenge(&self, algorithm: Algorithm, nonce: &str, stale: bool) -> String {
        let realm = quote(&self.name);
        let algorithm = algorithm.name();
        let stale = if stale { ", stale=true" } else { "" };
        format!(
            "Digest realm={realm}, nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\"{stale}"
        )
    }

    /// What became of a nonce that a client gave back.
    pub(super) fn judge(&self, nonce: &str, now: Wall) -> Standing {
        self.key.judge(nonce, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_all_that_a_client_needs() {
        let realm = Realm::new("a \"realm\"".to_owned(), [1; 32]);
        let challenges = realm.challenges(Wall(0), false, 0);
        let nonce = realm.key.print(NonceId { issued: Wall(0), salt: 0 });
        assert_eq!(
            challenges,
            [format!(
                "Digest realm=\"a \\\"realm\\\"\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\""
            )]
        );
        let stale = realm.challenges(Wall(0), true, 0);
        assert!(stale.iter().all(|challenge| challenge.ends_with(", stale=true")));
    }

    #[test]
    fn debug_hides_the_key() {
        let realm = Realm::new("lokal".to_owned(), [7; 32]);
        assert!(!format!("{realm:?}").contains('7'));
    }
}
