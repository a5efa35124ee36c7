//! Records of calls, in the family's shapes.

use super::{date, documented, id, nullable};
use model::record::{TerminatedBy, TerminatedReason};
use serde_json::{Value, json};

documented! {
    /// What happened to a call, and why.
    CallHistory, _generator => json!({
        "type": "object",
        "properties": {
            "_id": id(),
            "callId": id(),
            "logged": date(),
            "pbx": { "type": "string" },
            "customer": id(),
            "history": { "type": "array", "items": entry() },
            "steps": super::explain::steps(),
        },
        "required": ["_id", "callId", "logged", "pbx", "customer", "history", "steps"],
    })
}
documented! {
    /// The latest calls of an extension.
    LatestCalls, _generator => {
        let calls = json!({ "type": "array", "maxItems": 10, "items": call() });
        json!({
            "type": "object",
            "properties": { "outbound": calls, "inbound": calls, "missed": calls },
            "required": ["outbound", "inbound", "missed"],
        })
    }
}

fn entry() -> Value {
    json!({
        "type": "object",
        "properties": {
            "date": date(),
            "action": { "type": "string" },
            "callerNumber": nullable("string"),
            "callerName": nullable("string"),
            "callerExtension": nullable("string"),
            "calleeNumber": nullable("string"),
            "calleeName": nullable("string"),
            "calleeExtension": nullable("string"),
        },
    })
}

fn call() -> Value {
    let party = json!({
        "type": "object",
        "properties": {
            "number": nullable("string"),
            "name": nullable("string"),
            "extension": nullable("string"),
        },
    });
    json!({
        "type": "object",
        "properties": {
            "_id": id(),
            "pbx": { "type": "string" },
            "started": date(),
            "answered": { "type": ["string", "null"], "format": "date-time" },
            "ended": date(),
            "caller": party,
            "callee": party,
            "customer": id(),
            "terminatedBy": { "type": "string", "enum": TerminatedBy::WORDS },
            "terminatedReason": { "type": "string", "enum": TerminatedReason::WORDS },
        },
    })
}
