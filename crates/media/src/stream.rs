//! Streams of RTP: whose packets count on the way in, and how numbers stay continuous on the way out.
//!
//! An outgoing stream has its own SSRC. When what feeds it changes (another phone, a restart), the new
//! packets continue the old numbers, so the far jitter buffer plays on. Knows no address.

use crate::rtp::Header;
use model::time::Mono;

/// Packets in sequence before another SSRC replaces the known one (RFC 3550 §A.1, `MIN_SEQUENTIAL`).
const PROBATION: u8 = 2;
/// A jump forward further than this is a restart, not loss (RFC 3550 §A.1, `MAX_DROPOUT`).
const MAX_DROPOUT: u16 = 3000;
/// A packet further back than this is a restart, not reordering (RFC 3550 §A.1, `MAX_MISORDER`).
const MAX_MISORDER: u16 = 100;
/// Samples a millisecond: every codec that is relayed has an RTP clock of 8 kHz (RFC 3551 §4.5).
const SAMPLES_PER_MS: u32 = 8;
/// Samples of the packet that a new source follows, at least: 20 ms.
const FRAME_SAMPLES: u32 = 160;

/// What comes in on a leg: one SSRC at a time.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    ssrc: Option<u32>,
    candidate: Option<Candidate>,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    ssrc: u32,
    next: u16,
    seen: u8,
}

impl Incoming {
    /// Takes the next SSRC, whatever it is.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether a packet belongs to the stream. Another SSRC does once it is past probation, so that a
    /// single forged packet changes nothing.
    pub(crate) fn accept(&mut self, header: &Header) -> bool {
        if self.ssrc.is_none_or(|ssrc| ssrc == header.ssrc) {
            self.ssrc = Some(header.ssrc);
            return true;
        }
        let seen = match self.candidate {
            Some(c) if c.ssrc == header.ssrc && c.next == header.sequence => c.seen + 1,
            _ => 1,
        };
        if seen >= PROBATION {
            *self = Self { ssrc: Some(header.ssrc), candidate: None };
            return true;
        }
        let next = header.sequence.wrapping_add(1);
        self.candidate = Some(Candidate { ssrc: header.ssrc, next, seen });
        false
    }
}

/// What goes out on a leg.
#[derive(Debug)]
pub(crate) struct Outgoing {
    ssrc: u32,
    /// The highest number and its timestamp sent so far; before the first packet, where to start.
    sequence: u16,
    timestamp: u32,
    sent: Option<Mono>,
    source: Option<Continued>,
}

/// What an incoming stream is shifted by.
#[derive(Clone, Copy, Debug)]
struct Continued {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
}

impl Outgoing {
    /// A stream that starts at these numbers, which the caller drew (RFC 3550 §5.1).
    pub(crate) fn new(ssrc: u32, sequence: u16, timestamp: u32) -> Self {
        Self { ssrc, sequence, timestamp, sent: None, source: None }
    }

    /// What comes next comes from somewhere else.
    pub(crate) fn change_source(&mut self) {
        self.source = None;
    }

    /// The header under which a packet goes out; the payload type stays.
    pub(crate) fn continue_with(&mut self, incoming: &Header, now: Mono) -> Header {
        let shift = match self.source {
            Some(source) if self.follows(source, incoming) => source,
            _ => self.join(incoming, now),
        };
        self.source = Some(shift);
        let sequence = incoming.sequence.wrapping_add(shift.sequence);
        let timestamp = incoming.timestamp.wrapping_add(shift.timestamp);
        // Late packets keep their numbers and don't set back what comes next.
        if self.sent.is_none() || sequence.wrapping_sub(self.sequence) <= MAX_DROPOUT {
            (self.sequence, self.timestamp, self.sent) = (sequence, timestamp, Some(now));
        }
        Header { payload_type: incoming.payload_type, sequence, timestamp, ssrc: self.ssrc }
    }

    fn follows(&self, source: Continued, incoming: &Header) -> bool {
        let step = incoming.sequence.wrapping_add(source.sequence).wrapping_sub(self.sequence);
        source.ssrc == incoming.ssrc && (step <= MAX_DROPOUT || step >= MAX_MISORDER.wrapping_neg())
    }

    fn join(&self, incoming: &Header, now: Mono) -> Continued {
        let (sequence, timestamp) = match self.sent {
            None => (self.sequence, self.timestamp),
            Some(sent) => {
                let pause_ms = u32::try_from(now.since(sent).as_millis()).unwrap_or(u32::MAX);
                let samples = pause_ms.wrapping_mul(SAMPLES_PER_MS).max(FRAME_SAMPLES);
                (self.sequence.wrapping_add(1), self.timestamp.wrapping_add(samples))
            }
        };
        Continued {
            ssrc: incoming.ssrc,
            sequence: sequence.wrapping_sub(incoming.sequence),
            timestamp: timestamp.wrapping_sub(incoming.timestamp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn header(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
        Header { payload_type: 0, sequence, timestamp, ssrc }
    }

    fn at(ms: u64) -> Mono {
        Mono(Duration::from_millis(ms))
    }

    #[test]
    fn another_ssrc_needs_two_packets_in_sequence() {
        let mut incoming = Incoming::default();
        for (ssrc, sequence, accepted) in [
            (1, 10, true),
            (2, 50, false),
            (1, 11, true),
            (2, 60, false),
            (3, 61, false),
            (2, 61, false),
            (2, 62, true),
            (1, 12, false),
            (2, 63, true),
        ] {
            let heard = incoming.accept(&header(ssrc, sequence, 0));
            assert_eq!(heard, accepted, "ssrc {ssrc}, sequence {sequence}");
        }
        incoming.forget();
        assert!(incoming.accept(&header(9, 1, 0)));
    }

    #[test]
    fn numbers_continue_across_sources() {
        let mut outgoing = Outgoing::new(7, 65_534, u32::MAX - 159);
        for (name, ms, incoming, sequence, timestamp) in [
            ("first", 0, header(1, 100, 5_000), 65_534, u32::MAX - 159),
            ("next", 20, header(1, 101, 5_160), 65_535, 0),
            ("one lost", 60, header(1, 103, 5_480), 1, 320),
            ("late", 61, header(1, 102, 5_320), 0, 160),
            ("after the late one", 80, header(1, 104, 5_640), 2, 480),
            ("another source, 40 ms later", 120, header(2, 9, 77), 3, 800),
            ("it goes on", 140, header(2, 10, 237), 4, 960),
            ("another source at once", 141, header(1, 105, 5_800), 5, 1_120),
            ("a restart of the same", 161, header(1, 40_000, 1), 6, 1_280),
            ("next", 181, header(1, 40_001, 161), 7, 1_440),
            ("late", 182, header(1, 40_000, 1), 6, 1_280),
            ("another source after a late one", 201, header(3, 5, 5), 8, 1_600),
        ] {
            let out = outgoing.continue_with(&incoming, at(ms));
            assert_eq!(out, header(7, sequence, timestamp), "{name}");
        }
        outgoing.change_source();
        let out = outgoing.continue_with(&header(3, 500, 99), at(221));
        assert_eq!(out, header(7, 9, 1_760), "another leg with the same SSRC");
    }

    proptest! {
        #[test]
        fn within_one_source_every_distance_is_kept(
            start: (u32, u16, u32), first: (u16, u32), steps in proptest::collection::vec(1u16..5, 1..50),
        ) {
            let mut outgoing = Outgoing::new(start.0, start.1, start.2);
            let (mut sequence, mut timestamp) = first;
            for step in steps {
                let out = outgoing.continue_with(&header(1, sequence, timestamp), at(0));
                prop_assert_eq!(out.sequence.wrapping_sub(start.1), sequence.wrapping_sub(first.0));
                prop_assert_eq!(out.timestamp.wrapping_sub(start.2), timestamp.wrapping_sub(first.1));
                sequence = sequence.wrapping_add(step);
                timestamp = timestamp.wrapping_add(160 * u32::from(step));
            }
        }
    }
}
