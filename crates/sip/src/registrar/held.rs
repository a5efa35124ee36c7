//! One binding as the registrar holds it, and the text it is stored as.
//!
//! Decides nothing about when a binding is made or dropped.

use crate::uri::SipUri;
use model::binding::Binding;
use model::call::PhoneRef;
use model::time::Wall;
use std::net::SocketAddr;

/// What the first line of the stored text says. Another one is of a version that isn't ours.
const FORMAT: &str = "binding 1";

/// A binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The contact URI as the phone gave it.
    pub(super) uri: String,
    /// Where the REGISTER came from, and where requests go.
    pub(super) destination: SocketAddr,
    /// The REGISTER's Call-ID: CSeq orders only within it (RFC 3261 §10.2.4).
    pub(super) call_id: String,
    /// The REGISTER's CSeq number.
    pub(super) cseq: u32,
    /// When it was made or last refreshed.
    pub(super) registered: Wall,
    /// When it ends.
    pub(super) expires: Wall,
}

impl Held {
    /// What tells it from the phone's other bindings: the URI, scheme and host in lower case
    /// (§10.3 step 7, §19.1.4; parameters are compared as they stand).
    pub(super) fn key(&self) -> String {
        key_of(&self.uri)
    }

    /// Whether a REGISTER came too late to touch it (§10.3 step 7).
    pub(super) fn is_newer_than(&self, call_id: &str, cseq: u32) -> bool {
        self.call_id == call_id && self.cseq >= cseq
    }

    /// Whether storing it again tells more than another expiry (and CSeq, which grows each time).
    pub(super) fn differs(&self, other: &Self) -> bool {
        self.uri != other.uri
            || self.destination != other.destination
            || self.call_id != other.call_id
    }

    /// To be stored.
    pub(super) fn store(&self, phone: PhoneRef) -> Binding {
        let Self { uri, destination, call_id, cseq, registered, .. } = self;
        let state = format!(
            "{FORMAT}\n{uri}\n{destination}\n{call_id}\n{cseq}\n{registered}\n",
            registered = registered.0
        );
        Binding { phone, key: self.key(), expires: self.expires, state }
    }

    /// As it was stored; None if the text isn't ours.
    pub(super) fn restore(binding: &Binding) -> Option<Self> {
        let mut lines = binding.state.lines();
        let ours = lines.next()? == FORMAT;
        let held = Self {
            uri: lines.next()?.to_owned(),
            destination: lines.next()?.parse().ok()?,
            call_id: lines.next()?.to_owned(),
            cseq: lines.next()?.parse().ok()?,
            registered: Wall(lines.next()?.parse().ok()?),
            expires: binding.expires,
        };
        (ours && held.key() == binding.key).then_some(held)
    }
}

/// The key of a binding with this contact URI.
pub(super) fn key_of(uri: &str) -> String {
    let Some(SipUri { scheme, user, host, port, rest }) = SipUri::parse(uri) else {
        return uri.to_owned();
    };
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    format!("{scheme}:{user}{host}{port}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::{CustomerId, PhoneId};

    const PHONE: PhoneRef =
        PhoneRef { customer: CustomerId::from_bytes([1; 12]), phone: PhoneId::from_bytes([2; 12]) };

    fn held() -> Held {
        Held {
            uri: "sip:Donald@Duck.example:5070;ob".to_owned(),
            destination: "192.0.2.1:40000".parse().unwrap(),
            call_id: "c@h".to_owned(),
            cseq: 7,
            registered: Wall(-5),
            expires: Wall(1000),
        }
    }

    #[test]
    fn a_stored_binding_comes_back_as_it_was() {
        let stored = held().store(PHONE);
        assert_eq!(
            stored.state,
            "binding 1\nsip:Donald@Duck.example:5070;ob\n192.0.2.1:40000\nc@h\n7\n-5\n"
        );
        assert_eq!(Held::restore(&stored), Some(held()));
    }

    #[test]
    fn text_that_is_not_ours_is_no_binding() {
        let stored = held().store(PHONE);
        for (from, to) in [("binding 1", "binding 2"), ("192", "x"), ("\n7", "\n-7"), ("c@h\n", "")]
        {
            let state = stored.state.replace(from, to);
            assert_eq!(Held::restore(&Binding { state, ..stored.clone() }), None, "{from}");
        }
        assert_eq!(Held::restore(&Binding { state: String::new(), ..stored.clone() }), None);
        assert_eq!(Held::restore(&Binding { key: "other".to_owned(), ..stored }), None);
    }

    #[test]
    fn keys_ignore_the_case_of_scheme_and_host_alone() {
        let cases = [
            ("SIP:Donald@H:5070;Ob", "sip:Donald@h:5070;Ob"),
            ("sip:H", "sip:h"),
            ("sips:a@[FE80::1]", "sips:a@[fe80::1]"),
        ];
        for (uri, key) in cases {
            assert_eq!(key_of(uri), key);
        }
    }
}
