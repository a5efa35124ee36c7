//! Bindings, softly: memory leads, and what is worth it is written within a second. Decides what is
//! worth it; knows no SQL, and not when a binding ends.

use model::binding::Binding;
use model::call::PhoneRef;
use model::limits;
use model::time::Wall;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A binding's name: the phone, and what tells it from the phone's others.
type Key = (PhoneRef, String);

/// The bindings in memory and what of them waits to be written.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    state: Mutex<State>,
    waiting: Notify,
}

#[derive(Debug, Default)]
struct State {
    kept: HashMap<Key, Kept>,
    /// To be written as they are in `kept` by then, or removed if they aren't there.
    dirty: BTreeSet<Key>,
}

#[derive(Debug)]
struct Kept {
    binding: Binding,
    stored: Option<Stored>,
}

/// What the row says, and since when.
#[derive(Clone, Copy, Debug)]
struct Stored {
    written: Wall,
    expires: Wall,
}

/// One row to write.
#[derive(Debug)]
pub(crate) enum BindingWrite {
    /// Make or replace it.
    Put(Binding),
    /// Remove it.
    Drop(Key),
}

impl Bindings {
    /// Takes a binding, and notes it for writing if the row says too little of it.
    pub(crate) fn keep(&self, binding: Binding, now: Wall) {
        let key = (binding.phone, binding.key.clone());
        let mut state = self.lock();
        let before = state.kept.get(&key);
        let stored = before.and_then(|kept| kept.stored);
        let same = before.is_some_and(|kept| kept.binding.state == binding.state);
        if !same || stored.is_none_or(|stored| is_worn(stored, binding.expires, now)) {
            state.dirty.insert(key.clone());
            self.waiting.notify_one();
        }
        state.kept.insert(key, Kept { binding, stored });
    }

    /// Forgets a binding, and notes its row for removal.
    pub(crate) fn forget(&self, phone: PhoneRef, key: &str) {
        let key = (phone, key.to_owned());
        let mut state = self.lock();
        state.kept.remove(&key);
        state.dirty.insert(key);
        self.waiting.notify_one();
    }

    /// Takes rows that were read at start, so that a refresh needn't write them again.
    pub(crate) fn prime(&self, rows: &[Binding], now: Wall) {
        let mut state = self.lock();
        for binding in rows {
            let key = (binding.phone, binding.key.clone());
            let stored = Some(Stored { written: now, expires: binding.expires });
            if !state.dirty.contains(&key) {
                state.kept.entry(key).or_insert_with(|| Kept { binding: binding.clone(), stored });
            }
        }
    }

    /// Resolves once there is something to write.
    pub(crate) async fn waiting(&self) {
        self.waiting.notified().await;
    }

    /// What to write now; at most one commit's worth.
    pub(crate) fn take(&self, now: Wall) -> Vec<BindingWrite> {
        let mut state = self.lock();
        let mut writes = Vec::new();
        while writes.len() < limits::BINDINGS_PER_COMMIT {
            let Some(key) = state.dirty.pop_first() else { break };
            writes.push(match state.kept.get_mut(&key) {
                None => BindingWrite::Drop(key),
                Some(kept) => {
                    kept.stored = Some(Stored { written: now, expires: kept.binding.expires });
                    BindingWrite::Put(kept.binding.clone())
                }
            });
        }
        if !state.dirty.is_empty() {
            self.waiting.notify_one();
        }
        writes
    }

    /// Takes back what couldn't be written.
    pub(crate) fn put_back(&self, writes: Vec<BindingWrite>) {
        let keys = writes.into_iter().map(|write| match write {
            BindingWrite::Put(binding) => (binding.phone, binding.key),
            BindingWrite::Drop(key) => key,
        });
        self.lock().dirty.extend(keys);
        self.waiting.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the row no longer tells enough: half of its time has passed, or the binding ends sooner
/// than it says.
fn is_worn(stored: Stored, expires: Wall, now: Wall) -> bool {
    let half = stored.expires.0.saturating_sub(stored.written.0) / 2;
    now.0 >= stored.written.0.saturating_add(half) || expires < stored.expires
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::{CustomerId, PhoneId};

    fn binding(expires: i64, state: &str) -> Binding {
        Binding { phone: phone(), key: "a".into(), expires: Wall(expires), state: state.into() }
    }

    fn phone() -> PhoneRef {
        PhoneRef { customer: CustomerId::from_bytes([1; 12]), phone: PhoneId::from_bytes([2; 12]) }
    }

    #[test]
    fn a_refresh_is_written_only_when_it_is_worth_it() {
        // A row written at 0 that says 1000.
        for (now, refreshed, written) in [
            (100, binding(1100, "x"), false),
            (499, binding(1499, "x"), false),
            (500, binding(1500, "x"), true),
            (100, binding(1100, "y"), true),
            (100, binding(900, "x"), true),
        ] {
            let bindings = Bindings::default();
            bindings.keep(binding(1000, "x"), Wall(0));
            assert_eq!(bindings.take(Wall(0)).len(), 1);
            bindings.keep(refreshed.clone(), Wall(now));
            assert_eq!(bindings.take(Wall(now)).len() == 1, written, "{refreshed:?} at {now}");
        }
    }

    #[test]
    fn what_was_read_at_start_counts_as_written() {
        let bindings = Bindings::default();
        bindings.prime(&[binding(1000, "x")], Wall(0));
        bindings.keep(binding(1100, "x"), Wall(100));
        assert!(bindings.take(Wall(100)).is_empty());
    }

    #[test]
    fn what_could_not_be_written_waits_again_as_it_is_by_then() {
        let bindings = Bindings::default();
        bindings.keep(binding(1000, "x"), Wall(0));
        let failed = bindings.take(Wall(0));
        bindings.forget(phone(), "a");
        bindings.put_back(failed);
        assert!(matches!(bindings.take(Wall(1))[..], [BindingWrite::Drop(_)]));
    }

    #[test]
    fn one_commit_takes_no_more_than_its_share() {
        let bindings = Bindings::default();
        for number in 0..limits::BINDINGS_PER_COMMIT + 1 {
            bindings.forget(phone(), &number.to_string());
        }
        assert_eq!(bindings.take(Wall(0)).len(), limits::BINDINGS_PER_COMMIT);
        assert_eq!(bindings.take(Wall(0)).len(), 1);
    }
}
