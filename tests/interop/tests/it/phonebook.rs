//! The demo's people as these tests use them: who has which telephone and which tone.

use interop::{Api, Phone, Server, wait};
use serde_json::{Value, json};

/// What a caller says.
pub const LOW: f64 = 440.0;
/// What a callee says.
pub const HIGH: f64 = 660.0;

/// A registered Duckburg telephone.
#[track_caller]
pub fn phone(server: &Server, number: &str, hertz: f64) -> Phone {
    let phone = Phone::registered(server.demo().sip(), &server.account(number), hertz);
    wait_until_online(server, number, true);
    phone
}

/// Waits until the API shows an extension's SIP phone as online, or not. A phone's 200 is its own; what
/// the API shows follows.
#[track_caller]
pub fn wait_until_online(server: &Server, number: &str, online: bool) {
    wait::until(&format!("{number} is online: {online}"), || {
        (sip_phone(server, number)["online"] == online).then_some(())
    });
}

/// Changes a Duckburg extension as its owner would.
#[track_caller]
pub fn change(server: &Server, number: &str, change: &Value) -> Value {
    let path = format!("/pbx/extension/{}", server.extension(number).id);
    server.api("owner").patch(&path, change).ok()
}

/// Puts the employee behind an extension into a presence.
#[track_caller]
pub fn set_presence(server: &Server, number: &str, presence: &str) {
    let extension = whole(&server.api("owner"), &server.extension(number).id);
    let employee = extension["employee"].as_str().expect("an employee");
    let path = format!("/employee/{employee}");
    server.api("owner").patch(&path, &json!({ "presence": presence })).ok();
}

/// An extension with its phones.
#[track_caller]
pub fn whole(api: &Api, id: &str) -> Value {
    api.get(&format!("/pbx/extension/{id}?includePhones=true")).ok()
}

/// The extension's SIP phone, as the API shows it.
#[track_caller]
pub fn sip_phone(server: &Server, number: &str) -> Value {
    let extension = whole(&server.api("owner"), &server.extension(number).id);
    let phones = extension["phones"].as_array().expect("phones");
    phones.iter().find(|phone| phone["type"] == "SIP").expect("a SIP phone").clone()
}
