//! Reading session descriptions (RFC 8866): the few lines that matter here, within limits. Everything
//! else is skipped, so that nothing unknown is ever repeated to another party.

use super::NegotiateError;
use super::remote::{Codec, Direction};
use model::limits::{SDP_FORMATS, SDP_MEDIA_LINES, SIP_MESSAGE_BYTES};
use std::net::IpAddr;

/// A session description, as far as it is understood.
#[derive(Debug, Default)]
pub(super) struct Description<'a> {
    connection: Option<&'a str>,
    direction: Option<Direction>,
    pub(super) media: Vec<Media<'a>>,
}

/// One `m=` line with the lines that belong to it.
#[derive(Debug)]
pub(super) struct Media<'a> {
    pub(super) kind: &'a str,
    pub(super) port: u16,
    pub(super) protocol: &'a str,
    pub(super) formats: Vec<&'a str>,
    connection: Option<&'a str>,
    direction: Option<Direction>,
    maps: Vec<(u8, &'a str)>,
}

/// The formats of an audio line that we know.
#[derive(Debug, Default)]
pub(super) struct Formats {
    /// Codecs with their payload types, best first.
    pub(super) audio: Vec<(Codec, u8)>,
    /// The payload type of DTMF.
    pub(super) telephone_event: Option<u8>,
}

/// Reads a description.
pub(super) fn parse(bytes: &[u8]) -> Result<Description<'_>, NegotiateError> {
    if bytes.len() > SIP_MESSAGE_BYTES {
        return Err(NegotiateError::TooLarge);
    }
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    if lines.next() != Some(b"v=0") {
        return Err(NegotiateError::Malformed);
    }
    let mut description = Description::default();
    for line in lines {
        // Names of sessions come in any character set; the lines that matter are ASCII.
        if let Some((kind, value)) = std::str::from_utf8(line).ok().and_then(|l| l.split_once('='))
        {
            description.take(kind, value)?;
        }
    }
    Ok(description)
}

impl<'a> Description<'a> {
    fn take(&mut self, kind: &str, value: &'a str) -> Result<(), NegotiateError> {
        match kind {
            "m" if self.media.len() >= SDP_MEDIA_LINES => return Err(NegotiateError::TooLarge),
            "m" => self.media.push(Media::parse(value)?),
            "c" => match self.media.last_mut() {
                Some(media) => media.connection = Some(value),
                None => self.connection = Some(value),
            },
            "a" => match self.media.last_mut() {
                Some(media) => media.take_attribute(value),
                None => self.direction = Direction::parse(value).or(self.direction),
            },
            _ => {}
        }
        Ok(())
    }

    /// Where a media line is to be sent to, without its port.
    pub(super) fn address(&self, media: &Media<'_>) -> Result<IpAddr, NegotiateError> {
        let value = media.connection.or(self.connection).ok_or(NegotiateError::Address)?;
        let mut words = value.split_ascii_whitespace();
        let (network, family, address) = (words.next(), words.next(), words.next());
        let address: IpAddr =
            address.and_then(|text| text.parse().ok()).ok_or(NegotiateError::Address)?;
        let family_fits = match family {
            Some("IP4") => address.is_ipv4(),
            Some("IP6") => address.is_ipv6(),
            _ => false,
        };
        let usable = network == Some("IN") && family_fits && !is_group(address);
        if usable { Ok(address) } else { Err(NegotiateError::Address) }
    }

    /// Which way a media line goes, as whoever wrote this sees it (RFC 3264 §5.1).
    pub(super) fn direction(&self, media: &Media<'_>) -> Direction {
        media.direction.or(self.direction).unwrap_or(Direction::SendReceive)
    }
}

impl<'a> Media<'a> {
    fn parse(value: &'a str) -> Result<Self, NegotiateError> {
        let mut words = value.split_ascii_whitespace();
        let (Some(kind), Some(port), Some(protocol)) = (words.next(), words.next(), words.next())
        else {
            return Err(NegotiateError::Malformed);
        };
        let port = port.split('/').next().and_then(|port| port.parse().ok());
        let formats: Vec<_> = words.by_ref().take(SDP_FORMATS).collect();
        if words.next().is_some() {
            return Err(NegotiateError::TooLarge);
        }
        let port = port.ok_or(NegotiateError::Malformed)?;
        let (connection, direction, maps) = (None, None, Vec::new());
        if formats.is_empty() || ![kind, protocol].iter().chain(&formats).all(|word| is_token(word))
        {
            return Err(NegotiateError::Malformed);
        }
        Ok(Self { kind, port, protocol, formats, connection, direction, maps })
    }

    fn take_attribute(&mut self, value: &'a str) {
        if let Some((number, encoding)) =
            value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '))
        {
            if let Ok(number) = number.parse()
                && self.maps.len() < SDP_FORMATS
            {
                self.maps.push((number, encoding.trim_ascii()));
            }
        } else if let Some(direction) = Direction::parse(value) {
            self.direction = Some(direction);
        }
    }

    /// Whether it is an audio stream in use that plain RTP carries.
    pub(super) fn is_plain_audio(&self) -> bool {
        self.kind == "audio" && self.port != 0 && self.protocol == "RTP/AVP"
    }

    /// The formats that we know, in the line's order.
    pub(super) fn formats(&self) -> Formats {
        let mut known = Formats::default();
        let numbers = self.formats.iter().filter_map(|format| format.parse().ok());
        for number in numbers.filter(|number| *number < 128_u8) {
            let encoding = self.maps.iter().find(|(mapped, _)| *mapped == number);
            match encoding.map(|(_, encoding)| *encoding) {
                Some(encoding) if is_encoding(encoding, "telephone-event") => {
                    known.telephone_event = known.telephone_event.or(Some(number));
                }
                encoding => known.add(codec(number, encoding), number),
            }
        }
        known
    }
}

impl Formats {
    /// A codec counts once, where it is listed first.
    fn add(&mut self, codec: Option<Codec>, number: u8) {
        let is_new = |codec: &Codec| self.audio.iter().all(|(known, _)| known != codec);
        if let Some(codec) = codec.filter(is_new) {
            self.audio.push((codec, number));
        }
    }
}

fn codec(number: u8, encoding: Option<&str>) -> Option<Codec> {
    Codec::ALL.into_iter().find(|codec| match encoding {
        Some(encoding) => is_encoding(encoding, codec.name()),
        None => number == codec.static_number(),
    })
}

/// Whether an `rtpmap` names this encoding at 8 kHz, mono.
fn is_encoding(encoding: &str, name: &str) -> bool {
    let mut parts = encoding.split('/');
    parts.next().is_some_and(|encoding| encoding.eq_ignore_ascii_case(name))
        && parts.next() == Some("8000")
        && matches!(parts.next(), None | Some("1"))
}

/// Whether sending there would reach many.
fn is_group(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_multicast() || address.is_broadcast(),
        IpAddr::V6(address) => address.is_multicast(),
    }
}

/// Whether a word can be repeated in an answer: visible ASCII.
fn is_token(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_graphic())
}
