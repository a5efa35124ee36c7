//! Listing extensions.

use crate::client::Reply;
use crate::world::{DONALD, DUCKBURG, MOUSETON, RECEPTION, World, employee_id, path};
use serde_json::{Value, json};

fn numbers(reply: &Reply) -> Vec<String> {
    let page = reply.json();
    let extensions = page["extensions"].as_array().unwrap().iter();
    extensions.map(|one| one["number"].as_str().unwrap_or("null").to_owned()).collect()
}

#[tokio::test]
async fn extensions_are_listed_in_order_and_in_pages() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for (query, expected) in [
        ("", vec!["592", "604", "601", "605", "602", "100", "603"]),
        ("?sort=number", vec!["100", "592", "601", "602", "603", "604", "605"]),
        ("?sort=-number&limit=2", vec!["605", "604"]),
        ("?sort=number&offset=5&limit=2000", vec!["604", "605"]),
        ("?sort=direct&limit=1", vec!["592"]),
        ("?sort=-employee&limit=1", vec!["592"]),
        ("?filter=DON", vec!["592"]),
        ("?filter=%2B457030", vec!["592"]),
        ("?filter=boss", vec!["592"]),
        ("?filter=a2a2", vec![]),
        (&format!("?employee={}", employee_id(4)), vec!["604"]),
        (&format!("?employee={}", employee_id(14)), vec![]),
    ] {
        let reply = owner.get(&format!("/pbx/extension{query}")).await;
        assert_eq!(numbers(&reply), expected, "{query}");
    }
    let page = owner.get("/pbx/extension?sort=number&offset=5&limit=2000").await.json();
    assert_eq!(
        (&page["offset"], &page["limit"], &page["total"]),
        (&json!(5), &json!(1000), &json!(7))
    );
    for query in ["?limit=0", "?limit=x", "?sort=notes", "?full=yes", "?employee=592"] {
        let reply = owner.get(&format!("/pbx/extension{query}")).await;
        assert_eq!(reply.problem(), "400 bad_request", "{query}");
    }
}

#[tokio::test]
async fn what_a_list_shows_of_each() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let shown = |query: &str| {
        let owner = owner.clone();
        let query = format!("/pbx/extension?filter=donald{query}");
        async move { owner.get(&query).await.json()["extensions"][0].clone() }
    };
    let condensed = json!({
        "_id": DONALD, "type": "EXTENSION", "customer": DUCKBURG, "name": "Donald Duck",
        "number": "592", "employee": employee_id(92), "direct": "+4570305051", "primary": true,
        "redirect": null,
    });
    assert_eq!(shown("").await, condensed);
    for query in ["expandGoto=true", "includePhones=true", "includePhones=1&expandGoto=1", "full=1"]
    {
        let one = owner.get(&format!("{}?{query}", path(DONALD))).await.json();
        assert_eq!(shown(&format!("&{query}")).await, one, "{query}");
    }
}

#[tokio::test]
async fn personal_lists_its_own_alone() {
    let world = World::new().await;
    let donald = world.as_("donald");
    let own = format!("/pbx/extension?employee={}", employee_id(92));
    assert_eq!(numbers(&donald.get(&own).await), ["592"]);
    let full = donald.get(&format!("{own}&full=true")).await.json();
    assert_eq!(full["extensions"][0]["notes"], "The boss");
    let colleague = format!("/pbx/extension?employee={}", employee_id(4));
    for path in ["/pbx/extension", &colleague, &format!("{own}&customer={MOUSETON}")] {
        assert_eq!(donald.get(path).await.problem(), "403 access_denied", "{path}");
    }
    let nobodys = format!("/pbx/extension?customer={}", "f".repeat(24));
    assert_eq!(world.as_("owner").get(&nobodys).await.problem(), "403 access_denied");
    let listed = world.as_("viewer").get("/pbx/extension?sort=number").await.json();
    assert_eq!(listed["extensions"][0]["_id"], json!(RECEPTION));
    assert_eq!(listed["extensions"][1]["direct"], Value::from("+4570305051"));
}
