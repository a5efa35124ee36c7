//! A scripted phone: it sends what the test says and hands over what it gets, in order.

use md5::{Digest, Md5};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// Long enough for any machine; nobody waits for it unless a test fails.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A session description that says whose it is.
pub fn sdp(whose: &str) -> String {
    format!("v=0\r\no={whose} 1 1 IN IP4 127.0.0.1\r\ns=-\r\n")
}

/// A received message.
#[derive(Clone, Debug)]
pub struct Message {
    /// All of it.
    pub text: String,
}

impl Message {
    /// Request or status line.
    pub fn start(&self) -> &str {
        self.text.split("\r\n").next().unwrap()
    }

    /// Whether it is a response with this status.
    pub fn is(&self, status: u16) -> bool {
        self.start().starts_with(&format!("SIP/2.0 {status} "))
    }

    /// The value of a header, or nothing.
    pub fn header<'a>(&'a self, name: &'a str) -> &'a str {
        self.headers(name).next().unwrap_or_default()
    }

    /// The values of a header.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let head = self.text.split("\r\n\r\n").next().unwrap();
        head.split("\r\n").skip(1).filter_map(move |line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The body.
    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").unwrap().1
    }

    /// The tag of From or To.
    pub fn tag<'a>(&'a self, name: &'a str) -> &'a str {
        self.header(name).split_once(";tag=").map_or("", |(_, tag)| tag)
    }

    /// The URI of its Contact.
    pub fn target(&self) -> &str {
        self.header("Contact").trim_start_matches('<').split('>').next().unwrap()
    }

    /// A response to it. `tag` is put on To where there is none.
    pub fn response(&self, status: &str, tag: &str, contact: &str, body: &str) -> String {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for name in ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"] {
            for value in self.headers(name) {
                let to = name == "To" && !value.contains(";tag=") && !tag.is_empty();
                let tag = if to { format!(";tag={tag}") } else { String::new() };
                text += &format!("{name}: {value}{tag}\r\n");
            }
        }
        text + &format!("Contact: <{contact}>\r\n") + &with_body(body)
    }
}

fn with_body(body: &str) -> String {
    let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    format!("{kind}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// A phone with a socket of its own.
pub struct Phone {
    socket: UdpSocket,
    server: SocketAddr,
    /// Its digest user name; its password is `pw-` and the name.
    pub username: String,
    nonce_count: u32,
    branches: u32,
    waiting: VecDeque<Message>,
}

/// What distinguishes the requests of one dialog.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// Call-ID.
    pub call_id: String,
    /// From, tag included.
    pub from: String,
    /// To, with a tag once there is one.
    pub to: String,
    /// The request URI.
    pub target: String,
    /// The CSeq used last.
    pub cseq: u32,
}

impl Phone {
    /// A phone that isn't registered.
    pub async fn new(server: SocketAddr, username: &str) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let username = username.to_owned();
        Self { socket, server, username, nonce_count: 0, branches: 0, waiting: VecDeque::new() }
    }

    /// Its Contact URI.
    pub fn contact(&self) -> String {
        format!("sip:{}@{}", self.username, self.socket.local_addr().unwrap())
    }

    /// Sends these bytes.
    pub async fn send(&self, bytes: impl AsRef<[u8]>) {
        self.socket.send_to(bytes.as_ref(), self.server).await.unwrap();
    }

    async fn receive(&mut self) -> Message {
        let mut buffer = vec![0; 65536];
        let received = timeout(DEADLINE, self.socket.recv_from(&mut buffer)).await;
        let (length, _) = received.expect("nothing came in time").unwrap();
        Message { text: String::from_utf8(buffer[..length].to_vec()).unwrap() }
    }

    /// The next message that `wanted` takes; others are kept for later, in order.
    pub async fn next(&mut self, wanted: impl Fn(&Message) -> bool) -> Message {
        if let Some(at) = self.waiting.iter().position(&wanted) {
            return self.waiting.remove(at).unwrap();
        }
        loop {
            let message = self.receive().await;
            if wanted(&message) {
                return message;
            }
            self.waiting.push_back(message);
        }
    }

    /// The next response with this status.
    pub async fn status(&mut self, status: u16) -> Message {
        self.next(|message| message.is(status)).await
    }

    /// The next request with this method.
    pub async fn request(&mut self, method: &str) -> Message {
        let start = format!("{method} ");
        self.next(move |message| message.start().starts_with(&start)).await
    }

    /// Answers a request.
    pub async fn respond(&self, request: &Message, status: &str, body: &str) {
        let tag = format!("tag-{}", self.username);
        self.send(request.response(status, &tag, &self.contact(), body)).await;
    }

    /// A dialog with nobody in it yet.
    pub fn dialog(&mut self, target: &str) -> Dialog {
        self.branches += 1;
        Dialog {
            call_id: format!("{}@{}", self.branches, self.socket.local_addr().unwrap()),
            from: format!("\"{0}\" <sip:{0}@pbx>;tag=f{1}", self.username, self.branches),
            to: format!("<{target}>"),
            target: target.to_owned(),
            cseq: 0,
        }
    }

    /// The next request of a dialog as text.
    pub fn print(&mut self, method: &str, dialog: &mut Dialog, extra: &str, body: &str) -> String {
        dialog.cseq += 1;
        self.branches += 1;
        let branch = format!("z9hG4bK-{}-{}", self.username, self.branches);
        self.print_with(method, dialog, &branch, extra, body)
    }

    /// A request with a branch of choice, as ACK and CANCEL need it.
    pub fn print_with(
        &self,
        method: &str,
        dialog: &Dialog,
        branch: &str,
        extra: &str,
        body: &str,
    ) -> String {
        let address = self.socket.local_addr().unwrap();
        let Dialog { call_id, from, to, target, cseq } = dialog;
        format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {address};branch={branch};rport\r\n\
             Max-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {call_id}\r\n\
             CSeq: {cseq} {method}\r\nContact: <{}>\r\n{extra}{}",
            self.contact(),
            with_body(body)
        )
    }

    /// The Authorization header that answers a challenge.
    pub fn authorize(&mut self, challenge: &Message, method: &str, uri: &str) -> String {
        let challenge = challenge
            .headers("WWW-Authenticate")
            .find(|value| value.contains("algorithm=MD5"))
            .unwrap();
        let part = |name: &str| {
            let start = challenge.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
            challenge[start..].split('"').next().unwrap().to_owned()
        };
        let (realm, nonce) = (part("realm"), part("nonce"));
        self.nonce_count += 1;
        let count = format!("{:08x}", self.nonce_count);
        let user = &self.username;
        let ha1 = md5(&format!("{user}:{realm}:pw-{user}"));
        let ha2 = md5(&format!("{method}:{uri}"));
        let response = md5(&format!("{ha1}:{nonce}:{count}:c:auth:{ha2}"));
        format!(
            "Authorization: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", \
             uri=\"{uri}\", algorithm=MD5, qop=auth, nc={count}, cnonce=\"c\", \
             response=\"{response}\"\r\n"
        )
    }

    /// Registers for so many seconds and gives the final answer.
    pub async fn register(&mut self, seconds: u32) -> Message {
        let mut dialog = self.dialog("sip:pbx");
        let expires = format!("Expires: {seconds}\r\n");
        let first = self.print("REGISTER", &mut dialog, &expires, "");
        self.send(first).await;
        let challenge = self.status(401).await;
        let authorization = self.authorize(&challenge, "REGISTER", "sip:pbx");
        let second = self.print("REGISTER", &mut dialog, &(expires + &authorization), "");
        self.send(second).await;
        let cseq = format!("{} REGISTER", dialog.cseq);
        self.next(move |message| message.header("CSeq") == cseq).await
    }

    /// Dials, answers the challenge, and gives the dialog and the INVITE that got through.
    pub async fn dial(&mut self, number: &str, body: &str) -> (Dialog, String) {
        let target = format!("sip:{number}@pbx");
        let mut dialog = self.dialog(&target);
        let first = self.print("INVITE", &mut dialog, "", body);
        self.send(&first).await;
        let challenge = self.status(401).await;
        self.acknowledge_refusal(&first, &challenge).await;
        let authorization = self.authorize(&challenge, "INVITE", &target);
        let second = self.print("INVITE", &mut dialog, &authorization, body);
        self.send(&second).await;
        (dialog, second)
    }

    /// The ACK of a refusal: the INVITE's branch, the response's To.
    pub async fn acknowledge_refusal(&self, invite: &str, refusal: &Message) {
        let invite = Message { text: invite.to_owned() };
        let branch = branch_of(&invite);
        let dialog = Dialog {
            call_id: refusal.header("Call-ID").to_owned(),
            from: refusal.header("From").to_owned(),
            to: refusal.header("To").to_owned(),
            target: invite.start().split(' ').nth(1).unwrap().to_owned(),
            cseq: refusal.header("CSeq").split(' ').next().unwrap().parse().unwrap(),
        };
        self.send(self.print_with("ACK", &dialog, &branch, "", "")).await;
    }

    /// Takes over To and Contact of a response, as one does when a dialog begins.
    pub fn join(dialog: &mut Dialog, response: &Message) {
        response.header("To").clone_into(&mut dialog.to);
        response.target().clone_into(&mut dialog.target);
    }

    /// The ACK of a 2xx.
    pub async fn acknowledge(&mut self, dialog: &Dialog, body: &str) {
        self.branches += 1;
        let branch = format!("z9hG4bK-ack-{}", self.branches);
        self.send(self.print_with("ACK", dialog, &branch, "", body)).await;
    }
}

/// The branch of the topmost Via.
pub fn branch_of(message: &Message) -> String {
    let via = message.header("Via");
    let start = via.find("branch=").unwrap() + "branch=".len();
    via[start..].split(';').next().unwrap().to_owned()
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
