//! An extension that moves to another customer.

use crate::client::Client;
use crate::world::{DONALD, DUCKBURG, MICKEY, MOUSETON, MUSIC, RECEPTION, World, path};
use serde_json::{Value, json};

/// What keeps Donald's extension where it is.
async fn references(admin: &Client, body: Value) -> Vec<(String, String)> {
    let reply = admin.patch(&path(DONALD), &body).await;
    assert_eq!(reply.problem(), "409 id");
    let references = reply.json()["references"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    references.iter().map(|one| (text(&one["type"]), text(&one["member"]))).collect()
}

#[tokio::test]
async fn what_points_in_or_out_keeps_an_extension_where_it_is() {
    let world = World::new().await;
    let admin = world.as_("admin");
    let pointing = json!({"inboundGoto": DONALD});
    assert_eq!(admin.patch(&path(RECEPTION), &pointing).await.status, 200);
    let own = json!({"direct": "+4570305051", "inboundGoto": RECEPTION, "ringtone": MUSIC});
    assert_eq!(admin.patch(&path(DONALD), &own).await.status, 200);
    let found = references(&admin, json!({"customer": MOUSETON})).await;
    let has = |kind: &str, member: &str| found.contains(&(kind.to_owned(), member.to_owned()));
    for (kind, member) in [
        ("EXTENSION", "inboundGoto"),
        ("EXTENSION", "employee"),
        ("EXTENSION", "direct"),
        ("EXTENSION", "ringtone"),
        ("SIP", "extension"),
        ("MVNO", "extension"),
    ] {
        assert!(has(kind, member), "{kind} {member} in {found:?}");
    }
    let before = admin.get(&path(DONALD)).await;
    assert_eq!(before.json()["customer"], DUCKBURG.to_string());
}

#[tokio::test]
async fn an_extension_that_nothing_holds_moves_whole() {
    let world = World::new().await;
    let admin = world.as_("admin");
    let made =
        json!({"customer": DUCKBURG, "name": "Fax", "number": "777", "notes": "by the door"});
    let id = admin.post("/pbx/extension", &made).await.json()["_id"].as_str().unwrap().to_owned();
    let fax = format!("/pbx/extension/{id}");
    let listed = json!({"number": "+4511223344", "name": "Daisy"});
    assert_eq!(admin.post(&format!("{fax}/whitelist"), &listed).await.status, 200);
    let before = admin.get(&fax).await;

    let moved = admin.patch_if(&fax, before.header("etag"), &json!({"customer": MOUSETON})).await;
    assert_eq!(moved.status, 200, "{:#}", moved.json());
    let mut expected = before.json();
    expected["customer"] = json!(MOUSETON.to_string());
    assert_eq!(moved.json(), expected);
    assert_ne!(moved.header("etag"), before.header("etag"));
    assert_eq!(admin.get(&format!("{fax}/whitelist")).await.json(), json!([listed]));
    assert_eq!(world.as_("owner").get(&fax).await.status, 403);
    assert_eq!(world.as_("otherOwner").get(&fax).await.body, moved.body);
    let there = world.restarted(store::Clock::system()).await.as_("admin").get(&fax).await;
    assert_eq!(there.body, moved.body);
}

#[tokio::test]
async fn an_extension_that_moves_obeys_the_rules_there() {
    let world = World::new().await;
    let admin = world.as_("admin");
    assert_eq!(admin.patch(&path(MICKEY), &json!({"number": "777"})).await.status, 200);
    let made = json!({"customer": DUCKBURG, "name": "Fax", "number": "777", "redirect": "100"});
    let made = admin.post("/pbx/extension", &made).await;
    assert_eq!(made.status, 201, "{:#}", made.json());
    let fax = format!("/pbx/extension/{}", made.json()["_id"].as_str().unwrap());
    for (body, problem) in [
        (json!({"customer": MOUSETON}), "422 redirect redirect"),
        (json!({"customer": MOUSETON, "redirect": null}), "409 number"),
        (json!({"customer": MOUSETON, "redirect": null, "number": "!"}), "422 number number"),
    ] {
        assert_eq!(admin.patch(&fax, &body).await.problem(), problem, "{body}");
    }
    assert_eq!(admin.get(&fax).await.body, made.body);
    let fits = json!({"customer": MOUSETON, "redirect": null, "number": "778"});
    assert_eq!(admin.patch(&fax, &fits).await.status, 200);
}
