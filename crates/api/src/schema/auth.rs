//! Bodies of logins and tokens.

use super::{NAME, date, documented, id, nullable};
use model::access::Level;
use model::language::Language;
use model::limits;
use serde_json::json;

documented! {
    /// What somebody says to be let in.
    LoginRequest, _generator => json!({
        "type": "object",
        "properties": {
            "username": {
                "type": "string",
                "description": "The employee's `emailAddress`, in any case of letters.",
            },
            "password": { "type": "string", "writeOnly": true },
            "cookie": {
                "type": "boolean", "default": false,
                "description": "Set the token as a cookie too.",
            },
            "persist": {
                "type": "boolean", "default": false,
                "description": "Let the token last until logout.",
            },
        },
        "required": ["username", "password"],
    })
}

documented! {
    /// A login.
    LoggedIn, _generator => json!({
        "type": "object",
        "properties": {
            "token": { "type": "string" },
            "expiresInMinutes": {
                "type": "integer",
                "description": "After its last use; -1: until logout.",
            },
            "employee": id(),
            "customer": id(),
            "accessLevel": { "type": "string", "enum": Level::WORDS },
        },
        "required": ["token", "expiresInMinutes", "employee", "customer", "accessLevel"],
    })
}

documented! {
    /// Whom a token stands for.
    Validated, _generator => json!({
        "type": "object",
        "properties": {
            "success": { "type": "boolean", "const": true },
            "employee": id(),
            "customer": id(),
            "accessLevel": { "type": "string", "enum": Level::WORDS },
            "name": { "type": "string", "description": "With `extend`." },
            "language": {
                "type": "string", "enum": Language::WORDS, "description": "With `extend`.",
            },
            "customerName": { "type": "string", "description": "With `extend`." },
        },
        "required": ["success"],
    })
}

documented! {
    /// What a machine token is for.
    NewToken, _generator => json!({
        "type": "object",
        "properties": {
            "name": {
                "type": ["string", "null"], "minLength": 1, "maxLength": limits::NAME_CHARACTERS,
                "pattern": NAME,
                "description": "What it is for.",
            },
        },
    })
}

documented! {
    /// A machine token that was made.
    MadeToken, _generator => json!({
        "type": "object",
        "properties": {
            "success": { "type": "boolean", "const": true },
            "token": { "type": "string", "description": "Shown now and never again." },
            "_id": id(),
        },
        "required": ["success", "token", "_id"],
    })
}

documented! {
    /// The machine tokens of an employee.
    Tokens, _generator => json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "_id": id(),
                "name": nullable("string"),
                "created": date(),
                "used": { "type": ["string", "null"], "format": "date-time" },
            },
            "required": ["_id", "name", "created", "used"],
        },
    })
}
