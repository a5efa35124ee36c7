//! A peer as a child process: its output is kept line by line, waited for, and shown when a test fails.
//! It is killed when dropped.

use crate::wait::PATIENCE;
use rustix::process::{Pid, Signal, kill_process};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Output {
    lines: Vec<String>,
    open_pipes: usize,
}

#[derive(Default)]
struct Log {
    output: Mutex<Output>,
    changed: Condvar,
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(self: &Arc<Self>, pipe: impl Read + Send + 'static) {
        self.lock().open_pipes += 1;
        let log = Arc::clone(self);
        thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            let mut bytes = Vec::new();
            while pipe.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
                let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                bytes.clear();
                log.lock().lines.push(line);
                log.changed.notify_all();
            }
            log.lock().open_pipes -= 1;
            log.changed.notify_all();
        });
    }
}

/// A child process and what it has said.
pub struct Running {
    name: String,
    child: Child,
    log: Arc<Log>,
}

impl Running {
    /// Starts a command.
    ///
    /// # Panics
    /// When it can't be started; the program may be missing.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match started.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{name} doesn't start ({error}): run cargo xtask test"),
        };
        let log = Arc::new(Log::default());
        log.keep(child.stdout.take().expect("a piped stdout"));
        log.keep(child.stderr.take().expect("a piped stderr"));
        Self { name, child, log }
    }

    /// Waits for a line that contains `text`, said before or after now, and gives it back.
    #[track_caller]
    pub fn wait_for_line(&self, text: &str) -> String {
        let found = self
            .wait(PATIENCE, |output| output.lines.iter().find(|line| line.contains(text)).cloned());
        found.unwrap_or_else(|| panic!("{} never said {text:?}\n{self}", self.name))
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// When it still runs after `limit`.
    #[track_caller]
    pub fn wait_for_end(&mut self, limit: Duration) -> ExitStatus {
        let ended = self.wait(limit, |output| (output.open_pipes == 0).then_some(()));
        assert!(ended.is_some(), "{} still runs after {limit:?}\n{self}", self.name);
        self.child.wait().expect("a child that can be waited for")
    }

    /// Asks it to end (SIGTERM).
    pub fn terminate(&self) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // It may have ended by itself; then there is nobody left to ask.
        let _ = id.map(|id| kill_process(id, Signal::TERM));
    }

    /// Ends it without asking (SIGKILL), and waits for that.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Everything said so far.
    pub fn said(&self) -> Vec<String> {
        self.log.lock().lines.clone()
    }

    fn wait<T>(&self, limit: Duration, look: impl Fn(&Output) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut output = self.log.lock();
        loop {
            if let Some(seen) = look(&output) {
                return Some(seen);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            let woken = self.log.changed.wait_timeout(output, left);
            output = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl fmt::Display for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "--- {} said:", self.name)?;
        self.said().iter().try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("{self}");
        }
    }
}
