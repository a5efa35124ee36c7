//! The object of a resource, made from the same table of members that validates it.

use super::{ID, id, name, nullable};
use model::country;
use model::item::ItemType;
use model::member::{Kind, Member};
use serde_json::{Map, Value, json};

/// Members that aren't there when there is nothing to say.
const SOMETIMES: &str = "employeeDeleteDate";
const E164: &str = r"^\+[1-9][0-9]{7,14}$";
const COUNTRY: &str = "^[A-Z]{2}$";

/// The object that has these members, groups and all.
pub(super) fn object(members: impl Iterator<Item = &'static Member>, required: bool) -> Value {
    let mut root = group(required);
    // What is shown has everything, but what is never shown.
    for member in members.filter(|member| !required || member.kind != Kind::Password) {
        place(&mut root, member.path, member, required);
    }
    Value::Object(root)
}

fn group(required: bool) -> Map<String, Value> {
    let mut group = Map::new();
    group.insert("type".to_owned(), json!("object"));
    group.insert("properties".to_owned(), json!({}));
    if required {
        group.insert("required".to_owned(), json!([]));
    }
    group.insert("additionalProperties".to_owned(), json!(false));
    group
}

fn place(at: &mut Map<String, Value>, path: &str, member: &Member, required: bool) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let is_new = at.get("properties").is_none_or(|properties| properties.get(name).is_none());
    if is_new
        && name != SOMETIMES
        && let Some(Value::Array(names)) = at.get_mut("required")
    {
        names.push(json!(name));
    }
    let Some(Value::Object(properties)) = at.get_mut("properties") else { return };
    match rest {
        None => {
            properties.insert(name.to_owned(), described(member));
        }
        Some(rest) => {
            let inner = properties.entry(name).or_insert_with(|| Value::Object(group(required)));
            if let Value::Object(inner) = inner {
                place(inner, rest, member, required);
            }
        }
    }
}

fn described(member: &Member) -> Value {
    let mut document = value(member);
    if member.nullable
        && let Some(kind) = document.get_mut("type")
    {
        let mut kinds = kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
        kinds.push(json!("null"));
        *kind = Value::Array(kinds);
        if let Some(Value::Array(values)) = document.get_mut("enum") {
            values.push(Value::Null);
        }
    }
    if let Value::Object(document) = &mut document {
        document.insert("description".to_owned(), json!(member.about));
        document.insert("x-acts".to_owned(), json!(member.acts.as_str()));
    }
    document
}

fn value(member: &Member) -> Value {
    match member.kind {
        Kind::Goto => goto(),
        Kind::Id => id(),
        Kind::Name => name(),
        Kind::LocalNumber => json!({ "type": "string", "pattern": "^[0-9*#]{1,7}$" }),
        Kind::Number => {
            json!({ "type": "string", "pattern": r"^([0-9*#]{1,7}|\+[1-9][0-9]{7,14})$" })
        }
        Kind::E164 => json!({ "type": "string", "pattern": E164 }),
        Kind::CallerId => {
            json!({ "type": "string", "pattern": r"^(SECRET|\+[1-9][0-9]{7,14}|\s*)$" })
        }
        Kind::Text(most) => {
            json!({ "type": "string", "maxLength": most, "pattern": r"^[^\u0000]*$" })
        }
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Enum(words) => json!({ "type": "string", "enum": words }),
        Kind::Choice(permitted) => json!({ "type": "integer", "enum": permitted }),
        Kind::Range(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Date => super::date(),
        Kind::Numbers(most) => json!({
            "type": "array",
            "maxItems": most,
            "uniqueItems": true,
            "items": { "type": "string", "pattern": E164 },
        }),
        Kind::Country => json!({ "type": "string", "pattern": COUNTRY }),
        Kind::Countries => json!({
            "type": "array",
            "maxItems": country::COUNT,
            "uniqueItems": true,
            "items": { "type": "string", "pattern": COUNTRY },
        }),
        Kind::TimeZone => json!({ "type": "string", "maxLength": 64 }),
        Kind::Domain => json!({ "type": "string", "format": "hostname", "maxLength": 253 }),
        Kind::Digits(least, most) => {
            json!({ "type": "string", "pattern": format!("^[0-9]{{{least},{most}}}$") })
        }
        Kind::Login => json!({ "type": "string", "maxLength": 254 }),
        Kind::Password => {
            json!({ "type": "string", "minLength": 8, "maxLength": 256, "writeOnly": true })
        }
        Kind::Mac => {
            // Sent with what people write between the digits as well.
            json!({ "type": "string", "pattern": "^[:.-]*([0-9a-fA-F][:.-]*){12}$" })
        }
        Kind::View => json!({ "type": "object", "readOnly": true }),
    }
}

/// An id, or with `expandGoto` what it points at.
fn goto() -> Value {
    json!({
        "type": ["string", "object"],
        "pattern": ID,
        "properties": {
            "_id": id(),
            "type": { "type": "string", "enum": ItemType::WORDS },
            "number": nullable("string"),
            "name": { "type": "string" },
        },
    })
}
