//! A binding: where one phone can be reached until when (RFC 3261 §10). Kept softly, so that phones
//! can be called again right after a restart.

use crate::call::PhoneRef;
use crate::time::Wall;

/// One binding of one phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The phone.
    pub phone: PhoneRef,
    /// What tells it from the phone's other bindings.
    pub key: String,
    /// When it ends.
    pub expires: Wall,
    /// Everything else that the registrar needs to know of it; only the registrar reads it.
    pub state: String,
}
