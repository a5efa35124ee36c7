//! What every request gets, in one layer: an id, a refusal if the URI is too long or the
//! client can't read JSON, an answer even if the handler panics, problems printed, one line in the log.
//!
//! The query never reaches the log: it can hold a token.

use crate::problem::Problem;
use crate::request_id;
use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderName, Method};
use axum::response::{IntoResponse, Response};
use model::audit::RequestId;
use model::limits::HTTP_URI_BYTES;
use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tower::{Layer, Service};
use tracing::{Instrument as _, Level};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts the frame around a router.
#[derive(Clone, Copy)]
pub(crate) struct FrameLayer;

/// A handler in its frame.
#[derive(Clone)]
pub(crate) struct Frame<S>(S);

impl<S> Layer<S> for FrameLayer {
    type Service = Frame<S>;

    fn layer(&self, inner: S) -> Frame<S> {
        Frame(inner)
    }
}

impl<S> Service<Request> for Frame<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let id = request_id::next();
        request.extensions_mut().insert(id);
        let logged = tracing::enabled!(Level::DEBUG)
            .then(|| (request.method().clone(), without_token(request.uri().path()).to_owned()));
        let refused = refusal(&request);
        let answer = self.0.call(request);
        let span = tracing::info_span!("request", request_id = %id);
        let answering = async move {
            let response = match refused {
                None => or_problem(answer).await,
                Some(problem) => problem.into_response(),
            };
            Ok(finish(response, id, logged))
        };
        Box::pin(answering.instrument(span))
    }
}

/// The handler's answer; a panic is an internal error of this request alone.
async fn or_problem(answer: impl Future<Output = Result<Response, Infallible>>) -> Response {
    let mut answer = pin!(answer);
    let polled = poll_fn(|context| {
        // What a panic leaves behind is this future, which isn't polled again.
        match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(response))) => Poll::Ready(response),
            Err(_) => Poll::Ready(Problem::internal("the handler panicked").into_response()),
        }
    });
    polled.await
}

/// Why a request isn't looked at any further.
fn refusal(request: &Request) -> Option<Problem> {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().unwrap_or_default().len();
    if length > HTTP_URI_BYTES {
        return Some(Problem::uri_too_long(HTTP_URI_BYTES));
    }
    (!reads_json(request.headers())).then(Problem::not_acceptable)
}

fn finish(mut response: Response, id: RequestId, logged: Option<(Method, String)>) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        problem.log(id);
        problem.print(&mut response, id);
    }
    if let Some(header) = request_id::header(id) {
        response.headers_mut().insert(X_REQUEST_ID, header);
    }
    if let Some((method, path)) = logged {
        let status = response.status().as_u16();
        tracing::debug!(request_id = %id, %method, path, status, "answered");
    }
    response
}

/// The path as far as the log may have it: a machine token can be revoked by naming it.
fn without_token(path: &str) -> &str {
    match path.find("/token/") {
        Some(at) => path.split_at(at + "/token".len()).0,
        None => path,
    }
}

/// Whether `Accept` (RFC 9110 §12.5.1) leaves room for JSON; none does.
fn reads_json(headers: &HeaderMap) -> bool {
    let mut accept = headers.get_all(ACCEPT).iter().peekable();
    let none = accept.peek().is_none();
    none || accept.any(|value| {
        let ranges = value.to_str().unwrap_or("*/*").split(',');
        ranges.into_iter().any(range_takes_json)
    })
}

fn range_takes_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let json = matches!(
        kind.as_str(),
        "*/*" | "application/*" | "application/json" | "application/problem+json"
    );
    let refused = parts
        .any(|part| part.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty()));
    json && !refused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_the_path_is_not_logged() {
        assert_eq!(without_token("/employee/1/token/secret"), "/employee/1/token");
        assert_eq!(without_token("/employee/1"), "/employee/1");
    }

    #[test]
    fn accept_leaves_room_for_json_or_not() {
        for (accept, readable) in [
            ("*/*", true),
            ("application/json", true),
            ("text/html, application/*;q=0.1", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/json;q=1.0", true),
            ("application/json;q=0", false),
            ("*/*; q=0.000", false),
            ("text/html", false),
            ("text/html;q=1", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            assert_eq!(reads_json(&headers), readable, "{accept}");
        }
        assert!(reads_json(&HeaderMap::new()));
    }
}
