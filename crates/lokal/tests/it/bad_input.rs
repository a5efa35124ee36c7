//! Requests that can't be taken, over real sockets: each gets its documented error, and others are served
//! meanwhile.

use crate::server::Server;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What a client that behaves may wait.
const PROMPTLY: Duration = Duration::from_secs(2);

/// A demo, Donald's extension and a token.
struct Demo {
    server: Server,
    path: String,
    token: String,
}

impl Demo {
    fn start() -> Self {
        let server = Server::start(&[]);
        let demo = server.demo();
        let mut extensions = demo["extensions"].as_array().unwrap().iter();
        let donald = extensions.find(|e| e["number"] == "592" && e["customer"] == "Duckburg");
        let path = format!("/pbx/extension/{}", donald.unwrap()["id"].as_str().unwrap());
        let token = demo["tokens"]["owner"].as_str().unwrap().to_owned();
        Self { server, path, token }
    }

    fn head(&self, method: &str, path: &str, more: &str) -> String {
        let Self { token, .. } = self;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nConnection: close\r\n{more}\r\n"
        )
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.server.http()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends this and reads what comes: status and body.
    fn ask(&self, head: &str, body: &[u8]) -> (u16, Value) {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).unwrap();
        // The server may have seen enough before this is all written.
        stream.write_all(body).ok();
        read(&mut stream)
    }

    fn change(&self, body: &[u8]) -> (u16, Value) {
        let length = format!("Content-Length: {}\r\n", body.len());
        self.ask(&self.head("PATCH", &self.path, &length), body)
    }

    #[track_caller]
    fn serves_promptly(&self) {
        let start = Instant::now();
        let (status, donald) = self.ask(&self.head("GET", &self.path, ""), b"");
        assert_eq!((status, &donald["number"]), (200, &"592".into()));
        assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    }
}

fn read(stream: &mut TcpStream) -> (u16, Value) {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_default(), serde_json::from_str(body).unwrap_or_default())
}

/// Status and message of a problem, which has all that every problem has.
#[track_caller]
fn problem((status, body): (u16, Value)) -> String {
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["requestId"].as_str().map(str::len), Some(16), "{body}");
    format!("{status} {}", body["message"].as_str().unwrap())
}

#[test]
fn what_cannot_be_taken_is_refused_as_documented_while_others_are_served() {
    let demo = Demo::start();
    // Somebody is in the middle of a large body all the while.
    let mut busy = demo.connect();
    let head = demo.head("PATCH", &demo.path, "Content-Length: 1000000\r\n");
    busy.write_all(head.as_bytes()).unwrap();
    busy.write_all(br#"{"notes":""#).unwrap();
    for (path, expected) in [
        ("/pbx/extension/592", "400 bad_request"),
        ("/pbx/extension/1234567890abcdef1234567g", "400 bad_request"),
        ("/pbx/extension/%00", "400 bad_request"),
        ("/pbx/extension/%ff%fe", "400 bad_request"),
        ("/pbx/extension/ffffffffffffffffffffffff", "404 not_found"),
        ("/pbx/extension?limit=many", "400 bad_request"),
    ] {
        assert_eq!(problem(demo.ask(&demo.head("GET", path, ""), b"")), expected, "{path}");
    }
    let (deep, huge) = ("[".repeat(500_000), "x".repeat(10_000_000));
    let deep_extra = format!(r#"{{"notes":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    let huge = format!(r#"{{"notes":"{huge}"}}"#);
    for (body, expected) in [
        (&br#"{"callWaiting":"yes"}"#[..], "422 callWaiting"),
        (br#"{"mobileDelay":4}"#, "422 mobileDelay"),
        (br#"{"noAnswer":7}"#, "422 noAnswer"),
        (br#"{"colour":"red"}"#, "422 colour"),
        (b"{\"notes\":\"\xff\xfe\"}", "400 bad_request"),
        (br#"{"notes":"\ud800"}"#, "400 bad_request"),
        (deep.as_bytes(), "400 bad_request"),
        (deep_extra.as_bytes(), "400 bad_request"),
        (huge.as_bytes(), "413 payload_too_large"),
        (b"", "400 bad_request"),
        (b"[]", "400 bad_request"),
        (br#"{"notes":"#, "400 bad_request"),
    ] {
        let text = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(problem(demo.change(body)), expected, "{text}");
        demo.serves_promptly();
    }
    // Without a length, too.
    let head = demo.head("PATCH", &demo.path, "Transfer-Encoding: chunked\r\n");
    let mut chunks = Vec::new();
    for part in huge.as_bytes().chunks(1 << 16) {
        write!(chunks, "{:x}\r\n", part.len()).unwrap();
        chunks.extend_from_slice(part);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(problem(demo.ask(&head, &chunks)), "413 payload_too_large");
    demo.serves_promptly();
    drop(busy);
    demo.serves_promptly();
}

#[test]
fn a_body_that_does_not_end_is_given_up_and_others_are_served() {
    let demo = Demo::start();
    let mut slow = demo.connect();
    let head = demo.head("PATCH", &demo.path, "Content-Length: 100\r\n");
    slow.write_all(head.as_bytes()).unwrap();
    slow.write_all(b"{").unwrap();
    demo.serves_promptly();
    assert_eq!(problem(read(&mut slow)), "408 request_timeout");
    demo.serves_promptly();
}

/// What PostgreSQL can't have in a text is no reason to be away.
#[test]
fn a_null_character_is_refused_where_a_database_cannot_keep_it() {
    let cluster = cluster::Cluster::shared();
    let url = cluster.url(&cluster.database());
    let server = Server::start(&["--database", &url]);
    let demo = server.demo();
    let token = demo["tokens"]["admin"].as_str().unwrap().to_owned();
    let customers = demo["customers"].as_array().unwrap();
    let duckburg = customers.iter().find(|customer| customer["name"] == "Duckburg").unwrap();
    let customer = duckburg["id"].as_str().unwrap().to_owned();
    let mut extensions = demo["extensions"].as_array().unwrap().iter();
    let donald = extensions.find(|e| e["number"] == "592" && e["customer"] == "Duckburg");
    let path = format!("/pbx/extension/{}", donald.unwrap()["id"].as_str().unwrap());
    let demo = Demo { server, path, token };
    let whitelist = format!("{}/whitelist", demo.path);
    let of_customer = |more: &str| format!(r#"{{"customer":"{customer}",{more}}}"#);
    for (method, path, body, expected) in [
        ("PATCH", demo.path.as_str(), r#"{"notes":"a\u0000b"}"#.to_owned(), 422),
        ("POST", &whitelist, r#"{"number":"592","name":"a\u0000b"}"#.to_owned(), 422),
        ("POST", "/pbx/extension", of_customer(r#""name":"a\u0000b""#), 422),
        ("POST", "/pbx/trunk", of_customer(r#""name":"a\u0000b""#), 422),
        ("POST", "/employee", of_customer(r#""name":"a\u0000b""#), 422),
        ("POST", "/pbx/sipphone", of_customer(r#""model":"a\u0000b""#), 422),
        ("POST", "/customer", r#"{"name":"a\u0000b"}"#.to_owned(), 422),
        ("POST", "/auth/login", r#"{"username":"a\u0000b","password":"\u0000"}"#.to_owned(), 401),
        // What isn't known is kept inside of other text.
        ("POST", "/pbx/sipphone", of_customer(r#""a\u0000b":"\u0000""#), 201),
    ] {
        let head = demo.head(method, path, &format!("Content-Length: {}\r\n", body.len()));
        let (status, reply) = demo.ask(&head, body.as_bytes());
        assert_eq!(status, expected, "{method} {path} {body}: {reply}");
    }
    for path in [
        "/pbx/extension?filter=%00",
        "/pbx/cdr/latest?extension=%00",
        "/mvno/%2B45%00",
        "/employee/%00/token/%00",
    ] {
        let (status, reply) = demo.ask(&demo.head("GET", path, ""), b"");
        assert!([200, 400, 404, 405].contains(&status), "{path}: {status} {reply}");
    }
}
