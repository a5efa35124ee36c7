//! The part of a write that is about whitelists and blocklists.

use crate::error::WriteError;
use crate::perform::{Writing, ours, pointing, there};
use crate::{sql, write};
use model::id::ItemId;
use model::limits::SCREEN_ENTRIES;
use model::pii::Name;
use model::screen::{ScreenList, ScreenNumber, Screened};
use sqlx::Row;

impl Writing<'_> {
    /// Puts a number on a list, or renames it there. A list that is full takes no new ones.
    pub(crate) async fn put_screened(&mut self, screened: &Screened) -> Result<(), WriteError> {
        let (item, list) = (screened.extension.to_string(), screened.list.as_str());
        let query = sqlx::query(sql::PUT_SCREENED)
            .bind(&self.key)
            .bind(&item)
            .bind(list)
            .bind(screened.entry.number.as_str())
            .bind(screened.entry.name.as_ref().map(Name::as_str));
        let row = query.fetch_optional(&mut *self.connection).await;
        ours(row.map_err(pointing("_id"))?)?;
        let count = sqlx::query(sql::SCREENED_COUNT).bind(&self.key).bind(item).bind(list);
        let count: i64 = count.fetch_one(&mut *self.connection).await?.try_get("count")?;
        if usize::try_from(count).is_ok_and(|count| count <= SCREEN_ENTRIES) {
            Ok(())
        } else {
            Err(WriteError::Full { member: "number" })
        }
    }

    /// Takes a number off a list.
    pub(crate) async fn drop_screened(
        &mut self,
        item: ItemId,
        list: ScreenList,
        number: &ScreenNumber,
    ) -> Result<(), WriteError> {
        let query = sqlx::query(sql::DROP_SCREENED)
            .bind(&self.key)
            .bind(item.to_string())
            .bind(list.as_str())
            .bind(number.as_str());
        there(query.fetch_optional(&mut *self.connection).await?)
    }

    /// Forgets the lists of an extension that goes.
    pub(crate) async fn drop_screening(&mut self, item: &str) -> Result<(), WriteError> {
        let query = sqlx::query(sql::DROP_SCREENING).bind(&self.key).bind(item);
        for row in query.fetch_all(&mut *self.connection).await? {
            let name = write::screen_entry(item, row.try_get("list")?, row.try_get("number")?);
            self.unscreened.push(name);
        }
        Ok(())
    }
}
