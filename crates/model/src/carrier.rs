//! Carrier trunks: what calls of the public network come in by and go out by. Knows no address and no account;
//! those are the edge's.

use crate::id::CarrierId;

/// A carrier trunk, as far as it matters to what happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its id.
    pub id: CarrierId,
    /// Whether a number that only its From header says is vouched for.
    pub trust_from: bool,
    /// Whether the mobile phones of the customer call in by it: it tells them by their own numbers.
    pub mobile_of: bool,
}
