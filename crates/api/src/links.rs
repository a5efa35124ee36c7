//! What the document says of the way from one answer to the next: the place of what was made, its
//! version, and what can be done with it.

use serde_json::{Map, Value, json};

/// Adds it to every operation that it holds for.
pub(crate) fn add(document: &mut Value) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    let below: Vec<(String, Value)> =
        paths.iter().map(|(path, operations)| (path.clone(), links(operations))).collect();
    for (path, operations) in paths {
        let items = format!("{path}/{{id}}");
        let of_item = |other: &str| other == items || other.starts_with(&format!("{items}/"));
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            let Some(Value::Object(answers)) = operation.get_mut("responses") else { continue };
            let has_version =
                answers.contains_key("304") || (answers.contains_key("412") && method != "delete");
            if let (true, Some(Value::Object(read))) = (has_version, answers.get_mut("200")) {
                read.insert("headers".to_owned(), json!({ "ETag": header("Its version.") }));
            }
            if let Some(Value::Object(made)) = answers.get_mut("201") {
                let place = header("Where it is now.");
                let headers = json!({ "ETag": header("Its version."), "Location": place });
                made.insert("headers".to_owned(), headers);
                let links = below.iter().filter(|(other, _)| of_item(other));
                let links = links.filter_map(|(_, links)| links.as_object().cloned()).flatten();
                made.insert("links".to_owned(), Value::Object(links.collect()));
            }
        }
    }
}

fn header(about: &str) -> Value {
    json!({ "description": about, "required": true, "schema": { "type": "string" } })
}

/// What can be done at a path with what was made.
fn links(operations: &Value) -> Value {
    let operations = operations.as_object().into_iter().flat_map(Map::values);
    let names = operations.filter_map(|operation| operation["operationId"].as_str());
    let link = |name: &str| {
        let id = json!({ "id": "$response.body#/_id" });
        (name.to_owned(), json!({ "operationId": name, "parameters": id }))
    };
    Value::Object(names.map(link).collect())
}
