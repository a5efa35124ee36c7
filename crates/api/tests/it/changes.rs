//! Changing an extension and an employee.

use crate::world::{DONALD, MICKEY, OUTBOUND, RECEPTION, World, employee_id, item, path};
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[tokio::test]
async fn one_member_changes_and_every_other_stays_byte_for_byte() {
    let world = World::new().await;
    let donald = world.as_("donald");
    let before = donald.get(&path(DONALD)).await;
    let reply = donald.patch(&path(DONALD), &json!({"redirect": "100"})).await;
    assert_eq!(reply.status, 200);
    let expected =
        str::from_utf8(&before.body).unwrap().replace(r#""redirect":null"#, r#""redirect":"100""#);
    assert_eq!(str::from_utf8(&reply.body).unwrap(), expected);
    let after = donald.get(&path(DONALD)).await;
    assert_eq!(
        (after.body.clone(), after.header("etag")),
        (reply.body.clone(), reply.header("etag"))
    );
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn nested_objects_merge_and_null_clears_by_post_as_well() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let body = json!({
        "notes": null,
        "noAnswer": {"timeout": 45},
        "outbound": {"callerId": {"onNextCall": "  ", "onPresenceWork": null}},
    });
    let reply = owner.post(&path(DONALD), &body).await.json();
    assert_eq!(reply["notes"], Value::Null);
    assert_eq!(reply["noAnswer"]["timeout"], 45);
    assert_eq!(reply["noAnswer"]["intNumber"], "100");
    assert_eq!(reply["outbound"]["callerId"]["onPresenceWork"], Value::Null);
    assert_eq!(reply["outbound"]["callerId"]["onPresenceWorkAsk"], true);
    assert_eq!(reply["outbound"]["destinations"], "NATIONAL");
}

#[tokio::test]
async fn what_was_read_can_be_sent_back_by_who_read_it() {
    let world = World::new().await;
    for (role, query) in [
        ("donald", ""),
        ("donald", "?expandGoto=true"),
        ("donald", "?includePhones=true&expandGoto=true"),
        ("viewer", "?includePhones=true&expandGoto=true"),
        ("owner", "?includePhones=true"),
        ("reseller", ""),
        ("admin", "?expandGoto=true"),
    ] {
        let client = world.as_(role);
        let read = client.get(&format!("{}{query}", path(DONALD))).await;
        let reply = client.patch(&path(DONALD), &read.json()).await;
        assert_eq!(reply.status, 200, "{role} {query}");
        let unchanged = client.get(&path(DONALD)).await;
        assert_eq!(unchanged.header("etag"), reply.header("etag"));
        assert!(read.header("etag").starts_with(unchanged.header("etag").trim_end_matches('"')));
    }
}

#[tokio::test]
async fn phones_are_read_only() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let mut read = owner.get(&format!("{}?includePhones=true", path(DONALD))).await.json();
    read["phones"][0]["online"] = json!(false);
    assert_eq!(owner.patch(&path(DONALD), &read).await.status, 200);
    read["phones"][0]["dnd"] = json!(true);
    let reply = owner.patch(&path(DONALD), &read).await;
    assert_eq!(reply.problem(), "403 access_denied phones");
}

#[tokio::test]
async fn forbidden_members_are_listed_and_nothing_is_written() {
    let world = World::new().await;
    let donald = world.as_("donald");
    let before = donald.get(&path(DONALD)).await;
    let body = json!({
        "redirect": "100",
        "notes": "Promoted",
        "number": "593",
        "primary": true,
        "noAnswer": {"timeout": 10, "extAction": "VOICEMAIL"},
        "outbound": {"destinations": "ANY", "callerId": {"onNextCall": "SECRET"}},
        "_id": DONALD,
    });
    let reply = donald.patch(&path(DONALD), &body).await;
    assert_eq!(
        reply.problem(),
        "403 access_denied number notes noAnswer.timeout outbound.destinations"
    );
    assert_eq!(donald.get(&path(DONALD)).await.body, before.body);
}

#[tokio::test]
async fn who_may_not_write_at_all_learns_no_values() {
    let world = World::new().await;
    for body in [json!({"callWaiting": true}), json!({"callWaiting": false})] {
        let reply = world.as_("personal").patch(&path(DONALD), &body).await;
        assert_eq!(reply.problem(), "403 access_denied callWaiting");
    }
}

#[tokio::test]
async fn every_fault_is_told_at_once_in_the_seeds_order() {
    let world = World::new().await;
    let body = json!({
        "zebra": 1,
        "outbound": {"goto": "nonsense"},
        "mobileDelay": 7,
        "redirect": "not a number",
        "noAnswer": {"timeout": 90},
    });
    let reply = world.as_("owner").patch(&path(DONALD), &body).await;
    let expected = "422 redirect redirect mobileDelay noAnswer.timeout outbound.goto zebra";
    assert_eq!(reply.problem(), expected);
    assert_eq!(reply.json()["errors"][2]["pointer"], "/noAnswer/timeout");
}

/// A value that no such member can have, one that this customer hasn't got, and an action without its
/// number: three kinds of fault, one answer.
#[tokio::test]
async fn faults_of_every_kind_are_told_together() {
    let world = World::new().await;
    let body = json!({
        "redirect": "999",
        "noAnswer": {"timeout": 3, "extAction": "NUMBER"},
        "busy": {"intAction": "NUMBER", "intNumber": "no number"},
    });
    let reply = world.as_("owner").patch(&path(DONALD), &body).await;
    let expected = "422 redirect redirect noAnswer.timeout noAnswer.extAction busy.intNumber";
    assert_eq!(reply.problem(), expected);
}

#[tokio::test]
async fn an_id_of_another_customer_answers_as_one_that_does_not_exist() {
    let world = World::new().await;
    let owner = world.as_("owner");
    for member in ["inboundGoto", "employee", "ringtone", "startAudio"] {
        let mut replies = Vec::new();
        for id in [MICKEY.to_string(), employee_id(14).to_string(), "f".repeat(24)] {
            let reply = owner.patch(&path(DONALD), &json!({member: id})).await;
            assert_eq!(reply.problem(), format!("422 {member} {member}"));
            let mut problem = reply.json();
            problem["requestId"] = Value::Null;
            replies.push(problem);
        }
        assert!(replies.windows(2).all(|pair| pair[0] == pair[1]), "{member}");
    }
}

#[tokio::test]
async fn numbers_that_are_taken_conflict() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let reply = owner.patch(&path(DONALD), &json!({"number": "100"})).await;
    assert_eq!(reply.problem(), "409 number");
    assert_eq!(reply.json()["_id"], json!(RECEPTION));
    let reply = owner.patch(&path(RECEPTION), &json!({"direct": "+4570305051"})).await;
    assert_eq!(reply.problem(), "409 direct");
    let reply = owner.patch(&path(RECEPTION), &json!({"direct": "+4570406060"})).await;
    assert_eq!(reply.problem(), "422 direct direct");
}

#[tokio::test]
async fn who_bills_elsewhere_and_who_moves_an_extension() {
    let world = World::new().await;
    let [duckburg, mouseton] = [crate::world::DUCKBURG, crate::world::MOUSETON];
    for (role, body, problem) in [
        ("owner", json!({"billingCustomer": duckburg}), "403 access_denied billingCustomer"),
        ("reseller", json!({"billingCustomer": mouseton}), "422 billingCustomer billingCustomer"),
        ("owner", json!({"customer": mouseton}), "403 access_denied customer"),
        ("reseller", json!({"customer": mouseton}), "422 customer customer"),
        ("admin", json!({"customer": mouseton, "redirect": "5555"}), "422 redirect redirect"),
    ] {
        let reply = world.as_(role).patch(&path(RECEPTION), &body).await;
        assert_eq!(reply.problem(), problem, "{role} {body}");
    }
    let body = json!({"billingCustomer": duckburg});
    assert_eq!(world.as_("reseller").patch(&path(RECEPTION), &body).await.status, 200);
}

#[tokio::test]
async fn if_match_holds_the_writer_to_what_it_read() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let plain = owner.get(&path(DONALD)).await.header("etag").to_owned();
    let expanded_path = format!("{}?expandGoto=true", path(DONALD));
    let expanded = owner.get(&expanded_path).await.header("etag").to_owned();
    let masked = world.as_("personal").get(&path(DONALD)).await.header("etag").to_owned();
    let weak = format!("W/{plain}");
    let body = |notes: &str| json!({"notes": notes});
    for (etag, notes, status) in [
        (masked.as_str(), "a", 412),
        ("\"999999\"", "b", 412),
        (&weak, "c", 412),
        (&plain, "d", 200),
        (&plain, "e", 412),
        (&expanded, "f", 412),
        ("*", "g", 200),
    ] {
        let reply = owner.patch_if(&path(DONALD), etag, &body(notes)).await;
        assert_eq!(reply.status, status, "{etag} {notes}");
        if status == 412 {
            assert_eq!(reply.problem(), "412 precondition_failed");
        }
    }
    let now = owner.get(&expanded_path).await.header("etag").to_owned();
    assert_eq!(owner.patch_if(&path(DONALD), &now, &body("h")).await.status, 200);
}

#[tokio::test]
async fn a_consumed_next_call_number_is_not_armed_again_by_sending_back_what_was_read() {
    let world = World::new().await;
    let donald = world.as_("donald");
    let arm = json!({"outbound": {"callerId": {"onNextCall": "SECRET"}}});
    assert_eq!(donald.patch(&path(DONALD), &arm).await.status, 200);
    let mut read = donald.get(&path(DONALD)).await.json();
    let consume = json!({"outbound": {"callerId": {"onNextCall": null}}});
    donald.patch(&path(DONALD), &consume).await;
    read["callWaiting"] = json!(false);
    let reply = donald.patch(&path(DONALD), &read).await;
    assert_eq!(reply.problem(), "412 precondition_failed");
    let etag = donald.get(&path(DONALD)).await.header("etag").to_owned();
    assert_eq!(donald.patch_if(&path(DONALD), &etag, &read).await.status, 200);
}

#[tokio::test]
async fn warnings_do_not_fail_a_write() {
    let world = World::new().await;
    let body = json!({"mobileDelay": 30, "outbound": {"goto": {"_id": OUTBOUND, "name": "x"}}});
    let reply = world.as_("owner").patch(&path(DONALD), &body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("lokal-warning"), "mobileDelay; not_before_no_answer");
}

#[tokio::test]
async fn the_name_follows_the_employee() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let reply = owner.patch(&path(DONALD), &json!({"name": "Scrooge"})).await.json();
    assert_eq!(reply["name"], "Donald Duck");
    let join = json!({"employee": employee_id(2), "name": "Ignored"});
    let reply = owner.patch(&path(RECEPTION), &join).await.json();
    assert_eq!((&reply["name"], &reply["primary"]), (&json!("personal"), &json!(false)));
    let primary = owner.patch(&path(RECEPTION), &json!({"primary": true})).await.json();
    assert_eq!(primary["primary"], true);
    assert_eq!(owner.get(&path(item(2))).await.json()["primary"], false);
}

#[tokio::test]
async fn writers_who_meet_all_get_through() {
    let world = World::new().await;
    let (one, other) = (world.as_("owner"), world.as_("manager"));
    let donald = path(DONALD);
    let (notes, redirect) = (json!({"notes": "x"}), json!({"redirect": "100"}));
    let (first, second) = tokio::join!(one.patch(&donald, &notes), other.patch(&donald, &redirect));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    let after = one.get(&donald).await.json();
    assert_eq!((&after["notes"], &after["redirect"]), (&json!("x"), &json!("100")));
}

#[tokio::test]
async fn presence_changes_and_nothing_else_of_an_employee() {
    let world = World::new().await;
    let employee = format!("/employee/{}", employee_id(92));
    let donald = world.as_("donald");
    let before = donald.get(&employee).await;
    let reply = donald.patch(&employee, &json!({"presence": "HOLIDAY"})).await;
    assert_eq!(reply.json()["presence"], "HOLIDAY");
    assert_eq!(donald.get(&employee).await.body, reply.body);
    assert_eq!(donald.get(&employee).await.header("etag"), reply.header("etag"));
    assert_eq!(donald.post(&employee, &reply.json()).await.status, 200);
    for (body, problem) in [
        (json!({"presence": "AWAY"}), "422 presence presence"),
        (json!({"presence": null}), "422 presence presence"),
        (json!({"birthdate": "1934-06-09"}), "403 access_denied extra"),
        (json!({"name": "Scrooge"}), "403 access_denied name"),
        (json!({"accessLevel": "ADMIN"}), "403 access_denied accessLevel"),
    ] {
        assert_eq!(donald.patch(&employee, &body).await.problem(), problem, "{body}");
    }
    let work = json!({"presence": "WORK"});
    let stale = donald.patch_if(&employee, before.header("etag"), &work).await;
    assert_eq!(stale.problem(), "412 precondition_failed");
}

#[tokio::test]
async fn of_two_who_saw_the_same_employee_one_changes_it() {
    let world = World::new().await;
    let employee = format!("/employee/{}", employee_id(92));
    let donald = world.as_("donald");
    let seen = donald.get(&employee).await;
    let (busy, away) = (json!({"presence": "BUSY"}), json!({"presence": "OFF_WORK"}));
    let (one, other) = tokio::join!(
        donald.patch_if(&employee, seen.header("etag"), &busy),
        donald.patch_if(&employee, seen.header("etag"), &away),
    );
    assert_eq!(one.status, 200);
    assert_eq!(other.problem(), "412 precondition_failed");
    assert_eq!(donald.get(&employee).await.body, one.body);
}

#[tokio::test]
async fn ids_sent_back_to_an_employee_are_the_same_in_either_case() {
    let world = World::new().await;
    let id = employee_id(92).to_string();
    let donald = world.as_("donald");
    let body = json!({"_id": id.to_uppercase(), "presence": "BUSY"});
    let reply = donald.patch(&format!("/employee/{id}"), &body).await;
    assert_eq!(reply.json()["presence"], "BUSY");
}

#[tokio::test]
async fn tags_may_come_in_several_header_lines() {
    let world = World::new().await;
    let owner = world.as_("owner");
    let etag = owner.get(&path(DONALD)).await.header("etag").to_owned();
    let matches = [("if-match", "\"0\""), ("if-match", etag.as_str())];
    let body = || Body::from(json!({"redirect": null}).to_string());
    let reply = owner.send(Method::PATCH, &path(DONALD), &matches, body()).await;
    assert_eq!(reply.status, 200);
    let has = [("if-none-match", "\"0\""), ("if-none-match", etag.as_str())];
    let reply = owner.send(Method::GET, &path(DONALD), &has, Body::empty()).await;
    assert_eq!(reply.status, 304);
}

#[tokio::test]
async fn many_who_change_one_extension_at_once_all_do() {
    let world = World::new().await;
    let mut changes = JoinSet::new();
    for number in 0..30 {
        let owner = world.as_("owner");
        let body = json!({"notes": number.to_string()});
        changes.spawn(async move { owner.patch(&path(DONALD), &body).await.status });
    }
    for status in changes.join_all().await {
        assert_eq!(status, 200);
    }
}
