//! SIP phones with their credentials, mobiles with their numbers, external phones with theirs.

use crate::world::{DESK, DONALD, DUCKBURG, MICKEY, RECEPTION, World, path, phone};
use axum::body::Body;
use axum::http::Method;
use model::limits::HTTP_BODY_DEPTH;
use model::phone::ha1_md5;
use serde_json::{Value, json};

/// User name and password of an answer, which has to be the only one with them.
fn credentials(world: &World, answer: &Value) -> (String, String) {
    let text = |member: &str| answer[member].as_str().unwrap().to_owned();
    let (username, password) = (text("username"), text("password"));
    assert!(password.len() >= 24);
    let account = world.account(&username).expect("the account is there at once");
    let realm = &world.store.installation().realm;
    assert_eq!(*account.ha1_md5.reveal(), ha1_md5(realm, &username, &password));
    assert_eq!(json!(account.phone), answer["_id"]);
    (username, password)
}

#[tokio::test]
async fn a_sip_phone_tells_its_password_once() {
    let world = World::new().await;
    let manager = world.as_("manager");
    let body = json!({
        "customer": DUCKBURG, "extension": RECEPTION, "macAddress": "00:11:22:AA:bb:cc",
        "handsetAddress": "00123", "notes": "In the hall",
    });
    let made = manager.post("/pbx/sipphone", &body).await;
    assert_eq!(made.status, 201);
    let (username, password) = credentials(&world, &made.json());
    let place = made.header("location").to_owned();
    let read = manager.get(&place).await;
    assert_eq!(
        (&read.json()["macAddress"], &read.json()["handsetAddress"]),
        (&json!("001122aabbcc"), &json!("00123"))
    );
    assert_eq!(read.header("etag"), made.header("etag"));
    let list = manager.get("/pbx/sipphones?full=true").await;
    let extension = manager.get(&format!("{}?includePhones=true", path(RECEPTION))).await;
    let mut sent_back = made.json();
    sent_back["password"] = Value::Null;
    assert_eq!(manager.patch(&place, &sent_back).await.status, 200);
    for reply in [read, list, extension, manager.get(&place).await] {
        assert!(!String::from_utf8_lossy(&reply.body).contains(&password));
    }
    let forged = manager.patch(&place, &json!({"username": "donald"})).await;
    assert_eq!(forged.problem(), "403 access_denied username");
    assert_eq!(manager.delete(&place).await.status, 200);
    assert!(world.account(&username).is_none());
}

#[tokio::test]
async fn new_credentials_end_the_old_ones() {
    let world = World::new().await;
    let viewer = world.as_("viewer");
    let reset = format!("/pbx/sipphone/{DESK}/resetcredentials");
    let before = viewer.get(&format!("/pbx/sipphone/{DESK}")).await;
    let reply = viewer.post(&reset, &Value::Null).await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
    let (first, password) = credentials(&world, &reply.json());
    let again = viewer.get(&reset).await.json();
    let (second, other) = credentials(&world, &again);
    assert!(first != second && password != other);
    let head = viewer.send(Method::HEAD, &reset, &[], Body::empty()).await;
    assert_eq!((head.status.as_u16(), head.header("allow")), (405, "GET,POST"));
    assert!(world.account(&first).is_none());
    let mut after = viewer.get(&format!("/pbx/sipphone/{DESK}")).await.json();
    assert_eq!(after["username"], json!(second));
    after["username"] = before.json()["username"].clone();
    assert_eq!(after, before.json(), "nothing else changed");
}

#[tokio::test]
async fn phones_are_found_by_who_uses_them() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for filter in ["592", "%2B4570305051", "donald", "Notes"] {
        let page = owner.get(&format!("/pbx/sipphone?filter={filter}")).await.json();
        assert_eq!(page["sipPhones"][0]["_id"], json!(DESK), "{filter}");
    }
    assert_eq!(owner.get("/pbx/sipphone?filter=daisy").await.json()["total"], 0);
    assert_eq!(owner.get("/pbx/sipphone?available=true").await.json()["total"], 0);
    let desk = format!("/pbx/sipphones/{DESK}");
    let stolen = owner.patch(&desk, &json!({"extension": MICKEY})).await;
    assert_eq!(stolen.problem(), "422 extension extension");
    assert_eq!(owner.patch(&desk, &json!({"extension": null})).await.status, 200);
    assert_eq!(owner.get("/pbx/sipphone?available=1").await.json()["total"], 1);
    assert_eq!(owner.patch(&desk, &json!({"extension": RECEPTION})).await.status, 200);
    let phones = owner.get(&format!("{}?includePhones=true", path(RECEPTION))).await.json();
    assert_eq!(phones["phones"][0]["_id"], json!(DESK));
}

#[tokio::test]
async fn a_mobile_has_a_number_of_its_own() {
    let world = World::new().await;
    let reseller = world.as_("reseller");
    let by_id = reseller.get(&format!("/mvno/{}", phone(0xc1))).await;
    for number in ["+4571919998", "%2B4571919998"] {
        assert_eq!(reseller.get(&format!("/mvno/{number}")).await.body, by_id.body);
    }
    for (path, problem) in [
        ("/mvno/+4570000000", "404 not_found"),
        ("/mvno/+4570305051", "404 not_found"),
        ("/mvno/70305051", "400 bad_request"),
    ] {
        assert_eq!(reseller.get(path).await.problem(), problem, "{path}");
    }
    let new = |number: &str| json!({"customer": DUCKBURG, "number": number});
    for (number, problem) in [
        ("+4571919998", "409 number"),
        ("+4570305051", "409 number"),
        ("+4570406060", "422 number number"),
        ("12", "422 number number"),
    ] {
        assert_eq!(reseller.post("/mvno", &new(number)).await.problem(), problem, "{number}");
    }
    assert_eq!(reseller.post("/mvno", &new("+4570305052")).await.status, 201);
    let list = world.as_("viewer").get("/mvno?available=true").await.json();
    assert_eq!(list["mvnos"][0]["number"], "+4570305052");
    let reply = world.as_("owner").delete("/mvno/+4570305052").await;
    assert_eq!(reply.problem(), "400 bad_request", "a number names one to read alone");
}

#[tokio::test]
async fn an_external_phone_rings_neither_in_a_circle_nor_twice() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for (number, extension, problem) in [
        ("+4570305051", json!(DONALD), "422 number number"),
        ("+4571919998", json!(DONALD), "422 number number"),
        ("+4571919997", json!(DONALD), "422 number number"),
        ("+4571919997", json!(RECEPTION), "201"),
        ("+4571919997", json!(null), "201"),
    ] {
        let body = json!({"customer": DUCKBURG, "number": number, "extension": extension});
        let reply = owner.post("/pbx/externalphone", &body).await;
        let came_to = if reply.status == 201 { "201".to_owned() } else { reply.problem() };
        assert_eq!(came_to, problem, "{body}");
    }
    let moved = owner.get("/pbx/externalphone").await.json();
    let free =
        moved["externalPhones"].as_array().unwrap().iter().find(|one| one["extension"].is_null());
    let place = format!("/pbx/externalphone/{}", free.unwrap()["_id"].as_str().unwrap());
    let reply = owner.patch(&place, &json!({"extension": DONALD})).await;
    assert_eq!(reply.problem(), "422 number number");
}

#[tokio::test]
async fn what_is_not_known_is_kept_as_it_was_sent() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let desk = format!("/pbx/sipphone/{DESK}");
    let sent = r#"{"ring":[-9007199254740992.0,-4.9651024402621096e16,6.330735551165693e16,5e-324,0.1],"a b":{"":"\u0000"}}"#;
    let reply = owner.send(Method::PATCH, &desk, &[], Body::from(sent)).await;
    assert_eq!(reply.status, 200);
    // What is stored is what a later change is based on.
    let reply = owner.patch(&desk, &json!({"dnd": true})).await;
    assert_eq!(reply.status, 200);
    let sent: Value = serde_json::from_str(sent).unwrap();
    assert_eq!((&reply.json()["ring"], &reply.json()["a b"]), (&sent["ring"], &sent["a b"]));
}

#[tokio::test]
async fn what_is_nested_as_deep_as_it_may_be_can_be_read_again() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let desk = format!("/pbx/sipphone/{DESK}");
    // Where the document around it would make it too deep for a reader is not far below 128.
    for depth in [1, HTTP_BODY_DEPTH - 1, HTTP_BODY_DEPTH, 100, 110, 120, 125, 126, 127, 128, 1000]
    {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let body = Body::from(format!(r#"{{"deep":{deep}}}"#));
        let reply = owner.send(Method::PATCH, &desk, &[], body).await;
        let status = if depth < HTTP_BODY_DEPTH { 200 } else { 400 };
        assert_eq!(reply.status, status, "{depth}");
        assert_eq!(owner.patch(&desk, &json!({"dnd": true})).await.status, 200, "{depth}");
        let body = Body::from(format!(r#"{{"customer":"{DUCKBURG}","deep":{deep}}}"#));
        let key = format!("key-{depth}");
        let once = [("idempotency-key", key.as_str())];
        let made = owner.send(Method::POST, "/pbx/sipphone", &once, body).await;
        assert_eq!(made.status, if status == 200 { 201 } else { 400 }, "{depth}");
    }
}

#[tokio::test]
async fn who_makes_a_phone_sets_no_member_that_it_may_not_change() {
    let world = World::new().await;
    let body = json!({"customer": DUCKBURG, "product": "a".repeat(24)});
    let refused = world.as_("manager").post("/pbx/sipphone", &body).await;
    assert_eq!(refused.problem(), "403 access_denied product");
    assert_eq!(world.as_("reseller").post("/pbx/sipphone", &body).await.status, 201);
}
