//! Feeds events to an exchange and keeps its own books of every leg, to find a command that doesn't fit
//! them.

use super::generate::{Event, Happens, OfficePlan};
use super::single::{carrier, presented};
use call::Exchange;
use call::command::{Command, What};
use call::input::{CallArrived, CameBy, Input, LegFact};
use model::call::{Presented, Provenance};
use model::cause::Cause;
use model::id::{CallId, LegId, PhoneId};
use model::limits::{CANCEL_WAIT, MAX_RING};
use model::time::{Mono, Now, Wall};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use testkit::office::{Office, carrier_id, phone_id};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unanswered,
    Cancelled,
    Answered,
    Ended,
}

#[derive(Debug)]
struct Leg {
    call: CallId,
    id: LegId,
    phone: PhoneId,
    is_caller: bool,
    state: State,
}

pub struct Checker {
    office: Office,
    exchange: Exchange,
    now: Mono,
    legs: Vec<Leg>,
    calls: u8,
    recorded: BTreeSet<CallId>,
    log: Vec<Command>,
}

impl Checker {
    pub fn new(plan: &OfficePlan) -> Self {
        let office = plan.office();
        let exchange = Exchange::new(office.directory());
        let (now, legs, log) = (Mono::default(), Vec::new(), Vec::new());
        let mut checker =
            Self { office, exchange, now, legs, calls: 0, recorded: BTreeSet::new(), log };
        checker.input(Input::CarriersChanged(vec![carrier()]));
        for phone in plan.registered() {
            checker.input(Input::PhoneReachable(phone_id(phone)));
        }
        checker
    }

    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Dial { phone, dialled } => self.dial(phone, dialled),
            Event::Outside { from, called } => self.outside(*from, called),
            Event::Leg { index, fact } if !self.legs.is_empty() => {
                let leg = &self.legs[index.index(self.legs.len())];
                let (call, id) = (leg.call, leg.id);
                self.fact(call, id, *fact);
            }
            Event::Leg { .. } => {}
            Event::Registered { phone, registered } => {
                let phone = phone_id(phone);
                let reachable =
                    if *registered { Input::PhoneReachable } else { Input::PhoneUnreachable };
                self.input(reachable(phone));
                assert_eq!(self.exchange.is_reachable(phone), *registered);
            }
            Event::Set(setting) => {
                self.office.set(&setting.extension, setting.path, setting.value.clone()).unwrap();
                self.input(Input::DirectoryChanged(self.office.directory()));
            }
            Event::Wait { milliseconds } => self.wait(Duration::from_millis(*milliseconds)),
        }
    }

    /// Lets every call come to its end; all commands that were given.
    pub fn finish(mut self) -> Vec<Command> {
        self.wait(MAX_RING);
        let callers: Vec<_> = self.legs.iter().filter(|leg| leg.is_caller).collect();
        let callers: Vec<_> = callers.iter().map(|leg| (leg.call, leg.id)).collect();
        for (call, leg) in callers {
            self.fact(call, leg, Happens::Ends(Cause::HungUp));
        }
        self.wait(CANCEL_WAIT);
        assert_eq!(self.exchange.live_calls(), 0);
        assert_eq!(self.exchange.poll_timeout(), None);
        assert_eq!(self.recorded.len(), usize::from(self.calls));
        self.log
    }

    fn outside(&mut self, from: Option<&str>, called: &str) {
        let presented = presented(from, Provenance::FromOnly);
        self.arrive(phone_id("outside"), CameBy::Carrier(carrier_id("net")), presented, called);
    }

    fn dial(&mut self, phone: &str, dialled: &str) {
        let phone = phone_id(phone);
        let presented = presented(None, Provenance::AuthenticatedPhone);
        self.arrive(phone, CameBy::Phone(phone), presented, dialled);
    }

    fn arrive(&mut self, phone: PhoneId, by: CameBy, presented: Presented, dialled: &str) {
        self.calls += 1;
        let call = CallId::from_bytes([self.calls; 12]);
        let leg = LegId::from_bytes([self.calls; 12]);
        let state = State::Unanswered;
        self.legs.push(Leg { call, id: leg, phone, is_caller: true, state });
        let dialled = dialled.to_owned();
        let arrived = CallArrived { call, leg, by, presented, dialled, hops_left: 69 };
        self.input(Input::CallArrived(arrived));
    }

    fn fact(&mut self, call: CallId, leg: LegId, happens: Happens) {
        let books = self.legs.iter_mut().find(|of| of.id == leg).unwrap();
        let fact = match happens {
            Happens::Rings => LegFact::Ringing,
            Happens::Answers => {
                let called = matches!(books.state, State::Unanswered | State::Cancelled);
                if called && !books.is_caller {
                    books.state = State::Answered;
                }
                LegFact::Answered
            }
            Happens::Fails(cause) => {
                books.state = State::Ended;
                LegFact::Failed(cause)
            }
            Happens::Ends(cause) => {
                books.state = State::Ended;
                LegFact::Ended(cause)
            }
        };
        self.input(Input::Leg { call, leg, fact });
    }

    fn wait(&mut self, wait: Duration) {
        let until = self.now.after(wait);
        while let Some(at) = self.exchange.poll_timeout().filter(|at| *at <= until) {
            self.now = at;
            assert!(self.exchange.next_timer().is_some());
            self.input(Input::TimePassed);
        }
        self.now = until;
    }

    fn input(&mut self, input: Input) {
        let wall = Wall::default().after(self.now.0);
        self.exchange.handle(input, Now { mono: self.now, wall });
        while let Some(command) = self.exchange.poll_command() {
            self.check(&command);
            self.log.push(command);
        }
        assert!(self.exchange.poll_timeout().is_none_or(|at| at > self.now), "a timer in the past");
    }

    fn check(&mut self, command: &Command) {
        let call = command.call;
        assert!(!self.recorded.contains(&call), "a command after the record: {command:?}");
        match &command.what {
            What::SignalRinging { leg } | What::SignalDiverted { leg } => {
                self.expect(*leg, true, &[State::Unanswered], State::Unanswered);
            }
            What::AnswerLeg { leg } => {
                self.expect(*leg, true, &[State::Unanswered], State::Answered);
            }
            What::RefuseLeg { leg, .. } => {
                self.expect(*leg, true, &[State::Unanswered], State::Ended);
            }
            What::RingPhone { leg, on_behalf_of, phone, .. } => {
                self.expect(*on_behalf_of, true, &[State::Unanswered], State::Unanswered);
                self.add(call, *leg, *phone);
            }
            What::CancelLeg { leg, cause } => {
                assert!(matches!(cause, Cause::CompletedElsewhere | Cause::Cancelled));
                self.expect(*leg, false, &[State::Unanswered], State::Cancelled);
            }
            What::HangUpLeg { leg, .. } => {
                let is_caller = self.leg(*leg).is_caller;
                self.expect(*leg, is_caller, &[State::Answered], State::Ended);
            }
            What::BridgeLegs { a, b } => {
                self.expect(*a, true, &[State::Unanswered], State::Unanswered);
                self.expect(*b, false, &[State::Answered], State::Answered);
            }
            What::KeepRecord(record) => {
                let legs: Vec<_> = self.legs.iter().filter(|leg| leg.call == call).collect();
                // A cancelled phone that never says so is given up after CANCEL_WAIT.
                let over = |state| matches!(state, State::Ended | State::Cancelled);
                assert!(legs.iter().all(|leg| over(leg.state)), "{legs:?}");
                let recorded: BTreeMap<_, _> =
                    record.legs.iter().map(|leg| (leg.id, leg)).collect();
                assert_eq!(recorded.len(), legs.len());
                assert!(record.legs.iter().all(|leg| leg.started <= leg.ended));
                self.recorded.insert(call);
            }
        }
    }

    fn add(&mut self, call: CallId, id: LegId, phone: PhoneId) {
        assert!(self.legs.iter().all(|leg| leg.id != id), "a leg id used twice");
        let of_call = self.legs.iter().filter(|leg| leg.call == call);
        let live = |leg: &&Leg| matches!(leg.state, State::Unanswered | State::Answered);
        assert!(of_call.filter(live).all(|leg| leg.phone != phone), "a phone rung twice at once");
        self.legs.push(Leg { call, id, phone, is_caller: false, state: State::Unanswered });
    }

    fn leg(&mut self, id: LegId) -> &mut Leg {
        self.legs.iter_mut().find(|leg| leg.id == id).expect("a command for a leg that never was")
    }

    fn expect(&mut self, id: LegId, is_caller: bool, states: &[State], next: State) {
        let leg = self.leg(id);
        assert!(leg.is_caller == is_caller && states.contains(&leg.state), "{leg:?}");
        leg.state = next;
    }
}
