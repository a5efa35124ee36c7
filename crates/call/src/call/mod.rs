//! One call, from its arrival to its record: it follows plans, and turns what happens to its legs into
//! the next question for the rules. Which phones ring is followed in `ringing`; what the rules say, the
//! call doesn't know.
//!
//! ```text
//!   Deciding ──Plan::Ring──► Ringing ──answered──► Talking ──┐
//!      ▲  │                     │                            ├──► Over ──all legs over──► record
//!      └──┼──failed, timed out──┤                            │
//!         └──Plan::End──────────┴──caller gone───────────────┘
//! ```

mod ending;
mod leg;
mod record;
mod ringing;

use crate::command::What;
use crate::diversion;
use crate::facts::{CallFacts, Caller, Facts, Place, Visit};
use crate::inbound;
use crate::input::LegFact;
use crate::item;
use crate::live::Live;
use crate::outbound;
use crate::plan::Plan;
use crate::timer::{Timer, Timers};
use crate::trace::{Trace, count, optional};
use leg::{Leg, LegState};
use model::cause::Cause;
use model::id::{CallId, CustomerId, LegId, PhoneId};
use model::limits::{CALLS_PER_CUSTOMER, DIALLED_CHARS};
use model::number::Number;
use model::record::{Party, TerminatedBy, TerminatedReason};
use model::time::{Now, Wall};
use model::trace::{Outcome, Rule, Step};
use ringing::Ring;
use std::collections::BTreeSet;

/// What a call is handled with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    /// What is live in the customer.
    pub(crate) live: &'a Live,
    /// When.
    pub(crate) now: Now,
}

/// A call that arrives.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// Its id.
    pub(crate) call: CallId,
    /// The caller's leg.
    pub(crate) leg: LegId,
    /// Who calls.
    pub(crate) caller: Caller,
    /// Where to.
    pub(crate) to: To,
    /// Hops left for the legs that the call makes.
    pub(crate) hops_left: u8,
}

/// Where an arriving call wants to go.
#[derive(Clone, Debug)]
pub(crate) enum To {
    /// Wherever the text leads that a phone of the customer dialled.
    Dialled(String),
    /// Wherever the number leads that somebody outside called.
    Called(String),
    /// A place, however the call came to it.
    Place(Place),
}

/// Whether the customer has room for one more call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// It has.
    Free,
    /// It has `CALLS_PER_CUSTOMER` already.
    Full,
}

/// What the caller was told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    Ringing,
    Diverted,
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
struct Ending {
    at: Wall,
    by: TerminatedBy,
    reason: TerminatedReason,
}

#[derive(Debug)]
enum State {
    /// The rules are being asked.
    Deciding,
    /// Phones ring, or the caller hears that they do.
    Ringing(Ring),
    /// Answered.
    Talking,
    /// Ended; cancelled phones may still have to say so.
    Over(Ending),
}

/// A call.
#[derive(Debug)]
pub(crate) struct Call {
    customer: CustomerId,
    facts: CallFacts,
    started: Wall,
    hops_left: u8,
    party: Party,
    dialled: Option<String>,
    caller: Leg,
    legs: Vec<Leg>,
    state: State,
    visit: Option<Visit>,
    signalled: Option<Signal>,
    timers: Timers,
    trace: Trace,
    commands: Vec<What>,
    recorded: bool,
}

impl Call {
    /// A call that has just arrived. Nothing is decided before `start`.
    pub(crate) fn new(arrival: &Arrival, at: Moment<'_>) -> Self {
        let directory = &at.live.directory;
        let Caller { phone, extension, .. } = arrival.caller;
        let caller = Leg::new(arrival.leg, phone, extension, at.now.wall);
        Self {
            customer: directory.customer.id,
            facts: CallFacts {
                id: arrival.call,
                caller: arrival.caller.clone(),
                visits: 0,
                diverted_by: BTreeSet::new(),
                sent_on_by: BTreeSet::new(),
            },
            started: at.now.wall,
            hops_left: arrival.hops_left,
            party: record::caller(&arrival.caller, directory),
            dialled: None,
            caller,
            legs: Vec::new(),
            state: State::Deciding,
            visit: None,
            signalled: None,
            timers: Timers::default(),
            trace: Trace::new(at.now.mono),
            commands: Vec::new(),
            recorded: false,
        }
    }

    /// Decides where the call goes, and goes there.
    pub(crate) fn start(&mut self, to: To, room: Room, at: Moment<'_>) {
        self.trace_caller();
        let plan = match to {
            _ if room == Room::Full => {
                let limit = count(CALLS_PER_CUSTOMER);
                self.trace.fact(None, Rule::Limits, limit, Outcome::LimitReached);
                Plan::End(Cause::Unavailable)
            }
            To::Place(place) => Plan::Enter(place),
            To::Dialled(text) => {
                let (directory, caller) = (&at.live.directory, &self.facts.caller);
                let plan = outbound::decide(directory, caller, &text, &mut self.trace);
                self.dialled = Some(text.chars().take(DIALLED_CHARS).collect());
                plan
            }
            To::Called(text) => {
                let plan = inbound::decide(&at.live.directory, &text, &mut self.trace);
                self.dialled = Some(text.chars().take(DIALLED_CHARS).collect());
                plan
            }
        };
        self.follow(plan, at);
        self.keep_record_when_over(at.now.wall);
    }

    /// Something happened to a leg. Unknown and ended ones are ignored.
    pub(crate) fn leg_fact(&mut self, leg: LegId, fact: LegFact, at: Moment<'_>) {
        self.trace.set_now(at.now.mono);
        if leg == self.caller.id {
            if let LegFact::Failed(cause) | LegFact::Ended(cause) = fact {
                self.caller_gone(cause, at.now);
            }
        } else if let Some(state) = self.legs.iter().find(|of| of.id == leg).map(|of| of.state) {
            self.phone_fact(leg, state, fact, at);
        }
        self.keep_record_when_over(at.now.wall);
    }

    fn phone_fact(&mut self, leg: LegId, state: LegState, fact: LegFact, at: Moment<'_>) {
        let wall = at.now.wall;
        match (state, fact) {
            (LegState::Calling, LegFact::Ringing) => self.signal(Signal::Ringing),
            (LegState::Calling, LegFact::Answered) => self.phone_answered(leg, at.now),
            (LegState::Calling, LegFact::Failed(cause) | LegFact::Ended(cause)) => {
                self.phone_failed(leg, cause, at);
            }
            // It answered before it heard that it should stop.
            (LegState::Stopping(cause), LegFact::Answered) => {
                self.commands.push(What::HangUpLeg { leg, cause });
                self.end_leg(leg, cause, wall);
            }
            (LegState::Stopping(cause), LegFact::Failed(_) | LegFact::Ended(_)) => {
                self.end_leg(leg, cause, wall);
            }
            (LegState::Talking, LegFact::Failed(cause) | LegFact::Ended(cause)) => {
                self.end_leg(leg, cause, wall);
                self.finish(record::ending(TerminatedBy::Callee, cause, wall), cause, at.now);
            }
            (LegState::Stopping(_), LegFact::Ringing)
            | (LegState::Talking, LegFact::Ringing | LegFact::Answered)
            | (LegState::Over { .. }, _) => {}
        }
    }

    /// Handles every timer that has expired.
    pub(crate) fn time_passed(&mut self, at: Moment<'_>) {
        self.trace.set_now(at.now.mono);
        while let Some(timer) = self.timers.take_expired(at.now.mono) {
            match timer {
                Timer::NoAnswer => self.no_answer(at),
                Timer::MaxRing => self.rang_too_long(at),
                Timer::Stopping => self.give_up_stopping(at.now.wall),
            }
        }
        self.keep_record_when_over(at.now.wall);
    }

    /// Ends the call after a fault of ours, whatever it was doing.
    pub(crate) fn abandon(&mut self, now: Now) {
        self.trace.set_now(now.mono);
        self.end(Cause::Internal, now);
        self.keep_record_when_over(now.wall);
    }

    /// Goes from plan to plan until the call waits for something.
    fn follow(&mut self, mut plan: Plan, at: Moment<'_>) {
        loop {
            if plan != Plan::KeepRinging {
                self.stop_ringing(Cause::Cancelled);
            }
            plan = match plan {
                Plan::Enter(place) => self.enter(place, at),
                Plan::SendOn(place) => {
                    self.facts.sent_on_by.extend(self.visit.as_ref().map(|visit| visit.place.item));
                    self.enter(place, at)
                }
                Plan::Divert(to) => self.divert(&to, at),
                Plan::Ring { phones, timeout } => match self.ring(&phones, timeout, at) {
                    Some(plan) => plan,
                    None => return,
                },
                Plan::KeepRinging => return self.keep_ringing(at.now),
                Plan::End(cause) => return self.end(cause, at.now),
            };
        }
    }

    fn enter(&mut self, place: Place, at: Moment<'_>) -> Plan {
        self.facts.visits = self.facts.visits.saturating_add(1);
        let directory = at.live.directory.clone();
        let visit = self.visit.insert(Visit { directory, place });
        item::decide(visit, &self.facts, at.live, &mut self.trace)
    }

    fn divert(&mut self, to: &Number, at: Moment<'_>) -> Plan {
        let by = self.visit.as_ref().map(|visit| visit.place.item);
        let plan = self.ask(at, |facts, trace| diversion::decide(facts, to, trace));
        if matches!(plan, Plan::Enter(_)) {
            self.facts.diverted_by.extend(by);
            self.signal(Signal::Diverted);
        }
        plan
    }

    /// Asks a rule of the extension that the call is in.
    fn ask(&mut self, at: Moment<'_>, rule: impl FnOnce(&Facts<'_>, &mut Trace) -> Plan) -> Plan {
        let visit = self.visit.as_ref();
        match visit.and_then(|visit| Facts::new(visit, &self.facts, at.live)) {
            Some(facts) => rule(&facts, &mut self.trace),
            // Only extensions ring and divert.
            None => Plan::End(Cause::Internal),
        }
    }

    fn signal(&mut self, signal: Signal) {
        if self.caller.state != LegState::Calling || self.signalled == Some(signal) {
            return;
        }
        self.signalled = Some(signal);
        let leg = self.caller.id;
        self.commands.push(match signal {
            Signal::Ringing => What::SignalRinging { leg },
            Signal::Diverted => What::SignalDiverted { leg },
        });
    }

    fn trace_caller(&mut self) {
        let caller = &self.facts.caller;
        let number = optional(caller.presented.number.as_deref());
        match caller.extension {
            Some(id) => self.trace.setting(id, Rule::Caller, "number", number, Outcome::Accepted),
            None => self.trace.fact(None, Rule::Caller, number, Outcome::Accepted),
        }
    }

    /// Its id.
    pub(crate) fn id(&self) -> CallId {
        self.facts.id
    }

    /// What it has to say since it was asked last.
    pub(crate) fn take_commands(&mut self) -> Vec<What> {
        std::mem::take(&mut self.commands)
    }

    /// The timer that expires first, and when.
    pub(crate) fn next_timer(&self) -> Option<(model::time::Mono, Timer)> {
        self.timers.next()
    }

    /// The phones that are in the call.
    pub(crate) fn phones(&self) -> BTreeSet<PhoneId> {
        let legs = std::iter::once(&self.caller).chain(&self.legs);
        legs.filter(|leg| leg.is_live()).filter_map(|leg| leg.phone).collect()
    }

    /// Whether its record was given away: nothing more can come of it.
    pub(crate) fn is_over(&self) -> bool {
        self.recorded
    }

    /// Whether somebody answered and talks.
    pub(crate) fn is_answered(&self) -> bool {
        matches!(self.state, State::Talking)
    }

    /// The trace so far.
    pub(crate) fn steps(&self) -> &[Step] {
        self.trace.steps()
    }
}
