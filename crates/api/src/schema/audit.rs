//! The audit log.

use super::{date, documented, id, nullable, page};
use model::access::Level;
use model::audit::{Action, ThingKind, Via};
use model::token::TokenKind;
use serde_json::{Value, json};

documented! {
    /// A page of the audit log.
    AuditPage, _generator => page("entries", json!({ "type": "array", "items": entry() }))
}

fn entry() -> Value {
    let optional_id = json!({ "type": ["string", "null"], "pattern": super::ID });
    json!({
        "type": "object",
        "properties": {
            "number": { "type": "integer", "minimum": 1 },
            "date": date(),
            "via": { "type": "string", "enum": Via::WORDS },
            "by": {
                "type": ["object", "null"],
                "properties": {
                    "employee": id(),
                    "customer": id(),
                    "accessLevel": { "type": "string", "enum": Level::WORDS },
                    "token": { "type": "string", "enum": TokenKind::WORDS },
                },
                "required": ["employee", "customer", "accessLevel", "token"],
            },
            "onBehalfOf": optional_id,
            "address": nullable("string"),
            "requestId": nullable("string"),
            "customer": id(),
            "thing": {
                "type": "object",
                "properties": {
                    "type": { "type": "string", "enum": ThingKind::WORDS },
                    "_id": id(),
                },
                "required": ["type", "_id"],
            },
            "action": { "type": "string", "enum": Action::WORDS },
            "members": { "type": "array", "items": member() },
        },
        "required": [
            "number", "date", "via", "by", "onBehalfOf", "address", "requestId", "customer",
            "thing", "action", "members",
        ],
    })
}

/// Before and after, or that it is hidden.
fn member() -> Value {
    json!({
        "type": "object",
        "properties": {
            "member": { "type": "string" },
            "before": {},
            "after": {},
            "hidden": { "type": "boolean", "const": true },
        },
        "required": ["member"],
    })
}
