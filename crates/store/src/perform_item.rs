//! The part of a write that is about items: their revision, unique numbers, the one primary of an
//! employee, and what their gotos point at.

use crate::document::{self, VERSION};
use crate::error::WriteError;
use crate::perform::{Writing, ours, pointing};
use crate::{read, sql};
use model::change::Changed;
use model::extension::Extension;
use model::id::{EmployeeId, ItemId};
use model::item::{ItemKind, Revision};
use model::number::{E164, LocalNumber};
use sqlx::Row;

fn extension(changed: &Changed) -> Option<&Extension> {
    match changed {
        Changed::Item(ItemKind::Extension(extension)) => Some(extension),
        _ => None,
    }
}

/// The employee whose primary the extension claims to be.
fn primary_of(extension: &Extension) -> Option<EmployeeId> {
    extension.employee.filter(|_| extension.primary)
}

impl Writing<'_> {
    /// Checks what If-Match says.
    pub(crate) async fn check_revision(
        &mut self,
        item: ItemId,
        expected: Revision,
    ) -> Result<(), WriteError> {
        let query = sqlx::query(sql::ITEM_REVISION).bind(&self.key).bind(item.to_string());
        let row = query.fetch_optional(&mut *self.connection).await?;
        let found = row.map(|row| read::revision(&row)).transpose()?;
        if found == Some(expected) { Ok(()) } else { Err(WriteError::Stale) }
    }

    /// An employee has one primary extension: where this write makes another one, the one before
    /// becomes part of the write and isn't primary any more.
    pub(crate) async fn move_primaries(
        &mut self,
        changed: &mut Vec<Changed>,
    ) -> Result<(), WriteError> {
        let claims: Vec<_> = changed
            .iter()
            .filter_map(extension)
            .filter_map(|extension| Some((primary_of(extension)?, extension.id)))
            .collect();
        for (place, (employee, item)) in claims.iter().enumerate() {
            let rival = claims.iter().skip(place + 1).find(|(other, _)| other == employee);
            if let Some((_, by)) = rival.filter(|(_, by)| by != item) {
                return Err(WriteError::Taken { member: "primary", by: Some(by.to_string()) });
            }
            if let Some(before) = self.other_primary(*employee, changed).await? {
                changed.push(Changed::Item(before));
            }
        }
        Ok(())
    }

    /// The employee's primary as stored, no longer primary; none if this write has its say about it.
    async fn other_primary(
        &mut self,
        employee: EmployeeId,
        changed: &[Changed],
    ) -> Result<Option<ItemKind>, WriteError> {
        let query =
            sqlx::query(sql::PRIMARY_OF_EMPLOYEE).bind(&self.key).bind(employee.to_string());
        let row = query.fetch_optional(&mut *self.connection).await?;
        let Some(row) = row else { return Ok(None) };
        let id: ItemId = read::id(&row, "id")?;
        let told = changed.iter().any(|changed| match changed {
            Changed::Item(kind) => kind.id() == id,
            Changed::ItemGone(gone) => *gone == id,
            _ => false,
        });
        if told {
            return Ok(None);
        }
        let mut kind = read::item(&row)?;
        if let ItemKind::Extension(extension) = &mut kind {
            extension.primary = false;
        }
        Ok(Some(kind))
    }

    /// Frees the unique values of the items of this write, so that they can swap them.
    pub(crate) async fn clear_keys(&mut self, changed: &[Changed]) -> Result<(), WriteError> {
        let ids = changed.iter().filter_map(|changed| match changed {
            Changed::Item(kind) => Some(kind.id()),
            Changed::ItemGone(id) => Some(*id),
            _ => None,
        });
        let ids: Vec<ItemId> = ids.collect();
        // One item alone has nobody to swap with.
        if ids.len() < 2 {
            return Ok(());
        }
        for id in ids {
            let query = sqlx::query(sql::CLEAR_ITEM_KEYS).bind(&self.key).bind(id.to_string());
            query.execute(&mut *self.connection).await?;
            self.drop_uses_of_item(&id.to_string()).await?;
        }
        Ok(())
    }

    /// The employee's extensions show something else now.
    pub(crate) async fn touch_items(&mut self, employee: &str) -> Result<(), WriteError> {
        sqlx::query(sql::TOUCH_ITEMS_OF_EMPLOYEE)
            .bind(&self.key)
            .bind(employee)
            .bind(self.stored_revision())
            .execute(&mut *self.connection)
            .await?;
        Ok(())
    }

    /// Makes or changes an item.
    pub(crate) async fn put_item(&mut self, kind: &ItemKind) -> Result<(), WriteError> {
        let extension = match kind {
            ItemKind::Extension(extension) => Some(extension),
            ItemKind::Trunk(_) | ItemKind::Bare(_) => None,
        };
        let direct = extension.and_then(|extension| extension.direct.as_ref());
        let employee = extension.and_then(|extension| extension.employee);
        if let Some(number) = kind.number() {
            self.check_number(number, kind.id()).await?;
        }
        self.free_numbers(kind).await?;
        let query = sqlx::query(sql::PUT_ITEM)
            .bind(kind.id().to_string())
            .bind(&self.key)
            .bind(kind.item_type().as_str())
            .bind(kind.number().map(LocalNumber::as_str))
            .bind(direct.map(E164::as_str))
            .bind(employee.map(|id| id.to_string()))
            .bind(i64::from(extension.is_some_and(|extension| extension.primary)))
            .bind(self.stored_revision())
            .bind(VERSION)
            .bind(document::write_item(kind)?);
        let row = query.fetch_optional(&mut *self.connection).await;
        ours(row.map_err(pointing("employee"))?)?;
        self.use_numbers(kind).await
    }

    async fn check_number(&mut self, number: &LocalNumber, item: ItemId) -> Result<(), WriteError> {
        let query = sqlx::query(sql::NUMBER_TAKEN)
            .bind(&self.key)
            .bind(number.as_str())
            .bind(item.to_string());
        match query.fetch_optional(&mut *self.connection).await? {
            None => Ok(()),
            Some(row) => Err(WriteError::Taken { member: "number", by: Some(row.try_get("id")?) }),
        }
    }

    /// Notes what the items' gotos point at, once all items are there.
    pub(crate) async fn put_references(&mut self, changed: &[Changed]) -> Result<(), WriteError> {
        for changed in changed {
            let kind = match changed {
                Changed::Item(kind) => kind,
                Changed::Customer(customer) => {
                    self.put_breakout(customer.settings.voicemail_breakout).await?;
                    continue;
                }
                _ => continue,
            };
            let drop =
                sqlx::query(sql::DROP_REFERENCES).bind(&self.key).bind(kind.id().to_string());
            drop.execute(&mut *self.connection).await?;
            self.put_references_of(kind).await?;
        }
        Ok(())
    }

    /// Notes what the customer's settings point at; the item has to be its own.
    async fn put_breakout(&mut self, to: Option<ItemId>) -> Result<(), WriteError> {
        let to = to.map(|id| id.to_string());
        if let Some(to) = &to {
            let item = sqlx::query(sql::ITEM_REVISION).bind(&self.key).bind(to);
            let found = item.fetch_optional(&mut *self.connection).await?;
            found.ok_or(WriteError::Missing { member: "voicemailBreakout" })?;
        }
        let query = sqlx::query(sql::PUT_BREAKOUT).bind(&self.key).bind(to);
        query.execute(&mut *self.connection).await?;
        Ok(())
    }

    async fn put_references_of(&mut self, kind: &ItemKind) -> Result<(), WriteError> {
        for (member, to) in kind.gotos() {
            sqlx::query(sql::PUT_REFERENCE)
                .bind(&self.key)
                .bind(kind.id().to_string())
                .bind(member)
                .bind(to.to_string())
                .execute(&mut *self.connection)
                .await
                .map_err(pointing(member))?;
        }
        Ok(())
    }
}
