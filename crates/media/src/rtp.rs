//! RTP packets (RFC 3550 §5.1): is it one, and its header in place. Knows no stream and no sender.

/// What a relay reads and writes of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Payload type, 0-127.
    pub(crate) payload_type: u8,
    /// Sequence number.
    pub(crate) sequence: u16,
    /// Timestamp, in samples of the codec's clock.
    pub(crate) timestamp: u32,
    /// Synchronisation source.
    pub(crate) ssrc: u32,
}

const FIXED_BYTES: usize = 12;
const EXTENSION_BYTES: usize = 4;

/// The header of a packet whose lengths are consistent (RFC 3550 §A.1); None for anything else.
pub(crate) fn parse(packet: &[u8]) -> Option<Header> {
    let [first, second, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3] = *packet.first_chunk()?;
    if first >> 6 != 2 || is_rtcp(second) || !fits(packet, first) {
        return None;
    }
    Some(Header {
        payload_type: second & 0x7f,
        sequence: u16::from_be_bytes([s0, s1]),
        timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
        ssrc: u32::from_be_bytes([c0, c1, c2, c3]),
    })
}

/// Writes the header over the packet's own; marker, padding, extension and CSRCs stay.
pub(crate) fn rewrite(packet: &mut [u8], header: Header) {
    let Some(fixed) = packet.first_chunk_mut::<FIXED_BYTES>() else { return };
    let [first, second, ..] = *fixed;
    let [s0, s1] = header.sequence.to_be_bytes();
    let [t0, t1, t2, t3] = header.timestamp.to_be_bytes();
    let [c0, c1, c2, c3] = header.ssrc.to_be_bytes();
    let second = second & 0x80 | header.payload_type & 0x7f;
    *fixed = [first, second, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3];
}

/// RTCP types 192-223 that came to the RTP port: with the marker bit they look like payload types
/// 64-95, which nobody may use for that reason (RFC 5761 §4).
fn is_rtcp(second: u8) -> bool {
    (192..=223).contains(&second)
}

/// Whether CSRCs, extension and padding lie within the packet.
fn fits(packet: &[u8], first: u8) -> bool {
    let mut header = FIXED_BYTES + 4 * usize::from(first & 0x0f);
    if first & 0x10 != 0 {
        let Some(&[_, _, high, low]) = packet.get(header..header + EXTENSION_BYTES) else {
            return false;
        };
        header += EXTENSION_BYTES + 4 * usize::from(u16::from_be_bytes([high, low]));
    }
    let padding = match packet.last() {
        Some(&last) if first & 0x20 != 0 => usize::from(last).max(1),
        _ => 0,
    };
    header + padding <= packet.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: Header =
        Header { payload_type: 8, sequence: 0x1234, timestamp: 0x5678_9abc, ssrc: 0xdead_beef };

    fn packet(first: u8, second: u8, rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first, second, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xad];
        bytes.extend([0xbe, 0xef]);
        bytes.extend(rest);
        bytes
    }

    #[test]
    fn consistent_packets_are_read() {
        for (name, bytes) in [
            ("plain", packet(0x80, 8, &[1, 2, 3])),
            ("no payload", packet(0x80, 8, &[])),
            ("marker", packet(0x80, 0x88, &[1])),
            ("one CSRC", packet(0x81, 8, &[0; 4])),
            ("extension of one word", packet(0x90, 8, &[0, 0, 0, 1, 9, 9, 9, 9])),
            ("padding", packet(0xa0, 8, &[7, 0, 2])),
        ] {
            assert_eq!(parse(&bytes), Some(HEADER), "{name}");
        }
    }

    #[test]
    fn anything_else_is_not_rtp() {
        for (name, bytes) in [
            ("empty", vec![]),
            ("short", packet(0x80, 8, &[])[..11].to_vec()),
            ("version 0 (STUN)", packet(0x00, 1, &[0; 8])),
            ("version 1", packet(0x40, 8, &[])),
            ("RTCP sender report", packet(0x80, 200, &[0; 16])),
            ("CSRC beyond the end", packet(0x81, 8, &[0; 3])),
            ("extension header beyond the end", packet(0x90, 8, &[0, 0, 0])),
            ("extension beyond the end", packet(0x90, 8, &[0, 0, 0, 2, 1, 1, 1, 1])),
            ("padding beyond the payload", packet(0xa0, 8, &[0, 0, 4])),
            ("padding of nothing", packet(0xa0, 8, &[])[..12].to_vec()),
        ] {
            // The last byte of the SSRC counts as padding where there is no payload: 0xef is too much.
            assert_eq!(parse(&bytes), None, "{name}");
        }
    }

    #[test]
    fn rewriting_keeps_marker_and_payload() {
        let mut bytes = packet(0x80, 0x80, &[1, 2, 3]);
        rewrite(&mut bytes, HEADER);
        assert_eq!(bytes, packet(0x80, 0x88, &[1, 2, 3]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived_and_what_is_written_is_read(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..64),
            payload_type in 0u8..64, sequence: u16, timestamp: u32, ssrc: u32,
        ) {
            let header = Header { payload_type, sequence, timestamp, ssrc };
            let was_rtp = parse(&bytes).is_some();
            rewrite(&mut bytes, header);
            // Padding of a packet without payload would lie in the header that was just written.
            if was_rtp && bytes.len() > FIXED_BYTES {
                prop_assert_eq!(parse(&bytes), Some(header));
            }
        }
    }
}
