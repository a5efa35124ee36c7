//! Offer and answer (RFC 3264) over session descriptions (RFC 8866): what is said, never when.
//!
//! One codec a call: what we offer to the callee is the caller's offer narrowed to what we relay, and
//! what we answer to the caller is the codec that the callee chose. So both legs speak the same one and
//! nothing is transcoded. Pure; knows no socket, no dialog and no other leg but as a `Remote`.

mod parse;
mod print;
mod remote;
#[cfg(test)]
mod tests;

pub(crate) use remote::Format;
pub use remote::{Codec, Direction, Numbers, Remote};

use bytes::Bytes;
use parse::{Description, Formats, Media};
use print::{Audio, Line, print};
use std::net::{IpAddr, SocketAddr};

/// The payload type of DTMF where nobody has named another: what most phones use.
const TELEPHONE_EVENT: u8 = 101;

/// Our side of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Where we receive RTP; RTCP is one port above.
    pub address: SocketAddr,
    /// The session id of the `o=` line, the same for the whole leg (RFC 8866 §5.2).
    pub session_id: u64,
}

/// An answer of ours and what it settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The description to send.
    pub body: Bytes,
    /// The far side.
    pub remote: Remote,
}

/// Why a description can't be used. Each is the far side's doing, and 488 to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NegotiateError {
    /// It isn't a session description.
    #[error("not a session description")]
    Malformed,
    /// It is larger, or has more lines or formats, than any phone needs.
    #[error("the session description is too large")]
    TooLarge,
    /// It has no audio over RTP/AVP, or refuses ours.
    #[error("no audio stream over plain RTP")]
    NoAudio,
    /// None of its codecs is one that both sides speak.
    #[error("no common codec")]
    NoCommonCodec,
    /// It doesn't say where to send to, or names a group, a host name or another address family.
    #[error("no usable connection address")]
    Address,
}

/// What an answer may contain.
struct Allowed {
    codec: Option<Codec>,
    telephone_event: bool,
}

const ANYTHING: Allowed = Allowed { codec: None, telephone_event: true };

/// What was chosen of an offer.
struct Chosen<'a> {
    media: &'a Media<'a>,
    codec: (Codec, u8),
    telephone_event: Option<u8>,
}

/// Whether an offer can be answered at all, wherever we receive.
pub fn is_acceptable(offer: &[u8]) -> bool {
    parse::parse(offer).is_ok_and(|offer| {
        choose(&offer, &ANYTHING).and_then(|chosen| offer.address(chosen.media)).is_ok()
    })
}

/// Answers an offer when no other leg has to agree: its first codec that we know, and DTMF if offered.
/// `version` counts up with every description sent on the leg.
pub fn answer(offer: &[u8], local: &Local, version: u32) -> Result<Agreed, NegotiateError> {
    answer_allowed(offer, local, &ANYTHING, version)
}

/// Answers an offer with the codec of the leg that it is bridged with, and DTMF if both have it.
pub fn answer_matching(
    offer: &[u8],
    local: &Local,
    peer: &Remote,
    version: u32,
) -> Result<Agreed, NegotiateError> {
    let telephone_event = peer.telephone_event.is_some();
    answer_allowed(offer, local, &Allowed { codec: Some(peer.codec), telephone_event }, version)
}

/// Offers what the caller offered (`like`), as far as we relay it and under the same payload types.
/// Without `like`, or if there is nothing usable in it, everything that we relay.
pub fn offer(local: &Local, like: Option<&[u8]>, version: u32) -> Bytes {
    let theirs = like.and_then(formats_of_offer);
    let (codecs, telephone_event) = match &theirs {
        Some(formats) => (formats.audio.clone(), formats.telephone_event),
        None => (Codec::ALL.map(|c| (c, c.static_number())).to_vec(), Some(TELEPHONE_EVENT)),
    };
    print_offer(local, &codecs, telephone_event, version)
}

/// Offers the codec of the leg that it is to be bridged with, and DTMF if that has it.
pub fn offer_matching(local: &Local, peer: &Remote, version: u32) -> Bytes {
    let telephone_event = peer.telephone_event.map(|numbers| numbers.send);
    print_offer(local, &[(peer.codec, peer.audio.send)], telephone_event, version)
}

/// Takes the answer to an offer of ours; its first codec that we offered is the leg's.
pub fn accept(our_offer: &[u8], answer: &[u8]) -> Result<Remote, NegotiateError> {
    let (ours, theirs) = (parse::parse(our_offer)?, parse::parse(answer)?);
    let (our_media, media) = match (ours.media.first(), theirs.media.first()) {
        (Some(ours), Some(theirs)) if theirs.is_plain_audio() => (ours, theirs),
        _ => return Err(NegotiateError::NoAudio),
    };
    let (offered, answered) = (our_media.formats(), media.formats());
    let same = |codec| offered.audio.iter().find(|(offered, _)| *offered == codec);
    let mut common = answered.audio.iter().filter_map(|(codec, send)| {
        let (_, receive) = same(*codec)?;
        Some((*codec, Numbers { send: *send, receive: *receive }))
    });
    let (codec, audio) = common.next().ok_or(NegotiateError::NoCommonCodec)?;
    let telephone_event = offered.telephone_event.zip(answered.telephone_event);
    let telephone_event = telephone_event.map(|(receive, send)| Numbers { send, receive });
    let family = ours.address(our_media)?;
    let (address, direction) = place(&theirs, media, family)?;
    Ok(Remote { address, codec, audio, telephone_event, direction })
}

fn answer_allowed(
    offer: &[u8],
    local: &Local,
    allowed: &Allowed,
    version: u32,
) -> Result<Agreed, NegotiateError> {
    let offer = parse::parse(offer)?;
    let Chosen { media: chosen, codec, telephone_event } = choose(&offer, allowed)?;
    let (address, direction) = place(&offer, chosen, local.address.ip())?;
    let lines: Vec<_> = offer
        .media
        .iter()
        .map(|media| {
            if !std::ptr::eq(media, chosen) {
                return Line::Refused(media);
            }
            let direction = direction.mirrored();
            Line::Audio(Audio { codecs: std::slice::from_ref(&codec), telephone_event, direction })
        })
        .collect();
    let body = print(local, version, &lines);
    let (codec, audio) = (codec.0, Numbers::same(codec.1));
    let telephone_event = telephone_event.map(Numbers::same);
    Ok(Agreed { body, remote: Remote { address, codec, audio, telephone_event, direction } })
}

/// The first audio line with a codec that is allowed, and its first such codec.
fn choose<'a>(offer: &'a Description<'a>, allowed: &Allowed) -> Result<Chosen<'a>, NegotiateError> {
    let mut error = NegotiateError::NoAudio;
    for media in offer.media.iter().filter(|media| media.is_plain_audio()) {
        let formats = media.formats();
        let is_allowed = |codec: Codec| allowed.codec.is_none_or(|only| only == codec);
        let codec = formats.audio.into_iter().find(|(codec, _)| is_allowed(*codec));
        if let Some(codec) = codec {
            let telephone_event = formats.telephone_event.filter(|_| allowed.telephone_event);
            return Ok(Chosen { media, codec, telephone_event });
        }
        error = NegotiateError::NoCommonCodec;
    }
    Err(error)
}

/// Where a party wants its media, and which way it goes. The unspecified address is hold the old way:
/// it takes nothing (RFC 3264 §8.4).
fn place(
    description: &Description<'_>,
    media: &Media<'_>,
    ours: IpAddr,
) -> Result<(SocketAddr, Direction), NegotiateError> {
    let address = description.address(media)?;
    if address.is_ipv4() != ours.is_ipv4() {
        return Err(NegotiateError::Address);
    }
    let direction = description.direction(media);
    let direction =
        if address.is_unspecified() { direction.without_receiving() } else { direction };
    Ok((SocketAddr::new(address, media.port), direction))
}

fn formats_of_offer(offer: &[u8]) -> Option<Formats> {
    let offer = parse::parse(offer).ok()?;
    choose(&offer, &ANYTHING).ok().map(|chosen| chosen.media.formats())
}

fn print_offer(
    local: &Local,
    codecs: &[(Codec, u8)],
    telephone_event: Option<u8>,
    version: u32,
) -> Bytes {
    let direction = Direction::SendReceive;
    print(local, version, &[Line::Audio(Audio { codecs, telephone_event, direction })])
}
