//! Sentences: things are told as people call them, and masked steps without any name.

use crate::directory::{A, empty, extension, item};
use model::change::{Change, Changed};
use model::directory::Directory;
use model::id::{ItemId, PhoneId};
use model::item::Revision;
use model::number::E164;
use model::phone::{Line, MvnoState, Phone};
use model::sentence::sentence;
use model::trace::Outcome::{
    Accepted, Answered, Busy, Diverted, Dnd, FallsBack, Jumped, NoAnswer, NotFound, NotSet,
    Refused, Rings, Skipped, Unreachable,
};
use model::trace::{Outcome, Rule, Step, StepValue};

/// As JSON.
const RECEPTION: &str = r#""030303030303030303030303""#;
const DESK: &str = r#""050505050505050505050505""#;
const MOBILE: &str = r#""060606060606060606060606""#;

fn phone(id: &str, notes: &str, line: Line) -> Changed {
    let customer = empty().customer.id;
    let notes = Some(notes.to_owned());
    let id: PhoneId = serde_json::from_str(id).unwrap();
    Changed::Phone(Phone { extension: Some(A), notes, ..Phone::new(id, customer, line) })
}

fn directory() -> Directory {
    let sip = Line::Sip { username: "592-1".into(), model: None, mac_address: None, product: None };
    let number = E164::parse("+4571919998").unwrap();
    let mobile =
        Line::Mvno { number, state: MvnoState::Active, rate_plan: None, new_rate_plan: None };
    let changed = vec![
        item(extension(A, "592")),
        phone(DESK, "Desk phone", sip),
        phone(MOBILE, "Mobile", mobile),
    ];
    let customer = empty().customer.id;
    empty().apply(&Change { customer, revision: Revision(1), changed })
}

fn told(
    item: Option<ItemId>,
    (rule, outcome): (Rule, Outcome),
    setting: Option<&'static str>,
    value: StepValue,
) -> String {
    let setting = setting.map(Into::into);
    sentence(&Step { after_ms: 0, item, rule, setting, value, outcome }, &directory())
}

/// Rule, outcome, setting if any, value as JSON, and the sentence.
type Row = (Rule, Outcome, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    (Rule::Caller, Accepted, "number", r#""592""#, "Reception (592) calls."),
    (Rule::Dialled, Accepted, "number", r#""592""#, "592 was dialled: it reaches Reception (592)."),
    (Rule::Destinations, Refused, "outbound.destinations", r#""LOCAL""#, "outbound.destinations is LOCAL: that may not be dialled."),
    (Rule::Entered, Accepted, "", r#""EXTENSION""#, "Reception (592) has the call."),
    (Rule::Entered, FallsBack, "", r#""QUEUE""#, "Reception (592), a QUEUE, can't take calls yet."),
    (Rule::Limits, Accepted, "", "2", "The call has visited 2 items so far."),
    (Rule::Redirect, NotSet, "redirect", "null", "No redirect is set."),
    (Rule::Redirect, Diverted, "redirect", r#""100""#, "redirect is 100: the call is diverted."),
    (Rule::Presence, Accepted, "", r#""WORK""#, "The employee is at work."),
    (Rule::Presence, Busy, "onPresenceHoliday", r#""BUSY""#, "onPresenceHoliday is BUSY: handled as busy."),
    (Rule::Phones, Accepted, "", DESK, "SIP phone \"Desk phone\" can be rung."),
    (Rule::Phones, Unreachable, "", MOBILE, "Mobile phone +4571919998 can't be reached."),
    (Rule::Phones, Dnd, "", DESK, "SIP phone \"Desk phone\" is in do not disturb."),
    (Rule::Phones, Skipped, "", DESK, "SIP phone \"Desk phone\" is the one that calls."),
    (Rule::Phones, NoAnswer, "", r#""unreachable""#, "No phone can be rung: handled as not answered."),
    (Rule::InCall, Accepted, "", "0", "It is in no other call."),
    (Rule::InCall, Busy, "callWaiting", "false", "It is in a call already, and callWaiting is off: handled as busy."),
    (Rule::Ring, Rings, "noAnswer.timeout", "30", "It rings; noAnswer.timeout is 30 seconds."),
    (Rule::Ring, NoAnswer, "noAnswer.timeout", "30", "Nobody answers in time; noAnswer.timeout is 30 seconds: handled as not answered."),
    (Rule::Ring, Answered, "", DESK, "SIP phone \"Desk phone\" answers."),
    (Rule::Ring, Busy, "", DESK, "SIP phone \"Desk phone\" is busy."),
    (Rule::Ring, Busy, "", r#""rejected""#, "Someone declined: handled as busy."),
    (Rule::Ring, NoAnswer, "", r#""unreachable""#, "No phone answers: handled as not answered."),
    (Rule::Busy, Refused, "busy.intAction", r#""BUSY""#, "busy.intAction is BUSY: the caller hears busy."),
    (Rule::Busy, Jumped, "busy.intGoto", RECEPTION, "busy.intGoto is Reception (592): the call goes there."),
    (Rule::Diversion, Diverted, "", r#""592""#, "The call is diverted to Reception (592)."),
    (Rule::Diversion, Diverted, "", r#""100""#, "The call is diverted to 100."),
    (Rule::End, NotFound, "", r#""not_found""#, "The call ends: not found."),
];

#[test]
fn things_are_told_as_people_call_them() {
    for (rule, outcome, setting, value, expected) in TABLE {
        let setting = Some(*setting).filter(|setting| !setting.is_empty());
        let value = serde_json::from_str(value).unwrap();
        assert_eq!(told(Some(A), (*rule, *outcome), setting, value), *expected);
    }
}

#[test]
fn without_item_and_value_nothing_is_named() {
    for rule in Rule::ALL {
        for outcome in Outcome::ALL {
            let told = told(None, (*rule, *outcome), None, StepValue::Null);
            assert!(
                told.ends_with('.') && !told.contains("Reception"),
                "{rule:?} {outcome:?}: {told}"
            );
            assert!(!told.contains("not set"), "{rule:?} {outcome:?}: {told}");
        }
    }
}
