//! Dialplan items beside the extension: what holds for all kinds, shown by TRUNK.

use crate::client::Client;
use crate::world::{DONALD, DUCKBURG, MICKEY, RECEPTION, TRUNK, World, path};
use serde_json::{Value, json};

async fn made(client: &Client, body: Value) -> Value {
    let mut body = body;
    body["customer"] = json!(DUCKBURG);
    let reply = client.post("/pbx/trunk", &body).await;
    assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    reply.json()
}

fn trunk(id: &Value) -> String {
    format!("/pbx/trunk/{}", id.as_str().unwrap())
}

#[tokio::test]
async fn a_trunk_is_made_read_listed_changed_and_removed() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let body = json!({
        "customer": DUCKBURG, "name": "Sales", "number": "70", "numbers": ["+4570305052"],
        "goto": RECEPTION, "fax": {"mode": "RECEIVE"}, "carrier": "Duck Telecom",
    });
    let reply = owner.post("/pbx/trunk", &body).await;
    assert_eq!(reply.status, 201);
    let sales = reply.json();
    assert_eq!(reply.header("location"), trunk(&sales["_id"]));
    assert_eq!(sales["fax"], json!({"mode": "RECEIVE", "retension": 30}));
    assert_eq!(sales["carrier"], "Duck Telecom");
    let read = owner.get(reply.header("location")).await;
    assert_eq!((&read.body, read.header("etag")), (&reply.body, reply.header("etag")));

    let changed = owner.patch(&trunk(&sales["_id"]), &json!({"fax": {"retension": 0}})).await;
    assert_eq!(changed.json()["fax"], json!({"mode": "RECEIVE", "retension": 0}));
    let (place, body) = (trunk(&sales["_id"]), json!({"name": "x"}));
    let stale = owner.patch_if(&place, read.header("etag"), &body).await;
    assert_eq!(stale.problem(), "412 precondition_failed");

    let list = owner.get("/pbx/trunk?sort=-name").await.json();
    assert_eq!((&list["total"], &list["limit"]), (&json!(2), &json!(50)));
    assert_eq!(list["trunks"][0]["name"], "Sales");
    assert_eq!(list["trunks"][0].get("fax"), None);
    let full = owner.get("/pbx/trunk?full=true&filter=sales").await.json();
    assert_eq!(full["trunks"], json!([changed.json()]));

    assert_eq!(owner.delete(&trunk(&sales["_id"])).await.json(), json!({"success": true}));
    assert_eq!(owner.get(&trunk(&sales["_id"])).await.problem(), "404 not_found");
}

#[tokio::test]
async fn gotos_of_an_item_expand_on_get_and_list() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let sales = made(&owner, json!({"name": "Sales", "goto": RECEPTION})).await;
    let plain = owner.get(&trunk(&sales["_id"])).await;
    let expanded = owner.get(&format!("{}?expandGoto=1", trunk(&sales["_id"]))).await;
    let reception =
        json!({"_id": RECEPTION, "type": "EXTENSION", "number": "100", "name": "Reception"});
    assert_eq!(expanded.json()["goto"], reception);
    let list = owner.get("/pbx/trunk?expandGoto=true&filter=sales").await.json();
    assert_eq!(list["trunks"], json!([expanded.json()]));
    assert_ne!(expanded.header("etag"), plain.header("etag"));
    let same =
        owner.patch_if(&trunk(&sales["_id"]), expanded.header("etag"), &expanded.json()).await;
    assert_eq!((same.status.as_u16(), same.header("etag")), (200, plain.header("etag")));
}

#[tokio::test]
async fn an_item_obeys_the_rules_that_an_extension_does() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for (body, problem) in [
        (json!({"number": "112"}), "422 number number"),
        (json!({"number": "*21*5"}), "422 number number"),
        (json!({"number": "100"}), "409 number"),
        (json!({"goto": TRUNK}), "422 goto goto"),
        (json!({"goto": MICKEY}), "422 goto goto"),
        (json!({"redirect": "999"}), "422 redirect redirect"),
        (
            json!({"musicOnHold": DONALD, "startAudio": DONALD}),
            "422 startAudio startAudio musicOnHold",
        ),
        (json!({"numbers": ["+4570406060"]}), "422 numbers numbers"),
        (json!({"numbers": ["+4570305051"]}), "409 numbers"),
        (json!({"ringtone": 20, "name": ""}), "422 name name ringtone"),
        (json!({"type": "QUEUE"}), "422 type type"),
    ] {
        let reply = owner.patch(&format!("/pbx/trunk/{TRUNK}"), &body).await;
        assert_eq!(reply.problem(), problem, "{body}");
    }
    let body = json!({"numbers": ["+4570305051"]});
    let reply = owner.patch(&format!("/pbx/trunk/{TRUNK}"), &body).await;
    assert_eq!(reply.json()["_id"], json!(DONALD));
}

#[tokio::test]
async fn redirects_of_items_of_any_kind_make_no_loop() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let body = json!({"number": "70", "redirect": "100"});
    assert_eq!(owner.patch(&format!("/pbx/trunk/{TRUNK}"), &body).await.status, 200);
    let reply = owner.patch(&path(RECEPTION), &json!({"redirect": "70"})).await;
    assert_eq!(reply.problem(), "422 redirect redirect");
}

#[tokio::test]
async fn an_item_is_found_as_its_own_kind_alone_and_stays_while_it_is_pointed_at() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let as_trunk = format!("/pbx/trunk/{RECEPTION}");
    assert_eq!(owner.get(&as_trunk).await.problem(), "404 not_found");
    assert_eq!(owner.delete(&as_trunk).await.problem(), "404 not_found");
    let body = json!({"inboundGoto": TRUNK});
    assert_eq!(owner.patch(&path(RECEPTION), &body).await.status, 200);
    assert_eq!(owner.delete(&format!("/pbx/trunk/{TRUNK}")).await.problem(), "409 id");
}
