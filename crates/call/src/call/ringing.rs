//! Step 8 while it happens: phones are rung, ring, answer, fail, are added. What it comes to when the
//! last one has failed or the time is up is asked of `extension::ring`.

use super::leg::{self, Leg, LegState};
use super::{Call, Moment, Signal, State};
use crate::command::What;
use crate::extension::{phones, ring};
use crate::facts::Facts;
use crate::plan::Plan;
use crate::timer::Timer;
use crate::trace::{count, text};
use model::cause::Cause;
use model::id::{LegId, PhoneId};
use model::limits::{LEGS_PER_CALL, MAX_RING};
use model::time::{Mono, Now};
use model::trace::{Outcome, Rule};
use std::collections::BTreeSet;
use std::time::Duration;

/// Ringing on behalf of one extension.
#[derive(Debug)]
pub(crate) struct Ring {
    started: Mono,
    busy: bool,
    said_no: BTreeSet<PhoneId>,
}

impl Ring {
    fn since(started: Mono) -> Self {
        Self { started, busy: false, said_no: BTreeSet::new() }
    }
}

impl Call {
    /// Rings phones; the next plan if none of them could be rung.
    pub(super) fn ring(
        &mut self,
        phones: &[PhoneId],
        timeout: Duration,
        at: Moment<'_>,
    ) -> Option<Plan> {
        self.state = State::Ringing(Ring::since(at.now.mono));
        self.timers.start(Timer::NoAnswer, at.now.mono.after(timeout));
        for phone in phones {
            self.ring_phone(*phone, at.now);
        }
        if self.is_any_phone_called() { None } else { Some(self.ask(at, ring::unreachable)) }
    }

    fn ring_phone(&mut self, phone: PhoneId, now: Now) {
        let extension = self.visit.as_ref().map(|visit| visit.place.item);
        if self.legs.len() >= LEGS_PER_CALL {
            let limit = count(LEGS_PER_CALL);
            return self.trace.fact(extension, Rule::Limits, limit, Outcome::LimitReached);
        }
        let leg = leg::mint(self.id(), self.legs.len());
        self.legs.push(Leg::new(leg, Some(phone), extension, now.wall));
        self.commands.push(What::RingPhone {
            leg,
            on_behalf_of: self.caller.id,
            phone,
            presented: self.facts.caller.presented.clone(),
            hops_left: self.hops_left,
        });
    }

    /// Goes on ringing without a time-out; the caller hears it ring even if no phone does.
    pub(super) fn keep_ringing(&mut self, now: Now) {
        let started = match &self.state {
            State::Ringing(ring) => ring.started,
            _ => now.mono,
        };
        if !matches!(self.state, State::Ringing(_)) {
            self.state = State::Ringing(Ring::since(started));
        }
        self.timers.stop(Timer::NoAnswer);
        self.timers.start(Timer::MaxRing, started.after(MAX_RING));
        self.signal(Signal::Ringing);
    }

    /// A phone can be called now: it joins those that ring, unless it refused this call before.
    pub(crate) fn phone_reachable(&mut self, phone: PhoneId, at: Moment<'_>) {
        let State::Ringing(ring) = &self.state else { return };
        let called = |leg: &Leg| leg.phone == Some(phone) && leg.state == LegState::Calling;
        if ring.said_no.contains(&phone) || self.legs.iter().any(called) || !self.rings(phone, at) {
            return;
        }
        self.trace.set_now(at.now.mono);
        let extension = self.visit.as_ref().map(|visit| visit.place.item);
        self.trace.fact(extension, Rule::Ring, text(phone), Outcome::Rings);
        self.ring_phone(phone, at.now);
    }

    fn rings(&self, phone: PhoneId, at: Moment<'_>) -> bool {
        let visit = self.visit.as_ref();
        let facts = visit.and_then(|visit| Facts::new(visit, &self.facts, at.live));
        facts.is_some_and(|facts| phones::may_join(&facts, phone))
    }

    /// The first to answer has the call.
    pub(super) fn phone_answered(&mut self, leg: LegId, now: Now) {
        let Some(answered) = self.legs.iter_mut().find(|of| of.id == leg) else { return };
        answered.answer(now.wall);
        let (extension, phone) = (answered.extension, answered.phone);
        if let Some(phone) = phone {
            self.trace.fact(extension, Rule::Ring, text(phone), Outcome::Answered);
        }
        self.stop_ringing(Cause::CompletedElsewhere);
        self.state = State::Talking;
        self.caller.answer(now.wall);
        self.commands.push(What::BridgeLegs { a: self.caller.id, b: leg });
        self.commands.push(What::AnswerLeg { leg: self.caller.id });
    }

    /// A phone that was called says no, or can't be reached.
    pub(super) fn phone_failed(&mut self, leg: LegId, cause: Cause, at: Moment<'_>) {
        let Some(failed) = self.legs.iter_mut().find(|of| of.id == leg) else { return };
        failed.end(cause, at.now.wall);
        let (extension, phone) = (failed.extension, failed.phone);
        let outcome = phone_outcome(cause);
        if let Some(phone) = phone {
            self.trace.fact(extension, Rule::Ring, text(phone), outcome);
        }
        let State::Ringing(ring) = &mut self.state else { return };
        ring.busy |= outcome == Outcome::Busy;
        if outcome != Outcome::Unreachable {
            ring.said_no.extend(phone);
        }
        let busy = ring.busy;
        let plan = if outcome == Outcome::Declined {
            self.ask(at, ring::rejected)
        } else if self.is_any_phone_called() {
            return;
        } else if busy {
            self.ask(at, ring::all_phones_busy)
        } else {
            self.ask(at, ring::unreachable)
        };
        self.follow(plan, at);
    }

    /// `noAnswer.timeout` is over.
    pub(super) fn no_answer(&mut self, at: Moment<'_>) {
        let plan = self.ask(at, ring::timed_out);
        self.follow(plan, at);
    }

    /// The platform's guard on ringing has expired.
    pub(super) fn rang_too_long(&mut self, at: Moment<'_>) {
        let extension = self.visit.as_ref().map(|visit| visit.place.item);
        let limit = count(usize::try_from(MAX_RING.as_secs()).unwrap_or(usize::MAX));
        self.trace.fact(extension, Rule::Limits, limit, Outcome::LimitReached);
        self.follow(Plan::End(Cause::NoAnswer), at);
    }

    /// Tells every phone that is being called to stop.
    pub(super) fn stop_ringing(&mut self, cause: Cause) {
        self.timers.stop(Timer::NoAnswer);
        self.timers.stop(Timer::MaxRing);
        for leg in self.legs.iter_mut().filter(|leg| leg.state == LegState::Calling) {
            leg.state = LegState::Stopping(cause);
            self.commands.push(What::CancelLeg { leg: leg.id, cause });
        }
        if matches!(self.state, State::Ringing(_)) {
            self.state = State::Deciding;
        }
    }

    /// Whether the call can only ring on, until the caller gives up or the guard expires.
    pub(crate) fn only_rings_on(&self) -> bool {
        matches!(self.state, State::Ringing(_))
            && self.next_timer().is_none_or(|(_, timer)| timer == Timer::MaxRing)
    }

    fn is_any_phone_called(&self) -> bool {
        self.legs.iter().any(|leg| leg.state == LegState::Calling)
    }
}

/// What a phone's failure means for the ringing. Anything that is neither busy nor a person's refusal
/// drops that phone alone.
const fn phone_outcome(cause: Cause) -> Outcome {
    match cause {
        Cause::Busy => Outcome::Busy,
        Cause::Declined => Outcome::Declined,
        _ => Outcome::Unreachable,
    }
}
