//! What the switch counts of calls for whoever runs it: numbers that only rise, of all customers
//! together.

use model::record::TerminatedReason;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The counts of all shards.
#[derive(Debug, Default)]
pub struct Counts {
    set_up: AtomicU64,
    answered: AtomicU64,
    refused: AtomicU64,
    ended: [AtomicU64; TerminatedReason::ALL.len()],
}

impl Counts {
    pub(crate) fn add_set_up(&self) {
        self.set_up.fetch_add(1, Relaxed);
    }

    pub(crate) fn add_answered(&self) {
        self.answered.fetch_add(1, Relaxed);
    }

    pub(crate) fn add_refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    pub(crate) fn add_ended(&self, reason: TerminatedReason) {
        let places = TerminatedReason::ALL.iter().zip(&self.ended);
        for (_, ended) in places.filter(|(place, _)| **place == reason) {
            ended.fetch_add(1, Relaxed);
        }
    }

    /// Calls that were taken on.
    pub fn set_up(&self) -> u64 {
        self.set_up.load(Relaxed)
    }

    /// Calls whose caller was answered.
    pub fn answered(&self) -> u64 {
        self.answered.load(Relaxed)
    }

    /// Calls that weren't taken on: no common codec, or no settings to be had.
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    /// Calls that ended, by reason.
    pub fn ended(&self) -> impl Iterator<Item = (TerminatedReason, u64)> {
        TerminatedReason::ALL.iter().zip(&self.ended).map(|(reason, n)| (*reason, n.load(Relaxed)))
    }

    /// Calls that were taken on and haven't ended.
    pub fn live(&self) -> u64 {
        // Ends first: a call that ends meanwhile then counts as live, and never the other way round.
        let ended: u64 = self.ended().map(|(_, count)| count).sum();
        self.set_up().saturating_sub(ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_live_until_it_ends() {
        let counts = Counts::default();
        counts.add_set_up();
        counts.add_set_up();
        counts.add_ended(TerminatedReason::Busy);
        assert_eq!(counts.live(), 1);
        let busy = counts.ended().find(|(reason, _)| *reason == TerminatedReason::Busy);
        assert_eq!(busy, Some((TerminatedReason::Busy, 1)));
    }
}
