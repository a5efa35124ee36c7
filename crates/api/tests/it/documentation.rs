//! The OpenAPI document: its snapshot, its page, what each operation says.

use crate::world::{DONALD, World};
use serde_json::Value;

/// Each operation of the document: path, method, operation.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    all
}

pub async fn document(world: &World) -> Value {
    world.as_nobody().get("/openapi.json").await.json()
}

/// The page without the elements of this name, as a browser sees them: each ends at the first end tag.
fn without(name: &str, page: &str) -> String {
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let mut left = String::new();
    let mut rest = page;
    while let Some((before, element)) = rest.split_once(&start) {
        left.push_str(before);
        (_, rest) = element.split_once(&end).unwrap();
    }
    left + rest
}

#[tokio::test]
async fn the_page_shows_the_document_without_a_token_and_asks_nobody_else() {
    let world = World::new().await;
    let reply = world.as_nobody().get("/docs").await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-type").starts_with("text/html"));
    let policy = reply.header("content-security-policy");
    for directive in policy.split(';') {
        let (name, sources) = directive.trim().split_once(' ').unwrap();
        let is_ours = |source| ["'none'", "'self'", "'unsafe-inline'", "data:"].contains(&source);
        assert!(sources.split(' ').all(is_ours), "{name} {sources}");
    }
    assert!(policy.starts_with("default-src 'none';") && policy.contains("connect-src 'self'"));
    let page = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(page.contains("/openapi.json") && page.len() > 1_000_000, "its script is in it");
    let frame = without("style", &without("script", &page));
    assert!(
        !frame.contains("://") && !frame.contains("src=") && !frame.contains("<link"),
        "{frame}"
    );
}

#[tokio::test]
async fn the_document_is_as_reviewed() {
    let world = World::new().await;
    let reply = world.as_nobody().get("/openapi.json").await;
    insta::assert_snapshot!("openapi", String::from_utf8(reply.body.to_vec()).unwrap());
}

#[tokio::test]
async fn every_operation_says_who_may_call_it_and_what_it_answers() {
    let world = World::new().await;
    let document = document(&world).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::BTreeSet::new();
    for (_, _, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(name.to_owned()), "{name} is there twice");
        assert!(operation["description"].as_str().unwrap().contains("Access:"), "{name}");
        let done = if name.starts_with("create") { "201" } else { "200" };
        assert!(operation["responses"][done]["content"].is_object(), "{name}");
        assert!(operation["responses"]["500"].is_object(), "{name}");
    }
}

#[tokio::test]
async fn the_extension_in_the_document_has_the_members_of_one_that_is_read() {
    let world = World::new().await;
    let document = document(&world).await;
    let read = world.as_("owner").get(&crate::world::path(DONALD)).await.json();
    let schema = &document["components"]["schemas"]["Extension"];
    same_members(&read, schema);
}

fn same_members(read: &Value, schema: &Value) {
    let members: Vec<_> = read.as_object().unwrap().keys().collect();
    let required: Vec<_> =
        schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(members, required);
    for (name, value) in read.as_object().unwrap() {
        let described = &schema["properties"][name];
        assert!(described.is_object(), "{name}");
        if value.is_object() {
            same_members(value, described);
        } else {
            assert!(described["x-acts"].is_string(), "{name}");
        }
    }
}
