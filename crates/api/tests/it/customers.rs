//! Customers and who resells to them.

use crate::client::Client;
use crate::world::{DUCKBURG, MOUSETON, PLATFORM, RESELLER, World};
use serde_json::{Value, json};

async fn made(client: &Client, body: &Value) -> String {
    let reply = client.post("/customer", body).await;
    assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    reply.json()["_id"].as_str().unwrap().to_owned()
}

async fn names(client: &Client) -> Vec<Value> {
    let page = client.get("/customer").await.json();
    let customers = page["customers"].as_array().unwrap();
    customers.iter().map(|customer| customer["_id"].clone()).collect()
}

#[tokio::test]
async fn a_customer_is_there_at_once_and_gone_at_once() {
    let world = World::new().await;
    let reseller = world.as_("reseller");
    let id = made(&reseller, &json!({"name": "Harbour", "billingNumber": 7})).await;
    let place = format!("/customer/{id}");
    let read = reseller.get(&place).await;
    assert_eq!(read.json()["reseller"], json!(RESELLER));
    assert_eq!(read.json()["billingNumber"], 7);
    assert!(names(&reseller).await.contains(&json!(id)));
    let item = json!({"customer": id, "name": "Main", "number": "592"});
    let item = reseller.post("/pbx/trunk", &item).await;
    assert_eq!(item.status, 201);
    assert_eq!(reseller.delete(&place).await.problem(), "409 id");
    assert_eq!(reseller.delete(item.header("location")).await.status, 200);
    assert_eq!(reseller.delete(&place).await.json(), json!({"success": true}));
    for path in [&place, &format!("/pbx/settings/{id}"), item.header("location")] {
        assert_eq!(reseller.get(path).await.problem(), "404 not_found", "{path}");
    }
    assert!(!names(&reseller).await.contains(&json!(id)));
    assert_eq!(reseller.get(&format!("/pbx/trunk?customer={id}")).await.status, 403);
}

#[tokio::test]
async fn everybody_sees_the_customers_below_and_the_platform_all() {
    let world = World::new().await;
    assert_eq!(names(&world.as_("viewer")).await, [json!(DUCKBURG)]);
    assert_eq!(names(&world.as_("reseller")).await, [json!(RESELLER), json!(DUCKBURG)]);
    assert_eq!(names(&world.as_("admin")).await.len(), 5);
    let sub = made(&world.as_("reseller"), &json!({"name": "Sub-reseller"})).await;
    let below = made(&world.as_("admin"), &json!({"name": "Below", "reseller": sub})).await;
    assert!(names(&world.as_("reseller")).await.contains(&json!(below)));
    assert!(!names(&world.as_("otherReseller")).await.contains(&json!(below)));
    let page = world.as_("admin").get("/customer?filter=below&limit=900").await.json();
    assert_eq!((&page["total"], &page["limit"]), (&json!(1), &json!(500)));
}

#[tokio::test]
async fn a_reseller_exists_and_makes_no_circle() {
    let world = World::new().await;
    let (reseller, admin) = (world.as_("reseller"), world.as_("admin"));
    for (reseller_is, problem) in [
        (json!(MOUSETON), "403 access_denied reseller"),
        (json!(null), "403 access_denied reseller"),
    ] {
        let body = json!({"name": "x", "reseller": reseller_is});
        assert_eq!(reseller.post("/customer", &body).await.problem(), problem);
    }
    let duckburg = format!("/customer/{DUCKBURG}");
    for (client, reseller_is, problem) in [
        (&reseller, json!(MOUSETON), "422 reseller reseller"),
        (&reseller, json!(DUCKBURG), "422 reseller reseller"),
        (&reseller, json!(null), "403 access_denied reseller"),
        (&admin, json!("f".repeat(24)), "422 reseller reseller"),
    ] {
        let reply = client.patch(&duckburg, &json!({"reseller": reseller_is})).await;
        assert_eq!(reply.problem(), problem, "{reseller_is}");
    }
    let body = json!({"reseller": DUCKBURG});
    let above = format!("/customer/{RESELLER}");
    assert_eq!(admin.patch(&above, &body).await.problem(), "422 reseller reseller");
    let none = made(&admin, &json!({"name": "Nobody's", "reseller": null})).await;
    assert_eq!(admin.get(&format!("/customer/{none}")).await.json()["reseller"], Value::Null);
    for reseller_is in [json!(MOUSETON), json!(null)] {
        let moved = admin.patch(&duckburg, &json!({"reseller": reseller_is})).await;
        assert_eq!((moved.status.as_u16(), &moved.json()["reseller"]), (200, &reseller_is));
    }
    let own = made(&admin, &json!({"name": "The platform's"})).await;
    assert_eq!(admin.get(&format!("/customer/{own}")).await.json()["reseller"], json!(PLATFORM));
}

#[tokio::test]
async fn a_sip_domain_is_one_customers_and_settings_survive() {
    let world = World::new().await;
    let reseller = world.as_("reseller");
    made(&reseller, &json!({"name": "Harbour", "sipDomain": "Duck.Example"})).await;
    let duckburg = format!("/customer/{DUCKBURG}");
    let taken = json!({"sipDomain": "duck.example"});
    assert_eq!(reseller.patch(&duckburg, &taken).await.problem(), "409 sipDomain");
    let body = json!({"name": "Harbour 2", "sipDomain": "duck.example"});
    assert_eq!(reseller.post("/customer", &body).await.problem(), "409 sipDomain");
    let body = json!({"country": "XX", "timeZone": "Moon", "sipDomain": "x", "name": ""});
    let expected = "422 name name country timeZone sipDomain";
    assert_eq!(reseller.patch(&duckburg, &body).await.problem(), expected);
    let body = json!({"name": "Duckburg", "sipDomain": "burg.example", "timeZone": "Europe/Oslo"});
    let before = reseller.get(&format!("/pbx/settings/{DUCKBURG}")).await.json();
    assert_eq!(reseller.patch(&duckburg, &body).await.json()["sipDomain"], "burg.example");
    assert_eq!(reseller.get(&format!("/pbx/settings/{DUCKBURG}")).await.json(), before);
    let security = world.as_("personal").get(&format!("{duckburg}/security")).await.json();
    assert_eq!(security, json!({"authenticationSecurity": "NONE"}));
}
