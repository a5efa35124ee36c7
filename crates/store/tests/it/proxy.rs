//! A way to the database that can fall silent without closing, as a network does.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Which connections are silent: those with a lower number.
type Silent = watch::Receiver<u64>;

/// A proxy on a port of its own.
pub struct Proxy {
    address: SocketAddr,
    silent: watch::Sender<u64>,
    count: watch::Receiver<u64>,
    _accepting: JoinSet<()>,
}

impl Proxy {
    /// Starts one before a port of this machine.
    pub async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (silent, hears) = watch::channel(0);
        let (counter, count) = watch::channel(0);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut passing = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let number = *counter.borrow();
                counter.send_replace(number + 1);
                passing.spawn(pass(client, port, number, hears.clone()));
            }
        });
        Self { address, silent, count, _accepting: accepting }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections that there are by now pass nothing more on.
    pub fn silence_connected(&self) {
        self.silent.send_replace(*self.count.borrow());
    }

    /// No connection passes anything on.
    pub fn silence_all(&self) {
        self.silent.send_replace(u64::MAX);
    }

    /// All do, what they held back as well.
    pub fn speak(&self) {
        self.silent.send_replace(0);
    }
}

async fn pass(client: TcpStream, port: u16, number: u64, silent: Silent) {
    let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = copy(from_client, to_server, number, silent.clone()) => {}
        () = copy(from_server, to_client, number, silent) => {}
    }
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, number: u64, mut silent: Silent) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut bytes).await {
        if silent.wait_for(|silent| number >= *silent).await.is_err() || count == 0 {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
