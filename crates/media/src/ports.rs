//! Which port pairs are free, and binding them. The longest free is taken first, so that late packets
//! of an ended call don't reach a new one.
//!
//! A closed pair is free when its thread has closed the sockets: it comes back through `Freed`.

use socket2::{Domain, Protocol, Socket, Type};
use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// 0.8 s of G.711; the default buffer would keep 5 s of audio that is too old to be heard.
const RECEIVE_BUFFER_BYTES: usize = 16 * 1024;
/// How long a full range waits for a pair that is being closed. Its thread does that in its next round,
/// so only a machine without time for media comes near this.
const CLOSING_WAIT: Duration = Duration::from_secs(1);

/// The sockets of a leg.
#[derive(Debug)]
pub(crate) struct Sockets {
    pub(crate) rtp: UdpSocket,
    pub(crate) rtcp: UdpSocket,
    /// The RTP port.
    pub(crate) port: u16,
}

/// Where a thread says which pair it has closed. As long as the range, so it is never full.
pub(crate) type Freed = SyncSender<u16>;

/// The ports of one address.
#[derive(Debug)]
pub(crate) struct Ports {
    address: IpAddr,
    free: VecDeque<u16>,
    closing: usize,
    freed: Receiver<u16>,
}

impl Ports {
    /// These RTP ports, all free, taken from a place that `random` chooses.
    pub(crate) fn new(address: IpAddr, ports: Vec<u16>, random: u32) -> (Self, Freed) {
        let (sender, freed) = sync_channel(ports.len());
        let mut free = VecDeque::from(ports);
        let start = usize::try_from(random).unwrap_or(0) % free.len().max(1);
        free.rotate_left(start);
        (Self { address, free, closing: 0, freed }, sender)
    }

    /// Binds the next pair that nobody uses, ourselves or another process; None if there is none.
    pub(crate) fn bind(&mut self) -> io::Result<Option<Sockets>> {
        self.take_back();
        for _ in 0..self.free.len() {
            let Some(port) = self.free.pop_front() else { break };
            match bind_pair(self.address, port) {
                Ok(sockets) => return Ok(Some(sockets)),
                Err(error) => {
                    self.free.push_back(port);
                    if error.kind() != io::ErrorKind::AddrInUse {
                        return Err(error);
                    }
                }
            }
        }
        Ok(None)
    }

    /// A pair is about to be closed by its thread.
    pub(crate) fn closing(&mut self) {
        self.closing += 1;
    }

    /// A pair is free that no thread ever had.
    pub(crate) fn put_back(&mut self, port: u16) {
        self.free.push_back(port);
    }

    fn take_back(&mut self) {
        while let Ok(port) = self.freed.try_recv() {
            self.closed(port);
        }
        if self.free.is_empty()
            && self.closing > 0
            && let Ok(port) = self.freed.recv_timeout(CLOSING_WAIT)
        {
            self.closed(port);
        }
    }

    fn closed(&mut self, port: u16) {
        self.closing = self.closing.saturating_sub(1);
        self.free.push_back(port);
    }
}

fn bind_pair(address: IpAddr, port: u16) -> io::Result<Sockets> {
    let rtp = bind(SocketAddr::new(address, port))?;
    let rtcp = bind(SocketAddr::new(address, port.saturating_add(1)))?;
    Ok(Sockets { rtp, rtcp, port })
}

/// Not connected to the far side: that would hide a NAT that binds it anew.
fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A loopback address that no other process under test uses.
    fn address(test: u8) -> IpAddr {
        let [_, _, high, low] = std::process::id().to_be_bytes();
        [127, test, high, low].into()
    }

    #[test]
    fn the_longest_free_pair_is_taken_and_closed_ones_come_back() {
        let (mut ports, freed) = Ports::new(address(101), vec![31_000, 31_002], 1);
        let first = ports.bind().unwrap().unwrap();
        let second = ports.bind().unwrap().unwrap();
        assert_eq!((first.port, second.port), (31_002, 31_000));
        assert!(ports.bind().unwrap().is_none());
        ports.closing();
        drop(second);
        freed.send(31_000).unwrap();
        assert_eq!(ports.bind().unwrap().unwrap().port, 31_000);
    }

    #[test]
    fn a_full_range_waits_for_a_pair_that_is_being_closed() {
        let (mut ports, freed) = Ports::new(address(104), vec![31_000], 0);
        let sockets = ports.bind().unwrap().unwrap();
        ports.closing();
        let thread = std::thread::spawn(move || {
            drop(sockets);
            freed.send(31_000).unwrap();
        });
        assert_eq!(ports.bind().unwrap().unwrap().port, 31_000);
        thread.join().unwrap();
    }

    #[test]
    fn ports_that_another_process_has_are_skipped() {
        let address = address(102);
        let taken = UdpSocket::bind((address, 31_001)).unwrap();
        let (mut ports, _freed) = Ports::new(address, vec![31_000, 31_002], 0);
        assert_eq!(ports.bind().unwrap().unwrap().port, 31_002);
        drop(taken);
        assert_eq!(ports.bind().unwrap().unwrap().port, 31_000);
    }

    #[test]
    fn sockets_keep_little_audio() {
        let socket = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let size = socket2::SockRef::from(&socket).recv_buffer_size().unwrap();
        // Linux counts its own book-keeping and doubles what was asked for.
        assert!(size <= 2 * RECEIVE_BUFFER_BYTES, "{size}");
    }
}
