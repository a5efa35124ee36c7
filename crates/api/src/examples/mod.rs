//! An example for each operation: `requests.json` is written by hand, `replies.json` is what came back,
//! written by `EXAMPLES=write cargo test -p api examples` and held against what comes back by every run.

use axum::http::Uri;
use serde_json::{Map, Value, json};

const REQUESTS: &str = include_str!("requests.json");
const REPLIES: &str = include_str!("replies.json");

/// Puts them into the document: values of parameters, bodies, replies.
pub(crate) fn add(document: &mut Value) {
    let (requests, replies) = (read(REQUESTS), read(REPLIES));
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for (path, operations) in paths {
        for operation in operations.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let name = operation["operationId"].as_str().unwrap_or_default();
            let (request, reply) = (requests.get(name), replies.get(name));
            if let Some(request) = request {
                let to = request["to"].as_str().unwrap_or_default();
                add_parameters(operation, path, to);
                add_body(operation.pointer_mut("/requestBody/content"), request.get("body"));
            }
            for status in ["200", "201"] {
                add_body(operation.pointer_mut(&format!("/responses/{status}/content")), reply);
            }
        }
    }
}

/// Ours, and read by a test: what isn't JSON has no examples.
fn read(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

fn add_body(content: Option<&mut Value>, example: Option<&Value>) {
    let media = content.and_then(|content| content.get_mut("application/json"));
    if let (Some(Value::Object(media)), Some(example)) = (media, example) {
        media.insert("example".to_owned(), example.clone());
    }
}

fn add_parameters(operation: &mut Value, path: &str, to: &str) {
    let Ok(uri) = to.parse::<Uri>() else { return };
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else { return };
    for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let found = match parameter["in"].as_str() {
            Some("path") => in_path(path, uri.path(), name),
            Some("query") => crate::query::lookup(&uri, name),
            _ => None,
        };
        if let Some(text) = found {
            let example = typed(&parameter["schema"], text);
            parameter.insert("example".to_owned(), example);
        }
    }
}

fn in_path(template: &str, path: &str, name: &str) -> Option<String> {
    let place = template.split('/').position(|part| part == format!("{{{name}}}"))?;
    path.split('/').nth(place).map(str::to_owned)
}

/// The text of a query as the value that it stands for.
fn typed(schema: &Value, text: String) -> Value {
    match schema["type"].as_str() {
        Some("boolean" | "integer") => serde_json::from_str(&text).unwrap_or_default(),
        Some("array") => json!([text]),
        _ => Value::String(text),
    }
}
