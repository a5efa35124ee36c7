//! The employee.

use super::{documented, id};
use model::access::Level;
use model::employee::Presence;
use serde_json::{Value, json};

documented! {
    /// An employee.
    Employee, _generator => json!({
        "type": "object",
        "properties": members(),
        "required": admin::employee::MEMBERS,
        "additionalProperties": false,
    })
}
documented! {
    /// The members to change; only `presence` can be so far.
    EmployeeChange, _generator => json!({
        "type": "object",
        "properties": members(),
        "additionalProperties": false,
        "examples": [{ "presence": "OFF_WORK" }],
    })
}

fn members() -> Value {
    json!({
        "_id": id(),
        "customer": id(),
        "name": { "type": "string", "description": "The extensions it owns carry it." },
        "accessLevel": { "type": "string", "enum": Level::WORDS },
        "presence": {
            "type": "string",
            "enum": Presence::WORDS,
            "description": "Its extensions' `onPresence…` act on it.",
        },
        "deleteDate": { "type": ["string", "null"], "format": "date-time" },
    })
}
