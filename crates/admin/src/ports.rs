//! What the use cases ask of live calls. Requests are plain values, so that the answer may come from
//! this process, from one without calls, or later from another node.

use async_trait::async_trait;
use model::access::Permit;
use model::explain::{ExplainRequest, Explanation};
use model::id::{ItemId, PhoneId};
use std::collections::BTreeSet;

/// The switch didn't answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// It is overloaded, draining or gone.
    #[error("the switch doesn't answer")]
    Unavailable,
}

/// Live state, of the permit's customer only.
#[async_trait]
pub trait Switch: Send + Sync {
    /// What would happen to a call of this extension, with the live state where the request doesn't
    /// assume another.
    async fn explain(
        &self,
        permit: &Permit,
        extension: ItemId,
        request: ExplainRequest,
    ) -> Result<Explanation, SwitchError>;

    /// Those of the phones that are registered.
    async fn registered(
        &self,
        permit: &Permit,
        phones: &[PhoneId],
    ) -> Result<BTreeSet<PhoneId>, SwitchError>;

    /// Ends what a SIP phone registered: it has to prove itself again.
    async fn forget(&self, permit: &Permit, phone: PhoneId) -> Result<(), SwitchError>;
}
