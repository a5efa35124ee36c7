//! The far side of one leg, as a relay sees it: which of its packets count and what they carry, and
//! how a packet of another party is put into words for it. Pure: bytes, addresses and time come in.

use crate::latch::{Latch, Source};
use crate::negotiate::{Format, Remote};
use crate::rtp::{self, Header};
use crate::stream::{Incoming, Outgoing};
use model::time::Mono;
use std::net::SocketAddr;

/// The far side of a leg.
#[derive(Debug)]
pub(crate) struct Party {
    remote: Option<Remote>,
    latch: Latch,
    incoming: Incoming,
    outgoing: Outgoing,
}

/// A packet that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    header: Header,
    format: Format,
}

impl Party {
    /// A party of whom nothing is known; `outgoing` is what it will hear.
    pub(crate) fn new(outgoing: Outgoing) -> Self {
        let (latch, incoming) = (Latch::default(), Incoming::default());
        Self { remote: None, latch, incoming, outgoing }
    }

    /// What was negotiated, for the first time or again.
    pub(crate) fn negotiated(&mut self, remote: Remote) {
        self.latch.signal(remote.address);
        self.incoming.forget();
        self.remote = Some(remote);
    }

    /// Another party is heard from here on.
    pub(crate) fn change_source(&mut self) {
        self.outgoing.change_source();
    }

    /// A datagram came to this leg. None: it isn't this party's RTP in a format that was agreed.
    pub(crate) fn hear(&mut self, packet: &[u8], source: SocketAddr, now: Mono) -> Option<Heard> {
        let header = rtp::parse(packet)?;
        let format = self.remote.as_ref()?.format_of(header.payload_type)?;
        match self.latch.hear(source, now) {
            Source::Stranger => return None,
            Source::New => self.incoming.forget(),
            Source::Known => {}
        }
        self.incoming.accept(&header).then_some(Heard { header, format })
    }

    /// Rewrites a packet that another party sent for this one, and says where to send it. None: this
    /// one is on hold, or doesn't take the format.
    pub(crate) fn tell(
        &mut self,
        packet: &mut [u8],
        heard: Heard,
        now: Mono,
    ) -> Option<SocketAddr> {
        let remote = self.remote.as_ref().filter(|remote| remote.direction.receives())?;
        let payload_type = remote.number_of(heard.format)?;
        let destination = self.latch.destination()?;
        let header = self.outgoing.continue_with(&heard.header, now);
        rtp::rewrite(packet, Header { payload_type, ..header });
        Some(destination)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::negotiate::{Codec, Direction, Numbers};
    use proptest::prelude::*;

    fn remote() -> Remote {
        Remote {
            address: "203.0.113.5:4000".parse().unwrap(),
            codec: Codec::Pcmu,
            audio: Numbers { send: 0, receive: 0 },
            telephone_event: Some(Numbers { send: 96, receive: 101 }),
            direction: Direction::SendReceive,
        }
    }

    fn party(remote: Remote) -> Party {
        let mut party = Party::new(Outgoing::new(7, 0, 0));
        party.negotiated(remote);
        party
    }

    fn packet(second: u8, ssrc: u8) -> Vec<u8> {
        vec![0x80, second, 0, 1, 0, 0, 0, 1, 0, 0, 0, ssrc, 0xaa]
    }

    /// What `to` gets when `from` sends `second` (marker and payload type).
    fn relayed(from: Remote, to: Remote, second: u8) -> Option<u8> {
        let mut bytes = packet(second, 1);
        let heard = party(from).hear(&bytes, from.address, Mono::default())?;
        let destination = party(to).tell(&mut bytes, heard, Mono::default())?;
        assert_eq!(destination, to.address);
        Some(bytes[1])
    }

    #[test]
    fn formats_keep_their_meaning_across_payload_types() {
        let plain = remote();
        let pcma = Remote { codec: Codec::Pcma, audio: Numbers { send: 8, receive: 8 }, ..plain };
        let no_dtmf = Remote { telephone_event: None, ..plain };
        let dynamic = Remote { audio: Numbers { send: 97, receive: 98 }, ..plain };
        let held = Remote { direction: Direction::SendOnly, ..plain };
        for (name, from, to, second, expected) in [
            ("audio", plain, plain, 0, Some(0)),
            ("audio with marker", plain, plain, 0x80, Some(0x80)),
            ("audio under dynamic numbers", dynamic, plain, 98, Some(0)),
            ("audio towards dynamic numbers", plain, dynamic, 0, Some(97)),
            ("DTMF under our number", plain, plain, 0x80 | 101, Some(0x80 | 96)),
            ("DTMF under its own number", plain, plain, 96, Some(96)),
            ("DTMF that the other doesn't take", plain, no_dtmf, 101, None),
            ("DTMF that wasn't agreed", no_dtmf, plain, 101, None),
            ("another codec", plain, plain, 8, None),
            ("audio that would need transcoding", pcma, plain, 8, None),
            ("towards a party on hold", plain, held, 0, None),
            ("from a party that holds", held, plain, 0, Some(0)),
        ] {
            assert_eq!(relayed(from, to, second), expected, "{name}");
        }
    }

    #[test]
    fn nothing_counts_before_the_offer_is_answered() {
        let mut party = Party::new(Outgoing::new(7, 0, 0));
        assert_eq!(party.hear(&packet(0, 1), remote().address, Mono::default()), None);
    }

    #[test]
    fn a_new_negotiation_takes_a_new_source_at_once() {
        let mut party = party(remote());
        let mut hear = |ssrc, again: bool| {
            if again {
                party.negotiated(remote());
            }
            party.hear(&packet(0, ssrc), remote().address, Mono::default()).is_some()
        };
        assert_eq!([hear(1, false), hear(2, false), hear(3, true)], [true, false, true]);
    }

    proptest! {
        #[test]
        fn any_datagram_is_survived(mut bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let now = Mono::default();
            if let Some(heard) = party(remote()).hear(&bytes, remote().address, now) {
                prop_assert_eq!(party(remote()).tell(&mut bytes, heard, now), Some(remote().address));
            }
        }
    }
}
