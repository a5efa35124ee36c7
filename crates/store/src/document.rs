//! Documents: how things are written as JSON text, and read back. Knows the versions of the format
//! and what isn't stored because it follows from something else; knows no SQL.

use crate::error::StoreError;
use model::extension::Extension;
use model::item::{BareItem, ItemKind, ItemType};
use model::phone::MvnoState;
use model::trunk::Trunk;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The format that is written; a step leads here from each older one.
///
/// 1: a customer's `defaultNumber` stood outside of `settings`, a mobile had `blocked` instead of `state`.
pub(crate) const VERSION: i64 = 2;

/// The members of an extension that its employee has the truth of.
const NAME: &str = "name";
const EMPLOYEE_DELETE_DATE: &str = "employeeDeleteDate";

/// The text to store.
pub(crate) fn write<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt(what, error))
}

/// What the stored text says.
pub(crate) fn read<T: DeserializeOwned>(
    what: &'static str,
    version: i64,
    text: &str,
) -> Result<T, StoreError> {
    let unreadable = |error| StoreError::corrupt(what, error);
    match version {
        VERSION => serde_json::from_str(text).map_err(unreadable),
        1 => {
            let mut members: Map<String, Value> = serde_json::from_str(text).map_err(unreadable)?;
            from_1(&mut members);
            serde_json::from_value(Value::Object(members)).map_err(unreadable)
        }
        _ => Err(StoreError::corrupt(what, format!("format {version} isn't known"))),
    }
}

/// Brings a document from format 1 to 2.
fn from_1(members: &mut Map<String, Value>) {
    if let Some(number) = members.shift_remove("defaultNumber") {
        members.insert("settings".to_owned(), json!({ "defaultNumber": number }));
    }
    if let Some(blocked) = members.shift_remove("blocked") {
        let state = if blocked == true { MvnoState::Blocked } else { MvnoState::Active };
        members.insert("state".to_owned(), json!(state));
    }
}

/// The text to store of an item: without what follows its employee, if it has one.
pub(crate) fn write_item(kind: &ItemKind) -> Result<String, StoreError> {
    let extension = match kind {
        ItemKind::Bare(bare) => return write("item", bare),
        ItemKind::Trunk(trunk) => return write("item", trunk),
        ItemKind::Extension(extension) => extension,
    };
    if extension.employee.is_none() {
        return write("item", extension);
    }
    let mut members: Map<String, Value> = serde_json::to_value(extension)
        .and_then(serde_json::from_value)
        .map_err(|error| StoreError::corrupt("item", error))?;
    members.shift_remove(NAME);
    members.shift_remove(EMPLOYEE_DELETE_DATE);
    write("item", &members)
}

/// The item that the stored text says. The name of an extension with an employee is blank: the
/// `Directory` fills in the employee's.
pub(crate) fn read_item(kind: &str, version: i64, text: &str) -> Result<ItemKind, StoreError> {
    match ItemType::parse(kind) {
        Some(ItemType::Extension) => {}
        Some(ItemType::Trunk) => return read_trunk(version, text),
        _ => return read("item", version, text).map(|bare| ItemKind::Bare(Box::new(bare))),
    }
    let mut members: Map<String, Value> = read("item", version, text)?;
    members.entry(NAME).or_insert_with(|| Value::String(String::new()));
    let extension: Extension = serde_json::from_value(Value::Object(members))
        .map_err(|error| StoreError::corrupt("item", error))?;
    Ok(ItemKind::Extension(extension))
}

/// Before TRUNK items had members of their own they were bare ones.
fn read_trunk(version: i64, text: &str) -> Result<ItemKind, StoreError> {
    if version == 1 {
        return read::<BareItem>("item", version, text)
            .map(|bare| Trunk {
                number: bare.number,
                ..Trunk::new(bare.id, bare.customer, bare.name)
            })
            .map(|trunk| ItemKind::Trunk(Box::new(trunk)));
    }
    read("item", version, text).map(|trunk| ItemKind::Trunk(Box::new(trunk)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::customer::Customer;
    use model::id::{CustomerId, EmployeeId, ItemId};
    use model::phone::{Line, Phone};
    use model::pii::Name;
    use model::time::Wall;

    fn extension() -> Extension {
        let id = ItemId::from_bytes([1; 12]);
        let mut extension =
            Extension::new(id, CustomerId::from_bytes([2; 12]), Name::new("Donald"));
        extension.employee_delete_date = Some(Wall(1));
        extension
    }

    #[test]
    fn what_follows_the_employee_is_not_stored() {
        let mut linked = extension();
        linked.employee = Some(EmployeeId::from_bytes([3; 12]));
        let text = write_item(&ItemKind::Extension(linked.clone())).unwrap();
        let members: Map<String, Value> = serde_json::from_str(&text).unwrap();
        assert!(!members.contains_key(NAME) && !members.contains_key(EMPLOYEE_DELETE_DATE));

        linked.name = Name::new("");
        linked.employee_delete_date = None;
        let read = read_item("EXTENSION", VERSION, &text).unwrap();
        assert_eq!(read, ItemKind::Extension(linked));
    }

    #[test]
    fn without_an_employee_everything_is() {
        let kind = ItemKind::Extension(extension());
        let text = write_item(&kind).unwrap();
        assert_eq!(read_item("EXTENSION", VERSION, &text).unwrap(), kind);
    }

    #[test]
    fn what_format_1_said_is_read() {
        let customer = r#"{"_id":"020202020202020202020202","name":"Duckburg","reseller":null,
            "country":"DK","timeZone":"Europe/Copenhagen","defaultNumber":"+4570305050",
            "numbers":["+4570305050"]}"#;
        let customer: Customer = read("customer", 1, customer).unwrap();
        assert_eq!(customer.settings.default_number.unwrap().as_str(), "+4570305050");
        assert_eq!(customer.settings.personal_queue_max, 10);
        let phone = r#"{"_id":"030303030303030303030303","customer":"020202020202020202020202",
            "extension":null,"dnd":false,"notes":null,"type":"MVNO","number":"+4571919998",
            "blocked":true,"ratePlan":null,"newRatePlan":null}"#;
        let phone: Phone = read("phone", 1, phone).unwrap();
        assert!(matches!(phone.line, Line::Mvno { state: MvnoState::Blocked, .. }));
        let trunk = r#"{"_id":"040404040404040404040404","type":"TRUNK",
            "customer":"020202020202020202020202","name":"Main","number":"9"}"#;
        let trunk = read_item("TRUNK", 1, trunk).unwrap();
        assert_eq!(trunk.number().unwrap().as_str(), "9");
    }

    #[test]
    fn an_unknown_format_is_refused() {
        let text = write_item(&ItemKind::Extension(extension())).unwrap();
        let error = read_item("EXTENSION", VERSION + 1, &text).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt(_)));
    }
}
