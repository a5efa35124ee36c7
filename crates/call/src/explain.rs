//! "What would happen?": a call that nobody makes, through the very same exchange, in virtual time.
//!
//! The copy has the live facts, except those that the question assumes. Phones do what the question
//! says they do; without that they ring on.

use crate::call::{Arrival, Call, To};
use crate::command::What;
use crate::exchange::Exchange;
use crate::facts::{Caller, Place};
use crate::inbound;
use crate::input::{Input, LegFact};
use crate::live::Live;
use crate::on_net;
use model::call::{Presented, Privacy, Provenance};
use model::cause::Cause;
use model::change::{Change, Changed};
use model::directory::Directory;
use model::explain::{Direction, ExplainRequest, ExplainResult, Explanation};
use model::explain::{PhoneAct, PhoneFacts, PhoneOutcome};
use model::extension::Extension;
use model::id::{CallId, ItemId, LegId, PhoneId};
use model::item::Revision;
use model::number::Number;
use model::phone::{Phone, PhoneType};
use model::record::CallRecord;
use model::time::{Mono, Now, Wall};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const CALL: CallId = CallId::from_bytes(*b"hypothetical");
const OTHER_CALL: CallId = CallId::from_bytes(*b"already busy");
const CALLER: LegId = LegId::from_bytes(*b"the caller's");
/// As many as a phone starts with (RFC 3261 §8.1.1.6).
const HOPS: u8 = 70;

/// Answers the question.
pub(crate) fn explain(
    live: &Live,
    extension: ItemId,
    request: &ExplainRequest,
    now: Now,
) -> Explanation {
    let live = assume(live, extension, request);
    let Some(extension) = live.directory.extension(extension) else {
        return Explanation { result: ExplainResult::NotFound, steps: Vec::new() };
    };
    let (caller, to) = match request.direction {
        Direction::Inbound => to_extension(&live.directory, extension, request),
        Direction::Outbound => from_extension(&live.directory, extension, request),
    };
    let arrival = Arrival { call: CALL, leg: CALLER, caller, to, hops_left: HOPS };
    let now = Now { wall: request.at.unwrap_or(now.wall), ..now };
    Rehearsal::new(live, &request.outcomes, now).run(arrival)
}

/// The live facts with the assumed ones in their place.
fn assume(live: &Live, extension: ItemId, request: &ExplainRequest) -> Live {
    let mut assumed = live.clone();
    let directory = &live.directory;
    let mut changed = Vec::new();
    let employee = directory.extension(extension).and_then(|extension| extension.employee);
    if let Some(employee) = employee.and_then(|id| directory.employee(id))
        && let Some(presence) = request.presence
    {
        let mut employee = employee.as_ref().clone();
        employee.presence = presence;
        changed.push(Changed::Employee(employee));
    }
    for (id, facts) in &request.phones {
        let Some(phone) = directory.phone(*id) else { continue };
        changed.extend(assume_phone(&mut assumed, phone, *facts));
    }
    let revision = Revision(directory.revision.0.saturating_add(1));
    let change = Change { customer: directory.customer.id, revision, changed };
    assumed.directory = Arc::new(directory.apply(&change));
    assumed
}

fn assume_phone(live: &mut Live, phone: &Phone, facts: PhoneFacts) -> Option<Changed> {
    match facts.online {
        Some(true) => live.reachable.insert(phone.id),
        Some(false) => live.reachable.remove(&phone.id),
        None => false,
    };
    match facts.in_call {
        Some(true) => live.lines.seize(phone.id, OTHER_CALL),
        Some(false) => live.lines.release_all(phone.id),
        None => {}
    }
    facts.dnd.map(|dnd| Changed::Phone(Phone { dnd, ..phone.clone() }))
}

/// A call to the extension: from a colleague's phone if `from` is a local number of one, else from
/// outside.
fn to_extension(directory: &Directory, to: &Extension, request: &ExplainRequest) -> (Caller, To) {
    let from = request.from.as_deref();
    let dialled = request.to.as_deref().or(to.number.as_ref().map(|number| number.as_str()));
    let place = || To::Place(Place::item(to.id));
    if let Some(colleague) = from.and_then(|from| colleague(directory, from)) {
        let to = dialled.map_or_else(place, |dialled| To::Dialled(dialled.to_owned()));
        return (of_extension(directory, colleague), to);
    }
    let asked = request.to.as_deref().and_then(|asked| Number::parse(asked).ok());
    let direct = to.direct.clone().map(Number::Public);
    let to = match asked.or(direct) {
        Some(Number::Public(number)) => To::Called(number.as_str().to_owned()),
        Some(local) => {
            on_net::lookup(directory, &local).map_or_else(place, |found| To::Place(found.place))
        }
        None => place(),
    };
    (outsider(directory, from), to)
}

/// Somebody outside with this number, which a carrier vouches for.
fn outsider(directory: &Directory, number: Option<&str>) -> Caller {
    let number = number.map(|text| inbound::number(directory, text));
    let (provenance, privacy) = match number {
        Some(_) => (Provenance::TrunkAsserted, Privacy::Open),
        None => (Provenance::None, Privacy::Secret),
    };
    Caller::outside(Presented { number, name: None, provenance, privacy })
}

/// A call from the extension: from its phone with the id `from`, else from its first one.
fn from_extension(
    directory: &Directory,
    from: &Extension,
    request: &ExplainRequest,
) -> (Caller, To) {
    let id = request.from.as_deref().and_then(|from| from.parse::<PhoneId>().ok());
    let phone = id.filter(|id| directory.phones_of(from.id).any(|phone| phone.id == *id));
    let caller = match phone {
        Some(phone) => Caller::phone(directory, phone, Privacy::Open),
        None => of_extension(directory, from),
    };
    (caller, To::Dialled(request.to.clone().unwrap_or_default()))
}

fn colleague<'a>(directory: &'a Directory, from: &str) -> Option<&'a Extension> {
    match Number::parse(from).ok()? {
        Number::Local(local) => directory.item_by_number(&local)?.extension(),
        Number::Public(_) => None,
    }
}

/// The extension's first SIP phone, else its first phone, else nobody in particular.
fn of_extension(directory: &Directory, extension: &Extension) -> Caller {
    let is_sip = |phone: &&Arc<Phone>| phone.kind() == PhoneType::Sip;
    let first_sip = directory.phones_of(extension.id).find(is_sip);
    match first_sip.or_else(|| directory.phones_of(extension.id).next()) {
        Some(phone) => Caller::phone(directory, phone.id, Privacy::Open),
        None => Caller::local(Some(extension), Privacy::Open),
    }
}

/// The call that nobody makes, while it is played through.
struct Rehearsal {
    exchange: Exchange,
    started: Now,
    now: Mono,
    outcomes: Vec<PhoneOutcome>,
    /// What will happen to legs, in order of time, then of coming up.
    acts: BTreeMap<(Mono, usize), (LegId, LegFact)>,
    acts_made: usize,
    record: Option<Box<CallRecord>>,
}

impl Rehearsal {
    fn new(live: Live, outcomes: &[PhoneOutcome], started: Now) -> Self {
        Self {
            exchange: Exchange::with_live(live),
            started,
            now: started.mono,
            outcomes: outcomes.to_vec(),
            acts: BTreeMap::new(),
            acts_made: 0,
            record: None,
        }
    }

    fn run(mut self, arrival: Arrival) -> Explanation {
        self.exchange.arrive(arrival, self.started);
        loop {
            while let Some(command) = self.exchange.poll_command() {
                self.carry_out(command.what);
            }
            if let Some(explanation) = self.result() {
                return explanation;
            }
            self.step();
        }
    }

    /// The answer, once nothing more can happen.
    fn result(&mut self) -> Option<Explanation> {
        if let Some(record) = self.record.take() {
            let cause = record.legs.first().map_or(Cause::Internal, |caller| caller.cause);
            return Some(Explanation { result: result_of(cause), steps: record.steps });
        }
        let call = self.exchange.call(CALL);
        let result = match call {
            Some(call) if call.is_answered() => ExplainResult::Answered,
            Some(call) if self.acts.is_empty() && call.only_rings_on() => ExplainResult::Rings,
            Some(_) if self.acts.is_empty() && self.exchange.poll_timeout().is_none() => {
                ExplainResult::Rings
            }
            Some(_) => return None,
            None => ExplainResult::Refused,
        };
        let steps = call.map(Call::steps).unwrap_or_default().to_vec();
        Some(Explanation { result, steps })
    }

    /// Goes to whatever happens next.
    fn step(&mut self) {
        let act = self.acts.first_key_value().map(|((at, _), _)| *at);
        let timeout = self.exchange.poll_timeout();
        let next = act.into_iter().chain(timeout).min();
        self.now = next.unwrap_or(self.now).max(self.now);
        let due = self.acts.first_entry().filter(|entry| entry.key().0 <= self.now);
        let input = match due.map(|entry| entry.remove()) {
            Some((leg, fact)) => Input::Leg { call: CALL, leg, fact },
            None => Input::TimePassed,
        };
        self.exchange.handle(input, self.clock());
    }

    fn clock(&self) -> Now {
        let wall: Wall = self.started.wall.after(self.now.since(self.started.mono));
        Now { mono: self.now, wall }
    }

    fn carry_out(&mut self, what: What) {
        match what {
            What::RingPhone { leg, phone, .. } => self.ring(leg, phone),
            What::CancelLeg { leg, cause } => {
                self.acts.retain(|_, (of, _)| *of != leg);
                self.act(self.now, leg, LegFact::Failed(cause));
            }
            What::KeepRecord(record) => self.record = Some(record),
            What::SignalRinging { .. }
            | What::SignalDiverted { .. }
            | What::AnswerLeg { .. }
            | What::RefuseLeg { .. }
            | What::HangUpLeg { .. }
            | What::BridgeLegs { .. } => {}
        }
    }

    /// A phone that rings twice has as many outcomes, in their order.
    fn ring(&mut self, leg: LegId, phone: PhoneId) {
        let Some(index) = self.outcomes.iter().position(|outcome| outcome.phone == phone) else {
            return;
        };
        let outcome = self.outcomes.remove(index);
        let fact = match outcome.is {
            PhoneAct::Answer => LegFact::Answered,
            PhoneAct::Busy => LegFact::Failed(Cause::Busy),
            PhoneAct::Decline => LegFact::Failed(Cause::Declined),
            PhoneAct::Unreachable => LegFact::Failed(Cause::Unreachable),
            // Nothing listens for keys before an answer yet.
            PhoneAct::Key => return,
        };
        self.act(self.now.after(Duration::from_millis(outcome.after_ms)), leg, fact);
    }

    fn act(&mut self, at: Mono, leg: LegId, fact: LegFact) {
        self.acts.insert((at, self.acts_made), (leg, fact));
        self.acts_made += 1;
    }
}

const fn result_of(cause: Cause) -> ExplainResult {
    match cause {
        Cause::Busy | Cause::Declined | Cause::LoopLimit | Cause::CompletedElsewhere => {
            ExplainResult::Busy
        }
        Cause::NoAnswer | Cause::Unreachable => ExplainResult::NoAnswer,
        Cause::NotFound => ExplainResult::NotFound,
        Cause::HungUp
        | Cause::Cancelled
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::Anonymous
        | Cause::NotAcceptable
        | Cause::TooManyHops
        | Cause::Unavailable
        | Cause::Failed
        | Cause::Internal => ExplainResult::Refused,
    }
}
