//! One task per transaction, which does nothing but `receive()`: that future can't be cancelled, so
//! orders come to it as events.

use super::read;
use crate::message::{Request, Response, ServerKey};
use rsipstack::sip::{Method, SipMessage};
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::mpsc::Sender;

/// What a transaction has to say.
#[derive(Debug)]
pub enum Report {
    /// The ACK of a response of ours.
    Acknowledged(Box<Request>),
    /// The INVITE was cancelled; the CANCEL has its 200.
    Cancelled(ServerKey),
    /// A server transaction ended.
    ServerEnded(ServerKey),
    /// An INVITE of ours had no response in time.
    TimedOut(Box<Response>),
    /// The transaction of an INVITE of ours ended.
    InviteEnded(String),
}

/// Runs a server transaction.
pub fn serve(mut transaction: Transaction, key: ServerKey, reports: Sender<Report>) {
    let source = transaction.destination.as_ref().and_then(|to| to.get_socketaddr().ok());
    tokio::spawn(async move {
        while let Some(message) = transaction.receive().await {
            let SipMessage::Request(request) = message else { continue };
            let report = match request.method {
                Method::Cancel => Some(Report::Cancelled(key)),
                Method::Ack => source
                    .and_then(|source| read::request(&request, source))
                    .map(|ack| Report::Acknowledged(Box::new(ack))),
                _ => None,
            };
            tell(&reports, report).await;
        }
        tell(&reports, Some(Report::ServerEnded(key))).await;
    });
}

/// Runs the transaction of an INVITE of ours. Its responses have reached the engine by a shorter
/// way; only the 408 that the library makes itself (timer B) hasn't.
pub fn watch_invite(mut transaction: Transaction, branch: String, reports: Sender<Report>) {
    tokio::spawn(async move {
        while let Some(message) = transaction.receive().await {
            let SipMessage::Response(response) = message else { continue };
            if response.status_code.code() == 408 {
                let report = read::response(&response).map(Box::new).map(Report::TimedOut);
                tell(&reports, report).await;
            }
        }
        tell(&reports, Some(Report::InviteEnded(branch))).await;
    });
}

/// Runs a transaction whose outcome doesn't matter.
pub fn run(mut transaction: Transaction) {
    tokio::spawn(async move { while transaction.receive().await.is_some() {} });
}

async fn tell(reports: &Sender<Report>, report: Option<Report>) {
    if let Some(report) = report {
        // The engine is gone at the end of the process only.
        let _ = reports.send(report).await;
    }
}
