//! Bodies of what is done to an extension beside changing its members, and the lists to choose from.

use super::{LINE, documented, id, nullable};
use model::limits;
use serde_json::{Value, json};

/// What is said of an action that a GET does too.
pub(crate) const BY_GET: &str = "The same as POST, for clients that know no other. The token has to be \
                                 in header or query.\n\n";

documented! {
    /// Whether calls are to go elsewhere, and where.
    RedirectQuestion, _generator => json!({
        "type": "object",
        "properties": {
            "enable": { "type": "boolean" },
            "number": {
                "type": ["string", "null"],
                "description": "Used when enabling; left out, the one that is stored.",
            },
        },
        "required": ["enable"],
        "additionalProperties": false,
    })
}
documented! {
    /// How the redirect is now.
    Redirected, _generator => json!({
        "type": "object",
        "properties": { "state": { "type": "boolean" }, "number": nullable("string") },
        "required": ["state", "number"],
    })
}
documented! {
    /// Which phone: exactly one of `sip`, `mvno`, `external`.
    DndQuestion, _generator => json!({
        "type": "object",
        "properties": {
            "sip": id(),
            "mvno": id(),
            "external": id(),
            "state": {
                "type": ["boolean", "null"],
                "description": "Left out, it is toggled.",
            },
        },
        "additionalProperties": false,
    })
}
documented! {
    /// How the phone is now.
    Dnd, _generator => json!({
        "type": "object",
        "properties": { "dnd": { "type": "boolean" } },
        "required": ["dnd"],
    })
}
documented! {
    /// Numbers that `direct` can be.
    DirectNumbers, _generator => json!({ "type": "array", "items": number() })
}
documented! {
    /// Numbers that everybody may show; with `v2`, each with the name of its TRUNK item.
    CallerIdNumbers, _generator => json!({
        "type": "array",
        "items": {
            "anyOf": [
                number(),
                {
                    "type": "object",
                    "properties": { "number": number(), "name": { "type": "string" } },
                    "required": ["number", "name"],
                },
            ],
        },
    })
}

documented! {
    /// A number to put on a list.
    ScreenQuestion, _generator => entry(&["number"])
}
documented! {
    /// A number that stands on a list.
    ScreenEntry, _generator => entry(&["number", "name"])
}
documented! {
    /// What stands on a list, by number.
    ScreenedNumbers, _generator => json!({
        "type": "array",
        "maxItems": limits::SCREEN_ENTRIES,
        "items": entry(&["number", "name"]),
    })
}

fn entry(required: &[&str]) -> Value {
    let pattern = r"^([0-9*#]{1,7}|\+[1-9][0-9]{7,14}|\+[1-9][0-9]{0,13}\*)$";
    json!({
        "type": "object",
        "properties": {
            "number": { "type": "string", "pattern": pattern },
            "name": { "type": ["string", "null"], "maxLength": limits::NAME_CHARACTERS, "pattern": LINE },
        },
        "required": required,
        "additionalProperties": false,
    })
}

fn number() -> Value {
    json!({ "type": "string", "pattern": r"^\+[1-9][0-9]{7,14}$" })
}
