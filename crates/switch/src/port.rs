//! The live side of `admin`'s port: questions go to the shard of the permit's customer.

use crate::Switch;
use crate::shard::{Question, ShardInput};
use admin::ports::SwitchError;
use model::access::Permit;
use model::call::PhoneRef;
use model::explain::{ExplainRequest, Explanation};
use model::id::{ItemId, PhoneId};
use sip::boundary::SipCommand;
use std::collections::BTreeSet;
use tokio::sync::oneshot;

impl Switch {
    async fn ask<T>(
        &self,
        permit: &Permit,
        question: impl FnOnce(oneshot::Sender<T>) -> Question,
    ) -> Result<T, SwitchError> {
        let (reply, answer) = oneshot::channel();
        self.send(permit.customer(), ShardInput::Ask(permit.customer(), question(reply))).await;
        answer.await.map_err(|_| SwitchError::Unavailable)
    }
}

#[async_trait::async_trait]
impl admin::ports::Switch for Switch {
    async fn explain(
        &self,
        permit: &Permit,
        extension: ItemId,
        request: ExplainRequest,
    ) -> Result<Explanation, SwitchError> {
        self.ask(permit, |reply| Question::Explain { extension, request, reply }).await
    }

    async fn registered(
        &self,
        permit: &Permit,
        phones: &[PhoneId],
    ) -> Result<BTreeSet<PhoneId>, SwitchError> {
        let phones = phones.to_vec();
        self.ask(permit, |reply| Question::Registered { phones, reply }).await
    }

    async fn forget(&self, permit: &Permit, phone: PhoneId) -> Result<(), SwitchError> {
        let phone = PhoneRef { customer: permit.customer(), phone };
        self.edges.sip.command(SipCommand::Forget { phone }).await;
        Ok(())
    }
}
