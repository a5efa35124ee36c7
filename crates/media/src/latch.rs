//! Where a party really is: its media is sent back to where its first valid packet came from
//! (symmetric RTP, RFC 4961), because behind NAT the signalled address is often wrong.
//!
//! Decides whether a source is the party or a stranger, and where to send. Knows no socket, and no
//! packet beyond the fact that a valid one came.
//!
//! ```text
//!   signal ─► armed ── a packet from whom we expect ──► latched ── signal ──► armed
//!                │ others: strangers                       │ others: strangers, unless the latched
//!                                                          │ source was silent and they share its IP
//! ```

use model::time::Mono;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A latched source that sent nothing for this long may have been rebound by its NAT.
const SILENCE: Duration = Duration::from_secs(2);

/// What a source is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The latched one.
    Known,
    /// The party, from here on: its first packet, or its first from a new place.
    New,
    /// Someone else.
    Stranger,
}

/// Where one party is.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    signalled: Option<SocketAddr>,
    latched: Option<Latched>,
    armed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Latched {
    source: SocketAddr,
    heard: Mono,
}

impl Latch {
    /// The party signalled where it is, for the first time or again: the next packet from whom we
    /// expect decides. A source that is latched is sent to until then, unless another address was
    /// signalled. The unspecified address only means hold (RFC 3264 §8.4) once a call is up.
    pub(crate) fn signal(&mut self, address: SocketAddr) {
        if address.ip().is_unspecified() && self.signalled.is_some() {
            return;
        }
        if self.signalled != Some(address) {
            self.latched = None;
        }
        self.signalled = Some(address);
        self.armed = true;
    }

    /// A valid packet came from `source`.
    pub(crate) fn hear(&mut self, source: SocketAddr, now: Mono) -> Source {
        let Some(signalled) = self.signalled else { return Source::Stranger };
        if let Some(latched) = &mut self.latched
            && latched.source == source
        {
            latched.heard = now;
            self.armed = false;
            return Source::Known;
        }
        let expected = match self.latched {
            _ if self.armed => source.ip() == signalled.ip() || !is_routable(signalled.ip()),
            Some(Latched { source: was, heard }) => {
                let silent = now.since(heard) > SILENCE;
                silent && (source.ip() == signalled.ip() || source.ip() == was.ip())
            }
            None => false,
        };
        if !expected {
            return Source::Stranger;
        }
        self.latched = Some(Latched { source, heard: now });
        self.armed = false;
        Source::New
    }

    /// Where to send: to the latched source, before that to the signalled address.
    pub(crate) fn destination(&self) -> Option<SocketAddr> {
        let signalled = self.signalled.filter(|signalled| !signalled.ip().is_unspecified());
        self.latched.map(|latched| latched.source).or(signalled)
    }
}

/// Whether a packet of a party that signalled this address can arrive with it: private addresses
/// (RFC 1918, 6598, 3927, 4193) are replaced by a NAT on the way.
fn is_routable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            let is_shared = a == 100 && b & 0xc0 == 64;
            let is_local = address.is_private() || address.is_link_local() || is_shared;
            !is_local && !address.is_unspecified()
        }
        IpAddr::V6(address) => {
            let is_local = address.is_unique_local() || address.is_unicast_link_local();
            !is_local && !address.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source::{Known, New, Stranger};
    use super::*;

    const PUBLIC: &str = "203.0.113.5:4000";
    const PUBLIC_REBOUND: &str = "203.0.113.5:4777";
    const PRIVATE: &str = "192.168.1.9:4000";
    const HOLD: &str = "0.0.0.0:4000";
    const OTHER: &str = "198.51.100.7:9000";
    const OTHER_REBOUND: &str = "198.51.100.7:9001";

    enum Do {
        Signal(&'static str),
        Hear(u64, &'static str, Source),
    }
    use Do::{Hear, Signal};

    fn run(name: &str, steps: &[Do], destination: Option<&str>) {
        let mut latch = Latch::default();
        for (index, step) in steps.iter().enumerate() {
            match step {
                Signal(address) => latch.signal(address.parse().unwrap()),
                Hear(ms, source, expected) => {
                    let now = Mono(Duration::from_millis(*ms));
                    let heard = latch.hear(source.parse().unwrap(), now);
                    assert_eq!(heard, *expected, "{name}, step {index}");
                }
            }
        }
        assert_eq!(latch.destination(), destination.map(|to| to.parse().unwrap()), "{name}");
    }

    #[test]
    fn a_party_is_where_its_first_packet_came_from() {
        run("nothing signalled", &[Hear(0, PUBLIC, Stranger)], None);
        run("nothing heard", &[Signal(PUBLIC)], Some(PUBLIC));
        run(
            "as signalled",
            &[Signal(PUBLIC), Hear(0, PUBLIC, New), Hear(20, PUBLIC, Known)],
            Some(PUBLIC),
        );
        run("another port", &[Signal(PUBLIC), Hear(0, PUBLIC_REBOUND, New)], Some(PUBLIC_REBOUND));
        run("behind NAT", &[Signal(PRIVATE), Hear(0, OTHER, New)], Some(OTHER));
        run("unspecified at first", &[Signal(HOLD), Hear(0, OTHER, New)], Some(OTHER));
        run("unspecified and silent", &[Signal(HOLD)], None);
    }

    #[test]
    fn a_stranger_is_ignored() {
        run("before latching", &[Signal(PUBLIC), Hear(0, OTHER, Stranger)], Some(PUBLIC));
        run(
            "after latching, whatever the silence",
            &[Signal(PUBLIC), Hear(0, PUBLIC, New), Hear(9_000, OTHER, Stranger)],
            Some(PUBLIC),
        );
        run(
            "after latching behind NAT",
            &[Signal(PRIVATE), Hear(0, OTHER, New), Hear(9_000, PUBLIC, Stranger)],
            Some(OTHER),
        );
        run(
            "same IP, not silent",
            &[Signal(PUBLIC), Hear(0, PUBLIC, New), Hear(2_000, PUBLIC_REBOUND, Stranger)],
            Some(PUBLIC),
        );
    }

    #[test]
    fn a_party_may_move() {
        run(
            "rebound after silence",
            &[Signal(PUBLIC), Hear(0, PUBLIC, New), Hear(2_001, PUBLIC_REBOUND, New)],
            Some(PUBLIC_REBOUND),
        );
        run(
            "rebound after silence behind NAT",
            &[Signal(PRIVATE), Hear(0, OTHER, New), Hear(2_001, OTHER_REBOUND, New)],
            Some(OTHER_REBOUND),
        );
        run(
            "signalled again with another address",
            &[Signal(PUBLIC), Hear(0, PUBLIC, New), Signal(OTHER), Hear(20, PUBLIC, Stranger)],
            Some(OTHER),
        );
        run(
            "signalled again with the same: kept until a packet comes",
            &[Signal(PRIVATE), Hear(0, OTHER, New), Signal(PRIVATE)],
            Some(OTHER),
        );
        run(
            "signalled again with the same: another place may take it",
            &[Signal(PRIVATE), Hear(0, OTHER, New), Signal(PRIVATE), Hear(20, PUBLIC, New)],
            Some(PUBLIC),
        );
        run(
            "signalled again with the same: its own packet disarms",
            &[
                Signal(PRIVATE),
                Hear(0, OTHER, New),
                Signal(PRIVATE),
                Hear(20, OTHER, Known),
                Hear(40, PUBLIC, Stranger),
            ],
            Some(OTHER),
        );
        run(
            "hold changes nothing",
            &[Signal(PUBLIC), Hear(0, PUBLIC, New), Signal(HOLD)],
            Some(PUBLIC),
        );
    }
}
