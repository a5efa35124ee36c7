//! The legs of one thread: their sockets, who hears whom, and the way of a packet from one socket to
//! another. What a packet is worth is decided by `Party`.

use super::command::{Command, LegKey};
use super::slots::Slots;
use crate::negotiate::Remote;
use crate::party::Party;
use crate::ports::{Freed, Sockets};
use crate::statistics::ThreadStatistics;
use crate::stream::Outgoing;
use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use model::time::Mono;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;

/// Datagrams read from one socket before the next has its turn.
const PACKETS_PER_TURN: usize = 16;
/// No Ethernet frame holds more than 1,500 bytes, and G.711 of 20 ms is 172; whatever fills this was
/// longer and is dropped.
const PACKET_BYTES: usize = 2048;

/// How a socket's turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing is left; the next datagram will be told of.
    Empty,
    /// Something may be left, which won't be told of again.
    MoreLeft,
}

/// Which socket of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    Rtp,
    Rtcp,
}

struct Leg {
    port: u16,
    rtp: Line,
    rtcp: Line,
    party: Party,
    /// The slot of the leg that hears this one.
    peer: Option<usize>,
}

/// A socket and whether it is in the list of ready ones.
struct Line {
    socket: UdpSocket,
    is_listed: bool,
}

/// The legs of a thread.
pub(super) struct Legs {
    registry: Registry,
    freed: Freed,
    slots: Slots<Leg>,
    slot_by_key: HashMap<LegKey, usize>,
    buffer: Box<[u8; PACKET_BYTES]>,
    counts: ThreadStatistics,
}

impl Legs {
    pub(super) fn new(registry: Registry, freed: Freed) -> Self {
        Self {
            registry,
            freed,
            slots: Slots::new(),
            slot_by_key: HashMap::new(),
            buffer: Box::new([0; PACKET_BYTES]),
            counts: ThreadStatistics::default(),
        }
    }

    /// Carries out a command on a leg.
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Open { leg, sockets, outgoing } => self.open(leg, sockets, outgoing),
            Command::SetRemote { leg, remote } => self.set_remote(leg, remote),
            Command::Bridge { a, b } => self.bridge(a, b),
            Command::Close { leg } => self.close(leg),
            Command::Stop => {}
        }
    }

    /// The thread's figures, with the share of a core that it used.
    pub(super) fn statistics(&self, cpu: f32) -> ThreadStatistics {
        ThreadStatistics { cpu, legs: self.slot_by_key.len(), ..self.counts }
    }

    fn open(&mut self, key: LegKey, sockets: Sockets, outgoing: Outgoing) {
        let slot = self.slots.next();
        let Sockets { rtp, rtcp, port } = sockets;
        let lines = self
            .listen(rtp, token(slot, Channel::Rtp))
            .and_then(|rtp| Ok((rtp, self.listen(rtcp, token(slot, Channel::Rtcp))?)));
        match lines {
            Ok((rtp, rtcp)) => {
                let party = Party::new(outgoing);
                self.slots.insert(Leg { port, rtp, rtcp, party, peer: None });
                self.slot_by_key.insert(key, slot);
            }
            Err(error) => {
                tracing::error!(call = %key.0, leg = %key.1, %error, "a leg can't be listened to");
                self.free(port);
            }
        }
    }

    fn listen(&self, socket: std::net::UdpSocket, token: Token) -> io::Result<Line> {
        let mut socket = UdpSocket::from_std(socket);
        self.registry.register(&mut socket, token, Interest::READABLE)?;
        Ok(Line { socket, is_listed: false })
    }

    fn set_remote(&mut self, key: LegKey, remote: Remote) {
        if let Some(leg) = self.slot_by_key.get(&key).and_then(|slot| self.slots.get_mut(*slot)) {
            leg.party.negotiated(remote);
        }
    }

    fn bridge(&mut self, a: LegKey, b: LegKey) {
        let slots = self.slot_by_key.get(&a).copied().zip(self.slot_by_key.get(&b).copied());
        let Some((a, b)) = slots.filter(|(a, b)| a != b) else { return };
        for (slot, peer) in [(a, b), (b, a)] {
            if self.slots.get_mut(slot).is_some_and(|leg| leg.peer == Some(peer)) {
                continue;
            }
            self.part(slot);
            if let Some(leg) = self.slots.get_mut(slot) {
                leg.peer = Some(peer);
                leg.party.change_source();
            }
        }
    }

    /// Whoever heard this leg hears nobody.
    fn part(&mut self, slot: usize) {
        let peer = self.slots.get_mut(slot).and_then(|leg| leg.peer.take());
        if let Some(peer) = peer.and_then(|peer| self.slots.get_mut(peer))
            && peer.peer == Some(slot)
        {
            peer.peer = None;
        }
    }

    fn close(&mut self, key: LegKey) {
        let Some(slot) = self.slot_by_key.remove(&key) else { return };
        self.part(slot);
        if let Some(leg) = self.slots.remove(slot) {
            let port = leg.port;
            drop(leg);
            self.free(port);
        }
    }

    /// Its sockets are closed.
    fn free(&self, port: u16) {
        // It has room for every port of the range; an error means that `Media` is gone.
        self.freed.try_send(port).ok();
    }

    /// Notes that a socket has something to read; false if that is known, or the leg is gone.
    pub(super) fn list(&mut self, token: Token) -> bool {
        let (slot, channel) = slot_of(token);
        self.slots
            .get_mut(slot)
            .is_some_and(|leg| !std::mem::replace(&mut leg.line(channel).is_listed, true))
    }

    /// Reads from a socket what it has, up to a turn's worth, and relays it.
    pub(super) fn take_turn(&mut self, token: Token, now: Mono) -> Turn {
        let (slot, channel) = slot_of(token);
        for _ in 0..PACKETS_PER_TURN {
            let Some(leg) = self.slots.get_mut(slot) else { return Turn::Empty };
            let line = leg.line(channel);
            match line.socket.recv_from(self.buffer.as_mut_slice()) {
                Ok((length, source)) => self.take(slot, channel, length, source, now),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    line.is_listed = false;
                    return Turn::Empty;
                }
                // Not about this datagram alone and not about the next: the turn goes on.
                Err(error) => tracing::trace!(%error, "receiving failed"),
            }
        }
        Turn::MoreLeft
    }

    fn take(&mut self, slot: usize, channel: Channel, length: usize, from: SocketAddr, now: Mono) {
        let count = match channel {
            Channel::Rtcp => &mut self.counts.rtcp_consumed,
            Channel::Rtp if self.relay(slot, length, from, now).is_some() => {
                &mut self.counts.packets_relayed
            }
            Channel::Rtp => &mut self.counts.packets_dropped,
        };
        *count += 1;
    }

    /// Sends a datagram on to the leg that hears this one; None if it isn't to be, or can't.
    fn relay(&mut self, slot: usize, length: usize, from: SocketAddr, now: Mono) -> Option<()> {
        let packet = self.buffer.get_mut(..length).filter(|packet| packet.len() < PACKET_BYTES)?;
        let leg = self.slots.get_mut(slot)?;
        // Heard even if nobody listens: that is when it is latched.
        let heard = leg.party.hear(packet, from, now)?;
        let peer = leg.peer?;
        let peer = self.slots.get_mut(peer)?;
        let destination = peer.party.tell(packet, heard, now)?;
        peer.rtp.socket.send_to(packet, destination).ok()?;
        Some(())
    }
}

impl Leg {
    fn line(&mut self, channel: Channel) -> &mut Line {
        match channel {
            Channel::Rtp => &mut self.rtp,
            Channel::Rtcp => &mut self.rtcp,
        }
    }
}

const fn token(slot: usize, channel: Channel) -> Token {
    Token(match channel {
        Channel::Rtp => slot * 2,
        Channel::Rtcp => slot * 2 + 1,
    })
}

const fn slot_of(token: Token) -> (usize, Channel) {
    let channel = if token.0.is_multiple_of(2) { Channel::Rtp } else { Channel::Rtcp };
    (token.0 / 2, channel)
}
