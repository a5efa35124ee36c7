//! What was agreed with one party: where it is, in which codec, under which numbers, which way.

use std::net::SocketAddr;

/// A codec that can be relayed, both of 8 kHz (RFC 3551 §4.5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// G.711 µ-law, by default payload type 0.
    Pcmu,
    /// G.711 A-law, by default payload type 8.
    Pcma,
}

impl Codec {
    /// Every codec, in the order in which we offer them.
    pub(super) const ALL: [Self; 2] = [Self::Pcmu, Self::Pcma];

    /// Its encoding name (RFC 3551 §6).
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
        }
    }

    /// Its static payload type (RFC 3551 §6).
    pub(super) const fn static_number(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
        }
    }
}

/// Which way media goes, as the party sees it (RFC 3264 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It sends and wants to hear.
    SendReceive,
    /// It only sends: it holds the other.
    SendOnly,
    /// It only wants to hear.
    ReceiveOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// Whether the party wants media sent to it.
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendReceive | Self::ReceiveOnly)
    }

    /// The same as the other side sees it (RFC 3264 §6.1).
    pub(super) const fn mirrored(self) -> Self {
        match self {
            Self::SendOnly => Self::ReceiveOnly,
            Self::ReceiveOnly => Self::SendOnly,
            both_or_none => both_or_none,
        }
    }

    /// This, for a party that takes no media whatever it says.
    pub(super) const fn without_receiving(self) -> Self {
        match self {
            Self::SendReceive => Self::SendOnly,
            Self::ReceiveOnly => Self::Inactive,
            other => other,
        }
    }

    /// The attribute (RFC 8866 §6.7).
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SendReceive => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::ReceiveOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    /// The direction that an attribute means.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let all = [Self::SendReceive, Self::SendOnly, Self::ReceiveOnly, Self::Inactive];
        all.into_iter().find(|direction| direction.name() == name)
    }
}

/// The payload types of one format: each side names the one under which it wants to receive
/// (RFC 3264 §5.1), so the two can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// What we send to the party, as its description says.
    pub send: u8,
    /// What the party sends to us, as ours says.
    pub receive: u8,
}

impl Numbers {
    /// The same both ways, as when we answer.
    pub(super) const fn same(number: u8) -> Self {
        Self { send: number, receive: number }
    }
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Audio in this codec.
    Audio(Codec),
    /// DTMF (RFC 4733).
    TelephoneEvent,
}

/// The far side of a leg, as negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Where it wants to receive RTP. Unspecified: nowhere (hold the old way, RFC 3264 §8.4).
    pub address: SocketAddr,
    /// The one codec of the leg.
    pub codec: Codec,
    /// The codec's payload types.
    pub audio: Numbers,
    /// DTMF's payload types, if agreed.
    pub telephone_event: Option<Numbers>,
    /// Which way media goes, as it sees it.
    pub direction: Direction,
}

impl Remote {
    /// What a packet from it carries. Some phones send under their own number instead of ours: that is
    /// taken as well.
    pub(crate) fn format_of(&self, payload_type: u8) -> Option<Format> {
        let formats = || {
            let audio = (self.audio, Format::Audio(self.codec));
            let event = self.telephone_event.map(|numbers| (numbers, Format::TelephoneEvent));
            [Some(audio), event].into_iter().flatten()
        };
        let ours = formats().find(|(numbers, _)| numbers.receive == payload_type);
        let theirs = || formats().find(|(numbers, _)| numbers.send == payload_type);
        ours.or_else(theirs).map(|(_, format)| format)
    }

    /// The payload type under which it wants to receive a format; None if it doesn't.
    pub(crate) fn number_of(&self, format: Format) -> Option<u8> {
        match format {
            Format::Audio(codec) => (codec == self.codec).then_some(self.audio.send),
            Format::TelephoneEvent => self.telephone_event.map(|numbers| numbers.send),
        }
    }
}
