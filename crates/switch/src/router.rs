//! Hands facts to the shard of their customer. Binding facts also go to the store.

use crate::Switch;
use crate::log;
use crate::shard::ShardInput;
use crate::translate;
use sip::boundary::SipFact;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

/// Hands on SIP facts until the edge ends.
pub(crate) async fn route_facts(switch: Switch, mut facts: mpsc::Receiver<SipFact>) {
    while let Some(fact) = facts.recv().await {
        let span = log::fact_span(&fact);
        match fact {
            SipFact::BindingKept(binding) => {
                span.in_scope(log::bound);
                switch.edges.store.keep_binding(binding);
            }
            SipFact::BindingDropped { phone, key } => {
                span.in_scope(log::unbound);
                switch.edges.store.drop_binding(phone, &key);
            }
            fact => {
                let customer = translate::sip::customer_of(&fact);
                switch.send(customer, ShardInput::Sip(fact)).await;
            }
        }
    }
}

/// Hands on every published snapshot, so that live calls see settings change.
pub(crate) async fn route_directories(switch: Switch) {
    let mut published = switch.edges.store.directories().subscribe();
    loop {
        match published.recv().await {
            Ok(directory) => {
                let customer = directory.customer.id;
                let input = if switch.edges.store.directories().has(customer) {
                    ShardInput::Directory(directory)
                } else {
                    ShardInput::CustomerMissing(customer)
                };
                switch.send(customer, input).await;
            }
            // Too slow, so some are lost: every exchange looks for itself.
            Err(RecvError::Lagged(_)) => {
                for shard in switch.shards.iter() {
                    shard.send(ShardInput::Resync).await.ok();
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}
