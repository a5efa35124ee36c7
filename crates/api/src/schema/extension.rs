//! The extension, made from the same table that validates it.

use super::members::object;
use super::{documented, id, nullable, page};
use admin::extension::LIMITS;
use model::extension::members::MEMBERS;
use model::member::Member;
use model::phone::PhoneType;
use serde_json::{Value, json};

documented! {
    /// Every member, in the seed's order; `x-acts` says what it does to calls today.
    Extension, _generator => whole()
}
documented! {
    /// The members of a new one.
    NewExtension, _generator => new()
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

documented! {
    /// An extension in a list.
    CondensedExtension, _generator => object(condensed(), true)
}
documented! {
    /// A page of extensions.
    ExtensionPage, generator => page("extensions", json!({
        "type": "array",
        "maxItems": LIMITS.most,
        "items": {
            "anyOf": [
                generator.subschema_for::<CondensedExtension>(),
                generator.subschema_for::<Extension>(),
                generator.subschema_for::<MaskedExtension>(),
            ],
        },
    }))
}

const MASKED: [&str; 5] = ["_id", "type", "customer", "name", "number"];

/// What a list shows of one, beside what everybody may see.
const CONDENSED: [&str; 4] = ["employee", "direct", "primary", "redirect"];

fn condensed() -> impl Iterator<Item = &'static Member> {
    let shown =
        |member: &&Member| MASKED.contains(&member.path) || CONDENSED.contains(&member.path);
    MEMBERS.iter().filter(shown)
}

fn whole() -> Value {
    let mut document = object(MEMBERS.iter(), true);
    if let Some(Value::Object(properties)) = document.get_mut("properties") {
        properties.insert("phones".to_owned(), phones());
    }
    document
}

fn new() -> Value {
    let mut document = object(MEMBERS.iter(), false);
    if let Value::Object(document) = &mut document {
        document.insert("required".to_owned(), json!(["customer"]));
    }
    document
}

fn change() -> Value {
    object(MEMBERS.iter(), false)
}

fn masked() -> Value {
    object(MEMBERS.iter().filter(|member| MASKED.contains(&member.path)), true)
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
