//! Who wrote what: the audit log of a customer, for its OWNER and up. What it tells is the store's to
//! decide, in the transaction that it tells of.

use crate::page::{Limits, Page};
use crate::{Admin, AdminError, permit};
use model::access::{Operation, Principal};
use model::audit::{AuditQuery, Entry};
use model::id::CustomerId;
use model::limits::AUDIT_ENTRIES_READ;

/// How many entries a page has.
pub const LIMITS: Limits = Limits { default: 50, most: AUDIT_ENTRIES_READ as usize };

impl Admin {
    /// A page of the audit log of this customer, of the caller's own unless said; newest first.
    pub async fn audit(
        &self,
        who: &Principal,
        customer: Option<CustomerId>,
        query: &AuditQuery,
    ) -> Result<Page<Entry>, AdminError> {
        let target = self.customer_asked(who, customer).await?;
        let leave = permit(who, Operation::Audit, Some(&target))?;
        let (total, entries) = self.0.store.audit(&leave, query).await?;
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let (offset, limit) = (query.offset as usize, query.limit as usize);
        Ok(Page { offset, limit, total, plural: "entries", entries })
    }
}
