//! docs/ACTING.md says of every member what it does to calls; so does the OpenAPI document.

use crate::documentation::document;
use crate::world::World;
use model::extension::members::MEMBERS;
use serde_json::Value;
use std::path::Path;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ACTING.md");

/// The rows of the table: member, word, test.
fn rows() -> Vec<[String; 3]> {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        [cells[0].trim_matches('`'), cells[1], cells[2].trim_matches('`')].map(str::to_owned)
    })
    .collect()
}

fn marks(schema: &Value, group: &str, found: &mut Vec<(String, String)>) {
    for (name, described) in schema["properties"].as_object().unwrap() {
        let path = format!("{group}{name}");
        match described["x-acts"].as_str() {
            Some(word) => found.push((path, word.to_owned())),
            None => marks(described, &format!("{path}."), found),
        }
    }
}

#[tokio::test]
async fn acting_md_matches_openapi() {
    let world = World::new().await;
    let document = document(&world).await;
    let mut marked = Vec::new();
    marks(&document["components"]["schemas"]["Extension"], "", &mut marked);
    let mut written: Vec<_> = rows().into_iter().map(|[member, word, _]| (member, word)).collect();
    let seed: Vec<_> = MEMBERS.iter().map(|member| member.path).chain(["phones"]).collect();
    assert!(written.iter().map(|(member, _)| member).eq(&seed), "not in the seed's order");
    // The document has them in an order of its own.
    marked.sort();
    written.sort();
    assert_eq!(written, marked);
}

#[test]
fn whatever_acts_or_decides_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for [member, word, test] in rows() {
        let does = matches!(word.as_str(), "acts" | "decides");
        assert_eq!(does, !test.is_empty(), "{member}");
        if does {
            assert!(root.join(&test).exists(), "{member}: {test} doesn't exist");
        }
    }
}
