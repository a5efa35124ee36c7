//! What a media thread says of itself, and the measure of its own CPU time: the thread's clock, since
//! the machine's figures don't tell whose time it was.

use rustix::time::{ClockId, Timespec, clock_gettime};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One media thread: counts since it started, load over the last second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ThreadStatistics {
    /// Share of one core, 0 to 1.
    pub cpu: f32,
    /// Sessions placed on it.
    pub sessions: usize,
    /// Legs open on it.
    pub legs: usize,
    /// RTP packets sent on to the other leg.
    pub packets_relayed: u64,
    /// Datagrams to an RTP port that weren't: strangers, wrong formats, no other leg, on hold.
    pub packets_dropped: u64,
    /// RTCP datagrams, which are consumed.
    pub rtcp_consumed: u64,
}

/// Where a thread leaves its figures once a second.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board(Arc<Mutex<ThreadStatistics>>);

impl Board {
    /// The latest figures.
    pub(crate) fn read(&self) -> ThreadStatistics {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves figures. A media thread doesn't wait: if somebody reads right now, the next second tells.
    pub(crate) fn leave(&self, statistics: ThreadStatistics) {
        if let Ok(mut board) = self.0.try_lock() {
            *board = statistics;
        }
    }
}

/// CPU time of the calling thread (`CLOCK_THREAD_CPUTIME_ID`).
pub(crate) fn thread_cpu() -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(tv_sec).unwrap_or(0), u32::try_from(tv_nsec).unwrap_or(0))
}
