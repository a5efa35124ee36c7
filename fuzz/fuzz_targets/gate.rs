//! Any datagram: nothing panics, what passes passes again, answers are such as peers can read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sip::wire::gate::{Gate, check, refuse};
use std::net::SocketAddr;

fuzz_target!(|datagram: &[u8]| {
    let source = SocketAddr::from(([192, 0, 2, 9], 40_000));
    match check(datagram, source) {
        Gate::Pass(checked) => {
            let again = check(checked.bytes, source);
            assert!(matches!(again, Gate::Pass(again) if again.bytes == checked.bytes));
        }
        Gate::Answer(answer) => assert_readable(&answer),
        Gate::Challenge(challenge) => {
            assert_readable(&challenge.challenge_response(&["Digest x".to_owned()]));
        }
        Gate::KeepAlive | Gate::Drop => {}
    }
    if let Some(answer) = refuse(datagram, source, 503, "Service Unavailable", Some(5)) {
        assert_readable(&answer);
    }
});

/// Every line is a header of its own, and the five that a peer matches answers by are there once.
fn assert_readable(answer: &[u8]) {
    let text = std::str::from_utf8(answer).expect("UTF-8");
    let lines = text.strip_suffix("\r\n\r\n").expect("an empty line at the end");
    assert!(lines.starts_with("SIP/2.0 "));
    assert!(lines.split("\r\n").all(|line| !line.contains(char::is_control)));
    for name in ["From: ", "To: ", "Call-ID: ", "CSeq: ", "Content-Length: "] {
        assert_eq!(lines.split("\r\n").filter(|line| line.starts_with(name)).count(), 1, "{name}");
    }
}
