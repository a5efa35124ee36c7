//! The part of a write that is about what an item leaves behind: its phones stay, without an
//! extension; another extension of its employee becomes the primary one; and what isn't a goto must
//! not point at it either.

use crate::backend::Row;
use crate::error::WriteError;
use crate::perform::Writing;
use crate::{read, sql};
use model::change::Changed;
use model::extension::Extension;
use model::id::{EmployeeId, ItemId};
use model::item::ItemKind;
use model::phone::Phone;

impl Writing<'_> {
    /// Adds to a write what has to change with the items that it removes, unless it has its own say
    /// about that.
    pub(crate) async fn let_go(&mut self, changed: &mut Vec<Changed>) -> Result<(), WriteError> {
        for gone in items_gone(changed) {
            for phone in self.phones_of(gone).await? {
                let told = changed.iter().any(|one| match one {
                    Changed::Phone(other) => other.id == phone.id,
                    Changed::PhoneGone(id) => *id == phone.id,
                    _ => false,
                });
                if !told {
                    changed.push(Changed::Phone(Phone { extension: None, ..phone }));
                }
            }
            if let Some(heir) = self.heir(gone, changed).await? {
                changed.push(Changed::Item(ItemKind::Extension(heir)));
            }
        }
        Ok(())
    }

    async fn phones_of(&mut self, item: ItemId) -> Result<Vec<Phone>, WriteError> {
        let query = sqlx::query(sql::PHONES_OF_ITEM).bind(&self.key).bind(item.to_string());
        let rows = query.fetch_all(&mut *self.connection).await?;
        let phones = rows.iter().map(|row| read::document("phone", row));
        Ok(phones.collect::<Result<_, _>>()?)
    }

    /// The extension that is to be primary once `gone` isn't there: the first that the employee has
    /// left. None if `gone` wasn't primary, or the write says who is.
    async fn heir(
        &mut self,
        gone: ItemId,
        changed: &[Changed],
    ) -> Result<Option<Extension>, WriteError> {
        let query = sqlx::query(sql::ONE_ITEM).bind(&self.key).bind(gone.to_string());
        let row = query.fetch_optional(&mut *self.connection).await?;
        let before = row.as_ref().map(extension).transpose()?.flatten();
        let before = before.filter(|before| before.primary);
        let Some(employee) = before.and_then(|before| before.employee) else { return Ok(None) };
        if changed.iter().any(|one| has_say(one, employee)) {
            return Ok(None);
        }
        let query = sqlx::query(sql::ITEMS_OF_EMPLOYEE).bind(&self.key).bind(employee.to_string());
        let gone = items_gone(changed);
        for row in query.fetch_all(&mut *self.connection).await? {
            let heir = extension(&row)?.filter(|heir| !gone.contains(&heir.id));
            if let Some(heir) = heir {
                return Ok(Some(Extension { primary: true, ..heir }));
            }
        }
        Ok(None)
    }
}

fn items_gone(changed: &[Changed]) -> Vec<ItemId> {
    let gone = changed.iter().filter_map(|one| match one {
        Changed::ItemGone(id) => Some(*id),
        _ => None,
    });
    gone.collect()
}

/// Whether a change is about an extension of this employee.
fn has_say(changed: &Changed, employee: EmployeeId) -> bool {
    let Changed::Item(ItemKind::Extension(extension)) = changed else { return false };
    extension.employee == Some(employee)
}

fn extension(row: &Row) -> Result<Option<Extension>, WriteError> {
    match read::item(row)? {
        ItemKind::Extension(extension) => Ok(Some(extension)),
        ItemKind::Trunk(_) | ItemKind::Bare(_) => Ok(None),
    }
}
