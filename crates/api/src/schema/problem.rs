//! The problem that every error is (RFC 9457).

use super::documented;
use serde_json::json;

documented! {
    /// What went wrong.
    Problem, _generator => json!({
        "type": "object",
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "message": {
                "type": "string",
                "description": "The key: of 422 the path of the first fault, of 409 the member.",
            },
            "requestId": { "type": "string", "description": "Finds the request in the log." },
            "errors": {
                "type": "array",
                "description": "Each member that was the reason, in the document's order.",
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": { "type": "string" },
                        "message": { "type": "string" },
                        "detail": { "type": "string" },
                    },
                    "required": ["pointer", "message", "detail"],
                },
            },
            "_id": {
                "type": "string",
                "description": "Of 409: who has it, where the caller may know.",
            },
            "references": {
                "type": "array",
                "description": "Of 409 `id`: what points at it, the first of them.",
                "items": {
                    "type": "object",
                    "properties": {
                        "_id": { "type": "string" },
                        "type": { "type": "string" },
                        "name": { "type": ["string", "null"] },
                        "number": { "type": ["string", "null"] },
                        "member": { "type": "string" },
                    },
                    "required": ["_id", "type", "name", "number", "member"],
                },
            },
        },
        "required": ["type", "title", "status", "detail", "message", "requestId"],
    })
}

/// What a handler's error says of itself in the document: nothing, since `answers` does.
impl aide::OperationOutput for crate::problem::Problem {
    type Inner = Self;
}
