//! How many logins fail for a user name, and from an address, before no more are tried for a while.
//! Pure: it is told the time, and knows neither who exists nor what a password is.

use model::limits::{
    LOGIN_FAILURES_PER_ADDRESS, LOGIN_FAILURES_PER_USER, LOGIN_SOURCES, LOGIN_WINDOW,
};
use model::time::Mono;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// The failures that still count.
#[derive(Debug)]
pub(crate) struct Attempts {
    users: Table<[u8; 32]>,
    addresses: Table<IpAddr>,
}

/// An attempt that is under way: it counts as failed until it is forgiven.
#[derive(Debug)]
pub(crate) struct Attempt {
    user: [u8; 32],
    address: IpAddr,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self {
            users: Table::new(LOGIN_FAILURES_PER_USER),
            addresses: Table::new(LOGIN_FAILURES_PER_ADDRESS),
        }
    }

    /// Begins an attempt; or how long to wait, if there were too many.
    pub(crate) fn begin(
        &mut self,
        user: &str,
        address: IpAddr,
        now: Mono,
    ) -> Result<Attempt, Duration> {
        // Hashed, since whatever is sent as a name is kept for a while.
        let user = Sha256::digest(user.to_lowercase().as_bytes()).into();
        let address = source(address);
        let waits = [self.users.wait(&user, now), self.addresses.wait(&address, now)];
        if let Some(wait) = waits.into_iter().flatten().max() {
            return Err(wait);
        }
        self.users.count(user, now);
        self.addresses.count(address, now);
        Ok(Attempt { user, address })
    }

    /// It came to nothing: it is neither's.
    pub(crate) fn take_back(&mut self, attempt: &Attempt) {
        self.users.take_back(&attempt.user);
        self.addresses.take_back(&attempt.address);
    }

    /// It succeeded: the user's failures are forgotten, and this one is not the address's.
    pub(crate) fn forgive(&mut self, attempt: &Attempt) {
        self.users.clear(&attempt.user);
        self.addresses.take_back(&attempt.address);
    }
}

/// What counts as one address: of IPv6 the network, which one household has whole.
fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since: Mono,
}

impl Failures {
    fn counts(&self, now: Mono) -> bool {
        now.since(self.since) < LOGIN_WINDOW
    }
}

/// Failures by key. When the young half is full the old half goes: what is counted again stays.
#[derive(Debug)]
struct Table<K> {
    most: u32,
    young: HashMap<K, Failures>,
    old: HashMap<K, Failures>,
}

impl<K: Eq + Hash + Copy> Table<K> {
    fn new(most: u32) -> Self {
        Self { most, young: HashMap::new(), old: HashMap::new() }
    }

    fn found(&self, key: &K, now: Mono) -> Option<Failures> {
        let found = self.young.get(key).or_else(|| self.old.get(key)).copied();
        found.filter(|failures| failures.counts(now))
    }

    fn wait(&self, key: &K, now: Mono) -> Option<Duration> {
        let failures = self.found(key, now).filter(|failures| failures.count >= self.most)?;
        Some(failures.since.after(LOGIN_WINDOW).since(now))
    }

    fn count(&mut self, key: K, now: Mono) {
        let before = self.found(&key, now).unwrap_or(Failures { count: 0, since: now });
        self.old.remove(&key);
        if self.young.len() >= LOGIN_SOURCES / 2 && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, Failures { count: before.count.saturating_add(1), ..before });
    }

    fn take_back(&mut self, key: &K) {
        if let Some(failures) = self.young.get_mut(key).or_else(|| self.old.get_mut(key)) {
            failures.count = failures.count.saturating_sub(1);
        }
    }

    fn clear(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: u64) -> Mono {
        Mono(Duration::from_secs(seconds))
    }

    fn there(last: u32) -> IpAddr {
        std::net::Ipv4Addr::from_bits(0x0a00_0000 + last).into()
    }

    #[test]
    fn the_eleventh_for_a_user_waits_until_the_first_is_five_minutes_old() {
        let mut attempts = Attempts::new();
        for n in 0..10 {
            assert!(attempts.begin("Donald", there(n), at(u64::from(n))).is_ok(), "{n}");
        }
        let wait = attempts.begin("dOnald", there(99), at(100)).unwrap_err();
        assert_eq!(wait, Duration::from_secs(200));
        assert!(attempts.begin("daisy", there(99), at(100)).is_ok());
        assert!(attempts.begin("donald", there(99), at(299)).is_err());
        assert!(attempts.begin("donald", there(99), at(300)).is_ok());
    }

    #[test]
    fn the_thirty_first_from_an_address_waits_whatever_the_names() {
        let mut attempts = Attempts::new();
        for n in 0..30 {
            assert!(attempts.begin(&n.to_string(), HERE, at(0)).is_ok(), "{n}");
        }
        assert!(attempts.begin("new", HERE, at(1)).is_err());
        assert!(attempts.begin("new", there(1), at(1)).is_ok());
        assert!(attempts.begin("new", HERE, at(300)).is_ok());
    }

    #[test]
    fn a_success_forgets_the_users_failures_and_none_of_the_addresss() {
        let mut attempts = Attempts::new();
        for round in 0..3 {
            for n in 0..9 {
                assert!(attempts.begin("donald", HERE, at(0)).is_ok(), "{round} {n}");
            }
            let right = attempts.begin("donald", HERE, at(0)).unwrap();
            attempts.forgive(&right);
        }
        for _ in 0..3 {
            assert!(attempts.begin("daisy", HERE, at(0)).is_ok());
        }
        assert!(attempts.begin("daisy", HERE, at(0)).is_err(), "27 and 3 failed");
    }

    #[test]
    fn attempts_at_once_count_before_they_are_decided() {
        let mut attempts = Attempts::new();
        let begun: Vec<_> =
            (0..20).filter_map(|n| attempts.begin("donald", there(n), at(0)).ok()).collect();
        assert_eq!(begun.len(), 10);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address_and_a_mapped_one_is_itself() {
        let parse = |text: &str| source(text.parse().unwrap());
        assert_eq!(parse("2001:db8:0:1::2"), parse("2001:db8:0:1:ffff::9"));
        assert_ne!(parse("2001:db8:0:1::2"), parse("2001:db8:0:2::2"));
        assert_eq!(parse("::ffff:192.0.2.1"), HERE);
        assert_ne!(parse("192.0.2.2"), HERE);
    }

    #[test]
    fn the_tables_never_hold_more_than_allowed_and_keep_who_comes_again() {
        let mut table = Table::<u32>::new(10);
        for key in 1..200_000 {
            table.count(key, at(0));
            if key % 1000 == 0 && table.found(&0, at(0)).is_none_or(|found| found.count < 1000) {
                table.count(0, at(0));
            }
        }
        assert!(table.young.len() + table.old.len() <= LOGIN_SOURCES);
        assert!(table.wait(&0, at(0)).is_some());
    }
}
