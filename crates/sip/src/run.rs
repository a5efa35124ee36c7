//! The loop: feeds the engine from the socket, the core and the clock, and carries out what it says.
//! The only place that knows both the engine and the stack.
//!
//! It never waits for the core while the core waits for it: facts queue up here, commands are always
//! taken, and only datagrams are left lying (in their own bounded queue) while too many facts wait.

use crate::boundary::{Accounts, SipCommand, SipFact};
use crate::clock::{Clock, draw, wall};
use crate::counts::Counts;
use crate::digest::Realm;
use crate::engine::{Engine, Start};
use crate::leg::Output;
use crate::registrar::Registrar;
use crate::vital;
use crate::wire::front::{self, Datagram};
use crate::wire::socket;
use crate::wire::stack::{Stack, Taken};
use crate::wire::task::Report;
use model::binding::Binding;
use model::limits::FACT_QUEUE;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

/// What one installation's SIP needs to know.
#[derive(Clone, Debug)]
pub struct SipConfig {
    /// Where to listen.
    pub bind: SocketAddr,
    /// What phones are told: Via, Contact, From. The port 0 stands for the one that was bound.
    pub advertised: SocketAddr,
    /// The digest realm, stored once per installation.
    pub realm: String,
    /// Signs nonces; stored too.
    pub nonce_key: [u8; 32],
    /// Server and User-Agent.
    pub product: String,
}

/// SIP couldn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be listened on.
    #[error("can't listen for SIP on {0}")]
    Bind(SocketAddr, #[source] std::io::Error),
    /// The reading thread can't be made.
    #[error("can't start the thread that reads SIP")]
    Thread(#[source] std::io::Error),
    /// The SIP library refuses.
    #[error("can't set up the SIP transactions")]
    Library(#[source] crate::wire::stack::Error),
}

/// The running SIP edge.
#[derive(Clone, Debug)]
pub struct Sip {
    orders: Sender<Order>,
    local: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Debug)]
enum Order {
    Command(SipCommand),
    Drain,
    Stop,
}

/// Commands waiting for the loop, which takes them before anything else.
const ORDER_QUEUE: usize = 1024;

impl Sip {
    /// Listens and starts the loop. `bindings` are those that were kept when it last ran; what
    /// happens is told to `facts`. The handle ends after `stop`.
    pub async fn start(
        config: SipConfig,
        accounts: Arc<dyn Accounts>,
        bindings: Vec<Binding>,
        facts: Sender<SipFact>,
    ) -> Result<(Self, JoinHandle<()>), StartError> {
        let socket =
            socket::bind(config.bind).map_err(|error| StartError::Bind(config.bind, error))?;
        let local = socket.local_addr().map_err(|error| StartError::Bind(config.bind, error))?;
        let mut advertised = config.advertised;
        if advertised.port() == 0 {
            advertised.set_port(local.port());
        }
        let (reporter, reports) = channel(REPORT_QUEUE);
        let stack = Stack::new(Arc::clone(&socket), advertised, config.product, reporter)
            .await
            .map_err(StartError::Library)?;
        let realm = Realm::new(config.realm, config.nonce_key);
        let counts = Arc::<Counts>::default();
        let engine = Engine::new(Start {
            host: advertised.to_string(),
            realm: realm.clone(),
            accounts,
            registrar: Registrar::new(bindings, wall()),
            draw: Box::new(draw),
            counts: Arc::clone(&counts),
        });
        let datagrams = front::start(socket, realm, draw() as u64, Arc::clone(&counts))
            .map_err(StartError::Thread)?;
        let (orders, orders_in) = channel(ORDER_QUEUE);
        let inbox = Inbox { orders: orders_in, reports, datagrams, facts };
        let exchange = Loop { engine, stack, clock: Clock::start(), waiting: VecDeque::new() };
        let running = tokio::spawn(Box::pin(exchange.run(inbox)));
        Ok((Self { orders, local, counts }, vital::watch("the loop of SIP", running)))
    }

    /// Has a command carried out; waits while too many others do. After `stop` it does nothing.
    pub async fn command(&self, command: SipCommand) {
        self.order(Order::Command(command)).await;
    }

    /// The address that is listened on.
    pub fn local_address(&self) -> SocketAddr {
        self.local
    }

    /// What was counted so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Whether the loop runs; it does until `stop`.
    pub fn is_running(&self) -> bool {
        !self.orders.is_closed()
    }

    /// Refuses new calls from now on: 503 with Retry-After.
    pub async fn drain(&self) {
        self.order(Order::Drain).await;
    }

    /// Ends the loop and waits until it has ended. Calls that are up aren't hung up.
    pub async fn stop(&self) {
        self.order(Order::Stop).await;
        self.orders.closed().await;
    }

    async fn order(&self, order: Order) {
        // Closed after `stop` only, when there is nothing left to command.
        let _ = self.orders.send(order).await;
    }
}

/// Reports of transactions waiting for the loop; their tasks wait when it is full.
const REPORT_QUEUE: usize = 1024;

/// Turns of the same kind before the others are looked at again.
const BATCH: usize = 32;

/// Longest wait: the wall clock may be set meanwhile.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

struct Inbox {
    orders: Receiver<Order>,
    reports: Receiver<Report>,
    datagrams: Receiver<Datagram>,
    facts: Sender<SipFact>,
}

/// What the loop does next.
enum Next {
    Command(SipCommand),
    Drain,
    Report(Report),
    Datagram(Datagram),
    /// A fact was taken, or time passed.
    Turn,
    Stop,
}

impl Inbox {
    /// The most urgent of what there is, or what comes within `wait`.
    async fn next(&mut self, waiting: &mut VecDeque<SipFact>, wait: Duration) -> Next {
        let wake = tokio::time::Instant::now() + wait;
        let room = waiting.len() < FACT_QUEUE;
        tokio::select! {
            biased;
            // 1. Commands, so that the core never waits for us.
            order = self.orders.recv() => match order {
                Some(Order::Command(command)) => Next::Command(command),
                Some(Order::Drain) => Next::Drain,
                Some(Order::Stop) | None => Next::Stop,
            },
            // 2. Facts, as far as the core takes them. Nobody to take them: the end.
            permit = self.facts.reserve(), if !waiting.is_empty() => match permit {
                Ok(permit) => {
                    if let Some(fact) = waiting.pop_front() {
                        permit.send(fact);
                    }
                    Next::Turn
                }
                Err(_) => Next::Stop,
            },
            // 3. Transactions.
            Some(report) = self.reports.recv() => Next::Report(report),
            // 4. The network.
            datagram = self.datagrams.recv(), if room => datagram.map_or(Next::Stop, Next::Datagram),
            // 5. Time.
            () = tokio::time::sleep_until(wake) => Next::Turn,
        }
    }
}

struct Loop {
    engine: Engine,
    stack: Stack,
    clock: Clock,
    /// Facts that the core hasn't taken yet.
    waiting: VecDeque<SipFact>,
}

impl Loop {
    async fn run(mut self, mut inbox: Inbox) {
        let timers = tokio::spawn(self.stack.timers());
        let stop_timers = timers.abort_handle();
        vital::watch("the timers of SIP", timers);
        loop {
            self.engine.handle_timeout(self.clock.now());
            self.carry_out().await;
            let wait = self.engine.poll_timeout(self.clock.now()).unwrap_or(LONGEST_WAIT);
            match inbox.next(&mut self.waiting, wait.min(LONGEST_WAIT)).await {
                Next::Command(command) => {
                    self.engine.handle_command(command, self.clock.now());
                }
                Next::Drain => self.engine.handle_drain(),
                Next::Report(report) => self.handle_report(report),
                Next::Datagram(datagram) => self.handle_datagrams(datagram, &mut inbox).await,
                Next::Turn => {}
                Next::Stop => break,
            }
        }
        stop_timers.abort();
    }

    async fn handle_datagrams(&mut self, first: Datagram, inbox: &mut Inbox) {
        let mut next = Some(first);
        for _ in 0..BATCH {
            let Some(datagram) = next.take().or_else(|| inbox.datagrams.try_recv().ok()) else {
                return;
            };
            let taken = self.stack.take(&datagram).await;
            let now = self.clock.now();
            match taken {
                Taken::Nothing => {}
                Taken::Request(key, request) => self.engine.handle_request(key, &request, now),
                Taken::Response(response) => self.engine.handle_response(&response, now),
            }
            self.carry_out().await;
        }
    }

    fn handle_report(&mut self, report: Report) {
        let now = self.clock.now();
        match report {
            Report::Acknowledged(ack) => self.engine.handle_ack(&ack, now),
            Report::Cancelled(key) => self.engine.handle_cancel(key, now),
            Report::ServerEnded(key) => self.stack.forget_server(key),
            Report::TimedOut(response) => self.engine.handle_response(&response, now),
            Report::InviteEnded(branch) => self.stack.forget_invite(&branch),
        }
    }

    async fn carry_out(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Accept(key) => self.stack.accept(key).await,
                Output::Respond(key, reply) => self.stack.respond(key, reply).await,
                Output::Invite(outgoing) => {
                    if let Some(response) = self.stack.invite(outgoing).await {
                        self.engine.handle_response(&response, self.clock.now());
                    }
                }
                Output::Send(outgoing) => self.stack.send(outgoing).await,
                Output::Acknowledge(outgoing) => self.stack.acknowledge(outgoing).await,
                Output::Abandon(branch) => self.stack.abandon(&branch),
                Output::Fact(fact) => self.waiting.push_back(fact),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::call::PhoneRef;
    use model::id::{CustomerId, PhoneId};

    #[tokio::test]
    async fn datagrams_lie_while_too_many_facts_wait_and_commands_do_not() {
        let (facts, _full) = channel(1);
        let phone = PhoneRef {
            customer: CustomerId::from_bytes([1; 12]),
            phone: PhoneId::from_bytes([2; 12]),
        };
        facts.try_send(SipFact::PhoneReachable(phone)).unwrap();
        let (orders_in, orders) = channel(1);
        let (_reporter, reports) = channel(1);
        let (queue, datagrams) = channel(1);
        let source = "127.0.0.1:9".parse().unwrap();
        queue.try_send(Datagram { bytes: Vec::new(), source }).unwrap();
        let mut inbox = Inbox { orders, reports, datagrams, facts };
        let mut waiting = VecDeque::from(vec![SipFact::PhoneReachable(phone); FACT_QUEUE]);

        let next = inbox.next(&mut waiting, Duration::ZERO).await;
        assert!(matches!(next, Next::Turn));
        orders_in.try_send(Order::Drain).unwrap();
        assert!(matches!(inbox.next(&mut waiting, Duration::ZERO).await, Next::Drain));
        waiting.pop_front();
        assert!(matches!(inbox.next(&mut waiting, Duration::ZERO).await, Next::Datagram(_)));
    }
}
