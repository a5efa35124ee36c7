//! Library messages → our message types. Reads only what legs and the engine look at.

use crate::boundary::Sdp;
use crate::header::{NameAddress, split_list};
use crate::message::{Method, Request, Response};
use rsipstack::sip::{self, Header, Headers, HeadersExt};
use std::net::SocketAddr;

/// Entries of one list header that are looked at. Nobody has more contacts or proxies.
const LIST_ENTRIES: usize = 32;

/// A request; None if a header that every request has can't be read.
pub fn request(request: &sip::Request, source: SocketAddr) -> Option<Request> {
    let from = request.from_header().ok()?.value();
    let to = request.to_header().ok()?.value();
    let mut read = Request {
        method: method(request.method),
        uri: request.uri.to_string(),
        source,
        call_id: request.call_id_header().ok()?.value().to_owned(),
        from_tag: tag(from).unwrap_or_default(),
        from: from.to_owned(),
        to_tag: tag(to),
        to: to.to_owned(),
        cseq: request.cseq_header().ok()?.seq().ok()?,
        max_forwards: 70,
        contacts: Vec::new(),
        record_routes: Vec::new(),
        require: Vec::new(),
        authorizations: Vec::new(),
        expires: None,
        privacy: None,
        sdp: sdp(&request.headers, &request.body),
    };
    request.headers.iter().for_each(|header| optional(&mut read, header));
    Some(read)
}

fn optional(read: &mut Request, header: &Header) {
    match header {
        Header::MaxForwards(hops) => {
            read.max_forwards = hops.value().trim().parse().unwrap_or(read.max_forwards);
        }
        Header::Contact(contacts) => add_list(&mut read.contacts, contacts.value()),
        Header::RecordRoute(routes) => add_list(&mut read.record_routes, routes.value()),
        Header::Require(tags) => add_list(&mut read.require, tags.value()),
        Header::Authorization(value) if read.authorizations.len() < LIST_ENTRIES => {
            read.authorizations.push(value.value().to_owned());
        }
        Header::Expires(seconds) => read.expires = seconds.value().trim().parse().ok(),
        Header::Privacy(value) => read.privacy = Some(value.value().to_owned()),
        _ => {}
    }
}

/// A response to an INVITE; None if it lacks what every response has.
pub fn response(response: &sip::Response) -> Option<Response> {
    let to = response.to_header().ok()?.value();
    let mut contacts = Vec::new();
    let mut record_routes = Vec::new();
    for header in response.headers.iter() {
        match header {
            Header::Contact(list) => add_list(&mut contacts, list.value()),
            Header::RecordRoute(list) => add_list(&mut record_routes, list.value()),
            _ => {}
        }
    }
    Some(Response {
        status: response.status_code.code(),
        branch: response.transaction_id().ok()??.value().to_owned(),
        from_tag: tag(response.from_header().ok()?.value())?,
        to: to.to_owned(),
        to_tag: tag(to),
        call_id: response.call_id_header().ok()?.value().to_owned(),
        cseq: response.cseq_header().ok()?.seq().ok()?,
        contact: contacts.into_iter().next(),
        record_routes,
        sdp: sdp(&response.headers, &response.body),
    })
}

/// The method, as far as it exists for us.
pub fn method(method: sip::Method) -> Method {
    match method {
        sip::Method::Invite => Method::Invite,
        sip::Method::Ack => Method::Ack,
        sip::Method::Cancel => Method::Cancel,
        sip::Method::Bye => Method::Bye,
        sip::Method::Options => Method::Options,
        sip::Method::Register => Method::Register,
        sip::Method::Info => Method::Info,
        sip::Method::Update => Method::Update,
        sip::Method::Message
        | sip::Method::Notify
        | sip::Method::PRack
        | sip::Method::Publish
        | sip::Method::Refer
        | sip::Method::Subscribe => Method::Other,
    }
}

fn add_list(list: &mut Vec<String>, value: &str) {
    let room = LIST_ENTRIES.saturating_sub(list.len());
    list.extend(split_list(value).take(room).map(str::to_owned));
}

fn tag(value: &str) -> Option<String> {
    NameAddress::parse(value)?.tag().map(str::to_owned)
}

/// The body if it is a session description (RFC 3261 §7.4.1).
fn sdp(headers: &Headers, body: &[u8]) -> Option<Sdp> {
    let is_sdp = |header: &Header| match header {
        Header::ContentType(kind) => {
            let kind = kind.value().split(';').next().unwrap_or_default();
            kind.trim().eq_ignore_ascii_case("application/sdp")
        }
        _ => false,
    };
    (!body.is_empty() && headers.iter().any(is_sdp)).then(|| Sdp::copy_from_slice(body))
}
