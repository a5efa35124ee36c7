//! Explain: masked where the caller sees an item masked, and strict about its question.

use crate::world::{DONALD, DUCKBURG, MOUSETON, World, path};
use serde_json::json;

#[tokio::test]
async fn steps_inside_masked_items_show_rule_and_outcome_only() {
    let world = World::new().await;
    let explain = format!("{}/explain", path(DONALD));
    let body = json!({"direction": "inbound", "from": "+4511223344"});
    let masked = json!({"rule": "redirect", "outcome": "answered"});
    let own = world.as_("donald").post(&explain, &body).await.json();
    assert_eq!(own["result"], "answered");
    assert_eq!(own["steps"][0]["value"], "100");
    assert_eq!(own["steps"][0]["sentence"], "redirect is 100: the call is diverted.");
    assert_eq!(own["steps"][1], masked);
    let viewer = world.as_("viewer").post(&explain, &body).await.json();
    assert_eq!(viewer["steps"][1]["value"], "+4511223344");
}

#[tokio::test]
async fn a_number_is_explained_as_the_extension_that_has_it() {
    let world = World::new().await;
    for (role, body, result) in [
        ("donald", json!({"to": "592"}), "answered"),
        ("owner", json!({"to": "592", "from": "100"}), "answered"),
        ("owner", json!({"to": "+4570305051"}), "answered"),
        ("owner", json!({"to": "+4571919998"}), "answered"),
        ("owner", json!({"to": "777"}), "not_found"),
        ("admin", json!({"to": "592"}), "not_found"),
        ("admin", json!({"to": "592", "customer": MOUSETON}), "answered"),
        ("reseller", json!({"to": "592", "customer": DUCKBURG}), "answered"),
    ] {
        let reply = world.as_(role).post("/pbx/explain", &body).await;
        assert_eq!(reply.json()["result"], result, "{role} {body}");
    }
}

#[tokio::test]
async fn an_outbound_call_is_made_by_the_extension_or_one_of_its_phones() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let phones = owner.get(&format!("{}?includePhones=true", path(DONALD))).await.json();
    let explain = format!("{}/explain", path(DONALD));
    for from in [json!(null), json!("592"), phones["phones"][0]["_id"].clone()] {
        let body = json!({"direction": "outbound", "from": from, "to": "100"});
        assert_eq!(owner.post(&explain, &body).await.json()["result"], "answered", "{from}");
    }
}

#[tokio::test]
async fn a_number_that_nobody_has_is_told_in_short() {
    let world = World::new().await;
    let body = json!({"to": "7".repeat(100_000)});
    let answer = world.as_("owner").post("/pbx/explain", &body).await;
    assert_eq!(answer.json()["result"], "not_found");
    assert!(answer.body.len() < 1000);
}

#[tokio::test]
async fn questions_that_do_not_fit_are_told_every_fault() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let explain = format!("{}/explain", path(DONALD));
    for (target, body, problem) in [
        (explain.as_str(), json!({}), "422 direction direction"),
        (&explain, json!({"direction": "inbound", "from": "Daisy"}), "422 from from"),
        (
            &explain,
            json!({"x": 1, "presence": "AWAY", "direction": "sideways", "at": "noon"}),
            "422 direction direction at presence x",
        ),
        (&explain, json!({"direction": "inbound", "from": "777"}), "422 from from"),
        (&explain, json!({"direction": "inbound", "to": "100"}), "422 to to"),
        (&explain, json!({"direction": "outbound"}), "422 to to"),
        (&explain, json!({"direction": "outbound", "from": "100", "to": "593"}), "422 from from"),
        ("/pbx/explain", json!({"from": "592"}), "422 to to"),
        ("/pbx/explain", json!({"to": "592", "from": "777"}), "422 from from"),
        ("/pbx/explain", json!({"to": "592", "customer": MOUSETON}), "422 customer customer"),
        ("/pbx/explain", json!({"to": "592", "customer": "f".repeat(24)}), "422 customer customer"),
    ] {
        assert_eq!(owner.post(target, &body).await.problem(), problem, "{body}");
    }
    let reply = world.as_("personal").post("/pbx/explain", &json!({"to": "592"})).await;
    assert_eq!(reply.problem(), "403 access_denied");
}

#[tokio::test]
async fn a_date_that_is_none_is_told_in_our_words() {
    let world = World::new().await;
    let explain = format!("{}/explain", path(DONALD));
    let body = json!({"direction": "inbound", "at": "noon"});
    let reply = world.as_("owner").post(&explain, &body).await.json();
    assert_eq!(reply["detail"], "a date is written as in RFC 3339: 2019-01-01T00:00:00Z");
}
