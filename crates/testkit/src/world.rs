//! The world around one exchange: a clock that jumps to whatever happens next, and phones that do what
//! they are told and otherwise behave like phones.

use crate::ladder::Ladder;
use crate::office::{Office, phone_id, phone_name};
use call::Exchange;
use call::command::{Command, What};
use call::input::{CallArrived, CameBy, Input, LegFact};
use model::call::{Presented, Privacy, Provenance};
use model::carrier::Carrier;
use model::cause::Cause;
use model::explain::ExplainRequest;
use model::id::{CallId, CarrierId, ItemId, LegId};
use model::time::{Mono, Now, Wall};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a cancelled phone takes to confirm.
const CONFIRM: Duration = Duration::from_millis(20);
/// Midnight, 1 January 2026 UTC.
const EPOCH: Wall = Wall(1_767_225_600_000);

/// What a phone does with the call that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It rings.
    Rings,
    /// Somebody answers it.
    Answers,
    /// It says busy.
    IsBusy,
    /// Somebody declines.
    Declines,
    /// It doesn't respond.
    Fails,
    /// Somebody hangs up, or gives up calling.
    HangsUp,
}

#[derive(Clone, Debug)]
struct SimulatedLeg {
    call: CallId,
    leg: LegId,
    phone: String,
    calls_us: bool,
    answered: bool,
}

/// An exchange, its office, its phones and the time.
pub struct World {
    /// The settings; `settings_changed` hands them to the exchange.
    pub office: Office,
    exchange: Exchange,
    carriers: Vec<Carrier>,
    now: Mono,
    legs: Vec<SimulatedLeg>,
    confirmations: BTreeMap<(Mono, LegId), (CallId, Cause)>,
    calls_made: u32,
    ladder: Ladder,
}

impl World {
    /// Midnight in an office where no phone is registered.
    pub fn new(office: Office) -> Self {
        let exchange = Exchange::new(office.directory());
        Self {
            office,
            exchange,
            carriers: Vec::new(),
            now: Mono::default(),
            legs: Vec::new(),
            confirmations: BTreeMap::new(),
            calls_made: 0,
            ladder: Ladder::default(),
        }
    }

    /// What happened so far, as text.
    pub fn into_ladder(self) -> String {
        self.ladder.into_text()
    }

    /// The settings of the office are in force from now on.
    pub fn settings_changed(&mut self) {
        self.input(Input::DirectoryChanged(self.office.directory()));
    }

    /// A phone registers or is gone.
    pub fn phone_registered(&mut self, phone: &str, registered: bool) {
        let id = phone_id(phone);
        self.input(if registered {
            Input::PhoneReachable(id)
        } else {
            Input::PhoneUnreachable(id)
        });
    }

    /// A line of the ladder that only remarks.
    pub fn remark(&mut self, text: &str) {
        self.ladder.remark(self.now, text);
    }

    /// A carrier trunk works from now on, as the last one to choose.
    pub fn carrier(&mut self, carrier: Carrier) {
        self.carriers.push(carrier);
        self.input(Input::CarriersChanged(self.carriers.clone()));
    }

    /// The carrier trunk that was made first.
    pub fn first_carrier(&self) -> Option<CarrierId> {
        self.carriers.first().map(|carrier| carrier.id)
    }

    /// A phone dials.
    pub fn dial(&mut self, phone: &str, dialled: &str) {
        let presented = Presented {
            number: None,
            name: None,
            provenance: Provenance::AuthenticatedPhone,
            privacy: Privacy::Open,
        };
        self.arrive(phone, CameBy::Phone(phone_id(phone)), presented, dialled);
    }

    /// A call comes in; `caller` is what the ladder calls whoever makes it.
    pub fn arrive(&mut self, caller: &str, by: CameBy, presented: Presented, dialled: &str) {
        self.calls_made += 1;
        let [a, b, c, d] = self.calls_made.to_be_bytes();
        let call = CallId::from_bytes([b'c', b'a', b'l', b'l', 0, 0, 0, 0, a, b, c, d]);
        let leg = LegId::from_bytes([b'A', b'l', b'e', b'g', 0, 0, 0, 0, a, b, c, d]);
        let phone = caller.to_owned();
        self.legs.push(SimulatedLeg { call, leg, phone, calls_us: true, answered: false });
        self.ladder.phone_says(self.now, caller, &format!("INVITE {dialled}"));
        let dialled = dialled.to_owned();
        let arrived = CallArrived { call, leg, by, presented, dialled, hops_left: 69 };
        self.input(Input::CallArrived(arrived));
    }

    /// A phone does something with the newest of its calls that it can do it with.
    pub fn act(&mut self, phone: &str, act: Act) -> Result<(), String> {
        let fits = |leg: &SimulatedLeg| match act {
            Act::HangsUp => leg.calls_us || leg.answered,
            _ => !leg.calls_us && !leg.answered,
        };
        let index = self.legs.iter().rposition(|leg| leg.phone == phone && fits(leg));
        let index = index.ok_or(format!("{phone} has no call that it could do this with"))?;
        let leg = self.legs[index].clone();
        let (fact, words) = fact(act, leg.answered);
        self.ladder.phone_says(self.now, phone, words);
        match fact {
            LegFact::Ringing => {}
            LegFact::Answered => self.legs[index].answered = true,
            LegFact::Failed(_) | LegFact::Ended(_) => {
                self.legs.remove(index);
            }
        }
        self.confirmations.retain(|(_, of), _| *of != leg.leg);
        self.input(Input::Leg { call: leg.call, leg: leg.leg, fact });
        Ok(())
    }

    /// Asks what would happen, and writes the answer into the ladder.
    pub fn explain(&mut self, extension: ItemId, request: &ExplainRequest) {
        let explanation = self.exchange.explain(extension, request, self.clock());
        self.remark(&format!("explained: {}", explanation.result.as_str()));
        self.ladder.steps(&explanation.steps, &self.office);
    }

    /// Lets time pass until then, with everything that happens on the way.
    pub fn advance_to(&mut self, until: Mono) {
        loop {
            let confirmation = self.confirmations.keys().next().copied();
            let timeout = self.exchange.poll_timeout();
            let next = confirmation.map(|(at, _)| at).into_iter().chain(timeout).min();
            let Some(next) = next.filter(|at| *at <= until) else { break };
            self.now = self.now.max(next);
            match confirmation {
                Some(key) if key.0 <= next && timeout.is_none_or(|at| at > next) => {
                    self.confirm(key);
                }
                _ => self.wake(),
            }
        }
        self.now = self.now.max(until);
    }

    fn wake(&mut self) {
        if let Some((_, timer)) = self.exchange.next_timer() {
            self.ladder.remark(self.now, &format!("timer {}", timer.as_str()));
        }
        self.input(Input::TimePassed);
    }

    fn confirm(&mut self, key: (Mono, LegId)) {
        let Some((call, cause)) = self.confirmations.remove(&key) else { return };
        self.forget(key.1);
        self.input(Input::Leg { call, leg: key.1, fact: LegFact::Failed(cause) });
    }

    fn input(&mut self, input: Input) {
        self.exchange.handle(input, self.clock());
        while let Some(command) = self.exchange.poll_command() {
            self.carry_out(command);
        }
    }

    fn carry_out(&mut self, command: Command) {
        let (now, call) = (self.now, command.call);
        match command.what {
            What::RingPhone { leg, phone, presented, .. } => {
                let phone = phone_name(phone);
                self.ladder.invite(now, &phone, &presented);
                self.legs.push(SimulatedLeg { call, leg, phone, calls_us: false, answered: false });
            }
            What::SignalRinging { leg } => self.to(leg, "180 Ringing"),
            What::SignalDiverted { leg } => self.to(leg, "181 Call Is Being Forwarded"),
            What::AnswerLeg { leg } => {
                self.to(leg, "200 OK");
                if let Some(leg) = self.legs.iter_mut().find(|of| of.leg == leg) {
                    leg.answered = true;
                }
            }
            What::RefuseLeg { leg, cause } => {
                self.to(leg, status(cause));
                self.forget(leg);
            }
            What::HangUpLeg { leg, cause } => {
                self.to(leg, &format!("BYE ({})", cause.as_str()));
                self.forget(leg);
            }
            What::CancelLeg { leg, cause } => {
                self.to(leg, &format!("CANCEL ({})", cause.as_str()));
                self.confirmations.insert((now.after(CONFIRM), leg), (call, cause));
            }
            What::BridgeLegs { a, b } => {
                let text = format!("bridge {} and {}", self.phone_of(a), self.phone_of(b));
                self.ladder.remark(now, &text);
            }
            What::KeepRecord(record) => self.ladder.record(now, &record, &self.office),
        }
    }

    fn to(&mut self, leg: LegId, words: &str) {
        let phone = self.phone_of(leg);
        self.ladder.pbx_says(self.now, &phone, words);
    }

    fn phone_of(&self, leg: LegId) -> String {
        let leg = self.legs.iter().find(|of| of.leg == leg);
        leg.map_or_else(|| "nobody".to_owned(), |leg| leg.phone.clone())
    }

    fn forget(&mut self, leg: LegId) {
        self.legs.retain(|of| of.leg != leg);
    }

    fn clock(&self) -> Now {
        Now { mono: self.now, wall: EPOCH.after(self.now.0) }
    }
}

/// The fact that an act is, and how it looks on the wire.
const fn fact(act: Act, answered: bool) -> (LegFact, &'static str) {
    match act {
        Act::Rings => (LegFact::Ringing, "180 Ringing"),
        Act::Answers => (LegFact::Answered, "200 OK"),
        Act::IsBusy => (LegFact::Failed(Cause::Busy), "486 Busy Here"),
        Act::Declines => (LegFact::Failed(Cause::Declined), "603 Decline"),
        Act::Fails => (LegFact::Failed(Cause::Unreachable), "(no response)"),
        Act::HangsUp if answered => (LegFact::Ended(Cause::HungUp), "BYE"),
        Act::HangsUp => (LegFact::Failed(Cause::Cancelled), "CANCEL"),
    }
}

/// How a refusal looks on the wire; the real table is the SIP edge's.
const fn status(cause: Cause) -> &'static str {
    match cause {
        Cause::Busy => "486 (busy)",
        Cause::LoopLimit => "486 (loop_limit)",
        Cause::Blocked => "603 (blocked)",
        Cause::Anonymous => "433 (anonymous)",
        Cause::NoAnswer => "480 (no_answer)",
        Cause::NotFound => "404 (not_found)",
        Cause::Forbidden => "403 (forbidden)",
        Cause::Unavailable => "503 (unavailable)",
        Cause::Internal => "500 (internal)",
        _ => "refused (other)",
    }
}
