//! The same extension number in two customers: nothing crosses over.

use crate::phonebook::{HIGH, LOW, phone};
use interop::{Phone, Server};

/// Donald and Mickey both have 592. A Duckburg caller rings Donald only.
#[test]
fn a_number_rings_in_the_callers_own_customer() {
    let server = Server::start();
    let account = server.demo().account("Mouseton", "592");
    let mut mickey = Phone::registered(server.demo().sip(), &account, HIGH);
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("592");
    donald.answer();
    caller.wait_for("CALL_ESTABLISHED");
    assert!(!mickey.has_seen("CALL_INCOMING"), "a call never leaves its customer");
}

/// From Mouseton, Duckburg's 594 doesn't exist.
#[test]
fn another_customers_number_is_unknown() {
    let server = Server::start();
    let account = server.demo().account("Mouseton", "592");
    let mut mickey = Phone::registered(server.demo().sip(), &account, HIGH);
    let mut colleague = phone(&server, "594", LOW);
    mickey.dial("594");
    let detail = mickey.wait_for("CALL_CLOSED").detail;
    assert!(detail.starts_with("404"), "the caller was told {detail:?}");
    assert!(!colleague.has_seen("CALL_INCOMING"));
}

/// The other customer's owner reads neither the extension nor its calls.
#[test]
fn another_customers_owner_is_refused() {
    let server = Server::start();
    let stranger = server.api("otherCustomerOwner");
    let id = server.extension("592").id;
    let calls = format!("/pbx/cdr/latest?extension={id}");
    for path in [format!("/pbx/extension/{id}"), calls] {
        let reply = stranger.get(&path);
        assert_eq!((reply.status, reply.body["message"].as_str()), (403, Some("access_denied")));
    }
}
