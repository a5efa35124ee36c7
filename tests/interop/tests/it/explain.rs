//! What explain foretells is what the call's record tells afterwards: the same steps.

use crate::phonebook::{HIGH, LOW, change, phone, sip_phone};
use interop::{Phone, Server, wait};
use serde_json::{Value, json};

#[test]
fn an_answered_call_went_as_foretold() {
    let server = Server::start();
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    let outcome = json!({ "phone": sip_phone(&server, "592")["_id"], "is": "answer" });
    let foretold = foretell(&server, &[outcome]);
    caller.dial("592");
    donald.answer();
    caller.wait_for("CALL_ESTABLISHED");
    caller.hang_up();
    assert_same_steps(&foretold, &recorded(&server));
}

#[test]
fn a_redirected_call_went_as_foretold() {
    let server = Server::start();
    change(&server, "592", &json!({ "redirect": "100" }));
    let mut colleague = phone(&server, "100", HIGH);
    let mut caller = phone(&server, "593", LOW);
    let outcome = json!({ "phone": sip_phone(&server, "100")["_id"], "is": "answer" });
    let foretold = foretell(&server, &[outcome]);
    caller.dial("592");
    colleague.answer();
    caller.wait_for("CALL_ESTABLISHED");
    caller.hang_up();
    assert_same_steps(&foretold, &recorded(&server));
}

#[test]
fn a_busy_call_went_as_foretold() {
    let server = Server::start();
    change(&server, "592", &json!({ "busy": { "intAction": "BUSY" } }));
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    let outcome = json!({ "phone": sip_phone(&server, "592")["_id"], "is": "busy" });
    let foretold = foretell(&server, &[outcome]);
    caller.dial("592");
    donald.wait_for("CALL_INCOMING");
    donald.hang_up();
    caller.wait_for("CALL_CLOSED");
    assert_same_steps(&foretold, &recorded(&server));
}

#[test]
fn an_unanswered_call_went_as_foretold() {
    let server = Server::start();
    change(&server, "592", &json!({ "noAnswer": { "timeout": 5 } }));
    let _donald = phone(&server, "592", HIGH);
    let mut colleague = phone(&server, "100", HIGH);
    let mut caller = phone(&server, "593", LOW);
    let outcome = json!({ "phone": sip_phone(&server, "100")["_id"], "is": "answer" });
    let foretold = foretell(&server, &[outcome]);
    caller.dial("592");
    colleague.answer();
    caller.wait_for("CALL_ESTABLISHED");
    caller.hang_up();
    assert_same_steps(&foretold, &recorded(&server));
}

/// The command line asks the same question of the running server and gets the same answer.
#[test]
fn the_command_line_explains_the_same() {
    let server = Server::start();
    let _donald: Phone = phone(&server, "592", HIGH);
    let printed = server.command_line(&["explain", "592", "--from", "593", "--json"]);
    let printed: Value = serde_json::from_str(&printed).expect("JSON");
    let asked = foretell(&server, &[]);
    assert_eq!(without_times(&printed["steps"]), without_times(&asked["steps"]));
    assert_eq!(printed["result"], asked["result"]);
}

/// Every sentence says what decided in words that aren't code.
#[test]
fn every_step_has_a_sentence() {
    let server = Server::start();
    let foretold = foretell(&server, &[]);
    let steps = foretold["steps"].as_array().expect("steps");
    assert!(!steps.is_empty());
    for step in steps {
        assert!(step["sentence"].as_str().is_some_and(|text| text.ends_with('.')), "{step}");
    }
}

#[track_caller]
fn foretell(server: &Server, outcomes: &[Value]) -> Value {
    let question = json!({ "direction": "inbound", "from": "593", "outcomes": outcomes });
    let path = format!("/pbx/extension/{}/explain", server.extension("592").id);
    server.api("owner").post(&path, &question).ok()
}

/// The record of 593's last call, which is stored shortly after the call's end.
#[track_caller]
fn recorded(server: &Server) -> Value {
    let api = server.api("owner");
    let latest = format!("/pbx/cdr/latest?extension={}", server.extension("593").id);
    let id = wait::until("the call's record", || {
        api.get(&latest).ok()["outbound"][0]["_id"].as_str().map(str::to_owned)
    });
    api.get(&format!("/pbx/cdrhistory/{id}")).ok()
}

/// The same rules, in the same order, with the same settings and outcomes. How long people took and how
/// the conversation ended isn't foretold.
#[track_caller]
fn assert_same_steps(foretold: &Value, recorded: &Value) {
    let (foretold, recorded) =
        (without_times(&foretold["steps"]), without_times(&recorded["steps"]));
    assert!(foretold.len() > 3, "an explanation of {} steps", foretold.len());
    assert_eq!(foretold, recorded);
}

#[track_caller]
fn without_times(steps: &Value) -> Vec<Value> {
    let mut steps = steps.as_array().expect("steps").clone();
    steps.retain(|step| step["outcome"] != "hung_up");
    for step in steps.iter_mut().filter_map(Value::as_object_mut) {
        step.shift_remove("afterMs");
    }
    steps
}
