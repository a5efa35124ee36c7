//! One row per rule of docs/API.md section 3: what a change comes to before anything is written.

use super::change::{changes, propose};
use super::read::document;
use crate::AdminError;
use model::access::Level;
use model::change::{Change, Changed};
use model::customer::Customer;
use model::directory::Directory;
use model::employee::Employee;
use model::extension::{Extension, LocalBusyAction};
use model::held::HeldNumber;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use model::item::{BareItem, ItemKind, ItemType, Revision};
use model::music::MusicClass;
use model::number::{E164, LocalNumber, Number};
use model::phone::{Line, MvnoState, Phone};
use model::pii::Name;
use serde_json::{Value, json};

const CUSTOMER: CustomerId = CustomerId::from_bytes([1; 12]);
const DONALD: EmployeeId = EmployeeId::from_bytes([2; 12]);
const DAISY: EmployeeId = EmployeeId::from_bytes([3; 12]);

/// Its bytes are its number: 592 is `05920592…`, so that tests can name it.
fn id(number: u16) -> ItemId {
    let [high, low] = number.to_be_bytes();
    ItemId::from_bytes([high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
}

fn extension(number: u16, employee: Option<EmployeeId>, primary: bool) -> Extension {
    let mut extension = Extension::new(id(number), CUSTOMER, Name::new("Somebody"));
    extension.number = LocalNumber::parse(&number.to_string()).ok();
    extension.employee = employee;
    extension.primary = primary;
    extension
}

fn employee(id: EmployeeId) -> Changed {
    Changed::Employee(Employee {
        access_level: Level::Personal,
        ..Employee::new(id, CUSTOMER, Name::new("Donald Duck"))
    })
}

fn mobile() -> Changed {
    let number = E164::parse("+4571919998").unwrap();
    let line =
        Line::Mvno { number, state: MvnoState::Active, rate_plan: None, new_rate_plan: None };
    let (id, extension) = (PhoneId::from_bytes([9; 12]), Some(id(592)));
    Changed::Phone(Phone { extension, ..Phone::new(id, CUSTOMER, line) })
}

/// 592 and 600 are Donald's, 593 Daisy's; 100 redirects to 101, 101 to 592; 102 to itself by its
/// direct; a queue without a number.
fn directory() -> Directory {
    let mut customer = Customer::new(CUSTOMER, Name::new("Duckburg"));
    customer.settings.default_number = E164::parse("+4570305050").ok();
    let held = (1..).zip(["+4570305050", "+4570305051", "+4570305052", "+4571919998"]).map(
        |(n, number)| {
            let number = E164::parse(number).unwrap();
            let id = NumberId::from_bytes([n; 12]);
            Changed::Number(HeldNumber { id, number, customer: CUSTOMER, pbx: true })
        },
    );
    let mut chain = [extension(100, None, false), extension(101, None, false)];
    chain[0].redirect = Number::parse("101").ok();
    chain[1].redirect = Number::parse("592").ok();
    let mut direct = extension(102, None, false);
    direct.direct = E164::parse("+4570305051").ok();
    let queue = BareItem {
        id: id(900),
        kind: ItemType::Queue,
        customer: CUSTOMER,
        name: Name::new("Queue"),
        number: None,
    };
    let class = MusicClass {
        id: MusicId::from_bytes([7; 12]),
        customer: CUSTOMER,
        name: Name::new("Jazz"),
    };
    let extensions = [
        extension(592, Some(DONALD), true),
        extension(600, Some(DONALD), false),
        extension(593, Some(DAISY), true),
    ];
    let items = extensions.into_iter().chain(chain).chain([direct]);
    let items = items.map(ItemKind::Extension);
    let mut changed = vec![employee(DONALD), employee(DAISY), mobile(), Changed::Music(class)];
    changed.extend(held);
    changed.extend(items.chain([ItemKind::Bare(Box::new(queue))]).map(Changed::Item));
    let change = Change { customer: CUSTOMER, revision: Revision(1), changed };
    Directory::empty(customer).apply(&change)
}

/// What a change of the extension with this number comes to: the extensions written, else faults.
fn change(number: u16, body: &Value) -> Result<(Vec<Extension>, Vec<String>), Vec<String>> {
    let directory = directory();
    let before = directory.extension(id(number)).unwrap();
    let patch = changes(body.as_object().unwrap(), &document(before));
    match propose(&directory, before, Some(Revision(1)), patch) {
        Ok(planned) => {
            let written = planned.write.changed.into_iter().map(|changed| match changed {
                Changed::Item(ItemKind::Extension(extension)) => extension,
                other => panic!("{other:?}"),
            });
            let warnings = planned.warnings.iter().map(|w| format!("{}; {}", w.member, w.code));
            Ok((written.collect(), warnings.collect()))
        }
        Err(AdminError::Invalid(faults)) => {
            Err(faults.into_iter().map(|fault| fault.member).collect())
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn values_that_agree_with_everything_else_are_taken() {
    for body in [
        json!({"number": "595"}),
        json!({"redirect": "593"}),
        json!({"number": "595", "redirect": "101"}),
        json!({"redirect": "+4570305051"}),
        json!({"redirect": "+4511223344"}),
        json!({"redirect": "+442079460000", "outbound": {"destinations": "ANY"}}),
        json!({"redirect": "+4571919998", "outbound": {"destinations": "LOCAL"}}),
        json!({"inboundGoto": id(900)}),
        json!({"ringtone": "070707070707070707070707"}),
        json!({"busy": {"intAction": "NUMBER", "intNumber": "100"}}),
        json!({"noAnswer": {"extAction": "GOTO", "extGoto": id(900)}}),
        json!({"direct": "+4570305050"}),
        json!({"outbound": {"callerId": {"onPresenceWork": "+4570305050"}}}),
        json!({"outbound": {"callerId": {"onPresenceOffWork": "+4571919998"}}}),
        json!({"outbound": {"callerId": {"onNextCall": "SECRET"}}}),
        json!({"employee": null, "primary": false}),
    ] {
        assert!(change(592, &body).is_ok(), "{body} {:?}", change(592, &body));
    }
}

#[test]
fn values_that_do_not_are_refused_with_their_member() {
    for (body, member) in [
        (json!({"number": "112"}), "number"),
        (json!({"number": "*97"}), "number"),
        (json!({"number": "*8592"}), "number"),
        (json!({"startAudio": id(900)}), "startAudio"),
        (json!({"ringtone": id(900)}), "ringtone"),
        (json!({"musicOnHold": id(900)}), "musicOnHold"),
        (json!({"redirect": "777"}), "redirect"),
        (json!({"redirect": "592"}), "redirect"),
        (json!({"redirect": "101"}), "redirect"),
        (json!({"redirect": "100"}), "redirect"),
        (json!({"redirect": "+442079460000"}), "redirect"),
        (json!({"redirect": "+4511223344", "outbound": {"destinations": "LOCAL"}}), "redirect"),
        (json!({"redirect": "+4511223344", "outbound": {"destinations": "NONE"}}), "redirect"),
        (json!({"redirect": "+12025550100", "outbound": {"destinations": "ANY"}}), "redirect"),
        (json!({"redirect": "595", "number": "595"}), "redirect"),
        (json!({"redirect": "592", "number": "595"}), "redirect"),
        (json!({"redirect": "+4570305052", "direct": "+4570305052"}), "redirect"),
        (json!({"employee": "0a0a0a0a0a0a0a0a0a0a0a0a"}), "employee"),
        (json!({"direct": "+4570305059"}), "direct"),
        (json!({"primary": false}), "primary"),
        (json!({"inboundGoto": id(592)}), "inboundGoto"),
        (json!({"inboundGoto": id(777)}), "inboundGoto"),
        (json!({"outbound": {"goto": id(777)}}), "outbound.goto"),
        (json!({"noAnswer": {"intAction": "NUMBER"}}), "noAnswer.intAction"),
        (json!({"noAnswer": {"mobileAction": "GOTO"}}), "noAnswer.mobileAction"),
        (json!({"busy": {"extNumber": "777"}}), "busy.extNumber"),
        (json!({"busy": {"mobileNumber": "+442079460000"}}), "busy.mobileNumber"),
        (
            json!({"outbound": {"callerId": {"onNextCall": "+4570305051"}}}),
            "outbound.callerId.onNextCall",
        ),
    ] {
        assert_eq!(change(592, &body), Err(vec![member.to_owned()]), "{body}");
    }
}

#[test]
fn a_number_that_closes_a_loop_is_refused() {
    // 100 redirects to 101, and that to 592.
    assert_eq!(change(100, &json!({"number": "592"})), Err(vec!["number".to_owned()]));
    assert!(change(100, &json!({"number": "592", "redirect": null})).is_ok());
    let directory = directory();
    let mut before = directory.extension(id(593)).unwrap().clone();
    before.redirect = Number::parse("+4570305052").ok();
    for (direct, taken) in [("+4570305052", false), ("+4570305050", true)] {
        let patch = changes(json!({"direct": direct}).as_object().unwrap(), &document(&before));
        assert_eq!(propose(&directory, &before, Some(Revision(1)), patch).is_ok(), taken);
    }
}

#[test]
fn all_of_them_are_told_at_once_in_the_seeds_order() {
    let body = json!({
        "outbound": {"goto": id(777)},
        "busy": {"intAction": "NUMBER"},
        "redirect": "777",
        "number": "112",
        "primary": false,
    });
    let expected = ["number", "redirect", "primary", "busy.intAction", "outbound.goto"];
    assert_eq!(change(592, &body).unwrap_err(), expected);
}

#[test]
fn narrowing_over_a_stored_number_and_a_late_mobile_delay_warn() {
    for (body, warnings) in [
        (json!({"outbound": {"destinations": "LOCAL"}}), vec![]),
        (json!({"mobileDelay": 10}), vec![]),
        (
            json!({"mobileDelay": 10, "noAnswer": {"timeout": 10}}),
            vec!["mobileDelay; not_before_no_answer"],
        ),
        (json!({"mobileDelay": 30}), vec!["mobileDelay; not_before_no_answer"]),
    ] {
        assert_eq!(change(592, &body).unwrap().1, warnings, "{body}");
    }
    let directory = directory();
    let mut before = directory.extension(id(593)).unwrap().clone();
    before.busy.int_number = Number::parse("+4511223344").ok();
    let body = json!({"outbound": {"destinations": "LOCAL"}});
    let patch = changes(body.as_object().unwrap(), &document(&before));
    let planned = propose(&directory, &before, Some(Revision(1)), patch).unwrap();
    assert_eq!(planned.warnings[0].member, "busy.intNumber");
}

#[test]
fn what_was_stored_under_other_rules_stands_in_nobodys_way() {
    let directory = directory();
    let mut before = directory.extension(id(593)).unwrap().clone();
    before.busy.int_action = LocalBusyAction::Number;
    before.redirect = Number::parse("777").ok();
    for (body, taken) in [
        (json!({"notes": "x"}), true),
        (json!({"outbound": {"destinations": "LOCAL"}}), true),
        (json!({"busy": {"intNumber": "100"}}), true),
        (json!({"busy": {"intGoto": id(900), "intAction": "NUMBER"}}), true),
        (json!({"redirect": "778"}), false),
    ] {
        let patch = changes(body.as_object().unwrap(), &document(&before));
        assert_eq!(propose(&directory, &before, Some(Revision(1)), patch).is_ok(), taken, "{body}");
    }
}

/// The extensions written, in order, with who is primary.
fn primaries(number: u16, body: &Value) -> Vec<(u16, bool)> {
    let (written, _) = change(number, body).unwrap();
    let number_of = |e: &Extension| e.number.as_ref().unwrap().as_str().parse().unwrap();
    written.iter().map(|extension| (number_of(extension), extension.primary)).collect()
}

#[test]
fn exactly_one_extension_of_an_employee_is_primary() {
    let donald = DONALD.to_string();
    for (number, body, written) in [
        (600, json!({"primary": true}), vec![(600, true)]),
        (592, json!({"employee": null}), vec![(592, false), (600, true)]),
        (593, json!({"employee": donald}), vec![(593, false)]),
        (100, json!({"employee": donald}), vec![(100, false)]),
        (592, json!({"notes": "x"}), vec![(592, true)]),
    ] {
        let found = primaries(number, &body);
        assert_eq!(found, written, "{number} {body}");
    }
    assert_eq!(change(100, &json!({"primary": true})), Err(vec!["primary".to_owned()]));
}

#[test]
fn a_name_sent_with_an_employee_is_ignored() {
    let changed = |body: Value, employee| {
        let before = document(&extension(592, employee, false));
        let patch = changes(body.as_object().unwrap(), &before);
        assert!(patch.faults.is_empty(), "{patch:?}");
        patch.changes.into_iter().map(|c| c.member.path).collect::<Vec<_>>()
    };
    let no_name: [&str; 0] = [];
    assert_eq!(changed(json!({"name": "Daisy"}), Some(DONALD)), no_name);
    assert_eq!(changed(json!({"name": 5}), Some(DONALD)), no_name);
    assert_eq!(changed(json!({"name": "Daisy"}), None), ["name"]);
    let leaves = json!({"name": "Daisy", "employee": null});
    assert_eq!(changed(leaves, Some(DONALD)), ["name", "employee"]);
    let joins = json!({"name": "Daisy", "employee": DONALD.to_string()});
    assert_eq!(changed(joins, None), ["employee"]);
}
