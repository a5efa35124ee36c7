//! Telephones register, are seen as online, and go; strangers don't get in.

use crate::phonebook::{LOW, phone, sip_phone, wait_until_online};
use interop::{Account, Phone, Server};

#[test]
fn a_registered_telephone_is_online_until_it_unregisters() {
    let server = Server::start();
    assert_eq!(sip_phone(&server, "592")["online"], false);
    let mut donald = phone(&server, "592", LOW);
    wait_until_online(&server, "592", true);
    donald.unregister();
    wait_until_online(&server, "592", false);
}

#[test]
fn a_wrong_password_never_registers() {
    let server = Server::start();
    let Account { username, .. } = server.account("592");
    let account = Account { username, password: "wrong".to_owned() };
    let mut stranger = Phone::start(server.demo().sip(), &account, LOW);
    stranger.wait_for("REGISTER_FAIL");
    assert!(!stranger.has_seen("REGISTER_OK"));
    assert_eq!(sip_phone(&server, "592")["online"], false);
}

#[test]
fn an_unknown_user_is_refused_like_a_wrong_password() {
    let server = Server::start();
    let refusal = |username: String| {
        let account = Account { username, password: "wrong".to_owned() };
        Phone::start(server.demo().sip(), &account, LOW).wait_for("REGISTER_FAIL").detail
    };
    let known = refusal(server.account("592").username);
    assert_eq!(known, refusal("nobody".to_owned()), "a stranger can't tell who exists");
}
