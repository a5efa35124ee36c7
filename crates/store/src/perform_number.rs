//! The part of a write that is about public numbers: who holds one, and which one thing uses it.

use crate::document::{self, VERSION};
use crate::error::WriteError;
use crate::perform::{Writing, ours, pointed_at, pointing, there};
use crate::{read, sql};
use model::held::HeldNumber;
use model::id::{ItemId, NumberId, PhoneId};
use model::item::ItemKind;
use model::number::E164;
use model::phone::{Line, Phone};
use sqlx::Row;

/// Who is to use a number.
enum User {
    Item(ItemId),
    Phone(PhoneId),
}

impl Writing<'_> {
    /// Makes or changes a number of the customer. Who holds it elsewhere is nobody's business here.
    pub(crate) async fn put_number(&mut self, held: &HeldNumber) -> Result<(), WriteError> {
        let id = held.id.to_string();
        let taken = sqlx::query(sql::NUMBER_HELD).bind(held.number.as_str()).bind(&id);
        if let Some(row) = taken.fetch_optional(&mut *self.connection).await? {
            return Err(self.taken("number", &row, "id")?);
        }
        let query = sqlx::query(sql::PUT_NUMBER)
            .bind(id)
            .bind(&self.key)
            .bind(held.number.as_str())
            .bind(VERSION)
            .bind(document::write("number", held)?);
        let row = query.fetch_optional(&mut *self.connection).await;
        ours(row.map_err(pointed_at("number"))?)
    }

    /// Gives a number back that nothing uses.
    pub(crate) async fn drop_number(&mut self, id: NumberId) -> Result<(), WriteError> {
        let query = sqlx::query(sql::DROP_NUMBER).bind(&self.key).bind(id.to_string());
        let row = query.fetch_optional(&mut *self.connection).await;
        there(row.map_err(pointed_at("number"))?)
    }

    /// Gives back the numbers that the item used, and checks that nobody uses those that it is to use.
    /// Comes before the item is written, `use_numbers` after it.
    pub(crate) async fn free_numbers(&mut self, kind: &ItemKind) -> Result<(), WriteError> {
        self.drop_uses_of_item(&kind.id().to_string()).await?;
        for number in kind.used_numbers().map_or(&[][..], |(numbers, _)| numbers) {
            self.check_free(member(kind), number).await?;
        }
        Ok(())
    }

    /// Notes which numbers an item uses now.
    pub(crate) async fn use_numbers(&mut self, kind: &ItemKind) -> Result<(), WriteError> {
        for number in kind.used_numbers().map_or(&[][..], |(numbers, _)| numbers) {
            self.use_number(member(kind), number, User::Item(kind.id())).await?;
        }
        Ok(())
    }

    /// Notes which number a mobile uses now.
    pub(crate) async fn use_own_number(&mut self, phone: &Phone) -> Result<(), WriteError> {
        self.drop_uses_of_phone(&phone.id.to_string()).await?;
        let Line::Mvno { number, .. } = &phone.line else { return Ok(()) };
        self.check_free("number", number).await?;
        self.use_number("number", number, User::Phone(phone.id)).await
    }

    pub(crate) async fn drop_uses_of_item(&mut self, id: &str) -> Result<(), WriteError> {
        let query = sqlx::query(sql::DROP_USES_OF_ITEM).bind(&self.key).bind(id);
        query.execute(&mut *self.connection).await?;
        Ok(())
    }

    pub(crate) async fn drop_uses_of_phone(&mut self, id: &str) -> Result<(), WriteError> {
        let query = sqlx::query(sql::DROP_USES_OF_PHONE).bind(&self.key).bind(id);
        query.execute(&mut *self.connection).await?;
        Ok(())
    }

    async fn check_free(&mut self, member: &'static str, number: &E164) -> Result<(), WriteError> {
        let used = sqlx::query(sql::NUMBER_USED).bind(number.as_str());
        let row = used.fetch_optional(&mut *self.connection).await?;
        let Some(row) = row else { return Ok(()) };
        let item: Option<&str> = row.try_get("item")?;
        let column = if item.is_some() { "item" } else { "phone" };
        Err(self.taken(member, &row, column)?)
    }

    async fn use_number(
        &mut self,
        member: &'static str,
        number: &E164,
        user: User,
    ) -> Result<(), WriteError> {
        let (statement, id) = match user {
            User::Item(id) => (sql::USE_BY_ITEM, id.to_string()),
            User::Phone(id) => (sql::USE_BY_PHONE, id.to_string()),
        };
        let query = sqlx::query(statement).bind(number.as_str()).bind(&self.key).bind(id);
        query.execute(&mut *self.connection).await.map_err(pointing(member))?;
        Ok(())
    }

    /// Somebody has the value; who, is said only within the customer.
    fn taken(
        &self,
        member: &'static str,
        row: &crate::backend::Row,
        column: &'static str,
    ) -> Result<WriteError, WriteError> {
        let customer: &str = row.try_get("customer")?;
        let by = if customer == self.key { read::optional_text(row, column)? } else { None };
        Ok(WriteError::Taken { member, by })
    }
}

/// The member by which an item uses numbers.
const fn member(kind: &ItemKind) -> &'static str {
    if matches!(kind, ItemKind::Trunk(_)) { "numbers" } else { "direct" }
}
