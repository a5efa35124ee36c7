//! `admin`'s port without a running server: settings as stored, no phone reachable, no call live.

use admin::ports::{Switch, SwitchError};
use call::Exchange;
use model::access::Permit;
use model::explain::{ExplainRequest, Explanation};
use model::id::{ItemId, PhoneId};
use model::time::{Mono, Now, Wall};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::Store;

/// The port over a store alone.
pub struct Offline(pub Store);

#[async_trait::async_trait]
impl Switch for Offline {
    async fn explain(
        &self,
        permit: &Permit,
        extension: ItemId,
        request: ExplainRequest,
    ) -> Result<Explanation, SwitchError> {
        let directory = self.0.directory(permit).await.map_err(|_| SwitchError::Unavailable)?;
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let wall = Wall(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX));
        let now = Now { mono: Mono::default(), wall };
        Ok(Exchange::new(directory).explain(extension, &request, now))
    }

    async fn registered(
        &self,
        _permit: &Permit,
        _phones: &[PhoneId],
    ) -> Result<BTreeSet<PhoneId>, SwitchError> {
        Ok(BTreeSet::new())
    }

    async fn forget(&self, _permit: &Permit, _phone: PhoneId) -> Result<(), SwitchError> {
        Ok(())
    }
}
