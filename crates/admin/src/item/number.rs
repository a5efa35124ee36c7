//! `/pbx/dialplan/numberStatus`: who has a local number, and which is free after it.

use super::rules;
use crate::{Admin, AdminError};
use model::access::Principal;
use model::directory::Directory;
use model::id::CustomerId;
use model::number::LocalNumber;
use serde_json::{Value, json};

impl Admin {
    /// Whether a local number is taken.
    pub async fn number_status(
        &self,
        who: &Principal,
        customer: Option<CustomerId>,
        number: &str,
    ) -> Result<Value, AdminError> {
        let permit = self.dialplan_of(who, customer).await?;
        let number = LocalNumber::parse(number).map_err(|_| AdminError::NoSuch("number"))?;
        let directory = self.0.store.directory(&permit).await?;
        let Some(item) = directory.item_by_number(&number) else {
            return Ok(json!({ "exists": false }));
        };
        Ok(json!({
            "exists": true,
            "_id": item.id(),
            "type": item.kind.item_type(),
            "name": item.kind.name(),
            "nextAvailableNumber": next_available(&directory, &number),
        }))
    }
}

/// The next number of as many digits that an item could have. A number with a star has none.
fn next_available(directory: &Directory, after: &LocalNumber) -> Option<LocalNumber> {
    let text = after.as_str();
    let digits = text.len();
    let last: u32 = text.parse().ok()?;
    let end = 10u32.checked_pow(u32::try_from(digits).ok()?)?;
    // Ends at the first gap: at most as many steps as there are items and forbidden numbers.
    (last + 1..end).find_map(|number| {
        let text = format!("{number:0digits$}");
        let number = LocalNumber::parse(&text).ok()?;
        let free = directory.item_by_number(&number).is_none()
            && rules::local_number_fault(directory, &text).is_none();
        free.then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::change::{Change, Changed};
    use model::customer::Customer;
    use model::extension::Extension;
    use model::id::ItemId;
    use model::item::{ItemKind, Revision};
    use model::pii::Name;

    #[test]
    fn the_next_number_is_free_and_may_be_had() {
        let id = CustomerId::from_bytes([1; 12]);
        let items = (1..).zip(["111", "113", "007", "999", "*5"]).map(|(byte, number)| {
            let mut extension = Extension::new(ItemId::from_bytes([byte; 12]), id, Name::new("x"));
            extension.number = LocalNumber::parse(number).ok();
            Changed::Item(ItemKind::Extension(extension))
        });
        let change = Change { customer: id, revision: Revision(1), changed: items.collect() };
        let directory = Directory::empty(Customer::new(id, Name::new("Duckburg"))).apply(&change);
        for (number, next) in [
            ("111", Some("114")),
            ("113", Some("114")),
            ("007", Some("008")),
            ("999", None),
            ("*5", None),
        ] {
            let found = next_available(&directory, &LocalNumber::parse(number).unwrap());
            assert_eq!(found.as_ref().map(LocalNumber::as_str), next, "{number}");
        }
    }
}
