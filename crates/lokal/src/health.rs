//! `/readyz`: whether this process can do its work, and if not, which part can't. `/healthz`, which says
//! that it lives, is the API's. A part that dies ends the process (`sip::vital`), so that what is seen
//! here is a store that doesn't answer, and the way to the end.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use media::Media;
use serde_json::json;
use sip::Sip;
use std::time::Duration;
use store::Store;
use tokio::sync::watch;

/// How long the store may take to answer a read of one row. It gives up waiting for a connection then.
const STORE_TIME: Duration = Duration::from_secs(2);

/// What has to work.
#[derive(Clone)]
pub struct Health {
    /// Has to answer.
    pub store: Store,
    /// Has to run.
    pub sip: Sip,
    /// Has to run.
    pub media: Media,
    /// True from SIGTERM on.
    pub draining: watch::Receiver<bool>,
}

/// The route, which needs no token.
pub fn router(health: Health) -> Router {
    Router::new().route("/readyz", get(answer)).with_state(health)
}

async fn answer(State(health): State<Health>) -> Response {
    let not_ready = health.not_ready().await;
    let ready = not_ready.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "notReady": not_ready }))).into_response()
}

impl Health {
    /// The parts that can't do their work.
    async fn not_ready(&self) -> Vec<&'static str> {
        let store = tokio::time::timeout(STORE_TIME, self.store.ready()).await;
        let parts = [
            ("draining", !*self.draining.borrow()),
            ("store", store.is_ok_and(|answered| answered.is_ok())),
            ("sip", self.sip.is_running()),
            ("media", self.media.is_running()),
        ];
        parts.into_iter().filter(|(_, works)| !works).map(|(part, _)| part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use media::MediaConfig;
    use model::phone::SipAccount;
    use sip::SipConfig;
    use sip::boundary::Accounts;
    use std::net::IpAddr;
    use std::sync::Arc;
    use tokio::sync::mpsc;

    struct Nobody;

    impl Accounts for Nobody {
        fn account(&self, _username: &str) -> Option<Arc<SipAccount>> {
            None
        }
    }

    #[tokio::test]
    async fn each_part_that_does_not_work_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &store::Database::Folder).await.unwrap();
        let [_, _, high, low] = std::process::id().to_be_bytes();
        let address = IpAddr::from([127, 104, high, low]);
        let (facts, _taken) = mpsc::channel(1);
        let config = SipConfig {
            bind: (address, 0).into(),
            advertised: (address, 0).into(),
            realm: "lokal".to_owned(),
            nonce_key: [0; 32],
            product: "lokal".to_owned(),
        };
        let (sip, _ended) = Sip::start(config, Arc::new(Nobody), Vec::new(), facts).await.unwrap();
        let media = MediaConfig { address, ports: 20_000..=20_003, threads: Some(1) };
        let media = Media::start(media).unwrap();
        let (drain, draining) = watch::channel(false);
        let health = Health { store, sip, media, draining };
        assert_eq!(answer(State(health.clone())).await.status(), StatusCode::OK);
        drain.send_replace(true);
        assert_eq!(health.not_ready().await, ["draining"]);
        health.sip.stop().await;
        health.media.clone().stop();
        assert_eq!(health.not_ready().await, ["draining", "sip", "media"]);
        health.store.close().await;
        assert_eq!(health.not_ready().await, ["draining", "store", "sip", "media"]);
        assert_eq!(answer(State(health)).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
