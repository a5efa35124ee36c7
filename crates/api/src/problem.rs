//! Errors as RFC 9457 problems, exactly as docs/API.md section 1 tabulates them. What went wrong inside
//! goes to the log, never to the client; the request id joins the two.

use admin::{AdminError, AuthError, Fault, LoginError, Reference};
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::audit::RequestId;
use serde::Serialize;
use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

/// What went wrong, before the request's id is known.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    message: Cow<'static, str>,
    detail: Cow<'static, str>,
    errors: Box<[Entry]>,
    /// When to try again, for a status that says so.
    retry_seconds: u16,
    holder: Option<Box<str>>,
    references: Box<[Reference]>,
    /// HEAD was refused where GET is not.
    is_head: bool,
    /// For the log alone.
    cause: Option<Box<str>>,
}

/// One member of the request that was the reason.
#[derive(Clone, Debug, Serialize)]
struct Entry {
    pointer: String,
    message: String,
    detail: String,
}

/// The document, in the order of docs/API.md.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    message: &'a str,
    #[serde(rename = "requestId")]
    request_id: String,
    #[serde(skip_serializing_if = "<[Entry]>::is_empty")]
    errors: &'a [Entry],
    /// Who has what was wanted, where the caller may know.
    #[serde(rename = "_id", skip_serializing_if = "Option::is_none")]
    holder: Option<&'a str>,
    /// What points at what was to go.
    #[serde(skip_serializing_if = "<[Reference]>::is_empty")]
    references: &'a [Reference],
}

impl Problem {
    fn new(
        status: StatusCode,
        message: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (message, detail) = (message.into(), detail.into());
        Self {
            status,
            message,
            detail,
            errors: Box::default(),
            retry_seconds: 1,
            holder: None,
            references: Box::default(),
            is_head: false,
            cause: None,
        }
    }

    /// 400: no valid id in the URI, an unreadable body, a malformed parameter.
    pub(crate) fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }
    /// 401: no token.
    pub(crate) fn no_token() -> Self {
        let detail = "send Authorization: Bearer TOKEN";
        Self::new(StatusCode::UNAUTHORIZED, "credentials_invalid", detail)
    }
    fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", "the token isn't valid")
    }
    fn expired() -> Self {
        let detail = "the token wasn't used for too long: log in again";
        Self::new(StatusCode::UNAUTHORIZED, "expired", detail)
    }
    fn credentials_invalid() -> Self {
        let detail = "the user name or the password is wrong";
        Self::new(StatusCode::UNAUTHORIZED, "credentials_invalid", detail)
    }
    /// 403 in place of 401, for who can't tell them apart.
    pub(crate) fn into_denied(self) -> Self {
        if self.status == StatusCode::UNAUTHORIZED { Self::access_denied(Vec::new()) } else { self }
    }
    fn too_many_requests(wait: Duration) -> Self {
        let detail = "too many logins failed: wait before the next";
        let retry_seconds = u16::try_from(wait.as_secs()).map_or(u16::MAX, |s| s.saturating_add(1));
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
        Self { retry_seconds, ..problem }
    }
    fn access_denied(members: Vec<String>) -> Self {
        let detail = "the access level doesn't allow this";
        let mut problem = Self::new(StatusCode::FORBIDDEN, "access_denied", detail);
        let faults = members.iter().map(|member| Fault::of(member, "may not be changed"));
        problem.errors = faults.map(Entry::from).collect();
        problem
    }
    /// 404.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is no such thing")
    }
    /// 405.
    pub(crate) fn method_not_allowed() -> Self {
        let detail = "this resource doesn't answer that method";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    }
    /// 405 of HEAD where GET changes something.
    pub(crate) fn head_not_allowed() -> Self {
        Self { is_head: true, ..Self::method_not_allowed() }
    }
    /// 406.
    pub(crate) fn not_acceptable() -> Self {
        let detail = "only application/json is spoken here";
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
    }
    /// 408.
    pub(crate) fn request_timeout() -> Self {
        let detail = "the body didn't arrive in time";
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", detail)
    }
    fn conflict(member: &'static str, holder: Option<String>) -> Self {
        let holder = holder.map(String::into_boxed_str);
        let detail = format!("{member} is taken, or the state doesn't allow it");
        Self { holder, ..Self::new(StatusCode::CONFLICT, member, detail) }
    }
    fn referenced(references: Vec<Reference>) -> Self {
        let detail =
            "something still points at it, or at what would go with it: references says what";
        Self { references: references.into(), ..Self::new(StatusCode::CONFLICT, "id", detail) }
    }
    fn precondition_failed() -> Self {
        let detail = "it changed since it was read";
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", detail)
    }
    /// 413.
    pub(crate) fn too_large(most: usize) -> Self {
        let detail = format!("a body has at most {most} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", detail)
    }
    /// 414.
    pub(crate) fn uri_too_long(most: usize) -> Self {
        let detail = format!("a request target has at most {most} bytes");
        Self::new(StatusCode::URI_TOO_LONG, "uri_too_long", detail)
    }
    /// 415.
    pub(crate) fn unsupported_media_type() -> Self {
        let detail = "a body has to be application/json";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }
    fn invalid(faults: Vec<Fault>) -> Self {
        let message = faults.first().map_or(String::new(), |fault| fault.member.clone());
        let detail = faults.first().map_or(String::new(), |fault| fault.detail.clone());
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, message, detail);
        problem.errors = faults.into_iter().map(Entry::from).collect();
        problem
    }
    /// 500; what happened is for the log.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        let detail = "something went wrong here; requestId finds it in the log";
        let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", detail);
        Self { cause: Some(cause.into().into_boxed_str()), ..problem }
    }
    fn unavailable(cause: &dyn Error) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again later");
        Self { cause: Some(with_sources(cause).into_boxed_str()), ..problem }
    }

    /// A fault of ours is an ERROR; the client's own are nobody's to act on here.
    pub(crate) fn log(&self, id: RequestId) {
        if self.status.is_server_error() {
            let cause = self.cause.as_deref().unwrap_or_default();
            tracing::error!(request_id = %id, status = self.status.as_u16(), cause, "request failed");
        }
    }

    /// Makes the response that carried it its document.
    pub(crate) fn print(&self, response: &mut Response, id: RequestId) {
        let document = Document {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.detail,
            message: &self.message,
            request_id: id.to_string(),
            errors: &self.errors,
            holder: self.holder.as_deref(),
            references: &self.references,
        };
        // Plain structs with string keys: serde_json has no way to fail on them.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        *response.body_mut() = Body::from(body);
        self.print_headers(response.headers_mut());
    }

    fn print_headers(&self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.is_head {
            // Of other methods that there aren't the router says which there are.
            headers.insert(ALLOW, HeaderValue::from_static("GET,POST"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let retry = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS];
        if retry.contains(&self.status) {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_seconds));
        }
    }
}

impl From<Fault> for Entry {
    fn from(Fault { pointer, member, detail }: Fault) -> Self {
        Self { pointer, message: member, detail }
    }
}

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::NotFound => Self::not_found(),
            AdminError::NoSuch(what) => Self { message: what.into(), ..Self::not_found() },
            AdminError::Denied(members) => Self::access_denied(members),
            AdminError::Invalid(faults) => Self::invalid(faults),
            AdminError::Parameter(fault) => Self::bad_request(fault.detail),
            AdminError::Conflict { member, by } => Self::conflict(member, by),
            AdminError::Referenced(references) => Self::referenced(references),
            AdminError::Precondition => Self::precondition_failed(),
            AdminError::Corrupt(cause) => Self::internal(with_sources(&cause)),
            AdminError::Unavailable(cause) => Self::unavailable(&cause),
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Invalid => Self::invalid_token(),
            AuthError::Expired => Self::expired(),
            AuthError::Failed(error) => error.into(),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Credentials => Self::credentials_invalid(),
            LoginError::TooMany(wait) => Self::too_many_requests(wait),
            LoginError::Failed(error) => error.into(),
        }
    }
}

/// A response that carries its problem to the frame, which knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
