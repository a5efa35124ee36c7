//! Documents: how things are written as JSON text, and read back. Knows the versions of the format
//! and what isn't stored because it follows from something else; knows no SQL.

use crate::error::StoreError;
use model::extension::Extension;
use model::item::{BareItem, ItemKind, ItemType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The format that is written. A step from each older one is read; there is no older one yet.
pub(crate) const VERSION: i64 = 1;

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
    check(what, version)?;
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(what, error))
}

/// The text to store of an item: without what follows its employee, if it has one.
pub(crate) fn write_item(kind: &ItemKind) -> Result<String, StoreError> {
    let extension = match kind {
        ItemKind::Bare(bare) => return write("item", bare),
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
    if kind != ItemType::Extension.as_str() {
        return read::<BareItem>("item", version, text).map(ItemKind::Bare);
    }
    let mut members: Map<String, Value> = read("item", version, text)?;
    members.entry(NAME).or_insert_with(|| Value::String(String::new()));
    let extension: Extension = serde_json::from_value(Value::Object(members))
        .map_err(|error| StoreError::corrupt("item", error))?;
    Ok(ItemKind::Extension(Box::new(extension)))
}

/// The word that `read_item` wants back.
pub(crate) fn item_type(kind: &ItemKind) -> ItemType {
    match kind {
        ItemKind::Extension(_) => ItemType::Extension,
        ItemKind::Bare(bare) => bare.kind,
    }
}

fn check(what: &'static str, version: i64) -> Result<(), StoreError> {
    match version {
        VERSION => Ok(()),
        _ => Err(StoreError::corrupt(what, format!("format {version} isn't known"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::{CustomerId, EmployeeId, ItemId};
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
        let text = write_item(&ItemKind::Extension(Box::new(linked.clone()))).unwrap();
        let members: Map<String, Value> = serde_json::from_str(&text).unwrap();
        assert!(!members.contains_key(NAME) && !members.contains_key(EMPLOYEE_DELETE_DATE));

        linked.name = Name::new("");
        linked.employee_delete_date = None;
        let read = read_item("EXTENSION", VERSION, &text).unwrap();
        assert_eq!(read, ItemKind::Extension(Box::new(linked)));
    }

    #[test]
    fn without_an_employee_everything_is() {
        let kind = ItemKind::Extension(Box::new(extension()));
        let text = write_item(&kind).unwrap();
        assert_eq!(read_item("EXTENSION", VERSION, &text).unwrap(), kind);
    }

    #[test]
    fn an_unknown_format_is_refused() {
        let text = write_item(&ItemKind::Extension(Box::new(extension()))).unwrap();
        let error = read_item("EXTENSION", VERSION + 1, &text).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt(_)));
    }
}
