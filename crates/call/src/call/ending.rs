//! How a call ends: a side gives up or hangs up, or the system ends it. Every leg ends once, and the
//! record is given away when the last one has.

use super::leg::{Leg, LegState};
use super::{Call, Ending, State, record};
use crate::command::What;
use crate::timer::{Timer, Timers};
use crate::trace::text;
use model::cause::Cause;
use model::id::LegId;
use model::record::TerminatedBy;
use model::time::{Now, Wall};
use model::trace::{Outcome, Rule};

impl Call {
    /// The system ends the call.
    pub(super) fn end(&mut self, cause: Cause, now: Now) {
        let item = self.visit.as_ref().map(|visit| visit.place.item);
        self.trace.fact(item, Rule::End, text(cause.as_str()), end_outcome(cause));
        self.finish(record::ending(TerminatedBy::System, cause, now.wall), cause, now);
    }

    pub(super) fn caller_gone(&mut self, cause: Cause, now: Now) {
        if self.caller.is_over() {
            return;
        }
        self.caller.end(cause, now.wall);
        self.finish(record::ending(TerminatedBy::Caller, cause, now.wall), cause, now);
    }

    /// Ends every leg that hasn't ended.
    pub(super) fn finish(&mut self, ending: Ending, cause: Cause, now: Now) {
        self.stop_ringing(Cause::Cancelled);
        let leg = self.caller.id;
        match self.caller.state {
            LegState::Calling => self.commands.push(What::RefuseLeg { leg, cause }),
            LegState::Talking => self.commands.push(What::HangUpLeg { leg, cause }),
            LegState::Stopping(_) | LegState::Over { .. } => {}
        }
        if !self.caller.is_over() {
            self.caller.end(cause, now.wall);
        }
        for leg in self.legs.iter_mut().filter(|leg| leg.state == LegState::Talking) {
            self.commands.push(What::HangUpLeg { leg: leg.id, cause });
            leg.end(cause, now.wall);
        }
        if self.legs.iter().any(|leg| !leg.is_over()) {
            self.timers.start(Timer::Stopping, Timers::stopping_until(now.mono));
        }
        self.state = State::Over(ending);
    }

    pub(super) fn end_leg(&mut self, leg: LegId, cause: Cause, now: Wall) {
        if let Some(leg) = self.legs.iter_mut().find(|of| of.id == leg) {
            leg.end(cause, now);
        }
    }

    pub(super) fn give_up_stopping(&mut self, now: Wall) {
        for leg in &mut self.legs {
            if let LegState::Stopping(cause) = leg.state {
                leg.end(cause, now);
            }
        }
    }

    pub(super) fn keep_record_when_over(&mut self, now: Wall) {
        let State::Over(ending) = self.state else { return };
        if !self.recorded && self.legs.iter().all(Leg::is_over) {
            self.recorded = true;
            let record = self.record(ending, now);
            self.commands.push(What::KeepRecord(Box::new(record)));
        }
    }
}

const fn end_outcome(cause: Cause) -> Outcome {
    match cause {
        Cause::NotFound => Outcome::NotFound,
        Cause::LoopLimit => Outcome::LimitReached,
        _ => Outcome::Refused,
    }
}
