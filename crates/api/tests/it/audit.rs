//! The audit log: who wrote what, and what of it is told.

use crate::client::{Client, Reply};
use crate::world::{
    DESK, DONALD, DUCKBURG, MOUSETON, PLATFORM, RESELLER, World, employee_id, path,
};
use axum::body::Body;
use axum::http::Method;
use model::audit::Action;
use model::change::Changed;
use model::employee::Employee;
use model::pii::Name;
use model::time::Wall;
use serde_json::{Value, json};

async fn entries(client: &Client, query: &str) -> Vec<Value> {
    let reply = client.get(&format!("/audit?limit=500&{query}")).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    reply.json()["entries"].as_array().unwrap().clone()
}

/// The entries of Duckburg that a request left.
async fn left_by(world: &World, reply: &Reply) -> Vec<Value> {
    let all = entries(&world.as_("owner"), "").await;
    all.into_iter().filter(|one| one["requestId"] == reply.header("x-request-id")).collect()
}

fn members(entry: &Value) -> Vec<&Value> {
    entry["members"].as_array().unwrap().iter().collect()
}

#[tokio::test]
async fn a_change_tells_who_what_when_and_from_where() {
    let world = World::new().await;
    let before = world.store.now();
    let reply = world
        .as_("reseller")
        .patch(&path(DONALD), &json!({"notes": "Gone", "redirect": "100"}))
        .await;
    assert_eq!(reply.status, 200);
    let [entry] = &left_by(&world, &reply).await[..] else { panic!("one entry") };
    assert_eq!(
        entry["members"],
        json!([
            {"member": "notes", "before": "The boss", "after": "Gone"},
            {"member": "redirect", "before": null, "after": "100"},
        ])
    );
    assert_eq!(entry["thing"], json!({"type": "ITEM", "_id": DONALD}));
    let by = json!({
        "employee": employee_id(11), "customer": RESELLER, "accessLevel": "RESELLER",
        "token": "MACHINE",
    });
    assert_eq!((&entry["by"], &entry["via"]), (&by, &json!("API")));
    assert_eq!((&entry["action"], &entry["address"]), (&json!("CHANGED"), &json!("0.0.0.0")));
    assert_eq!(entry["onBehalfOf"], json!(DUCKBURG));
    let date: model::time::Wall = serde_json::from_value(entry["date"].clone()).unwrap();
    assert!(before <= date && date <= world.store.now());

    let own = world.as_("owner").patch(&path(DONALD), &json!({"notes": "Back"})).await;
    let [entry] = &left_by(&world, &own).await[..] else { panic!("one entry") };
    assert_eq!((&entry["onBehalfOf"], &entry["customer"]), (&Value::Null, &json!(DUCKBURG)));
}

#[tokio::test]
async fn what_is_refused_or_changes_nothing_leaves_no_entry() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let before = entries(&owner, "").await;
    for (body, status) in [
        (json!({"number": "100"}), 409),
        (json!({"notes": 7}), 422),
        (json!({"notes": "The boss"}), 200),
    ] {
        assert_eq!(owner.patch(&path(DONALD), &body).await.status, status, "{body}");
    }
    assert_eq!(owner.delete(&format!("/customer/{DUCKBURG}")).await.status, 403);
    assert_eq!(world.as_("reseller").delete(&format!("/customer/{DUCKBURG}")).await.status, 409);
    let login = json!({"username": crate::world::DONALDS_NAME, "password": "Quack1234"});
    assert_eq!(world.as_nobody().post("/auth/login", &login).await.status, 200);
    assert_eq!(entries(&owner, "").await, before);
}

#[tokio::test]
async fn what_is_made_and_removed_tells_what_it_was() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let body = json!({"customer": DUCKBURG, "name": "Fax", "number": "99"});
    let made = owner.post("/pbx/trunk", &body).await;
    let id = made.json()["_id"].clone();
    let [entry] = &left_by(&world, &made).await[..] else { panic!("one entry") };
    assert_eq!((&entry["action"], &entry["thing"]["_id"]), (&json!("MADE"), &id));
    let number = json!({"member": "number", "before": null, "after": "99"});
    assert!(members(entry).contains(&&number));
    assert!(members(entry).iter().all(|one| !one["after"].is_null()), "{entry}");
    let removed = owner.delete(made.header("location")).await;
    let [entry] = &left_by(&world, &removed).await[..] else { panic!("one entry") };
    assert_eq!((&entry["action"], &entry["thing"]["_id"]), (&json!("REMOVED"), &id));
    let number = json!({"member": "number", "before": "99", "after": null});
    assert!(members(entry).contains(&&number));

    let screened = json!({"number": "+4570305099", "name": "Gladstone"});
    let listed = owner.post(&format!("{}/blocklist", path(DONALD)), &screened).await;
    let [entry] = &left_by(&world, &listed).await[..] else { panic!("one entry") };
    let blocked = json!([{"member": "blocklist", "before": null, "after": [screened]}]);
    assert_eq!((&entry["action"], &entry["members"]), (&json!("CHANGED"), &blocked));
}

#[tokio::test]
async fn a_secret_is_never_told_but_that_it_changed() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let employee = format!("/employee/{}", employee_id(5));
    let login = json!({"emailAddress": "scrooge-mcduck", "noEmail": true});
    assert_eq!(owner.patch(&employee, &login).await.status, 200);
    let pin = owner.patch("/pbx/settings", &json!({"masterPinCode": "987654"})).await;
    let [entry] = &left_by(&world, &pin).await[..] else { panic!("one entry") };
    let hidden = json!([{"member": "settings.masterPinCode", "hidden": true}]);
    assert_eq!(entry["members"], hidden);

    let password = owner.patch(&employee, &json!({"password": "Quack987654"})).await;
    assert_eq!(password.status, 200);
    let [entry] = &left_by(&world, &password).await[..] else { panic!("one entry") };
    assert_eq!((&entry["action"], &entry["members"]), (&json!("PASSWORD_SET"), &json!([])));

    let unknown = owner.patch(&employee, &json!({"badge": "Secret987654"})).await;
    let [entry] = &left_by(&world, &unknown).await[..] else { panic!("one entry") };
    assert_eq!(entry["members"], json!([{"member": "extra.badge", "hidden": true}]));

    let token = owner.post(&format!("{employee}/token"), &json!({"name": "Till"})).await;
    let (token, id) = (token.json()["token"].clone(), token.json()["_id"].clone());
    let phone = json!({"customer": DUCKBURG});
    let made = owner.post("/pbx/sipphone", &phone).await.json();
    let reset = owner.post(&format!("/pbx/sipphone/{DESK}/resetcredentials"), &json!({})).await;
    let actions: Vec<_> =
        left_by(&world, &reset).await.iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(actions, ["CREDENTIALS_SET", "CHANGED"]);
    assert_eq!(
        owner.delete(&format!("{employee}/token/{}", token.as_str().unwrap())).await.status,
        200
    );

    let all = entries(&world.as_("admin"), &format!("customer={DUCKBURG}")).await;
    let told = Value::from(all.clone()).to_string();
    let account = world.account("592-desk");
    assert!(account.is_none(), "the user name is another");
    for secret in [&token, &made["password"], &reset.json()["password"]] {
        let secret = secret.as_str().unwrap();
        assert!(!told.contains(secret), "{secret}");
    }
    let account = world.account(made["username"].as_str().unwrap()).unwrap();
    for secret in ["987654", "argon2", account.ha1_md5.reveal(), account.ha1_sha256.reveal()] {
        assert!(!told.contains(secret), "{secret}");
    }
    let of = |action: &str| all.iter().find(|one| one["action"] == action).unwrap().clone();
    let till = json!([{"member": "token", "before": null, "after": {"_id": id, "name": "Till"}}]);
    assert_eq!(of("TOKEN_MADE")["members"], till);
    assert_eq!(of("TOKEN_ENDED")["members"][0]["before"]["_id"], id);
}

#[tokio::test]
async fn logging_out_is_told_and_everything_by_its_actor() {
    let world = World::new().await;
    let login = json!({"username": crate::world::DONALDS_NAME, "password": "Quack1234"});
    let token = world.as_nobody().post("/auth/login", &login).await.json()["token"].clone();
    let donald = world.as_(token.as_str().unwrap());
    let dnd =
        donald.patch(&format!("/employee/{}", employee_id(92)), &json!({"presence": "BUSY"})).await;
    let [entry] = &left_by(&world, &dnd).await[..] else { panic!("one entry") };
    assert_eq!(entry["by"]["token"], "LOGIN");
    let out = donald.post("/auth/logout", &json!({})).await;
    let [entry] = &left_by(&world, &out).await[..] else { panic!("one entry") };
    assert_eq!(entry["action"], "LOGINS_ENDED");
    assert_eq!(entry["thing"]["_id"], json!(employee_id(92)));
}

#[tokio::test]
async fn pages_are_by_time_and_subject_and_newest_first() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for notes in ["1", "2", "3"] {
        assert_eq!(owner.patch(&path(DONALD), &json!({"notes": notes})).await.status, 200);
    }
    let other = owner.patch("/pbx/settings", &json!({"maxRing": 90})).await;
    let of_donald = entries(&owner, &format!("subject={DONALD}")).await;
    // His employee has the same id in this world, and a password.
    let of_donald = of_donald.iter().filter(|one| one["thing"]["type"] == "ITEM");
    let notes: Vec<_> = of_donald.map(|one| one["members"][0]["after"].clone()).collect();
    assert_eq!(notes, ["3", "2", "1"]);
    let page = owner.get("/audit?offset=1&limit=2").await.json();
    let all = entries(&owner, "").await;
    assert_eq!(all[0]["requestId"], other.header("x-request-id"));
    assert_eq!(page["entries"], json!(all[1..3]));
    assert_eq!((&page["offset"], &page["limit"]), (&json!(1), &json!(2)));
    assert_eq!(page["total"], all.len());
    let numbers: Vec<_> = all.iter().map(|one| one["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one == &(next + 1)), "{numbers:?}");
    let instant = all[0]["date"].as_str().unwrap();
    let since = entries(&owner, &format!("since={instant}")).await;
    let until = entries(&owner, &format!("until={instant}")).await;
    assert_eq!(since.len() + until.len(), all.len());
    assert!(since.contains(&all[0]) && !until.contains(&all[0]));
    for (query, problem) in [
        ("since=yesterday", "400 bad_request"),
        ("subject=592", "400 bad_request"),
        ("limit=0", "400 bad_request"),
    ] {
        assert_eq!(owner.get(&format!("/audit?{query}")).await.problem(), problem, "{query}");
    }
}

#[tokio::test]
async fn who_removed_a_customer_stays_with_its_reseller() {
    let world = World::new().await;
    let reseller = world.as_("reseller");
    let made = reseller.post("/customer", &json!({"name": "Harbour"})).await;
    let id = made.json()["_id"].clone();
    let of = format!("customer={}", id.as_str().unwrap());
    let [entry] = &entries(&reseller, &of).await[..] else { panic!("one entry") };
    assert_eq!((&entry["action"], &entry["onBehalfOf"]), (&json!("MADE"), &id));
    assert_eq!(world.as_("admin").delete(made.header("location")).await.status, 200);
    let entry = entries(&reseller, "").await.remove(0);
    assert_eq!((&entry["action"], &entry["thing"]["_id"]), (&json!("REMOVED"), &id));
    assert_eq!((&entry["by"]["customer"], &entry["customer"]), (&json!(PLATFORM), &id));

    let admin = world.as_("admin");
    let nobodys = admin.post("/customer", &json!({"name": "Nobody's", "reseller": null})).await;
    assert_eq!(admin.delete(nobodys.header("location")).await.status, 200);
    let entry = entries(&admin, "").await.remove(0);
    assert_eq!(entry["thing"]["_id"], nobodys.json()["_id"]);
    for customer in [MOUSETON.to_string(), id.as_str().unwrap().to_owned()] {
        let other = world.as_("otherReseller").get(&format!("/audit?customer={customer}")).await;
        assert_eq!(other.problem(), "403 access_denied", "{customer}");
    }
}

#[tokio::test]
async fn it_survives_a_restart_and_head_is_as_good_as_get() {
    let world = World::new().await;
    let owner = world.as_("owner");
    owner.patch(&path(DONALD), &json!({"notes": "1"})).await;
    let before = entries(&owner, "").await;
    let world = world.restarted(store::Clock::system()).await;
    assert_eq!(entries(&world.as_("owner"), "").await, before);
    assert_eq!(
        world.as_("owner").send(Method::HEAD, "/audit", &[], Body::empty()).await.status,
        200
    );
    assert!(Action::WORDS.contains(&before[0]["action"].as_str().unwrap()));
}

#[tokio::test]
async fn a_deletion_that_was_scheduled_is_nobodys() {
    let world = World::new().await;
    let mut leaving = Employee::new(employee_id(80), DUCKBURG, Name::new("Gus Goose"));
    leaving.delete_date = Some(Wall(1));
    world.put(vec![Changed::Employee(leaving)]).await;
    world.admin.depart(world.store.now()).await.unwrap();
    let entry = entries(&world.as_("owner"), "").await.remove(0);
    assert_eq!((&entry["via"], &entry["by"]), (&json!("SYSTEM"), &Value::Null));
    assert_eq!((&entry["action"], &entry["onBehalfOf"]), (&json!("REMOVED"), &Value::Null));
}

#[tokio::test]
async fn what_moves_is_told_where_it_was_and_where_it_came() {
    let world = World::new().await;
    let admin = world.as_("admin");
    let fax = json!({"customer": DUCKBURG, "name": "Fax", "number": "777"});
    let made = admin.post("/pbx/extension", &fax).await;
    let moved = admin.patch(made.header("location"), &json!({"customer": MOUSETON})).await;
    assert_eq!(moved.status, 200);
    for (customer, action) in [(DUCKBURG, "REMOVED"), (MOUSETON, "MADE")] {
        let entry = entries(&admin, &format!("customer={customer}")).await.remove(0);
        assert_eq!(entry["thing"]["_id"], made.json()["_id"]);
        assert_eq!((&entry["action"], &entry["onBehalfOf"]), (&json!(action), &json!(customer)));
        assert_eq!(entry["requestId"], moved.header("x-request-id"));
    }
}
