//! A shard: the exchanges of its customers and the only loop that drives them.
//!
//! A customer's exchange is made on its first fact. Loading its settings can take a while, so facts
//! for it wait in a queue of their own and other customers don't notice.

use crate::Edges;
use crate::clock::Clock;
use crate::counts::Counts;
use crate::log;
use crate::translate::Legs;
use crate::waiting::{Waiting, Work};
use call::Exchange;
use call::input::Input;
use model::call::LegRef;
use model::directory::Directory;
use model::explain::{ExplainRequest, Explanation};
use model::id::{CustomerId, ItemId, PhoneId};
use model::limits::FACT_QUEUE;
use model::time::Mono;
use sip::boundary::SipFact;
use sip::vital;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tracing::Instrument;

/// What a shard is sent.
pub(crate) enum ShardInput {
    /// A fact of the SIP edge about a customer of this shard.
    Sip(SipFact),
    /// A newer snapshot, or one that was waited for.
    Directory(Arc<Directory>),
    /// There is no such customer.
    CustomerMissing(CustomerId),
    /// A snapshot that was waited for can't be had now.
    LoadFailed(CustomerId),
    /// Snapshots were missed: look at all of them again.
    Resync,
    /// A question about a customer of this shard.
    Ask(CustomerId, Question),
    /// Say when no call is left; hang up those that are after `within`.
    Drain {
        /// The longest wait.
        within: Duration,
        /// Sent to when done.
        drained: oneshot::Sender<()>,
    },
}

/// A question to an exchange, with where the answer goes.
pub(crate) enum Question {
    /// What would happen?
    Explain {
        /// The extension.
        extension: ItemId,
        /// The hypothesis.
        request: ExplainRequest,
        /// The answer.
        reply: oneshot::Sender<Explanation>,
    },
    /// Which of these phones are registered?
    Registered {
        /// The phones.
        phones: Vec<PhoneId>,
        /// The answer.
        reply: oneshot::Sender<BTreeSet<PhoneId>>,
    },
}

struct Draining {
    until: Instant,
    drained: oneshot::Sender<()>,
}

/// The state of one shard.
pub(crate) struct Shard {
    edges: Edges,
    clock: Clock,
    itself: mpsc::WeakSender<ShardInput>,
    exchanges: BTreeMap<CustomerId, Exchange>,
    waiting: BTreeMap<CustomerId, Waiting>,
    wake_at: BTreeMap<CustomerId, Mono>,
    wakes: BTreeSet<(Mono, CustomerId)>,
    legs: Legs,
    draining: Option<Draining>,
}

impl Shard {
    /// Starts a shard; it ends when the last sender is dropped.
    pub(crate) fn spawn(
        edges: Edges,
        clock: Clock,
        counts: Arc<Counts>,
    ) -> mpsc::Sender<ShardInput> {
        let (sender, receiver) = mpsc::channel(FACT_QUEUE);
        let shard = Self {
            edges,
            clock,
            itself: sender.downgrade(),
            exchanges: BTreeMap::new(),
            waiting: BTreeMap::new(),
            wake_at: BTreeMap::new(),
            wakes: BTreeSet::new(),
            legs: Legs::new(counts),
            draining: None,
        };
        // Faults in calls end those calls; one anywhere else would leave its customers without telephones.
        vital::watch("shard", tokio::spawn(shard.run(receiver)));
        sender
    }

    async fn run(mut self, mut inputs: mpsc::Receiver<ShardInput>) {
        loop {
            let wake = self.wakes.first().map(|(at, _)| self.clock.instant(*at));
            let give_up = self.draining.as_ref().map(|draining| draining.until);
            tokio::select! {
                biased;
                // 1. Timers: a late one rings a phone too long.
                () = sleep_until(wake) => self.wake().await,
                // 2. The end of draining.
                () = sleep_until(give_up) => self.hang_up_the_rest().await,
                // 3. Everything else, in the order in which it came.
                input = inputs.recv() => match input {
                    Some(input) => self.take(input).await,
                    None => return,
                },
            }
            self.report_drained();
        }
    }

    async fn take(&mut self, input: ShardInput) {
        match input {
            ShardInput::Sip(fact) => {
                let customer = crate::translate::sip::customer_of(&fact);
                self.work(customer, Work::Sip(fact)).await;
            }
            ShardInput::Ask(customer, question) => self.work(customer, Work::Ask(question)).await,
            ShardInput::Directory(directory) => self.renew(directory).await,
            ShardInput::CustomerMissing(customer) => {
                if let Some(waiting) = self.waiting.remove(&customer) {
                    self.refuse(waiting.into_works()).await;
                }
                self.forget(customer);
            }
            ShardInput::LoadFailed(customer) => {
                if let Some(waiting) = self.waiting.get_mut(&customer) {
                    let works = waiting.give_up();
                    self.refuse(works).await;
                }
            }
            ShardInput::Resync => {
                for customer in self.exchanges.keys().copied().collect::<Vec<_>>() {
                    self.load(customer);
                }
            }
            ShardInput::Drain { within, drained } => {
                self.draining = Some(Draining { until: Instant::now() + within, drained });
            }
        }
    }

    async fn work(&mut self, customer: CustomerId, work: Work) {
        if self.exchanges.contains_key(&customer) {
            return self.carry_out(customer, work).await;
        }
        let waiting = self.waiting.entry(customer).or_default();
        let too_much = waiting.add(work);
        if waiting.starts_loading() {
            self.load(customer);
        }
        if too_much.is_some() {
            tracing::warn!(%customer, "too much waits for the customer's settings; refused");
            self.refuse(too_much).await;
        }
    }

    /// Has the customer's settings sent to this shard.
    fn load(&self, customer: CustomerId) {
        let store = self.edges.store.clone();
        let Some(itself) = self.itself.upgrade() else { return };
        tokio::spawn(async move {
            let input = match store.directories().snapshot(customer).await {
                Ok(Some(directory)) => ShardInput::Directory(directory),
                Ok(None) => ShardInput::CustomerMissing(customer),
                Err(error) => {
                    tracing::error!(%customer, %error, "settings can't be loaded");
                    ShardInput::LoadFailed(customer)
                }
            };
            // The shard may have ended meanwhile.
            itself.send(input).await.ok();
        });
    }

    async fn renew(&mut self, directory: Arc<Directory>) {
        let customer = directory.customer.id;
        if self.exchanges.contains_key(&customer) {
            return self.feed(customer, Input::DirectoryChanged(directory)).await;
        }
        // Published for someone else: made when its first fact comes.
        let Some(waiting) = self.waiting.remove(&customer) else { return };
        self.exchanges.insert(customer, Exchange::new(directory));
        for work in waiting.into_works() {
            self.carry_out(customer, work).await;
        }
    }

    /// Refuses calls; whoever asked something hears that it won't be answered.
    async fn refuse(&mut self, works: impl IntoIterator<Item = Work>) {
        for work in works {
            if let Work::Sip(fact) = work {
                let span = log::fact_span(&fact);
                self.legs.refuse_unknown(&self.edges, fact).instrument(span).await;
            }
        }
    }

    async fn carry_out(&mut self, customer: CustomerId, work: Work) {
        match work {
            Work::Ask(question) => self.answer(customer, question).await,
            Work::Sip(fact) => {
                if matches!(fact, SipFact::CallArrived { .. }) {
                    self.look_for_newer_settings(customer).await;
                }
                let span = log::fact_span(&fact);
                let input = self.legs.input_of(&self.edges, fact).instrument(span).await;
                if let Some(input) = input {
                    self.feed(customer, input).await;
                }
            }
        }
    }

    /// A write that was acknowledged before this call arrived must be seen by it, even if the
    /// published snapshot is still on its way here. No waiting: a loaded snapshot is in memory.
    async fn look_for_newer_settings(&mut self, customer: CustomerId) {
        if let Ok(Some(directory)) = self.edges.store.directories().snapshot(customer).await {
            self.feed(customer, Input::DirectoryChanged(directory)).await;
        }
    }

    async fn answer(&mut self, customer: CustomerId, question: Question) {
        self.look_for_newer_settings(customer).await;
        let now = self.clock.now();
        let Some(exchange) = self.exchanges.get(&customer) else { return };
        // Who asked may have gone: then nobody misses the answer.
        match question {
            Question::Explain { extension, request, reply } => {
                reply.send(exchange.explain(extension, &request, now)).ok();
            }
            Question::Registered { phones, reply } => {
                let registered = phones.into_iter().filter(|id| exchange.is_reachable(*id));
                reply.send(registered.collect()).ok();
            }
        }
    }

    /// Hands an input to an exchange and carries out what it commands; failures of the edges are fed
    /// back until there are none.
    async fn feed(&mut self, customer: CustomerId, input: Input) {
        let mut inputs = std::collections::VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = self.clock.now();
            let Some(exchange) = self.exchanges.get_mut(&customer) else { return };
            exchange.handle(input, now);
            while let Some(command) = exchange.poll_command() {
                let span = log::call_span(customer, command.call);
                let done = self.legs.carry_out(&self.edges, customer, command);
                inputs.extend(done.instrument(span).await);
            }
        }
        self.set_wake(customer);
    }

    fn set_wake(&mut self, customer: CustomerId) {
        if let Some(at) = self.wake_at.remove(&customer) {
            self.wakes.remove(&(at, customer));
        }
        if let Some(at) = self.exchanges.get(&customer).and_then(Exchange::poll_timeout) {
            self.wake_at.insert(customer, at);
            self.wakes.insert((at, customer));
        }
    }

    /// Drops the exchange of a customer that is gone; calls that outlive it keep theirs.
    fn forget(&mut self, customer: CustomerId) {
        if self.exchanges.get(&customer).is_some_and(|exchange| exchange.live_calls() == 0) {
            self.exchanges.remove(&customer);
            self.set_wake(customer);
        }
    }

    async fn wake(&mut self) {
        if let Some((_, customer)) = self.wakes.first().copied() {
            self.feed(customer, Input::TimePassed).await;
        }
    }

    async fn hang_up_the_rest(&mut self) {
        if let Some(draining) = &mut self.draining {
            // Once: what is left after this was ended by us and only has to be told so.
            draining.until = Instant::now() + Duration::from_secs(1);
        }
        let left: Vec<LegRef> = self.legs.callers();
        tracing::info!(calls = left.len(), "hanging up calls that outlived draining");
        for leg in left {
            let input = self.legs.hang_up_caller(&self.edges, leg).await;
            self.feed(leg.customer, input).await;
        }
    }

    fn report_drained(&mut self) {
        let calls: usize = self.exchanges.values().map(Exchange::live_calls).sum();
        if calls == 0
            && let Some(draining) = self.draining.take()
        {
            draining.drained.send(()).ok();
        }
    }
}

/// Waits until then; forever without a time.
async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
