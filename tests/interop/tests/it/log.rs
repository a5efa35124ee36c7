//! What the log may not hold.

use crate::phonebook::{HIGH, LOW, change, phone};
use interop::{Account, Phone, Server};
use serde_json::{Value, json};

#[test]
fn the_log_holds_no_token_no_password_and_no_whole_number() {
    holds_no_secret(Server::start());
}

#[test]
fn the_log_for_machines_is_an_object_a_line_and_holds_no_secret_either() {
    for line in holds_no_secret(Server::start_with(&["--log-format", "json"])) {
        let object: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        let member = |name: &str| object[name].is_string();
        assert!(member("timestamp") && member("level") && member("message"), "{line}");
    }
}

/// What was logged since it served.
#[track_caller]
fn holds_no_secret(mut server: Server) -> Vec<String> {
    exercise(&server);
    assert!(server.stop().success());
    let log = server.log();
    // Making the demo prints a command with a token, for a person to paste; that isn't the log.
    let served = log.iter().skip_while(|line| !line.contains("lokal is ready")).skip(1);
    let served: Vec<&String> = served.collect();
    assert!(!served.is_empty(), "a call leaves lines in the log: {log:#?}");
    let demo = server.demo();
    let direct = ["+4570305051", "4570305051", "+4571919998"];
    for secret in demo.tokens().into_iter().chain(demo.passwords()).chain(direct) {
        let line = served.iter().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret:?} is in the log");
    }
    served.into_iter().cloned().collect()
}

/// A call, a wrong password, a read with a token in the query, a change, and a dialled public number.
#[track_caller]
fn exercise(server: &Server) {
    let mut donald = phone(server, "592", HIGH);
    let mut caller = phone(server, "593", LOW);
    let Account { username, .. } = server.account("594");
    let wrong = Account { username, password: "wrong".to_owned() };
    Phone::start(server.demo().sip(), &wrong, LOW).wait_for("REGISTER_FAIL");
    change(server, "592", &json!({ "notes": "changed" }));
    let token = server.demo().token("viewer");
    let id = server.extension("592").id;
    server.api("viewer").get(&format!("/pbx/extension/{id}?token={token}"));
    caller.dial("+4570305051");
    donald.answer();
    caller.wait_for("CALL_ESTABLISHED");
    caller.hang_up();
    donald.wait_for("CALL_CLOSED");
}
