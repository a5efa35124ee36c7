//! Machine tokens: making, listing and ending them.

use crate::world::*;
use axum::http::StatusCode;
use serde_json::{Value, json};

fn employee(number: u8) -> String {
    format!("/employee/{}", employee_id(number))
}
fn tokens(number: u8) -> String {
    format!("{}/token", employee(number))
}

async fn make(world: &World, role: &str, number: u8, body: &Value) -> (String, String) {
    let made = world.as_(role).post(&tokens(number), body).await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    assert_eq!(made["success"], true, "{made}");
    let text = |member: &str| made[member].as_str().unwrap().to_owned();
    (text("token"), text("_id"))
}

#[tokio::test]
async fn a_machine_token_works_is_listed_without_itself_and_ends_by_either_name() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let (one, id) = make(&world, "owner", 92, &json!({"name": "Door bell"})).await;
    let (other, _) = make(&world, "owner", 92, &json!({})).await;
    let listed = owner.get(&tokens(92)).await;
    assert!(!String::from_utf8_lossy(&listed.body).contains(&one));
    let found = |listed: &Value| {
        listed.as_array().unwrap().iter().find(|one| one["_id"] == json!(id)).cloned().unwrap()
    };
    let bell = found(&listed.json());
    assert_eq!((&bell["name"], &bell["used"]), (&json!("Door bell"), &json!(null)));
    assert!(bell["created"].as_str().unwrap().starts_with("20"));
    assert_eq!(world.as_(&one).get(&employee(92)).await.status, StatusCode::OK);
    assert!(found(&owner.get(&tokens(92)).await.json())["used"].is_string());

    for (name, token) in [(&id, &one), (&other, &other)] {
        let path = format!("{}/{name}", tokens(92));
        assert_eq!(owner.delete(&path).await.json(), json!({"success": true}));
        assert_eq!(world.as_(token).get(&employee(92)).await.problem(), "401 invalid_token");
        assert_eq!(owner.delete(&path).await.problem(), "404 not_found");
    }
    let elses = format!("{}/donald", tokens(2));
    assert_eq!(owner.delete(&elses).await.problem(), "404 not_found", "it is another employee's");
}

#[tokio::test]
async fn nobody_makes_a_token_that_may_do_more_than_it_may_itself() {
    let world = World::new().await;
    for (role, number, came_to) in [
        ("manager", 4, 200),
        ("manager", 5, 403),
        ("owner", 4, 200),
        ("reseller", 5, 200),
        ("reseller", 11, 200),
        ("resellerAdmin", 13, 403),
        ("admin", 12, 403),
        ("admin", 13, 200),
        ("admin", 92, 200),
        ("donald", 92, 403),
        ("viewer", 92, 403),
    ] {
        let reply = world.as_(role).post(&tokens(number), &json!({})).await;
        assert_eq!(reply.status.as_u16(), came_to, "{role} {number}");
    }
    let long = json!({"name": "x".repeat(101)});
    let refused = world.as_("owner").post(&tokens(92), &long).await;
    assert_eq!(refused.problem(), "422 name name");
}

#[tokio::test]
async fn an_employee_has_a_bounded_number_of_machine_tokens() {
    let world = World::new().await;
    // It has one from the start.
    for _ in 1..model::limits::MACHINE_TOKENS_PER_EMPLOYEE {
        make(&world, "owner", 92, &json!({})).await;
    }
    let refused = world.as_("owner").post(&tokens(92), &json!({})).await;
    assert_eq!(refused.problem(), "409 token");
}

#[tokio::test]
async fn clearing_ends_logins_and_with_all_everything() {
    let world = World::new().await;
    let body = json!({"username": DONALDS_NAME, "password": "Quack1234"});
    let login = world.as_nobody().post("/auth/login", &body).await.json();
    let login = world.as_(login["token"].as_str().unwrap());
    let donald = world.as_("donald");
    let clear = format!("{}/clearTokens", employee(92));
    assert_eq!(world.as_("personal").post_empty(&clear).await.problem(), "403 access_denied");
    assert_eq!(donald.post_empty(&clear).await.json(), json!({"success": true}));
    assert_eq!(login.get(&employee(92)).await.problem(), "401 invalid_token");
    assert_eq!(donald.get(&employee(92)).await.status, StatusCode::OK);
    let all = donald.get(&format!("{clear}?all=true")).await;
    assert_eq!((all.status, all.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(donald.get(&employee(92)).await.problem(), "401 invalid_token");
    let above = format!("{}/clearTokens", employee(5));
    assert_eq!(world.as_("manager").post_empty(&above).await.problem(), "403 access_denied");
}
