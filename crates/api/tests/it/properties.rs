//! What holds whatever an extension's members are: one changes alone, what was read can be sent back,
//! and who sees the extension masked can't tell what it hides.

use crate::client::{Client, Reply};
use crate::world::{DESK, DONALD, DUCKBURG, MUSIC, OUTBOUND, RECEPTION, World, employee_id, path};
use axum::body::Body;
use axum::http::Method;
use model::extension::members::MEMBERS;
use model::member::{Kind, Member, Writer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Members that take others along, or that Donald's extension can't have otherwise.
const APART: [&str; 4] = ["customer", "name", "employee", "primary"];

const VIEWS: [&str; 4] =
    ["", "?expandGoto=true", "?includePhones=true", "?expandGoto=true&includePhones=true"];

/// A value that Duckburg's Donald can have in this member.
fn value(member: &'static Member) -> BoxedStrategy<Value> {
    let one_of = |values: Vec<Value>| select(values).boxed();
    let ids = |id: &dyn ToString| vec![json!(id.to_string()), Value::Null];
    match (member.path, member.kind) {
        ("ringtone" | "musicOnHold", _) => one_of(ids(&MUSIC)),
        ("billingCustomer", _) => one_of(ids(&DUCKBURG)),
        ("direct", _) => one_of(vec![json!("+4570305052"), json!("+4570305051"), Value::Null]),
        (_, Kind::Bool) => any::<bool>().prop_map(Value::from).boxed(),
        (_, Kind::Enum(words)) => select(words).prop_map(Value::from).boxed(),
        (_, Kind::Choice(choices)) => select(choices).prop_map(Value::from).boxed(),
        (_, Kind::Range(least, most)) => (least..=most).prop_map(Value::from).boxed(),
        (_, Kind::Text(_)) => prop::option::of("\\PC{0,40}").prop_map(Value::from).boxed(),
        (_, Kind::LocalNumber) => "7[0-9]{3}".prop_map(Value::from).boxed(),
        (_, Kind::Number) => one_of(vec![json!("100"), json!("604"), json!("+4511223344")]),
        (_, Kind::CallerId) => {
            one_of(vec![json!("SECRET"), json!("+4570305050"), json!(" "), Value::Null])
        }
        (_, Kind::Goto) => {
            one_of(vec![json!(RECEPTION.to_string()), json!(OUTBOUND.to_string()), Value::Null])
        }
        _ => Just(Value::Null).boxed(),
    }
}

pub fn change(fits: fn(&Member) -> bool) -> impl Strategy<Value = (&'static str, Value)> {
    let all = MEMBERS.iter().filter(|member| {
        member.writer != Writer::Never && !APART.contains(&member.path) && fits(member)
    });
    let all: Vec<&'static Member> = all.collect();
    select(all).prop_flat_map(|member| (Just(member.path), value(member)))
}

/// The body that sends one member.
pub fn body(path: &str, value: &Value) -> Value {
    path.rsplit('.').fold(value.clone(), |inner, name| json!({ name: inner }))
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

async fn one_at_a_time(changes: Vec<(&'static str, Value)>) {
    let world = World::new().await;
    let reseller = world.as_("reseller");
    for (member, value) in changes {
        let before = reseller.get(&path(DONALD)).await;
        let reply = reseller.patch(&path(DONALD), &body(member, &value)).await;
        let after = reseller.get(&path(DONALD)).await;
        if reply.status != 200 {
            // An action without its number, say.
            assert_eq!(reply.status, 422, "{member} {value}");
            assert_eq!(after.body, before.body, "{member} {value}");
            continue;
        }
        let mut expected = before.json();
        let blank = value.as_str().is_some_and(|text| text == " ");
        *expected.pointer_mut(&pointer(member)).unwrap() = if blank { Value::Null } else { value };
        assert_eq!(String::from_utf8_lossy(&after.body), expected.to_string(), "{member}");
        assert_eq!(after.body, reply.body);
    }
    for role in ["donald", "viewer", "manager", "owner", "reseller", "resellerAdmin", "admin"] {
        for view in VIEWS {
            send_back(&world.as_(role), view).await;
        }
    }
}

async fn send_back(client: &Client, view: &str) {
    let there = format!("{}{view}", path(DONALD));
    let before = client.get(&there).await;
    let reply = client.post(&there, &before.json()).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &before.body), "{view}");
    assert_eq!(reply.header("etag"), before.header("etag"), "{view}");
}

/// What a reply tells, but for the id that each has of its own.
fn told(reply: &Reply) -> (u16, String, Value) {
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if let Some(id) = body.get_mut("requestId") {
        *id = Value::Null;
    }
    (reply.status.as_u16(), reply.header("etag").to_owned(), body)
}

/// Everything that somebody can ask of a colleague's extension.
async fn asked(client: &Client) -> Vec<(u16, String, Value)> {
    let donald = path(DONALD);
    let employee = employee_id(92);
    let mut requests = Vec::new();
    for view in VIEWS {
        requests.push((Method::GET, format!("{donald}{view}"), Value::Null));
    }
    for query in [
        "?filter=SECRET".to_owned(),
        "?sort=redirect&filter=1".to_owned(),
        format!("?employee={employee}&full=true"),
        format!("?employee={}&includePhones=true&filter=4", employee_id(2)),
    ] {
        requests.push((Method::GET, format!("/pbx/extension{query}"), Value::Null));
    }
    for at in ["whitelist", "blocklist", "redirect?enable=true", "dnd?sip=592"] {
        requests.push((Method::GET, format!("{donald}/{at}"), Value::Null));
    }
    for (at, body) in [
        ("", json!({})),
        ("", json!({"notes": null, "callWaiting": true, "busy": {"intAction": "BUSY"}})),
        ("", json!({"mobileDelay": 4, "redirect": "777", "zebra": 1})),
        ("/redirect", json!({"enable": true})),
        ("/dnd", json!({"sip": DESK})),
        ("/whitelist", json!({"number": "592"})),
        ("/explain", json!({"direction": "inbound", "from": "100"})),
    ] {
        requests.push((Method::POST, format!("{donald}{at}"), body));
    }
    requests.push((Method::DELETE, donald, Value::Null));
    let mut all = Vec::new();
    for (method, path, body) in requests {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        // Whatever it guesses, a version is never confirmed to it.
        let reply = client.send(method, &path, &[("if-match", "\"1\"")], body).await;
        all.push(told(&reply));
    }
    all
}

async fn tells_nothing(changes: Vec<(&'static str, Value)>) {
    let (plain, changed) = (World::new().await, World::new().await);
    for (member, value) in changes {
        changed.as_("reseller").patch(&path(DONALD), &body(member, &value)).await;
    }
    let listed = json!({"number": "+4511223344", "name": "Daisy"});
    let whitelist = format!("{}/whitelist", path(DONALD));
    assert_eq!(changed.as_("owner").post(&whitelist, &listed).await.status, 200);
    for role in ["personal", "otherOwner", "nologin"] {
        let replies = asked(&changed.as_(role)).await;
        assert_eq!(replies, asked(&plain.as_(role)).await, "{role}");
        assert!(!format!("{replies:?}").contains("+4570305051"), "{role}");
    }
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_set(changes in vec(change(|_| true), 1..24)) {
        run(one_at_a_time(changes));
    }

    #[test]
    fn a_masked_reader_can_tell_nothing_apart(
        changes in vec(change(|member| member.path != "number"), 1..24)
    ) {
        run(tells_nothing(changes));
    }
}
