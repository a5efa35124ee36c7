//! Binding facts as changes to what the store keeps of bindings.

use model::binding::Binding;
use model::call::PhoneRef;
use sip::boundary::SipFact;
use store::Store;

/// A change to the kept bindings.
pub(crate) enum BindingChange {
    /// Made or refreshed.
    Kept(Binding),
    /// Gone.
    Dropped(PhoneRef, String),
}

/// The change that a fact is; the fact itself if it is none.
pub(crate) fn binding_fact(fact: SipFact) -> Result<BindingChange, SipFact> {
    match fact {
        SipFact::BindingKept(binding) => Ok(BindingChange::Kept(binding)),
        SipFact::BindingDropped { phone, key } => Ok(BindingChange::Dropped(phone, key)),
        other => Err(other),
    }
}

impl BindingChange {
    /// Hands it to the store, which writes it soon.
    pub(crate) fn keep(self, store: &Store) {
        match self {
            Self::Kept(binding) => store.keep_binding(binding),
            Self::Dropped(phone, key) => store.drop_binding(phone, &key),
        }
    }
}
