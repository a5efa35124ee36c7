//! Every reply that a test gets is held against the OpenAPI document: its status is declared, its
//! content type is, its body is as the schema says.

use crate::client::Reply;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// Served beside the document: health, the document itself, its page.
const BESIDE: [&str; 3] = ["/healthz", "/openapi.json", "/docs"];

/// Other names of what the document has.
const ALIASES: [(&str, &str); 1] = [("/pbx/sipphones", "/pbx/sipphone")];

static DOCUMENT: OnceCell<Value> = OnceCell::const_new();

/// Schemas once read, by the pointer to where they are.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Panics unless the document has this reply.
pub async fn check(router: &Router, method: &Method, uri: &str, reply: &Reply) {
    let path = uri.split('?').next().unwrap();
    if BESIDE.contains(&path) {
        return;
    }
    let document = DOCUMENT.get_or_init(|| fetch(router)).await;
    if method == Method::HEAD {
        // The same as GET without the body, or refused where GET changes something.
        let at = operation(document, &Method::GET, path).unwrap();
        let status = reply.status.as_u16();
        assert!(status == 405 || resolve(document, &at, status).is_some(), "HEAD {uri} {status}");
        assert!(status != 405 || !reply.header("allow").is_empty(), "HEAD {uri}: no Allow");
        return;
    }
    let described = operation(document, method, path);
    let declared = described.as_ref().map(|at| resolve(document, at, reply.status.as_u16()));
    match declared {
        None => is_refusal(document, reply, &format!("{method} {uri}, which isn't documented")),
        Some(None) => panic!("{method} {uri} answered {}, which isn't declared", reply.status),
        Some(Some(at)) => conforms(document, &at, reply, &format!("{method} {uri}")),
    }
}

async fn fetch(router: &Router) -> Value {
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

/// The pointer to the operation that a request is for.
fn operation(document: &Value, method: &Method, path: &str) -> Option<String> {
    let alias = ALIASES.iter().find_map(|(alias, name)| Some((path.strip_prefix(alias)?, name)));
    let path = alias.map_or(path.to_owned(), |(rest, name)| format!("{name}{rest}"));
    let paths = document["paths"].as_object().unwrap();
    // What is written out wins over a parameter.
    let template = paths.keys().filter(|template| fits(template, &path));
    let template = template.min_by_key(|template| template.matches('{').count())?;
    let method = method.as_str().to_lowercase();
    let at = format!("/paths/{}/{method}", template.replace('~', "~0").replace('/', "~1"));
    document.pointer(&at).map(|_| at)
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(path).all(|(one, other)| *one == other || one.starts_with('{'))
}

/// The pointer to what an operation says of a status.
fn resolve(document: &Value, operation: &str, status: u16) -> Option<String> {
    let at = format!("{operation}/responses/{status}");
    let response = document.pointer(&at)?;
    let reference = response["$ref"].as_str().map(|text| text.trim_start_matches('#').to_owned());
    Some(reference.unwrap_or(at))
}

/// What no operation is asked for is refused.
#[track_caller]
fn is_refusal(document: &Value, reply: &Reply, what: &str) {
    let status = reply.status.as_u16();
    assert!([404, 405, 406, 414].contains(&status), "{what}, answered {status}");
    conforms(document, "/components/responses/NotFound", reply, what);
    assert!(status != 405 || !reply.header("allow").is_empty(), "{what}: no Allow");
}

#[track_caller]
fn conforms(document: &Value, at: &str, reply: &Reply, what: &str) {
    let declared = document.pointer(at).unwrap();
    for (name, header) in declared["headers"].as_object().unwrap_or(&Map::new()) {
        let is_there = !reply.header(name).is_empty();
        assert!(is_there || header["required"] != json!(true), "{what}: no {name}");
    }
    let Some(content) = declared["content"].as_object() else {
        assert!(reply.body.is_empty(), "{what}: a body that isn't declared");
        return;
    };
    let kind = reply.header("content-type");
    let known = content.get(kind);
    let known =
        known.unwrap_or_else(|| panic!("{what}: {kind:?} isn't among {:?}", content.keys()));
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let faults = valid(document, &format!("{at} {kind}"), &known["schema"], &body);
    assert!(faults.is_empty(), "{what} {}: {faults:#?}", reply.status);
}

/// What a schema of the document finds wrong with a value; `at` says which one it is.
pub fn valid(document: &Value, at: &str, schema: &Value, value: &Value) -> Vec<String> {
    let validator = validator(document, at, schema);
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn validator(document: &Value, at: &str, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap();
    let make = || {
        let mut root = schema.clone();
        // Where its references lead.
        root["components"] = json!({ "schemas": document["components"]["schemas"] });
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        Arc::new(options.build(&root).unwrap())
    };
    known.entry(at.to_owned()).or_insert_with(make).clone()
}

#[tokio::test]
async fn a_reply_that_the_document_does_not_have_is_noticed() {
    let router = crate::world::World::new().await.as_nobody().router;
    let customer = "/customer/a2a2a2a2a2a2a2a2a2a2a2a2/security";
    let known = (200, "application/json", r#"{"authenticationSecurity":"NONE"}"#);
    let replies = [
        (known, true),
        ((201, known.1, known.2), false),
        ((200, "text/html", known.2), false),
        ((200, known.1, r#"{"authenticationSecurity":"SOME"}"#), false),
        ((200, known.1, "{}"), false),
        ((401, "application/problem+json", "{}"), false),
    ];
    for ((status, kind, body), is_declared) in replies {
        let status = StatusCode::from_u16(status).unwrap();
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        let reply = Reply { status, headers, body: Bytes::from_static(body.as_bytes()) };
        let router = router.clone();
        let checked =
            tokio::spawn(async move { check(&router, &Method::GET, customer, &reply).await });
        assert_eq!(checked.await.is_ok(), is_declared, "{status} {kind} {body}");
    }
}
