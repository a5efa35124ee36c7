//! What waits for a customer's settings to be loaded.
//!
//! Calls and questions wait in order and have an end: who comes too late is told so. Which phones can
//! be reached is never lost, since it is told only when it changes: the last word on each phone is
//! kept, also when loading failed. Knows neither the store nor what becomes of anything.

use crate::shard::Question;
use model::id::PhoneId;
use model::limits::FACT_QUEUE;
use sip::boundary::SipFact;
use std::collections::BTreeMap;

/// What there is to do for a customer.
pub(crate) enum Work {
    /// Handle a fact.
    Sip(SipFact),
    /// Answer a question.
    Ask(Question),
}

/// What waits for one customer.
#[derive(Default)]
pub(crate) struct Waiting {
    reachability: BTreeMap<PhoneId, SipFact>,
    works: Vec<Work>,
    is_loading: bool,
}

impl Waiting {
    /// Lets work wait; it comes back if there is no room.
    pub(crate) fn add(&mut self, work: Work) -> Option<Work> {
        if let Work::Sip(fact) = &work
            && let SipFact::PhoneReachable(phone) | SipFact::PhoneUnreachable(phone) = fact
        {
            self.reachability.insert(phone.phone, fact.clone());
            return None;
        }
        if self.works.len() >= FACT_QUEUE {
            return Some(work);
        }
        self.works.push(work);
        None
    }

    /// Whether somebody has to load the settings now; whoever asks does.
    pub(crate) fn starts_loading(&mut self) -> bool {
        !std::mem::replace(&mut self.is_loading, true)
    }

    /// Loading failed: what can't be done. The next work has it tried again.
    pub(crate) fn give_up(&mut self) -> Vec<Work> {
        self.is_loading = false;
        std::mem::take(&mut self.works)
    }

    /// Everything, now that it can be done: phones first, so that the calls find them.
    pub(crate) fn into_works(self) -> impl Iterator<Item = Work> {
        self.reachability.into_values().map(Work::Sip).chain(self.works)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::call::{LegRef, PhoneRef};
    use model::id::{CallId, CustomerId, LegId};

    const CUSTOMER: CustomerId = CustomerId::from_bytes([1; 12]);

    fn phone(n: u8) -> PhoneRef {
        PhoneRef { customer: CUSTOMER, phone: PhoneId::from_bytes([n; 12]) }
    }

    fn on_a_leg() -> Work {
        let leg = LegRef {
            customer: CUSTOMER,
            call: CallId::from_bytes([2; 12]),
            leg: LegId::from_bytes([3; 12]),
        };
        Work::Sip(SipFact::Ringing { leg })
    }

    fn names(works: impl IntoIterator<Item = Work>) -> Vec<&'static str> {
        let name = |work| match work {
            Work::Sip(SipFact::PhoneReachable(_)) => "reachable",
            Work::Sip(SipFact::PhoneUnreachable(_)) => "unreachable",
            Work::Sip(_) => "leg",
            Work::Ask(_) => "question",
        };
        works.into_iter().map(name).collect()
    }

    #[test]
    fn a_failed_load_forgets_no_phone() {
        let mut waiting = Waiting::default();
        assert!(waiting.add(Work::Sip(SipFact::PhoneReachable(phone(1)))).is_none());
        assert!(waiting.add(on_a_leg()).is_none());
        assert!(waiting.starts_loading());
        assert!(!waiting.starts_loading(), "once at a time");
        assert_eq!(names(waiting.give_up()), ["leg"]);
        assert!(waiting.starts_loading(), "and again");
        assert_eq!(names(waiting.into_works()), ["reachable"]);
    }

    #[test]
    fn what_is_too_much_comes_back_and_phones_are_never_too_many() {
        let mut waiting = Waiting::default();
        for _ in 0..FACT_QUEUE {
            assert!(waiting.add(on_a_leg()).is_none());
        }
        assert_eq!(names(waiting.add(on_a_leg())), ["leg"]);
        assert!(waiting.add(Work::Sip(SipFact::PhoneReachable(phone(1)))).is_none());
        assert_eq!(names(waiting.into_works()).first(), Some(&"reachable"), "before the calls");
    }

    #[test]
    fn the_last_word_on_a_phone_counts() {
        let mut waiting = Waiting::default();
        let facts: [fn(PhoneRef) -> SipFact; 3] =
            [SipFact::PhoneReachable, SipFact::PhoneUnreachable, SipFact::PhoneReachable];
        for (n, says) in [(1, 3), (2, 2)] {
            facts.iter().take(says).for_each(|fact| {
                waiting.add(Work::Sip(fact(phone(n))));
            });
        }
        assert_eq!(names(waiting.into_works()), ["reachable", "unreachable"]);
    }
}
