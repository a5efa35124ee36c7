//! One value of one member: is it of the member's kind, and how is it written when it is kept?
//!
//! Knows nothing of other members or other things; those are `rules`.

use model::country;
use model::limits::NAME_CHARACTERS;
use model::member::{Kind, Member};
use model::number::{CallerIdChoice, E164, LocalNumber, Number};
use model::time::Wall;
use serde_json::Value;

/// The value as it is kept, or what is wrong with it.
pub(super) fn read(member: &Member, value: &Value) -> Result<Value, String> {
    // An expanded goto counts as its id.
    let value = match value {
        Value::Object(summary) if member.kind == Kind::Goto => summary.get("_id").unwrap_or(value),
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
        Kind::Choice(_) | Kind::Range(..) => whole_number(member.kind, value),
        Kind::Numbers(most) => list(value, most, |text| parsed(E164::parse(text), E164::as_str)),
        Kind::Countries => list(value, country::COUNT, country_code),
        Kind::View => Ok(value.clone()),
        kind => text(kind, value.as_str().ok_or_else(|| "a string".to_owned())?),
    }
}

fn whole_number(kind: Kind, value: &Value) -> Result<Value, String> {
    let given = value.as_i64().and_then(|given| i32::try_from(given).ok());
    match (kind, given) {
        (Kind::Choice(permitted), Some(given))
            if permitted.iter().any(|one| i64::from(*one) == i64::from(given)) =>
        {
            Ok(given.into())
        }
        (Kind::Range(least, most), Some(given)) if (least..=most).contains(&given) => {
            Ok(given.into())
        }
        (Kind::Range(least, most), _) => Err(format!("a whole number, {least} to {most}")),
        (Kind::Choice(permitted), _) => Err(format!("one of {permitted:?}")),
        _ => Err("a whole number".to_owned()),
    }
}

/// At most so many texts, each once.
fn list(
    value: &Value,
    most: usize,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<Value, String> {
    let sent = value.as_array().ok_or_else(|| "an array of strings".to_owned())?;
    if sent.len() > most {
        return Err(format!("at most {most} of them"));
    }
    let mut kept = Vec::new();
    for one in sent {
        let one =
            Value::String(read(one.as_str().ok_or_else(|| "an array of strings".to_owned())?)?);
        if kept.contains(&one) {
            return Err("one of them is there twice".to_owned());
        }
        kept.push(one);
    }
    Ok(Value::Array(kept))
}

/// What people call something. Phones show it on one line, and PostgreSQL keeps no U+0000.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > NAME_CHARACTERS || text.contains(char::is_control) {
        let detail = format!("1 to {NAME_CHARACTERS} characters, not all blank, none of control");
        return Err(detail);
    }
    Ok(text.to_owned())
}

fn text(kind: Kind, text: &str) -> Result<Value, String> {
    let kept = match kind {
        Kind::Id | Kind::Goto => id(text)?,
        Kind::Name => name(text)?,
        Kind::Text(_) if text.contains('\0') => return Err("no character U+0000".to_owned()),
        Kind::Text(most) if text.chars().count() <= most => text.to_owned(),
        Kind::Text(most) => return Err(format!("at most {most} characters")),
        Kind::LocalNumber => parsed(LocalNumber::parse(text), LocalNumber::as_str)?,
        Kind::Number => parsed(Number::parse(text), Number::as_str)?,
        Kind::E164 => parsed(E164::parse(text), E164::as_str)?,
        Kind::CallerId => parsed(CallerIdChoice::parse(text), CallerIdChoice::as_str)?,
        Kind::Enum(words) if words.contains(&text) => text.to_owned(),
        Kind::Enum(words) => return Err(format!("one of {}", words.join(", "))),
        Kind::Date => date(text)?,
        Kind::Country => country_code(text)?,
        Kind::TimeZone => time_zone(text)?,
        Kind::Domain => domain(text)?,
        Kind::Digits(least, most) => digits(text, least, most)?,
        Kind::Login => login(text)?,
        Kind::Password => password(text)?,
        Kind::Mac => mac(text)?,
        Kind::Bool
        | Kind::Choice(_)
        | Kind::Range(..)
        | Kind::Numbers(_)
        | Kind::Countries
        | Kind::View => return Err("not a string".to_owned()),
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

fn country_code(text: &str) -> Result<String, String> {
    match country::is_known(text) {
        true => Ok(text.to_owned()),
        false => Err("a country that is known here (ISO 3166, two capital letters)".to_owned()),
    }
}

fn time_zone(text: &str) -> Result<String, String> {
    match model::time::is_zone(text) {
        true => Ok(text.to_owned()),
        false => Err("an IANA time zone, like Europe/Copenhagen".to_owned()),
    }
}

/// A host name (RFC 1123 §2.1), at most 253 characters, labels of at most 63.
fn domain(text: &str) -> Result<String, String> {
    let label = |label: &str| {
        let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let fits = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    if fits { Ok(text.to_ascii_lowercase()) } else { Err("a host name with a dot".to_owned()) }
}

fn digits(text: &str, least: usize, most: usize) -> Result<String, String> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err(format!("{least} to {most} digits")) }
}

/// An e-mail address, or a user name of 8 characters and more; compared in lower case.
fn login(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let address = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.contains('@') && domain(host).is_ok()
    });
    let name = !text.contains('@') && text.chars().count() >= 8;
    if text.len() <= 254 && plain && (address || name) {
        Ok(text.to_owned())
    } else {
        Err("an e-mail address, or a user name of at least 8 characters".to_owned())
    }
}

/// At least 8 characters with a lower-case and an upper-case letter and a digit; no more than argon2
/// is to be fed.
fn password(text: &str) -> Result<String, String> {
    let has = |is: fn(char) -> bool| text.chars().any(is);
    let mixed = has(char::is_lowercase) && has(char::is_uppercase) && has(|c| c.is_ascii_digit());
    if mixed && text.chars().count() >= 8 && text.len() <= 256 {
        Ok(text.to_owned())
    } else {
        Err("8 characters or more, with lower-case and upper-case letters and digits".to_owned())
    }
}

/// 12 hex digits; the colons and dashes that people write between them go.
fn mac(text: &str) -> Result<String, String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let fits = plain.len() == 12 && plain.bytes().all(|b| b.is_ascii_hexdigit());
    if fits { Ok(plain.to_ascii_lowercase()) } else { Err("12 hex digits".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::extension::members::lookup;
    use model::member::{Acts, Writer, member};
    use serde_json::json;

    #[test]
    fn kinds_that_other_resources_have() {
        for (kind, sent, kept) in [
            (Kind::Name, json!("Donald \u{1f986}"), Some(json!("Donald \u{1f986}"))),
            (Kind::Name, json!("Donald\r\nDuck"), None),
            (Kind::Text(9), json!("two\nlines"), Some(json!("two\nlines"))),
            (Kind::Text(9), json!("no\0ne"), None),
            (Kind::Numbers(2), json!(["+4570305050"]), Some(json!(["+4570305050"]))),
            (Kind::Numbers(2), json!(["+4570305050", "+4570305050"]), None),
            (Kind::Numbers(1), json!(["+4570305050", "+4570305051"]), None),
            (Kind::Numbers(1), json!("+4570305050"), None),
            (Kind::Country, json!("DK"), Some(json!("DK"))),
            (Kind::Country, json!("dk"), None),
            (Kind::Countries, json!(["DK", "SE"]), Some(json!(["DK", "SE"]))),
            (Kind::TimeZone, json!("Europe/Copenhagen"), Some(json!("Europe/Copenhagen"))),
            (Kind::TimeZone, json!("Europe/Duckburg"), None),
            (Kind::Domain, json!("PBX.example.com"), Some(json!("pbx.example.com"))),
            (Kind::Domain, json!("localhost"), None),
            (Kind::Domain, json!("-a.example"), None),
            (Kind::Digits(4, 10), json!("1234"), Some(json!("1234"))),
            (Kind::Digits(4, 10), json!("123"), None),
            (Kind::Login, json!("donald@duckburg.example"), Some(json!("donald@duckburg.example"))),
            (Kind::Login, json!("donaldduck"), Some(json!("donaldduck"))),
            (Kind::Login, json!("donald"), None),
            (Kind::Login, json!("donald@@duckburg.example"), None),
            (Kind::Password, json!("Quack1234"), Some(json!("Quack1234"))),
            (Kind::Password, json!("quack1234"), None),
            (Kind::Mac, json!("00:11:22:AA:bb:cc"), Some(json!("001122aabbcc"))),
            (Kind::Mac, json!("0011"), None),
            (Kind::Range(-1, 19), json!(-1), Some(json!(-1))),
            (Kind::Range(-1, 19), json!(-2), None),
        ] {
            let member = member("x", kind, true, Writer::Manager, Acts::Is, "");
            assert_eq!(read(&member, &sent).ok(), kept, "{kind:?} {sent}");
        }
    }

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
            ("name", json!(" \t")),
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
