//! Passwords and login names: who sets them, and what they end.

use crate::world::*;
use axum::http::StatusCode;
use serde_json::{Value, json};

fn employee(number: u8) -> String {
    format!("/employee/{}", employee_id(number))
}

async fn log_in(world: &World, name: &str, password: &str) -> Result<String, String> {
    let body = json!({"username": name, "password": password});
    let reply = world.as_nobody().post("/auth/login", &body).await;
    match reply.status {
        StatusCode::OK => Ok(reply.json()["token"].as_str().unwrap().to_owned()),
        _ => Err(reply.problem()),
    }
}

#[tokio::test]
async fn a_new_password_ends_every_login_but_the_one_that_set_it() {
    let world = World::new().await;
    let used = log_in(&world, DONALDS_NAME, "Quack1234").await.unwrap();
    let other = log_in(&world, DONALDS_NAME, "Quack1234").await.unwrap();
    let reply = world.as_(&used).patch(&employee(92), &json!({"password": "Quack4321"})).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json().get("password"), None, "it is never shown");
    assert_eq!(world.as_(&used).get(&employee(92)).await.status, StatusCode::OK);
    assert_eq!(world.as_(&other).get(&employee(92)).await.problem(), "401 invalid_token");
    assert_eq!(world.as_("donald").get(&employee(92)).await.status, StatusCode::OK);
    let old = log_in(&world, DONALDS_NAME, "Quack1234").await;
    assert_eq!(old, Err("401 credentials_invalid".to_owned()));
    assert!(log_in(&world, DONALDS_NAME, "Quack4321").await.is_ok());
    let listed = world.as_("owner").get(&format!("/employee?full=1&customer={DUCKBURG}")).await;
    assert!(!String::from_utf8_lossy(&listed.body).contains("assword"));
}

#[tokio::test]
async fn who_may_set_a_password_and_which() {
    let world = World::new().await;
    let set = |role: &'static str, number, body: Value| {
        let client = world.as_(role);
        async move { client.patch(&employee(number), &body).await }
    };
    for (role, number, password, came_to) in [
        ("donald", 92, json!("quack1234"), "422 password password"),
        ("donald", 92, json!("QUACK1234"), "422 password password"),
        ("donald", 92, json!("Quackquack"), "422 password password"),
        ("donald", 92, json!("Quack12"), "422 password password"),
        ("donald", 92, json!(null), "422 password password"),
        ("manager", 92, json!("Quack1234"), "422 password password"),
        ("personal", 92, json!("Quack1234"), "403 access_denied password"),
        ("manager", 5, json!("Quack1234"), "403 access_denied password"),
        ("otherOwner", 92, json!("Quack1234"), "403 access_denied password"),
    ] {
        let reply = set(role, number, json!({"password": password})).await;
        assert_eq!(reply.problem(), came_to, "{role} {number} {password}");
    }
    let with_user_name = json!({
        "noEmail": true, "emailAddress": "donaldduck", "password": "Quack4321",
    });
    assert_eq!(set("manager", 92, with_user_name).await.status, StatusCode::OK);
    assert!(log_in(&world, "DonaldDuck", "Quack4321").await.is_ok());
}

#[tokio::test]
async fn an_employee_is_made_with_a_password() {
    let world = World::new().await;
    let body = json!({
        "customer": DUCKBURG, "name": "Huey Duck", "accessLevel": "PERSONAL", "noEmail": true,
        "emailAddress": "hueyduck", "password": "Quack1234",
    });
    let made = world.as_("manager").post("/employee", &body).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert!(log_in(&world, "hueyduck", "Quack1234").await.is_ok());
    let id = made.json()["_id"].as_str().unwrap().to_owned();
    let path = format!("/employee/{id}");
    assert_eq!(world.as_("manager").delete(&path).await.status, StatusCode::OK);
    let gone = log_in(&world, "hueyduck", "Quack1234").await;
    assert_eq!(gone, Err("401 credentials_invalid".to_owned()));
    assert_eq!(world.as_("manager").post("/employee", &body).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_login_name_is_one_employees_in_any_case_of_letters() {
    let world = World::new().await;
    let name = json!({"emailAddress": "DONALD@duckburg.Example"});
    let taken = world.as_("manager").patch(&employee(2), &name).await;
    assert_eq!(taken.problem(), "409 emailAddress");
    assert_eq!(taken.json()["_id"], json!(employee_id(92)));
    let elsewhere = world.as_("otherOwner").patch(&employee(14), &name).await;
    assert_eq!(elsewhere.problem(), "409 emailAddress");
    assert_eq!(elsewhere.json().get("_id"), None, "another customer's isn't told");
    assert_eq!(world.as_("manager").patch(&employee(92), &name).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_reaches_the_login_of_somebody_above() {
    let world = World::new().await;
    for (body, denied) in [
        (json!({"state": "DISABLED"}), "403 access_denied state"),
        (json!({"accessLevel": "PERSONAL"}), "403 access_denied accessLevel"),
        (json!({"emailAddress": "owner@duckburg.example"}), "403 access_denied emailAddress"),
        (json!({"noEmail": true}), "403 access_denied noEmail"),
    ] {
        assert_eq!(world.as_("manager").patch(&employee(5), &body).await.problem(), denied);
    }
    let presence = world.as_("manager").patch(&employee(5), &json!({"presence": "BUSY"})).await;
    assert_eq!(presence.status, StatusCode::OK);
    let above = world.as_("manager").patch(&employee(92), &json!({"accessLevel": "OWNER"})).await;
    assert!(above.problem().starts_with("422 accessLevel"), "{}", above.problem());
}

#[tokio::test]
async fn who_is_let_in_needs_a_name_and_gets_no_level_above_its_maker() {
    let world = World::new().await;
    let (manager, owner) = (world.as_("manager"), world.as_("owner"));
    let nobody = format!("/employee/{}", employee_id(1));
    let named = |level| json!({"accessLevel": level, "emailAddress": "huey@duckburg.example"});
    for (client, body, problem) in [
        (&owner, json!({"accessLevel": "PERSONAL"}), "422 emailAddress emailAddress"),
        (&manager, named("OWNER"), "422 accessLevel accessLevel"),
    ] {
        assert_eq!(client.patch(&nobody, &body).await.problem(), problem, "{body}");
    }
    // Who was let in without one stays so.
    let viewer = format!("/employee/{}", employee_id(3));
    assert_eq!(owner.patch(&viewer, &json!({"accessLevel": "PERSONAL"})).await.status, 200);
    for (client, level) in [(&manager, "MANAGER"), (&owner, "OWNER"), (&owner, "NO_LOGIN")] {
        let reply = client.patch(&nobody, &named(level)).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["accessLevel"]), (200, &json!(level)));
    }
}
