//! Writing session descriptions (RFC 8866). Only what was decided is written, nothing of what the
//! other side said is passed on but the kinds of media that we refuse.

use super::Local;
use super::parse::Media;
use super::remote::{Codec, Direction};
use bytes::Bytes;
use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;

/// An audio line of ours.
pub(super) struct Audio<'a> {
    pub(super) codecs: &'a [(Codec, u8)],
    pub(super) telephone_event: Option<u8>,
    pub(super) direction: Direction,
}

/// A media line, in the offer's order.
pub(super) enum Line<'a> {
    /// The audio that is offered or answered.
    Audio(Audio<'a>),
    /// A stream that we refuse (RFC 3264 §6: port 0).
    Refused(&'a Media<'a>),
}

struct Description<'a> {
    local: &'a Local,
    version: u32,
    lines: &'a [Line<'a>],
}

/// The description as bytes. `version` is that of the `o=` line.
pub(super) fn print(local: &Local, version: u32, lines: &[Line<'_>]) -> Bytes {
    Bytes::from(Description { local, version, lines }.to_string())
}

impl Display for Description<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let address = self.local.address.ip();
        let family = match address {
            IpAddr::V4(_) => "IP4",
            IpAddr::V6(_) => "IP6",
        };
        let (id, version) = (self.local.session_id, self.version);
        write!(f, "v=0\r\no=- {id} {version} IN {family} {address}\r\ns=-\r\n")?;
        write!(f, "c=IN {family} {address}\r\nt=0 0\r\n")?;
        self.lines.iter().try_for_each(|line| match line {
            Line::Audio(audio) => write_audio(f, audio, self.local.address.port()),
            Line::Refused(media) => write_refused(f, media),
        })
    }
}

fn write_audio(f: &mut Formatter<'_>, audio: &Audio<'_>, port: u16) -> fmt::Result {
    write!(f, "m=audio {port} RTP/AVP")?;
    let numbers = audio.codecs.iter().map(|(_, number)| *number).chain(audio.telephone_event);
    for number in numbers {
        write!(f, " {number}")?;
    }
    write!(f, "\r\n")?;
    for (codec, number) in audio.codecs {
        write!(f, "a=rtpmap:{number} {}/8000\r\n", codec.name())?;
    }
    if let Some(number) = audio.telephone_event {
        // The sixteen keys of RFC 4733 §3.2.
        write!(f, "a=rtpmap:{number} telephone-event/8000\r\na=fmtp:{number} 0-15\r\n")?;
    }
    write!(f, "a=ptime:20\r\na={}\r\n", audio.direction.name())
}

fn write_refused(f: &mut Formatter<'_>, media: &Media<'_>) -> fmt::Result {
    // The formats of a refused stream mean nothing, but the grammar wants one.
    let format = media.formats.first().copied().unwrap_or("0");
    write!(f, "m={} 0 {} {format}\r\n", media.kind, media.protocol)
}
