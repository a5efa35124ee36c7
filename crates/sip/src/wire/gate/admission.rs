//! How many new calls each source may have in progress.
//!
//! Knows no message: whoever admits also releases. The limit is per source, because one flooder
//! takes every place of a common one.

use model::limits::{CALL_SOURCES, CALLS_PER_SOURCE};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

/// New calls in progress by source.
#[derive(Debug, Default)]
pub struct Admission {
    calls_by_source: BTreeMap<IpAddr, usize>,
}

impl Admission {
    /// Nobody calls yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a new call; false if its source has too many, or too many sources have some.
    pub fn admit(&mut self, source: IpAddr) -> bool {
        let source = subscriber(source);
        if let Some(calls) = self.calls_by_source.get_mut(&source) {
            let free = *calls < CALLS_PER_SOURCE;
            *calls += usize::from(free);
            return free;
        }
        let room = self.calls_by_source.len() < CALL_SOURCES;
        if room {
            self.calls_by_source.insert(source, 1);
        }
        room
    }

    /// A call that was admitted isn't new any more: answered, refused or gone.
    pub fn release(&mut self, source: IpAddr) {
        let source = subscriber(source);
        if let Some(calls) = self.calls_by_source.get_mut(&source) {
            *calls = calls.saturating_sub(1);
            if *calls == 0 {
                self.calls_by_source.remove(&source);
            }
        }
    }
}

/// An IPv6 subscriber has a /64 and could call from as many addresses.
fn subscriber(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX)).into(),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn four(number: usize) -> IpAddr {
        Ipv4Addr::from_bits(u32::try_from(number).unwrap()).into()
    }

    #[test]
    fn a_source_has_so_many_calls_and_no_more() {
        let mut admission = Admission::new();
        for _ in 0..CALLS_PER_SOURCE {
            assert!(admission.admit(four(1)));
        }
        assert!(!admission.admit(four(1)));
        assert!(admission.admit(four(2)), "another source");
        admission.release(four(1));
        assert!(admission.admit(four(1)));
        assert!(!admission.admit(four(1)));
    }

    #[test]
    fn the_table_has_an_end() {
        let mut admission = Admission::new();
        for source in 0..CALL_SOURCES {
            assert!(admission.admit(four(source)));
        }
        assert!(!admission.admit(four(CALL_SOURCES)));
        assert!(admission.admit(four(0)), "known");
        admission.release(four(1));
        assert!(admission.admit(four(CALL_SOURCES)));
        admission.release(four(1));
        assert_eq!(admission.calls_by_source.len(), CALL_SOURCES, "releasing nothing");
    }

    #[test]
    fn a_subscriber_is_one_source() {
        let source = |text: &str| subscriber(text.parse().unwrap());
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff:1:2:3"));
        assert_ne!(source("2001:db8::1"), source("2001:db8:0:1::1"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
    }
}
