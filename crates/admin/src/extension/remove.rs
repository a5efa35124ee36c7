//! Removing an extension. What it leaves behind is settled where it is written: its phones stay
//! without an extension, and another one of its employee becomes the primary.

use crate::etag::IfMatch;
use crate::reference::references;
use crate::{Admin, AdminError, permit, refused};
use model::access::{Noun, Operation, Principal};
use model::change::Changed;
use model::id::ItemId;
use store::{Basis, Subject, Write, WriteError};

impl Admin {
    /// Removes the extension; refused while a goto or `voicemailBreakout` points at it. What merely
    /// dials its number doesn't keep it.
    pub async fn remove_extension(
        &self,
        who: &Principal,
        id: ItemId,
        if_match: &IfMatch,
    ) -> Result<(), AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        let permit = permit(who, Operation::Remove(Noun::Extension), target.as_ref())?;
        let directory = self.0.store.directory(&permit).await?;
        let item = directory.item(id).filter(|item| item.extension().is_some());
        let revision = item.ok_or(AdminError::NotFound)?.revision;
        if !if_match.allows(&revision.0.to_string()) {
            return Err(AdminError::Precondition);
        }
        let based_on = if_match.names_version().then_some(Basis::Item(id, revision));
        let write = Write { based_on, changed: vec![Changed::ItemGone(id)] };
        match self.0.store.write(&permit, write).await {
            Ok(_) => Ok(()),
            Err(WriteError::Missing { .. }) => Err(AdminError::NotFound),
            Err(WriteError::Referenced { .. }) => {
                let directory = self.0.store.directory(&permit).await?;
                Err(AdminError::Referenced(references(&directory, Subject::Item(id))))
            }
            Err(error) => Err(refused(error)),
        }
    }
}
