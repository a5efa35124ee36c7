//! The ceiling for a read: lokal itself, with one more route beside its own, `/ceiling/extension/{id}`, which answers
//! the bytes of a file from memory to whoever asks. Options are those of lokal; the file is named by
//! `CEILING_BODY`.

use axum::Router;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use std::process::ExitCode;

fn main() -> ExitCode {
    let file = std::env::var_os("CEILING_BODY").unwrap_or_default();
    let body = match std::fs::read(&file) {
        Ok(body) => Bytes::from(body),
        Err(error) => {
            eprintln!("CEILING_BODY: {}: {error}", file.display());
            return ExitCode::FAILURE;
        }
    };
    let answer = move || async move {
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ETAG, HeaderValue::from_static("\"1\""));
        (headers, body).into_response()
    };
    // The state turns the handler into what the API's are at this point: a route that is ready to run.
    lokal::main(Router::new().route("/ceiling/extension/{id}", get(answer)).with_state(()))
}
