//! What is live in one customer beside its calls: the settings of the moment (presence with them),
//! which carrier trunks work, which phones can be reached, which phones are in which calls.

use model::carrier::Carrier;
use model::directory::Directory;
use model::id::{CallId, CarrierId, PhoneId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The live facts that rules read.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    /// The newest snapshot. A call keeps the one that it entered an item with.
    pub(crate) directory: Arc<Directory>,
    /// The carrier trunks that work, those to be preferred first.
    pub(crate) carriers: Vec<Carrier>,
    /// The phones that have registered.
    pub(crate) reachable: BTreeSet<PhoneId>,
    /// The phones that are in calls.
    pub(crate) lines: Lines,
}

impl Live {
    /// A customer in which nothing is going on.
    pub(crate) fn new(directory: Arc<Directory>) -> Self {
        let (carriers, reachable) = (Vec::new(), BTreeSet::new());
        Self { directory, carriers, reachable, lines: Lines::default() }
    }

    /// A carrier trunk that works.
    pub(crate) fn carrier(&self, id: CarrierId) -> Option<&Carrier> {
        self.carriers.iter().find(|carrier| carrier.id == id)
    }

    /// Takes a newer snapshot; an older one never replaces it.
    pub(crate) fn renew(&mut self, directory: Arc<Directory>) {
        if directory.revision >= self.directory.revision {
            self.directory = directory;
        }
    }
}

/// Which phones have a leg that is dialling, ringing or answered, and in which calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines(BTreeMap<PhoneId, BTreeSet<CallId>>);

impl Lines {
    /// The calls that a phone is in.
    pub(crate) fn calls_of(&self, phone: PhoneId) -> impl Iterator<Item = CallId> {
        self.0.get(&phone).into_iter().flatten().copied()
    }

    /// A phone is in a call.
    pub(crate) fn seize(&mut self, phone: PhoneId, call: CallId) {
        self.0.entry(phone).or_default().insert(call);
    }

    /// A phone isn't in a call any more.
    pub(crate) fn release(&mut self, phone: PhoneId, call: CallId) {
        let Some(calls) = self.0.get_mut(&phone) else { return };
        calls.remove(&call);
        if calls.is_empty() {
            self.0.remove(&phone);
        }
    }

    /// A phone is in no call at all.
    pub(crate) fn release_all(&mut self, phone: PhoneId) {
        self.0.remove(&phone);
    }
}
