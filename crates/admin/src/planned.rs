//! Writes that are planned on what is there, and planned again on what others wrote meanwhile.

use crate::error::Unavailable;
use crate::etag::IfMatch;
use crate::{Admin, AdminError, refused};
use model::access::Permit;
use model::directory::Directory;
use store::{Subject, Write, WriteError};

/// Writes tried when others keep writing the same thing.
const ATTEMPTS: u32 = 5;

impl Admin {
    /// Writes what `plan` makes of the customer's things as they are now, and returns what it says
    /// besides. A write that others overtook is planned again, in turn with the others that were; but
    /// who says which version it saw hears that there is another.
    pub(crate) async fn write_planned<T>(
        &self,
        permit: &Permit,
        subject: Subject,
        if_match: &IfMatch,
        mut plan: impl FnMut(&Directory) -> Result<(Write, T), AdminError>,
    ) -> Result<T, AdminError> {
        let mut turn = None;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 && turn.is_none() {
                turn = self.0.turns.wait(subject).await;
            }
            let directory = self.0.store.directory(permit).await?;
            let (write, said) = plan(&directory)?;
            if write.changed.is_empty() {
                return Ok(said);
            }
            match self.0.store.write(permit, write).await {
                Ok(_) => return Ok(said),
                Err(error) if is_overtaken(&error, if_match) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }
}

/// Whether the write can be planned again: somebody else's came first, or a thing it points at went.
fn is_overtaken(error: &WriteError, if_match: &IfMatch) -> bool {
    matches!(error, WriteError::Stale | WriteError::Missing { .. }) && !if_match.names_version()
}
