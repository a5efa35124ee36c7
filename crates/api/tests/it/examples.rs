//! Every operation has an example in the document, which works. After a change of what is answered,
//! `EXAMPLES=write cargo test -p api examples` writes the replies again; run it once more to read them.

use crate::authz::spares;
use crate::client::Reply;
use crate::conformance::valid;
use crate::documentation::{document, operations};
use crate::records::{colleague, donald, keep, record};
use crate::world::World;
use axum::body::Body;
use axum::http::Method;
use model::audit::Author;
use model::customer::Customer;
use model::id::CustomerId;
use model::pii::Name;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use store::NewCustomer;

const REPLIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/examples/replies.json");
const REQUESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/examples/requests.json");

fn read(path: &str) -> Map<String, Value> {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The world of the tests, with things that nothing points at, a customer that has nothing, and a call.
async fn world(with_spares: bool) -> World {
    let world = World::new().await;
    keep(&world, record(92, colleague(100), donald(), true)).await;
    if with_spares {
        world.put(spares()).await;
        let harbour = CustomerId::from_bytes([0xa5; 12]);
        let customer = Customer {
            reseller: Some(crate::world::RESELLER),
            ..Customer::new(harbour, Name::new("Duckburg Harbour"))
        };
        let (changed, accounts, tokens) = (Vec::new(), Vec::new(), Vec::new());
        world
            .store
            .create_customer(NewCustomer {
                customer,
                changed,
                accounts,
                tokens,
                by: Author::System,
            })
            .await
            .unwrap();
    }
    world
}

async fn send(world: &World, method: &str, request: &Value) -> Reply {
    let body = request.get("body").map_or(Body::empty(), |body| Body::from(body.to_string()));
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let client = match request["as"].as_str() {
        None => world.as_nobody(),
        Some(role) => world.as_(role),
    };
    client.send(method, request["to"].as_str().unwrap(), &[], body).await
}

/// What differs each time, as it was the first time.
fn settle(reply: &mut Value, request: &Value, kept: Option<&Value>) {
    for member in request["volatile"].as_array().into_iter().flatten() {
        let member = member.as_str().unwrap();
        let now = reply.pointer(member).expect(member).clone();
        let then = kept.and_then(|kept| kept.pointer(member)).unwrap_or(&now);
        assert_eq!(then.as_str().map(str::len), now.as_str().map(str::len), "{member}");
        *reply.pointer_mut(member).unwrap() = then.clone();
    }
}

#[tokio::test]
async fn every_example_works_and_answers_as_it_says() {
    let documented = document(&World::new().await).await;
    let operations = operations(&documented);
    let method_of = |name: &str| {
        let named = operations.iter().find(|(.., operation)| operation["operationId"] == name);
        named.unwrap_or_else(|| panic!("no operation {name}")).1.clone()
    };
    let (requests, kept) = (read(REQUESTS), read(REPLIES));
    let mut replies = Map::new();
    for (name, request) in &requests {
        let world = world(name.starts_with("remove")).await;
        for first in request["first"].as_array().into_iter().flatten() {
            let first = first.as_str().unwrap();
            assert!(send(&world, &method_of(first), &requests[first]).await.status.is_success());
        }
        let reply = send(&world, &method_of(name), request).await;
        let done = if name.starts_with("create") { 201 } else { 200 };
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.status.as_u16(), done, "{name} {request} {text}");
        let mut body = reply.json();
        settle(&mut body, request, kept.get(name));
        replies.insert(name.clone(), body);
    }
    if std::env::var("EXAMPLES").is_ok_and(|value| value == "write") {
        let text = serde_json::to_string_pretty(&replies).unwrap();
        std::fs::write(REPLIES, text + "\n").unwrap();
        return;
    }
    for (name, reply) in &replies {
        assert_eq!(Some(reply), kept.get(name), "{name}");
    }
    assert_eq!(replies.len(), kept.len(), "replies.json has more");
}

#[tokio::test]
async fn every_operation_shows_its_example() {
    let document = document(&World::new().await).await;
    let (requests, replies) = (read(REQUESTS), read(REPLIES));
    let mut names = BTreeSet::new();
    for (path, _, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        names.insert(name.to_owned());
        let request = requests.get(name).unwrap_or_else(|| panic!("{name} has no example"));
        let done = if name.starts_with("create") { "201" } else { "200" };
        let media = &operation["responses"][done]["content"]["application/json"];
        assert_eq!(media["example"], replies[name], "{name}");
        let media = &operation["requestBody"]["content"]["application/json"];
        assert_eq!(media["example"], request["body"], "{name}");
        if !media.is_null() {
            let faults = valid(&document, name, &media["schema"], &request["body"]);
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
        let shown = |parameter: &Value| {
            parameter["required"] != json!(true) || !parameter["example"].is_null()
        };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        assert!(parameters.iter().all(shown), "{name} {path}");
    }
    assert_eq!(names, requests.keys().cloned().collect());
}
