//! The numbers that an extension may choose from: for `direct`, and to show outside.

use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Permit, Principal, View};
use model::id::{CustomerId, ItemId};
use model::number::E164;
use model::pii::Name;
use serde::Serialize;
use store::Subject;

/// A number that everybody of the customer may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedNumber {
    /// The number.
    pub number: E164,
    /// The name of the TRUNK item that it is on.
    pub name: Name,
}

impl Admin {
    /// The numbers that the customer holds for PBX use and that nothing uses, lowest first; and the
    /// direct of `extension`, if this principal may see that.
    pub async fn direct_numbers(
        &self,
        who: &Principal,
        customer: Option<CustomerId>,
        extension: Option<ItemId>,
    ) -> Result<Vec<E164>, AdminError> {
        let (customer, sees_direct) = match extension {
            None => (customer, false),
            Some(id) => {
                let target = self.0.store.target(Subject::Item(id)).await?;
                let permit = permit(who, Operation::Read(Noun::Extension), target.as_ref())?;
                let of = customer.unwrap_or(permit.customer());
                if of != permit.customer() {
                    return Err(AdminError::NotFound);
                }
                (Some(of), permit.view() == View::Whole)
            }
        };
        let permit = self.choices(who, customer).await?;
        let directory = self.0.store.directory(&permit).await?;
        let current = match extension {
            Some(id) => directory.extension(id).ok_or(AdminError::NotFound)?.direct.as_ref(),
            None => None,
        };
        let current = current.filter(|_| sees_direct);
        let numbers = directory.numbers().filter(|held| {
            let unused = held.pbx && directory.user_of(&held.number).is_none();
            unused || current == Some(&held.number)
        });
        Ok(numbers.map(|held| held.number.clone()).collect())
    }

    /// The numbers of the TRUNK items that are marked for everybody to show, lowest first.
    pub async fn caller_id_numbers(
        &self,
        who: &Principal,
        customer: Option<CustomerId>,
    ) -> Result<Vec<SharedNumber>, AdminError> {
        let permit = self.choices(who, customer).await?;
        let directory = self.0.store.directory(&permit).await?;
        let trunks = directory.items().filter_map(|item| item.trunk());
        let shared = trunks.filter(|trunk| trunk.selectable).flat_map(|trunk| {
            let name = &trunk.name;
            trunk.numbers.iter().map(move |number| (number.clone(), name.clone()))
        });
        let mut shared: Vec<_> =
            shared.map(|(number, name)| SharedNumber { number, name }).collect();
        shared.sort_by(|one, other| one.number.cmp(&other.number));
        Ok(shared)
    }

    /// Leave to see what may be chosen of a customer's.
    async fn choices(
        &self,
        who: &Principal,
        customer: Option<CustomerId>,
    ) -> Result<Permit, AdminError> {
        let target = self.customer_asked(who, customer).await?;
        permit(who, Operation::Read(Noun::Choices), Some(&target))
    }
}
