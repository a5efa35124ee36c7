//! Phones that speak RTP and the media they speak to.

use media::negotiate::{self, Codec, Direction, Numbers, Remote};
use media::{Media, MediaConfig};
use model::id::{CallId, LegId};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::time::Duration;

/// Far more than a loaded machine needs, and only waited for when a test fails.
const DEADLINE: Duration = Duration::from_secs(10);

/// A loopback address for test number `test` of this process.
pub fn address(test: u8) -> IpAddr {
    let [_, _, high, low] = std::process::id().to_be_bytes();
    [127, test, high, low].into()
}

/// Media on an address.
pub fn media(address: IpAddr, ports: RangeInclusive<u16>) -> Media {
    Media::start(MediaConfig { address, ports, threads: Some(2) }).unwrap()
}

pub fn call(number: u8) -> CallId {
    CallId::from_bytes([number; 12])
}

pub fn leg(call: u8, number: u8) -> LegId {
    LegId::from_bytes([call, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// An RTP packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: Vec<u8>,
}

impl Packet {
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0x80, u8::from(self.marker) << 7 | self.payload_type];
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.timestamp.to_be_bytes());
        bytes.extend(self.ssrc.to_be_bytes());
        bytes.extend(&self.payload);
        bytes
    }

    fn read(bytes: &[u8]) -> Self {
        Self {
            marker: bytes[1] & 0x80 != 0,
            payload_type: bytes[1] & 0x7f,
            sequence: u16::from_be_bytes([bytes[2], bytes[3]]),
            timestamp: u32::from_be_bytes(bytes[4..8].try_into().unwrap()),
            ssrc: u32::from_be_bytes(bytes[8..12].try_into().unwrap()),
            payload: bytes[12..].to_vec(),
        }
    }
}

/// A phone: a socket and the port of media that it talks to.
pub struct Phone {
    socket: UdpSocket,
    media: SocketAddr,
    next: Packet,
}

impl Phone {
    /// A phone at an address, any port.
    pub fn new(address: IpAddr, media: SocketAddr, ssrc: u32) -> Self {
        let socket = UdpSocket::bind((address, 0)).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        let (payload, timestamp) = (vec![0xd5; 160], ssrc.wrapping_mul(7_000));
        let next =
            Packet { marker: false, payload_type: 0, sequence: 100, timestamp, ssrc, payload };
        Self { socket, media, next }
    }

    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// What negotiation would make of it: PCMU and DTMF under `dtmf`.
    pub fn remote(&self, dtmf: u8) -> Remote {
        Remote {
            address: self.address(),
            codec: Codec::Pcmu,
            audio: Numbers { send: 0, receive: 0 },
            telephone_event: Some(Numbers { send: dtmf, receive: dtmf }),
            direction: Direction::SendReceive,
        }
    }

    pub fn send_raw(&self, bytes: &[u8], to: SocketAddr) {
        self.socket.send_to(bytes, to).unwrap();
    }

    /// Sends 20 ms of audio whose payload begins with `mark`.
    pub fn say(&mut self, mark: u8) -> Packet {
        self.say_as(mark, 0, false)
    }

    pub fn say_as(&mut self, mark: u8, payload_type: u8, marker: bool) -> Packet {
        self.next.payload[0] = mark;
        let packet = Packet { payload_type, marker, ..self.next.clone() };
        self.send_raw(&packet.bytes(), self.media);
        self.next.sequence = self.next.sequence.wrapping_add(1);
        self.next.timestamp = self.next.timestamp.wrapping_add(160);
        packet
    }

    /// The next packet it hears, and from where.
    pub fn hear(&self) -> Packet {
        let mut buffer = [0; 2048];
        let (length, source) = self.socket.recv_from(&mut buffer).expect("nothing was heard");
        assert_eq!(source, self.media, "media sends from the port it advertised");
        Packet::read(&buffer[..length])
    }

    /// Whether nothing has come so far.
    pub fn heard_nothing(&self) -> bool {
        self.socket.set_nonblocking(true).unwrap();
        let nothing = self.socket.recv_from(&mut [0; 2048]).is_err();
        self.socket.set_nonblocking(false).unwrap();
        nothing
    }
}

/// Two phones in a call.
pub struct Bridged {
    pub a: Phone,
    pub b: Phone,
    pub call: CallId,
    pub leg_a: LegId,
    pub leg_b: LegId,
}

impl Bridged {
    /// Both speak; gives what each heard. After it the socket of `a` is read to the end, since the thread
    /// went on to that of `b`: a command given now holds for whatever `a`'s leg gets next.
    pub fn greet(&mut self) -> (Packet, Packet) {
        self.a.say(0);
        let heard_by_b = self.b.hear();
        self.b.say(0);
        (self.a.hear(), heard_by_b)
    }
}

/// Sets up call `number` between two phones at `address`; DTMF is 101 at one and 96 at the other.
pub fn bridged(media: &Media, address: IpAddr, number: u8) -> Bridged {
    let (call, leg_a, leg_b) = (call(number), leg(number, 1), leg(number, 2));
    let a = Phone::new(address, media.open(call, leg_a).unwrap().address, 1);
    let b = Phone::new(address, media.open(call, leg_b).unwrap().address, 2);
    media.set_remote(call, leg_a, a.remote(101));
    media.set_remote(call, leg_b, b.remote(96));
    media.bridge(call, leg_a, leg_b);
    Bridged { a, b, call, leg_a, leg_b }
}

/// The description that a phone at `address` would offer.
pub fn offer_of(address: SocketAddr, formats: &str) -> Vec<u8> {
    let local = negotiate::Local { address, session_id: 1 };
    let offer = negotiate::offer(&local, None, 0);
    String::from_utf8(offer.to_vec()).unwrap().replace("0 8 101\r\n", formats).into_bytes()
}
