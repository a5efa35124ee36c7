//! What a REGISTER asks for, as plain values, and whether it may (RFC 3261 §10.3 steps 6-7).
//!
//! Judges the request alone; whether it came too late is judged against the bindings.

use super::held::{Held, key_of};
use crate::uri::SipUri;
use model::limits::{BINDING_SECONDS, CONTACT_URI_BYTES, MIN_BINDING_SECONDS};
use model::phone::SipAccount;
use model::time::Wall;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// A REGISTER of a phone that has proven who it is.
#[derive(Clone, Debug)]
pub struct RegisterRequest {
    /// The phone's account.
    pub account: Arc<SipAccount>,
    /// The values of its Contact headers but `*`.
    pub contacts: Vec<ContactValue>,
    /// Whether there was a `Contact: *`.
    pub star: bool,
    /// The Expires header, in seconds.
    pub expires: Option<u32>,
    /// Its Call-ID.
    pub call_id: String,
    /// Its CSeq number.
    pub cseq: u32,
    /// Where it came from.
    pub source: SocketAddr,
}

/// One value of a Contact header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactValue {
    /// The URI, without angle brackets and header parameters.
    pub uri: String,
    /// Its `expires` parameter, in seconds.
    pub expires: Option<u32>,
}

/// The answer to a REGISTER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterReply {
    /// 200, 400 (malformed), 423 (too short) or 500 (out of order).
    pub status: u16,
    /// With 200: every binding of the phone as URI and seconds left, last registered first.
    pub contacts: Vec<(String, u32)>,
    /// With 423: the Min-Expires header, in seconds.
    pub min_expires: Option<u32>,
}

impl RegisterReply {
    pub(super) const fn refused(status: u16) -> Self {
        Self { status, contacts: Vec::new(), min_expires: None }
    }

    const fn too_brief() -> Self {
        Self { status: 423, contacts: Vec::new(), min_expires: Some(MIN_BINDING_SECONDS) }
    }
}

/// What is to become of a phone's bindings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// All go.
    RemoveAll,
    /// Some go, some are made or refreshed. None of either: the phone only asks what there is.
    Change { removed: Vec<String>, bound: Vec<Held> },
}

impl Intent {
    /// What the request asks for, or the answer that refuses it.
    pub(super) fn of(request: &RegisterRequest, now: Wall) -> Result<Self, RegisterReply> {
        // Stored as a line of text.
        if request.call_id.is_empty() || request.call_id.chars().any(char::is_control) {
            return Err(RegisterReply::refused(400));
        }
        if request.star {
            let alone = request.contacts.is_empty() && request.expires == Some(0);
            return if alone { Ok(Self::RemoveAll) } else { Err(RegisterReply::refused(400)) };
        }
        let (mut removed, mut bound) = (Vec::new(), Vec::new());
        for contact in &request.contacts {
            match granted(contact, request.expires)? {
                None => removed.push(key_of(&contact.uri)),
                Some(granted) => bound.push(hold(request, contact, granted, now)),
            }
        }
        Ok(Self::Change { removed, bound })
    }

    /// Whether it changes the binding with this key.
    pub(super) fn touches(&self, key: &str) -> bool {
        match self {
            Self::RemoveAll => true,
            Self::Change { removed, bound } => {
                removed.iter().any(|removed| removed == key)
                    || bound.iter().any(|held| held.key() == key)
            }
        }
    }
}

/// For how long a contact is bound; None removes it.
fn granted(
    contact: &ContactValue,
    default: Option<u32>,
) -> Result<Option<Duration>, RegisterReply> {
    if !is_sane(&contact.uri) {
        return Err(RegisterReply::refused(400));
    }
    match contact.expires.or(default).unwrap_or(BINDING_SECONDS) {
        0 => Ok(None),
        brief if brief < MIN_BINDING_SECONDS => Err(RegisterReply::too_brief()),
        asked => Ok(Some(Duration::from_secs(asked.min(BINDING_SECONDS).into()))),
    }
}

/// Whether requests can be sent with this URI, and it can be stored as a line of text.
fn is_sane(uri: &str) -> bool {
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte));
    plain && uri.len() <= CONTACT_URI_BYTES && SipUri::parse(uri).is_some()
}

/// Where requests for a contact go: to what it says if that is the host that the REGISTER came from
/// (a phone may send from another port than it listens on); otherwise there is a NAT in between, and
/// the way back is the way it came.
fn destination(uri: &str, source: SocketAddr) -> SocketAddr {
    let said = SipUri::parse(uri).and_then(|uri| {
        let host: IpAddr = uri.host.trim_matches(['[', ']']).parse().ok()?;
        Some(SocketAddr::new(host, uri.port_number().filter(|port| *port != 0)?))
    });
    said.filter(|said| said.ip() == source.ip()).unwrap_or(source)
}

fn hold(request: &RegisterRequest, contact: &ContactValue, granted: Duration, now: Wall) -> Held {
    Held {
        uri: contact.uri.clone(),
        destination: destination(&contact.uri, request.source),
        call_id: request.call_id.clone(),
        cseq: request.cseq,
        registered: now,
        expires: now.after(granted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_on_the_host_it_came_from_is_believed_and_no_other() {
        let cases = [
            ("sip:592@192.0.2.1:5070", "192.0.2.1:40000", "192.0.2.1:5070"),
            ("sip:592@192.0.2.1", "192.0.2.1:40000", "192.0.2.1:5060"),
            ("sip:592@[2001:db8::1]:5070", "[2001:db8::1]:40000", "[2001:db8::1]:5070"),
            ("sip:592@10.0.0.5:5070", "192.0.2.1:40000", "192.0.2.1:40000"),
            ("sip:592@phone.example:5070", "192.0.2.1:40000", "192.0.2.1:40000"),
            ("sip:592@192.0.2.1:0", "192.0.2.1:40000", "192.0.2.1:40000"),
            ("sip:592@192.0.2.1:99999", "192.0.2.1:40000", "192.0.2.1:40000"),
        ];
        for (uri, source, expected) in cases {
            let expected: SocketAddr = expected.parse().unwrap();
            assert_eq!(destination(uri, source.parse().unwrap()), expected, "{uri} from {source}");
        }
    }
}
