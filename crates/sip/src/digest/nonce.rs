//! Nonces that prove by themselves that we made them and when (RFC 7616 §3.3, §5.4).
//!
//! Time of minting and salt in hex, then the first half of an HMAC-SHA256 over both: nothing needs
//! to be remembered for a challenge. Whether one was used before is `replay`'s question.

use hmac::{Hmac, KeyInit, Mac};
use model::pii::Secret;
use model::time::Wall;
use sha2::Sha256;
use std::time::Duration;

/// How long a nonce serves. A phone that registers more often never has to be challenged again.
const LIFETIME: Duration = Duration::from_secs(300);

/// Half of SHA-256's output: 128 bits can't be guessed over a network.
const SIGNATURE_BYTES: usize = 16;

/// Which nonce: when it was made, and the salt that tells it from others of that millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NonceId {
    /// When it was made.
    pub(super) issued: Wall,
    /// What the challenger drew.
    pub(super) salt: u64,
}

/// What became of a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Ours and young enough.
    Fresh(NonceId),
    /// Not ours, changed on its way, or too old.
    Unusable,
}

/// The key that nonces are signed with.
#[derive(Clone, Debug)]
pub(super) struct NonceKey(Secret<[u8; 32]>);

impl NonceKey {
    /// Signs with this key.
    pub(super) const fn new(key: [u8; 32]) -> Self {
        Self(Secret::new(key))
    }

    /// The text of a nonce: 64 hex digits.
    pub(super) fn print(&self, id: NonceId) -> String {
        let mut text = head(id);
        let signature = self.sign(&text).finalize().into_bytes();
        for byte in signature.iter().take(SIGNATURE_BYTES) {
            text.push_str(&format!("{byte:02x}"));
        }
        text
    }

    /// Reads a nonce that a client gave back.
    pub(super) fn judge(&self, text: &str, now: Wall) -> Standing {
        match self.read(text) {
            Some(id) if is_young(id.issued, now) => Standing::Fresh(id),
            _ => Standing::Unusable,
        }
    }

    fn read(&self, text: &str) -> Option<NonceId> {
        let (head, signature) = text.split_at_checked(32)?;
        let (issued, salt) = head.split_at_checked(16)?;
        let signature: [u8; SIGNATURE_BYTES] = number(signature, 32)?.to_be_bytes();
        self.sign(head).verify_truncated_left(&signature).ok()?;
        let issued = u64::try_from(number(issued, 16)?).ok()?;
        let salt = u64::try_from(number(salt, 16)?).ok()?;
        Some(NonceId { issued: Wall(issued.cast_signed()), salt })
    }

    fn sign(&self, head: &str) -> Hmac<Sha256> {
        // HMAC fills a short key up with zeros to one block; doing so here leaves nothing to fail.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.0.reveal()) {
            *to = *from;
        }
        Hmac::<Sha256>::new(&block.into()).chain_update(b"sip digest nonce ").chain_update(head)
    }
}

fn head(id: NonceId) -> String {
    format!("{:016x}{:016x}", id.issued.0.cast_unsigned(), id.salt)
}

/// Reads exactly so many lower-case hex digits: a nonce has one spelling.
fn number(text: &str, digits: usize) -> Option<u128> {
    let spelled =
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    spelled.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

/// A nonce from the future is as unusable as an old one: the clock was set back.
fn is_young(issued: Wall, now: Wall) -> bool {
    u128::from(issued.0.abs_diff(now.0)) <= LIFETIME.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Wall = Wall(1_800_000_000_000);
    const ID: NonceId = NonceId { issued: NOW, salt: 7 };

    fn key() -> NonceKey {
        NonceKey::new([42; 32])
    }

    #[test]
    fn a_nonce_serves_for_its_lifetime() {
        let text = key().print(ID);
        assert_eq!(text.len(), 64);
        for (age_ms, usable) in [(0, true), (300_000, true), (300_001, false), (-300_001, false)] {
            let standing = key().judge(&text, Wall(NOW.0 + age_ms));
            assert_eq!(standing == Standing::Fresh(ID), usable, "{age_ms}");
        }
    }

    #[test]
    fn a_changed_or_foreign_nonce_is_unusable() {
        let text = key().print(ID);
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] = if changed[position] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key().judge(&changed, NOW), Standing::Unusable, "{position}");
        }
        assert_eq!(NonceKey::new([43; 32]).judge(&text, NOW), Standing::Unusable);
        for foreign in ["", "abc", &text.to_uppercase(), &format!("{text}0"), &"é".repeat(32)] {
            assert_eq!(key().judge(foreign, NOW), Standing::Unusable, "{foreign}");
        }
    }

    #[test]
    fn the_salt_tells_nonces_of_one_millisecond_apart() {
        assert_ne!(key().print(ID), key().print(NonceId { salt: 8, ..ID }));
    }
}
