//! The timers of a call, by name: each says what it waits for. It doesn't know what happens then.

use model::limits;
use model::time::Mono;
use std::collections::BTreeMap;

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Nobody answered within `noAnswer.timeout`, which runs from the moment the first phones are
    /// rung and is never reset.
    NoAnswer,
    /// The platform's guard on ringing without a time-out (`limits::MAX_RING`).
    MaxRing,
    /// A phone that was told to stop hasn't said that it did (`limits::CANCEL_WAIT`).
    Stopping,
}

impl Timer {
    /// Its name, for ladders and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoAnswer => "NoAnswer",
            Self::MaxRing => "MaxRing",
            Self::Stopping => "Stopping",
        }
    }
}

/// The timers that run for one call.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeMap<Timer, Mono>);

impl Timers {
    /// Starts a timer, or moves it.
    pub(crate) fn start(&mut self, timer: Timer, at: Mono) {
        self.0.insert(timer, at);
    }

    /// Stops a timer; one that doesn't run stays stopped.
    pub(crate) fn stop(&mut self, timer: Timer) {
        self.0.remove(&timer);
    }

    /// The timer that expires first, and when.
    pub(crate) fn next(&self) -> Option<(Mono, Timer)> {
        self.0.iter().map(|(timer, at)| (*at, *timer)).min()
    }

    /// Stops and returns the first timer that has expired by now.
    pub(crate) fn take_expired(&mut self, now: Mono) -> Option<Timer> {
        let (at, timer) = self.next()?;
        if at > now {
            return None;
        }
        self.stop(timer);
        Some(timer)
    }

    /// When the guard on stopping phones expires.
    pub(crate) fn stopping_until(now: Mono) -> Mono {
        now.after(limits::CANCEL_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const fn at(seconds: u64) -> Mono {
        Mono(Duration::from_secs(seconds))
    }

    #[test]
    fn timers_expire_in_order_of_time_and_once() {
        let mut timers = Timers::default();
        timers.start(Timer::NoAnswer, at(30));
        timers.start(Timer::MaxRing, at(20));
        assert_eq!(timers.next(), Some((at(20), Timer::MaxRing)));
        assert_eq!(timers.take_expired(at(19)), None);
        assert_eq!(timers.take_expired(at(30)), Some(Timer::MaxRing));
        assert_eq!(timers.take_expired(at(30)), Some(Timer::NoAnswer));
        assert_eq!(timers.take_expired(at(30)), None);
    }
}
