//! One leg of a call: a party, and how far it is.
//!
//! ```text
//!   Calling ──answered──► Talking ──────────► Over
//!      ├──failed, refused──────────────────────►
//!      └──cancelled──► Stopping ──it says so───►
//! ```

use model::cause::Cause;
use model::id::{CallId, ItemId, LegId, PhoneId};
use model::record::LegRecord;
use model::time::Wall;

/// How far a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegState {
    /// Not answered yet.
    Calling,
    /// Answered.
    Talking,
    /// Told to stop, with this cause; it may still answer before it hears that.
    Stopping(Cause),
    /// Ended.
    Over {
        /// When.
        ended: Wall,
        /// Why.
        cause: Cause,
    },
}

/// A leg.
#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) id: LegId,
    pub(crate) phone: Option<PhoneId>,
    pub(crate) extension: Option<ItemId>,
    pub(crate) started: Wall,
    pub(crate) answered: Option<Wall>,
    pub(crate) state: LegState,
}

impl Leg {
    /// A leg that begins now, from or to a phone of an extension.
    pub(crate) fn new(
        id: LegId,
        phone: Option<PhoneId>,
        extension: Option<ItemId>,
        started: Wall,
    ) -> Self {
        Self { id, phone, extension, started, answered: None, state: LegState::Calling }
    }

    /// It was answered.
    pub(crate) fn answer(&mut self, now: Wall) {
        self.answered = Some(now);
        self.state = LegState::Talking;
    }

    /// It ended.
    pub(crate) fn end(&mut self, cause: Cause, ended: Wall) {
        self.state = LegState::Over { ended, cause };
    }

    /// Whether its phone is in the call.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.state, LegState::Calling | LegState::Talking)
    }

    /// Whether nothing more can come of it.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, LegState::Over { .. })
    }

    /// Its part of the call's record.
    pub(crate) fn record(&self, now: Wall) -> LegRecord {
        let (ended, cause) = match self.state {
            LegState::Over { ended, cause } => (ended, cause),
            LegState::Stopping(cause) => (now, cause),
            LegState::Calling | LegState::Talking => (now, Cause::Internal),
        };
        let Self { id, phone, extension, started, answered, .. } = *self;
        LegRecord { id, phone, extension, started, answered, ended, cause }
    }
}

/// The id of the n-th leg that a call makes. Call ids are random, so a hash of one and a number is as
/// unlikely to be met twice (FNV-1a, 128 bits of which 96 are kept).
pub(crate) fn mint(call: CallId, n: usize) -> LegId {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = call.bytes().iter().copied().chain(n.to_be_bytes());
    let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let mut id = [0; 12];
    id.iter_mut().zip(hash.to_be_bytes()).for_each(|(to, from)| *to = from);
    LegId::from_bytes(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn neighbouring_calls_mint_different_legs() {
        let calls = (0..50).map(|n| CallId::from_bytes([7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, n]));
        let legs: BTreeSet<_> =
            calls.flat_map(|call| (0..64).map(move |n| mint(call, n))).collect();
        assert_eq!(legs.len(), 50 * 64);
    }
}
