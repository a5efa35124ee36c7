//! Sample messages for the tests of this crate.

use crate::message::{Method, Request, Response};
use bytes::Bytes;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where a phone that we call is.
pub const PHONE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)), 5060);
/// Where a caller is.
pub const CALLER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9)), 40000);

/// An INVITE with an offer, from behind a NAT.
pub fn invite() -> Request {
    Request {
        method: Method::Invite,
        uri: "sip:592@pbx".to_owned(),
        source: CALLER,
        call_id: "call-1".to_owned(),
        from: "\"Al\" <sip:593@pbx>;tag=theirs".to_owned(),
        from_tag: "theirs".to_owned(),
        to: "<sip:592@pbx>".to_owned(),
        to_tag: None,
        cseq: 1,
        max_forwards: 70,
        contacts: vec!["<sip:593@10.0.0.9>".to_owned()],
        record_routes: Vec::new(),
        require: Vec::new(),
        authorizations: Vec::new(),
        expires: None,
        privacy: None,
        sdp: Some(Bytes::from_static(b"offer")),
    }
}

/// A request within the dialog that `invite` makes with our tag `ours`.
pub fn within(method: Method, cseq: u32) -> Request {
    Request { method, cseq, to_tag: Some("ours".to_owned()), sdp: None, ..invite() }
}

/// A response to the first INVITE of a leg with our tag `ours`; 2xx with an answer.
pub fn response(status: u16, tag: &str) -> Response {
    Response {
        status,
        branch: "z9hG4bKours.i0".to_owned(),
        from_tag: "ours".to_owned(),
        to: format!("<sip:592@10.0.0.2>;tag={tag}"),
        to_tag: Some(tag.to_owned()),
        call_id: "call-2".to_owned(),
        cseq: 1,
        contact: Some("<sip:592@10.0.0.2:5062>".to_owned()),
        record_routes: Vec::new(),
        sdp: (200..300).contains(&status).then(|| Bytes::from_static(b"answer")),
    }
}
