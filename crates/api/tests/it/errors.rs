//! Every error of docs/API.md's table that can be reached.

use crate::world::{AWAY, DONALD, PANICS, World, path};
use axum::body::Body;
use axum::http::Method;
use model::limits;
use serde_json::json;

#[tokio::test]
async fn requests_that_cannot_be_read() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let donald = path(DONALD);
    for (request, problem) in [
        ("/pbx/extension/592", "400 bad_request"),
        ("/pbx/extension/1234567890abcdef1234567g", "400 bad_request"),
        ("/pbx/cdr/latest", "400 bad_request"),
        ("/pbx/cdr/latest?extension=592", "400 bad_request"),
        ("/pbx/nothing", "404 not_found"),
        ("/pbx/extension/ffffffffffffffffffffffff", "404 not_found"),
        ("/employee/ffffffffffffffffffffffff", "404 not_found"),
        ("/pbx/cdrhistory/ffffffffffffffffffffffff", "404 not_found"),
        ("/pbx/explain", "405 method_not_allowed"),
    ] {
        assert_eq!(owner.get(request).await.problem(), problem, "{request}");
    }
    let long = format!("/{}", "x".repeat(limits::HTTP_URI_BYTES));
    assert_eq!(owner.get(&long).await.problem(), "414 uri_too_long");
    let flag = owner.get(&format!("{donald}?expandGoto=yes")).await;
    assert_eq!(flag.problem(), "400 bad_request");
    assert!(flag.json()["detail"].as_str().unwrap().contains("expandGoto"));
    let put = owner.send(Method::PUT, &donald, &[], Body::empty()).await;
    assert_eq!(put.problem(), "405 method_not_allowed");
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        assert!(put.header("allow").contains(method), "{}", put.header("allow"));
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let deep = "[".repeat(100_000);
    let large = format!(r#"{{"notes":"{}"}}"#, "x".repeat(limits::HTTP_BODY_BYTES));
    for (body, problem) in [
        ("", "400 bad_request"),
        ("{", "400 bad_request"),
        ("[1]", "400 bad_request"),
        ("null", "400 bad_request"),
        (deep.as_str(), "400 bad_request"),
        (large.as_str(), "413 payload_too_large"),
    ] {
        let reply =
            owner.send(Method::PATCH, &path(DONALD), &[], Body::from(body.to_owned())).await;
        assert_eq!(reply.problem(), problem, "{}", &body[..body.len().min(20)]);
    }
    for (kind, problem) in [
        ("text/plain", Some("415 unsupported_media_type")),
        ("application/x-www-form-urlencoded", Some("415 unsupported_media_type")),
        ("application/json; charset=utf-8", None),
        ("application/merge-patch+json", None),
    ] {
        let headers = [("content-type", kind)];
        let reply = owner.send(Method::PATCH, &path(DONALD), &headers, Body::from("{}")).await;
        match problem {
            Some(problem) => assert_eq!(reply.problem(), problem, "{kind}"),
            None => assert_eq!(reply.status, 200, "{kind}"),
        }
    }
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let world = World::new().await;
    // From here on nothing waits but the body: the clock jumps to where it is given up.
    world.as_("owner").get(&path(DONALD)).await;
    tokio::time::pause();
    let endless = Body::new(Never);
    let reply = world.as_("owner").send(Method::PATCH, &path(DONALD), &[], endless).await;
    assert_eq!(reply.problem(), "408 request_timeout");
}

/// A body that is always about to come.
struct Never;

impl http_body::Body for Never {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn who_is_not_known_and_who_may_not() {
    let world = World::new().await;
    let donald = path(DONALD);
    let nobody = world.as_nobody().get(&donald).await;
    assert_eq!(nobody.problem(), "401 credentials_invalid");
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    assert_eq!(world.as_("stranger").get(&donald).await.problem(), "401 invalid_token");
    assert_eq!(world.as_("nologin").get(&donald).await.problem(), "401 invalid_token");
    assert_eq!(world.as_("otherOwner").get(&donald).await.problem(), "403 access_denied");
    let html = [("accept", "text/html")];
    let reply = world.as_("owner").send(Method::GET, &donald, &html, Body::empty()).await;
    assert_eq!(reply.problem(), "406 not_acceptable");
}

#[tokio::test]
async fn faults_of_ours_leak_nothing() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let explain = format!("{}/explain", path(DONALD));
    let panicked = owner.post(&explain, &json!({"direction": "inbound", "from": PANICS})).await;
    assert_eq!(panicked.problem(), "500 internal_error");
    assert!(!String::from_utf8_lossy(&panicked.body).contains("asked"));
    let away = owner.post(&explain, &json!({"direction": "inbound", "from": AWAY})).await;
    assert_eq!(away.problem(), "503 unavailable");
    assert_eq!(away.header("retry-after"), "1");
    assert!(!String::from_utf8_lossy(&away.body).contains("switch"));
    assert_eq!(world.as_nobody().get("/healthz").await.status, 200);
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let (one, other) = (owner.get(&path(DONALD)).await, owner.get("/nothing").await);
    assert_eq!(one.header("x-request-id").len(), 16);
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    let theirs = [("x-request-id", "0123456789abcdef")];
    let sent = owner.send(Method::GET, &path(DONALD), &theirs, Body::empty()).await;
    assert_ne!(sent.header("x-request-id"), "0123456789abcdef", "a client can't choose it");
}
