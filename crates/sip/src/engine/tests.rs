//! The front door and the bookkeeping, in virtual time.

use super::legs::Legs;
use super::*;
use crate::leg::{LINGER, sample};
use bytes::Bytes;
use model::call::{Presented, Privacy, Provenance};
use model::id::{CallId, CustomerId, LegId, PhoneId};
use model::limits::{CALLS_PER_CUSTOMER, CALLS_PER_SOURCE};
use model::phone::SipAccount;
use model::phone::{ha1_md5, ha1_sha256};
use model::pii::Secret;
use model::time::{Mono, Wall};
use std::net::SocketAddr;

const NOW: Now = Now { mono: Mono(Duration::ZERO), wall: Wall(1_000_000) };

struct Everybody;

impl Accounts for Everybody {
    fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        Some(Arc::new(SipAccount {
            username: username.to_owned(),
            customer: CustomerId::from_bytes([username.as_bytes()[0]; 12]),
            phone: PhoneId::from_bytes([2; 12]),
            ha1_md5: Secret::new(ha1_md5("lokal", username, "pw")),
            ha1_sha256: Secret::new(ha1_sha256("lokal", username, "pw")),
        }))
    }
}

fn engine() -> Engine {
    let mut drawn = 0_u128;
    Engine::new(Start {
        counts: Arc::default(),
        host: "pbx".to_owned(),
        realm: Realm::new("lokal".to_owned(), [7; 32]),
        accounts: Arc::new(Everybody),
        registrar: Registrar::new(Vec::new(), NOW.wall),
        // Distinct in both halves, as random numbers are.
        draw: Box::new(move || {
            drawn += 1;
            drawn << 64 | drawn
        }),
    })
}

fn outputs(engine: &mut Engine) -> Vec<Output> {
    std::iter::from_fn(|| engine.poll_output()).collect()
}

fn statuses(engine: &mut Engine) -> Vec<u16> {
    let status = |output| match output {
        Output::Respond(_, reply) => Some(reply.status),
        _ => None,
    };
    outputs(engine).into_iter().filter_map(status).collect()
}

/// Sends a request until it is authenticated; gives the statuses of the last answer.
fn send(engine: &mut Engine, key: u64, mut request: Request, user: &str, method: &str) -> Vec<u16> {
    engine.handle_request(ServerKey(key), &request, NOW);
    let challenged = outputs(engine);
    let [Output::Respond(_, reply)] = challenged.as_slice() else {
        panic!("a challenge keeps no state: {challenged:?}")
    };
    if reply.status != 401 {
        return vec![reply.status];
    }
    let challenge = reply.headers.iter().find(|(_, value)| value.contains("=MD5")).unwrap();
    let nonce = challenge.1.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
    let (uri, ha1) = (&request.uri, ha1_md5("lokal", user, "pw"));
    let ha2 = md5_of(&format!("{method}:{uri}"));
    let response = md5_of(&format!("{ha1}:{nonce}:00000001:c:auth:{ha2}"));
    request.authorizations = vec![format!(
        "Digest username=\"{user}\", realm=\"lokal\", nonce=\"{nonce}\", uri=\"{uri}\", \
         algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\", response=\"{response}\""
    )];
    engine.handle_request(ServerKey(key), &request, NOW);
    statuses(engine)
}

fn md5_of(text: &str) -> String {
    use md5::{Digest, Md5};
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn invite(number: usize, source: &str) -> Request {
    let source: SocketAddr = source.parse().unwrap();
    Request { call_id: format!("call-{number}"), source, ..sample::invite() }
}

#[test]
fn a_customer_has_so_many_calls_and_gets_places_back() {
    let mut engine = engine();
    let key = |number: usize| u64::try_from(number).unwrap();
    for number in 0..CALLS_PER_CUSTOMER {
        // From two places, so that the limit per source isn't the one that is met.
        let source = if number % 2 == 0 { "192.0.2.1:5060" } else { "192.0.2.2:5060" };
        assert_eq!(
            send(&mut engine, key(number), invite(number, source), "alice", "INVITE"),
            [100]
        );
    }
    let next = || invite(9999, "192.0.2.3:5060");
    assert_eq!(send(&mut engine, 9999, next(), "alice", "INVITE"), [503]);
    assert_eq!(send(&mut engine, 9999, next(), "bob", "INVITE"), [100], "another customer");
    engine.handle_cancel(ServerKey(0), NOW);
    assert_eq!(statuses(&mut engine), [487]);
    assert_eq!(send(&mut engine, 10_000, next(), "alice", "INVITE"), [100]);
    assert_eq!(send(&mut engine, 10_001, next(), "alice", "INVITE"), [503]);
}

#[test]
fn a_source_has_so_many_unanswered_calls() {
    let mut legs = Legs::default();
    let place = |customer| super::legs::CallerPlace {
        invite: ServerKey(1),
        source: "192.0.2.1".parse().unwrap(),
        customer: CustomerId::from_bytes([customer; 12]),
    };
    for number in 0..CALLS_PER_SOURCE {
        assert!(legs.take_places(place(u8::try_from(number % 4).unwrap())));
    }
    assert!(!legs.take_places(place(9)));
    legs.give_places_back(place(0));
    assert!(legs.take_places(place(9)));
}

#[test]
fn nothing_is_left_of_a_call() {
    let mut engine = engine();
    assert_eq!(send(&mut engine, 1, invite(1, "192.0.2.1:5060"), "alice", "INVITE"), [100]);
    engine.handle_cancel(ServerKey(1), NOW);
    assert!(!engine.legs.is_empty());
    let later = Now { mono: NOW.mono.after(LINGER), ..NOW };
    assert_eq!(engine.poll_timeout(NOW), Some(LINGER));
    engine.handle_timeout(later);
    assert!(engine.legs.is_empty());
    assert_eq!(engine.poll_timeout(later), None);
}

#[test]
fn an_invite_without_a_contact_takes_no_place() {
    let mut engine = engine();
    let bare = Request { contacts: Vec::new(), ..invite(1, "192.0.2.1:5060") };
    assert_eq!(send(&mut engine, 1, bare, "alice", "INVITE"), [400]);
    assert!(engine.legs.is_empty());
}

#[test]
fn draining_refuses_before_anything_else() {
    let mut engine = engine();
    engine.handle_drain();
    assert_eq!(send(&mut engine, 1, invite(1, "192.0.2.1:5060"), "alice", "INVITE"), [503]);
}

#[test]
fn a_phone_is_called_once_however_often_it_is_asked_for() {
    let mut engine = engine();
    let register = Request {
        method: Method::Register,
        uri: "sip:pbx".to_owned(),
        sdp: None,
        expires: Some(60),
        ..invite(1, "192.0.2.1:5060")
    };
    assert_eq!(send(&mut engine, 1, register, "bob", "REGISTER"), [200]);
    let customer = CustomerId::from_bytes([b'b'; 12]);
    let presented = Presented {
        number: None,
        name: None,
        provenance: Provenance::None,
        privacy: Privacy::Secret,
    };
    let command = SipCommand::CallPhone {
        leg: LegRef {
            customer,
            call: CallId::from_bytes([1; 12]),
            leg: LegId::from_bytes([1; 12]),
        },
        phone: PhoneRef { customer, phone: PhoneId::from_bytes([2; 12]) },
        presented,
        hops_left: 9,
        offer: Bytes::from_static(b"offer"),
    };
    engine.handle_command(command.clone(), NOW);
    engine.handle_command(command, NOW);
    let sent = outputs(&mut engine);
    let [Output::Invite(sent)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(sent.destination, "192.0.2.1:5060".parse().unwrap(), "where it registered from");
    assert_eq!(sent.max_forwards, 9);

    // The binding runs out.
    let later = Now { wall: NOW.wall.after(Duration::from_secs(60)), ..NOW };
    assert_eq!(engine.poll_timeout(NOW), Some(Duration::from_secs(60)));
    engine.handle_timeout(later);
    let facts = outputs(&mut engine);
    let gone = |output: &Output| matches!(output, Output::Fact(SipFact::PhoneUnreachable(_)));
    assert!(facts.iter().any(gone), "{facts:?}");
}
