//! A real telephone: baresip with a configuration of its own, told what to do over its control
//! connection. It says a tone into every call and records what it hears. Knows nothing of the server but
//! the address it registers with.

use crate::demo::Account;
use crate::netstring;
use crate::process::Running;
use crate::wait::{self, PATIENCE};
use crate::{loopback, tone};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs;
use std::io::BufReader;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Instant;
use tempfile::TempDir;

/// Longest call that a tone lasts for.
const TONE_SECONDS: u32 = 60;
/// How much of a recording is judged: 200 ms is many periods of any tone.
const JUDGED_SAMPLES: usize = 1600;
/// SIP over UDP and TCP, and TLS one above.
const SIP_PORTS: u16 = 2;
/// Messages from baresip not looked at yet.
const BACKLOG: usize = 1024;

/// Something baresip reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name, such as `CALL_RINGING`.
    pub kind: String,
    /// Who is at the other end, as a URI.
    pub peer: String,
    /// More: the reason of `CALL_CLOSED`, the status of `REGISTER_FAIL`.
    pub detail: String,
}

/// A telephone.
pub struct Phone {
    process: Running,
    directory: TempDir,
    address: SocketAddr,
    server: String,
    username: String,
    control: TcpStream,
    events: Receiver<Event>,
    unread: VecDeque<Event>,
    responses: Receiver<Value>,
}

impl Phone {
    /// Starts a telephone that says `hertz` into its calls, and registers it.
    #[track_caller]
    pub fn registered(server: &str, account: &Account, hertz: f64) -> Self {
        let mut phone = Self::start(server, account, hertz);
        phone.wait_for("REGISTER_OK");
        phone
    }

    /// Starts a telephone and lets it try to register.
    #[track_caller]
    pub fn start(server: &str, account: &Account, hertz: f64) -> Self {
        let directory = tempfile::tempdir().expect("a directory for baresip");
        let control = loopback::claim(1);
        let address = loopback::claim(SIP_PORTS);
        configure(directory.path(), address, control, hertz);
        let mut command = Command::new("baresip");
        let process = Running::start(command.arg("-f").arg(directory.path()));
        process.wait_for_line("baresip is ready");
        let control = TcpStream::connect(control).expect("baresip's control connection");
        let (events, responses) = listen(control.try_clone().expect("a second handle"));
        let server = server.to_owned();
        let username = account.username.clone();
        let mut phone = Self {
            process,
            directory,
            address,
            server,
            username,
            control,
            events,
            unread: VecDeque::new(),
            responses,
        };
        let Account { username, password } = account;
        let address = format!("<sip:{username}@{}>", phone.server);
        phone.command("uanew", &format!("{address};auth_pass={password};regint=300"));
        phone
    }

    /// Where it listens for SIP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Calls a number.
    #[track_caller]
    pub fn dial(&mut self, number: &str) {
        self.forget_recordings();
        self.command("dial", &format!("sip:{number}@{}", self.server));
    }

    /// Waits for a call and answers it.
    #[track_caller]
    pub fn answer(&mut self) -> Event {
        let call = self.wait_for("CALL_INCOMING");
        self.accept();
        call
    }

    /// Answers the call that is ringing.
    #[track_caller]
    pub fn accept(&mut self) {
        self.forget_recordings();
        self.command("accept", "");
        self.wait_for("CALL_ESTABLISHED");
    }

    /// Ends the current call, or refuses it with 486 while it rings.
    #[track_caller]
    pub fn hang_up(&mut self) {
        self.command("hangup", "");
    }

    /// Takes the account away, which unregisters.
    #[track_caller]
    pub fn unregister(&mut self) {
        let address = format!("sip:{}@{}", self.username, self.server);
        self.command("uadel", &address);
    }

    /// Waits for an event of a kind, passing over others.
    #[track_caller]
    pub fn wait_for(&mut self, kind: &str) -> Event {
        let deadline = Instant::now() + PATIENCE;
        let mut passed = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let next = self.unread.pop_front().or_else(|| self.events.recv_timeout(left).ok());
            let Some(event) = next else {
                panic!("{} never reported {kind}, but {passed:?}", self.username)
            };
            if event.kind == kind {
                return event;
            }
            assert!(!ends(&event.kind, kind), "{}: {event:?}, not {kind}", self.username);
            passed.push(event.kind);
        }
    }

    /// Whether an event of a kind has arrived and wasn't waited for.
    pub fn has_seen(&mut self, kind: &str) -> bool {
        self.unread.extend(self.events.try_iter());
        self.unread.iter().any(|event| event.kind == kind)
    }

    /// Waits until the tone is heard in the call.
    #[track_caller]
    pub fn wait_to_hear(&self, hertz: f64) {
        wait::until(&format!("{} hears {hertz} Hz", self.username), || {
            let heard = self.recording().and_then(|path| tone::read_wav(&path).ok())?;
            let judged = heard.last_chunk::<JUDGED_SAMPLES>()?;
            (tone::share(judged, hertz) > 0.9).then_some(())
        });
    }

    #[track_caller]
    fn command(&mut self, command: &str, parameters: &str) {
        let request = json!({ "command": command, "params": parameters, "token": "test" });
        netstring::write(&self.control, &request.to_string()).expect("baresip listens");
        let response = self.responses.recv_timeout(PATIENCE).expect("baresip responds");
        assert_eq!(response["ok"], true, "{command} {parameters}: {response}\n{}", self.process);
    }

    /// The call's recording: baresip makes one pair of files per call, named by date.
    fn recording(&self) -> Option<PathBuf> {
        recordings(self.directory.path()).find(|path| path.to_string_lossy().ends_with("-dec.wav"))
    }

    /// An earlier call's recording must not pass for this one's.
    fn forget_recordings(&self) {
        for path in recordings(self.directory.path()) {
            fs::remove_file(path).expect("a recording that can be removed");
        }
    }
}

/// Whether there is no use in waiting any longer.
fn ends(seen: &str, awaited: &str) -> bool {
    match awaited {
        "REGISTER_OK" => seen == "REGISTER_FAIL",
        "CALL_RINGING" | "CALL_ESTABLISHED" => seen == "CALL_CLOSED",
        _ => false,
    }
}

fn recordings(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let paths = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    paths.filter(|path| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with("dump-"))
    })
}

/// Reads the control connection for as long as it lasts, sorting events from responses.
fn listen(control: TcpStream) -> (Receiver<Event>, Receiver<Value>) {
    let (event_sender, events) = sync_channel(BACKLOG);
    let (response_sender, responses) = sync_channel(BACKLOG);
    thread::spawn(move || {
        let mut control = BufReader::new(control);
        while let Ok(Some(text)) = netstring::read(&mut control) {
            let message = serde_json::from_slice(&text).unwrap_or(Value::Null);
            if deliver(message, &event_sender, &response_sender).is_none() {
                return;
            }
        }
    });
    (events, responses)
}

/// None once the test has gone.
fn deliver(
    message: Value,
    events: &SyncSender<Event>,
    responses: &SyncSender<Value>,
) -> Option<()> {
    if message["response"] == true {
        return responses.send(message).ok();
    }
    let text = |key: &str| message[key].as_str().unwrap_or_default().to_owned();
    let event = Event { kind: text("type"), peer: text("peeruri"), detail: text("param") };
    events.send(event).ok()
}

/// Writes the directory that baresip reads.
fn configure(directory: &Path, address: SocketAddr, control: SocketAddr, hertz: f64) {
    let tone = directory.join("tone.wav");
    tone::write_wav(&tone, hertz, TONE_SECONDS).expect("a tone");
    let (directory_text, tone) = (directory.display(), tone.display());
    let config = format!(
        "sip_listen {address}\n\
         net_interface 127.0.0.1\n\
         audio_source aufile,{tone}\n\
         audio_player aubridge,nobody\n\
         audio_alert aubridge,nobody\n\
         audio_channels 1\n\
         call_max_calls 4\n\
         ringback_disabled yes\n\
         statmode_default off\n\
         snd_path {directory_text}\n\
         ctrl_tcp_listen {control}\n\
         module_path /usr/lib/baresip/modules\n\
         module g711.so\n\
         module aufile.so\n\
         module aubridge.so\n\
         module sndfile.so\n\
         module account.so\n\
         module menu.so\n\
         module ctrl_tcp.so\n"
    );
    for (name, text) in [("config", config.as_str()), ("accounts", ""), ("contacts", "")] {
        fs::write(directory.join(name), text).expect("a file of baresip's");
    }
}
