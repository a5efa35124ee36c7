//! Explain's question and answer.

use super::{documented, id, nullable};
use model::employee::Presence;
use model::explain::{Direction, ExplainResult, PhoneAct};
use model::trace::{Outcome, Rule};
use serde_json::{Value, json};

documented! {
    /// What would happen to a call of an extension?
    ExplainRequest, _generator => question(
        &["direction"],
        "direction",
        json!({ "type": "string", "enum": Direction::WORDS }),
    )
}
documented! {
    /// What would happen to a call to a number?
    NumberQuestion, _generator => question(
        &["to"],
        "customer",
        json!({ "type": ["string", "null"], "pattern": super::ID }),
    )
}
documented! {
    /// What would happen, and why.
    Explanation, _generator => json!({
        "type": "object",
        "properties": {
            "result": { "type": "string", "enum": ExplainResult::WORDS },
            "steps": steps(),
        },
        "required": ["result", "steps"],
    })
}

fn question(required: &[&str], own: &str, own_value: Value) -> Value {
    let flag = || nullable("boolean");
    let to =
        if required.contains(&"to") { json!({ "type": "string" }) } else { nullable("string") };
    let properties = json!({
        own: own_value,
        "from": nullable("string"),
        "to": to,
        "at": { "type": ["string", "null"], "format": "date-time" },
        "presence": { "type": ["string", "null"], "enum": words_or_null(Presence::WORDS) },
        "phones": {
            "type": "object",
            "description": "Facts to assume, by phone id.",
            "additionalProperties": {
                "type": "object",
                "properties": { "online": flag(), "dnd": flag(), "inCall": flag() },
                "additionalProperties": false,
            },
        },
        "outcomes": outcomes(),
    });
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn words_or_null(words: &[&str]) -> Value {
    words.iter().map(|word| json!(word)).chain([Value::Null]).collect()
}

fn outcomes() -> Value {
    json!({
        "type": "array",
        "description": "What phones do once they ring.",
        "items": {
            "type": "object",
            "properties": {
                "phone": id(),
                "afterMs": { "type": "integer", "minimum": 0 },
                "is": { "type": "string", "enum": PhoneAct::WORDS },
                "key": { "type": ["string", "null"], "minLength": 1, "maxLength": 1 },
            },
            "required": ["phone", "is"],
            "additionalProperties": false,
        },
    })
}

/// The steps of a trace; a masked one has `rule` and `outcome` alone.
pub(super) fn steps() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "afterMs": { "type": "integer", "minimum": 0 },
                "item": nullable("string"),
                "rule": { "type": "string", "enum": Rule::WORDS },
                "setting": nullable("string"),
                "value": { "type": ["boolean", "integer", "string", "null"] },
                "outcome": { "type": "string", "enum": Outcome::WORDS },
                "sentence": { "type": "string" },
            },
            "required": ["rule", "outcome"],
        },
    })
}
