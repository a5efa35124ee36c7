//! The peers themselves, without a server between them: what the other tests rely on.

use interop::demo::Account;
use interop::{Phone, loopback};

/// A telephone calls another one directly; they hear each other's tone and tell how it ended.
#[test]
fn two_telephones_hear_each_other_without_a_server() {
    let account = |name: &str| Account { username: name.to_owned(), password: "none".to_owned() };
    let nobody = loopback::claim(1).to_string();
    let mut callee = Phone::start(&nobody, &account("callee"), 660.0);
    let mut caller = Phone::start(&callee.address().to_string(), &account("caller"), 440.0);
    caller.dial("callee");
    callee.answer();
    caller.wait_for("CALL_ESTABLISHED");
    caller.wait_to_hear(660.0);
    callee.wait_to_hear(440.0);
    caller.hang_up();
    assert_eq!(callee.wait_for("CALL_CLOSED").detail, "Connection reset by peer");
}

/// A telephone that isn't answered says 486 when it is hung up.
#[test]
fn a_telephone_refuses_a_ringing_call_as_busy() {
    let account = |name: &str| Account { username: name.to_owned(), password: "none".to_owned() };
    let nobody = loopback::claim(1).to_string();
    let mut callee = Phone::start(&nobody, &account("callee"), 660.0);
    let mut caller = Phone::start(&callee.address().to_string(), &account("caller"), 440.0);
    caller.dial("callee");
    callee.wait_for("CALL_INCOMING");
    callee.hang_up();
    assert!(caller.wait_for("CALL_CLOSED").detail.starts_with("486"));
}
