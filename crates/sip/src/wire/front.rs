//! The thread that reads datagrams: checks their bytes, answers what needs no state, queues the rest.
//!
//! One FIFO, so that a CANCEL never overtakes its INVITE. If this thread dies the process ends: a
//! telephone exchange that hears nothing must not look alive.

use super::gate::{self, Gate, What};
use super::socket;
use crate::clock::wall;
use crate::counts::Counts;
use crate::digest::Realm;
use crate::message::RETRY_AFTER_SECONDS;
use crate::vital::end_process;
use model::limits::SIP_QUEUE;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// The largest UDP payload there is: a datagram is never cut by us before it is judged.
const LARGEST_DATAGRAM: usize = 64 * 1024;

/// A datagram that passed the gate.
#[derive(Debug)]
pub struct Datagram {
    /// The message, surplus cut off.
    pub bytes: Vec<u8>,
    /// Where it came from.
    pub source: SocketAddr,
}

/// Starts the thread. It ends when the receiver is dropped. Challenges are numbered from `salt` on.
pub fn start(
    socket: Arc<UdpSocket>,
    realm: Realm,
    salt: u64,
    counts: Arc<Counts>,
) -> io::Result<Receiver<Datagram>> {
    let (queue, datagrams) = channel(SIP_QUEUE);
    let mut front = Front { socket, queue, realm, challenges: salt, counts };
    thread::Builder::new().name("sip-front".to_owned()).spawn(move || {
        let fatal = EndProcess;
        match front.read() {
            // Wanted no more: the only way out that isn't a fault.
            Ok(()) => std::mem::forget(fatal),
            Err(error) => tracing::error!(%error, "SIP socket failed"),
        }
    })?;
    Ok(datagrams)
}

/// Ends the process when it is dropped, a panic included.
struct EndProcess;

impl Drop for EndProcess {
    fn drop(&mut self) {
        end_process("the thread that reads SIP");
    }
}

struct Front {
    socket: Arc<UdpSocket>,
    queue: Sender<Datagram>,
    realm: Realm,
    challenges: u64,
    counts: Arc<Counts>,
}

impl Front {
    fn read(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; LARGEST_DATAGRAM];
        while !self.queue.is_closed() {
            match self.socket.recv_from(&mut buffer) {
                Ok((length, source)) => {
                    self.handle(buffer.get(..length).unwrap_or_default(), source);
                }
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn handle(&mut self, bytes: &[u8], source: SocketAddr) {
        match gate::check(bytes, source) {
            Gate::Pass(checked) if checked.what == What::NewInvite && self.is_crowded() => {
                self.counts.crowded.add();
                let seconds = Some(RETRY_AFTER_SECONDS);
                let refusal =
                    gate::refuse(checked.bytes, source, 503, "Service Unavailable", seconds);
                self.answer(refusal.as_deref(), source);
            }
            Gate::Pass(checked) => {
                // Full: the datagram is lost, and will be sent again.
                let datagram = Datagram { bytes: checked.bytes.to_vec(), source };
                match self.queue.try_send(datagram) {
                    Ok(()) => self.counts.taken.add(),
                    Err(_) => self.counts.lost.add(),
                }
            }
            Gate::Answer(answer) => {
                self.counts.rejected.add();
                self.answer(Some(&answer), source);
            }
            Gate::Challenge(stranger) => {
                self.counts.challenged.add();
                self.challenges = self.challenges.wrapping_add(1);
                let challenges = self.realm.challenges(wall(), false, self.challenges);
                self.answer(Some(&stranger.challenge_response(&challenges)), source);
            }
            Gate::KeepAlive => {
                self.counts.kept_alive.add();
                self.answer(Some(b"\r\n"), source);
            }
            Gate::Drop => self.counts.unreadable.add(),
        }
    }

    /// Half of the queue is for what belongs to calls that are up.
    fn is_crowded(&self) -> bool {
        self.queue.capacity() < self.queue.max_capacity() / 2
    }

    fn answer(&self, answer: Option<&[u8]>, source: SocketAddr) {
        if let Some(answer) = answer {
            socket::send(&self.socket, answer, source);
        }
    }
}

/// Errors that say something about one peer or one moment, not about the socket.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock
            | ErrorKind::TimedOut
            | ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::OutOfMemory
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn message(method: &str, to_tag: &str) -> String {
        format!(
            "{method} sip:592@pbx SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1;rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:a@pbx>;tag=1\r\nTo: <sip:592@pbx>{to_tag}\r\n\
             Call-ID: 1\r\nCSeq: 1 {method}\r\nAuthorization: Digest x=y\r\n\
             Content-Length: 0\r\n\r\n"
        )
    }

    #[test]
    fn half_of_the_queue_is_for_calls_that_are_up() {
        let phone = UdpSocket::bind("127.0.0.1:0").unwrap();
        phone.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let source = phone.local_addr().unwrap();
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
        let (queue, mut datagrams) = channel(4);
        let realm = Realm::new("lokal".to_owned(), [7; 32]);
        let counts = Arc::<Counts>::default();
        let mut front = Front { socket, queue, realm, challenges: 0, counts };
        for (method, to_tag) in
            [("INVITE", ""), ("INVITE", ""), ("INVITE", ""), ("INVITE", ""), ("BYE", ";tag=2")]
        {
            front.handle(message(method, to_tag).as_bytes(), source);
        }
        let mut buffer = [0; 2048];
        let (length, _) = phone.recv_from(&mut buffer).unwrap();
        let refusal = String::from_utf8_lossy(&buffer[..length]).into_owned();
        assert!(refusal.starts_with("SIP/2.0 503 ") && refusal.contains("Retry-After: 10\r\n"));
        let taken: Vec<_> = std::iter::from_fn(|| datagrams.try_recv().ok()).collect();
        assert_eq!(taken.len(), 4, "three INVITEs and the BYE");
        assert!(taken[3].bytes.starts_with(b"BYE"), "in order");
    }
}
