//! What media is started with, and whether it fits this machine: refused at start rather than in a
//! call.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::net::IpAddr;
use std::ops::RangeInclusive;

/// Files that the rest of the process may have open: HTTP connections and the store.
const OTHER_FILES: u64 = 1024;
/// Sockets of a leg: RTP and RTCP.
const SOCKETS_PER_LEG: u64 = 2;

/// How media is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// The address to bind and to advertise.
    pub address: IpAddr,
    /// Ports to use: even ones for RTP, the odd ones above them for RTCP (RFC 3550 §11).
    pub ports: RangeInclusive<u16>,
    /// Threads; by default half of the cores, at least one.
    pub threads: Option<usize>,
}

/// Why media doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is one that nobody can send to.
    #[error("{0} can't be advertised to phones")]
    Address(IpAddr),
    /// The range doesn't hold an even port and the odd one above it.
    #[error("no pair of an even and an odd port in {}-{}", .0.start(), .0.end())]
    NoPortPair(RangeInclusive<u16>),
    /// The range needs more open files than this process may have (`RLIMIT_NOFILE`).
    #[error("the RTP ports need {needed} open files, {limit} are allowed (ulimit -n)")]
    OpenFiles {
        /// Files needed, those of the rest of the process included.
        needed: u64,
        /// The hard limit.
        limit: u64,
    },
    /// The operating system gave no thread, poll or randomness.
    #[error("media threads can't be started")]
    System(#[from] std::io::Error),
}

impl MediaConfig {
    /// The even ports with an odd one above them in the range.
    pub(crate) fn rtp_ports(&self) -> Result<Vec<u16>, StartError> {
        if self.address.is_unspecified() || self.address.is_multicast() {
            return Err(StartError::Address(self.address));
        }
        let is_pair = |port: &u16| port.is_multiple_of(2) && *port != 0 && port < self.ports.end();
        let ports: Vec<u16> = self.ports.clone().filter(is_pair).collect();
        if ports.is_empty() { Err(StartError::NoPortPair(self.ports.clone())) } else { Ok(ports) }
    }

    /// How many threads to start.
    pub(crate) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(|| cores() / 2).max(1)
    }
}

/// Lets the process open the sockets of this many legs at once.
pub(crate) fn raise_open_files(legs: usize) -> Result<(), StartError> {
    let needed = files_needed(legs);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(needed), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised)
        .map_err(|_| StartError::OpenFiles { needed, limit: limit.maximum.unwrap_or(u64::MAX) })
}

fn files_needed(legs: usize) -> u64 {
    u64::try_from(legs)
        .unwrap_or(u64::MAX)
        .saturating_mul(SOCKETS_PER_LEG)
        .saturating_add(OTHER_FILES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(ports: RangeInclusive<u16>) -> MediaConfig {
        MediaConfig { address: "127.0.0.1".parse().unwrap(), ports, threads: None }
    }

    #[test]
    fn pairs_lie_within_the_range() {
        for (ports, expected) in [
            (20_000..=20_003, vec![20_000, 20_002]),
            (20_000..=20_004, vec![20_000, 20_002]),
            (20_001..=20_004, vec![20_002]),
            (65_534..=65_535, vec![65_534]),
            (0..=3, vec![2]),
        ] {
            assert_eq!(config(ports.clone()).rtp_ports().unwrap(), expected, "{ports:?}");
        }
    }

    #[test]
    fn a_range_without_a_pair_is_refused() {
        #[expect(clippy::reversed_empty_ranges, reason = "an operator can write one")]
        for ports in [20_001..=20_002, 20_000..=20_000, 20_010..=20_000, 0..=1] {
            let refused = config(ports.clone()).rtp_ports();
            assert!(matches!(refused, Err(StartError::NoPortPair(_))), "{ports:?}");
        }
    }

    #[test]
    fn an_address_that_nobody_can_send_to_is_refused() {
        for address in ["0.0.0.0", "::", "224.0.0.1"] {
            let config =
                MediaConfig { address: address.parse().unwrap(), ..config(20_000..=20_001) };
            assert!(matches!(config.rtp_ports(), Err(StartError::Address(_))), "{address}");
        }
    }

    #[test]
    fn ports_that_need_more_files_than_allowed_are_refused() {
        let Some(maximum) = getrlimit(Resource::Nofile).maximum else { return };
        let legs = usize::try_from(maximum / SOCKETS_PER_LEG).unwrap();
        let refused = raise_open_files(legs);
        assert!(matches!(refused, Err(StartError::OpenFiles { .. })), "{refused:?}");
        raise_open_files(1).unwrap();
    }
}
