//! Telephones register, are seen as online, and go; strangers don't get in.

use crate::phonebook::{HIGH, LOW, phone, sip_phone, wait_until_online};
use interop::{Account, Phone, Server};
use serde_json::json;

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

#[test]
fn new_credentials_end_what_a_telephone_registered() {
    let server = Server::start();
    let donald = phone(&server, "592", LOW);
    let desk = sip_phone(&server, "592")["_id"].as_str().expect("an id").to_owned();
    let reset = format!("/pbx/sipphone/{desk}/resetcredentials");
    let reply = server.api("viewer").post(&reset, &json!({})).ok();
    wait_until_online(&server, "592", false);
    let mut stranger = Phone::start(server.demo().sip(), &server.account("592"), LOW);
    stranger.wait_for("REGISTER_FAIL");
    drop((donald, stranger));
    let text = |member: &str| reply[member].as_str().expect("a text").to_owned();
    let account = Account { username: text("username"), password: text("password") };
    let _donald = Phone::registered(server.demo().sip(), &account, LOW);
    wait_until_online(&server, "592", true);
}

#[test]
fn a_telephone_that_moves_rings_where_it_is_now() {
    let server = Server::start();
    let mut donald = phone(&server, "592", LOW);
    let mut daisy = phone(&server, "593", HIGH);
    let desk = sip_phone(&server, "592")["_id"].as_str().expect("an id").to_owned();
    let to = json!({ "extension": server.extension("594").id });
    server.api("owner").patch(&format!("/pbx/sipphone/{desk}"), &to).ok();
    daisy.dial("594");
    donald.answer();
}
