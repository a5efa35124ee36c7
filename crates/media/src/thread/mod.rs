//! A media thread: waits until one of its sockets has something, relays it, and takes commands.
//!
//! A session lives on one thread with all its sockets, so there are no locks, and nothing is allocated
//! for a packet. `mio` is edge-triggered: a socket is read until it is empty, but no longer than its
//! turn, and what is left is kept in a list of our own, so that a flood on one socket delays nobody.

mod command;
mod legs;
mod meter;
mod slots;

pub(crate) use command::Command;

use crate::ports::Freed;
use crate::statistics::Board;
use legs::{Legs, Turn};
use meter::Meter;
use mio::{Events, Poll, Token, Waker};
use model::limits::MEDIA_COMMANDS;
use model::time::Mono;
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

/// Never a socket's token: those are small numbers.
const WAKER: Token = Token(usize::MAX);
/// Sockets told of by one wait; more are told of by the next.
const EVENTS: usize = 1024;
/// Commands taken between two rounds of packets: all that can wait, so that what was commanded before
/// a packet woke its socket holds for it.
const COMMANDS_PER_ROUND: usize = MEDIA_COMMANDS;
/// The lowest real-time priority: above every normal thread of the machine, below everybody else's.
const PRIORITY: u8 = 1;

/// The way to a running thread.
#[derive(Debug)]
pub(crate) struct ThreadHandle {
    commands: SyncSender<Command>,
    waker: Waker,
    board: Board,
}

/// Why a command didn't get to the thread.
#[derive(Debug)]
pub(crate) enum Undelivered {
    /// The queue is full: the command, given back.
    Full(Command),
    /// The thread has ended.
    Ended,
}

impl ThreadHandle {
    /// Hands over a command, waiting if the queue is full. The thread never waits for anybody, so that
    /// is short. A thread that has ended has nothing left to command.
    pub(crate) fn command(&self, command: Command) {
        if let Err(Undelivered::Full(command)) = self.try_command(command) {
            tracing::warn!("a media thread is late with its commands");
            self.commands.send(command).ok();
        }
    }

    /// Hands over a command if there is room.
    pub(crate) fn try_command(&self, command: Command) -> Result<(), Undelivered> {
        let sent = self.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(command) => Undelivered::Full(command),
            TrySendError::Disconnected(_) => Undelivered::Ended,
        });
        // Also when it is full, lest both sides wait.
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "a media thread can't be woken");
        }
        sent
    }

    /// Its figures.
    pub(crate) fn board(&self) -> &Board {
        &self.board
    }
}

/// Starts a thread named `media-<number>`; `freed` is told the ports it has closed.
pub(crate) fn spawn(number: usize, freed: Freed) -> io::Result<(ThreadHandle, JoinHandle<()>)> {
    let (handle, thread) = MediaThread::new(freed)?;
    let builder = std::thread::Builder::new().name(format!("media-{number}"));
    Ok((handle, builder.spawn(move || vital(|| thread.run(number)))?))
}

/// Runs what the process must not outlive: every new call would be placed on the dead thread, the
/// emptiest of all, and refused.
fn vital(run: impl FnOnce() -> io::Result<()>) {
    let fatal = EndProcess;
    match run() {
        // Told to end: the only way out that isn't a fault.
        Ok(()) => std::mem::forget(fatal),
        Err(error) => tracing::error!(%error, "a media thread can't wait for its sockets"),
    }
}

/// Ends the process when it is dropped, a panic included.
struct EndProcess;

impl Drop for EndProcess {
    fn drop(&mut self) {
        tracing::error!("a media thread has died; ending the process");
        std::process::abort();
    }
}

struct MediaThread {
    poll: Poll,
    commands: Receiver<Command>,
    legs: Legs,
    /// Sockets with something left to read, each at most once.
    ready: VecDeque<Token>,
    board: Board,
    started: Instant,
}

/// What taking commands came to.
enum Taken {
    All,
    MoreLeft,
    Stop,
}

impl MediaThread {
    fn new(freed: Freed) -> io::Result<(ThreadHandle, Self)> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKER)?;
        let legs = Legs::new(poll.registry().try_clone()?, freed);
        let (sender, commands) = sync_channel(MEDIA_COMMANDS);
        let board = Board::default();
        let handle = ThreadHandle { commands: sender, waker, board: board.clone() };
        let ready = VecDeque::with_capacity(EVENTS);
        Ok((handle, Self { poll, commands, legs, ready, board, started: Instant::now() }))
    }

    fn run(mut self, number: usize) -> io::Result<()> {
        ask_for_real_time(number);
        let mut events = Events::with_capacity(EVENTS);
        let mut meter = Meter::start(self.now());
        let mut commands = Taken::All;
        while !matches!(commands, Taken::Stop) {
            let is_idle = self.ready.is_empty() && matches!(commands, Taken::All);
            let wait = if is_idle { meter.until_due(self.now()) } else { Duration::ZERO };
            self.wait(&mut events, wait)?;
            commands = self.take_commands();
            let now = self.now();
            self.relay(now);
            if let Some(cpu) = meter.measure(now) {
                self.board.leave(self.legs.statistics(cpu));
            }
        }
        self.board.leave(self.legs.statistics(0.0));
        Ok(())
    }

    fn now(&self) -> Mono {
        Mono(self.started.elapsed())
    }

    fn wait(&mut self, events: &mut Events, at_most: Duration) -> io::Result<()> {
        match self.poll.poll(events, Some(at_most)) {
            // A signal: nothing is ready that the next wait won't tell.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            result => result?,
        }
        for event in events.iter().filter(|event| event.token() != WAKER) {
            if self.legs.list(event.token()) {
                self.ready.push_back(event.token());
            }
        }
        Ok(())
    }

    fn take_commands(&mut self) -> Taken {
        for _ in 0..COMMANDS_PER_ROUND {
            match self.commands.try_recv() {
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return Taken::Stop,
                Ok(command) => self.legs.command(command),
                Err(TryRecvError::Empty) => return Taken::All,
            }
        }
        Taken::MoreLeft
    }

    /// Gives each ready socket one turn.
    fn relay(&mut self, now: Mono) {
        for _ in 0..self.ready.len() {
            let Some(token) = self.ready.pop_front() else { return };
            if self.legs.take_turn(token, now) == Turn::MoreLeft {
                self.ready.push_back(token);
            }
        }
    }
}

/// Under load a normal thread wakes up to 200 ms late, which is heard; this one hardly ever works.
fn ask_for_real_time(number: usize) {
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
    let priority = ThreadPriority::try_from(PRIORITY).unwrap_or(ThreadPriority::Min);
    match set_thread_priority_and_policy(thread_native_id(), priority, policy) {
        Ok(()) => tracing::debug!(thread = number, "media thread runs under SCHED_RR"),
        Err(error) => tracing::warn!(
            thread = number,
            ?error,
            "media thread runs at normal priority: audio will suffer when the machine is busy"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Ports;
    use crate::stream::Outgoing;
    use model::id::{CallId, LegId};
    use std::net::{IpAddr, SocketAddr, UdpSocket};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{self, Stdio};

    /// Opens a leg and says where its RTP goes.
    fn open(handle: &ThreadHandle, ports: &mut Ports, number: u8) -> SocketAddr {
        let sockets = ports.bind().unwrap().unwrap();
        let address = sockets.rtp.local_addr().unwrap();
        let leg = (CallId::from_bytes([1; 12]), LegId::from_bytes([number; 12]));
        handle.command(Command::Open { leg, sockets, outgoing: Outgoing::new(1, 1, 1) });
        address
    }

    #[test]
    fn a_flooded_socket_gets_no_longer_turns_than_others_and_is_emptied_all_the_same() {
        let [_, _, high, low] = std::process::id().to_be_bytes();
        let address = IpAddr::from([127, 103, high, low]);
        let (mut ports, freed) = Ports::new(address, vec![31_000, 31_002], 0);
        let (handle, mut thread) = MediaThread::new(freed).unwrap();
        let flooded = open(&handle, &mut ports, 1);
        let other = open(&handle, &mut ports, 2);
        assert!(matches!(thread.take_commands(), Taken::All));
        let sender = UdpSocket::bind((address, 0)).unwrap();
        for to in std::iter::repeat_n(flooded, 20).chain([other]) {
            sender.send_to(b"flood", to).unwrap();
        }
        let mut events = Events::with_capacity(EVENTS);
        thread.wait(&mut events, Duration::from_secs(10)).unwrap();
        let mut read_and_ready = || {
            thread.relay(Mono::default());
            // The next one comes, of which the wait tells even if the socket is listed.
            sender.send_to(b"flood", flooded).unwrap();
            thread.wait(&mut events, Duration::from_secs(10)).unwrap();
            (thread.legs.statistics(0.0).packets_dropped, thread.ready.len())
        };
        assert_eq!(read_and_ready(), (16 + 1, 1), "a turn of one, all of the other");
        assert_eq!(read_and_ready(), (20 + 1 + 1, 1), "the rest");
        assert_eq!(read_and_ready(), (21 + 1 + 1, 1), "one at a time");
    }

    #[test]
    fn a_thread_that_fails_ends_the_process_and_one_that_is_stopped_does_not() {
        const FAULT: &str = "LOKAL_TEST_FAULT";
        match std::env::var(FAULT).as_deref() {
            Ok("error") => return vital(|| Err(io::ErrorKind::Other.into())),
            Ok("panic") => return vital(|| panic!("a fault of ours")),
            Ok(_) => return vital(|| Ok(())),
            Err(_) => {}
        }
        let name = "a_thread_that_fails_ends_the_process_and_one_that_is_stopped_does_not";
        for (fault, signal) in [("error", Some(6)), ("panic", Some(6)), ("none", None)] {
            let status = process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &format!("thread::tests::{name}")])
                .env(FAULT, fault)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            assert_eq!(status.signal(), signal, "{fault}: SIGABRT is 6");
            assert_eq!(status.success(), signal.is_none(), "{fault}");
        }
    }
}
