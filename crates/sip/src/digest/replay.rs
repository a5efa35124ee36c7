//! Which nonce counts were used (RFC 7616 §3.4, `nc`): no request is accepted twice.
//!
//! Only nonces that someone proved an account with come here, so strangers can't fill the table.
//! When it is full the oldest nonce goes, and with it every nonce of that age or older: forgetting
//! costs a client one more challenge and never lets a replay through.

use super::nonce::NonceId;
use model::limits::PROVEN_NONCES;
use std::collections::BTreeMap;

/// The counts used with one nonce: datagrams overtake each other, but not by more than this.
#[derive(Clone, Copy, Debug)]
struct Window {
    highest: u32,
    /// Bit n is set when `highest - n` was used.
    used: u64,
}

impl Window {
    const fn first(count: u32) -> Self {
        Self { highest: count, used: 1 }
    }

    /// Marks a count as used; false if it was, or is too far back to know.
    fn mark(&mut self, count: u32) -> bool {
        if let Some(ahead) = count.checked_sub(self.highest).filter(|ahead| *ahead > 0) {
            self.used = self.used.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = count;
            return true;
        }
        let bit = 1_u64.checked_shl(self.highest.saturating_sub(count)).unwrap_or(0);
        let new = bit != 0 && self.used & bit == 0;
        self.used |= bit;
        new
    }
}

/// The nonces that accounts were proven with.
#[derive(Debug, Default)]
pub(super) struct Replay {
    windows: BTreeMap<NonceId, Window>,
    /// The newest nonce that had to go: no nonce up to it is accepted unless it is in the table.
    forgotten: Option<NonceId>,
}

impl Replay {
    /// Takes note of a count used with a nonce; false if the pair can't be accepted.
    pub(super) fn admit(&mut self, nonce: NonceId, count: u32) -> bool {
        if let Some(window) = self.windows.get_mut(&nonce) {
            return window.mark(count);
        }
        if self.forgotten.is_some_and(|forgotten| nonce <= forgotten) {
            return false;
        }
        self.windows.insert(nonce, Window::first(count));
        self.make_room();
        true
    }

    fn make_room(&mut self) {
        if self.windows.len() > PROVEN_NONCES
            && let Some((oldest, _)) = self.windows.pop_first()
        {
            self.forgotten = self.forgotten.max(Some(oldest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::Wall;

    fn nonce(issued: i64) -> NonceId {
        NonceId { issued: Wall(issued), salt: 0 }
    }

    #[test]
    fn each_count_is_accepted_once() {
        let cases: &[(&[u32], u32, bool)] = &[
            (&[], 1, true),
            (&[1], 1, false),
            (&[1], 2, true),
            (&[1, 3], 2, true),
            (&[1, 3, 2], 2, false),
            (&[5], 1, true),
            (&[64], 1, true),
            (&[65], 1, false),
            (&[1, u32::MAX], u32::MAX, false),
            (&[1, u32::MAX], 1, false),
            (&[9, 10], 10, false),
        ];
        for (before, count, accepted) in cases {
            let mut replay = Replay::default();
            for count in *before {
                assert!(replay.admit(nonce(1), *count), "{before:?}");
            }
            assert_eq!(replay.admit(nonce(1), *count), *accepted, "{before:?} then {count}");
        }
    }

    #[test]
    fn nonces_count_apart() {
        let mut replay = Replay::default();
        assert!(replay.admit(nonce(1), 1));
        assert!(replay.admit(nonce(2), 1));
        assert!(replay.admit(NonceId { issued: Wall(1), salt: 1 }, 1));
    }

    #[test]
    fn a_full_table_forgets_without_letting_a_replay_through() {
        let mut replay = Replay::default();
        let last = i64::try_from(PROVEN_NONCES).unwrap() + 1;
        for issued in 1..=last {
            assert!(replay.admit(nonce(issued), 1));
        }
        assert_eq!(replay.windows.len(), PROVEN_NONCES);
        assert!(!replay.admit(nonce(1), 1), "forgotten");
        assert!(!replay.admit(nonce(1), 2), "forgotten");
        assert!(!replay.admit(nonce(0), 1), "older than the forgotten");
        assert!(replay.admit(nonce(2), 2), "still known");
        assert!(replay.admit(nonce(last + 1), 1), "newer");
    }
}
