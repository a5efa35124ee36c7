//! Serving HTTP/1 to clients that may be slow, many or hostile: how long a head may take, how large it
//! may be, how many connections there may be. What is asked and answered is the router's.
//!
//! `axum::serve` has none of these limits, so hyper is told of them here.

mod connections;

pub use connections::Connections;

use api::PeerAddress;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use connections::Seat;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use model::limits;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service;

/// How long nothing is accepted after accepting failed: the system is out of something.
const RECOVERY: Duration = Duration::from_millis(100);

/// Serves until `stop` is true, and until the requests of then are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: Connections,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let seat = tokio::select! {
                    () = stopped(&mut stop) => break,
                    seat = connections.seat() => seat,
                };
                tokio::spawn(converse((stream, peer), router.clone(), seat, stop.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection can't be accepted");
                connections.close_oldest();
                // The client gave up, or file descriptors are short: then a moment's rest, not a spin.
                let _ = tokio::time::timeout(RECOVERY, stopped(&mut stop)).await;
            }
        }
    }
    connections.all_ended().await;
}

/// Completes when `stop` is true; a sender that is gone has stopped as well.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}

/// One connection to its end.
async fn converse(
    (stream, peer): (TcpStream, SocketAddr),
    router: Router,
    seat: Seat,
    mut stop: watch::Receiver<bool>,
) {
    // Answers to requests that come one behind the other would wait for the client's next ACK, 40 ms.
    stream.set_nodelay(true).ok();
    let seat = Arc::new(seat);
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(PeerAddress(peer.ip()));
        answer(router.clone(), Arc::clone(&seat), request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HTTP_HEAD_TIME)
        .max_buf_size(limits::HTTP_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = seat.asked_to_go() => {
            connection.as_mut().graceful_shutdown();
            // One poll says goodbye to a client that waits between requests; one in the middle of a
            // request is answered first.
            let most = if seat.is_idle() { Duration::ZERO } else { Duration::MAX };
            tokio::time::timeout(most, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
}

async fn answer(
    mut router: Router,
    seat: Arc<Seat>,
    request: Request<Incoming>,
) -> Result<axum::response::Response, Infallible> {
    seat.work();
    let answer = router.call(request.map(Body::new)).await;
    seat.rest();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::Notify;

    struct Served {
        address: SocketAddr,
        stop: watch::Sender<bool>,
        ended: tokio::task::JoinHandle<()>,
    }

    async fn served(router: Router, most: usize) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, receiver) = watch::channel(false);
        let ended = tokio::spawn(serve(listener, router, Connections::new(most), receiver));
        Served { address, stop, ended }
    }

    const DEADLINE: Duration = Duration::from_secs(5);

    /// Sends a request and reads what comes until `last` was seen or the end.
    async fn ask(stream: &mut TcpStream, request: &[u8], last: &str) -> String {
        stream.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        let read = async {
            while !String::from_utf8_lossy(&answer).contains(last) {
                if stream.read_buf(&mut answer).await.unwrap_or(0) == 0 {
                    break;
                }
            }
        };
        tokio::time::timeout(DEADLINE, read).await.expect("an answer in time");
        String::from_utf8(answer).unwrap()
    }

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    #[tokio::test]
    async fn the_oldest_idle_connection_goes_for_a_new_one_and_a_busy_one_stays() {
        let go = Arc::new(Notify::new());
        let waits = Arc::clone(&go);
        let entered = Arc::new(Notify::new());
        let arrived = Arc::clone(&entered);
        let slow = move || async move {
            arrived.notify_one();
            waits.notified().await;
            "slow"
        };
        let router = Router::new().route("/", get(|| async { "done" })).route("/slow", get(slow));
        let served = served(router, 3).await;
        let mut busy = TcpStream::connect(served.address).await.unwrap();
        busy.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        entered.notified().await;
        // One that was answered, then one that never says a word: the first rests for longer.
        let mut first = TcpStream::connect(served.address).await.unwrap();
        assert!(ask(&mut first, GET, "done").await.contains("200"));
        let mut half = TcpStream::connect(served.address).await.unwrap();
        half.write_all(b"GET / HT").await.unwrap();
        let mut others = Vec::new();
        for _ in 0..2 {
            let mut other = TcpStream::connect(served.address).await.unwrap();
            assert!(ask(&mut other, GET, "done").await.contains("200"));
            others.push(other);
        }
        assert_eq!(ask(&mut first, b"", "anything").await, "", "closed for the third");
        go.notify_one();
        assert!(ask(&mut busy, b"", "slow").await.contains("200"));
    }

    #[tokio::test]
    async fn requests_in_progress_are_answered_before_the_end() {
        let go = Arc::new(Notify::new());
        let (waits, entered) = (Arc::clone(&go), Arc::new(Notify::new()));
        let arrived = Arc::clone(&entered);
        let slow = move || async move {
            arrived.notify_one();
            waits.notified().await;
            "done"
        };
        let served = served(Router::new().route("/", get(slow)), 3).await;
        let mut idle = TcpStream::connect(served.address).await.unwrap();
        let mut busy = TcpStream::connect(served.address).await.unwrap();
        busy.write_all(GET).await.unwrap();
        entered.notified().await;
        served.stop.send_replace(true);
        assert_eq!(ask(&mut idle, b"", "anything").await, "");
        assert!(!served.ended.is_finished());
        go.notify_one();
        assert!(ask(&mut busy, b"", "done").await.ends_with("done"));
        tokio::time::timeout(DEADLINE, served.ended).await.unwrap().unwrap();
    }
}
