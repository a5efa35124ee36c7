//! `/metrics` in the text format of Prometheus, on an address of its own. What the parts count is read
//! when it is asked for; only HTTP requests are counted here, as they are answered.
//!
//! `prometheus-client` is the Prometheus project's own and prints any number that it is given; the
//! `metrics` facade would have each crate look up a global recorder.

mod parts;
mod process;
mod requests;
mod scrape;

pub use parts::Parts;
pub use requests::{Requests, RequestsLayer};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// The router of the metrics' own address.
pub fn router(parts: Parts, requests: &Requests) -> Router {
    let mut registry = Registry::default();
    requests.register(&mut registry);
    registry.register_collector(Box::new(parts));
    registry.register_collector(Box::new(process::Process));
    Router::new().route("/metrics", get(print)).with_state(Arc::new(registry))
}

async fn print(State(registry): State<Arc<Registry>>) -> Response {
    let mut text = String::new();
    match prometheus_text::encode(&mut text, &registry) {
        Ok(()) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
