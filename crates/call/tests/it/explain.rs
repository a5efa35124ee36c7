//! What a question may assume, and what it comes to.

use call::Exchange;
use call::input::Input;
use model::employee::Presence;
use model::explain::{
    Direction, ExplainRequest, ExplainResult, PhoneAct, PhoneFacts, PhoneOutcome,
};
use model::id::ItemId;
use model::time::Now;
use model::trace::{Outcome, Rule};
use serde_json::json;
use std::collections::BTreeMap;
use testkit::office::{Office, item_id, phone_id};

const CELL: &str = "+4571919998";

fn exchange() -> Exchange {
    let mut office = Office::new();
    office.extension("592", "Donald").unwrap();
    office.extension("593", "Daisy").unwrap();
    office.employee("592", Presence::Work).unwrap();
    office.sip_phone("592-desk", false);
    office.sip_phone("593-desk", false);
    office.mobile("592-cell", CELL, false).unwrap();
    for (path, value) in [
        ("onPresenceOffWork", "BUSY_NOT_MOBILE_DIRECT"),
        ("busy.extAction", "VOICEMAIL"),
        ("noAnswer.intAction", "VOICEMAIL"),
        ("noAnswer.extAction", "VOICEMAIL"),
        ("noAnswer.mobileAction", "EXTERNAL"),
    ] {
        office.set("592", path, json!(value)).unwrap();
    }
    office.set("592", "callWaiting", json!(false)).unwrap();
    let mut exchange = Exchange::new(office.directory());
    exchange.handle(Input::PhoneReachable(phone_id("592-desk")), Now::default());
    exchange
}

fn from(from: &str) -> ExplainRequest {
    ExplainRequest {
        direction: Direction::Inbound,
        from: Some(from.to_owned()),
        to: None,
        at: None,
        presence: None,
        phones: BTreeMap::new(),
        outcomes: Vec::new(),
    }
}

fn desk(facts: PhoneFacts) -> BTreeMap<model::id::PhoneId, PhoneFacts> {
    BTreeMap::from([(phone_id("592-desk"), facts)])
}

fn does(is: PhoneAct) -> Vec<PhoneOutcome> {
    vec![PhoneOutcome { phone: phone_id("592-desk"), after_ms: 2000, is, key: None }]
}

/// The result, and the last step that a setting decided.
fn ask(request: ExplainRequest) -> (ExplainResult, String) {
    let explained = exchange().explain(item_id("592"), &request, Now::default());
    let decided = explained.steps.iter().rev().find_map(|step| step.setting.as_deref());
    (explained.result, decided.unwrap_or("nothing").to_owned())
}

#[test]
fn assumed_facts_stand_in_for_the_live_ones() {
    let off_work = Some(Presence::OffWork);
    let facts = PhoneFacts::default();
    let offline = desk(PhoneFacts { online: Some(false), ..facts });
    let mut dnd = desk(PhoneFacts { dnd: Some(true), ..facts });
    dnd.insert(phone_id("592-cell"), PhoneFacts { dnd: Some(true), ..facts });
    let in_call = desk(PhoneFacts { in_call: Some(true), ..facts });
    let table = [
        (from("593"), ExplainResult::NoAnswer, "noAnswer.intAction"),
        (
            ExplainRequest { presence: off_work, ..from("593") },
            ExplainResult::Busy,
            "busy.intAction",
        ),
        (
            ExplainRequest { presence: off_work, ..from("+4512345678") },
            ExplainResult::Busy,
            "busy.extAction",
        ),
        (
            ExplainRequest { presence: off_work, to: Some(CELL.into()), ..from("+4512345678") },
            ExplainResult::NoAnswer,
            "noAnswer.extAction",
        ),
        (
            ExplainRequest { phones: offline, ..from("593") },
            ExplainResult::NoAnswer,
            "noAnswer.intAction",
        ),
        (ExplainRequest { phones: dnd, ..from("593") }, ExplainResult::Busy, "busy.intAction"),
        (ExplainRequest { phones: in_call, ..from("593") }, ExplainResult::Busy, "busy.intAction"),
    ];
    for (request, result, setting) in table {
        assert_eq!(ask(request.clone()), (result, setting.to_owned()), "{request:?}");
    }
}

#[test]
fn phones_do_what_is_assumed() {
    let table = [
        (PhoneAct::Answer, ExplainResult::Answered, "noAnswer.timeout"),
        (PhoneAct::Busy, ExplainResult::Busy, "busy.intAction"),
        (PhoneAct::Decline, ExplainResult::Busy, "busy.intAction"),
        (PhoneAct::Unreachable, ExplainResult::NoAnswer, "noAnswer.intAction"),
        (PhoneAct::Key, ExplainResult::NoAnswer, "noAnswer.intAction"),
    ];
    for (is, result, setting) in table {
        let request = ExplainRequest { outcomes: does(is), ..from("593") };
        assert_eq!(ask(request), (result, setting.to_owned()), "{is:?}");
    }
}

#[test]
fn without_an_outcome_the_phone_rings_on() {
    let explained = exchange().explain(item_id("593"), &from("592"), Now::default());
    assert_eq!(explained.result, ExplainResult::Rings);
    let online = PhoneFacts { online: Some(true), ..PhoneFacts::default() };
    let phones = BTreeMap::from([(phone_id("593-desk"), online)]);
    let request = ExplainRequest { phones, ..from("592") };
    let explained = exchange().explain(item_id("593"), &request, Now::default());
    assert_eq!(explained.result, ExplainResult::Rings);
    let last = explained.steps.last().map(|step| (step.rule, step.outcome));
    assert_eq!(last, Some((Rule::NoAnswer, Outcome::KeepsRinging)));
}

#[test]
fn outbound_starts_at_the_extension() {
    let outbound = |to: &str| ExplainRequest {
        direction: Direction::Outbound,
        from: None,
        to: Some(to.to_owned()),
        ..from("")
    };
    for (to, result) in [
        ("593", ExplainResult::Rings),
        ("999", ExplainResult::NotFound),
        ("+46701234567", ExplainResult::Refused),
    ] {
        assert_eq!(ask(outbound(to)).0, result, "{to}");
    }
}

#[test]
fn an_extension_that_is_not_there_is_not_found() {
    let gone = ItemId::from_bytes([0; 12]);
    let explained = exchange().explain(gone, &from("593"), Now::default());
    assert_eq!((explained.result, explained.steps), (ExplainResult::NotFound, Vec::new()));
}
