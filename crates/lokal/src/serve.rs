//! Serving: the parts in the order in which they start, and in which they stop.

use crate::config::Config;
use crate::demo;
use crate::health::{self, Health};
use crate::http::{self, Connections};
use crate::metrics::{self, Parts, Requests, RequestsLayer};
use admin::Admin;
use anyhow::Context;
use axum::Router;
use media::{Media, MediaConfig};
use model::limits::{FACT_QUEUE, HTTP_CONNECTIONS};
use model::phone::SipAccount;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sip::boundary::{Accounts, SipFact};
use sip::{Sip, SipConfig};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use switch::{Edges, Switch};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How long live calls may go on after SIGTERM.
const DRAIN: Duration = Duration::from_secs(30);
/// How long HTTP requests may go on after that.
const HTTP_CLOSE: Duration = Duration::from_secs(5);

/// Connections to /metrics: there are one or two who ask, and they close.
const METRICS_CONNECTIONS: usize = 16;

/// Serves until SIGTERM or SIGINT, `more` beside the API.
pub async fn run(config: &Config, more: Router) -> anyhow::Result<()> {
    // Before anything is promised: a signal during the start must not be missed.
    let stop_signal = stop_signal()?;
    raise_file_limit();
    let running = Running::start(config, more).await?;
    let metrics = running.metrics.map_or(String::new(), |address| format!(", metrics {address}"));
    let (http, sip) = (running.http, running.sip.local_address());
    println!("lokal is ready: HTTP {http}, SIP {sip} UDP{metrics}");
    stop_signal.await;
    tracing::info!("stopping: no new calls, live ones have {} s", DRAIN.as_secs());
    running.stop().await
}

/// Completes at SIGTERM or SIGINT, whenever it comes after this was called.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Sockets count as files, and the usual soft limit of 1024 is meant for programs that have few.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit on open files can't be raised");
    }
}

/// Everything that runs.
struct Running {
    http: SocketAddr,
    metrics: Option<SocketAddr>,
    draining: watch::Sender<bool>,
    http_stopping: watch::Sender<bool>,
    http_ended: JoinHandle<()>,
    switch: Switch,
    sip: Sip,
    sip_ended: JoinHandle<()>,
    media: Media,
    store: Store,
    departures: JoinHandle<()>,
}

impl Running {
    async fn start(config: &Config, more: Router) -> anyhow::Result<Self> {
        let store = Store::open(&config.data, &config.database).await?;
        let (listener, http) = listen(config.http, "HTTP").await?;
        let metrics = match config.metrics {
            Some(address) => Some(listen(address, "metrics").await?),
            None => None,
        };
        let media = start_media(config)?;
        let (sip, sip_ended, facts) = start_sip(config, &store).await?;
        // Last of what can fail, so that a port in use doesn't leave a demo that nobody has the keys to.
        let addresses =
            demo::Addresses { http: reachable(http), sip: reachable(sip.local_address()) };
        demo::prepare(&config.data, &store, !config.no_demo, addresses).await?;
        let shards = std::thread::available_parallelism().map_or(1, usize::from);
        let edges = Edges { sip: sip.clone(), media: media.clone(), store: store.clone() };
        let switch = Switch::start(edges, facts, shards);
        let (draining, drains) = watch::channel(false);
        let (http_stopping, stop) = watch::channel(false);
        let admin = Admin::new(store.clone(), Arc::new(switch.clone()));
        let departures = tokio::spawn(admin.clone().follow_departures());
        let parts = Parts {
            switch: switch.clone(),
            sip: sip.clone(),
            media: media.clone(),
            store: store.clone(),
            connections: Connections::new(HTTP_CONNECTIONS),
        };
        let metrics_address = metrics.as_ref().map(|(_, address)| *address);
        let metrics = metrics.map(|(listener, _)| listener);
        let http_ended = serve_http((listener, metrics), (parts, admin, more), drains, stop);
        Ok(Self {
            http,
            metrics: metrics_address,
            draining,
            http_stopping,
            http_ended,
            switch,
            sip,
            sip_ended,
            media,
            store,
            departures,
        })
    }

    /// First everybody is told to go elsewhere. Then calls, since the API tells about them; the store
    /// last, since everybody writes to it.
    async fn stop(self) -> anyhow::Result<()> {
        self.draining.send_replace(true);
        self.switch.drain(DRAIN).await;
        self.http_stopping.send_replace(true);
        match tokio::time::timeout(HTTP_CLOSE, self.http_ended).await {
            Ok(ended) => ended?,
            Err(_) => tracing::warn!("HTTP clients that wouldn't finish were cut off"),
        }
        self.departures.abort();
        self.sip.stop().await;
        self.sip_ended.await?;
        self.media.stop();
        self.store.close().await;
        Ok(())
    }
}

async fn listen(address: SocketAddr, what: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen on {address} for {what}"))?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// Serves the API with readiness on the first listener, and the metrics on the second if there is one.
/// What is given back ends with the API.
fn serve_http(
    (api, metrics): (TcpListener, Option<TcpListener>),
    (parts, admin, more): (Parts, Admin, Router),
    draining: watch::Receiver<bool>,
    stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    let Parts { sip, media, store, connections, .. } = parts.clone();
    let health = Health { store, sip, media, draining };
    let requests = Requests::new();
    let router = api::framed(api::routes(admin).merge(more)).merge(health::router(health));
    let router = router.layer(RequestsLayer(requests.clone()));
    if let Some(listener) = metrics {
        let router = metrics::router(parts, &requests);
        let most = Connections::new(METRICS_CONNECTIONS);
        tokio::spawn(http::serve(listener, router, most, stop.clone()));
    }
    tokio::spawn(http::serve(api, router, connections, stop))
}

fn start_media(config: &Config) -> anyhow::Result<Media> {
    let range = &config.rtp;
    let media = MediaConfig { address: range.address, ports: range.ports.clone(), threads: None };
    Media::start(media).with_context(|| format!("can't relay audio on {}", range.address))
}

async fn start_sip(
    config: &Config,
    store: &Store,
) -> anyhow::Result<(Sip, JoinHandle<()>, mpsc::Receiver<SipFact>)> {
    let (sender, facts) = mpsc::channel(FACT_QUEUE);
    let installation = store.installation();
    let edge = SipConfig {
        bind: config.sip,
        advertised: config.sip,
        realm: installation.realm.clone(),
        nonce_key: *installation.nonce_key.reveal(),
        product: concat!("lokal/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let bindings = store.bindings().await?;
    let accounts = Arc::new(StoredAccounts(store.clone()));
    let (sip, ended) = Sip::start(edge, accounts, bindings, sender).await?;
    Ok((sip, ended, facts))
}

/// The store as the SIP edge needs it.
struct StoredAccounts(Store);

impl Accounts for StoredAccounts {
    fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        self.0.account(username)
    }
}

/// The address that a client on this machine can use for `bound`.
pub fn reachable(bound: SocketAddr) -> SocketAddr {
    match bound {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => ([127, 0, 0, 1], v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
            (std::net::Ipv6Addr::LOCALHOST, v6.port()).into()
        }
        other => other,
    }
}
