//! Answers: JSON that is there already, with its ETag; JSON made now; warnings.

use crate::problem::Problem;
use crate::request::{IfNoneMatch, tags};
use admin::{Created, Seen, Warning};
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const LOKAL_WARNING: HeaderName = HeaderName::from_static("lokal-warning");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What was read; 304 without it for who has it already.
pub(crate) fn read(seen: Seen, has: &IfNoneMatch) -> Response {
    let etag = format!("\"{}\"", seen.etag);
    let not_modified = has.0.as_deref().is_some_and(|has| {
        // Weak comparison (RFC 9110 §13.1.2).
        has.trim() == "*" || tags(has).any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == etag)
    });
    let body = if not_modified { Body::empty() } else { Body::from(seen.body) };
    let mut response = Response::new(body);
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    if not_modified {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(CONTENT_TYPE, JSON);
    }
    response
}

/// What was written, with what is probably not meant.
pub(crate) fn written(seen: Seen, warnings: &[Warning]) -> Response {
    warned(seen, warnings.iter().map(ToString::to_string))
}

fn warned(seen: Seen, warnings: impl IntoIterator<Item = String>) -> Response {
    let mut response = read(seen, &IfNoneMatch(None));
    for value in warnings.into_iter().filter_map(|warning| HeaderValue::try_from(warning).ok()) {
        response.headers_mut().append(LOKAL_WARNING, value);
    }
    response
}

/// What is told this once and is nobody's to keep on the way.
pub(crate) fn secret(seen: Seen) -> Response {
    unkept(written(seen, &[]))
}

/// An answer for nobody to keep: it holds a token, or did something.
pub(crate) fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}

/// What was made in the collection at `path`: 201 with its place.
pub(crate) fn created(path: &str, created: Created) -> Response {
    let place = format!("{path}/{}", created.id);
    let mut response = warned(created.seen, created.warnings);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(place) = HeaderValue::try_from(place) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// It is done, and there is nothing to show.
pub(crate) fn success() -> Response {
    json(&serde_json::json!({ "success": true }))
}

/// What a GET that changes something came to: for nobody to keep.
pub(crate) fn of_action(done: Result<Response, impl Into<Problem>>) -> Response {
    unkept(done.unwrap_or_else(|error| error.into().into_response()))
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    axum::Json(value).into_response()
}
