//! The table of members and the type it describes can't drift apart.

use model::extension::Extension;
use model::extension::members::{MEMBERS, lookup};
use model::id::{CustomerId, ItemId};
use model::member::Kind;
use model::pii::Name;
use model::time::Wall;
use serde_json::Value;

fn paths(value: &Value, prefix: &str, into: &mut Vec<String>) {
    for (key, value) in value.as_object().unwrap() {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if value.is_object() { paths(value, &path, into) } else { into.push(path) }
    }
}

fn extension() -> Extension {
    Extension::new(
        ItemId::from_bytes([1; 12]),
        CustomerId::from_bytes([2; 12]),
        Name::new("Reception"),
    )
}

#[test]
fn the_table_lists_every_member_in_the_order_of_the_wire() {
    let mut extension = extension();
    extension.employee_delete_date = Some(Wall(0));
    let mut wire = Vec::new();
    paths(&serde_json::to_value(&extension).unwrap(), "", &mut wire);
    let table: Vec<_> = MEMBERS.iter().map(|member| member.path).collect();
    assert_eq!(table, wire);
}

#[test]
fn a_member_is_null_by_default_exactly_if_it_may_be() {
    let json = serde_json::to_value(extension()).unwrap();
    for member in MEMBERS.iter().filter(|member| member.path != "employeeDeleteDate") {
        let value = member.path.split('.').fold(&json, |value, key| &value[key]);
        assert_eq!(value.is_null(), member.nullable, "{}", member.path);
    }
}

#[test]
fn the_delete_date_is_shown_only_when_there_is_one() {
    assert!(serde_json::to_value(extension()).unwrap().get("employeeDeleteDate").is_none());
}

#[test]
fn every_word_of_an_enum_is_read_back() {
    for member in MEMBERS {
        let Kind::Enum(words) = member.kind else { continue };
        let mut json = serde_json::to_value(extension()).unwrap();
        for word in words {
            let leaf = member.path.split('.').fold(&mut json, |value, key| &mut value[key]);
            *leaf = Value::from(*word);
            let read: Extension = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), json, "{} {word}", member.path);
        }
    }
}

#[test]
fn an_unknown_path_has_no_member() {
    assert!(lookup("noAnswer.intAction").is_some());
    assert!(lookup("noAnswer").is_none());
}
