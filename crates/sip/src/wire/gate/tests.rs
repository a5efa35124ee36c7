//! Messages as phones send them, and as nobody should (in the spirit of RFC 4475).

use super::*;
use model::limits::{SIP_HEADER_BYTES, SIP_HEADERS};
use proptest::prelude::*;

const INVITE: &str = "INVITE sip:592@pbx.example.com SIP/2.0\r\n\
    Via: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKabc;rport\r\n\
    Max-Forwards: 70\r\n\
    From: \"Donald; <Duck>\" <sip:donald@pbx.example.com>;tag=f1\r\n\
    To: <sip:592@pbx.example.com>\r\n\
    Call-ID: c1@10.0.0.1\r\n\
    CSeq: 7 INVITE\r\n\
    Contact: <sip:donald@10.0.0.1:5062>\r\n\
    Authorization: Digest username=\"donald\"\r\n\
    Content-Length: 4\r\n\r\nv=0\n";

const RINGING: &str = "SIP/2.0 180 Ringing\r\n\
    Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKabc\r\n\
    From: <sip:donald@pbx.example.com>;tag=f1\r\n\
    To: <sip:592@pbx.example.com>;tag=t1\r\n\
    Call-ID: c1@10.0.0.1\r\n\
    CSeq: 7 INVITE\r\n\
    Content-Length: 0\r\n\r\n";

fn source() -> SocketAddr {
    "192.0.2.9:40000".parse().unwrap()
}

/// What becomes of a datagram, in a few words.
fn verdict(datagram: &[u8]) -> String {
    match check(datagram, source()) {
        Gate::Pass(checked) => format!("{:?}", checked.what),
        Gate::Answer(answer) => {
            let answer = String::from_utf8(answer).unwrap();
            answer.lines().next().unwrap().replace("SIP/2.0 ", "")
        }
        Gate::Challenge(_) => "challenge".to_owned(),
        Gate::KeepAlive => "ping".to_owned(),
        Gate::Drop => "drop".to_owned(),
    }
}

fn method(method: &str) -> String {
    INVITE.replace("INVITE", method)
}

fn judge(cases: &[(&str, String, &str)]) {
    for (case, message, expected) in cases {
        assert_eq!(verdict(message.as_bytes()), *expected, "{case}");
    }
}

/// A message with something else in one place.
fn with(from: &str, to: &str) -> String {
    assert!(INVITE.contains(from), "{from}");
    INVITE.replacen(from, to, 1)
}

#[test]
fn messages_are_told_apart() {
    let in_dialog = |text: &str| text.replace("592@pbx.example.com>", "592@pbx.example.com>;tag=t");
    judge(&[
        ("call", INVITE.to_owned(), "NewInvite"),
        ("re-INVITE", in_dialog(INVITE), "InDialogRequest"),
        ("BYE", in_dialog(&method("BYE")), "InDialogRequest"),
        ("BYE of nothing", method("BYE"), "OtherRequest"),
        ("ACK", in_dialog(&method("ACK")), "Ack"),
        ("CANCEL", method("CANCEL"), "Cancel"),
        ("REGISTER", method("REGISTER"), "Register"),
        ("OPTIONS", method("OPTIONS"), "OtherRequest"),
        ("response", RINGING.to_owned(), "Response"),
        ("ping", "\r\n\r\n".to_owned(), "ping"),
        ("long ping", "\r\n\r\n\r\n".to_owned(), "ping"),
        ("pong", "\r\n".to_owned(), "drop"),
        ("nothing", String::new(), "drop"),
        ("a NUL", "\0".to_owned(), "drop"),
        ("line breaks first", format!("\r\n\r\n{INVITE}"), "NewInvite"),
    ]);
}

#[test]
fn strangers_are_challenged_where_it_matters() {
    let bare = |text: &str| text.replace("Authorization: Digest username=\"donald\"\r\n", "");
    judge(&[
        ("call", bare(INVITE), "challenge"),
        ("REGISTER", bare(&method("REGISTER")), "challenge"),
        ("OPTIONS", bare(&method("OPTIONS")), "OtherRequest"),
        ("CANCEL", bare(&method("CANCEL")), "Cancel"),
        ("within a dialog", bare(&with("com>\r\nCall", "com>;tag=t\r\nCall")), "InDialogRequest"),
    ]);
}

#[test]
fn request_lines_are_judged() {
    let line = |line: &str| with("INVITE sip:592@pbx.example.com SIP/2.0", line);
    let uri = |uri: &str| line(&format!("INVITE {uri} SIP/2.0"));
    judge(&[
        ("version 1", line("INVITE sip:1@h SIP/1.0"), "505 Version Not Supported"),
        ("version 7.0", line("INVITE sip:1@h SIP/7.0"), "505 Version Not Supported"),
        ("lower-case version", line("INVITE sip:1@h sip/2.0"), "NewInvite"),
        ("no SIP", line("GET / HTTP/1.1"), "400 Malformed Request Line"),
        ("no version", line("INVITE sip:1@h"), "400 Malformed Request Line"),
        ("two spaces", line("INVITE  sip:1@h SIP/2.0"), "400 Malformed Request Line"),
        ("a space at the end", line("INVITE sip:1@h SIP/2.0 "), "400 Malformed Request Line"),
        ("a space in the URI", uri("sip:1@h; lr"), "400 Malformed Request Line"),
        ("a space first", line(" INVITE sip:1@h SIP/2.0"), "400 Malformed Request Line"),
        ("unknown method", method("NEWMETHOD"), "501 Not Implemented"),
        ("lower-case method", method("invite"), "501 Not Implemented"),
        ("method with a comma", method("IN,VITE"), "400 Malformed Method"),
        ("angle brackets", uri("<sip:1@h>"), "400 Malformed Request URI"),
        ("no scheme", uri("592"), "400 Malformed Request URI"),
        ("no host", uri("sip:592@"), "400 Malformed Request URI"),
        ("no user before @", uri("sip:@h"), "400 Malformed Request URI"),
        ("headers", uri("sip:1@h?Route=%3Csip:x%3E"), "400 Malformed Request URI"),
        ("half an escape", uri("sip:%2@h"), "400 Malformed Request URI"),
        ("an escape", uri("sip:%2A21%23@h"), "NewInvite"),
        ("feature code as it is", uri("sip:*21#@h:5070;user=phone"), "NewInvite"),
        ("IPv6", uri("sip:1@[2001:db8::1]:5060"), "NewInvite"),
        ("port 0", uri("sip:1@h:0"), "400 Malformed Request URI"),
        ("port 65536", uri("sip:1@h:65536"), "400 Malformed Request URI"),
        ("empty port", uri("sip:1@h:"), "400 Malformed Request URI"),
        ("not ASCII", uri("sip:ø@h"), "400 Malformed Request URI"),
        ("tel", uri("tel:+4570305051"), "NewInvite"),
        ("emergency", uri("urn:service:sos"), "NewInvite"),
        ("another scheme", uri("nobody:x"), "416 Unsupported URI Scheme"),
        ("too long", uri(&format!("sip:{}@h", "1".repeat(5000))), "414 Request-URI Too Long"),
    ]);
}

#[test]
fn headers_are_judged() {
    let long = "x".repeat(SIP_HEADER_BYTES);
    let many = "X: y\r\n".repeat(SIP_HEADERS - 8);
    judge(&[
        ("method mismatch", with("7 INVITE", "7 BYE"), "400 CSeq Method Mismatch"),
        ("method in lower case", with("7 INVITE", "7 invite"), "400 CSeq Method Mismatch"),
        ("huge CSeq", with("7 INVITE", "8193329232 INVITE"), "400 Bad CSeq"),
        ("CSeq of 2^31", with("7 INVITE", "2147483648 INVITE"), "400 Bad CSeq"),
        ("signed CSeq", with("7 INVITE", "+7 INVITE"), "400 Bad CSeq"),
        ("CSeq without method", with("7 INVITE", "7"), "400 Bad CSeq"),
        ("CSeq with more", with("7 INVITE", "7 INVITE x"), "400 Bad CSeq"),
        ("hops used up", with(": 70", ": 0"), "483 Too Many Hops"),
        ("too many hops", with(": 70", ": 256"), "400 Bad Max-Forwards"),
        ("negative hops", with(": 70", ": -1"), "400 Bad Max-Forwards"),
        ("no hop limit", with("Max-Forwards: 70\r\n", ""), "NewInvite"),
        ("no From tag", with(";tag=f1", ""), "400 Bad From"),
        ("empty From tag", with("tag=f1", "tag="), "400 Bad From"),
        ("open quote", with("Duck>\"", "Duck>"), "400 Bad From"),
        ("open bracket", with("example.com>\r\nCall", "example.com\r\nCall"), "400 Bad To"),
        ("two addresses", with("com>\r\nCall", "com> <x>>\r\nCall"), "400 Bad To"),
        ("Call-ID of two words", with("c1@10.0.0.1\r\nCS", "c1 x\r\nCS"), "400 Bad Call-ID"),
        ("Via without host", with("UDP 10.0.0.1:5062", "UDP"), "400 Bad Via"),
        ("Via version", with("SIP/2.0/UDP", "SIP/1.0/UDP"), "400 Bad Via"),
        ("cookie alone", with("z9hG4bKabc", "z9hG4bK"), "400 Bad Via"),
        ("spacious Via", with("SIP/2.0/UDP", "SIP / 2.0\r\n\t/ UDP"), "NewInvite"),
        ("not a header", with("Contact", "Cont act"), "400 Malformed Header"),
        ("no colon", with("Contact:", "Contact"), "400 Malformed Header"),
        ("no colon at all", with("Call-ID:", "X\r\nCall-ID:"), "400 Malformed Header"),
        ("UTF-8", with("Donald", "D\u{f8}nald"), "NewInvite"),
        ("NUL", with("Donald", "D\0nald"), "400 Header Is Not Text"),
        ("bare line feed", with("Donald", "D\nnald"), "400 Header Is Not Text"),
        ("bare return", with("Donald", "D\rnald"), "400 Header Is Not Text"),
        ("long header", with("Donald", &long), "400 Header Too Long"),
        ("many headers", with("Contact", &format!("{many}Contact")), "400 Too Many Headers"),
        ("headers that don't end", INVITE.replace("\r\n\r\nv=0\n", ""), "400 Bad Content-Length"),
        ("no Via", with("Via:", "X:"), "drop"),
        ("no From", with("From:", "X:"), "drop"),
        ("no To", with("\r\nTo:", "\r\nX:"), "drop"),
        ("no Call-ID", with("Call-ID:", "X:"), "drop"),
        ("no CSeq", with("CSeq:", "X:"), "drop"),
        ("empty To", with("<sip:592@pbx.example.com>\r\n", "\r\n"), "drop"),
    ]);
    let latin1 = INVITE.replace("Donald", "D?nald").into_bytes();
    let latin1: Vec<_> = latin1.into_iter().map(|b| if b == b'?' { 0xf8 } else { b }).collect();
    assert_eq!(verdict(&latin1), "400 Header Is Not Text");
}

#[test]
fn single_headers_must_be_single() {
    for header in ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length"] {
        let line = INVITE.lines().find(|line| line.starts_with(&format!("{header}:"))).unwrap();
        let doubled = with(line, &format!("{line}\r\n{}", line.to_uppercase()));
        assert_eq!(verdict(doubled.as_bytes()), format!("400 Doubled {header}"));
    }
    assert_eq!(verdict(with("To:", "f: x\r\nTo:").as_bytes()), "400 Doubled From");
    assert_eq!(verdict(with("To:", "Via: SIP/2.0/UDP h\r\nTo:").as_bytes()), "NewInvite");
}

#[test]
fn compact_and_folded_headers_are_headers() {
    let compact = INVITE
        .replace("Via:", "v :")
        .replace("From:", "F\t:")
        .replace("To:", "t:")
        .replace("Call-ID:", "i:")
        .replace("Content-Length:", "l:");
    let folded = INVITE
        .replace("CSeq: 7 INVITE", "cSEQ:\r\n 7\r\n\tINVITE")
        .replace("com>;tag=f1", "com>\r\n ; tag = f1")
        .replace("Max-Forwards: 70", "Max-Forwards:\r\n  70\r\n ");
    judge(&[("compact", compact, "NewInvite"), ("folded", folded, "NewInvite")]);
}

#[test]
fn what_follows_the_body_is_cut_off() {
    let surplus = format!("{INVITE}surplus");
    for (message, body) in [
        (surplus, "v=0\n"),
        (with(": 4", ": 2"), "v="),
        (with(": 4", ": 0"), ""),
        (with("Content-Length: 4\r\n", ""), "v=0\n"),
    ] {
        let Gate::Pass(checked) = check(message.as_bytes(), source()) else {
            panic!("{message}");
        };
        let text = std::str::from_utf8(checked.bytes).unwrap();
        assert_eq!(text.split_once("\r\n\r\n").unwrap().1, body);
    }
    for length in ["5", "-1", "", "4 4", "99999999999999999999999"] {
        let message = with(": 4", &format!(": {length}"));
        assert_eq!(verdict(message.as_bytes()), "400 Bad Content-Length", "{length}");
    }
}

#[test]
fn too_large_is_said_if_the_headers_end() {
    let room = SIP_MESSAGE_BYTES - INVITE.len();
    let body = |more: usize| INVITE.replace(": 4", ":4").into_bytes().len() + more;
    assert!(body(room) <= SIP_MESSAGE_BYTES);
    judge(&[
        ("just", format!("{INVITE}{}", "x".repeat(room)), "NewInvite"),
        ("more", format!("{INVITE}{}", "x".repeat(room + 1)), "513 Message Too Large"),
        ("endless", with("Donald", &"x".repeat(SIP_MESSAGE_BYTES)), "drop"),
        ("response", format!("{RINGING}{}", "x".repeat(SIP_MESSAGE_BYTES)), "drop"),
    ]);
}

#[test]
fn an_ack_is_never_answered() {
    let ack = method("ACK");
    for broken in [
        ack.replace("SIP/2.0\r\nVia", "SIP/3.0\r\nVia"),
        ack.replace("7 ACK", "7 INVITE"),
        ack.replace(";tag=f1", ""),
        ack.replace(": 4", ": 400"),
    ] {
        assert_eq!(verdict(broken.as_bytes()), "drop");
    }
    assert_eq!(verdict(ack.replace(": 70", ": 0").as_bytes()), "Ack");
    assert_eq!(refuse(ack.as_bytes(), source(), 503, "Service Unavailable", Some(5)), None);
}

#[test]
fn responses_are_taken_or_not() {
    let not = |from: &str, to: &str| RINGING.replacen(from, to, 1);
    for response in [
        not("SIP/2.0 180", "SIP/3.0 180"),
        not("180", "4294967301"),
        not("180", "080"),
        not("180", "700"),
        not("180", "18x"),
        not("7 INVITE", "7 NEWMETHOD"),
        not("7 INVITE", "x INVITE"),
        not("Via", "X"),
        not("CSeq", "X"),
        not("CSeq", "Call-ID: x\r\nCSeq"),
        not("Length: 0", "Length: 1"),
        not("\r\n\r\n", ""),
    ] {
        assert_eq!(verdict(response.as_bytes()), "drop", "{response}");
    }
    for response in [not(" Ringing", ""), not("Ringing", "= 2**3 * ø"), not("180 R", "180  R")] {
        assert_eq!(verdict(response.as_bytes()), "Response", "{response}");
    }
    assert_eq!(refuse(RINGING.as_bytes(), source(), 503, "Service Unavailable", None), None);
}

#[test]
fn an_answer_repeats_what_identifies_the_request() {
    let request = with(
        "Via: ",
        "Via: SIP/2.0/UDP a;rport=1;branch=z9hG4bKx;received=1.1.1.1, SIP/2.0/TCP b;rport\r\nv: ",
    )
    .replace("CSeq: 7 INVITE", "CSeq:\r\n 7\r\n INVITE");
    let answer = refuse(request.as_bytes(), source(), 503, "Service Unavailable", Some(5));
    let answer = String::from_utf8(answer.unwrap()).unwrap();
    let (head, tag) = answer.split_once("592@pbx.example.com>;tag=").unwrap();
    let (tag, tail) = tag.split_once("\r\n").unwrap();
    assert_eq!(
        head,
        "SIP/2.0 503 Service Unavailable\r\n\
         Via: SIP/2.0/UDP a;rport=40000;branch=z9hG4bKx;received=192.0.2.9, SIP/2.0/TCP b;rport\r\n\
         Via: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKabc;rport\r\n\
         From: \"Donald; <Duck>\" <sip:donald@pbx.example.com>;tag=f1\r\n\
         To: <sip:"
    );
    assert_eq!(
        tail,
        "Call-ID: c1@10.0.0.1\r\nCSeq: 7 INVITE\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
    );
    assert_eq!(verdict(answer.as_bytes()), "Response");
    let ack =
        method("ACK").replace("592@pbx.example.com>", &format!("592@pbx.example.com>;tag={tag}"));
    assert_eq!(verdict(ack.as_bytes()), "drop", "the ACK of a stateless answer");
    assert_eq!(verdict(ack.replace("7 ACK", "8 ACK").as_bytes()), "Ack", "of another INVITE");
}

#[test]
fn a_challenge_is_the_same_for_a_retransmission() {
    let request = INVITE.replace("Authorization", "X");
    let Gate::Challenge(challenge) = check(request.as_bytes(), source()) else { panic!() };
    let answer = challenge.challenge_response(&["Digest a".to_owned(), "Digest b".to_owned()]);
    let text = String::from_utf8(answer.clone()).unwrap();
    assert!(text.starts_with("SIP/2.0 401 Unauthorized\r\nVia: "), "{text}");
    assert!(text.contains("\r\nWWW-Authenticate: Digest a\r\nWWW-Authenticate: Digest b\r\n"));
    assert_eq!(verdict(text.as_bytes()), "Response");
    let again = challenge.challenge_response(&["Digest a".to_owned(), "Digest b".to_owned()]);
    assert_eq!(again, answer);
}

/// Whether a receiver could make sense of an answer whatever it was an answer to.
fn assert_well_formed(answer: &[u8]) {
    let text = std::str::from_utf8(answer).unwrap();
    let lines = text.strip_suffix("\r\n\r\n").expect("ends with an empty line");
    let mut lines = lines.split("\r\n");
    assert!(lines.next().unwrap().starts_with("SIP/2.0 "));
    let mut names: Vec<_> = lines
        .inspect(|line| assert!(!line.contains(char::is_control), "{line:?}"))
        .map(|line| line.split_once(": ").unwrap().0)
        .filter(|name| *name != "Via" && *name != "WWW-Authenticate")
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["CSeq", "Call-ID", "Content-Length", "From", "To"]);
}

fn assert_sound(datagram: &[u8]) {
    match check(datagram, source()) {
        Gate::Pass(checked) => match check(checked.bytes, source()) {
            Gate::Pass(again) => assert_eq!(again.bytes, checked.bytes),
            other => panic!("what passed doesn't pass again: {other:?}"),
        },
        Gate::Answer(answer) => assert_well_formed(&answer),
        Gate::Challenge(challenge) => {
            assert_well_formed(&challenge.challenge_response(&["Digest x".to_owned()]));
        }
        Gate::KeepAlive | Gate::Drop => {}
    }
    if let Some(answer) = refuse(datagram, source(), 503, "Service Unavailable", None) {
        assert_well_formed(&answer);
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        assert_sound(&bytes);
    }

    #[test]
    fn no_mutation_panics(
        template in prop::sample::select(vec![INVITE, RINGING]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..12)
    ) {
        let mut bytes = template.as_bytes().to_vec();
        for (at, kind, byte) in changes {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, b"\r\n \t;,<>\"\\%@:="[usize::from(byte) % 14]),
                _ => bytes.truncate(at.max(bytes.len() / 2)),
            }
        }
        assert_sound(&bytes);
    }
}
