//! Everything live in one customer. It hands each input to the calls that it is about, keeps what all
//! calls share (settings, reachable phones, phones in calls, timers) and knows nothing of the rules.

use crate::call::{Arrival, Call, Moment, Room, To};
use crate::command::Command;
use crate::explain;
use crate::facts::{Caller, Origin};
use crate::inbound;
use crate::input::{CallArrived, CameBy, Input};
use crate::live::Live;
use crate::timer::Timer;
use model::directory::Directory;
use model::explain::{ExplainRequest, Explanation};
use model::id::{CallId, ItemId, PhoneId};
use model::limits::CALLS_PER_CUSTOMER;
use model::time::{Mono, Now};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Everything live in one customer. One `handle`, then `poll_command` until None, then wait until
/// `poll_timeout` or the next input. The same inputs give the same commands.
#[derive(Debug)]
pub struct Exchange {
    live: Live,
    calls: BTreeMap<CallId, Call>,
    wakes: BTreeSet<(Mono, CallId)>,
    commands: VecDeque<Command>,
}

impl Exchange {
    /// A customer in which nothing is going on yet.
    pub fn new(directory: Arc<Directory>) -> Self {
        Self::with_live(Live::new(directory))
    }

    pub(crate) fn with_live(live: Live) -> Self {
        let (calls, wakes, commands) = (BTreeMap::new(), BTreeSet::new(), VecDeque::new());
        Self { live, calls, wakes, commands }
    }

    /// Takes a fact. Timers that have expired by now come first, so that a late wake-up changes
    /// nothing but the time.
    pub fn handle(&mut self, input: Input, now: Now) {
        self.expire_timers(now);
        match input {
            Input::DirectoryChanged(directory) => self.live.renew(directory),
            Input::PhoneReachable(phone) => self.phone_reachable(phone, now),
            Input::PhoneUnreachable(phone) => {
                self.live.reachable.remove(&phone);
            }
            Input::CarriersChanged(carriers) => self.live.carriers = carriers,
            Input::CallArrived(arrived) => self.call_arrived(arrived, now),
            Input::Leg { call, leg, fact } => {
                self.with_call(call, now, |call, at| call.leg_fact(leg, fact, at));
            }
            Input::TimePassed => {}
        }
    }

    /// The next thing to do; None when there is nothing more until the next input.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// When to say `TimePassed`, unless something else happens before.
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.wakes.first().map(|(at, _)| *at)
    }

    /// Why `poll_timeout` wakes: the call and its timer.
    pub fn next_timer(&self) -> Option<(CallId, Timer)> {
        let (_, id) = self.wakes.first()?;
        let (_, timer) = self.calls.get(id)?.next_timer()?;
        Some((*id, timer))
    }

    /// What would happen to a call of this extension: the same rules, in virtual time, on a copy of
    /// what is live. Changes nothing.
    pub fn explain(&self, extension: ItemId, request: &ExplainRequest, now: Now) -> Explanation {
        explain::explain(&self.live, extension, request, now)
    }

    /// How many calls aren't over, those included that wait for a cancelled phone to say so.
    pub fn live_calls(&self) -> usize {
        self.calls.len()
    }

    /// Whether a phone can be called.
    pub fn is_reachable(&self, phone: PhoneId) -> bool {
        self.live.reachable.contains(&phone)
    }

    /// The call with this id, while it isn't over.
    pub(crate) fn call(&self, id: CallId) -> Option<&Call> {
        self.calls.get(&id)
    }

    /// Takes a call from any edge. The same call twice is the same call.
    pub(crate) fn arrive(&mut self, arrival: Arrival, now: Now) {
        let (id, full) = (arrival.call, self.calls.len() >= CALLS_PER_CUSTOMER);
        if self.calls.contains_key(&id) {
            return;
        }
        let room = if full { Room::Full } else { Room::Free };
        let at = Moment { live: &self.live, now };
        self.calls.insert(id, Call::new(&arrival, at));
        self.with_call(id, now, |call, at| call.start(arrival.to, room, at));
    }

    fn call_arrived(&mut self, arrived: CallArrived, now: Now) {
        let CallArrived { call, leg, by, presented, dialled, hops_left } = arrived;
        let caller = match by {
            CameBy::Phone(phone) => Caller::phone(&self.live.directory, phone, presented.privacy),
            CameBy::Carrier(carrier) => inbound::caller(&self.live, carrier, presented),
        };
        let to = match caller.origin {
            Origin::Local => To::Dialled(dialled),
            Origin::External => To::Called(dialled),
        };
        self.arrive(Arrival { call, leg, caller, to, hops_left }, now);
    }

    fn phone_reachable(&mut self, phone: PhoneId, now: Now) {
        if !self.live.reachable.insert(phone) {
            return;
        }
        let calls: Vec<CallId> = self.calls.keys().copied().collect();
        for id in calls {
            self.with_call(id, now, |call, at| call.phone_reachable(phone, at));
        }
    }

    fn expire_timers(&mut self, now: Now) {
        while let Some((at, id)) = self.wakes.first().copied() {
            if at > now.mono {
                return;
            }
            self.with_call(id, now, Call::time_passed);
        }
    }

    /// Handles one call, taken out while it is: a fault of ours in it ends that call and no other.
    fn with_call(&mut self, id: CallId, now: Now, work: impl FnOnce(&mut Call, Moment<'_>)) {
        let Some(mut call) = self.calls.remove(&id) else { return };
        if let Some((wake, _)) = call.next_timer() {
            self.wakes.remove(&(wake, id));
        }
        let before = call.phones();
        let at = Moment { live: &self.live, now };
        // What the fault left of the call is only used to end it.
        if catch_unwind(AssertUnwindSafe(|| work(&mut call, at))).is_err() {
            call.abandon(now);
        }
        self.put_back(call, &before);
    }

    fn put_back(&mut self, mut call: Call, phones_before: &BTreeSet<PhoneId>) {
        let id = call.id();
        for phone in phones_before {
            self.live.lines.release(*phone, id);
        }
        for phone in call.phones() {
            self.live.lines.seize(phone, id);
        }
        let commands = call.take_commands().into_iter();
        self.commands.extend(commands.map(|what| Command { call: id, what }));
        if call.is_over() {
            return;
        }
        if let Some((wake, _)) = call.next_timer() {
            self.wakes.insert((wake, id));
        }
        self.calls.insert(id, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::What;
    use crate::input::LegFact;
    use model::call::{Presented, Privacy, Provenance};
    use model::cause::Cause;
    use model::change::{Change, Changed};
    use model::customer::Customer;
    use model::extension::Extension;
    use model::id::{CustomerId, LegId};
    use model::item::{ItemKind, Revision};
    use model::limits::MAX_RING;
    use model::number::LocalNumber;
    use model::phone::{Line, Phone};
    use model::pii::Name;
    use model::record::TerminatedReason;
    use std::time::Duration;

    const CUSTOMER: CustomerId = CustomerId::from_bytes([9; 12]);

    fn call(n: u8) -> CallId {
        CallId::from_bytes([n; 12])
    }

    fn phone(n: u8) -> Phone {
        let line =
            Line::Sip { username: n.to_string(), model: None, mac_address: None, product: None };
        Phone {
            extension: Some(ItemId::from_bytes([n; 12])),
            ..Phone::new(PhoneId::from_bytes([n; 12]), CUSTOMER, line)
        }
    }

    fn extension(n: u8) -> Changed {
        let id = ItemId::from_bytes([n; 12]);
        let mut extension = Extension::new(id, CUSTOMER, Name::new("Duck"));
        extension.number = Some(LocalNumber::parse(&n.to_string()).unwrap());
        Changed::Item(ItemKind::Extension(extension))
    }

    /// Extensions 1 and 2 with a registered phone each.
    fn exchange() -> Exchange {
        let customer = Customer::new(CUSTOMER, Name::new("Duckburg"));
        let phones = [1, 2].map(|n| Changed::Phone(phone(n)));
        let changed = [1, 2].map(extension).into_iter().chain(phones).collect();
        let change = Change { customer: CUSTOMER, revision: Revision(1), changed };
        let mut exchange = Exchange::new(Arc::new(Directory::empty(customer).apply(&change)));
        for n in [1, 2] {
            exchange.handle(Input::PhoneReachable(phone(n).id), Now::default());
        }
        exchange
    }

    fn dial(exchange: &mut Exchange, n: u8) -> Vec<What> {
        let presented = Presented {
            number: None,
            name: None,
            provenance: Provenance::FromOnly,
            privacy: Privacy::Open,
        };
        let arrived = CallArrived {
            call: call(n),
            leg: LegId::from_bytes([n; 12]),
            by: CameBy::Phone(phone(1).id),
            presented,
            dialled: "2".into(),
            hops_left: 69,
        };
        exchange.handle(Input::CallArrived(arrived), Now::default());
        commands(exchange)
    }

    fn commands(exchange: &mut Exchange) -> Vec<What> {
        std::iter::from_fn(|| exchange.poll_command()).map(|command| command.what).collect()
    }

    #[test]
    fn a_fault_in_one_call_ends_that_call_alone() {
        let mut exchange = exchange();
        dial(&mut exchange, 1);
        let rung = dial(&mut exchange, 2);
        let Some(What::RingPhone { leg, .. }) = rung.first().cloned() else { panic!("{rung:?}") };

        exchange.with_call(call(2), Now::default(), |_, _| panic!("a fault in a rule"));
        let cause = Cause::Internal;
        let caller = LegId::from_bytes([2; 12]);
        assert_eq!(
            commands(&mut exchange),
            [
                What::CancelLeg { leg, cause: Cause::Cancelled },
                What::RefuseLeg { leg: caller, cause }
            ]
        );

        let fact = LegFact::Failed(Cause::Cancelled);
        exchange.handle(Input::Leg { call: call(2), leg, fact }, Now::default());
        let kept = commands(&mut exchange);
        let [What::KeepRecord(record)] = kept.as_slice() else { panic!("{kept:?}") };
        assert_eq!(record.terminated_reason, TerminatedReason::Error);
        assert_eq!(exchange.live_calls(), 1);
        assert!(exchange.call(call(1)).is_some());
    }

    #[test]
    fn the_same_call_twice_is_the_same_call() {
        let mut exchange = exchange();
        assert!(!dial(&mut exchange, 1).is_empty());
        assert_eq!(dial(&mut exchange, 1), []);
        assert_eq!(exchange.live_calls(), 1);
    }

    #[test]
    fn timers_that_were_due_come_before_a_late_fact() {
        let mut exchange = exchange();
        let rung = dial(&mut exchange, 1);
        let Some(What::RingPhone { leg, .. }) = rung.first().cloned() else { panic!("{rung:?}") };
        let late = Mono(MAX_RING + Duration::from_secs(1));
        let fact = LegFact::Answered;
        let now = Now { mono: late, ..Now::default() };
        exchange.handle(Input::Leg { call: call(1), leg, fact }, now);
        let commands = commands(&mut exchange);
        assert!(commands.contains(&What::HangUpLeg { leg, cause: Cause::Cancelled }));
        assert!(commands.iter().all(|what| !matches!(what, What::AnswerLeg { .. })));
    }

    #[test]
    fn older_settings_never_replace_newer_ones() {
        let mut exchange = exchange();
        let older = Directory::empty(exchange.live.directory.customer.as_ref().clone());
        exchange.handle(Input::DirectoryChanged(Arc::new(older)), Now::default());
        assert_eq!(exchange.live.directory.revision, Revision(1));
    }
}
