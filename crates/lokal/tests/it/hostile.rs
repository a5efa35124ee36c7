//! HTTP clients that are slow, idle, many or too wordy: others are served meanwhile.

use crate::server::Server;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What a client that behaves may wait.
const PROMPTLY: Duration = Duration::from_secs(2);

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.http()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Sends this and reads to the end; what was reset counts as ended.
fn answer(server: &Server, request: &[u8]) -> String {
    let mut stream = connect(server);
    // The server may close while this is still being written.
    stream.write_all(request).ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[track_caller]
fn is_served_promptly(server: &Server) {
    let start = Instant::now();
    let text = answer(server, b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
}

#[test]
fn a_head_that_does_not_end_is_cut_off_and_others_are_served() {
    let server = Server::start(&[]);
    let mut slow = connect(&server);
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n").unwrap();
    is_served_promptly(&server);
    let mut rest = Vec::new();
    let ended = slow.read_to_end(&mut rest);
    assert!(ended.is_ok(), "it is still open: {ended:?}");
    assert_eq!(String::from_utf8_lossy(&rest), "");
}

/// Connections that this process keeps open at once, and some files beside.
const IDLE: u64 = 10_000;
const FILES: u64 = IDLE + 500;

/// Lets this process have them; the server that it starts afterwards raises its own.
fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let maximum = limit.maximum.map(|most| most.max(FILES));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    assert!(raised.is_ok(), "this test needs {FILES} open files: ulimit -Hn says {limit:?}");
}

#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    raise_limit();
    let server = Server::start(&[]);
    let mut idle = Vec::new();
    for number in 0..IDLE {
        let mut stream = connect(&server);
        if number % 2 == 0 {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ").unwrap();
        }
        idle.push(stream);
        if number % 500 == 499 {
            is_served_promptly(&server);
        }
    }
    is_served_promptly(&server);
    assert_eq!(idle.len() as u64, IDLE);
}

#[test]
fn what_is_too_long_is_refused() {
    let server = Server::start(&[]);
    let head = |line: &str, header: &str| {
        format!("GET {line} HTTP/1.1\r\nHost: a\r\nX-Long: {header}\r\nConnection: close\r\n\r\n")
    };
    let many = "\r\nX-Many: a".repeat(200);
    for (request, status) in [
        (head("/healthz", &"a".repeat(4000)), "200"),
        (head("/healthz", &"a".repeat(100_000)), "431"),
        (head("/healthz", &many), "431"),
        (head(&format!("/healthz?{}", "a".repeat(10_000)), ""), "414"),
    ] {
        let text = answer(&server, request.as_bytes());
        assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {text:.200}");
    }
    is_served_promptly(&server);
}
