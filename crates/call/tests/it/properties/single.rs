//! One call, lived through: phones do what the plan says each time that they ring.

use super::generate::{OfficePlan, SingleCall, SingleCaller};
use call::Exchange;
use call::command::{Command, What};
use call::input::{CallArrived, CameBy, Input, LegFact};
use call::timer::Timer;
use model::call::{Presented, Privacy, Provenance};
use model::carrier::Carrier;
use model::cause::Cause;
use model::explain::{Direction, ExplainRequest, ExplainResult, PhoneAct, PhoneOutcome};
use model::id::{CallId, LegId};
use model::record::{CallRecord, TerminatedReason};
use model::time::{Mono, Now, Wall};
use model::trace::Step;
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::office::{carrier_id, item_id, phone_id};

const CALL: CallId = CallId::from_bytes([1; 12]);
const LEG: LegId = LegId::from_bytes([2; 12]);
const BEFORE: CallId = CallId::from_bytes([3; 12]);
const BEFORE_LEG: LegId = LegId::from_bytes([4; 12]);

/// How the call went.
pub struct Lived {
    pub result: ExplainResult,
    pub steps: Vec<Step>,
    pub commands: Vec<Command>,
}

pub struct Single {
    exchange: Exchange,
    office: OfficePlan,
    now: Mono,
    acts: BTreeMap<(Mono, usize), (LegId, LegFact)>,
    outcomes: Vec<PhoneOutcome>,
    commands: Vec<Command>,
    is_before: bool,
}

impl Single {
    pub fn new(office: &OfficePlan) -> Self {
        let mut single = Self {
            exchange: Exchange::new(office.directory()),
            office: office.clone(),
            now: Mono(Duration::from_secs(1000)),
            acts: BTreeMap::new(),
            outcomes: Vec::new(),
            commands: Vec::new(),
            is_before: false,
        };
        single.input(Input::CarriersChanged(vec![carrier()]));
        for phone in office.registered() {
            single.input(Input::PhoneReachable(phone_id(phone)));
        }
        single
    }

    /// The call that keeps phones busy, once. It is answered at once, so that it stays as it is.
    fn before(&mut self, call: &SingleCall) {
        if let (Some((phone, dialled)), false) = (call.before, self.is_before) {
            self.input(dials(BEFORE, BEFORE_LEG, phone, dialled));
            let rung = self.commands.iter().find_map(|command| match command.what {
                What::RingPhone { leg, .. } => Some(leg),
                _ => None,
            });
            if let Some(leg) = rung {
                self.input(Input::Leg { call: BEFORE, leg, fact: LegFact::Answered });
            }
        }
        self.is_before = true;
        self.commands.clear();
    }

    /// The call as `live` tells it, with settings that change once the call before it is up: what
    /// they did to that one is in another trace.
    pub fn live_changed(&mut self, call: &SingleCall, changed: &OfficePlan) -> Lived {
        self.before(call);
        self.input(Input::DirectoryChanged(changed.directory()));
        self.live(call)
    }

    /// What explain says of the call, at its instant.
    pub fn explain(&mut self, call: &SingleCall) -> (ExplainResult, Vec<Step>) {
        self.before(call);
        let (direction, from) = match call.caller {
            SingleCaller::Extension(extension) => {
                let phone = self.office.first_phone(extension);
                (Direction::Outbound, phone.map(|phone| phone_id(phone).to_string()))
            }
            SingleCaller::Outside(from) => (Direction::Inbound, from.map(str::to_owned)),
        };
        let extension = match call.caller {
            SingleCaller::Extension(extension) => extension,
            SingleCaller::Outside(_) if call.dialled == "+4571919998" => "2",
            SingleCaller::Outside(_) => "1",
        };
        let request = ExplainRequest {
            direction,
            from,
            to: Some(call.dialled.to_owned()),
            at: None,
            presence: None,
            phones: BTreeMap::new(),
            outcomes: outcomes(call),
        };
        let explained = self.exchange.explain(item_id(extension), &request, self.clock());
        (explained.result, explained.steps)
    }

    /// The call itself, until it ends, is answered, or can only ring on.
    pub fn live(&mut self, call: &SingleCall) -> Lived {
        self.before(call);
        self.outcomes = outcomes(call);
        self.input(match call.caller {
            SingleCaller::Extension(extension) => {
                let phone = self.office.first_phone(extension).unwrap_or("nobody");
                dials(CALL, LEG, phone, call.dialled)
            }
            SingleCaller::Outside(from) => {
                let presented = presented(from, Provenance::TrunkAsserted);
                arrived((CALL, LEG), CameBy::Carrier(carrier_id("net")), presented, call.dialled)
            }
        });
        while !self.is_settled() {
            self.step();
        }
        let result = self.result();
        let give_up = LegFact::Ended(Cause::HungUp);
        self.input(Input::Leg { call: CALL, leg: LEG, fact: give_up });
        while self.record().is_none() {
            self.step();
        }
        let steps = self.record().map(|record| record.steps.clone()).unwrap();
        let commands = std::mem::take(&mut self.commands);
        let of_call = commands.into_iter().filter(|command| command.call == CALL);
        let unrecorded = of_call.filter(|command| !matches!(command.what, What::KeepRecord(_)));
        Lived { result, steps, commands: unrecorded.collect() }
    }

    fn is_settled(&self) -> bool {
        self.record().is_some() || self.is_answered() || self.only_rings_on()
    }

    fn only_rings_on(&self) -> bool {
        let timers = self.exchange.next_timer();
        let ours = timers.filter(|(call, _)| *call == CALL);
        self.acts.is_empty() && ours.is_none_or(|(_, timer)| timer == Timer::MaxRing)
    }

    fn is_answered(&self) -> bool {
        self.commands
            .iter()
            .any(|command| command.call == CALL && matches!(command.what, What::AnswerLeg { .. }))
    }

    fn record(&self) -> Option<&CallRecord> {
        self.commands.iter().find_map(|command| match &command.what {
            What::KeepRecord(record) if record.id == CALL => Some(record.as_ref()),
            _ => None,
        })
    }

    fn result(&self) -> ExplainResult {
        let Some(record) = self.record() else {
            return if self.is_answered() { ExplainResult::Answered } else { ExplainResult::Rings };
        };
        match record.terminated_reason {
            TerminatedReason::Busy => ExplainResult::Busy,
            TerminatedReason::Unreachable => ExplainResult::NoAnswer,
            TerminatedReason::NotFound => ExplainResult::NotFound,
            _ => ExplainResult::Refused,
        }
    }

    fn step(&mut self) {
        let act = self.acts.keys().next().copied();
        let timeout = self.exchange.poll_timeout();
        let next = act.map(|(at, _)| at).into_iter().chain(timeout).min().unwrap();
        self.now = self.now.max(next);
        match act.filter(|(at, _)| *at <= self.now).and_then(|key| self.acts.remove(&key)) {
            Some((leg, fact)) => self.input(Input::Leg { call: CALL, leg, fact }),
            None => self.input(Input::TimePassed),
        }
    }

    fn input(&mut self, input: Input) {
        self.exchange.handle(input, self.clock());
        while let Some(command) = self.exchange.poll_command() {
            if command.call == CALL {
                self.carry_out(&command.what);
            }
            self.commands.push(command);
        }
    }

    fn carry_out(&mut self, what: &What) {
        match what {
            What::RingPhone { leg, phone, .. } => {
                let Some(index) = self.outcomes.iter().position(|of| of.phone == *phone) else {
                    return;
                };
                let outcome = self.outcomes.remove(index);
                let fact = match outcome.is {
                    PhoneAct::Answer => LegFact::Answered,
                    PhoneAct::Busy => LegFact::Failed(Cause::Busy),
                    PhoneAct::Decline => LegFact::Failed(Cause::Declined),
                    PhoneAct::Unreachable | PhoneAct::Key => LegFact::Failed(Cause::Unreachable),
                };
                self.act(Duration::from_millis(outcome.after_ms), *leg, fact);
            }
            What::CancelLeg { leg, cause } => {
                self.acts.retain(|_, (of, _)| of != leg);
                self.act(Duration::ZERO, *leg, LegFact::Failed(*cause));
            }
            _ => {}
        }
    }

    fn act(&mut self, after: Duration, leg: LegId, fact: LegFact) {
        let order = self.commands.len();
        self.acts.insert((self.now.after(after), order), (leg, fact));
    }

    fn clock(&self) -> Now {
        Now { mono: self.now, wall: Wall::default().after(self.now.0) }
    }
}

fn outcomes(call: &SingleCall) -> Vec<PhoneOutcome> {
    let outcome = |(phone, after_ms, is): &(&str, u64, PhoneAct)| PhoneOutcome {
        phone: phone_id(phone),
        after_ms: *after_ms,
        is: *is,
        key: None,
    };
    call.outcomes.iter().map(outcome).collect()
}

/// The one carrier trunk of every office.
pub fn carrier() -> Carrier {
    Carrier { id: carrier_id("net"), trust_from: false, mobile_of: false }
}

/// A caller as an edge tells it; one from outside without a number hides it.
pub fn presented(number: Option<&str>, provenance: Provenance) -> Presented {
    let hidden = number.is_none() && provenance != Provenance::AuthenticatedPhone;
    let (provenance, privacy) =
        if hidden { (Provenance::None, Privacy::Secret) } else { (provenance, Privacy::Open) };
    Presented { number: number.map(str::to_owned), name: None, provenance, privacy }
}

fn dials(call: CallId, leg: LegId, phone: &str, dialled: &str) -> Input {
    let presented = presented(None, Provenance::AuthenticatedPhone);
    arrived((call, leg), CameBy::Phone(phone_id(phone)), presented, dialled)
}

fn arrived((call, leg): (CallId, LegId), by: CameBy, presented: Presented, dialled: &str) -> Input {
    let dialled = dialled.to_owned();
    Input::CallArrived(CallArrived { call, leg, by, presented, dialled, hops_left: 69 })
}
