//! What a customer or a call may have at most.

use call::Exchange;
use call::command::What;
use call::input::{CallArrived, CameBy, Input};
use model::call::{Presented, Privacy, Provenance};
use model::cause::Cause;
use model::id::{CallId, LegId};
use model::limits::{CALLS_PER_CUSTOMER, DIALLED_CHARS, LEGS_PER_CALL};
use model::time::Now;
use model::trace::StepValue;
use testkit::office::{Office, phone_id};

fn office() -> Office {
    let mut office = Office::new();
    office.extension("592", "Donald").unwrap();
    office.extension("593", "Daisy").unwrap();
    office.sip_phone("593-desk", false);
    office
}

fn dial(exchange: &mut Exchange, n: usize, dialled: String) -> Vec<What> {
    let [.., a, b, c, d] = n.to_be_bytes();
    let id = [0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d];
    let presented = Presented {
        number: None,
        name: None,
        provenance: Provenance::FromOnly,
        privacy: Privacy::Open,
    };
    let (call, leg) = (CallId::from_bytes(id), LegId::from_bytes(id));
    let phone = phone_id("593-desk");
    let arrived =
        CallArrived { call, leg, by: CameBy::Phone(phone), presented, dialled, hops_left: 69 };
    exchange.handle(Input::CallArrived(arrived), Now::default());
    std::iter::from_fn(|| exchange.poll_command()).map(|command| command.what).collect()
}

#[test]
fn one_call_too_many_is_refused_and_recorded() {
    let mut exchange = Exchange::new(office().directory());
    for n in 0..CALLS_PER_CUSTOMER {
        dial(&mut exchange, n, "592".into());
    }
    assert_eq!(exchange.live_calls(), CALLS_PER_CUSTOMER);
    let refused = dial(&mut exchange, CALLS_PER_CUSTOMER, "592".into());
    let [What::RefuseLeg { cause: Cause::Unavailable, .. }, What::KeepRecord(_)] =
        refused.as_slice()
    else {
        panic!("{refused:?}");
    };
    assert_eq!(exchange.live_calls(), CALLS_PER_CUSTOMER);
}

#[test]
fn a_call_rings_so_many_phones_and_no_more() {
    let mut office = office();
    let phones: Vec<_> = (0..=LEGS_PER_CALL).map(|n| format!("592-{n}")).collect();
    phones.iter().for_each(|phone| office.sip_phone(phone, false));
    let mut exchange = Exchange::new(office.directory());
    for phone in &phones {
        exchange.handle(Input::PhoneReachable(phone_id(phone)), Now::default());
    }
    let commands = dial(&mut exchange, 1, "592".into());
    let rung = commands.iter().filter(|what| matches!(what, What::RingPhone { .. }));
    assert_eq!(rung.count(), LEGS_PER_CALL);
}

#[test]
fn the_trace_keeps_so_much_of_what_was_dialled() {
    let mut exchange = Exchange::new(office().directory());
    let commands = dial(&mut exchange, 1, "x".repeat(16_000));
    let Some(What::KeepRecord(record)) = commands.last() else { panic!("{commands:?}") };
    let kept = StepValue::Text("x".repeat(DIALLED_CHARS));
    assert!(record.steps.iter().any(|step| step.value == kept));
    assert_eq!(record.callee.number.as_ref().map(String::len), Some(DIALLED_CHARS));
}
