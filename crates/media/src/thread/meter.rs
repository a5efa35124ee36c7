//! When a thread's figures are due, and how much of a core it used since the last ones.

use crate::statistics::thread_cpu;
use model::time::Mono;
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(1);

/// Measures the thread that made it.
pub(super) struct Meter {
    at: Mono,
    cpu: Duration,
}

impl Meter {
    pub(super) fn start(now: Mono) -> Self {
        Self { at: now, cpu: thread_cpu() }
    }

    /// How long until the next figures.
    pub(super) fn until_due(&self, now: Mono) -> Duration {
        INTERVAL.saturating_sub(now.since(self.at))
    }

    /// The share of a core used since the last figures; None if they aren't due.
    pub(super) fn measure(&mut self, now: Mono) -> Option<f32> {
        if !self.until_due(now).is_zero() {
            return None;
        }
        let cpu = thread_cpu();
        let used = cpu.saturating_sub(self.cpu).as_secs_f32() / now.since(self.at).as_secs_f32();
        *self = Self { at: now, cpu };
        Some(used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_due_once_a_second() {
        let at = |ms| Mono(Duration::from_millis(ms));
        let mut meter = Meter::start(at(100));
        assert_eq!(meter.until_due(at(600)), Duration::from_millis(500));
        assert_eq!(meter.measure(at(1_099)), None);
        let used = meter.measure(at(1_100)).unwrap();
        assert!((0.0..1.0).contains(&used), "{used}");
        assert_eq!(meter.measure(at(1_101)), None);
    }
}
