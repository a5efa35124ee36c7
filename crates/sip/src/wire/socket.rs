//! The socket as the library sees it: sending never waits, and a send that fails is a lost datagram.
//!
//! Nothing is received here; the front does that.

use async_trait::async_trait;
use rsipstack::Result;
use rsipstack::platform::net::UdpSocket as LibrarySocket;
use rustix::net::{SendFlags, sendto};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

/// Bytes that the kernel may hold for us: some 4,000 datagrams while a thread is being scheduled.
/// The kernel takes less where its own limit is lower.
const BUFFER_BYTES: usize = 4 << 20;

/// How often the front looks whether it is still wanted.
const READ_TIMEOUT: Duration = Duration::from_millis(200);

/// Binds the socket that both directions share.
pub fn bind(address: SocketAddr) -> io::Result<Arc<UdpSocket>> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_recv_buffer_size(BUFFER_BYTES)?;
    socket.set_send_buffer_size(BUFFER_BYTES)?;
    socket.set_read_timeout(Some(READ_TIMEOUT))?;
    socket.bind(&address.into())?;
    Ok(Arc::new(socket.into()))
}

/// Sends one datagram or loses it. SIP repeats what is lost; waiting would stall every other call,
/// and an error would leave the library's transactions half way between two states.
pub fn send(socket: &UdpSocket, bytes: &[u8], to: SocketAddr) {
    if let Err(error) = sendto(socket, bytes, SendFlags::DONTWAIT, &to) {
        tracing::debug!(%to, %error, "datagram lost on sending");
    }
}

/// The sending half, for the library.
#[derive(Debug)]
pub struct SendingSocket(pub Arc<UdpSocket>);

#[async_trait]
impl LibrarySocket for SendingSocket {
    async fn recv_from(&self, _: &mut [u8]) -> Result<(usize, SocketAddr)> {
        std::future::pending().await
    }

    async fn send_to(&self, bytes: &[u8], to: SocketAddr) -> Result<usize> {
        send(&self.0, bytes, to);
        Ok(bytes.len())
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }
}
