//! Our message types → library messages. Adds what each message must have (RFC 3261 §8.1.1, §8.2.6)
//! and our Contact; decides nothing else.

use super::read;
use crate::header::NameAddress;
use crate::message::{ALLOW, Method, Outgoing, Reply};
use rsipstack::sip::{self, Header, Headers, StatusCode, Uri, Version};
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;

/// How we name ourselves.
#[derive(Debug)]
pub struct Local {
    /// Host and port in Via.
    sent_by: String,
    /// The Contact value.
    contact: String,
    /// Server and User-Agent.
    product: String,
    /// Makes the tags of answers without state: the same for the same request (RFC 3261 §8.2.7),
    /// and nobody's guess.
    tags: RandomState,
}

/// What a response takes from its request.
#[derive(Debug)]
pub struct Head {
    method: Method,
    version: Version,
    /// Via, From, To, Call-ID, CSeq and Record-Route.
    headers: Vec<Header>,
}

impl Local {
    /// An installation that is reached at this address.
    pub fn new(advertised: SocketAddr, product: String) -> Self {
        Self {
            sent_by: advertised.to_string(),
            contact: format!("<sip:{advertised}>"),
            product,
            tags: RandomState::new(),
        }
    }

    /// A request of ours; None if its URI is none.
    pub fn request(&self, outgoing: Outgoing) -> Option<sip::Request> {
        let method = wire_method(outgoing.method);
        let via = format!("SIP/2.0/UDP {};branch={};rport", self.sent_by, outgoing.branch);
        let mut headers = vec![
            Header::Via(via.into()),
            Header::MaxForwards(outgoing.max_forwards.to_string().into()),
            Header::From(outgoing.from.into()),
            Header::To(outgoing.to.into()),
            Header::CallId(outgoing.call_id.into()),
            Header::CSeq(format!("{} {method}", outgoing.cseq).into()),
        ];
        headers.extend(outgoing.routes.into_iter().map(|route| Header::Route(route.into())));
        if outgoing.method == Method::Invite {
            headers.push(Header::Contact(self.contact.clone().into()));
            headers.push(Header::Allow(ALLOW.into()));
        }
        if let Some(reason) = outgoing.reason {
            headers.push(Header::Reason(reason.into()));
        }
        headers.push(Header::UserAgent(self.product.clone().into()));
        let body = outgoing.sdp.map(Vec::from).unwrap_or_default();
        describe(&mut headers, &body);
        let uri = Uri::try_from(outgoing.uri.as_str()).ok()?;
        let headers = Headers::from(headers);
        Some(sip::Request { method, uri, version: Version::V2, headers, body })
    }

    /// A response to the request with this head.
    pub fn response(&self, head: &Head, reply: Reply) -> sip::Response {
        let makes_dialog = matches!(head.method, Method::Invite | Method::Update)
            && (101..300).contains(&reply.status);
        let mut headers = Vec::with_capacity(head.headers.len() + 5 + reply.headers.len());
        for header in &head.headers {
            match header {
                Header::To(to) if reply.status > 100 => {
                    let to = self.tagged(to.value(), head, reply.tag.as_deref());
                    headers.push(Header::To(to.into()));
                }
                Header::RecordRoute(_) if !makes_dialog => {}
                header => headers.push(header.clone()),
            }
        }
        if makes_dialog {
            headers.push(Header::Contact(self.contact.clone().into()));
            headers.push(Header::Allow(ALLOW.into()));
        }
        headers.push(Header::Server(self.product.clone().into()));
        headers.extend(reply.headers.into_iter().map(|(name, value)| named(name, value)));
        let body = reply.sdp.map(Vec::from).unwrap_or_default();
        describe(&mut headers, &body);
        sip::Response {
            status_code: StatusCode::from(reply.status),
            wire_reason: None,
            version: head.version,
            headers: Headers::from(headers),
            body,
        }
    }

    fn tagged(&self, to: &str, head: &Head, tag: Option<&str>) -> String {
        if NameAddress::parse(to).is_some_and(|to| to.tag().is_some()) {
            return to.to_owned();
        }
        match tag {
            Some(tag) => format!("{to};tag={tag}"),
            None => format!("{to};tag={:016x}", head.hash(&self.tags)),
        }
    }
}

impl Head {
    /// The head of a request.
    pub fn of(request: &sip::Request) -> Self {
        let kept = |header: &&Header| {
            matches!(
                header,
                Header::Via(_)
                    | Header::From(_)
                    | Header::To(_)
                    | Header::CallId(_)
                    | Header::CSeq(_)
                    | Header::RecordRoute(_)
            )
        };
        Self {
            method: read::method(request.method),
            version: request.version,
            headers: request.headers.iter().filter(kept).cloned().collect(),
        }
    }

    fn hash(&self, state: &RandomState) -> u64 {
        let identity = |header: &&Header| {
            matches!(header, Header::Via(_) | Header::CallId(_) | Header::CSeq(_))
        };
        let text: String =
            self.headers.iter().filter(identity).map(|header| header.value().to_owned()).collect();
        state.hash_one(text)
    }
}

/// Content-Type and Content-Length.
fn describe(headers: &mut Vec<Header>, body: &[u8]) {
    if !body.is_empty() {
        headers.push(Header::ContentType("application/sdp".into()));
    }
    headers.push(Header::ContentLength(body.len().to_string().into()));
}

fn named(name: &'static str, value: String) -> Header {
    Header::Other(name.to_owned(), value)
}

fn wire_method(method: Method) -> sip::Method {
    match method {
        Method::Invite => sip::Method::Invite,
        Method::Ack => sip::Method::Ack,
        Method::Cancel => sip::Method::Cancel,
        Method::Bye => sip::Method::Bye,
        Method::Register => sip::Method::Register,
        Method::Info => sip::Method::Info,
        Method::Update => sip::Method::Update,
        Method::Options | Method::Other => sip::Method::Options,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Reply;
    use bytes::Bytes;

    fn head(method: &str, to: &str) -> Head {
        let text = format!(
            "{method} sip:592@pbx SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\
             Via: SIP/2.0/UDP p;branch=z9hG4bK2\r\nRecord-Route: <sip:p;lr>\r\n\
             From: <sip:a@pbx>;tag=1\r\nTo: {to}\r\nCall-ID: 1\r\nCSeq: 1 {method}\r\n\
             User-Agent: phone\r\nContent-Length: 0\r\n\r\n"
        );
        Head::of(&sip::Request::try_from(text.as_str()).unwrap())
    }

    fn local() -> Local {
        Local::new("192.0.2.1:5060".parse().unwrap(), "lokal".to_owned())
    }

    fn print(head: &Head, reply: Reply) -> String {
        local().response(head, reply).to_string()
    }

    #[test]
    fn an_answer_repeats_the_path_and_says_where_we_are() {
        let reply = Reply::new(200).tag("ours").sdp(Bytes::from_static(b"v=0"));
        insta::assert_snapshot!(print(&head("INVITE", "<sip:592@pbx>"), reply));
    }

    #[test]
    fn only_what_makes_a_dialog_has_route_and_contact() {
        for (method, status, has) in [
            ("INVITE", 100, false),
            ("INVITE", 180, true),
            ("INVITE", 486, false),
            ("BYE", 200, false),
        ] {
            let text = print(&head(method, "<sip:592@pbx>"), Reply::new(status));
            assert_eq!(text.contains("Record-Route: <sip:p;lr>"), has, "{method} {status}");
            assert_eq!(text.contains("Contact: <sip:192.0.2.1:5060>"), has, "{method} {status}");
            assert_eq!(text.matches("Via: ").count(), 2);
        }
    }

    #[test]
    fn tags_without_state_are_the_same_for_the_same_request() {
        let local = local();
        let to = |head: &Head| local.tagged("<sip:592@pbx>", head, None);
        assert_eq!(to(&head("INVITE", "x")), to(&head("INVITE", "x")));
        assert_ne!(to(&head("INVITE", "x")), to(&head("OPTIONS", "x")));
        let within = head("BYE", "<sip:592@pbx>;tag=theirs");
        assert!(print(&within, Reply::new(481)).contains("To: <sip:592@pbx>;tag=theirs\r\n"));
    }

    #[test]
    fn requests_are_complete() {
        let outgoing = Outgoing {
            method: Method::Invite,
            uri: "sip:b@10.0.0.2;ob".to_owned(),
            destination: "192.0.2.7:1024".parse().unwrap(),
            branch: "z9hG4bK1".to_owned(),
            routes: vec!["<sip:p;lr>".to_owned()],
            from: "<sip:a@pbx>;tag=ours".to_owned(),
            to: "<sip:b@10.0.0.2;ob>".to_owned(),
            call_id: "1".to_owned(),
            cseq: 1,
            max_forwards: 9,
            reason: None,
            sdp: Some(Bytes::from_static(b"v=0")),
        };
        insta::assert_snapshot!(local().request(outgoing.clone()).unwrap().to_string());
        let broken = Outgoing { uri: "sip:".to_owned(), ..outgoing };
        assert!(local().request(broken).is_none());
    }
}
