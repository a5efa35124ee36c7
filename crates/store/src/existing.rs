//! A thing as it is stored before a write changes it, for the audit log. Decides nothing.

use crate::error::WriteError;
use crate::perform::Writing;
use crate::{read, sql};
use model::change::Changed;
use model::id::ItemId;
use model::screen::{ScreenList, ScreenNumber, Screened};

impl Writing<'_> {
    /// What a change replaces or removes, if it is there.
    pub(crate) async fn existing(
        &mut self,
        changed: &Changed,
    ) -> Result<Option<Changed>, WriteError> {
        let found = match changed {
            Changed::Customer(_) | Changed::CustomerGone(_) => {
                let query = sqlx::query(sql::CUSTOMER).bind(&self.key);
                let row = query.fetch_optional(&mut *self.connection).await?;
                let customer = row.map(|row| read::document("customer", &row)).transpose()?;
                customer.map(Changed::Customer)
            }
            Changed::Item(kind) => self.existing_item(kind.id()).await?,
            Changed::ItemGone(id) => self.existing_item(*id).await?,
            Changed::Employee(employee) => self.existing_employee(&employee.id.to_string()).await?,
            Changed::EmployeeGone(id) => self.existing_employee(&id.to_string()).await?,
            Changed::Phone(phone) => self.existing_phone(&phone.id.to_string()).await?,
            Changed::PhoneGone(id) => self.existing_phone(&id.to_string()).await?,
            Changed::Number(held) => self.existing_number(&held.id.to_string()).await?,
            Changed::NumberGone(id) => self.existing_number(&id.to_string()).await?,
            Changed::Screened(Screened { extension, list, entry, .. }) => {
                self.existing_entry(*extension, *list, &entry.number).await?
            }
            Changed::ScreenedGone(item, list, number) => {
                self.existing_entry(*item, *list, number).await?
            }
            Changed::Music(music) => {
                let id = music.id.to_string();
                self.stored(sql::ONE_MUSIC, "music", &id).await?.map(Changed::Music)
            }
        };
        Ok(found)
    }

    async fn existing_item(&mut self, id: ItemId) -> Result<Option<Changed>, WriteError> {
        let query = sqlx::query(sql::ONE_ITEM).bind(&self.key).bind(id.to_string());
        let row = query.fetch_optional(&mut *self.connection).await?;
        Ok(row.as_ref().map(read::item).transpose()?.map(Changed::Item))
    }

    async fn existing_employee(&mut self, id: &str) -> Result<Option<Changed>, WriteError> {
        Ok(self.stored(sql::EMPLOYEE, "employee", id).await?.map(Changed::Employee))
    }

    async fn existing_phone(&mut self, id: &str) -> Result<Option<Changed>, WriteError> {
        Ok(self.stored(sql::PHONE, "phone", id).await?.map(Changed::Phone))
    }

    async fn existing_number(&mut self, id: &str) -> Result<Option<Changed>, WriteError> {
        Ok(self.stored(sql::NUMBER, "number", id).await?.map(Changed::Number))
    }

    async fn existing_entry(
        &mut self,
        extension: ItemId,
        list: ScreenList,
        number: &ScreenNumber,
    ) -> Result<Option<Changed>, WriteError> {
        let query = sqlx::query(sql::ONE_SCREENED)
            .bind(&self.key)
            .bind(extension.to_string())
            .bind(list.as_str())
            .bind(number.as_str());
        let row = query.fetch_optional(&mut *self.connection).await?;
        let screened = row.map(|row| read::screened(&row, self.customer)).transpose()?;
        Ok(screened.map(Changed::Screened))
    }
}
