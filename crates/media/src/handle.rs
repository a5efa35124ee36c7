//! The handle through which the switch uses media: which thread a session goes to, and which ports its
//! legs get. Knows no packet; everything after `open` is handed to the session's thread.

use crate::config::{MediaConfig, StartError, raise_open_files};
use crate::negotiate::{Local, Remote};
use crate::ports::Ports;
use crate::statistics::ThreadStatistics;
use crate::stream::Outgoing;
use crate::thread::{self, Command, ThreadHandle, Undelivered};
use model::id::{CallId, LegId};
use model::limits::MEDIA_CPU_BUDGET;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Running media threads and their ports. Clones are handles to the same ones; commands are
/// infallible, and harmless when repeated or too late.
#[derive(Clone)]
pub struct Media {
    shared: Arc<Shared>,
}

/// Why a leg gets no port. Each is 503 to the far side.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Every port pair of the range is in use.
    #[error("no free RTP port")]
    NoPort,
    /// Every thread uses more than its budget (60 % of a core), or is far behind with its commands.
    #[error("the media threads are busy")]
    Busy,
    /// Media was stopped.
    #[error("media was stopped")]
    Stopped,
    /// The operating system refused a socket.
    #[error("no socket for RTP")]
    Socket(#[from] io::Error),
}

struct Shared {
    ports: RangeInclusive<u16>,
    address: IpAddr,
    threads: Vec<ThreadHandle>,
    desk: Mutex<Desk>,
    joins: Mutex<Vec<JoinHandle<()>>>,
}

/// What is placed where.
struct Desk {
    ports: Ports,
    sessions: HashMap<CallId, Session>,
    sessions_by_thread: Vec<usize>,
}

struct Session {
    thread: usize,
    legs: Vec<(LegId, u16)>,
}

impl Media {
    /// Starts the threads. Refuses a port range that doesn't fit this machine.
    pub fn start(config: MediaConfig) -> Result<Self, StartError> {
        let rtp_ports = config.rtp_ports()?;
        raise_open_files(rtp_ports.len())?;
        let random = getrandom::u32().map_err(io::Error::from)?;
        let (ports, freed) = Ports::new(config.address, rtp_ports, random);
        let started: Vec<_> = (0..config.threads())
            .map(|number| thread::spawn(number, freed.clone()))
            .collect::<io::Result<_>>()?;
        let (threads, joins): (Vec<_>, Vec<_>) = started.into_iter().unzip();
        tracing::info!(address = %config.address, ports = ?config.ports, threads = threads.len(), "media started");
        let sessions_by_thread = vec![0; threads.len()];
        let desk = Mutex::new(Desk { ports, sessions: HashMap::new(), sessions_by_thread });
        let (MediaConfig { address, ports, .. }, joins) = (config, Mutex::new(joins));
        Ok(Self { shared: Arc::new(Shared { ports, address, threads, desk, joins }) })
    }

    /// Opens a port pair for a leg, on the thread of its session; a leg that is open keeps its own.
    /// Waits only when the whole range is in use and a pair of it is being closed: as a rule for less
    /// than a millisecond, at most for a second.
    pub fn open(&self, session: CallId, leg: LegId) -> Result<Local, OpenError> {
        let mut desk = self.desk();
        if let Some(port) = desk.port_of(session, leg) {
            return Ok(self.local(leg, port));
        }
        let thread = match desk.sessions.get(&session) {
            Some(placed) => placed.thread,
            None => self.choose_thread(&desk.sessions_by_thread)?,
        };
        let handle = self.shared.threads.get(thread).ok_or(OpenError::Stopped)?;
        let outgoing = draw_outgoing()?;
        let sockets = desk.ports.bind()?.ok_or(OpenError::NoPort)?;
        let port = sockets.port;
        if let Err(undelivered) =
            handle.try_command(Command::Open { leg: (session, leg), sockets, outgoing })
        {
            desk.ports.put_back(port);
            return Err(undelivered.into());
        }
        desk.place(session, thread, leg, port);
        Ok(self.local(leg, port))
    }

    /// Says what was negotiated with a leg's party, for the first time or again: it may be somewhere
    /// else from here on. An address among our own ports is ignored: packets would go in circles.
    pub fn set_remote(&self, session: CallId, leg: LegId, remote: Remote) {
        let Remote { address, .. } = remote;
        if address.ip() == self.shared.address && self.shared.ports.contains(&address.port()) {
            tracing::warn!(call = %session, %leg, "a party claims to be at one of our own ports");
            return;
        }
        self.command(session, Command::SetRemote { leg: (session, leg), remote });
    }

    /// Lets two legs of a session hear each other, and nobody else.
    pub fn bridge(&self, session: CallId, a: LegId, b: LegId) {
        self.command(session, Command::Bridge { a: (session, a), b: (session, b) });
    }

    /// Closes a leg and frees its ports.
    pub fn close(&self, session: CallId, leg: LegId) {
        self.close_legs(session, |id| id == leg);
    }

    /// Closes every leg of a session.
    pub fn close_session(&self, session: CallId) {
        self.close_legs(session, |_| true);
    }

    /// The figures of each thread, at most a second old; sessions are as of now.
    pub fn statistics(&self) -> Vec<ThreadStatistics> {
        let sessions = self.desk().sessions_by_thread.clone();
        let threads = self.shared.threads.iter().zip(sessions);
        threads
            .map(|(thread, sessions)| ThreadStatistics { sessions, ..thread.board().read() })
            .collect()
    }

    /// Whether all threads run; they do until `stop`.
    pub fn is_running(&self) -> bool {
        let joins = lock(&self.shared.joins);
        !joins.is_empty() && joins.iter().all(|join| !join.is_finished())
    }

    /// Ends the threads with everything on them, and waits until they have ended.
    pub fn stop(self) {
        for thread in &self.shared.threads {
            thread.command(Command::Stop);
        }
        let joins = std::mem::take(&mut *lock(&self.shared.joins));
        for join in joins {
            if join.join().is_err() {
                tracing::error!("a media thread had failed");
            }
        }
    }

    fn close_legs(&self, session: CallId, is_meant: impl Fn(LegId) -> bool) {
        let Some((thread, closed)) = self.desk().close(session, is_meant) else { return };
        for leg in closed {
            self.command_thread(thread, Command::Close { leg: (session, leg) });
        }
    }

    fn command(&self, session: CallId, command: Command) {
        let thread = self.desk().sessions.get(&session).map(|session| session.thread);
        if let Some(thread) = thread {
            self.command_thread(thread, command);
        }
    }

    fn command_thread(&self, thread: usize, command: Command) {
        if let Some(thread) = self.shared.threads.get(thread) {
            thread.command(command);
        }
    }

    fn choose_thread(&self, sessions_by_thread: &[usize]) -> Result<usize, OpenError> {
        let cpu = self.shared.threads.iter().map(|thread| thread.board().read().cpu);
        let loads: Vec<_> = cpu.zip(sessions_by_thread.iter().copied()).collect();
        choose_thread(&loads).ok_or(OpenError::Busy)
    }

    fn local(&self, leg: LegId, port: u16) -> Local {
        let [a, b, c, d, e, f, g, h, ..] = *leg.bytes();
        // Leg ids are random; many parsers read the session id as a signed number.
        let session_id = u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 1;
        Local { address: SocketAddr::new(self.shared.address, port), session_id }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        lock(&self.shared.desk)
    }
}

impl Desk {
    fn port_of(&self, session: CallId, leg: LegId) -> Option<u16> {
        let legs = &self.sessions.get(&session)?.legs;
        legs.iter().find(|(id, _)| *id == leg).map(|(_, port)| *port)
    }

    fn place(&mut self, session: CallId, thread: usize, leg: LegId, port: u16) {
        let placed = self.sessions.entry(session).or_insert_with(|| {
            if let Some(count) = self.sessions_by_thread.get_mut(thread) {
                *count += 1;
            }
            Session { thread, legs: Vec::new() }
        });
        placed.legs.push((leg, port));
    }

    /// Takes legs out of a session; the thread that has them is to close them.
    fn close(
        &mut self,
        session: CallId,
        is_meant: impl Fn(LegId) -> bool,
    ) -> Option<(usize, Vec<LegId>)> {
        let placed = self.sessions.get_mut(&session)?;
        let thread = placed.thread;
        let closed: Vec<_> =
            placed.legs.extract_if(.., |(id, _)| is_meant(*id)).map(|(id, _)| id).collect();
        if placed.legs.is_empty() {
            self.sessions.remove(&session);
            if let Some(count) = self.sessions_by_thread.get_mut(thread) {
                *count = count.saturating_sub(1);
            }
        }
        closed.iter().for_each(|_| self.ports.closing());
        Some((thread, closed))
    }
}

impl From<Undelivered> for OpenError {
    fn from(undelivered: Undelivered) -> Self {
        match undelivered {
            // The sockets in it are closed by this.
            Undelivered::Full(_) => Self::Busy,
            Undelivered::Ended => Self::Stopped,
        }
    }
}

/// Nothing here is left half done when a holder panics, so a poisoned lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of threads with this share of a core and this many sessions, the one for a new session: the
/// emptiest within its budget. Load is measured once a second, sessions at once, so a burst spreads.
fn choose_thread(loads: &[(f32, usize)]) -> Option<usize> {
    let within_budget = loads.iter().enumerate().filter(|(_, (cpu, _))| *cpu <= MEDIA_CPU_BUDGET);
    within_budget.min_by_key(|(_, (_, sessions))| *sessions).map(|(thread, _)| thread)
}

/// An outgoing stream with random numbers (RFC 3550 §5.1).
fn draw_outgoing() -> io::Result<Outgoing> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(io::Error::from)?;
    let [c0, c1, c2, c3, t0, t1, t2, t3, s0, s1] = random;
    let (ssrc, timestamp) =
        (u32::from_be_bytes([c0, c1, c2, c3]), u32::from_be_bytes([t0, t1, t2, t3]));
    Ok(Outgoing::new(ssrc, u16::from_be_bytes([s0, s1]), timestamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_session_goes_to_the_emptiest_thread_within_its_budget() {
        for (loads, expected) in [
            (vec![(0.1, 5), (0.2, 3)], Some(1)),
            (vec![(0.1, 5), (0.61, 3)], Some(0)),
            (vec![(0.61, 0), (0.9, 0)], None),
            (vec![(0.6, 9)], Some(0)),
            (vec![], None),
        ] {
            assert_eq!(choose_thread(&loads), expected, "{loads:?}");
        }
    }
}
