//! SIP phones with their credentials, mobiles with their numbers, external phones with theirs.

use crate::world::{DESK, DONALD, DUCKBURG, MICKEY, RECEPTION, World, path, phone};
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
async fn who_makes_a_phone_sets_no_member_that_it_may_not_change() {
    let world = World::new().await;
    let body = json!({"customer": DUCKBURG, "product": "a".repeat(24)});
    let refused = world.as_("manager").post("/pbx/sipphone", &body).await;
    assert_eq!(refused.problem(), "403 access_denied product");
    assert_eq!(world.as_("reseller").post("/pbx/sipphone", &body).await.status, 201);
}
