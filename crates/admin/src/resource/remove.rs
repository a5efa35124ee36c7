//! Removing a resource.

use super::Made;
use super::read::seen;
use crate::etag::IfMatch;
use crate::reference::references;
use crate::{Admin, AdminError, permit, refused};
use model::access::{Operation, Principal};
use store::{Write, WriteError};

impl Admin {
    /// Removes the resource; refused while something points at it.
    pub async fn remove_resource<R: Made>(
        &self,
        who: &Principal,
        id: R::Id,
        if_match: &IfMatch,
    ) -> Result<(), AdminError> {
        let target = self.0.store.target(R::subject(id)).await?;
        let permit = permit(who, Operation::Remove(R::NOUN), target.as_ref())?;
        let directory = self.0.store.directory(&permit).await?;
        let before = R::lookup(&directory, id).ok_or(AdminError::NotFound)?;
        if !if_match.allows(&seen(&before, &directory, &permit).etag) {
            return Err(AdminError::Precondition);
        }
        let based_on = if_match.names_version().then(|| before.basis(&directory));
        let write = Write { based_on, changed: vec![R::gone(id)] };
        match self.0.store.write(&permit, write).await {
            Ok(_) => Ok(()),
            Err(WriteError::Referenced { .. }) => {
                let directory = self.0.store.directory(&permit).await?;
                Err(AdminError::Referenced(references(&directory, R::subject(id))))
            }
            Err(error) => Err(refused(error)),
        }
    }
}
