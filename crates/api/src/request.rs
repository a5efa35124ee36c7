//! What handlers take from a request: the id in the path, conditions, the body. Each says so in the
//! OpenAPI document. Who asks is in `caller`.

use crate::problem::Problem;
use crate::query;
use crate::schema::{self, answers};
use admin::resource::Resource;
use admin::{Body, IfMatch, ListQuery, OnceKey};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use http_body_util::LengthLimitError;
use model::limits;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::error::Error;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// What conditions on a version look like (RFC 9110 §8.8.3): `*`, or a list of entity tags.
const TAGS: &str = r#"^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$"#;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The id in the path.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::bad_request("the id in the path has to be 24 hex digits")),
        }
    }
}

/// An id in the path, and after it something that names one of its things.
pub(crate) struct IdAnd<T>(pub(crate) T, pub(crate) String);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for IdAnd<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<(T, String)>::from_request_parts(parts, state).await {
            Ok(Path((id, name))) => Ok(Self(id, name)),
            Err(_) => Err(Problem::bad_request("the id in the path has to be 24 hex digits")),
        }
    }
}

impl<T> OperationInput for IdAnd<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::path_id(context, operation);
        let about = "The token's id, or the token.";
        schema::parameters::path_text(context, operation, "token", (".", about));
    }
}

/// A boolean parameter.
pub(crate) struct Flag<N>(pub(crate) bool, PhantomData<N>);

/// What a boolean parameter is called.
pub(crate) trait FlagName {
    /// Its name.
    const NAME: &'static str;
    /// What it does.
    const ABOUT: &'static str;
}

impl<N: FlagName, S: Sync> FromRequestParts<S> for Flag<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(query::flag(&parts.uri, N::NAME)?, PhantomData))
    }
}

impl<N: FlagName> OperationInput for Flag<N> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::flag(context, operation, N::NAME, N::ABOUT);
    }
}

impl<T> OperationInput for Id<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::path_id(context, operation);
    }
}

/// An id among the query parameters.
pub(crate) fn id_parameter<T: FromStr>(parts: &Parts, name: &str) -> Result<T, Problem> {
    let id = query::lookup(&parts.uri, name).and_then(|text| text.parse().ok());
    id.ok_or_else(|| Problem::bad_request(format!("{name} has to be 24 hex digits")))
}

/// Where the request was sent: what is made there has its place below.
pub(crate) struct Collection(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Collection {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(parts.uri.path().trim_end_matches('/').to_owned()))
    }
}

impl OperationInput for Collection {}

/// `Idempotency-Key`: a name for this very request, so that sending it again does nothing more.
pub(crate) struct Once(Option<String>);

impl Once {
    /// The key of a request to make `body` at `path`.
    pub(crate) fn key(self, path: &str, body: &Body) -> Option<OnceKey> {
        self.0.map(|key| OnceKey::new(key, path, body))
    }
}

impl<S: Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut keys = parts.headers.get_all(&IDEMPOTENCY_KEY).iter();
        let Some(key) = keys.next() else { return Ok(Self(None)) };
        let fits = (1..=limits::KEY_CHARACTERS).contains(&key.len())
            && key.as_bytes().iter().all(u8::is_ascii_graphic)
            && keys.next().is_none();
        match key.to_str() {
            Ok(key) if fits => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::bad_request("Idempotency-Key has to be 1 to 255 visible characters")),
        }
    }
}

impl OperationInput for Once {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "Sent again with the same key, the request answers as it did at first, for 24 \
                     hours, and makes nothing more. 422 if it isn't the same request.";
        let pattern = format!("^[!-~]{{1,{}}}$", limits::KEY_CHARACTERS);
        schema::parameters::header(context, operation, "Idempotency-Key", (Some(&pattern), about));
        answers::add(operation, &[400, 422]);
    }
}

/// The parameters of a list.
pub(crate) struct ListOf<R> {
    pub(crate) query: ListQuery,
    of: PhantomData<R>,
}

impl<R: Resource, S: Sync> FromRequestParts<S> for ListOf<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self { query: query::list(&parts.uri)?, of: PhantomData })
    }
}

impl<R: Resource> OperationInput for ListOf<R> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::list(context, operation, R::LIMITS, R::SORTS);
        ExpandGoto::<R>::operation_input(context, operation);
        if R::HAS_AVAILABLE {
            let about = "Only those without an extension.";
            schema::parameters::flag(context, operation, "available", about);
        }
    }
}

/// `expandGoto`, of resources that have gotos.
pub(crate) struct ExpandGoto<R> {
    pub(crate) expand: bool,
    of: PhantomData<R>,
}

impl<R: Resource, S: Sync> FromRequestParts<S> for ExpandGoto<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let expand = R::has_gotos() && query::flag(&parts.uri, "expandGoto")?;
        Ok(Self { expand, of: PhantomData })
    }
}

impl<R: Resource> OperationInput for ExpandGoto<R> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        if R::has_gotos() {
            let about = "Gotos as `{_id, type, number, name}` instead of ids.";
            schema::parameters::flag(context, operation, "expandGoto", about);
        }
    }
}

/// `If-None-Match`: what a reader has already.
pub(crate) struct IfNoneMatch(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(lines(&parts.headers, &IF_NONE_MATCH)))
    }
}

impl OperationInput for IfNoneMatch {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "ETags that the client has; 304 if one is current.";
        schema::parameters::header(context, operation, "If-None-Match", (None, about));
        answers::add(operation, &[304]);
    }
}

/// `If-Match`: what a writer believes to change.
pub(crate) struct Unchanged(pub(crate) IfMatch);

impl<S: Sync> FromRequestParts<S> for Unchanged {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(text) = lines(&parts.headers, &IF_MATCH) else {
            return Ok(Self(IfMatch::Unsaid));
        };
        if text.trim() == "*" {
            return Ok(Self(IfMatch::Any));
        }
        // A weak tag never matches strongly (RFC 9110 §8.8.3.2).
        let strong = tags(&text).filter_map(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
        Ok(Self(IfMatch::OneOf(strong.map(str::to_owned).collect())))
    }
}

impl OperationInput for Unchanged {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "ETag of what the client read; 412 if it changed since.";
        schema::parameters::header(context, operation, "If-Match", (Some(TAGS), about));
        answers::add(operation, &[412]);
    }
}

/// A list that may be spread over several lines, as one (RFC 9110 §5.3).
fn lines(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
    let first = lines.next()?.to_owned();
    Some(lines.fold(first, |all, line| all + "," + line))
}

/// The entity tags of a list; ours have no commas in them.
pub(crate) fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
}

/// A JSON object; `T` describes it in the OpenAPI document.
pub(crate) struct JsonBody<T> {
    pub(crate) body: Body,
    describes: PhantomData<T>,
}

impl<T, S: Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported_media_type());
        }
        let whole = to_bytes(request.into_body(), limits::HTTP_BODY_BYTES);
        let bytes = tokio::time::timeout(BODY_TIME, whole)
            .await
            .map_err(|_| Problem::request_timeout())?
            .map_err(|error| unread(&error))?;
        match serde_json::from_slice(&bytes) {
            Ok(body) if depth(&body) > limits::HTTP_BODY_DEPTH => {
                let most = limits::HTTP_BODY_DEPTH;
                Err(Problem::bad_request(format!(
                    "the body is nested more than {most} levels deep"
                )))
            }
            Ok(Value::Object(body)) => Ok(Self { body, describes: PhantomData }),
            Ok(_) => Err(Problem::bad_request("the body has to be a JSON object")),
            Err(error) => Err(Problem::bad_request(format!("the body isn't JSON: {error}"))),
        }
    }
}

impl<T: JsonSchema> OperationInput for JsonBody<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        axum::Json::<T>::operation_input(context, operation);
        // Of values that can't be taken the use case tells; there is no body without any.
        answers::add(operation, &[400, 408, 413, 415, 422]);
    }
}

/// How many objects and arrays are inside each other; parsing has its own, higher limit.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn unread(error: &axum::Error) -> Problem {
    match error.source() {
        Some(source) if source.is::<LengthLimitError>() => {
            Problem::too_large(limits::HTTP_BODY_BYTES)
        }
        _ => Problem::bad_request("the body didn't arrive whole"),
    }
}

/// A body without a type counts as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}
