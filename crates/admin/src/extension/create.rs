//! Making an extension: for which customer, whether this principal may, whether it holds together.

use super::change::{Planned, changes, customer_faults, propose};
use super::read::document;
use crate::error::Fault;
use crate::etag::Seen;
use crate::once::{Created, Making, OnceKey};
use crate::sent::Body;
use crate::{Admin, AdminError, drawn, permit};
use model::access::{Noun, Operation, Principal, Target};
use model::directory::Directory;
use model::extension::Extension;
use model::id::{CustomerId, ItemId};
use model::member::Member;
use model::pii::Name;
use serde_json::Value;
use std::collections::BTreeSet;

impl Admin {
    /// Makes an extension of the members that the body sends; the others have their defaults.
    pub async fn create_extension(
        &self,
        who: &Principal,
        body: &Body,
        once: Option<&OnceKey>,
    ) -> Result<Created, AdminError> {
        let target = self.customer_to_write(who, body).await?;
        let leave = permit(who, Operation::Create(Noun::Extension), Some(&target))?;
        let customers = self.customers_named(who, body).await?;
        let id = ItemId::from_bytes(drawn()?);
        let before = Extension::new(id, target.customer, Name::new(""));
        let maker = Maker { who, target: &target, body, customers: &customers };
        self.make(who, &leave, once, |directory| maker.plan(directory, &before)).await
    }
}

/// Who makes one, of what.
struct Maker<'a> {
    who: &'a Principal,
    target: &'a Target,
    body: &'a Body,
    customers: &'a BTreeSet<CustomerId>,
}

impl Maker<'_> {
    fn plan(&self, directory: &Directory, before: &Extension) -> Result<Making, AdminError> {
        let mut patch = changes(self.body, &document(before));
        let members: Vec<&'static Member> =
            patch.changes.iter().map(|change| change.member).collect();
        permit(self.who, Operation::Change(Noun::Extension, &members), Some(self.target))?;
        patch.faults.extend(customer_faults(self.customers, &patch.changes));
        patch.faults.extend(self.name_fault());
        let Planned { write, warnings, .. } = propose(directory, before, None, patch)?;
        let id = before.id;
        let show = move |directory: &Directory| {
            let item = directory.item(id)?;
            let seen = Seen::whole(item.whole(), item.revision);
            let warnings = warnings.iter().map(ToString::to_string).collect();
            Some(Created { id: id.to_string(), seen, warnings })
        };
        Ok(Making { write, account: None, password: None, show: Box::new(show) })
    }

    /// A name is needed where no employee gives it.
    fn name_fault(&self) -> Option<Fault> {
        let sent = |member| self.body.get(member).is_some_and(|value: &Value| !value.is_null());
        let told = self.body.contains_key("name");
        (!sent("employee") && !told).then(|| Fault::of("name", "is needed without an employee"))
    }
}
