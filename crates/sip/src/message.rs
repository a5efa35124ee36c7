//! The small message types that legs and the engine think in: what they read of a request or
//! response, and what they want sent.
//!
//! No parsing and no library here; `wire` fills these in and prints them.

use crate::boundary::Sdp;
use crate::header::NameAddress;
use std::net::SocketAddr;

/// The methods that exist for us. Others are refused before they get here (501).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// RFC 3261 §13.
    Invite,
    /// RFC 3261 §13.2.2.4.
    Ack,
    /// RFC 3261 §9.
    Cancel,
    /// RFC 3261 §15.
    Bye,
    /// RFC 3261 §11.
    Options,
    /// RFC 3261 §10.
    Register,
    /// RFC 6086.
    Info,
    /// RFC 3311.
    Update,
    /// Known to the library, not served here.
    Other,
}

/// What the Allow header says.
pub const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, UPDATE";

/// Seconds in Retry-After when there is no room (RFC 3261 §21.5.4).
pub const RETRY_AFTER_SECONDS: u32 = 10;

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The request URI.
    pub uri: String,
    /// Where the datagram came from; answers and requests go there (RFC 3581).
    pub source: SocketAddr,
    /// Call-ID.
    pub call_id: String,
    /// The From value, tag included.
    pub from: String,
    /// The tag of From.
    pub from_tag: String,
    /// The To value.
    pub to: String,
    /// The tag of To: there is one within a dialog.
    pub to_tag: Option<String>,
    /// The number of CSeq.
    pub cseq: u32,
    /// Max-Forwards; 70 where it is missing.
    pub max_forwards: u8,
    /// The Contact values, one per entry.
    pub contacts: Vec<String>,
    /// The Record-Route entries, in order.
    pub record_routes: Vec<String>,
    /// The option tags of Require.
    pub require: Vec<String>,
    /// Authorization values.
    pub authorizations: Vec<String>,
    /// Expires, in seconds.
    pub expires: Option<u32>,
    /// Privacy.
    pub privacy: Option<String>,
    /// The body, if it is SDP.
    pub sdp: Option<Sdp>,
}

/// A response to an INVITE of ours.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status, 100-699.
    pub status: u16,
    /// The branch of the topmost Via, which is ours.
    pub branch: String,
    /// The tag of From, which is ours.
    pub from_tag: String,
    /// The To value, tag included.
    pub to: String,
    /// The tag of To.
    pub to_tag: Option<String>,
    /// Call-ID.
    pub call_id: String,
    /// The number of CSeq.
    pub cseq: u32,
    /// The first Contact value.
    pub contact: Option<String>,
    /// The Record-Route entries, in order.
    pub record_routes: Vec<String>,
    /// The body, if it is SDP.
    pub sdp: Option<Sdp>,
}

impl Response {
    /// A response that we make ourselves because the request couldn't be sent.
    pub fn local(status: u16, request: &Outgoing) -> Self {
        let from = NameAddress::parse(&request.from);
        Self {
            status,
            branch: request.branch.clone(),
            from_tag: from.and_then(|from| from.tag()).unwrap_or_default().to_owned(),
            to: request.to.clone(),
            to_tag: None,
            call_id: request.call_id.clone(),
            cseq: request.cseq,
            contact: None,
            record_routes: Vec::new(),
            sdp: None,
        }
    }
}

/// Names a request that waits for our response, from its arrival to its final response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerKey(pub u64);

/// A response to send. Via, From, Call-ID and CSeq come from the request; so does Record-Route in
/// what makes a dialog, where our Contact is added too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The tag to put on To where the request had none; without one, one is made from the request.
    pub tag: Option<Box<str>>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub sdp: Option<Sdp>,
}

impl Reply {
    /// A response without anything of its own.
    pub fn new(status: u16) -> Self {
        Self { status, tag: None, headers: Vec::new(), sdp: None }
    }

    /// With our tag on To.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.tag = Some(tag.into());
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn sdp(mut self, sdp: Sdp) -> Self {
        self.sdp = Some(sdp);
        self
    }
}

/// A request to send. Contact and User-Agent are added where they belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The request URI.
    pub uri: String,
    /// Where the datagram goes, whatever the URI says.
    pub destination: SocketAddr,
    /// The branch of our Via (RFC 3261 §8.1.1.7).
    pub branch: String,
    /// The Route values.
    pub routes: Vec<String>,
    /// The From value, tag included.
    pub from: String,
    /// The To value.
    pub to: String,
    /// Call-ID.
    pub call_id: String,
    /// The number of CSeq.
    pub cseq: u32,
    /// Max-Forwards.
    pub max_forwards: u8,
    /// The Reason header.
    pub reason: Option<&'static str>,
    /// The body.
    pub sdp: Option<Sdp>,
}
