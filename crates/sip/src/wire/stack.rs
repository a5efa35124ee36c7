//! The library's transactions, driven by hand: datagrams in, requests and responses of ours out.
//!
//! Every response to an INVITE goes to the engine at once and in order; the library gets it too, for
//! its timers and the ACK of a refusal, but a 2xx that it has no transaction for any more isn't its
//! business. Nothing in here waits: the socket never does, the resolver always fails, and every
//! transaction is given its connection and destination.

use super::front::Datagram;
use super::read;
use super::socket::SendingSocket;
use super::task::{self, Report};
use super::write::{Head, Local};
use crate::message::{Outgoing, Reply, Request, Response, ServerKey};
use async_trait::async_trait;
use rsipstack::sip::{self, HeadersExt, SipMessage, Transport};
use rsipstack::transaction::endpoint::{EndpointInnerRef, EndpointOption};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::{Transaction, TransactionEvent, TransactionEventSender};
use rsipstack::transaction::{EndpointBuilder, TransactionReceiver};
use rsipstack::transport::transport_layer::DomainResolver;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, SipConnection};
use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// The library's timer C. Ours counts: the core decides how long a phone rings.
const TIMER_C: Duration = Duration::from_secs(24 * 3600);

/// What a datagram turned out to be.
#[derive(Debug)]
pub enum Taken {
    /// Nothing for the engine.
    Nothing,
    /// A request that belongs to no transaction yet.
    Request(ServerKey, Box<Request>),
    /// A response to an INVITE of ours.
    Response(Box<Response>),
}

/// What the library says when it can't be set up.
pub type Error = rsipstack::Error;

/// The stack.
pub struct Stack {
    endpoint: EndpointInnerRef,
    incoming: TransactionReceiver,
    connection: SipConnection,
    local: Local,
    reports: Sender<Report>,
    servers: HashMap<ServerKey, Server>,
    invites: HashMap<String, TransactionKey>,
    /// The request that was taken last, until it is accepted or answered without state.
    pending: Option<Pending>,
    last_key: u64,
}

/// A server transaction.
struct Server {
    head: Head,
    orders: TransactionEventSender,
}

struct Pending {
    key: ServerKey,
    request: sip::Request,
    source: SocketAddr,
}

/// Names are resolved before a transaction is made, or not at all: inside the dispatcher a dead name
/// server would stall every call.
struct NoResolver;

#[async_trait]
impl DomainResolver for NoResolver {
    async fn resolve(&self, target: &SipAddr) -> rsipstack::Result<SipAddr> {
        Err(rsipstack::Error::DnsResolutionError(target.to_string()))
    }
}

impl Stack {
    /// A stack that sends from this socket; its tasks report to `reports`.
    pub async fn new(
        socket: Arc<UdpSocket>,
        advertised: SocketAddr,
        product: String,
        reports: Sender<Report>,
    ) -> Result<Self, Error> {
        let option =
            EndpointOption { auto_ack_2xx: false, timerc: TIMER_C, ..EndpointOption::default() };
        let endpoint = EndpointBuilder::new()
            .with_user_agent(&product)
            .with_option(option)
            .with_domain_resolver(Box::new(NoResolver))
            .build();
        let socket = Arc::new(SendingSocket(socket));
        let connection = UdpConnection::from_socket(socket, Some(advertised), None).await?;
        Ok(Self {
            incoming: endpoint.incoming_transactions()?,
            endpoint: endpoint.inner.clone(),
            connection: SipConnection::Udp(connection),
            local: Local::new(advertised, product),
            reports,
            servers: HashMap::new(),
            invites: HashMap::new(),
            pending: None,
            last_key: 0,
        })
    }

    /// The library's timers; to be polled for as long as the stack lives.
    pub fn timers(&self) -> impl Future<Output = ()> + Send + 'static {
        let endpoint = self.endpoint.clone();
        async move { endpoint.process_timer().await }
    }

    /// Reads a datagram and lets the library have what is its own.
    pub async fn take(&mut self, datagram: &Datagram) -> Taken {
        let source = datagram.source;
        let Ok(message) = SipMessage::try_from(datagram.bytes.as_slice()) else {
            tracing::debug!(%source, "unreadable message");
            return Taken::Nothing;
        };
        match SipConnection::update_msg_received(message, source, Transport::Udp) {
            Ok(SipMessage::Request(request)) => self.take_request(request, source).await,
            Ok(SipMessage::Response(response)) => self.take_response(response, source).await,
            Err(error) => {
                tracing::debug!(%source, %error, "unreadable Via");
                Taken::Nothing
            }
        }
    }

    async fn take_request(&mut self, request: sip::Request, source: SocketAddr) -> Taken {
        let Ok(key) = TransactionKey::from_request(&request, TransactionRole::Server) else {
            return Taken::Nothing;
        };
        let known = self.endpoint.transactions.contains_key(&key)
            || self.endpoint.finished_transactions.contains_key(&key)
            || matches!(request.method, sip::Method::Ack | sip::Method::Cancel);
        if known {
            self.hand_over(request.into(), source).await;
            return Taken::Nothing;
        }
        let Some(view) = read::request(&request, source) else { return Taken::Nothing };
        self.last_key = self.last_key.wrapping_add(1);
        let key = ServerKey(self.last_key);
        self.pending = Some(Pending { key, request, source });
        Taken::Request(key, Box::new(view))
    }

    async fn take_response(&mut self, response: sip::Response, source: SocketAddr) -> Taken {
        let Ok(key) = TransactionKey::from_response(&response, TransactionRole::Client) else {
            return Taken::Nothing;
        };
        let to_invite = response.cseq_header().and_then(|cseq| cseq.method());
        if !matches!(to_invite, Ok(sip::Method::Invite)) {
            self.hand_over(response.into(), source).await;
            return Taken::Nothing;
        }
        let view = read::response(&response);
        if self.endpoint.transactions.contains_key(&key) {
            self.hand_over(response.into(), source).await;
        } else if response.status_code.code() >= 300 {
            self.repeat_ack(&key, source).await;
        }
        view.map_or(Taken::Nothing, |view| Taken::Response(Box::new(view)))
    }

    /// A refusal came again: its ACK was lost. The library would send it to the host of the request
    /// URI, which behind NAT is nowhere.
    async fn repeat_ack(&self, key: &TransactionKey, source: SocketAddr) {
        if let Some(Some(ack)) = self.endpoint.finished_transactions.get(key) {
            self.send_now(ack, source).await;
        }
    }

    async fn hand_over(&self, message: SipMessage, source: SocketAddr) {
        let from = address(source);
        let connection = self.connection.clone();
        if let Err(error) = self.endpoint.on_received_message(message, connection, &from).await {
            tracing::debug!(%source, %error, "message not taken");
        }
    }

    async fn send_now(&self, message: SipMessage, to: SocketAddr) {
        if let Err(error) = self.connection.send(message, Some(&address(to))).await {
            tracing::debug!(%to, %error, "message not sent");
        }
    }

    /// Keeps a transaction for the request that was just taken.
    pub async fn accept(&mut self, key: ServerKey) {
        let Some(pending) = self.pending.take_if(|pending| pending.key == key) else { return };
        let head = Head::of(&pending.request);
        self.hand_over(pending.request.into(), pending.source).await;
        if let Ok(mut transaction) = self.incoming.try_recv() {
            transaction.destination = Some(address(pending.source));
            // Its body has been read; only the headers that answers repeat are needed from here on.
            transaction.original.body = Vec::new();
            let orders = transaction.tu_sender.clone();
            task::serve(transaction, key, self.reports.clone());
            self.servers.insert(key, Server { head, orders });
        }
    }

    /// Answers a request: within its transaction if it was accepted, else without state.
    pub async fn respond(&mut self, key: ServerKey, reply: Reply) {
        if let Some(server) = self.servers.get(&key) {
            let response = self.local.response(&server.head, reply);
            // The task may just have ended; then nobody waits for the response.
            let _ = server.orders.send(TransactionEvent::Respond(response));
        } else if let Some(pending) = self.pending.take_if(|pending| pending.key == key) {
            let response = self.local.response(&Head::of(&pending.request), reply);
            self.send_now(response.into(), pending.source).await;
        }
    }

    /// Sends an INVITE. If that can't even be tried, the response says so.
    pub async fn invite(&mut self, outgoing: Outgoing) -> Option<Response> {
        let refused = Response::local(408, &outgoing);
        let branch = outgoing.branch.clone();
        let Some(transaction) = self.start(outgoing).await else { return Some(refused) };
        self.invites.insert(branch.clone(), transaction.key.clone());
        task::watch_invite(transaction, branch, self.reports.clone());
        None
    }

    /// Sends another request with a transaction of its own.
    pub async fn send(&mut self, outgoing: Outgoing) {
        if let Some(transaction) = self.start(outgoing).await {
            task::run(transaction);
        }
    }

    /// Sends the ACK of a 2xx.
    pub async fn acknowledge(&mut self, outgoing: Outgoing) {
        let destination = outgoing.destination;
        if let Some(request) = self.local.request(outgoing) {
            self.send_now(request.into(), destination).await;
        }
    }

    async fn start(&mut self, outgoing: Outgoing) -> Option<Transaction> {
        let destination = address(outgoing.destination);
        let request = self.local.request(outgoing)?;
        let key = TransactionKey::from_request(&request, TransactionRole::Client).ok()?;
        let connection = Some(self.connection.clone());
        let mut transaction =
            Transaction::new_client(key, request, self.endpoint.clone(), connection);
        transaction.destination = Some(destination);
        transaction.send().await.ok()?;
        Some(transaction)
    }

    /// Ends the transaction of an INVITE that will get no answer any more.
    pub fn abandon(&mut self, branch: &str) {
        if let Some(key) = self.invites.remove(branch)
            && let Some(orders) = self.endpoint.transactions.get(&key)
        {
            // It may just have ended by itself.
            let _ = orders.send(TransactionEvent::Terminate(key));
        }
    }

    /// A server transaction is over.
    pub fn forget_server(&mut self, key: ServerKey) {
        self.servers.remove(&key);
    }

    /// The transaction of an INVITE is over.
    pub fn forget_invite(&mut self, branch: &str) {
        self.invites.remove(branch);
    }
}

fn address(address: SocketAddr) -> SipAddr {
    SipAddr { r#type: Some(Transport::Udp), ..SipAddr::from(address) }
}
