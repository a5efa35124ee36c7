//! Ending and starting again: calls end in order, nothing that was saved is lost.

use crate::phonebook::{HIGH, LOW, change, phone, wait_until_online, whole};
use interop::{Server, wait};
use serde_json::json;

#[test]
fn an_idle_server_ends_when_asked() {
    let mut server = Server::start();
    assert!(server.stop().success());
}

#[test]
fn a_call_is_ended_and_recorded_before_the_server_ends() {
    let mut server = Server::start();
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("592");
    donald.answer();
    caller.wait_for("CALL_ESTABLISHED");
    let api = server.api("owner");
    assert_eq!(api.get("/readyz").ok()["notReady"], json!([]));
    server.terminate();
    let refusal = wait::until("it isn't ready while it drains", || {
        let reply = api.get("/readyz");
        (reply.status == 503).then_some(reply.body)
    });
    assert_eq!(refusal["notReady"], json!(["draining"]));
    assert_eq!(api.get("/healthz").status, 200);
    assert!(server.stop().success());
    donald.wait_for("CALL_CLOSED");
    caller.wait_for("CALL_CLOSED");
    server.start_again();
    let latest = format!("/pbx/cdr/latest?extension={}", server.extension("593").id);
    let calls = server.api("owner").get(&latest).ok();
    assert_eq!(calls["outbound"].as_array().map(Vec::len), Some(1), "{calls:#}");
}

/// Telephones register every few minutes only, so what they said must outlive a restart.
#[test]
fn settings_and_telephones_are_there_after_a_restart() {
    let mut server = Server::start();
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    change(&server, "592", &json!({ "notes": "kept" }));
    assert!(server.stop().success());
    server.start_again();
    let extension = whole(&server.api("owner"), &server.extension("592").id);
    assert_eq!(extension["notes"], "kept");
    wait_until_online(&server, "592", true);
    caller.dial("592");
    donald.answer();
    caller.wait_for("CALL_ESTABLISHED");
    caller.wait_to_hear(HIGH);
}
