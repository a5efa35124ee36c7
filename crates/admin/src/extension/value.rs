//! One value of one member: is it of the member's kind, and how is it written when it is kept?
//!
//! Knows nothing of other members or other things; those are `rules`.

use super::is_goto;
use model::extension::members::{Kind, Member};
use model::number::{CallerIdChoice, E164, LocalNumber, Number};
use model::time::Wall;
use serde_json::Value;

/// The longest name, in characters.
const NAME_CHARACTERS: usize = 100;

/// The value as it is kept, or what is wrong with it.
pub(super) fn read(member: &Member, value: &Value) -> Result<Value, String> {
    // An expanded goto counts as its id.
    let value = match value {
        Value::Object(summary) if is_goto(member) => summary.get("_id").unwrap_or(value),
        _ => value,
    };
    // A blank caller id counts as none.
    let blank =
        member.kind == Kind::CallerId && value.as_str().is_some_and(|t| t.trim().is_empty());
    if value.is_null() || blank {
        return if member.nullable { Ok(Value::Null) } else { Err("can't be null".to_owned()) };
    }
    match member.kind {
        Kind::Bool => value.as_bool().map(Value::Bool).ok_or_else(|| "true or false".to_owned()),
        Kind::Seconds(_) | Kind::Range(..) => seconds(member.kind, value),
        kind => text(kind, value.as_str().ok_or_else(|| "a string".to_owned())?),
    }
}

fn seconds(kind: Kind, value: &Value) -> Result<Value, String> {
    let given = value.as_u64().and_then(|given| u32::try_from(given).ok());
    match (kind, given) {
        (Kind::Seconds(permitted), Some(given)) if permitted.contains(&given) => Ok(given.into()),
        (Kind::Range(least, most), Some(given)) if (least..=most).contains(&given) => {
            Ok(given.into())
        }
        (Kind::Range(least, most), _) => Err(format!("a whole number, {least} to {most}")),
        (Kind::Seconds(permitted), _) => Err(format!("one of {permitted:?}")),
        _ => Err("a whole number".to_owned()),
    }
}

fn text(kind: Kind, text: &str) -> Result<Value, String> {
    let kept = match kind {
        Kind::Id => id(text)?,
        Kind::Name if (1..=NAME_CHARACTERS).contains(&text.chars().count()) => text.to_owned(),
        Kind::Name => return Err(format!("1 to {NAME_CHARACTERS} characters")),
        Kind::Text(most) if text.chars().count() <= most => text.to_owned(),
        Kind::Text(most) => return Err(format!("at most {most} characters")),
        Kind::LocalNumber => parsed(LocalNumber::parse(text), LocalNumber::as_str)?,
        Kind::Number => parsed(Number::parse(text), Number::as_str)?,
        Kind::E164 => parsed(E164::parse(text), E164::as_str)?,
        Kind::CallerId => parsed(CallerIdChoice::parse(text), CallerIdChoice::as_str)?,
        Kind::Enum(words) if words.contains(&text) => text.to_owned(),
        Kind::Enum(words) => return Err(format!("one of {}", words.join(", "))),
        Kind::Date => date(text)?,
        Kind::Bool | Kind::Seconds(_) | Kind::Range(..) => return Err("not a string".to_owned()),
    };
    Ok(Value::String(kept))
}

fn parsed<T, E: ToString>(
    number: Result<T, E>,
    as_str: impl FnOnce(&T) -> &str,
) -> Result<String, String> {
    let number = number.map_err(|error| error.to_string())?;
    Ok(as_str(&number).to_owned())
}

/// All ids are written alike, so any typed one reads them.
fn id(text: &str) -> Result<String, String> {
    let id: Result<model::id::ItemId, _> = text.parse();
    id.map(|id| id.to_string()).map_err(|error| error.to_string())
}

fn date(text: &str) -> Result<String, String> {
    let date: Result<Wall, _> = serde_json::from_value(text.into());
    date.map(|date| date.to_string()).map_err(|_| "a date (RFC 3339)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::extension::members::lookup;
    use serde_json::json;

    #[test]
    fn values_are_taken_as_they_are_kept() {
        for (path, sent, kept) in [
            ("redirect", json!("593"), json!("593")),
            ("redirect", json!("+4570305051"), json!("+4570305051")),
            ("redirect", json!(null), json!(null)),
            ("inboundGoto", json!("ABCDEF123456789012345678"), json!("abcdef123456789012345678")),
            (
                "inboundGoto",
                json!({"_id": "abcdef123456789012345678", "type": "QUEUE", "name": "x"}),
                json!("abcdef123456789012345678"),
            ),
            ("outbound.goto", json!({"_id": null}), json!(null)),
            ("outbound.callerId.onNextCall", json!("  "), json!(null)),
            ("outbound.callerId.onNextCall", json!("SECRET"), json!("SECRET")),
            ("mobileDelay", json!(25), json!(25)),
            ("noAnswer.timeout", json!(5), json!(5)),
            ("noAnswer.timeout", json!(60), json!(60)),
            ("busy.intAction", json!("BARGE"), json!("BARGE")),
            ("callWaiting", json!(false), json!(false)),
            (
                "employeeDeleteDate",
                json!("2026-01-01T00:00:00Z"),
                json!("2026-01-01T00:00:00.000Z"),
            ),
            ("notes", json!(""), json!("")),
        ] {
            assert_eq!(read(lookup(path).unwrap(), &sent), Ok(kept), "{path} {sent}");
        }
    }

    #[test]
    fn values_of_another_kind_are_refused() {
        for (path, sent) in [
            ("name", json!("")),
            ("name", json!("x".repeat(101))),
            ("name", json!(null)),
            ("notes", json!("x".repeat(1001))),
            ("number", json!("+4570305051")),
            ("redirect", json!("12345678")),
            ("redirect", json!(593)),
            ("direct", json!("592")),
            ("callWaiting", json!(null)),
            ("callWaiting", json!("true")),
            ("callWaiting", json!(1)),
            ("mobileDelay", json!(4)),
            ("mobileDelay", json!("3")),
            ("noAnswer.timeout", json!(4)),
            ("noAnswer.timeout", json!(61)),
            ("noAnswer.timeout", json!(30.5)),
            ("noAnswer.timeout", json!(-1)),
            ("noAnswer.timeout", json!(4_294_967_326_u64)),
            ("busy.extAction", json!("BARGE")),
            ("busy.intAction", json!("barge")),
            ("inboundGoto", json!("592")),
            ("inboundGoto", json!({"number": "592"})),
            ("employee", json!({"_id": "abcdef123456789012345678"})),
            ("outbound.callerId.onNextCall", json!("592")),
            ("noAnswer.extAction", json!([])),
        ] {
            assert!(read(lookup(path).unwrap(), &sent).is_err(), "{path} {sent}");
        }
    }
}
