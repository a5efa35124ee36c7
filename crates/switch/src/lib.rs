//! Wiring without opinions: facts of the edges to the call core, its commands to the edges.
//!
//! Customers are spread over shards by hash; a shard owns the exchanges of its customers and is the
//! only one to touch them. Nothing here knows what a setting, a presence or a policy is.
//!
//! ```text
//!   sip facts ─► router ─► shard 0..n ─► Exchange ─► commands ─► sip, media, store
//! ```

mod clock;
mod counts;
mod log;
mod port;
mod router;
mod shard;
mod translate;
mod waiting;

pub use counts::Counts;

use media::Media;
use model::id::CustomerId;
use shard::{Shard, ShardInput};
use sip::Sip;
use sip::boundary::SipFact;
use sip::vital;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::{mpsc, oneshot};

/// The edges that a switch carries commands to.
#[derive(Clone)]
pub struct Edges {
    /// SIP.
    pub sip: Sip,
    /// RTP.
    pub media: Media,
    /// Settings, records, bindings.
    pub store: Store,
}

/// A running switch. Clones are handles to the same one.
#[derive(Clone)]
pub struct Switch {
    shards: Arc<[mpsc::Sender<ShardInput>]>,
    edges: Edges,
    counts: Arc<Counts>,
}

impl Switch {
    /// Starts the shards and hands them every fact that `facts` brings, until it closes.
    pub fn start(edges: Edges, facts: mpsc::Receiver<SipFact>, shards: usize) -> Self {
        let clock = clock::Clock::start();
        let counts = Arc::<Counts>::default();
        let spawn = |_| Shard::spawn(edges.clone(), clock, Arc::clone(&counts));
        let senders = (0..shards.max(1)).map(spawn).collect();
        let switch = Self { shards: senders, edges, counts };
        vital::watch("facts", tokio::spawn(router::route_facts(switch.clone(), facts)));
        vital::watch("directories", tokio::spawn(router::route_directories(switch.clone())));
        switch
    }

    /// What was counted so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Takes no new calls, waits for the live ones to end, and hangs up those that are left after
    /// `within`.
    pub async fn drain(&self, within: Duration) {
        self.edges.sip.drain().await;
        let shards = self.shards.iter().map(|shard| drain_shard(shard.clone(), within));
        let drained: Vec<_> = shards.map(tokio::spawn).collect();
        for shard in drained {
            if let Err(error) = shard.await {
                tracing::error!(%error, "a shard could not be drained");
            }
        }
    }

    fn shard_of(&self, customer: CustomerId) -> Option<&mpsc::Sender<ShardInput>> {
        // Ids are random: their first bytes are as good a hash as any.
        let [a, b, c, d, ..] = *customer.bytes();
        let hash = u32::from_be_bytes([a, b, c, d]) as usize;
        self.shards.get(hash % self.shards.len())
    }

    async fn send(&self, customer: CustomerId, input: ShardInput) {
        let Some(shard) = self.shard_of(customer) else { return };
        if shard.send(input).await.is_err() {
            tracing::error!(%customer, "the customer's shard is gone");
        }
    }
}

async fn drain_shard(shard: mpsc::Sender<ShardInput>, within: Duration) {
    let (drained, wait) = oneshot::channel();
    if shard.send(ShardInput::Drain { within, drained }).await.is_ok() {
        // An error means that the shard ended first, which is drained as well.
        wait.await.ok();
    }
}
