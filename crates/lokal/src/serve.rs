//! Serving: the parts in the order in which they start, and in which they stop.

use crate::demo;
use crate::options::Options;
use admin::Admin;
use anyhow::{Context, bail};
use media::{Media, MediaConfig};
use model::limits::FACT_QUEUE;
use model::phone::SipAccount;
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

/// Serves until SIGTERM or SIGINT.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    // Before anything is promised: a signal during the start must not be missed.
    let stop_signal = stop_signal()?;
    let running = Running::start(options).await?;
    println!("lokal is ready: HTTP {}, SIP {} UDP", running.http, running.sip.local_address());
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

/// Everything that runs.
struct Running {
    http: SocketAddr,
    http_stopping: watch::Sender<bool>,
    http_ended: JoinHandle<std::io::Result<()>>,
    switch: Switch,
    sip: Sip,
    sip_ended: JoinHandle<()>,
    media: Media,
    store: Store,
    departures: JoinHandle<()>,
}

impl Running {
    async fn start(options: &Options) -> anyhow::Result<Self> {
        let store = Store::open(&options.data).await?;
        let listener = TcpListener::bind(options.http)
            .await
            .with_context(|| format!("can't listen on {} for HTTP", options.http))?;
        let http = listener.local_addr()?;
        let media = start_media(options)?;
        let (sip, sip_ended, facts) = start_sip(options, &store).await?;
        // Last of what can fail, so that a port in use doesn't leave a demo that nobody has the keys to.
        let addresses =
            demo::Addresses { http: reachable(http), sip: reachable(sip.local_address()) };
        demo::prepare(&options.data, &store, !options.no_demo, addresses).await?;
        let shards = std::thread::available_parallelism().map_or(1, usize::from);
        let edges = Edges { sip: sip.clone(), media: media.clone(), store: store.clone() };
        let switch = Switch::start(edges, facts, shards);
        let admin = Admin::new(store.clone(), Arc::new(switch.clone()));
        let (http_stopping, stop) = watch::channel(false);
        let departures = tokio::spawn(admin.clone().follow_departures());
        let http_ended = tokio::spawn(serve_http(listener, admin, stop));
        Ok(Self {
            http,
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

    /// Calls first, since the API tells about them; the store last, since everybody writes to it.
    async fn stop(self) -> anyhow::Result<()> {
        self.switch.drain(DRAIN).await;
        self.http_stopping.send_replace(true);
        match tokio::time::timeout(HTTP_CLOSE, self.http_ended).await {
            Ok(ended) => ended??,
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

fn start_media(options: &Options) -> anyhow::Result<Media> {
    let range = &options.rtp;
    let config = MediaConfig { address: range.address, ports: range.ports.clone(), threads: None };
    Media::start(config).with_context(|| format!("can't relay audio on {}", range.address))
}

async fn start_sip(
    options: &Options,
    store: &Store,
) -> anyhow::Result<(Sip, JoinHandle<()>, mpsc::Receiver<SipFact>)> {
    if options.sip.ip().is_unspecified() {
        bail!(
            "--sip {}: phones are told this address, so it has to be one of this machine's",
            options.sip
        );
    }
    let (sender, facts) = mpsc::channel(FACT_QUEUE);
    let installation = store.installation();
    let config = SipConfig {
        bind: options.sip,
        advertised: options.sip,
        realm: installation.realm.clone(),
        nonce_key: *installation.nonce_key.reveal(),
        product: concat!("lokal/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let bindings = store.bindings().await?;
    let accounts = Arc::new(StoredAccounts(store.clone()));
    let (sip, ended) = Sip::start(config, accounts, bindings, sender).await?;
    Ok((sip, ended, facts))
}

/// The store as the SIP edge needs it.
struct StoredAccounts(Store);

impl Accounts for StoredAccounts {
    fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        self.0.account(username)
    }
}

async fn serve_http(
    listener: TcpListener,
    admin: Admin,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let stopped = async move {
        // An error means that the sender is gone, which is a stop as well.
        stop.wait_for(|stop| *stop).await.ok();
    };
    let service = api::router(admin).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stopped).await
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
