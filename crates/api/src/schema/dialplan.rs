//! Bodies around the dialplan as a whole, and the local phone book.

use super::{ID, documented, id, nullable, page};
use model::item::ItemType;
use model::limits::NUMBERS_LOOKED_UP;
use serde_json::json;

documented! {
    /// A page of items of all kinds.
    DialplanPage, _generator => page("dialplanItems", json!({ "type": "array", "items": {
        "type": "object",
        "properties": {
            "_id": id(),
            "type": { "type": "string", "enum": ItemType::WORDS },
            "name": { "type": "string" },
            "number": nullable("string"),
        },
        "required": ["_id", "type", "name", "number"],
        "additionalProperties": true,
    } }))
}
documented! {
    /// A page of the local phone book.
    PhonebookPage, _generator => page("contacts", json!({ "type": "array", "items": {
        "type": "object",
        "properties": {
            "_id": id(),
            "name": { "type": "string" },
            "number": nullable("string"),
            "direct": nullable("string"),
        },
        "required": ["_id", "name", "number", "direct"],
    } }))
}
documented! {
    /// Who has a local number; only `exists` where nobody has.
    NumberStatus, _generator => json!({
        "type": "object",
        "properties": {
            "exists": { "type": "boolean" },
            "_id": id(),
            "type": { "type": "string", "enum": ItemType::WORDS },
            "name": { "type": "string" },
            "nextAvailableNumber": nullable("string"),
        },
        "required": ["exists"],
    })
}
documented! {
    /// What numbers reach.
    LookupQuestion, _generator => json!({
        "type": "object",
        "properties": {
            "customer": { "type": ["string", "null"], "pattern": ID },
            "numbers": {
                "type": "array", "maxItems": NUMBERS_LOOKED_UP, "items": { "type": "string" },
            },
            "unique": { "type": "boolean", "default": false },
        },
    })
}
documented! {
    /// What each number reaches.
    LookupAnswer, _generator => json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "number": { "type": "string" },
                "_id": { "type": ["string", "null"], "pattern": ID },
                "type": { "type": "string", "enum": kinds() },
                "name": nullable("string"),
            },
            "required": ["number", "_id", "type", "name"],
        },
    })
}
documented! {
    /// The items that point at one: ids, or with `expand` objects.
    References, _generator => json!({
        "type": "array",
        "items": { "type": ["string", "object"] },
    })
}

fn kinds() -> Vec<&'static str> {
    ItemType::WORDS.iter().copied().chain(["EXTERNAL", "INVALID"]).collect()
}
