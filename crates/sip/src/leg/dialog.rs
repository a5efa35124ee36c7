//! One SIP dialog (RFC 3261 §12): its tags, sequence numbers, route set and remote target.
//!
//! Makes the requests that are sent within it. Knows neither calls nor media.

use crate::header::{NameAddress, is_loose};
use crate::message::{Method, Outgoing, Request, Response};
use std::net::SocketAddr;

/// Max-Forwards of requests within a dialog (RFC 3261 §8.1.1.6).
const MAX_FORWARDS: u8 = 70;

/// What every branch begins with (RFC 3261 §8.1.1.7).
pub const BRANCH: &str = "z9hG4bK";

/// Where a request stands in the far side's order (RFC 3261 §12.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Newer than all before.
    New,
    /// The newest, once more.
    Repeated,
    /// Older: out of order.
    Stale,
}

/// A dialog. Kept for as long as the call lasts, so it is kept small.
#[derive(Clone, Debug)]
pub struct Dialog {
    call_id: Box<str>,
    /// Our name-address with our tag.
    local: Box<str>,
    local_tag: Box<str>,
    /// Theirs.
    remote: Box<str>,
    /// The remote target.
    target: Box<str>,
    routes: Box<[Box<str>]>,
    /// Where their datagrams come from. Requests go there, whatever the target says: phones behind
    /// NAT give addresses that nobody can reach.
    destination: SocketAddr,
    /// What the branches of our requests begin with: unlike those of any other dialog, forks of
    /// one INVITE included.
    branch: Box<str>,
    local_cseq: u32,
    remote_cseq: Option<u32>,
}

impl Dialog {
    /// The dialog that an INVITE to us makes once we put `tag` on it; None without a Contact.
    pub fn of_caller(invite: &Request, tag: &str) -> Option<Self> {
        Some(Self {
            call_id: invite.call_id.as_str().into(),
            local: format!("{};tag={tag}", invite.to).into(),
            local_tag: tag.into(),
            remote: invite.from.as_str().into(),
            target: target_of(invite.contacts.first()?)?.into(),
            routes: boxed(invite.record_routes.iter()),
            destination: invite.source,
            branch: format!("{BRANCH}{tag}").into(),
            local_cseq: 0,
            remote_cseq: Some(invite.cseq),
        })
    }

    /// The dialog that a 2xx to our INVITE makes. Without a Contact the request URI stays the
    /// target.
    pub fn of_phone(invite: &Invite<'_>, response: &Response) -> Self {
        let target = response.contact.as_deref().and_then(target_of).unwrap_or(invite.uri);
        Self {
            call_id: response.call_id.as_str().into(),
            local: invite.from.into(),
            local_tag: response.from_tag.as_str().into(),
            remote: response.to.as_str().into(),
            target: target.into(),
            // RFC 3261 §12.1.2: in reverse on the side that called.
            routes: boxed(response.record_routes.iter().rev()),
            destination: invite.destination,
            branch: invite.branch.into(),
            local_cseq: response.cseq,
            remote_cseq: None,
        }
    }

    /// Our tag.
    pub fn local_tag(&self) -> &str {
        &self.local_tag
    }

    /// The next request of ours.
    pub fn request(&mut self, method: Method) -> Outgoing {
        self.local_cseq = self.local_cseq.saturating_add(1);
        let branch = format!("{}.{}", self.branch, self.local_cseq);
        self.outgoing(method, self.local_cseq, branch)
    }

    /// The ACK to a 2xx with this sequence number, always the same (RFC 3261 §13.2.2.4).
    pub fn ack(&self, cseq: u32) -> Outgoing {
        self.outgoing(Method::Ack, cseq, format!("{}.a{cseq}", self.branch))
    }

    fn outgoing(&self, method: Method, cseq: u32, branch: String) -> Outgoing {
        let (uri, routes) = self.path();
        Outgoing {
            method,
            uri,
            destination: self.destination,
            branch,
            routes,
            from: self.local.to_string(),
            to: self.remote.to_string(),
            call_id: self.call_id.to_string(),
            cseq,
            max_forwards: MAX_FORWARDS,
            reason: None,
            sdp: None,
        }
    }

    /// Request URI and Route (RFC 3261 §12.2.1.1): a strict first router takes the place of the
    /// target, which goes to the end of the route.
    fn path(&self) -> (String, Vec<String>) {
        let routes = || self.routes.iter().map(ToString::to_string);
        let first = self.routes.first().and_then(|route| NameAddress::parse(route));
        match first {
            Some(first) if !is_loose(first.uri) => {
                let target = format!("<{}>", self.target);
                (first.uri.to_owned(), routes().skip(1).chain([target]).collect())
            }
            _ => (self.target.to_string(), routes().collect()),
        }
    }

    /// Whether a request belongs here: its To tag led here, Call-ID and From tag must fit too.
    pub fn owns(&self, request: &Request) -> bool {
        let remote = NameAddress::parse(&self.remote);
        let remote_tag = remote.and_then(|remote| remote.tag()).unwrap_or_default();
        *self.call_id == request.call_id && remote_tag == request.from_tag
    }

    /// Places a request of theirs in order, and remembers it if it is new.
    pub fn place(&mut self, cseq: u32) -> Order {
        match self.remote_cseq {
            Some(last) if cseq < last => Order::Stale,
            Some(last) if cseq == last => Order::Repeated,
            _ => {
                self.remote_cseq = Some(cseq);
                Order::New
            }
        }
    }

    /// Takes the new target of an accepted re-INVITE or UPDATE, and where that came from.
    pub fn refresh(&mut self, refresh: Refresh) {
        self.destination = refresh.source;
        if let Some(target) = refresh.target {
            self.target = target;
        }
    }
}

/// What a re-INVITE or UPDATE changes of a dialog once it is accepted (RFC 3261 §12.2.2).
#[derive(Clone, Debug)]
pub struct Refresh {
    target: Option<Box<str>>,
    source: SocketAddr,
}

impl Refresh {
    /// What this request would change.
    pub fn of(request: &Request) -> Self {
        let target = request.contacts.first().and_then(|contact| target_of(contact));
        Self { target: target.map(Into::into), source: request.source }
    }
}

/// What of our INVITE the dialog keeps.
#[derive(Clone, Copy, Debug)]
pub struct Invite<'a> {
    /// Its request URI.
    pub uri: &'a str,
    /// Its From, tag included.
    pub from: &'a str,
    /// Where it was sent.
    pub destination: SocketAddr,
    /// What the branches of this dialog begin with.
    pub branch: &'a str,
}

fn target_of(contact: &str) -> Option<&str> {
    NameAddress::parse(contact).map(|address| address.uri)
}

fn boxed<'a>(routes: impl Iterator<Item = &'a String>) -> Box<[Box<str>]> {
    routes.map(|route| route.as_str().into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leg::sample;

    #[test]
    fn routes_are_followed_loosely_and_strictly() {
        let cases: [(&[&str], &str, &[&str]); 3] = [
            (&[], "sip:593@10.0.0.9", &[]),
            (&["<sip:p1;lr>", "<sip:p2;lr>"], "sip:593@10.0.0.9", &["<sip:p1;lr>", "<sip:p2;lr>"]),
            (&["<sip:p1>", "<sip:p2>"], "sip:p1", &["<sip:p2>", "<sip:593@10.0.0.9>"]),
        ];
        for (record_routes, uri, routes) in cases {
            let mut invite = sample::invite();
            invite.record_routes = record_routes.iter().map(ToString::to_string).collect();
            let mut dialog = Dialog::of_caller(&invite, "ours").unwrap();
            let bye = dialog.request(Method::Bye);
            assert_eq!(bye.uri, uri);
            assert_eq!(bye.routes, routes);
            assert_eq!(bye.destination, invite.source);
        }
    }

    #[test]
    fn the_called_side_reverses_the_route() {
        let mut response = sample::response(200, "theirs");
        response.record_routes = vec!["<sip:p1;lr>".to_owned(), "<sip:p2;lr>".to_owned()];
        let from = "<sip:a@h>;tag=ours";
        let invite =
            Invite { uri: "sip:b@h", from, destination: sample::PHONE, branch: "z9hG4bK1" };
        let mut dialog = Dialog::of_phone(&invite, &response);
        assert_eq!(dialog.request(Method::Bye).routes, ["<sip:p2;lr>", "<sip:p1;lr>"]);
    }

    #[test]
    fn requests_have_an_order() {
        let mut dialog = Dialog::of_caller(&sample::invite(), "ours").unwrap();
        assert_eq!(dialog.place(1), Order::Repeated);
        assert_eq!(dialog.place(3), Order::New);
        assert_eq!(dialog.place(2), Order::Stale);
        assert_eq!(dialog.place(3), Order::Repeated);
    }

    #[test]
    fn a_dialog_needs_a_contact() {
        let mut invite = sample::invite();
        invite.contacts.clear();
        assert!(Dialog::of_caller(&invite, "ours").is_none());
    }
}
