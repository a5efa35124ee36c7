//! A call from one telephone to another by extension number, and every way it ends (docs/CALLS.md section 2
//! steps 8-10).

use crate::phonebook::{HIGH, LOW, change, phone};
use interop::Server;
use interop::sipp::Refuser;
use serde_json::json;

#[test]
fn two_telephones_hear_each_other_and_the_caller_hangs_up() {
    let server = Server::start();
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("592");
    let call = donald.answer();
    assert!(call.peer.contains("593"), "Donald sees who calls: {}", call.peer);
    caller.wait_for("CALL_ESTABLISHED");
    caller.wait_to_hear(HIGH);
    donald.wait_to_hear(LOW);
    caller.hang_up();
    donald.wait_for("CALL_CLOSED");
}

#[test]
fn the_callee_hangs_up() {
    let server = Server::start();
    let mut donald = phone(&server, "592", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("592");
    donald.answer();
    caller.wait_for("CALL_ESTABLISHED");
    donald.hang_up();
    caller.wait_for("CALL_CLOSED");
}

/// The caller hears 180 before an answer, not silence.
#[test]
fn the_caller_hears_ringing() {
    let server = Server::start();
    let mut callee = phone(&server, "594", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("594");
    callee.wait_for("CALL_INCOMING");
    caller.wait_for("CALL_RINGING");
}

#[test]
fn a_busy_telephone_makes_the_caller_hear_busy() {
    let server = Server::start();
    change(&server, "594", &json!({ "busy": { "intAction": "BUSY" } }));
    let mut callee = phone(&server, "594", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("594");
    callee.wait_for("CALL_INCOMING");
    callee.hang_up();
    assert_ended_with(&caller.wait_for("CALL_CLOSED").detail, "486");
}

/// A person who declines is busy for the caller (step 8: 603; step 9: BUSY).
#[test]
fn a_declined_call_ends_as_busy() {
    let server = Server::start();
    change(&server, "594", &json!({ "busy": { "intAction": "BUSY" } }));
    let address = server.demo().sip();
    let mut callee = Refuser::registered(address, &server.account("594"), "603 Decline");
    let mut caller = phone(&server, "593", LOW);
    caller.dial("594");
    callee.wait_for_refusal();
    assert_ended_with(&caller.wait_for("CALL_CLOSED").detail, "486");
}

#[test]
fn a_caller_who_gives_up_stops_the_ringing() {
    let server = Server::start();
    let mut callee = phone(&server, "594", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("594");
    callee.wait_for("CALL_INCOMING");
    caller.wait_for("CALL_RINGING");
    caller.hang_up();
    callee.wait_for("CALL_CLOSED");
}

/// Donald's telephone rings in vain; after his time-out his colleague's does, as his setting says.
#[test]
fn a_call_that_nobody_answers_is_diverted() {
    let server = Server::start();
    change(&server, "592", &json!({ "noAnswer": { "timeout": 5 } }));
    let mut donald = phone(&server, "592", HIGH);
    let mut colleague = phone(&server, "100", HIGH);
    let mut caller = phone(&server, "593", LOW);
    caller.dial("592");
    donald.wait_for("CALL_INCOMING");
    let diverted = colleague.answer();
    assert!(diverted.peer.contains("593"), "the original caller is shown: {}", diverted.peer);
    donald.wait_for("CALL_CLOSED");
    caller.wait_to_hear(HIGH);
}

/// A colleague whose telephone isn't registered and whose no-answer action is to keep ringing: the
/// telephone rings as soon as it registers (step 6).
#[test]
fn a_telephone_that_registers_meanwhile_is_added() {
    let server = Server::start();
    change(&server, "594", &json!({ "noAnswer": { "intAction": "NOTHING" } }));
    let mut caller = phone(&server, "593", LOW);
    caller.dial("594");
    caller.wait_for("CALL_RINGING");
    let mut callee = phone(&server, "594", HIGH);
    callee.answer();
    caller.wait_for("CALL_ESTABLISHED");
}

#[test]
fn an_unknown_number_ends_at_once() {
    let server = Server::start();
    let mut caller = phone(&server, "593", LOW);
    caller.dial("599");
    assert_ended_with(&caller.wait_for("CALL_CLOSED").detail, "404");
}

#[track_caller]
fn assert_ended_with(detail: &str, status: &str) {
    assert!(detail.starts_with(status), "the caller was told {detail:?}, not {status}");
}
