//! Logging in and out: who is let in, for how long, and what a stranger learns.

use crate::client::{Client, Reply};
use crate::world::*;
use api::PeerAddress;
use axum::Extension;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::access::Level;
use model::change::Changed;
use model::employee::{Employee, EmployeeState};
use model::pii::Name;
use model::time::Wall;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Clock;

const MINUTE: i64 = 60_000;

fn credentials(username: &str, password: &str) -> Value {
    json!({"username": username, "password": password})
}

async fn log_in(world: &World, more: &Value) -> Reply {
    let mut body = credentials(DONALDS_NAME, "Quack1234");
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.as_nobody().post("/auth/login", &body).await
}

async fn token(world: &World, more: &Value) -> String {
    log_in(world, more).await.json()["token"].as_str().unwrap().to_owned()
}

/// What asking with this token comes to.
async fn asked(world: &World, token: &str) -> String {
    let reply = world.as_(token).get("/auth/validateToken").await;
    if reply.status == StatusCode::OK { "200".to_owned() } else { reply.problem() }
}

/// A clock that starts now and that the test moves.
fn clock() -> (Arc<AtomicI64>, Clock) {
    let time = Arc::new(AtomicI64::new(Clock::system().now().0));
    let told = time.clone();
    (time, Clock::of(move || Wall(told.load(Ordering::Relaxed))))
}

#[tokio::test]
async fn a_login_gives_a_token_that_works() {
    let world = World::new().await;
    let reply = world
        .as_nobody()
        .post("/auth/login", &credentials("Donald@DUCKBURG.example", "Quack1234"))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    let said = reply.json();
    assert_eq!(said["employee"], json!(employee_id(92)));
    assert_eq!(said["customer"], json!(DUCKBURG));
    assert_eq!((&said["accessLevel"], &said["expiresInMinutes"]), (&json!("PERSONAL"), &json!(15)));
    assert_eq!((reply.header("cache-control"), reply.header("set-cookie")), ("no-store", ""));
    let token = said["token"].as_str().unwrap();
    assert_eq!(token.len(), 64);
    assert_eq!(world.as_(token).get(&path(DONALD)).await.status, StatusCode::OK);
    let in_query = format!("{}?token={token}", path(DONALD));
    assert_eq!(world.as_nobody().get(&in_query).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_learns_what_was_wrong() {
    let world = World::new().await;
    let with = |number: u8, name: &str, change: fn(&mut Employee)| {
        let mut employee = Employee::new(employee_id(number), DUCKBURG, Name::new("Nobody"));
        employee.access_level = Level::Personal;
        employee.email_address = Some(name.to_owned());
        change(&mut employee);
        Changed::Employee(employee)
    };
    let none = with(0xd1, "none@duckburg.example", |_| {});
    let off = with(0xd2, "off@duckburg.example", |e| e.state = EmployeeState::Disabled);
    let out = with(0xd3, "out@duckburg.example", |e| e.access_level = Level::NoLogin);
    world.put(vec![none, off, out]).await;
    for number in [0xd2, 0xd3] {
        world.set_password(employee_id(number), QUACK1234).await;
    }
    let mut answers = Vec::new();
    for (name, password) in [
        (DONALDS_NAME, "Quack1235"),
        (DONALDS_NAME, ""),
        ("nobody@duckburg.example", "Quack1234"),
        ("none@duckburg.example", "Quack1234"),
        ("off@duckburg.example", "Quack1234"),
        ("out@duckburg.example", "Quack1234"),
    ] {
        let reply = world.as_nobody().post("/auth/login", &credentials(name, password)).await;
        assert_eq!(reply.problem(), "401 credentials_invalid", "{name}");
        let mut said = reply.json();
        said["requestId"].take();
        answers.push(said);
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
}

#[tokio::test]
async fn requests_that_are_no_logins() {
    let world = World::new().await;
    let nobody = world.as_nobody();
    let query = format!("/auth/login?username={DONALDS_NAME}&password=Quack1234");
    assert_eq!(nobody.get(&query).await.problem(), "405 method_not_allowed");
    for body in [
        json!({"username": DONALDS_NAME}),
        json!({"username": 1, "password": "x"}),
        json!({"username": DONALDS_NAME, "password": "Quack1234", "persist": "yes"}),
    ] {
        assert_eq!(nobody.post("/auth/login", &body).await.problem(), "400 bad_request", "{body}");
    }
}

#[tokio::test]
async fn too_many_failures_have_to_wait() {
    let world = World::new().await;
    let from = |last: u8| {
        let peer = PeerAddress(IpAddr::from([192, 0, 2, last]));
        Client { router: world.as_nobody().router.layer(Extension(peer)), token: None }
    };
    let wrong = credentials(DONALDS_NAME, "wrong");
    for n in 0..10 {
        let reply = from(n).post("/auth/login", &wrong).await;
        assert_eq!(reply.problem(), "401 credentials_invalid", "{n}");
    }
    let right = from(99).post("/auth/login", &credentials(DONALDS_NAME, "Quack1234")).await;
    assert_eq!(right.problem(), "429 too_many_requests");
    let wait: u64 = right.header("retry-after").parse().unwrap();
    assert!((1..=301).contains(&wait), "{wait}");
    for n in 0..30 {
        let reply = from(200).post("/auth/login", &credentials(&n.to_string(), "wrong")).await;
        assert_eq!(reply.problem(), "401 credentials_invalid", "{n}");
    }
    let reply = from(200).post("/auth/login", &credentials("new", "wrong")).await;
    assert_eq!(reply.problem(), "429 too_many_requests");
    let reply = from(201).post("/auth/login", &credentials("new", "wrong")).await;
    assert_eq!(reply.problem(), "401 credentials_invalid");
}

#[tokio::test]
async fn a_login_ends_fifteen_minutes_after_its_last_use_also_across_a_restart() {
    let (time, clock) = clock();
    let pass = |minutes: i64| time.fetch_add(minutes * MINUTE, Ordering::Relaxed);
    let world = World::at(clock.clone()).await;
    let (short, long) =
        (token(&world, &json!({})).await, token(&world, &json!({"persist": true})).await);
    for _ in 0..4 {
        pass(14);
        assert_eq!(asked(&world, &short).await, "200");
    }
    pass(5);
    assert_eq!(asked(&world, &short).await, "200");
    // Its row was written five minutes ago.
    let world = world.restarted(clock.clone()).await;
    pass(14);
    assert_eq!(asked(&world, &short).await, "200");
    pass(15);
    assert_eq!(asked(&world, &short).await, "401 expired");
    let world = world.restarted(clock.clone()).await;
    assert_eq!(asked(&world, &short).await, "401 expired");
    assert_eq!(asked(&world, &long).await, "200");
    assert_eq!(asked(&world, "donald").await, "200", "machine tokens last");
    pass(25 * 60);
    let world = world.restarted(clock).await;
    assert_eq!(asked(&world, &short).await, "401 invalid_token", "it is forgotten");
    assert_eq!(asked(&world, &long).await, "200");
}

#[tokio::test]
async fn a_stranger_an_expired_and_a_missing_token_are_told_apart() {
    let world = World::new().await;
    assert_eq!(asked(&world, "stranger").await, "401 invalid_token");
    let nobody = world.as_nobody().get("/auth/validateToken").await;
    assert_eq!(nobody.problem(), "401 credentials_invalid");
    let simple = world.as_("stranger").get("/auth/validateToken?simple=1").await;
    assert_eq!(simple.problem(), "403 access_denied");
}

#[tokio::test]
async fn an_employee_has_a_bounded_number_of_logins() {
    let (time, clock) = clock();
    let world = World::at(clock).await;
    let first = token(&world, &json!({"persist": true})).await;
    for _ in 0..model::limits::LOGINS_PER_EMPLOYEE {
        time.fetch_add(1, Ordering::Relaxed);
        token(&world, &json!({})).await;
    }
    assert_eq!(asked(&world, &first).await, "401 invalid_token");
}

#[tokio::test]
async fn a_cookie_is_for_browsers_and_never_for_gets_that_act() {
    let world = World::new().await;
    let body =
        json!({"username": DONALDS_NAME, "password": "Quack1234", "cookie": true}).to_string();
    let send = |headers: Vec<(&'static str, &'static str)>| {
        let (nobody, body) = (world.as_nobody(), Body::from(body.clone()));
        async move { nobody.send(Method::POST, "/auth/login", &headers, body).await }
    };
    let plain = send(vec![]).await;
    let cookie = plain.header("set-cookie").to_owned();
    let token = plain.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(cookie, format!("lokal_token={token}; Path=/; HttpOnly; SameSite=Strict"));
    let behind_tls = send(vec![("x-forwarded-proto", "https")]).await;
    assert!(behind_tls.header("set-cookie").ends_with("; Secure"));
    let behind_none = send(vec![("x-forwarded-proto", "http")]).await;
    assert!(!behind_none.header("set-cookie").contains("Secure"));

    let pair = format!("other=1; lokal_token={token}");
    let nobody = world.as_nobody();
    let with = |method, path: &'static str| {
        let (nobody, pair) = (&nobody, pair.as_str());
        async move { nobody.send(method, path, &[("cookie", pair)], Body::empty()).await }
    };
    assert_eq!(with(Method::GET, "/auth/validateToken").await.status, StatusCode::OK);
    let acts = with(Method::GET, "/auth/logout").await;
    assert_eq!(acts.problem(), "401 credentials_invalid");
    let clear = format!("/employee/{}/clearTokens", employee_id(92));
    let acts = nobody.send(Method::GET, &clear, &[("cookie", &pair)], Body::empty()).await;
    assert_eq!(acts.problem(), "401 credentials_invalid");
    let out = with(Method::POST, "/auth/logout").await;
    assert_eq!(out.json(), json!({"success": true}));
    assert!(out.header("set-cookie").starts_with("lokal_token=; "));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(asked(&world, &token).await, "401 invalid_token");
}

#[tokio::test]
async fn logging_out_ends_every_login_and_no_machine_token() {
    for by_get in [false, true] {
        let world = World::new().await;
        let (one, other) =
            (token(&world, &json!({})).await, token(&world, &json!({"persist": true})).await);
        let reply = match by_get {
            true => world.as_nobody().get(&format!("/auth/logout?token={one}")).await,
            false => world.as_(&one).post_empty("/auth/logout").await,
        };
        assert_eq!(reply.json(), json!({"success": true}));
        assert_eq!(reply.header("cache-control"), "no-store");
        for ended in [&one, &other] {
            assert_eq!(asked(&world, ended).await, "401 invalid_token");
        }
        assert_eq!(asked(&world, "donald").await, "200");
    }
}

#[tokio::test]
async fn a_token_tells_whom_it_stands_for() {
    let world = World::new().await;
    let donald = world.as_("donald");
    let said = donald.get("/auth/validateToken").await.json();
    let expected = json!({
        "success": true, "employee": employee_id(92), "customer": DUCKBURG, "accessLevel": "PERSONAL",
    });
    assert_eq!(said, expected);
    let said = donald.get("/auth/validateToken?extend=true").await.json();
    assert_eq!((&said["name"], &said["language"]), (&json!("Donald Duck"), &json!("en")));
    assert_eq!(said["customerName"], "Customer");
    let said = donald.get("/auth/validateToken?simple=true").await.json();
    assert_eq!(said, json!({"success": true}));
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_in_again_after() {
    let world = World::new().await;
    let donalds = token(&world, &json!({})).await;
    let employee = format!("/employee/{}", employee_id(92));
    world.as_("owner").patch(&employee, &json!({"state": "DISABLED"})).await;
    assert_eq!(asked(&world, &donalds).await, "401 invalid_token");
    world.as_("owner").patch(&employee, &json!({"state": "ENABLED"})).await;
    assert_eq!(asked(&world, &donalds).await, "200");
}
