//! The dialplan as a whole, and the local phone book.

use crate::world::{DONALD, DUCKBURG, MOUSETON, OUTBOUND, RECEPTION, TRUNK, World, path};
use serde_json::{Value, json};

#[tokio::test]
async fn items_of_all_kinds_are_listed_together() {
    let world = World::new().await;
    let viewer = world.as_("viewer");
    let page = viewer.get("/pbx/dialplan?limit=5000").await.json();
    assert_eq!((&page["limit"], &page["total"]), (&json!(100), &json!(9)));
    let first = &page["dialplanItems"][0];
    let expected = json!({
        "_id": RECEPTION, "type": "EXTENSION", "customer": DUCKBURG, "name": "Reception",
        "number": "100", "redirect": null,
    });
    assert_eq!(*first, expected);
    let dials = viewer.get("/pbx/dialplan?type=DIAL").await.json();
    assert_eq!(dials["dialplanItems"][0]["_id"], json!(OUTBOUND));
    assert_eq!(viewer.get("/pbx/dialplan?excludeNoNumber=true").await.json()["total"], 7);
    let full = viewer.get("/pbx/dialplan?full=1&filter=the%20boss").await.json();
    assert_eq!(full["dialplanItems"], json!([viewer.get(&path(DONALD)).await.json()]));
    let full = viewer.get("/pbx/dialplan?full=1&type=TRUNK").await.json();
    let trunk = viewer.get(&format!("/pbx/trunk/{TRUNK}")).await.json();
    assert_eq!(full["dialplanItems"], json!([trunk]));
    let expanded = viewer.get("/pbx/dialplan?expandGoto=1&filter=donald").await.json();
    assert_eq!(expanded["dialplanItems"][0]["outbound"]["goto"]["type"], "DIAL");
    assert_eq!(viewer.get("/pbx/dialplan?type=DUCK").await.problem(), "400 bad_request");
}

#[tokio::test]
async fn the_status_of_a_number_tells_who_has_it_and_which_is_next() {
    let world = World::new().await;
    let viewer = world.as_("viewer");
    let status = |number: &str| format!("/pbx/dialplan/numberStatus?number={number}");
    let taken = viewer.get(&status("604")).await.json();
    assert_eq!((&taken["exists"], &taken["type"]), (&json!(true), &json!("EXTENSION")));
    assert_eq!(taken["nextAvailableNumber"], "606");
    assert_eq!(viewer.get(&status("606")).await.json(), json!({"exists": false}));
    for number in ["12345678", "x", "", "%2B4570305051"] {
        assert_eq!(viewer.get(&status(number)).await.problem(), "404 number", "{number}");
    }
    let of = format!("{}&customer=duck", status("100"));
    assert_eq!(viewer.get(&of).await.problem(), "400 bad_request");
    let of = format!("{}&customer={MOUSETON}", status("100"));
    assert_eq!(viewer.get(&of).await.status, 403);
}

#[tokio::test]
async fn numbers_are_looked_up_as_people_write_them() {
    let world = World::new().await;
    let viewer = world.as_("viewer");
    let body = json!({
        "numbers": ["592", "70 30 50 51", "+4570305051", "+4571919998", "12345678", "777", "duck"],
    });
    let found = viewer.post("/pbx/dialplan/lookup", &body).await.json();
    let short: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["number"].as_str().unwrap(), one["type"].as_str().unwrap(), one["name"].as_str())
        })
        .collect();
    let donald = Some("Donald Duck");
    assert_eq!(
        short,
        [
            ("592", "EXTENSION", donald),
            ("+4570305051", "EXTENSION", donald),
            ("+4570305051", "EXTENSION", donald),
            ("+4571919998", "EXTENSION", donald),
            ("+4512345678", "EXTERNAL", None),
            ("777", "INVALID", None),
            ("duck", "INVALID", None),
        ]
    );
    let query = "/pbx/dialplan/lookup?numbers[]=70305051&numbers=%2B4570305051&unique=true";
    let unique = viewer.get(query).await.json();
    assert_eq!(unique, json!([found[1]]));
    let many = json!({"numbers": vec!["592"; 1001]});
    assert_eq!(viewer.post("/pbx/dialplan/lookup", &many).await.problem(), "422 numbers numbers");
    let wrong = json!({"numbers": "592", "zebra": 1});
    let reply = viewer.post("/pbx/dialplan/lookup", &wrong).await;
    assert_eq!(reply.problem(), "422 numbers numbers zebra");
}

#[tokio::test]
async fn references_name_what_points_here() {
    let world = World::new().await;
    let viewer = world.as_("viewer");
    let place = format!("/pbx/dialplan/{OUTBOUND}/references");
    assert_eq!(viewer.get(&place).await.json(), json!([DONALD]));
    let expanded = viewer.get(&format!("{place}?expand=true")).await.json();
    let expected = json!([{
        "_id": DONALD, "type": "EXTENSION", "name": "Donald Duck", "number": "592",
        "redirect": null, "notes": "The boss",
    }]);
    assert_eq!(expanded, expected);
    let none = format!("/pbx/dialplan/{TRUNK}/references");
    assert_eq!(viewer.get(&none).await.json(), json!([]));
}

#[tokio::test]
async fn the_phone_book_has_who_wants_to_be_found() {
    let world = World::new().await;
    let owner = world.as_("owner");
    assert_eq!(owner.patch(&path(RECEPTION), &json!({"phonebook": false})).await.status, 200);
    let book = world.as_("personal").get("/pbx/phonebook/local?filter=d").await.json();
    assert_eq!(book["limit"], 50);
    let donald = json!({
        "_id": DONALD, "name": "Donald Duck", "number": "592", "direct": "+4570305051",
    });
    assert!(book["contacts"].as_array().unwrap().contains(&donald));
    let all = world.as_("personal").get("/pbx/phonebook/local").await.json();
    let names: Vec<&Value> =
        all["contacts"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert!(!names.contains(&&json!("Reception")) && names.contains(&&json!("viewer")));
}
