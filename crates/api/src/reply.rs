//! Answers: JSON that is there already, with its ETag; JSON made now; warnings.

use crate::request::{IfNoneMatch, tags};
use admin::resource::Created;
use admin::{Seen, Warning};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const LOKAL_WARNING: HeaderName = HeaderName::from_static("lokal-warning");
/// Nobody keeps this answer: it holds a token, or did something.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
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
    let mut response = read(seen, &IfNoneMatch(None));
    for Warning { member, code } in warnings {
        if let Ok(value) = HeaderValue::try_from(format!("{member}; {code}")) {
            response.headers_mut().append(LOKAL_WARNING, value);
        }
    }
    response
}

/// What was made in the collection at `path`: 201 with its place.
pub(crate) fn created(path: &str, created: Created) -> Response {
    let place = format!("{path}/{}", created.id);
    let mut response = written(created.written.seen, &created.written.warnings);
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

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    axum::Json(value).into_response()
}
