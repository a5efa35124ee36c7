//! A setting changed over HTTP acts on the very next call.

use crate::phonebook::{HIGH, LOW, change, phone, set_presence};
use interop::{Phone, Server};
use serde_json::{Value, json};

/// A server with Donald, colleague 100 and caller 593 registered, and Donald's settings changed.
struct Scene {
    server: Server,
    donald: Phone,
    colleague: Phone,
    caller: Phone,
}

impl Scene {
    #[track_caller]
    fn set(changes: &Value) -> Self {
        let server = Server::start();
        let donald = phone(&server, "592", HIGH);
        let colleague = phone(&server, "100", HIGH);
        let caller = phone(&server, "593", LOW);
        change(&server, "592", changes);
        Self { server, donald, colleague, caller }
    }

    #[track_caller]
    fn ends_with(&mut self, status: &str) {
        let detail = self.caller.wait_for("CALL_CLOSED").detail;
        assert!(detail.starts_with(status), "the caller was told {detail:?}, not {status}");
    }
}

#[test]
fn redirect_rings_the_colleague_instead_and_stops_when_cleared() {
    let mut scene = Scene::set(&json!({ "redirect": "100" }));
    scene.caller.dial("592");
    scene.colleague.answer();
    assert!(!scene.donald.has_seen("CALL_INCOMING"), "a redirect skips Donald's telephone");
    scene.caller.hang_up();
    scene.colleague.wait_for("CALL_CLOSED");
    scene.caller.wait_for("CALL_CLOSED");
    change(&scene.server, "592", &json!({ "redirect": null }));
    scene.caller.dial("592");
    scene.donald.answer();
}

/// The stand-in reaches the extension that is redirected to them (section 2 step 2).
#[test]
fn the_target_of_a_redirect_gets_through() {
    let mut scene = Scene::set(&json!({ "redirect": "100" }));
    scene.colleague.dial("592");
    scene.donald.answer();
}

#[test]
fn presence_makes_an_extension_busy() {
    let mut scene = Scene::set(&json!({
        "onPresenceOffWork": "BUSY", "busy": { "intAction": "BUSY" }
    }));
    set_presence(&scene.server, "592", "OFF_WORK");
    scene.caller.dial("592");
    scene.ends_with("486");
    assert!(!scene.donald.has_seen("CALL_INCOMING"), "presence decides before ringing");
    set_presence(&scene.server, "592", "WORK");
    scene.caller.dial("592");
    scene.donald.answer();
}

#[test]
fn a_busy_extension_diverts_to_a_number() {
    let mut scene = Scene::set(&json!({ "busy": { "intAction": "NUMBER", "intNumber": "100" } }));
    scene.caller.dial("592");
    scene.donald.wait_for("CALL_INCOMING");
    scene.donald.hang_up();
    scene.colleague.answer();
    scene.caller.wait_for("CALL_ESTABLISHED");
}

/// With NOTHING the time-out passes and it rings on. The clock is another call with the same time-out,
/// begun later, that ends: 594 has no mailbox.
#[test]
fn no_answer_nothing_rings_on_past_the_time_out() {
    let mut scene = Scene::set(&json!({ "noAnswer": { "timeout": 5, "intAction": "NOTHING" } }));
    let clock = json!({ "noAnswer": { "timeout": 5, "intAction": "VOICEMAIL" } });
    change(&scene.server, "594", &clock);
    let _clock = phone(&scene.server, "594", HIGH);
    scene.caller.dial("592");
    scene.donald.wait_for("CALL_INCOMING");
    scene.colleague.dial("594");
    let detail = scene.colleague.wait_for("CALL_CLOSED").detail;
    assert!(detail.starts_with("480"), "the clock ended with {detail:?}");
    assert!(!scene.caller.has_seen("CALL_CLOSED"), "the caller is still there");
    scene.donald.accept();
}

#[test]
fn without_call_waiting_a_second_call_is_busy() {
    let mut scene = Scene::set(&json!({ "callWaiting": false, "busy": { "intAction": "BUSY" } }));
    scene.colleague.dial("592");
    scene.donald.answer();
    scene.caller.dial("592");
    scene.ends_with("486");
    change(&scene.server, "592", &json!({ "callWaiting": true }));
    scene.caller.dial("592");
    scene.donald.wait_for("CALL_INCOMING");
}
