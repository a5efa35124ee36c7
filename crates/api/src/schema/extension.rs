//! The extension, made from the same table that validates it.

use super::{ID, documented, id, nullable};
use model::extension::members::{Kind, MEMBERS, Member};
use model::item::ItemType;
use model::phone::PhoneType;
use serde_json::{Map, Value, json};

documented! {
    /// Every member, in the seed's order; `x-acts` says what it does to calls today.
    Extension, _generator => whole()
}
documented! {
    /// The members to change.
    ExtensionChange, _generator => change()
}
documented! {
    /// An extension as PERSONAL sees a colleague's.
    MaskedExtension, _generator => masked()
}
documented! {
    /// Whole or masked, by who asks.
    ExtensionSeen, generator => json!({
        "anyOf": [
            generator.subschema_for::<Extension>(),
            generator.subschema_for::<MaskedExtension>(),
        ],
    })
}

/// Members that aren't there when there is nothing to say.
const SOMETIMES: &str = "employeeDeleteDate";
const MASKED: [&str; 5] = ["_id", "type", "customer", "name", "number"];

fn whole() -> Value {
    let mut document = object(MEMBERS.iter(), true);
    if let Some(Value::Object(properties)) = document.get_mut("properties") {
        properties.insert("phones".to_owned(), phones());
    }
    document
}

fn change() -> Value {
    let mut document = object(MEMBERS.iter(), false);
    if let Value::Object(document) = &mut document {
        let example = json!({ "redirect": "100", "busy": { "intAction": "BUSY" } });
        document.insert("examples".to_owned(), json!([example]));
    }
    document
}

fn masked() -> Value {
    object(MEMBERS.iter().filter(|member| MASKED.contains(&member.path)), true)
}

/// The object that has these members, groups and all.
fn object(members: impl Iterator<Item = &'static Member>, required: bool) -> Value {
    let mut root = group(required);
    for member in members {
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
    }
    if let Value::Object(document) = &mut document {
        document.insert("description".to_owned(), json!(member.about));
        document.insert("x-acts".to_owned(), json!(member.acts.as_str()));
    }
    document
}

fn value(member: &Member) -> Value {
    match member.kind {
        Kind::Id if member.path.to_ascii_lowercase().ends_with("goto") => goto(),
        Kind::Id => id(),
        Kind::Name => json!({ "type": "string", "minLength": 1, "maxLength": 100 }),
        Kind::LocalNumber => json!({ "type": "string", "pattern": "^[0-9*#]{1,7}$" }),
        Kind::Number => {
            json!({ "type": "string", "pattern": r"^([0-9*#]{1,7}|\+[1-9][0-9]{7,14})$" })
        }
        Kind::E164 => json!({ "type": "string", "pattern": r"^\+[1-9][0-9]{7,14}$" }),
        Kind::CallerId => {
            json!({ "type": "string", "pattern": r"^(SECRET|\+[1-9][0-9]{7,14}|\s*)$" })
        }
        Kind::Text(most) => json!({ "type": "string", "maxLength": most }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Enum(words) => json!({ "type": "string", "enum": words }),
        Kind::Seconds(permitted) => json!({ "type": "integer", "enum": permitted }),
        Kind::Range(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Date => super::date(),
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

fn phones() -> Value {
    json!({
        "type": "array",
        "description": "With `includePhones`: the phones that ring for it. Read-only here.",
        "x-acts": "is",
        "items": {
            "type": "object",
            "properties": {
                "_id": id(),
                "type": { "type": "string", "enum": PhoneType::WORDS },
                "model": nullable("string"),
                "identification": nullable("string"),
                "online": { "type": "boolean" },
                "dnd": { "type": "boolean" },
                "notes": nullable("string"),
                "product": nullable("string"),
                "ratePlan": nullable("string"),
                "newRatePlan": nullable("string"),
            },
            "required": ["_id", "type", "model", "identification", "online", "dnd", "notes"],
        },
    })
}
