//! A bounded cache of answers, "no such thing" among them. Knows nothing of SQL, only of the race:
//! an answer that was read before a write and arrives after it isn't kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers by question. Least recently asked ones go first, roughly: when the young half is full,
/// the old half goes.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    most: usize,
    halves: Mutex<Halves<K, V>>,
}

#[derive(Debug)]
struct Halves<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    writes: u64,
}

/// Proof of having asked in vain, and of when: to be handed back with the answer.
#[derive(Debug)]
pub(crate) struct Miss {
    writes: u64,
}

impl<K: Eq + Hash + Copy, V: Clone> Cache<K, V> {
    /// A cache of at most so many answers.
    pub(crate) fn new(most: usize) -> Self {
        let halves = Halves { young: HashMap::new(), old: HashMap::new(), writes: 0 };
        Self { most, halves: Mutex::new(halves) }
    }

    /// The answer, or leave to `remember` it.
    pub(crate) fn lookup(&self, key: K) -> Result<V, Miss> {
        let mut halves = self.lock();
        if let Some(value) = halves.young.get(&key) {
            return Ok(value.clone());
        }
        match halves.old.remove(&key) {
            Some(value) => {
                halves.insert(self.most, key, value.clone());
                Ok(value)
            }
            None => Err(Miss { writes: halves.writes }),
        }
    }

    /// Keeps an answer that was read, unless there was a write since the miss.
    pub(crate) fn remember(&self, miss: &Miss, key: K, value: V) {
        let mut halves = self.lock();
        if halves.writes == miss.writes {
            halves.insert(self.most, key, value);
        }
    }

    /// Keeps answers that were read together, unless there was a write since the miss.
    pub(crate) fn remember_all(&self, miss: &Miss, answers: impl Iterator<Item = (K, V)>) {
        let mut halves = self.lock();
        if halves.writes == miss.writes {
            answers.for_each(|(key, value)| halves.insert(self.most, key, value));
        }
    }

    /// Adds to the answer that is there, if there is one. It may be another by now than the one that was
    /// looked up: a write may have come between.
    pub(crate) fn amend(&self, key: K, amend: impl FnOnce(&mut V)) {
        if let Some(kept) = self.lock().young.get_mut(&key) {
            amend(kept);
        }
    }

    /// Keeps an answer that was written.
    pub(crate) fn put(&self, key: K, value: V) {
        let mut halves = self.lock();
        halves.writes += 1;
        halves.old.remove(&key);
        halves.insert(self.most, key, value);
    }

    /// Forgets an answer, and those that are on their way.
    pub(crate) fn forget(&self, key: K) {
        let mut halves = self.lock();
        halves.writes += 1;
        halves.young.remove(&key);
        halves.old.remove(&key);
    }

    /// Forgets everything, answers that are on their way among it.
    pub(crate) fn clear(&self) {
        let mut halves = self.lock();
        *halves = Halves { young: HashMap::new(), old: HashMap::new(), writes: halves.writes + 1 };
    }

    fn lock(&self) -> MutexGuard<'_, Halves<K, V>> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Halves<K, V> {
    fn insert(&mut self, most: usize, key: K, value: V) {
        if self.young.len() >= most / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_read_before_a_write_is_not_kept() {
        let cache = Cache::<u32, Option<u32>>::new(8);
        let miss = cache.lookup(1).unwrap_err();
        cache.put(1, Some(7));
        cache.remember(&miss, 1, None);
        assert_eq!(cache.lookup(1).unwrap(), Some(7));

        let late = cache.lookup(2).unwrap_err();
        cache.put(3, None);
        cache.remember(&late, 2, None);
        cache.remember_all(&late, [(2, None)].into_iter());
        assert!(
            cache.lookup(2).is_err(),
            "any write counts: which one it was isn't known any more"
        );
    }

    #[test]
    fn only_what_is_there_is_amended() {
        let cache = Cache::<u32, u32>::new(8);
        cache.amend(1, |kept| *kept += 1);
        assert!(cache.lookup(1).is_err());
        cache.put(1, 8);
        cache.amend(1, |kept| *kept += 1);
        assert_eq!(cache.lookup(1).unwrap(), 9);
    }

    #[test]
    fn it_never_holds_more_than_allowed_and_forgets_what_nobody_asks_for() {
        let cache = Cache::<u32, u32>::new(8);
        for key in 0..100 {
            let miss = cache.lookup(key).unwrap_err();
            cache.remember(&miss, key, key);
            assert_eq!(cache.lookup(0).unwrap(), 0, "asked for all the time");
        }
        let halves = cache.lock();
        assert!(halves.young.len() + halves.old.len() <= 8);
    }
}
