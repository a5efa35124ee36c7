//! Making extensions and removing them.

use crate::client::Reply;
use crate::world::{DONALD, DUCKBURG, MOUSETON, RECEPTION, World, employee_id, item, path};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const ALL: &str = "/pbx/extension";

#[tokio::test]
async fn a_new_extension_has_what_was_sent_and_defaults() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let body = json!({
        "customer": DUCKBURG, "name": "Kitchen", "number": "110", "direct": "+4570305052",
        "noAnswer": {"timeout": 20}, "mobileDelay": 25,
    });
    let reply = owner.post(ALL, &body).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("lokal-warning"), "mobileDelay; not_before_no_answer");
    let made = reply.json();
    let place = reply.header("location").to_owned();
    assert_eq!(place, format!("/pbx/extension/{}", made["_id"].as_str().unwrap()));
    let read = owner.get(&place).await;
    assert_eq!((&read.body, read.header("etag")), (&reply.body, reply.header("etag")));
    for (pointer, value) in [
        ("/type", json!("EXTENSION")),
        ("/name", json!("Kitchen")),
        ("/direct", json!("+4570305052")),
        ("/employee", Value::Null),
        ("/primary", json!(false)),
        ("/phonebook", json!(true)),
        ("/callWaiting", json!(true)),
        ("/blockSecret", json!(false)),
        ("/onPresenceBusy", json!("AVAILABLE")),
        ("/noAnswer/timeout", json!(20)),
        ("/noAnswer/mobileAction", json!("NOTHING")),
        ("/busy/mobileAction", json!("EXTERNAL")),
        ("/outbound/destinations", json!("NATIONAL")),
    ] {
        assert_eq!(made.pointer(pointer), Some(&value), "{pointer}");
    }
}

#[tokio::test]
async fn an_employees_first_extension_is_its_primary_and_has_its_name() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let huey = json!({"customer": DUCKBURG, "name": "Huey Duck"});
    let huey = owner.post("/employee", &huey).await.json()["_id"].clone();
    let mut made = Vec::new();
    for body in [
        json!({"customer": DUCKBURG, "employee": huey}),
        json!({"customer": DUCKBURG, "employee": huey, "name": "Ignored"}),
        json!({"customer": DUCKBURG, "employee": huey, "primary": true}),
    ] {
        let reply = owner.post(ALL, &body).await;
        assert_eq!(reply.json()["name"], "Huey Duck");
        made.push((reply.header("location").to_owned(), reply.json()["primary"].clone()));
    }
    let said: Vec<_> = made.iter().map(|(_, primary)| primary.clone()).collect();
    assert_eq!(said, [json!(true), json!(false), json!(true)]);
    assert_eq!(owner.get(&made[0].0).await.json()["primary"], false, "it has moved on");
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_whole() {
    let world = World::new().await;
    for (role, body, problem) in [
        ("owner", json!({"name": "x"}), "422 customer customer"),
        ("owner", json!({"name": "x", "customer": MOUSETON}), "422 customer customer"),
        ("owner", json!({"name": "x", "customer": "f".repeat(24)}), "422 customer customer"),
        ("owner", json!({"customer": DUCKBURG}), "422 name name"),
        ("owner", json!({"customer": DUCKBURG, "name": null}), "422 name name"),
        ("owner", json!({"customer": DUCKBURG, "name": ""}), "422 name name"),
        (
            "owner",
            json!({"customer": DUCKBURG, "redirect": "777", "zebra": 1, "number": "112"}),
            "422 name name number redirect zebra",
        ),
        ("owner", json!({"customer": DUCKBURG, "name": "x", "number": "592"}), "409 number"),
        (
            "owner",
            json!({"customer": DUCKBURG, "name": "x", "direct": "+4570305051"}),
            "409 direct",
        ),
        (
            "owner",
            json!({"customer": DUCKBURG, "name": "x", "billingCustomer": DUCKBURG}),
            "403 access_denied billingCustomer",
        ),
        (
            "owner",
            json!({"customer": DUCKBURG, "name": "x", "primary": true}),
            "422 primary primary",
        ),
        (
            "owner",
            json!({"customer": DUCKBURG, "name": "x", "_id": DONALD}),
            "403 access_denied _id",
        ),
        ("viewer", json!({"customer": DUCKBURG, "name": "x"}), "403 access_denied"),
    ] {
        assert_eq!(world.as_(role).post(ALL, &body).await.problem(), problem, "{role} {body}");
    }
    let total = world.as_("owner").get(ALL).await.json()["total"].clone();
    assert_eq!(total, 7);
    let billed = json!({"customer": DUCKBURG, "name": "x", "billingCustomer": DUCKBURG});
    assert_eq!(world.as_("reseller").post(ALL, &billed).await.status, 201);
}

#[tokio::test]
async fn an_extension_goes_and_what_belonged_to_it_stays_alone() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let second = json!({"customer": DUCKBURG, "employee": employee_id(92), "number": "593"});
    let second = owner.post(ALL, &second).await.header("location").to_owned();
    let reply = owner.delete(&path(DONALD)).await;
    assert_eq!(reply.json(), json!({"success": true}));
    assert_eq!(owner.get(&path(DONALD)).await.problem(), "404 not_found");
    assert_eq!(owner.delete(&path(DONALD)).await.problem(), "404 not_found");
    let heir = owner.get(&format!("{second}?includePhones=true")).await.json();
    assert_eq!((&heir["primary"], &heir["phones"]), (&json!(true), &json!([])));
    let phones = owner.get("/pbx/externalphone").await.json();
    assert_eq!(phones["externalPhones"][0]["extension"], Value::Null);
    let direct = json!({"direct": "+4570305051"});
    assert_eq!(owner.patch(&path(RECEPTION), &direct).await.status, 200, "it is free again");
}

#[tokio::test]
async fn an_extension_that_is_pointed_at_stays_and_what_points_is_told() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let pointing = json!({"inboundGoto": RECEPTION, "busy": {"intGoto": RECEPTION}});
    assert_eq!(owner.patch(&path(DONALD), &pointing).await.status, 200);
    let reply = owner.delete(&path(RECEPTION)).await;
    assert_eq!(reply.problem(), "409 id");
    let reference = |member: &str| {
        json!({
            "_id": DONALD, "type": "EXTENSION", "name": "Donald Duck", "number": "592",
            "member": member,
        })
    };
    assert_eq!(
        reply.json()["references"],
        json!([reference("inboundGoto"), reference("busy.intGoto")])
    );
    let reseller = world.as_("reseller");
    let filter = format!("/pbx/number?customer={DUCKBURG}&filter=%2B4570305051");
    let number = reseller.get(&filter).await.json()["numbers"][0]["_id"].clone();
    let number = reseller.delete(&format!("/pbx/number/{}", number.as_str().unwrap())).await;
    assert_eq!(number.json()["references"], json!([reference("direct")]));
    // Its number alone is no hold.
    let by_number = json!({"redirect": "604", "inboundGoto": null, "busy": {"intGoto": null}});
    assert_eq!(owner.patch(&path(DONALD), &by_number).await.status, 200);
    for id in [RECEPTION, item(4)] {
        assert_eq!(owner.delete(&path(id)).await.status, 200, "{id}");
    }
}

#[tokio::test]
async fn if_match_holds_who_removes_to_what_it_read() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let etag = owner.get(&path(RECEPTION)).await.header("etag").to_owned();
    owner.patch(&path(RECEPTION), &json!({"notes": "x"})).await;
    let stale = owner.delete_if(&path(RECEPTION), &etag).await;
    assert_eq!(stale.problem(), "412 precondition_failed");
    let etag = owner.get(&path(RECEPTION)).await.header("etag").to_owned();
    assert_eq!(owner.delete_if(&path(RECEPTION), &etag).await.status, 200);
}

fn same(one: &Reply, other: &Reply) {
    assert_eq!((one.status, &one.body), (other.status, &other.body));
    for header in ["location", "etag", "lokal-warning", "content-type"] {
        assert_eq!(one.header(header), other.header(header), "{header}");
    }
}

#[tokio::test]
async fn a_request_sent_again_with_its_key_makes_nothing_more() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let kitchen =
        json!({"customer": DUCKBURG, "name": "Kitchen", "number": "110", "mobileDelay": 30});
    let phone = json!({"customer": DUCKBURG, "number": "+4571919990"});
    let phones = "/pbx/externalphone";
    let first = owner.post_once(ALL, "k1", &kitchen).await;
    assert_eq!(
        (first.status.as_u16(), first.header("lokal-warning")),
        (201, "mobileDelay; not_before_no_answer")
    );
    let changed = owner.patch(first.header("location"), &json!({"notes": "Changed since"})).await;
    assert_eq!(changed.status, 200);
    same(&owner.post_once(ALL, "k1", &kitchen).await, &first);
    let made = owner.post_once(phones, "k2", &phone).await;
    same(&owner.post_once(phones, "k2", &phone).await, &made);
    assert_eq!(owner.get(phones).await.json()["total"], 2);

    let other = json!({"customer": DUCKBURG, "name": "Other"});
    for (path, key, body) in [(ALL, "k1", &other), (phones, "k1", &phone), (ALL, "k2", &phone)] {
        let reply = owner.post_once(path, key, body).await;
        assert_eq!(reply.problem(), "422 Idempotency-Key Idempotency-Key", "{path} {key}");
    }
    // A key is its owner's alone.
    let conflict = world.as_("manager").post_once(ALL, "k1", &kitchen).await;
    assert_eq!(conflict.problem(), "409 number");
}

#[tokio::test]
async fn what_was_not_made_is_not_kept() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let kitchen = json!({"customer": DUCKBURG, "name": "Kitchen", "number": "100"});
    assert_eq!(owner.post_once(ALL, "k", &kitchen).await.problem(), "409 number");
    assert_eq!(owner.delete(&path(RECEPTION)).await.status, 200);
    assert_eq!(owner.post_once(ALL, "k", &kitchen).await.status, 201);
    for key in ["", "a b", "ä", &"x".repeat(256)] {
        assert_eq!(owner.post_once(ALL, key, &kitchen).await.problem(), "400 bad_request", "{key}");
    }
    let longest = json!({"customer": DUCKBURG, "name": "Longest"});
    assert_eq!(owner.post_once(ALL, &"x".repeat(255), &longest).await.status, 201);
}

#[tokio::test]
async fn many_who_send_the_same_at_once_make_one_thing() {
    let world = World::new().await;
    let mut sent = JoinSet::new();
    for _ in 0..20 {
        let owner = world.as_("owner");
        let kitchen = json!({"customer": DUCKBURG, "name": "Kitchen", "number": "110"});
        sent.spawn(async move { owner.post_once(ALL, "k", &kitchen).await });
    }
    let replies = sent.join_all().await;
    for reply in &replies {
        same(reply, &replies[0]);
    }
    assert_eq!(replies[0].status, 201);
    assert_eq!(world.as_("owner").get(ALL).await.json()["total"], 8);
}
