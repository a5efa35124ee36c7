//! docs/COMPAT.md names every operation of the document, nothing that isn't in it as if it were, and of
//! members the same.

use crate::documentation::{document, operations};
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeSet;

/// The rows of the page's tables that have so many cells: their cells without ticks.
fn rows(cells: usize) -> Vec<Vec<String>> {
    let page = include_str!("../../../../docs/COMPAT.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let rows = rows.map(|line| line.trim_matches('|').split(" | ").map(clean).collect::<Vec<_>>());
    rows.filter(|row| row.len() == cells).collect()
}

fn clean(cell: &str) -> String {
    cell.trim().trim_end_matches('|').trim().trim_matches('`').to_owned()
}

#[tokio::test]
async fn compat_md_has_every_operation_and_no_other() {
    let document = document(&World::new().await).await;
    let documented = operations(&document).into_iter();
    let documented: BTreeSet<String> =
        documented.map(|(path, method, _)| format!("{} {path}", method.to_uppercase())).collect();
    let mut named = BTreeSet::new();
    for row in rows(3) {
        let [operation, here, note] = row.as_slice() else { unreachable!() };
        let is_there = documented.contains(operation);
        match here.as_str() {
            "works" | "ours" => assert!(is_there, "{operation} isn't in the document"),
            "differs" => assert!(is_there && !note.is_empty(), "{operation}: how does it differ?"),
            "missing" => assert!(!is_there, "{operation} is in the document"),
            _ => panic!("{operation}: {here}?"),
        }
        assert!(named.insert(operation.clone()), "{operation} is there twice");
    }
    let missing: Vec<_> = documented.difference(&named).collect();
    assert!(missing.is_empty(), "COMPAT.md doesn't name {missing:?}");
}

#[tokio::test]
async fn compat_md_has_every_member_of_the_resources_that_it_names() {
    let document = document(&World::new().await).await;
    // What may be sent: a password is never shown.
    let schemas = &document["components"]["schemas"];
    let properties = |resource: &str| &schemas[format!("{resource}Change")]["properties"];
    let mut named: BTreeSet<(String, String)> = BTreeSet::new();
    let mut resources = BTreeSet::new();
    for row in rows(4) {
        let [resource, members, here, _] = row.as_slice() else { unreachable!() };
        resources.insert(resource.clone());
        for member in members.split(' ') {
            let is_there = properties(resource).get(member).is_some();
            match here.as_str() {
                "works" | "ours" => assert!(is_there, "{resource} has no {member}"),
                "kept" => assert!(!is_there, "{resource} has {member}"),
                _ => panic!("{resource} {members}: {here}?"),
            }
            named.insert((resource.clone(), member.to_owned()));
        }
    }
    assert_eq!(resources.len(), 6);
    for resource in resources {
        let members = properties(&resource).as_object().unwrap();
        let says_itself = |name: &str| ["_id", "type", "customer"].contains(&name);
        for (name, _) in members.iter().filter(|(name, _)| !says_itself(name)) {
            assert!(named.contains(&(resource.clone(), name.clone())), "{resource}: {name}");
        }
    }
}

#[tokio::test]
async fn what_the_family_has_and_is_not_here_is_refused_or_kept_as_said() {
    let world = World::new().await;
    let login = world.as_nobody().get("/auth/login?username=a&password=b").await;
    assert_eq!(login.problem(), "405 method_not_allowed");
    assert_eq!(login.header("allow"), "POST");
    let owner = world.as_("owner");
    for row in rows(4).iter().filter(|row| row[2] == "kept" && row[0] == "SipPhone") {
        for member in row[1].split(' ') {
            let desk = format!("/pbx/sipphone/{}", crate::world::DESK);
            let body = serde_json::json!({ member: { "some": "thing" } });
            let reply = owner.patch(&desk, &body).await;
            assert_eq!(reply.json()[member], body[member], "{member}");
        }
    }
    let simple = world.as_nobody().get("/auth/validateToken?simple=true").await;
    assert_eq!(simple.problem(), "403 access_denied");
    let other = world.as_("donald").get("/auth/validateToken?ip=192.0.2.1").await;
    assert_eq!(other.json()["success"], Value::Bool(true));
}
