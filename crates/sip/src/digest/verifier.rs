//! Decides who a request is from (RFC 7616 §3.4.6, RFC 3261 §22.4).
//!
//! ```text
//!   proof    nonce            verdict
//!   right    fresh, new nc    Proven
//!   right    anything else    Challenge, stale   the client tries again by itself
//!   wrong    fresh            Refused            it used our challenge: the password is wrong
//!   wrong    anything else    Challenge          answers somebody else's challenge
//! ```
//!
//! Knows neither messages nor how a challenge is sent.

use super::credentials::{Credentials, Parsed};
use super::nonce::Standing;
use super::realm::Realm;
use super::replay::Replay;
use crate::boundary::Accounts;
use crate::uri::SipUri;
use model::phone::SipAccount;
use model::time::Wall;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Who a request is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// From the phone with this account.
    Proven(Arc<SipAccount>),
    /// Not known yet: 401 with new challenges.
    Challenge {
        /// The password was right and only the nonce wasn't.
        stale: bool,
    },
    /// Not from whom it says: 403. Whether the user exists isn't told.
    Refused,
}

/// Judges credentials and remembers which were used. One per installation, or replays go through.
#[derive(Debug, Default)]
pub struct Verifier {
    replay: Replay,
}

impl Verifier {
    /// A verifier that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Judges the value of one Authorization header of a request with this method and request URI.
    #[expect(
        clippy::too_many_arguments,
        reason = "four facts of the request and three of ours; a struct of them would have one user"
    )]
    pub fn verify(
        &mut self,
        realm: &Realm,
        accounts: &dyn Accounts,
        method: &str,
        uri: &str,
        authorization: &str,
        now: Wall,
    ) -> Verdict {
        let credentials = match Parsed::of(authorization) {
            Parsed::Digest(credentials) => credentials,
            Parsed::NotOffered => return Verdict::Challenge { stale: false },
            Parsed::Malformed => return Verdict::Refused,
        };
        if credentials.realm != realm.name() {
            return Verdict::Challenge { stale: false };
        }
        if !covers(&credentials.uri, uri) {
            return Verdict::Refused;
        }
        let account = accounts.account(&credentials.username);
        let right = is_right(&credentials, account.as_deref(), method);
        match (account.filter(|_| right), realm.judge(&credentials.nonce, now)) {
            (Some(account), Standing::Fresh(nonce))
                if self.replay.admit(nonce, credentials.count) =>
            {
                Verdict::Proven(account)
            }
            (Some(_), _) => Verdict::Challenge { stale: true },
            (None, Standing::Fresh(_)) => Verdict::Refused,
            (None, Standing::Unusable) => Verdict::Challenge { stale: false },
        }
    }
}

/// Whether the response is what the account's password gives (RFC 7616 §3.4.1). Takes the same
/// time for a stranger as for a wrong password.
fn is_right(credentials: &Credentials<'_>, account: Option<&SipAccount>, method: &str) -> bool {
    let algorithm = credentials.algorithm;
    let ha1 = algorithm.ha1_of(account);
    let ha2 = algorithm.hash(&[method, &credentials.uri]);
    let (nonce, count) = (&credentials.nonce, &credentials.count_text);
    let expected = algorithm.hash(&[ha1, nonce, count, &credentials.cnonce, "auth", &ha2]);
    let response = credentials.response.to_ascii_lowercase();
    bool::from(expected.as_bytes().ct_eq(response.as_bytes()))
}

/// Whether credentials for `said` cover a request to `asked`. They are for the same URI, but scheme
/// case and a default port make no difference; and some clients (sipp) name the bare server instead
/// of the user there, which RFC 3261 §22.4 leaves to the server to take.
fn covers(said: &str, asked: &str) -> bool {
    if said == asked {
        return true;
    }
    let (Some(said), Some(asked)) = (SipUri::parse(said), SipUri::parse(asked)) else {
        return false;
    };
    let same = said.user == asked.user && said.rest == asked.rest;
    let bare = said.user.is_none() && said.rest.is_empty();
    said.same_server(&asked) && (same || bare)
}

#[cfg(test)]
mod tests;
