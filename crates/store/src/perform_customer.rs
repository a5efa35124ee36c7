//! The part of a write that is about the customer itself: what makes it unique, who resells to it, and
//! its end.

use crate::backend::Connection;
use crate::document::{self, VERSION};
use crate::error::WriteError;
use crate::perform::{Writing, pointed_at, pointing, there};
use crate::tenant::RESELLERS;
use crate::{read, sql};
use model::customer::Customer;
use model::id::CustomerId;

/// A SIP domain is unique on the platform.
pub(crate) async fn check_sip_domain(
    connection: &mut Connection,
    customer: &Customer,
) -> Result<(), WriteError> {
    let Some(domain) = &customer.sip_domain else { return Ok(()) };
    let query = sqlx::query(sql::SIP_DOMAIN_TAKEN).bind(domain).bind(customer.id.to_string());
    match query.fetch_optional(connection).await? {
        Some(_) => Err(WriteError::Taken { member: "sipDomain", by: None }),
        None => Ok(()),
    }
}

impl Writing<'_> {
    pub(crate) async fn put_customer(&mut self, customer: &Customer) -> Result<(), WriteError> {
        check_sip_domain(self.connection, customer).await?;
        self.check_resellers(customer).await?;
        sqlx::query(sql::PUT_CUSTOMER)
            .bind(&self.key)
            .bind(customer.reseller.map(|id| id.to_string()))
            .bind(&customer.sip_domain)
            .bind(VERSION)
            .bind(document::write("customer", customer)?)
            .execute(&mut *self.connection)
            .await
            .map_err(pointing("reseller"))?;
        Ok(())
    }

    /// Nobody resells to itself, not even around corners.
    async fn check_resellers(&mut self, customer: &Customer) -> Result<(), WriteError> {
        let mut next = customer.reseller;
        for _ in 0..=RESELLERS {
            let Some(reseller) = next else { return Ok(()) };
            if reseller == customer.id {
                break;
            }
            let query = sqlx::query(sql::RESELLER_OF).bind(reseller.to_string());
            let row = query.fetch_optional(&mut *self.connection).await?;
            next = row.map(|row| read::optional_id(&row, "reseller")).transpose()?.flatten();
        }
        Err(WriteError::Taken { member: "reseller", by: None })
    }

    /// Ends a customer that has nothing any more but what nobody else could miss.
    pub(crate) async fn drop_customer(&mut self, id: CustomerId) -> Result<(), WriteError> {
        let key = id.to_string();
        let old = i64::try_from(self.revision.0).unwrap_or(i64::MAX);
        let changes = sqlx::query(sql::DROP_OLD_CHANGES).bind(&key).bind(old);
        changes.execute(&mut *self.connection).await?;
        for statement in [sql::DROP_MUSIC_OF_CUSTOMER, sql::DROP_BINDINGS_OF_CUSTOMER] {
            sqlx::query(statement).bind(&key).execute(&mut *self.connection).await?;
        }
        let row = sqlx::query(sql::DROP_CUSTOMER).bind(&key).fetch_optional(&mut *self.connection);
        there(row.await.map_err(pointed_at("customer"))?)
    }
}
