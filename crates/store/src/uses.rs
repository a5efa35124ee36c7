//! When tokens were last used: in memory at once, in rows some time later. Decides what is worth
//! writing: a use is once half a login's life has passed since the row was written; at the end, all of
//! them. Knows neither whose a token is nor when it ends.

use model::limits::{KNOWN_TOKENS, LOGIN_LIFE, TOKEN_USES_PER_COMMIT};
use model::time::Wall;
use model::token::TokenHash;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The row is as new as the memory.
const CLEAN: u8 = 0;
/// It isn't, by less than half a life.
const TOUCHED: u8 = 1;
/// It is to be written.
const DUE: u8 = 2;

/// Never.
const NEVER: i64 = i64::MIN;

/// When a token was last used.
#[derive(Debug)]
pub(crate) struct LastUse {
    latest: AtomicI64,
    stored: AtomicI64,
    noted: AtomicU8,
}

impl LastUse {
    /// As the row says.
    pub(crate) fn stored(used: Option<Wall>) -> Self {
        let used = used.map_or(NEVER, |used| used.0);
        Self {
            latest: AtomicI64::new(used),
            stored: AtomicI64::new(used),
            noted: AtomicU8::new(CLEAN),
        }
    }

    /// Follows a row that is ahead.
    pub(crate) fn is_at_least(&self, used: Wall) {
        self.stored.fetch_max(used.0, Relaxed);
        self.latest.fetch_max(used.0, Relaxed);
    }

    /// The last use.
    pub(crate) fn latest(&self) -> Option<Wall> {
        Some(self.latest.load(Relaxed)).filter(|used| *used != NEVER).map(Wall)
    }
}

/// Uses that the rows don't know yet.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    state: Mutex<State>,
    waiting: Notify,
}

#[derive(Debug, Default)]
struct State {
    touched: HashMap<TokenHash, Arc<LastUse>>,
    due: BTreeSet<TokenHash>,
}

/// One row to write.
#[derive(Debug)]
pub(crate) struct UseWrite {
    pub(crate) hash: TokenHash,
    pub(crate) used: Wall,
    last_use: Arc<LastUse>,
}

impl Uses {
    /// Notes a use. Almost always that is two atomic reads and a write.
    pub(crate) fn touch(&self, hash: TokenHash, last_use: &Arc<LastUse>, now: Wall) {
        if now.0 <= last_use.latest.load(Relaxed) {
            return;
        }
        last_use.latest.store(now.0, Relaxed);
        let half = i64::try_from(LOGIN_LIFE.as_millis() / 2).unwrap_or(i64::MAX);
        let worn = now.0 >= last_use.stored.load(Relaxed).saturating_add(half);
        let wanted = if worn { DUE } else { TOUCHED };
        if last_use.noted.load(Relaxed) < wanted {
            self.note(hash, last_use, wanted);
        }
    }

    fn note(&self, hash: TokenHash, last_use: &Arc<LastUse>, wanted: u8) {
        let mut state = self.lock();
        if state.touched.len() >= KNOWN_TOKENS && !state.touched.contains_key(&hash) {
            // Make room; this use is told with the next one.
            state.due = state.touched.keys().copied().collect();
            self.waiting.notify_one();
            return;
        }
        last_use.noted.store(wanted, Relaxed);
        state.touched.insert(hash, last_use.clone());
        if wanted == DUE {
            state.due.insert(hash);
            self.waiting.notify_one();
        }
    }

    /// The use of a token that its row doesn't know.
    pub(crate) fn ahead(&self, hash: TokenHash) -> Option<Arc<LastUse>> {
        self.lock().touched.get(&hash).cloned()
    }

    /// The last use as the memory knows it, or as the row does: one that was forgotten meanwhile must
    /// not age.
    pub(crate) fn newest(&self, hash: TokenHash, stored: Arc<LastUse>) -> Arc<LastUse> {
        self.ahead(hash).unwrap_or(stored)
    }

    /// Forgets a token that ended.
    pub(crate) fn forget(&self, hash: TokenHash) {
        let mut state = self.lock();
        state.touched.remove(&hash);
        state.due.remove(&hash);
    }

    /// Resolves once there is something to write.
    pub(crate) async fn waiting(&self) {
        self.waiting.notified().await;
    }

    /// What to write now, at most one commit's worth: what is due, or everything.
    pub(crate) fn take(&self, everything: bool) -> Vec<UseWrite> {
        let mut state = self.lock();
        if everything {
            state.due = state.touched.keys().copied().collect();
        }
        let mut writes = Vec::new();
        while writes.len() < TOKEN_USES_PER_COMMIT {
            let Some(hash) = state.due.pop_first() else { break };
            let Some(last_use) = state.touched.remove(&hash) else { continue };
            last_use.noted.store(CLEAN, Relaxed);
            let used = last_use.latest.load(Relaxed);
            last_use.stored.store(used, Relaxed);
            writes.push(UseWrite { hash, used: Wall(used), last_use });
        }
        if !state.due.is_empty() {
            self.waiting.notify_one();
        }
        writes
    }

    /// Takes back what couldn't be written.
    pub(crate) fn put_back(&self, writes: Vec<UseWrite>) {
        for UseWrite { hash, last_use, .. } in writes {
            last_use.stored.store(NEVER, Relaxed);
            self.note(hash, &last_use, DUE);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: i64 = 450_000;

    fn token(name: &str) -> TokenHash {
        TokenHash::of(name)
    }

    #[test]
    fn a_use_is_written_once_half_the_life_has_passed_or_everything_is() {
        for (used, due) in [(1, false), (HALF - 1, false), (HALF, true)] {
            let uses = Uses::default();
            let last_use = Arc::new(LastUse::stored(Some(Wall(0))));
            uses.touch(token("a"), &last_use, Wall(used));
            assert_eq!(last_use.latest(), Some(Wall(used)));
            assert_eq!(uses.take(false).len() == 1, due, "{used}");
            assert_eq!(uses.take(true).len() == 1, !due, "{used}");
            assert!(uses.take(true).is_empty(), "it is written once");
        }
    }

    #[test]
    fn the_first_use_of_a_token_that_was_never_used_is_written() {
        let uses = Uses::default();
        let last_use = Arc::new(LastUse::stored(None));
        uses.touch(token("a"), &last_use, Wall(5));
        assert_eq!(uses.take(false).first().map(|write| write.used), Some(Wall(5)));
        uses.touch(token("a"), &last_use, Wall(6));
        assert!(uses.take(false).is_empty());
    }

    #[test]
    fn memory_leads_until_it_is_written_and_time_never_goes_back() {
        let uses = Uses::default();
        let last_use = Arc::new(LastUse::stored(Some(Wall(0))));
        uses.touch(token("a"), &last_use, Wall(7));
        uses.touch(token("a"), &last_use, Wall(3));
        assert_eq!(uses.ahead(token("a")).unwrap().latest(), Some(Wall(7)));
        let stored = || Arc::new(LastUse::stored(Some(Wall(0))));
        assert_eq!(uses.newest(token("a"), stored()).latest(), Some(Wall(7)));
        assert_eq!(uses.newest(token("b"), stored()).latest(), Some(Wall(0)));
        let failed = uses.take(true);
        assert!(uses.ahead(token("a")).is_none());
        uses.put_back(failed);
        assert_eq!(uses.take(false).first().map(|write| write.used), Some(Wall(7)));
        uses.touch(token("b"), &last_use, Wall(9));
        uses.forget(token("b"));
        assert!(uses.take(true).is_empty());
    }

    #[test]
    fn one_commit_takes_no_more_than_its_share_and_a_full_table_is_written() {
        let uses = Uses::default();
        let touch = |number: usize| {
            let last_use = Arc::new(LastUse::stored(Some(Wall(0))));
            uses.touch(token(&number.to_string()), &last_use, Wall(1));
        };
        (0..KNOWN_TOKENS).for_each(touch);
        assert!(uses.take(false).is_empty());
        touch(KNOWN_TOKENS);
        assert_eq!(uses.take(false).len(), TOKEN_USES_PER_COMMIT);
        assert!(uses.lock().touched.len() < KNOWN_TOKENS);
    }
}
