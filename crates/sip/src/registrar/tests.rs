//! A phone that registers, moves, forgets itself and lies.

use super::*;
use model::id::{CustomerId, PhoneId};
use model::limits::{BINDING_SECONDS, MIN_BINDING_SECONDS};
use model::phone::SipAccount;
use model::pii::Secret;
use proptest::prelude::*;
use std::sync::Arc;

const START: Wall = Wall(1_800_000_000_000);
const PHONE: PhoneRef =
    PhoneRef { customer: CustomerId::from_bytes([1; 12]), phone: PhoneId::from_bytes([2; 12]) };

fn at(seconds: i64) -> Wall {
    Wall(START.0 + seconds * 1000)
}

fn request(cseq: u32, contacts: &[(&str, Option<u32>)]) -> RegisterRequest {
    let contacts = contacts
        .iter()
        .map(|(uri, expires)| ContactValue { uri: (*uri).to_owned(), expires: *expires })
        .collect();
    RegisterRequest {
        account: Arc::new(SipAccount {
            username: "donald".to_owned(),
            customer: PHONE.customer,
            phone: PHONE.phone,
            ha1_md5: Secret::new(String::new()),
            ha1_sha256: Secret::new(String::new()),
        }),
        contacts,
        star: false,
        expires: None,
        call_id: "call".to_owned(),
        cseq,
        source: "192.0.2.7:40000".parse().unwrap(),
    }
}

fn star(cseq: u32) -> RegisterRequest {
    RegisterRequest { star: true, expires: Some(0), ..request(cseq, &[]) }
}

/// The facts since the last look, a word each with what tells them apart.
fn facts(registrar: &mut Registrar) -> Vec<String> {
    std::iter::from_fn(|| registrar.poll_fact())
        .map(|fact| match fact {
            SipFact::BindingKept(binding) => format!("kept {}", binding.key),
            SipFact::BindingDropped { key, .. } => format!("dropped {key}"),
            SipFact::PhoneReachable(_) => "reachable".to_owned(),
            SipFact::PhoneUnreachable(_) => "unreachable".to_owned(),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn uris(registrar: &Registrar, now: Wall) -> Vec<String> {
    registrar.contacts_of(PHONE, now).into_iter().map(|reach| reach.uri).collect()
}

fn registrar() -> Registrar {
    Registrar::new(Vec::new(), START)
}

#[test]
fn a_phone_comes_stays_and_goes() {
    let mut registrar = registrar();
    let reply = registrar.register(request(1, &[("sip:d@10.0.0.1", None)]), at(0));
    assert_eq!(reply.status, 200);
    assert_eq!(reply.contacts, [("sip:d@10.0.0.1".to_owned(), BINDING_SECONDS)]);
    assert_eq!(facts(&mut registrar), ["kept sip:d@10.0.0.1", "reachable"]);
    let reach = registrar.contacts_of(PHONE, at(1)).remove(0);
    assert_eq!(reach.destination, "192.0.2.7:40000".parse().unwrap(), "the source, not the URI");

    let reply = registrar.register(request(2, &[("sip:d@10.0.0.1", Some(0))]), at(2));
    assert_eq!((reply.status, reply.contacts.len()), (200, 0));
    assert_eq!(facts(&mut registrar), ["dropped sip:d@10.0.0.1", "unreachable"]);
    assert_eq!(uris(&registrar, at(2)), [""; 0]);
    assert_eq!(registrar.next_expiry(), None);
}

#[test]
fn expiries_are_granted_within_bounds() {
    let min = MIN_BINDING_SECONDS;
    let cases = [
        (None, None, 200, Some(BINDING_SECONDS)),
        (Some(60), None, 200, Some(60)),
        (None, Some(60), 200, Some(60)),
        (Some(90), Some(60), 200, Some(90)),
        (Some(u32::MAX), None, 200, Some(BINDING_SECONDS)),
        (Some(min), None, 200, Some(min)),
        (Some(min - 1), None, 423, None),
        (None, Some(1), 423, None),
        (Some(0), Some(60), 200, None),
        (None, Some(0), 200, None),
    ];
    for (parameter, header, status, granted) in cases {
        let mut registrar = registrar();
        let asked = RegisterRequest { expires: header, ..request(1, &[("sip:d@h", parameter)]) };
        let reply = registrar.register(asked, START);
        assert_eq!(reply.status, status, "{parameter:?} {header:?}");
        assert_eq!(reply.contacts.first().map(|contact| contact.1), granted);
        assert_eq!(reply.min_expires, (status == 423).then_some(min));
    }
}

#[test]
fn a_refused_request_changes_nothing() {
    let cases = [
        ("too brief", request(2, &[("sip:new@h", None), ("sip:d@h", Some(5))]), 423),
        ("not SIP", request(2, &[("sip:d@h", Some(0)), ("mailto:d@h", None)]), 400),
        ("a line break", request(2, &[("sip:d@h\nx", None)]), 400),
        ("too long", request(2, &[(&format!("sip:{}@h", "d".repeat(600)), None)]), 400),
        ("out of order", request(1, &[("sip:new@h", None), ("sip:d@h", Some(0))]), 500),
        ("star out of order", star(1), 500),
        ("star with expiry", RegisterRequest { expires: Some(60), ..star(2) }, 400),
        ("star without expiry", RegisterRequest { expires: None, ..star(2) }, 400),
        (
            "star and more",
            RegisterRequest { star: true, expires: Some(0), ..request(2, &[("sip:x@h", None)]) },
            400,
        ),
        ("no Call-ID", RegisterRequest { call_id: String::new(), ..star(2) }, 400),
    ];
    for (case, refused, status) in cases {
        let mut registrar = registrar();
        registrar.register(request(1, &[("sip:d@h", None)]), START);
        facts(&mut registrar);
        let reply = registrar.register(refused, at(1));
        assert_eq!((reply.status, reply.contacts.len()), (status, 0), "{case}");
        assert_eq!(facts(&mut registrar), [""; 0], "{case}");
        assert_eq!(uris(&registrar, at(1)), ["sip:d@h"], "{case}");
    }
}

#[test]
fn order_counts_within_one_call_id_and_binding() {
    let mut registrar = registrar();
    let other_call =
        |cseq, contacts| RegisterRequest { call_id: "other".to_owned(), ..request(cseq, contacts) };
    let steps = [
        (request(5, &[("sip:a@h", None)]), 200),
        (request(5, &[("sip:a@h", None)]), 500),
        (request(4, &[("sip:a@h", None)]), 500),
        (request(4, &[("sip:b@h", None)]), 200),
        (other_call(1, &[("sip:a@h", None)]), 200),
        (request(5, &[("sip:a@h", None)]), 200),
        (request(6, &[("SIP:a@H", None)]), 200),
        (request(6, &[("sip:a@h", None)]), 500),
        (other_call(0, &[]), 200),
    ];
    for (step, (asked, status)) in steps.into_iter().enumerate() {
        assert_eq!(registrar.register(asked, START).status, status, "step {step}");
    }
}

#[test]
fn star_removes_everything() {
    let mut registrar = registrar();
    registrar.register(request(1, &[("sip:a@h", None), ("sip:b@h", None)]), START);
    facts(&mut registrar);
    assert_eq!(registrar.register(star(2), at(1)).status, 200);
    assert_eq!(facts(&mut registrar), ["dropped sip:a@h", "dropped sip:b@h", "unreachable"]);
}

#[test]
fn a_phone_that_is_forgotten_is_reached_no_more() {
    let mut registrar = registrar();
    registrar.register(request(1, &[("sip:a@h", None)]), at(0));
    facts(&mut registrar);
    registrar.forget(PHONE);
    assert!(uris(&registrar, at(1)).is_empty());
    assert_eq!(facts(&mut registrar), ["dropped sip:a@h", "unreachable"]);
    registrar.forget(PHONE);
    assert!(facts(&mut registrar).is_empty());
}

#[test]
fn a_query_tells_and_changes_nothing() {
    let mut registrar = registrar();
    registrar.register(request(1, &[("sip:a@h", Some(60))]), START);
    registrar.register(request(1, &[("sip:b@h", Some(90))]), at(1));
    facts(&mut registrar);
    let reply = registrar.register(request(1, &[]), Wall(START.0 + 1500));
    assert_eq!(reply.contacts, [("sip:b@h".to_owned(), 90), ("sip:a@h".to_owned(), 59)]);
    assert_eq!(facts(&mut registrar), [""; 0]);
}

#[test]
fn the_oldest_binding_goes_when_there_are_too_many() {
    let mut registrar = registrar();
    for second in 0..i64::try_from(BINDINGS_PER_PHONE).unwrap() {
        registrar.register(request(1, &[(&format!("sip:{second}@h"), None)]), at(second));
    }
    registrar.register(request(2, &[("sip:0@h", None)]), at(10));
    facts(&mut registrar);
    registrar.register(request(1, &[("sip:new@h", None)]), at(11));
    assert_eq!(facts(&mut registrar), ["kept sip:new@h", "dropped sip:1@h"]);
    assert_eq!(uris(&registrar, at(11)), ["sip:new@h", "sip:0@h", "sip:3@h", "sip:2@h"]);
}

#[test]
fn moving_from_one_contact_to_another_is_no_absence() {
    let mut registrar = registrar();
    registrar.register(request(1, &[("sip:a@h", None)]), START);
    facts(&mut registrar);
    registrar.register(request(2, &[("sip:a@h", Some(0)), ("sip:b@h", None)]), at(1));
    assert_eq!(facts(&mut registrar), ["dropped sip:a@h", "kept sip:b@h"]);
}

#[test]
fn bindings_run_out() {
    let mut registrar = registrar();
    registrar.register(request(1, &[("sip:a@h", Some(60)), ("sip:b@h", Some(90))]), START);
    facts(&mut registrar);
    assert_eq!(registrar.next_expiry(), Some(at(60)));
    registrar.expire(Wall(at(60).0 - 1));
    assert_eq!(facts(&mut registrar), [""; 0]);
    assert_eq!(uris(&registrar, at(60)), ["sip:b@h"], "without waiting for expire");
    registrar.expire(at(60));
    assert_eq!(facts(&mut registrar), ["dropped sip:a@h"]);
    assert_eq!(registrar.next_expiry(), Some(at(90)));
    registrar.expire(at(1000));
    assert_eq!(facts(&mut registrar), ["dropped sip:b@h", "unreachable"]);
    assert_eq!(registrar.next_expiry(), None);
}

#[test]
fn refreshing_is_stored_at_half_time_or_when_more_changed() {
    let refresh = |cseq| request(cseq, &[("sip:a@h", Some(600))]);
    let moved = RegisterRequest { source: "192.0.2.8:1".parse().unwrap(), ..refresh(4) };
    let called = RegisterRequest { call_id: "other".to_owned(), ..moved.clone() };
    let brief = RegisterRequest {
        contacts: vec![ContactValue { uri: "sip:a@h".to_owned(), expires: Some(60) }],
        cseq: 5,
        ..called.clone()
    };
    let steps = [
        (refresh(1), 0, true),
        (refresh(2), 299, false),
        (refresh(3), 301, true),
        (moved, 302, true),
        (called, 303, true),
        (brief, 304, true),
    ];
    let mut registrar = registrar();
    for (asked, second, stored) in steps {
        registrar.register(asked, at(second));
        let kept = facts(&mut registrar).iter().any(|fact| fact == "kept sip:a@h");
        assert_eq!(kept, stored, "{second}");
    }
}

#[test]
fn stored_bindings_come_back() {
    let mut before = registrar();
    before.register(request(7, &[("sip:a@h", Some(600)), ("sip:b@h", Some(60))]), START);
    let mut stored: Vec<_> = std::iter::from_fn(|| before.poll_fact())
        .filter_map(|fact| match fact {
            SipFact::BindingKept(binding) => Some(binding),
            _ => None,
        })
        .collect();
    stored.push(Binding { key: "sip:c@h".to_owned(), state: "?".to_owned(), ..stored[0].clone() });

    let mut after = Registrar::new(stored, at(60));
    assert_eq!(facts(&mut after), ["reachable", "dropped sip:b@h", "dropped sip:c@h"]);
    assert_eq!(after.contacts_of(PHONE, at(60)), before.contacts_of(PHONE, at(60)));
    assert_eq!(after.next_expiry(), Some(at(600)));
    let late = request(7, &[("sip:a@h", None)]);
    assert_eq!(after.register(late, at(61)).status, 500, "the order is kept");
}

#[test]
fn stored_bindings_have_an_age_whatever_their_order() {
    let stored = |second: i64| {
        let mut one = registrar();
        one.register(request(1, &[(&format!("sip:{second}@h"), None)]), at(second));
        let Some(SipFact::BindingKept(binding)) = one.poll_fact() else { panic!() };
        binding
    };
    let seconds = 0..=i64::try_from(BINDINGS_PER_PHONE).unwrap();
    let mut after = Registrar::new(seconds.rev().map(stored).collect(), at(10));
    assert_eq!(facts(&mut after), ["reachable", "dropped sip:0@h"]);
    assert_eq!(uris(&after, at(10)), ["sip:4@h", "sip:3@h", "sip:2@h", "sip:1@h"]);
}

proptest! {
    /// Whatever phones send: bounds hold, and the facts tell a listener exactly what is there.
    #[test]
    fn facts_add_up(
        steps in prop::collection::vec((0..6_u8, 0..3_u8, 0..200_u32, 0..4_u32, 0..100_i64), 1..60)
    ) {
        let mut registrar = registrar();
        let (mut kept, mut reachable) = (BTreeSet::new(), false);
        let mut now = START;
        for (contact, call, expires, cseq, wait) in steps {
            now = Wall(now.0 + wait * 1000);
            registrar.expire(now);
            let uri = format!("sip:{contact}@h");
            let asked = RegisterRequest {
                call_id: call.to_string(),
                ..request(cseq, &[(&uri, Some(expires))])
            };
            registrar.register(asked, now);
            while let Some(fact) = registrar.poll_fact() {
                match fact {
                    SipFact::BindingKept(binding) => { kept.insert(binding.key); }
                    SipFact::BindingDropped { key, .. } => { kept.remove(&key); }
                    SipFact::PhoneReachable(_) => { prop_assert!(!reachable); reachable = true; }
                    SipFact::PhoneUnreachable(_) => { prop_assert!(reachable); reachable = false; }
                    _ => prop_assert!(false),
                }
            }
            let there: BTreeSet<_> = uris(&registrar, now).into_iter().collect();
            prop_assert!(there.len() <= BINDINGS_PER_PHONE);
            prop_assert_eq!(&there, &kept);
            prop_assert_eq!(!there.is_empty(), reachable);
        }
    }
}
