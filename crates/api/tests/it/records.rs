//! Records of calls.

use crate::world::{DONALD, DUCKBURG, RECEPTION, World, employee_id, item, steps};
use model::cause::Cause;
use model::id::{CallId, EmployeeId, ItemId, LegId};
use model::pii::Name;
use model::record::{CallRecord, LegRecord, Party, TerminatedBy, TerminatedReason};
use model::time::Wall;
use serde_json::json;

const START: i64 = 1_546_300_800_000;

pub fn call_id(number: u8) -> CallId {
    CallId::from_bytes([number; 12])
}

fn party(extension: ItemId, employee: Option<EmployeeId>) -> Party {
    let (number, name) = (Some("592".to_owned()), Some(Name::new("Somebody")));
    Party { number, name, extension: Some(extension), employee, phone: None }
}

/// A call in Duckburg that began so many seconds after the others.
pub fn record(number: u8, caller: Party, callee: Party, answered: bool) -> CallRecord {
    let started = Wall(START + i64::from(number) * 1000);
    let leg = LegRecord {
        id: LegId::from_bytes([number; 12]),
        phone: None,
        extension: callee.extension,
        started,
        answered: answered.then_some(started),
        ended: started,
        cause: Cause::HungUp,
    };
    CallRecord {
        id: call_id(number),
        customer: DUCKBURG,
        started,
        answered: answered.then_some(started),
        ended: Wall(started.0 + 5000),
        steps: steps(callee.extension.unwrap()),
        caller,
        callee,
        terminated_by: TerminatedBy::Caller,
        terminated_reason: TerminatedReason::Hangup,
        legs: vec![leg],
    }
}

pub fn donald() -> Party {
    party(DONALD, Some(employee_id(92)))
}

pub fn colleague(number: u8) -> Party {
    party(item(number), Some(employee_id(number)))
}

pub async fn keep(world: &World, record: CallRecord) {
    world.store.keep_record(record).await;
    world.store.flush().await;
}

#[tokio::test]
async fn a_history_has_an_entry_and_a_step_for_everything_that_happened() {
    let world = World::new().await;
    keep(&world, record(1, colleague(2), donald(), true)).await;
    let path = format!("/pbx/cdrhistory/{}", call_id(1));
    let history = world.as_("owner").get(&path).await.json();
    assert_eq!(history["_id"], json!(call_id(1)));
    assert_eq!(history["callId"], history["_id"]);
    assert_eq!(history["customer"], json!(DUCKBURG));
    assert_eq!(history["history"][0]["date"], "2019-01-01T00:00:01.020Z");
    assert_eq!(history["history"][0]["action"], "redirect is 100: the call is diverted.");
    assert_eq!(history["history"][0]["calleeExtension"], json!(DONALD));
    assert_eq!(history["steps"][1]["value"], "+4511223344");
    let own = world.as_("donald").get(&path).await.json();
    assert_eq!(own["steps"][1], json!({"rule": "redirect", "outcome": "answered"}));
    assert_eq!(own["history"][1]["action"], "There is a redirect: someone answers.");
    assert_eq!(world.as_("otherOwner").get(&path).await.problem(), "403 access_denied");
}

#[tokio::test]
async fn the_latest_calls_are_sorted_by_what_they_were_to_the_extension() {
    let world = World::new().await;
    for number in 1..=12 {
        keep(&world, record(number, donald(), colleague(2), true)).await;
    }
    keep(&world, record(20, colleague(2), donald(), true)).await;
    keep(&world, record(21, colleague(2), donald(), false)).await;
    let path = format!("/pbx/cdr/latest?extension={DONALD}");
    let latest = world.as_("donald").get(&path).await.json();
    let ids = |list: &str| -> Vec<_> {
        latest[list].as_array().unwrap().iter().map(|call| call["_id"].clone()).collect()
    };
    assert_eq!(ids("outbound").len(), 10);
    assert_eq!(ids("outbound")[0], json!(call_id(12)));
    assert_eq!(ids("inbound"), [json!(call_id(20))]);
    assert_eq!(ids("missed"), [json!(call_id(21))]);
    assert_eq!(latest["missed"][0]["terminatedReason"], "HANGUP");
    let colleagues = format!("/pbx/cdr/latest?extension={RECEPTION}");
    assert_eq!(world.as_("donald").get(&colleagues).await.problem(), "403 access_denied");
}
